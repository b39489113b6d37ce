"""Stored occurrences beside an edited plan: read by task or by what many have in common, changed many at once."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update

from bot.domain.standing import Status, Verdict
from bot.domain.steps import Fate
from bot.store.engine import Tx
from bot.store.occurrences import BY_EXTENSION, BY_PLAN, CHUNK, Kept, kept, read_kept
from bot.store.tables import decision, due_change, ledger, occurrence, report

TASKS_AT_ONCE = 200  # in one IN list


@dataclass(frozen=True, slots=True, kw_only=True)
class Planned:
    """An occurrence with what the plan last gave it, and when it is looked at next."""

    kept: Kept
    plan_due_at: datetime
    next_step_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Alike:
    """Live occurrences of a task that have every step in common, and how many they are."""

    task: str
    due_at: datetime
    known_at: datetime
    handled_until: datetime | None
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """What an occurrence becomes when the plan gives it another due; it may come back from the archive by it."""

    id: int
    plan_due_at: datetime
    due_at: datetime
    handled_until: datetime | None
    next_step_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Fates:
    """What the ledger holds of a task: when the last step with a fate was planned by occurrence and due; steps handed on."""

    settled: dict[tuple[int, datetime], datetime] = field(default_factory=dict)
    handed: dict[int, set[tuple[str, datetime]]] = field(default_factory=dict)


def of_task(tx: Tx, task: str) -> dict[tuple[str, str], Planned]:
    """Return every occurrence of a task, archived ones included, by unit and period."""
    chosen = kept(live=False).add_columns(occurrence.c.plan_due_at, occurrence.c.next_step_at)
    rows = tx.execute(chosen.where(occurrence.c.task == task))
    return {(row.unit, row.period): _planned(row) for row in rows}


def looked_at_by(tx: Tx, moment: datetime) -> list[Planned]:
    """Return the live occurrences that a tick would look at by a moment."""
    chosen = kept().add_columns(occurrence.c.plan_due_at, occurrence.c.next_step_at)
    rows = tx.execute(chosen.where(occurrence.c.next_step_at <= moment).order_by(occurrence.c.id))
    return [_planned(row) for row in rows]


def of_ids(tx: Tx, ids: Sequence[int]) -> Iterator[Kept]:
    """Yield these occurrences, archived or not."""
    for chunk in _chunks(ids):
        yield from map(read_kept, tx.execute(kept(live=False).where(occurrence.c.id.in_(chunk))))


def alike(tx: Tx, tasks: Sequence[str]) -> Iterator[Alike]:
    """Yield the live occurrences of these tasks, those together that have every step in common."""
    columns = [occurrence.c[name] for name in ("task", "due_at", "known_at", "handled_until")]
    grouped = select(*columns, func.count().label("count")).where(occurrence.c.ended_at.is_(None)).group_by(*columns)
    for start in range(0, len(tasks), TASKS_AT_ONCE):
        found = tx.execute(grouped.where(occurrence.c.task.in_(tasks[start : start + TASKS_AT_ONCE]))).all()
        for row in found:
            yield Alike(**row._mapping)


def granted(tx: Tx) -> dict[int, datetime]:
    """Return the due that was last granted to each live or archived occurrence that ever had an extension."""
    chosen = select(due_change.c.occurrence_id, due_change.c.due_at).where(due_change.c.cause == BY_EXTENSION)
    return {row[0]: row[1] for row in tx.execute(chosen.order_by(due_change.c.id))}


def fates(tx: Tx, task: str) -> Fates:
    """Return what became of the steps of a task's occurrences."""
    found = Fates()
    columns = [ledger.c[name] for name in ("occurrence_id", "step", "due_at", "planned_at", "fate")]
    chosen = select(*columns).join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
    for number, step, due_at, planned_at, fate in tx.execute(chosen.where(occurrence.c.task == task)):
        last = found.settled.get((number, due_at))
        found.settled[number, due_at] = planned_at if last is None else max(last, planned_at)
        if fate == Fate.HANDED:
            found.handed.setdefault(number, set()).add((step, due_at))
    return found


def live_count(tx: Tx) -> int:
    """Return how many occurrences are live."""
    return tx.execute(select(func.count()).select_from(occurrence).where(occurrence.c.ended_at.is_(None))).scalar_one()


def last_words(tx: Tx) -> list[tuple[str, Status, Verdict | None, int]]:
    """Return how many live occurrences of a task have which latest status and verdict; those without a report are left out."""
    columns = (occurrence.c.task, report.c.status, decision.c.verdict)
    chosen = (
        select(*columns, func.count())
        .select_from(occurrence)
        .join(report, report.c.id == occurrence.c.last_report_id)
        .join(decision, decision.c.report_id == report.c.id, isouter=True)
        .where(occurrence.c.ended_at.is_(None))
        .group_by(*columns)
    )
    return [
        (task, Status(status), Verdict(verdict) if verdict else None, count)
        for task, status, verdict, count in tx.execute(chosen)
    ]


def move(tx: Tx, moves: Iterable[tuple[Move, bool]], *, now: datetime) -> None:
    """Give occurrences the plan's new dues; True beside one whose own due is another by it: then the move is remembered.

    An archived occurrence comes back.
    """
    together: dict[tuple[Any, ...], list[int]] = defaultdict(list)
    changes = []
    for each, is_other in moves:
        together[each.plan_due_at, each.due_at, each.handled_until, each.next_step_at].append(each.id)
        if is_other:
            changes.append({"occurrence_id": each.id, "at": now, "due_at": each.due_at, "cause": BY_PLAN})
    for (plan_due_at, due_at, handled_until, next_step_at), ids in together.items():
        values = {
            "plan_due_at": plan_due_at,
            "due_at": due_at,
            "handled_until": handled_until,
            "next_step_at": next_step_at,
            "ended_at": None,
        }
        for chunk in _chunks(ids):
            tx.execute(update(occurrence).where(occurrence.c.id.in_(chunk)).values(**values))
    if changes:
        tx.execute(insert(due_change), changes)


def set_next(tx: Tx, group: Alike, *, next_step_at: datetime | None) -> None:
    """Give occurrences that are alike another moment of their next step."""
    tx.execute(update(occurrence).where(*_these(group)).values(next_step_at=next_step_at))


def ids_of(tx: Tx, group: Alike) -> Sequence[int]:
    """Return the occurrences that are alike."""
    return tx.execute(select(occurrence.c.id).where(*_these(group))).scalars().all()


def handed(tx: Tx, ids: Sequence[int], *, due_at: datetime) -> dict[int, set[str]]:
    """Return the steps of a due that were handed on, by occurrence."""
    found: dict[int, set[str]] = defaultdict(set)
    for chunk in _chunks(ids):
        here = (ledger.c.occurrence_id.in_(chunk), ledger.c.due_at == due_at, ledger.c.fate == Fate.HANDED)
        for number, step in tx.execute(select(ledger.c.occurrence_id, ledger.c.step).where(*here)):
            found[number].add(step)
    return found


def skip_to(tx: Tx, ids: Sequence[int], *, handled_until: datetime | None, next_step_at: datetime | None) -> None:
    """Take every step of these up to a moment as done with."""
    for chunk in _chunks(ids):
        values = {"handled_until": handled_until, "next_step_at": next_step_at}
        tx.execute(update(occurrence).where(occurrence.c.id.in_(chunk)).values(**values))


def _these(group: Alike) -> tuple[Any, ...]:
    return (
        occurrence.c.task == group.task,
        occurrence.c.due_at == group.due_at,
        occurrence.c.known_at == group.known_at,
        occurrence.c.handled_until.is_not_distinct_from(group.handled_until),
        occurrence.c.ended_at.is_(None),
    )


def _planned(row: Any) -> Planned:
    return Planned(kept=read_kept(row), plan_due_at=row.plan_due_at, next_step_at=row.next_step_at)


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
