"""Runs the migrations on the connection that schema.upgrade (or `make migration`) hands over."""

from typing import Any, Literal

from alembic import context
from sqlmodel import SQLModel
from sqlmodel.sql.sqltypes import AutoString, UTCDateTime

from bot.store import tables

if tables.METADATA is not SQLModel.metadata:
    raise RuntimeError("the tables must be registered before migrations compare with them")


def _plain(kind: str, item: Any, _context: object) -> str | Literal[False]:
    """Write column types so that a migration never depends on sqlmodel."""
    if kind != "type":
        return False
    if isinstance(item, UTCDateTime):
        return "sa.DateTime(timezone=True)"
    return "sa.String()" if isinstance(item, AutoString) else False


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=tables.METADATA,
    render_item=_plain,
    render_as_batch=True,  # SQLite cannot alter most things in place
)
with context.begin_transaction():
    context.run_migrations()
