"""What reports measured, summed by task, and when a continuous task was last spoken of; set-based."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Float, Select, and_, case, func, or_, select

from bot.domain.comparing import Heard
from bot.domain.due import Rhythm
from bot.domain.plan import Plan, ResultKind, Task, code_order
from bot.domain.standing import Status, Verdict
from bot.domain.tallies import ResultSum
from bot.store.engine import Tx
from bot.store.tables import decision, occurrence, report

_MEASURED = (ResultKind.PERCENT, ResultKind.RATIO, ResultKind.COUNT)
_WHOLE = 100.0  # per cent


def results(tx: Tx, plan: Plan, *, as_of: datetime) -> tuple[ResultSum, ...]:
    """Return the sums of what done reports of the measured tasks said by `as_of`, in the order of the codes."""
    measured = {id: task for id, task in plan.tasks.items() if task.result.kind in _MEASURED}
    found = {row.task: row for row in tx.execute(_sums(measured, as_of))} if measured else {}
    return tuple(_result(measured[id], found[id]) for id in sorted(found, key=code_order))


def heard(tx: Tx, plan: Plan, *, as_of: datetime) -> Iterator[Heard]:
    """Yield every unit's last word on every continuous task that was known and not ended at `as_of`."""
    tasks = [id for id, task in plan.tasks.items() if isinstance(task.due, Rhythm) and task.due.continuous]
    said = and_(report.c.occurrence_id == occurrence.c.id, report.c.at <= as_of)
    statement = (
        select(
            occurrence.c.task,
            occurrence.c.unit,
            func.min(occurrence.c.known_at).label("known_at"),
            func.max(report.c.at).label("last_at"),
        )
        .join(report, said, isouter=True)
        .where(occurrence.c.task.in_(tasks), *_alive(as_of))
        .group_by(occurrence.c.task, occurrence.c.unit)
    )
    for row in tx.execute(statement) if tasks else ():
        yield Heard(**row._mapping)


def _sums(measured: dict[str, Task], as_of: datetime) -> Select[Any]:
    newest = (
        select(func.max(report.c.id))
        .where(report.c.occurrence_id == occurrence.c.id, report.c.at <= as_of)
        .correlate(occurrence)
        .scalar_subquery()
    )
    figures = report.c.figures
    nothing = figures["none"].as_boolean()
    done, total, count = (figures[name].as_integer() for name in ("done", "total", "count"))
    returned = and_(decision.c.report_id == report.c.id, decision.c.at <= as_of)
    aimed = occurrence.c.task.in_([id for id, task in measured.items() if task.result.target is not None])
    return (
        select(
            occurrence.c.task,
            func.count().label("reports"),
            _many(nothing).label("empty"),
            func.coalesce(func.sum(done), 0).label("done"),
            func.coalesce(func.sum(total), 0).label("total"),
            func.coalesce(func.sum(count), 0).label("pieces"),
            _many(aimed).label("aimed"),
            _many(and_(aimed, or_(nothing, *_met(measured)))).label("met"),
        )
        .select_from(occurrence)
        .join(report, report.c.id == newest)
        .join(decision, returned, isouter=True)
        .where(
            occurrence.c.task.in_(list(measured)),
            report.c.status == Status.DONE,
            func.coalesce(decision.c.verdict, "") != Verdict.RETURN,
            *_alive(as_of),
        )
        .group_by(occurrence.c.task)
    )


def _met(measured: dict[str, Task]) -> Iterator[ColumnElement[bool]]:
    """Yield for each task with a target the condition that a report reaches it."""
    figures = report.c.figures
    for id, task in measured.items():
        target = task.result.target
        if target is not None:
            value = {
                ResultKind.PERCENT: figures["percent"].as_float(),
                ResultKind.RATIO: figures["done"].as_integer() * _WHOLE / func.nullif(figures["total"].as_integer(), 0),
                ResultKind.COUNT: figures["count"].as_integer().cast(Float),
            }[task.result.kind]
            yield and_(occurrence.c.task == id, value >= target)


def _many(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return func.sum(case((condition, 1), else_=0))


def _alive(as_of: datetime) -> tuple[ColumnElement[bool], ...]:
    still = or_(occurrence.c.ended_at.is_(None), occurrence.c.ended_at > as_of)
    return occurrence.c.known_at <= as_of, still


def _result(task: Task, row: Any) -> ResultSum:
    asked = task.result
    pair = f"{asked.of}/{asked.over}" if asked.of and asked.over else ""
    return ResultSum(
        task=task.id,
        kind=str(asked.kind),
        label=pair or asked.label or asked.of,
        nothing=int(row.empty),
        **{name: int(getattr(row, name)) for name in ("reports", "done", "total", "aimed", "met")},
        count=int(row.pieces),
    )
