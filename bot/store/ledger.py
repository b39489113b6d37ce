"""The fate of every step that came due; only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import case, func, or_, select

from bot.domain.plan import Role
from bot.domain.steps import Fate, Reason
from bot.store.engine import Tx, insert_new
from bot.store.tables import ledger, occurrence, outbox

NOBODY = 0  # `person_id` of a fate that concerns no one person
CHUNK = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One fate to be written down."""

    occurrence_id: int
    step: str
    due_at: datetime
    planned_at: datetime
    fate: Fate
    reason: Reason | None = None
    person_id: int = NOBODY
    outbox_id: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One fate as it stands: for a step that was handed on, `fate` is what became of its message."""

    task: str
    unit: str
    period: str
    step: str
    due_at: datetime
    planned_at: datetime
    fate: str
    reason: str
    person_id: int
    channel: str
    at: datetime


def add(tx: Tx, entries: Sequence[Entry], *, now: datetime) -> None:
    """Write fates down; one that stands already is left as it is."""
    if not entries:
        return
    statement = insert_new(tx, "ledger").on_conflict_do_nothing(
        index_elements=["occurrence_id", "step", "due_at", "person_id"]
    )
    tx.execute(
        statement,
        [
            {
                "occurrence_id": entry.occurrence_id,
                "step": entry.step,
                "due_at": entry.due_at,
                "planned_at": entry.planned_at,
                "fate": entry.fate,
                "reason": entry.reason or "",
                "person_id": entry.person_id,
                "outbox_id": entry.outbox_id,
                "at": now,
            }
            for entry in entries
        ],
    )


def lines(tx: Tx, *, task: str | None = None, unit: str | None = None) -> tuple[Line, ...]:
    """Return the ledger in the order it was written, of one task or unit where given."""
    handed = ledger.c.fate == Fate.HANDED
    statement = (
        select(
            occurrence.c.task,
            occurrence.c.unit,
            occurrence.c.period,
            ledger.c.step,
            ledger.c.due_at,
            ledger.c.planned_at,
            case((handed, outbox.c.state), else_=ledger.c.fate).label("fate"),
            case((handed, outbox.c.reason), else_=ledger.c.reason).label("reason"),
            ledger.c.person_id,
            func.coalesce(outbox.c.channel, "").label("channel"),
            func.coalesce(outbox.c.settled_at, ledger.c.at).label("at"),
        )
        .join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
        .join(outbox, outbox.c.id == ledger.c.outbox_id, isouter=True)
        .order_by(ledger.c.id)
    )
    if task is not None:
        statement = statement.where(func.lower(occurrence.c.task) == task.lower())
    if unit is not None:
        statement = statement.where(occurrence.c.unit == unit)
    return tuple(Line(**row._mapping) for row in tx.execute(statement))


def told(tx: Tx, occurrence_ids: Sequence[int]) -> frozenset[int]:
    """Return those of the occurrences about whose due of now somebody asked was proven sent a message.

    What went up the line proves nothing: it is not the unit that was told.
    """
    upward = or_(*(ledger.c.step.startswith(role) for role in (Role.HEAD, Role.OFFICE)))
    found: set[int] = set()
    for start in range(0, len(occurrence_ids), CHUNK):
        chunk = occurrence_ids[start : start + CHUNK]
        found |= set(
            tx.execute(
                select(ledger.c.occurrence_id)
                .join(outbox, outbox.c.id == ledger.c.outbox_id)
                .join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
                .where(ledger.c.occurrence_id.in_(chunk), outbox.c.state == "sent", ~upward)
                .where(ledger.c.due_at == occurrence.c.due_at)
                .distinct()
            ).scalars()
        )
    return frozenset(found)
