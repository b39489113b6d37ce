"""Units against tasks: one mark a pair, the worst class its occurrences fall into."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.plan import Plan, code_order
from bot.domain.situations import Counted, judge
from bot.domain.standing import Standing


class Mark(StrEnum):
    """What a pair of unit and task shows; the first that applies, from worst to best."""

    OVERDUE = "overdue"
    WAITING = "waiting"
    LATE = "late"
    ON_TIME = "on_time"
    APART = "apart"  # past due, but counted in no rate: not asked, paused, waiting for an extension
    OPEN = "open"  # nothing has come due


@dataclass(frozen=True, slots=True, kw_only=True)
class Spot:
    """A pair's mark, and how many of its occurrences have that mark."""

    mark: Mark
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Grid:
    """Units worst first, tasks by code, the spot of each pair that has an occurrence; ids in `spots`, names beside."""

    units: tuple[str, ...]
    tasks: tuple[str, ...]
    spots: Mapping[tuple[str, str], Spot]
    names: Mapping[str, str]

    def marked(self, mark: Mark, *, unit: str = "", task: str = "") -> int:
        """Return how many occurrences have a mark, of one unit, of one task, or of all."""
        return sum(
            spot.count
            for (of, what), spot in self.spots.items()
            if spot.mark is mark and unit in ("", of) and task in ("", what)
        )


def grid_of(counted: Iterable[Counted], *, plan: Plan, as_of: datetime) -> Grid:
    """Return the grid of occurrences as they stood at `as_of`; what is released or no longer in the plan is in none."""
    found: dict[tuple[str, str], Counter[Mark]] = {}
    for each in counted:
        if each.task in plan.tasks and each.standing is not Standing.RELEASED:
            among = judge(each.what, as_of).among
            found.setdefault((each.unit, each.task), Counter())[Mark(among or Mark.OPEN)] += 1
    spots = {pair: _worst(marks) for pair, marks in found.items()}
    overdue: Counter[str] = Counter()
    for (unit, _), marks in found.items():
        overdue[unit] += marks[Mark.OVERDUE]
    names = {unit: plan.unit_name(unit) for unit in overdue}
    return Grid(
        units=tuple(sorted(overdue, key=lambda unit: (-overdue[unit], names[unit], unit))),
        tasks=tuple(sorted({task for _, task in found}, key=code_order)),
        spots=spots,
        names=names,
    )


def _worst(marks: Counter[Mark]) -> Spot:
    worst = next(mark for mark in Mark if marks[mark])
    return Spot(mark=worst, count=marks[worst])
