"""Plan and window in, occurrences out: who owes what by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar import Calendar, local_day
from bot.domain.due import Period, Roll, periods
from bot.domain.heirs import heir
from bot.domain.plan import Plan, Task, Unit

_ROLLED_BACK = timedelta(days=31)  # no run of days off is longer: what lies so far ahead may be due before the horizon


@dataclass(frozen=True, slots=True, kw_only=True)
class Occurrence:
    """A task of a unit in a period. The three ids are its identity for ever; `due_at` (UTC) may move under them."""

    task: str
    unit: str
    period: str
    due_at: datetime


def occurrences(plan: Plan, *, until: date, calendar: Calendar) -> Iterator[Occurrence]:
    """Yield every occurrence of the plan due up to `until` (local day, inclusive) or the plan's end, task by task."""
    for task in plan.tasks.values():
        yield from occurrences_of(plan, task, until=until, calendar=calendar)


def occurrences_of(
    plan: Plan, task: Task, *, until: date, calendar: Calendar, event_on: date | None = None
) -> Iterator[Occurrence]:
    """Yield a task's occurrences, as `occurrences` does for the whole plan. `event_on`: what a relative due counts from.

    A unit that begins after the due day owes nothing. What comes due after a unit's last day is owed by its heir, once,
    and not at all where there is none; it keeps the old unit's name where its period began in that unit's life.
    """
    reach = until + _ROLLED_BACK if plan.roll is Roll.PREVIOUS else until
    ends = min(plan.ends, reach)
    found = periods(task.due, starts=plan.starts, ends=ends, calendar=calendar, event_on=event_on, roll=plan.roll)
    for period in found:
        due_on = local_day(period.due_at)
        if due_on <= until:
            for unit in _owing(plan, task, period, due_on):
                yield Occurrence(task=task.id, unit=unit, period=period.key, due_at=period.due_at)


def _owing(plan: Plan, task: Task, period: Period, due_on: date) -> Iterator[str]:
    living = [unit for unit in task.units if _lives(plan.units[unit], due_on)]
    yield from living
    if not plan.ended:
        return
    owing = set(living)
    for unit in task.units:
        following = heir(plan, unit, due_on)
        if following is not None and following != unit and following not in owing:
            owing.add(following)
            yield unit if period.begins is None else heir(plan, unit, period.begins) or following


def _lives(unit: Unit, on: date) -> bool:
    return (unit.valid_from is None or unit.valid_from <= on) and (unit.valid_to is None or on <= unit.valid_to)
