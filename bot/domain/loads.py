"""Days on which an edit leaves a unit with many dues at once."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from datetime import date

from bot.domain.calendar import local_day
from bot.domain.effects import LOAD_LEAST, Load
from bot.domain.owed import Owing


def loads_of(
    owing: Owing, more: Mapping[date, Collection[str]], *, people_of: Callable[[str], Iterable[int]]
) -> list[Load]:
    """Return the heavy days of the units that `more` dues came to by day, the heaviest first.

    `people_of` names the focal points of a unit: one of several units has the dues of them all.
    """
    if not more:
        return []
    found = []
    for day, counts in _counted(owing, more).items():
        heavy = [unit for unit in more[day] if counts[unit] >= LOAD_LEAST]
        if heavy:
            theirs = _by_person(counts, people_of)
            found += [_load(day, unit, counts[unit], theirs, people_of) for unit in heavy]
    return sorted(found, key=lambda load: (-load.count, load.day, load.unit))


def _load(
    day: date, unit: str, count: int, theirs: Mapping[int, int], people_of: Callable[[str], Iterable[int]]
) -> Load:
    most = max((theirs[person] for person in people_of(unit)), default=0)
    return Load(day=day, unit=unit, count=count, one_person=most)


def _counted(owing: Owing, days: Collection[date]) -> dict[date, Counter[str]]:
    counted: dict[date, Counter[str]] = {day: Counter() for day in days}
    last = max(days)
    for task_id in owing.plan.tasks:
        owed = owing.of(task_id, until=last)
        for due_at in owed.dues.values():
            day = local_day(due_at)
            if day in counted:
                counted[day].update(owed.units)
        for (unit, _), due_at in owed.others.items():
            day = local_day(due_at)
            if day in counted:
                counted[day][unit] += 1
    return counted


def _by_person(counts: Mapping[str, int], people_of: Callable[[str], Iterable[int]]) -> Counter[int]:
    """Return how many dues of a day each focal point has, of all the units that are theirs."""
    theirs: Counter[int] = Counter()
    for unit, count in counts.items():
        for person in people_of(unit):
            theirs[person] += count
    return theirs
