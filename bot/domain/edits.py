"""Two plans on their calendars compared as values: which tasks an edit can touch, before anything is looked up."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from bot.domain.calendar import Calendar
from bot.domain.effects import Rule
from bot.domain.plan import Plan, Policy, Task, Unit


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """What differs. Task ids in the new plan's order, then those it lost.

    `owing`: the dues or units may be others. `chased`: the steps, or whether they are taken, may be others; `paced` are
    those of them whose own policy or pause is another. `asked`: what is asked for, or who accepts it, is another. A task
    is in as many as hold for it.
    """

    gained: tuple[str, ...]
    lost: tuple[str, ...]
    owing: tuple[str, ...]
    chased: tuple[str, ...]
    paced: tuple[str, ...]
    asked: tuple[str, ...]
    rules: tuple[Rule, ...]

    @property
    def is_wording(self) -> bool:
        """Whether only words, places and shapes differ: nobody owes, hears or answers anything else."""
        return not (self.owing or self.chased or self.asked or self.rules)


def edit_of(old: Plan, old_calendar: Calendar, new: Plan, new_calendar: Calendar) -> Edit:
    """Return what differs between a plan on its calendar and another."""
    lost = tuple(each for each in old.tasks if each not in new.tasks)
    gained = tuple(each for each in new.tasks if each not in old.tasks)
    rules = tuple(_rules(old, old_calendar, new, new_calendar))
    both = [(old.tasks[each.id], each) for each in new.tasks.values() if each.id in old.tasks]
    is_new_span = Rule.SPAN in rules or Rule.DAYS in rules
    lives = _other_lives(old, new)
    owing = [
        after.id
        for before, after in both
        if is_new_span or not _owes_the_same(before, after) or not lives.isdisjoint(after.units)
    ]
    paced = [
        after.id for before, after in both if before.pause != after.pause or _rhythm(old, before) != _rhythm(new, after)
    ]
    is_new_rhythm = Rule.DAYS in rules or Rule.HOURS in rules
    asked = [after.id for before, after in both if (before.review, before.result) != (after.review, after.result)]
    return Edit(
        gained=gained,
        lost=lost,
        owing=(*_in_order(new, {*gained, *owing}), *lost),
        chased=tuple(after.id for _, after in both) if is_new_rhythm else tuple(paced),
        paced=tuple(paced),
        asked=tuple(asked),
        rules=rules,
    )


def _rules(old: Plan, old_calendar: Calendar, new: Plan, new_calendar: Calendar) -> Iterator[Rule]:
    if (old.starts, old.ends) != (new.starts, new.ends):
        yield Rule.SPAN
    if old.office != new.office:
        yield Rule.OFFICE
    if _days(old_calendar, old, new) != _days(new_calendar, old, new) or old.roll != new.roll:
        yield Rule.DAYS
    if old_calendar.hours != new_calendar.hours:
        yield Rule.HOURS
    if _other_lives(old, new):
        yield Rule.UNITS


def _days(calendar: Calendar, old: Plan, new: Plan) -> tuple[object, ...]:
    """Return the days of a calendar that both plans run on: a calendar holds the years of its plan and one more."""
    years = range(max(old.starts, new.starts).year, min(old.ends, new.ends).year + 2)
    days_off, working_days = (
        {day for day in days if day.year in years} for days in (calendar.days_off, calendar.working_days)
    )
    return days_off, working_days, {day: hours for day, hours in calendar.half_days.items() if day.year in years}


def _other_lives(old: Plan, new: Plan) -> frozenset[str]:
    """Return the units that live from or to another day, or are carried on by another, and those that carry on."""
    found: set[str] = set()
    for unit_id in {*_singular(old), *_singular(new)}:
        before, after = _life(old.units.get(unit_id)), _life(new.units.get(unit_id))
        if before != after:
            found |= {unit_id, *(each for each in (before[2], after[2]) if each is not None)}
    return frozenset(found)


def _singular(plan: Plan) -> Iterator[str]:
    return (unit.id for unit in plan.units.values() if _life(unit) != _life(None))


def _life(unit: Unit | None) -> tuple[object, object, str | None]:
    return (None, None, None) if unit is None else (unit.valid_from, unit.valid_to, unit.merged_into)


def _owes_the_same(before: Task, after: Task) -> bool:
    if before.due != after.due:
        return False
    return before.units == after.units or set(before.units) == set(after.units)


def _rhythm(plan: Plan, task: Task) -> Policy:
    return replace(plan.policy_of(task), id="")  # what a rhythm is called is wording


def _in_order(plan: Plan, ids: set[str]) -> Iterator[str]:
    return (each for each in plan.tasks if each in ids)
