"""What the auditor looks at: counts of what should not be there, the index of next steps row by row, a write for trying."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, delete, func, insert, select, update

from bot.store.engine import Tx
from bot.store.tables import due_change, inbox, ledger, mark, occurrence, outbox, revision

_PROBE = "probe"
_ROOM = "x" * 40_000  # ten pages: what any of our rows may need, indexes and all


@dataclass(frozen=True, slots=True, kw_only=True)
class Stepped:
    """A live occurrence as far as its steps go. `settled_at` is when its due was last moved, if ever."""

    id: int
    task: str
    unit: str
    due_at: datetime
    known_at: datetime
    handled_until: datetime | None
    next_step_at: datetime | None
    settled_at: datetime | None


def overdue_steps(tx: Tx, *, before: datetime) -> int:
    """Return how many occurrences have had a step due since before a moment."""
    return _count(tx, select(func.count()).select_from(occurrence).where(occurrence.c.next_step_at <= before))


def late_claims(tx: Tx, *, before: datetime) -> int:
    """Return how many messages are claimed by somebody whose time for them was over before a moment."""
    return _count(
        tx,
        select(func.count()).select_from(outbox).where(outbox.c.state == "claimed", outbox.c.claimed_until < before),
    )


def waiting_updates(tx: Tx, *, channels: Collection[str], before: datetime) -> int:
    """Return how many updates of these channels, heard before a moment, wait unhandled."""
    waits = (inbox.c.state == "new", inbox.c.received_at < before, inbox.c.channel.in_(list(channels)))
    return _count(tx, select(func.count()).select_from(inbox).where(*waits))


def quarantined(tx: Tx, *, since: datetime) -> int:
    """Return how many of the updates heard since a moment were put aside."""
    aside = (inbox.c.state == "quarantined", inbox.c.received_at >= since)
    return _count(tx, select(func.count()).select_from(inbox).where(*aside))


def oldest_waiting(tx: Tx, *, now: datetime) -> datetime | None:
    """Return since when the oldest message waits that might have gone by now, None where none does."""
    waits = (outbox.c.state == "waiting", outbox.c.not_before <= now)
    return tx.execute(select(func.min(outbox.c.not_before)).where(*waits)).scalar()


def applied_at(tx: Tx) -> datetime | None:
    """Return since when the catalogue counts that was applied last."""
    return tx.execute(select(revision.c.applied_at).order_by(revision.c.id.desc()).limit(1)).scalar()


def stepped(tx: Tx, *, after: int, limit: int) -> tuple[Stepped, ...]:
    """Return live occurrences with ids above `after`, by id."""
    columns = [occurrence.c[name] for name in ("id", "task", "unit", "due_at", "known_at", "handled_until")]
    rows = tx.execute(
        select(*columns, occurrence.c.next_step_at)
        .where(occurrence.c.id > after, occurrence.c.ended_at.is_(None))
        .order_by(occurrence.c.id)
        .limit(limit)
    ).all()
    if not rows:
        return ()
    here = due_change.c.occurrence_id.between(rows[0].id, rows[-1].id)
    moves = select(due_change.c.occurrence_id, func.max(due_change.c.at)).where(here)
    moved = {int(number): at for number, at in tx.execute(moves.group_by(due_change.c.occurrence_id))}
    return tuple(Stepped(**row._mapping, settled_at=moved.get(row.id)) for row in rows)


def recorded(tx: Tx, *, first: int, last: int, since: datetime) -> frozenset[tuple[int, str, datetime]]:
    """Return (occurrence, step, due) of every fate that the ledger holds of steps planned since a moment, for these ids."""
    chosen = select(ledger.c.occurrence_id, ledger.c.step, ledger.c.due_at).where(
        ledger.c.occurrence_id.between(first, last), ledger.c.planned_at >= since
    )
    return frozenset((number, step, due_at) for number, step, due_at in tx.execute(chosen))


def mend(tx: Tx, wrong: Iterable[tuple[Stepped, datetime | None]]) -> int:
    """Give each occurrence the next step it should have, unless it has changed meanwhile; return how many were mended."""
    mended = 0
    for each, next_at in wrong:
        unchanged = (
            occurrence.c.id == each.id,
            occurrence.c.ended_at.is_(None),
            occurrence.c.due_at == each.due_at,
            occurrence.c.handled_until.is_not_distinct_from(each.handled_until),
            occurrence.c.next_step_at.is_not_distinct_from(each.next_step_at),
        )
        mended += tx.execute(update(occurrence).where(*unchanged).values(next_step_at=next_at)).rowcount
    return mended


def probe(tx: Tx) -> None:
    """Write something and take it away again, so that a database that cannot be written to, or has no room, says so.

    The room is asked for and given back unwritten; the commit after it is a small one.
    """
    tx.execute(delete(mark).where(mark.c.name == _PROBE))
    room = tx.begin_nested()
    tx.execute(insert(mark).values(name=_PROBE, word=_ROOM))
    room.rollback()
    tx.execute(insert(mark).values(name=_PROBE, word=""))
    tx.execute(delete(mark).where(mark.c.name == _PROBE))


def _count(tx: Tx, statement: Select[int]) -> int:
    return tx.execute(statement).scalar_one()
