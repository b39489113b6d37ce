"""The schema's version, and the way up to it. Alembic is imported only when there is something to do (0.4 s, 47 MB)."""

import logging
import sqlite3
from importlib import resources
from pathlib import Path

from sqlalchemy import URL, Connection, Engine, inspect, text

from bot.store import copies

log = logging.getLogger(__name__)

HEAD = "0004"  # the newest file in migrations/versions; a test keeps them equal
_TURN = 5610  # names our turnstile among PostgreSQL's advisory locks


class SchemaError(Exception):
    """The database cannot be brought to this program's schema; the text says why and what to do."""


def version(engine: Engine) -> str | None:
    """Return the database's schema version, None where there is no schema yet."""
    with engine.connect() as connection:
        return _version(connection)


def versions() -> tuple[str, ...]:
    """Return every version this program knows, the oldest first."""
    names = (each.name for each in (_scripts() / "versions").iterdir())
    return tuple(sorted(name.partition("_")[0] for name in names if name[0].isdigit()))


def upgrade(engine: Engine) -> bool:
    """Bring the database to HEAD in one transaction; return whether there was anything to do.

    Cut off anywhere, it leaves the schema it found; there is no way down. An SQLite file is copied first, see
    `copy_before`. Raises SchemaError for a database of a version that this program does not know, and where the copy
    fails.
    """
    if version(engine) == HEAD:
        return False
    with engine.execution_options(writes=True).begin() as connection:
        if connection.dialect.name == "postgresql":  # SQLite's BEGIN IMMEDIATE is such a turnstile already
            connection.execute(text("SELECT pg_advisory_xact_lock(:turn)"), {"turn": _TURN})
        found = _version(connection)
        if found == HEAD:  # another process was faster
            return False
        _refuse_unknown(found)
        if found is not None:
            _copy(engine.url)
        _migrate(connection)
    log.info("migrated from=%s to=%s", found, HEAD)
    return True


def copy_before(url: URL) -> Path | None:
    """Return where an SQLite database is copied to before it is brought to HEAD; None for other databases."""
    if url.get_backend_name() != "sqlite" or not url.database or url.database == ":memory:":
        return None
    path = Path(url.database)
    return path.with_name(f"{path.stem}-before-{HEAD}{path.suffix}")


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    found: str | None = connection.execute(text("SELECT version_num FROM alembic_version")).scalar()
    return found


def _refuse_unknown(found: str | None) -> None:
    if found is not None and found not in versions():
        raise SchemaError(
            f"Cơ sở dữ liệu ở phiên bản {found}, do một bản Nhắc Việc mới hơn tạo ra (bản này chỉ biết đến {HEAD}); "
            "hãy cài lại bản mới hơn, hoặc khôi phục bản sao lưu cũ vào một thư mục trống bằng nhacviec restore."
        )


def _copy(url: URL) -> None:
    target = copy_before(url)
    if target is None:
        return
    try:
        # Another connection of ours holds the write lock: what it reads is what the migration will find.
        copies.copy_whole(Path(url.database or ""), target)
    except (OSError, sqlite3.Error) as error:
        raise SchemaError(
            f"Chưa nâng cấp cơ sở dữ liệu: không ghi được bản sao {target} trước khi nâng cấp "
            f"({type(error).__name__}); hãy kiểm tra chỗ trống và quyền ghi."
        ) from error


def _migrate(connection: Connection) -> None:
    from alembic import command  # noqa: PLC0415  (lazy on purpose, see above)
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(_scripts()).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _scripts() -> Path:
    return Path(str(resources.files("bot.store"))) / "migrations"
