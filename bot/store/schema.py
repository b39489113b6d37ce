"""The schema's version, and the way up to it. Alembic is imported only when there is something to do (0.4 s, 47 MB)."""

from importlib import resources

from sqlalchemy import Engine, inspect, text

HEAD = "0002"  # the newest file in migrations/versions; a test keeps them equal


def version(engine: Engine) -> str | None:
    """Return the database's schema version, None where there is no schema yet."""
    with engine.connect() as connection:
        if not inspect(connection).has_table("alembic_version"):
            return None
        return connection.execute(text("SELECT version_num FROM alembic_version")).scalar()


def upgrade(engine: Engine) -> bool:
    """Bring the database to HEAD in one transaction; return whether there was anything to do."""
    if version(engine) == HEAD:
        return False
    from alembic import command  # noqa: PLC0415  (lazy on purpose, see above)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(resources.files("bot.store") / "migrations"))
    with engine.execution_options(writes=True).begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
    return True
