"""A week beside others: those published before it, itself counted again, and the tasks nobody spoke of for long."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar import local_day
from bot.domain.compliance import WeekFigures
from bot.domain.plan import Plan, code_order
from bot.domain.situations import days_between
from bot.domain.summing import sum_classes
from bot.domain.tallies import Correction, Corrections, Line, Past

SILENCE = timedelta(days=90)  # without a word on a continuous task, as a province's own report calls it out


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """When a unit last reported on a task in any period (None: never), and since when the task is known."""

    task: str
    unit: str
    known_at: datetime
    last_at: datetime | None


def silent(plan: Plan, heard: Iterable[Heard], *, as_of: datetime) -> tuple[Line, ...]:
    """Return a line for every unit that said nothing of a continuous task for more than 90 days, longest first.

    `due_at` of the line is when it was last heard of, or first known. A paused task is silent by agreement.
    """
    found = []
    for each in heard:
        since = each.last_at or each.known_at
        task = plan.tasks[each.task]
        is_paused = task.pause is not None and local_day(as_of) <= task.pause.until
        if as_of - since > SILENCE and not is_paused:
            unit, days = plan.unit_name(each.unit), days_between(since, as_of)
            found.append(Line(task=each.task, title=task.title, unit=unit, due_at=since, note="", days=days))
    return tuple(sorted(found, key=lambda line: (-line.days, code_order(line.task), line.unit)))


def earlier(before: Sequence[WeekFigures], *, month: WeekFigures | None) -> tuple[Past, ...]:
    """Return what to compare with: the last weeks published before (newest first), and the same week a month before."""
    named = [*zip(("last", "before_last"), before, strict=False)]
    if month is not None:
        named.append(("month", month))
    return tuple(Past(why=why, week=week.week, classes=week.total.classes) for why, week in named)


def corrections(published: WeekFigures, again: WeekFigures) -> Corrections | None:
    """Return what changed in a published week, counted `again` at its own moment; None where nothing did.

    Weeks that were frozen before tasks were counted have nothing to compare.
    """
    now = {each.unit_id: each.classes for each in again.tasks}
    pairs = {each.unit_id: (each.classes, now[each.unit_id]) for each in published.tasks if each.unit_id in now}
    changed = tuple(
        Correction(task=task, before=before, after=after) for task, (before, after) in pairs.items() if before != after
    )
    if not changed:
        return None
    before, after = ([pair[side] for pair in pairs.values()] for side in (0, 1))
    return Corrections(week=published.week, before=sum_classes(before), after=sum_classes(after), tasks=changed)
