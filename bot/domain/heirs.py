"""Units that merge or end: who carries on from the day after their last.

An occurrence keeps the unit it was given to, for that is its identity; who answers for it on a day is its holder.
"""

from collections.abc import Collection
from datetime import date, datetime

from bot.domain.calendar import local_day
from bot.domain.plan import Plan
from bot.domain.standing import CLOSED, Standing


def holder(plan: Plan, unit_id: str, on: date) -> str:
    """Return the unit that answers on a local day for what was given to another: itself while it lives.

    After its last day that is whom it merged into, and so on; for one that ended without an heir the plan's office. A unit
    the registry no longer has is its own.
    """
    return heir(plan, unit_id, on) or plan.office


def heir(plan: Plan, unit_id: str, on: date) -> str | None:
    """Return the unit that carries on for another on a local day, itself while it lives; None where nobody does."""
    seen = {unit_id}
    while plan.ended and _has_ended(plan, unit_id, on):
        following = plan.units[unit_id].merged_into
        if following is None or following in seen:
            return None
        seen.add(following)
        unit_id = following
    return unit_id


def holdings(plan: Plan, units: Collection[str], on: date) -> tuple[str, ...]:
    """Return the units for whose occurrences these units answer on a local day: those that live, and all they carry on."""
    if not plan.ended:
        return tuple(dict.fromkeys(units))
    living = [unit for unit in units if holder(plan, unit, on) == unit]
    found = dict.fromkeys(living)
    if plan.office in found:  # it has what nobody carries on: those are found only by asking for each
        found |= dict.fromkeys(each.id for each in plan.ended if holder(plan, each.id, on) in living)
        return tuple(found)
    left = living[::-1]
    while left:
        before = [each for each in plan.merged.get(left.pop(), ()) if each not in found and _has_ended(plan, each, on)]
        found |= dict.fromkeys(before)
        left += before
    return tuple(found)


def owing(plan: Plan, on: date) -> frozenset[str]:
    """Return the units that answer on a local day for anything the plan gives to anybody; of one that is over, at its end."""
    on = min(max(on, plan.starts), plan.ends)
    return frozenset(holder(plan, unit, on) for unit in {unit for task in plan.tasks.values() for unit in task.units})


def counted_with(plan: Plan, unit_id: str, *, stands: Standing, done_at: datetime | None, on: date) -> str:
    """Return the unit with which an occurrence counts on a local day. `done_at` is since when it stands so by its report.

    What a unit finished in its life counts with it for ever; what it left open counts with whoever holds it.
    """
    if not plan.ended or not _has_ended(plan, unit_id, on):
        return unit_id
    last = plan.units[unit_id].valid_to
    is_done = stands in CLOSED or stands is Standing.WAITING
    if is_done and done_at is not None and last is not None and local_day(done_at) <= last:
        return unit_id
    return holder(plan, unit_id, on)


def _has_ended(plan: Plan, unit_id: str, on: date) -> bool:
    unit = plan.units.get(unit_id)
    return unit is not None and unit.valid_to is not None and unit.valid_to < on
