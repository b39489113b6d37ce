"""Counts occurrences that something happens to, those together that share task, period and dues."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.domain.effects import LISTED, UNITS_LISTED, Dues, Group


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """One occurrence: its due before and after, None where it was or will be none; whether it is still open."""

    unit: str
    period: str
    old: datetime | None
    new: datetime | None
    is_open: bool


@dataclass(kw_only=True)
class Tally:
    """Counts all and lists the first; a task is added whole, so that nothing but what is listed is kept."""

    count: int = 0
    open: int = 0
    groups: int = 0
    first: list[Group] = field(default_factory=list)

    def add(self, task: str, cases: Iterable[Case]) -> None:
        """Count a task's occurrences."""
        together: dict[tuple[str, datetime | None, datetime | None], list[Case]] = {}
        for case in cases:
            together.setdefault((case.period, case.old, case.new), []).append(case)
        for (period, old, new), those in together.items():
            units = [case.unit for case in those[:UNITS_LISTED]]
            self.add_group(
                task,
                period,
                units,
                count=len(those),
                are_open=sum(case.is_open for case in those),
                old=old,
                new=new,
            )

    def add_group(
        self,
        task: str,
        period: str,
        units: Sequence[str],
        *,
        count: int,
        are_open: int,
        old: datetime | None = None,
        new: datetime | None = None,
    ) -> None:
        """Count occurrences that share everything but their units, of which the first are enough."""
        self.count += count
        self.open += are_open
        self.groups += 1
        if len(self.first) < LISTED:
            first = tuple(units[:UNITS_LISTED])
            self.first.append(
                Group(task=task, period=period, units=first, count=count, open=are_open, old=old, new=new)
            )

    def dues(self) -> Dues:
        """Return what was counted."""
        return Dues(count=self.count, open=self.open, groups=self.groups, first=tuple(self.first))
