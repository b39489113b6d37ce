"""The fates of steps with all that explains them: what was reported by then, who was told, by which role."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, func, select

from bot.domain.plan import Role
from bot.domain.standing import Status
from bot.domain.steps import Fate, Reason
from bot.store.engine import Tx
from bot.store.tables import ledger, membership, occurrence, outbox, report

CHUNK = 5000  # ids in one IN list; SQLite takes 32,766
_ALL_AT_ONCE = 1_000_000
_BY_REPORT = (Reason.REPORTED, Reason.EXTENSION_ASKED, Reason.ACKNOWLEDGED)
_STATUS = {Reason.EXTENSION_ASKED: Status.EXTENSION, Reason.ACKNOWLEDGED: Status.IN_PROGRESS}


@dataclass(frozen=True, slots=True, kw_only=True)
class Explained:
    """One line of the ledger. `at` is when it was written, `settled_at` when its message reached its end.

    `roles` are what the person told was to the unit then; `said_at` is the report that kept a step quiet; `by` the key of
    the step of the same moment that covers a superseded one.
    """

    id: int
    occurrence_id: int
    task: str
    unit: str
    period: str
    step: str
    due_at: datetime
    planned_at: datetime
    fate: str
    reason: str
    channel: str
    at: datetime
    settled_at: datetime | None
    was_told: bool
    roles: frozenset[Role]
    said_at: datetime | None
    by: str


def explained(tx: Tx, task: str, *, unit: str | None = None, last: int | None = None) -> tuple[Explained, ...]:
    """Return the ledger of a task, of one unit where given, in the order it was written; only the `last` lines of it."""
    rows = tx.execute(_lines(task, unit).order_by(ledger.c.id.desc()).limit(last or _ALL_AT_ONCE)).all()[::-1]
    people = {row.person_id for row in rows if row.person_id}
    held = _roles(tx, sorted(people))
    reports = _reports(tx, sorted({row.occurrence_id for row in rows if row.said in _BY_REPORT}))
    newer = {_moment(row): row.step for row in rows if row.ruled == Fate.HANDED}
    return tuple(_read(row, held, reports, newer) for row in rows)


def count(tx: Tx, task: str, *, unit: str | None = None) -> int:
    """Return how many lines the ledger of a task has, of one unit where given."""
    return int(tx.execute(select(func.count()).select_from(_lines(task, unit).subquery())).scalar_one())


def _lines(task: str, unit: str | None) -> Select[Any]:
    where: list[ColumnElement[bool]] = [occurrence.c.task == task]
    if unit is not None:
        where.append(occurrence.c.unit == unit)
    return (
        select(
            ledger.c.id,
            ledger.c.occurrence_id,
            occurrence.c.task,
            occurrence.c.unit,
            occurrence.c.period,
            ledger.c.step,
            ledger.c.due_at,
            ledger.c.planned_at,
            ledger.c.fate.label("ruled"),
            ledger.c.reason.label("said"),
            ledger.c.person_id,
            ledger.c.at,
            outbox.c.state,
            outbox.c.reason,
            outbox.c.channel,
            outbox.c.settled_at,
        )
        .join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
        .join(outbox, outbox.c.id == ledger.c.outbox_id, isouter=True)
        .where(*where)
    )


def _read(
    row: Row[Any],
    held: Mapping[tuple[int, str], Sequence[Row[Any]]],
    reports: Mapping[int, Sequence[Row[Any]]],
    newer: Mapping[tuple[object, ...], str],
) -> Explained:
    was_told = row.ruled == Fate.HANDED
    roles = {Role(each.role) for each in held.get((row.person_id, row.unit), ()) if _held_at(each, row.at)}
    return Explained(
        id=row.id,
        occurrence_id=row.occurrence_id,
        task=row.task,
        unit=row.unit,
        period=row.period,
        step=row.step,
        due_at=row.due_at,
        planned_at=row.planned_at,
        fate=row.state if was_told and row.state else row.ruled,
        reason=row.reason if was_told and row.state else row.said,
        channel=row.channel or "",
        at=row.at,
        settled_at=row.settled_at,
        was_told=was_told,
        roles=frozenset(roles),
        said_at=_said_at(row, reports.get(row.occurrence_id, ())),
        by="" if row.ruled != Fate.SUPERSEDED else newer.get(_moment(row), ""),
    )


def _moment(row: Row[Any]) -> tuple[object, ...]:
    """Return what a step and the newer one that covers it have in common: occurrence, whom they talk to, the tick."""
    up = next((role for role in (Role.HEAD, Role.OFFICE) if row.step.startswith(role)), Role.FOCAL)
    return row.occurrence_id, row.due_at, up, row.at


def _said_at(row: Row[Any], reports: Sequence[Row[Any]]) -> datetime | None:
    if row.said not in _BY_REPORT:
        return None
    wanted = _STATUS.get(row.said)
    found: list[datetime] = [
        each.at for each in reports if each.at <= row.at and (wanted is None or each.status == wanted)
    ]
    return max(found, default=None)


def _held_at(row: Row[Any], at: datetime) -> bool:
    return bool(row.since <= at and (row.ended_at is None or row.ended_at > at))


def _roles(tx: Tx, people: Sequence[int]) -> dict[tuple[int, str], list[Any]]:
    found: dict[tuple[int, str], list[Any]] = defaultdict(list)
    chosen = select(
        membership.c.person_id, membership.c.unit, membership.c.role, membership.c.since, membership.c.ended_at
    )
    for start in range(0, len(people), CHUNK):
        for row in tx.execute(chosen.where(membership.c.person_id.in_(people[start : start + CHUNK]))):
            found[row.person_id, row.unit].append(row)
    return found


def _reports(tx: Tx, occurrences: Sequence[int]) -> dict[int, list[Any]]:
    found: dict[int, list[Any]] = defaultdict(list)
    chosen = select(report.c.occurrence_id, report.c.status, report.c.at)
    for start in range(0, len(occurrences), CHUNK):
        these = report.c.occurrence_id.in_(occurrences[start : start + CHUNK])
        for row in tx.execute(chosen.where(these)):
            found[row.occurrence_id].append(row)
    return found
