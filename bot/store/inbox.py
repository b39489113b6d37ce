"""What was heard: stored before the network is told so, handled once."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Executable, bindparam, func, select, update

from bot.store.engine import Tx, insert_for
from bot.store.tables import inbox

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql, sqlite


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One stored update that waits to be handled."""

    id: int
    channel: str
    raw: dict[str, Any]
    tries: int
    received_at: datetime


# Built once: building a statement costs as much as running it.
_NEW = {"state": "new", "tries": 0, "reason": "", "chat_id": ""}
_WAITING = (
    select(inbox.c.id, inbox.c.channel, inbox.c.raw, inbox.c.tries, inbox.c.received_at)
    .where(inbox.c.state == "new", inbox.c.id > bindparam("after"))
    .order_by(inbox.c.id)
    .limit(bindparam("limit"))
)
_DONE = (
    update(inbox)
    .where(inbox.c.id == bindparam("heard_id"), inbox.c.state == "new")
    .values(state="done", chat_id=bindparam("heard_in"))
)


@cache
def _put_all(dialect: str) -> "sqlite.Insert | postgresql.Insert":
    return insert_for(dialect, "inbox").on_conflict_do_nothing(index_elements=["channel", "external_id"])


@cache
def _put(dialect: str) -> Executable:
    return _put_all(dialect).returning(inbox.c.id)


def put(tx: Tx, *, channel: str, external_id: str, raw: dict[str, Any], now: datetime) -> bool:
    """Store an update; return whether it was new. The same one again changes nothing."""
    row = {"channel": channel, "external_id": external_id, "raw": raw, "received_at": now, **_NEW}
    return tx.execute(_put(tx.dialect.name), row).first() is not None


def put_all(tx: Tx, updates: Sequence[tuple[str, dict[str, Any]]], *, channel: str, now: datetime) -> None:
    """Store updates, each with the channel's id for it, in this order; those that are there already change nothing."""
    rows = [
        {"channel": channel, "external_id": external_id, "raw": raw, "received_at": now, **_NEW}
        for external_id, raw in updates
    ]
    if rows:
        tx.execute(_put_all(tx.dialect.name), rows)


def waiting(tx: Tx, *, after: int, limit: int) -> tuple[Heard, ...]:
    """Return updates that wait, in the order they came, with ids above `after`."""
    rows = tx.execute(_WAITING, {"after": after, "limit": limit})
    return tuple(
        Heard(id=row.id, channel=row.channel, raw=row.raw, tries=row.tries, received_at=row.received_at) for row in rows
    )


def done(tx: Tx, heard_id: int, *, chat_id: str = "") -> bool:
    """Record, in the transaction of what it led to, that an update was handled; False if it already was."""
    return tx.execute(_DONE, {"heard_id": heard_id, "heard_in": chat_id}).rowcount > 0


def failed_once(tx: Tx, heard_id: int, *, reason: str) -> None:
    """Count a try that failed; the update stays in line."""
    tx.execute(update(inbox).where(inbox.c.id == heard_id).values(tries=inbox.c.tries + 1, reason=reason))


def quarantine(tx: Tx, heard_id: int, *, reason: str) -> None:
    """Take an update that cannot be handled out of the line, kept whole for looking at."""
    tx.execute(update(inbox).where(inbox.c.id == heard_id).values(state="quarantined", reason=reason))


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """Return how many updates there are by channel and state."""
    rows = tx.execute(select(inbox.c.channel, inbox.c.state, func.count()).group_by(inbox.c.channel, inbox.c.state))
    return {(channel, state): number for channel, state, number in rows}
