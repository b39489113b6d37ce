"""What a task is owed by whom by when, as one value: units that owe alike stand together, so that two plans compare quickly."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.domain.calendar import Calendar
from bot.domain.occurrences import occurrences_of
from bot.domain.plan import Plan, Task

Key = tuple[str, str]
"""Unit and period: an occurrence's name within its task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Owed:
    """A task's occurrences: each of `units` owes each of `dues` (due by period), and `others` are owed besides."""

    units: tuple[str, ...] = ()
    dues: Mapping[str, datetime] = field(default_factory=dict)
    others: Mapping[Key, datetime] = field(default_factory=dict)

    def is_like(self, other: "Owed") -> bool:
        """Return whether both are the same occurrences, in whatever order the units are named."""
        if self.dues != other.dues or self.others != other.others:
            return False
        return not self.dues or self.units == other.units or set(self.units) == set(other.units)

    def pairs(self) -> Iterator[tuple[Key, datetime]]:
        """Yield every occurrence with its due."""
        for period, due_at in self.dues.items():
            for unit in self.units:
                yield (unit, period), due_at
        yield from self.others.items()


class Owing:
    """A plan on its calendar, asked task by task what is owed; `event_days` are the days relative dues count from."""

    def __init__(self, plan: Plan, calendar: Calendar, event_days: Mapping[str, date]) -> None:
        self.plan, self.calendar = plan, calendar
        self._event_days = event_days
        self._singular = frozenset(singular_units(plan))

    def of(self, task_id: str, *, until: date | None = None) -> Owed:
        """Return what is owed of a task up to a local day, or the plan's end; nothing of one the plan does not have."""
        task = self.plan.tasks.get(task_id)
        if task is None:
            return Owed()
        alike, one_by_one = self._sorted(task)
        dues: dict[str, datetime] = {}
        others: dict[Key, datetime] = {}
        asked = replace(task, units=alike[:1] + one_by_one)  # those alike owe what the first of them owes
        ends = self.plan.ends if until is None else until
        event_on = self._event_days.get(task_id)
        for each in occurrences_of(self.plan, asked, until=ends, calendar=self.calendar, event_on=event_on):
            if alike and each.unit == alike[0]:
                dues[each.period] = each.due_at
            else:
                others[each.unit, each.period] = each.due_at
        return Owed(units=alike, dues=dues, others=others)

    def _sorted(self, task: Task) -> tuple[tuple[str, ...], tuple[str, ...]]:
        if self._singular.isdisjoint(task.units):
            return task.units, ()
        alike = tuple(unit for unit in task.units if unit not in self._singular)
        return alike, tuple(unit for unit in task.units if unit in self._singular)


def singular_units(plan: Plan) -> Iterator[str]:
    """Yield the units whose occurrences are not those of any other: that begin, end, or carry on for another."""
    for unit in plan.units.values():
        if unit.valid_from is not None or unit.valid_to is not None:
            yield unit.id
        if unit.merged_into is not None:
            yield unit.merged_into
