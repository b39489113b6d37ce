"""Occurrences: kept in step with the plan, found by what is due, one at a time for the conversation."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import JSON, Executable, Row, Select, String, bindparam, func, insert, select, true, update

from bot.domain.occurrences import Occurrence
from bot.domain.standing import Status, Verdict, Word
from bot.store.engine import Tx, insert_for
from bot.store.tables import decision, due_change, occurrence, report

CHUNK = 5000  # ids in one IN list; SQLite takes 32,766


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """An occurrence as stored, with the latest word on it."""

    id: int
    task: str
    unit: str
    period: str
    due_at: datetime
    original_due_at: datetime
    known_at: datetime
    handled_until: datetime | None
    ended_at: datetime | None
    report_id: int | None
    word: Word | None


@dataclass(frozen=True, slots=True, kw_only=True)
class New:
    """An occurrence to be added, with the moment of its first step."""

    occurrence: Occurrence
    next_step_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """What is known of a stored occurrence's due: as it stands, and as the plan last gave it."""

    id: int
    due_at: datetime
    plan_due_at: datetime
    known_at: datetime
    handled_until: datetime | None
    is_archived: bool


BY_PLAN = "plan"
BY_EXTENSION = "extension"


def dues(tx: Tx, task: str) -> dict[tuple[str, str], Due]:
    """Return the dues of a task's occurrences, archived ones included, by unit and period."""
    rows = tx.execute(
        select(
            occurrence.c.id,
            occurrence.c.unit,
            occurrence.c.period,
            occurrence.c.due_at,
            occurrence.c.plan_due_at,
            occurrence.c.known_at,
            occurrence.c.handled_until,
            occurrence.c.ended_at,
        ).where(occurrence.c.task == task)
    )
    return {
        (row.unit, row.period): Due(
            id=row.id,
            due_at=row.due_at,
            plan_due_at=row.plan_due_at,
            known_at=row.known_at,
            handled_until=row.handled_until,
            is_archived=row.ended_at is not None,
        )
        for row in rows
    }


def add(tx: Tx, new: Iterable[New], *, now: datetime) -> int:
    """Store occurrences that are not there yet, known from `now`; return how many were offered."""
    alike: dict[tuple[str, str, datetime, datetime | None], list[str]] = defaultdict(list)
    for each in new:
        key = (each.occurrence.task, each.occurrence.period, each.occurrence.due_at, each.next_step_at)
        alike[key].append(each.occurrence.unit)
    rows = [
        {"task_": task, "period_": period, "due_": due_at, "next_": next_at, "known_": now, "units_": units}
        for (task, period, due_at, next_at), units in alike.items()
    ]
    if rows:
        tx.execute(_add(tx.dialect.name), rows)
    return sum(map(len, alike.values()))


@cache
def _add(dialect: str) -> Executable:
    """Return an INSERT of what differs by its unit alone: a task's units share their dues, and a moment costs as a row does."""
    listed = func.json_array_elements_text if dialect == "postgresql" else func.json_each
    units = listed(bindparam("units_", type_=JSON)).table_valued("value")
    moment = occurrence.c.due_at.type
    given = {
        "task": bindparam("task_", type_=String),
        "unit": units.c.value,
        "period": bindparam("period_", type_=String),
        "original_due_at": bindparam("due_", type_=moment),
        "plan_due_at": bindparam("due_", type_=moment),
        "due_at": bindparam("due_", type_=moment),
        "known_at": bindparam("known_", type_=moment),
        "next_step_at": bindparam("next_", type_=moment),
    }
    # Without a WHERE SQLite takes the ON of ON CONFLICT for that of a join.
    source = select(*given.values()).select_from(units).where(true())
    statement = insert_for(dialect, "occurrence").from_select([*given], source, include_defaults=False)
    return statement.on_conflict_do_nothing(index_elements=["task", "unit", "period"])


def archive(tx: Tx, ids: Sequence[int], *, now: datetime) -> None:
    """End occurrences that the plan no longer has; their reports stay."""
    for chunk in _chunks(ids):
        tx.execute(update(occurrence).where(occurrence.c.id.in_(chunk)).values(ended_at=now, next_step_at=None))


def archive_other_tasks(tx: Tx, tasks: Sequence[str], *, now: datetime) -> int:
    """End the occurrences of every task but these; return how many that were."""
    stored = tx.execute(select(occurrence.c.task).where(occurrence.c.ended_at.is_(None)).distinct()).scalars().all()
    gone = [task for task in stored if task not in set(tasks)]
    if not gone:
        return 0
    these = update(occurrence).where(occurrence.c.task.in_(gone), occurrence.c.ended_at.is_(None))
    return tx.execute(these.values(ended_at=now, next_step_at=None)).rowcount


def move_due(
    tx: Tx,
    occurrence_id: int,
    *,
    due_at: datetime,
    next_step_at: datetime | None,
    now: datetime,
    cause: str,
    handled_until: datetime | None = None,
) -> None:
    """Move a due by a plan edit or an approved extension; the original stays, and the move is remembered.

    Steps of the new due up to `handled_until` are taken as done with. An archived occurrence comes back.
    """
    values: dict[str, Any] = {
        "due_at": due_at,
        "handled_until": handled_until,
        "next_step_at": next_step_at,
        "ended_at": None,
    }
    if cause == BY_PLAN:
        values["plan_due_at"] = due_at
    tx.execute(update(occurrence).where(occurrence.c.id == occurrence_id).values(**values))
    tx.execute(insert(due_change).values(occurrence_id=occurrence_id, at=now, due_at=due_at, cause=cause))


def revive(tx: Tx, occurrence_id: int, *, next_step_at: datetime | None) -> None:
    """Bring an archived occurrence back with the due it had, extensions included."""
    values = {"ended_at": None, "next_step_at": next_step_at}
    tx.execute(update(occurrence).where(occurrence.c.id == occurrence_id).values(**values))


def due_for_a_step(tx: Tx, *, now: datetime, limit: int) -> tuple[Kept, ...]:
    """Return occurrences with a step due by `now`, unit by unit so that a person's bundle is whole."""
    # Not the bare column: SQLite would walk all of the index on unit for the order's sake (0.05 s a tick at 100,000 stored).
    by_unit = occurrence.c.unit.concat("")
    statement = kept().where(occurrence.c.next_step_at <= now).order_by(by_unit, occurrence.c.id).limit(limit)
    return tuple(map(read_kept, tx.execute(statement)))


def advance(tx: Tx, moved: Iterable[tuple[int, datetime | None]], *, handled_until: datetime) -> None:
    """Record that every step up to `handled_until` has its fate, and when each occurrence's next step comes."""
    by_next: dict[datetime | None, list[int]] = {}
    for occurrence_id, next_at in moved:
        by_next.setdefault(next_at, []).append(occurrence_id)
    for next_at, ids in by_next.items():  # few distinct moments, so a handful of statements
        for chunk in _chunks(ids):
            tx.execute(
                update(occurrence)
                .where(occurrence.c.id.in_(chunk))
                .values(handled_until=handled_until, next_step_at=next_at)
            )


def put_off(tx: Tx, ids: Sequence[int], *, until: datetime) -> None:
    """Let the tick look at these again at `until`; nothing of theirs is handled yet."""
    for chunk in _chunks(ids):
        tx.execute(update(occurrence).where(occurrence.c.id.in_(chunk)).values(next_step_at=until))


def get(tx: Tx, occurrence_id: int, *, lock: bool = False) -> Kept | None:
    """Return one occurrence; `lock` keeps others from changing it until the transaction ends."""
    row = tx.execute(_one(lock=lock), {"occurrence_id": occurrence_id}).first()
    return None if row is None else read_kept(row)


@cache
def _one(*, lock: bool) -> Select[Any]:
    statement = kept(live=False).where(occurrence.c.id == bindparam("occurrence_id"))
    return statement.with_for_update(of=occurrence) if lock else statement


def of_units(tx: Tx, units: Sequence[str], *, due_until: datetime | None = None) -> tuple[Kept, ...]:
    """Return the live occurrences of these units by due moment, up to `due_until` where given."""
    statement = kept().where(occurrence.c.unit.in_(units))
    if due_until is not None:
        statement = statement.where(occurrence.c.due_at <= due_until)
    return tuple(map(read_kept, tx.execute(statement.order_by(occurrence.c.due_at, occurrence.c.id))))


def of_task(tx: Tx, task: str, units: Sequence[str]) -> tuple[Kept, ...]:
    """Return the live occurrences of a task in these units by due moment; the task id in any case of letters."""
    statement = kept().where(func.lower(occurrence.c.task) == task.lower(), occurrence.c.unit.in_(units))
    return tuple(map(read_kept, tx.execute(statement.order_by(occurrence.c.due_at, occurrence.c.id))))


def awaiting_decision(tx: Tx, *, after: int = 0) -> tuple[Kept, ...]:
    """Return the live occurrences whose latest report has no decision yet and may need one, oldest report first.

    Only reports past `after`, which makes a look at the newest cost what is new, and not what exists.
    """
    asking = [Status.DONE, Status.EXTENSION, Status.NOT_OURS]
    newest = report.alias()
    told = select(newest.c.occurrence_id).where(newest.c.id > after, newest.c.status.in_(asking))
    awaited = (occurrence.c.id.in_(told), report.c.id > after, report.c.status.in_(asking), decision.c.id.is_(None))
    return tuple(map(read_kept, tx.execute(kept().where(*awaited).order_by(report.c.id))))


def next_moment(tx: Tx, *, after: datetime | None = None) -> datetime | None:
    """Return when the next step of any occurrence comes due, after `after` where it is given."""
    statement = select(func.min(occurrence.c.next_step_at))
    if after is not None:
        statement = statement.where(occurrence.c.next_step_at > after)
    return tx.execute(statement).scalar()


def kept(*, live: bool = True) -> Select[Any]:
    """Return the SELECT of occurrences with their latest word, for `read_kept`."""
    statement = (
        select(
            occurrence.c.id,
            occurrence.c.task,
            occurrence.c.unit,
            occurrence.c.period,
            occurrence.c.due_at,
            occurrence.c.original_due_at,
            occurrence.c.known_at,
            occurrence.c.handled_until,
            occurrence.c.ended_at,
            report.c.id.label("report_id"),
            report.c.status,
            report.c.at,
            report.c.done_since,
            decision.c.verdict,
        )
        .select_from(occurrence)
        .join(report, report.c.id == occurrence.c.last_report_id, isouter=True)
        .join(decision, decision.c.report_id == report.c.id, isouter=True)
    )
    return statement.where(occurrence.c.ended_at.is_(None)) if live else statement


def read_kept(row: Row[Any]) -> Kept:
    """Return a row of `kept` as a value."""
    word = None
    if row.report_id is not None:
        word = Word(
            status=Status(row.status),
            at=row.at,
            done_since=row.done_since,
            verdict=Verdict(row.verdict) if row.verdict else None,
        )
    return Kept(
        id=row.id,
        task=row.task,
        unit=row.unit,
        period=row.period,
        due_at=row.due_at,
        original_due_at=row.original_due_at,
        known_at=row.known_at,
        handled_until=row.handled_until,
        ended_at=row.ended_at,
        report_id=row.report_id,
        word=word,
    )


def _chunks(ids: Sequence[int]) -> Iterable[Sequence[int]]:
    return (ids[start : start + CHUNK] for start in range(0, len(ids), CHUNK))
