"""What was heard: stored before the network is told so, handled once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select, update

from bot.store.engine import Tx, insert_new
from bot.store.tables import inbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One stored update that waits to be handled."""

    id: int
    channel: str
    raw: dict[str, Any]
    tries: int
    received_at: datetime


def put(tx: Tx, *, channel: str, external_id: str, raw: dict[str, Any], now: datetime) -> bool:
    """Store an update; return whether it was new. The same one again changes nothing."""
    statement = insert_new(tx, "inbox").values(
        channel=channel, external_id=external_id, raw=raw, received_at=now, state="new", tries=0, reason="", chat_id=""
    )
    done = tx.execute(statement.on_conflict_do_nothing(index_elements=["channel", "external_id"]).returning(inbox.c.id))
    return done.first() is not None


def waiting(tx: Tx, *, after: int, limit: int) -> tuple[Heard, ...]:
    """Return updates that wait, in the order they came, with ids above `after`."""
    rows = tx.execute(
        select(inbox.c.id, inbox.c.channel, inbox.c.raw, inbox.c.tries, inbox.c.received_at)
        .where(inbox.c.state == "new", inbox.c.id > after)
        .order_by(inbox.c.id)
        .limit(limit)
    )
    return tuple(
        Heard(id=row.id, channel=row.channel, raw=row.raw, tries=row.tries, received_at=row.received_at) for row in rows
    )


def done(tx: Tx, heard_id: int, *, chat_id: str = "") -> bool:
    """Record, in the transaction of what it led to, that an update was handled; False if it already was."""
    statement = update(inbox).where(inbox.c.id == heard_id, inbox.c.state == "new")
    return tx.execute(statement.values(state="done", chat_id=chat_id)).rowcount > 0


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
