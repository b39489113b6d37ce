"""Plan and window in, occurrences out: who owes what by when."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import Calendar, local_day
from bot.domain.due import periods
from bot.domain.plan import Plan, Task


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

    A unit that ended before the due day, or begins after it, owes nothing.
    """
    ends = min(plan.ends, until)
    for period in periods(task.due, starts=plan.starts, ends=ends, calendar=calendar, event_on=event_on):
        due_on = local_day(period.due_at)
        for unit in task.units:
            owes = plan.units[unit]
            if (owes.valid_from or date.min) <= due_on <= (owes.valid_to or date.max):
                yield Occurrence(task=task.id, unit=unit, period=period.key, due_at=period.due_at)
