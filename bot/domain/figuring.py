"""Counts a week: occurrences as they stood at a moment in, the figures of the summary out; one pass over any number."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from typing import NamedTuple

from bot.domain.compliance import FORM, WeekFigures
from bot.domain.lists import Lists, lists_of
from bot.domain.plan import Criterion, Plan, code_order
from bot.domain.sheets import (
    Row,
    additions,
    by_criterion,
    by_kind,
    figures,
    new_row,
    risks,
    scored,
    thousandths,
    was,
    worst_first,
)
from bot.domain.situations import Asking, Counted, Said, Situation, judge
from bot.domain.spans import Week, week_of, weeks_between
from bot.domain.standing import Standing
from bot.domain.tallies import Rates, UnitFigures

__all__ = ["Asking", "Counted", "Said", "Situation", "Week", "figure", "week_of", "weeks_between"]


def figure(week: Week, counted: Iterable[Counted], *, plan: Plan, previous: Rates | None, in_doubt: int) -> WeekFigures:
    """Return the week's figures: units worst first (points × days, then days, then number, then name), lists by due.

    Counted as due is what was due by the as-of moment and is not released; `judge` says which class it falls into.
    What the plan does not have any more is in no figure. The counted may come in any order, as a stream: what is kept of
    them is a row a unit, what each situation adds, and the first lines of each list.
    """
    count = _Count(week, plan)
    count.add(counted)
    units, tasks = count.by_unit(), count.by_task()
    rows, lists = count.units.values(), count.lists.made()
    return WeekFigures(
        week=week.name,
        starts=week.starts,
        ends=week.ends,
        as_of=week.as_of,
        plan=plan.name,
        given=sum(len(task.units) for task in plan.tasks.values()),
        asked_units=sum(was(row, "asked") for row in rows),
        units_total=sum(was(row, "askable") for row in rows),
        in_doubt=in_doubt,
        units=units,
        previous=previous,
        blocked=lists["blocked"],
        extensions=lists["extensions"],
        overdue=lists["overdue"],
        next_week=lists["next_week"],
        unanswered=lists["unanswered"],
        undeliverable=lists["undeliverable"],
        form=FORM,
        standings=count.standings(),
        kinds=by_kind(units, plan),
        tasks=tasks,
        criteria=by_criterion(tasks, plan),
        risks=risks(tasks, plan),
        beyond=count.lists.beyond(),
        rule=plan.criteria_rule,
    )


class _Spot(NamedTuple):
    """What an occurrence of one situation adds, worked out once; the situation is held so that its id stays its own."""

    what: Situation
    counts: list[int]  # one number: how many there were
    is_out: bool
    adds: tuple[tuple[int, int], ...] = ()
    lists: tuple[str, ...] = ()
    feeds: tuple[Criterion, ...] = ()


class _Count:
    """The pass itself. Its inner loop is the whole price of a million occurrences."""

    def __init__(self, week: Week, plan: Plan) -> None:
        self.lists = Lists(plan, week)
        self.units: dict[str, Row] = {}
        self._week = week
        self._plan = plan
        self._spots: dict[int, _Spot] = {}
        self._feeds: dict[str, set[str]] = defaultdict(set)
        self._points = {id: scored(plan, task) for id, task in plan.tasks.items()}

    def add(self, counted: Iterable[Counted]) -> None:
        """Count every occurrence."""
        spots, units, lists, feeds = self._spots, self.units, self.lists, self._feeds
        for each in counted:
            unit, what, _ = each
            spot = spots.get(id(what)) or self._spot(what)
            spot.counts[0] += 1
            if spot.is_out:
                continue
            row = units.get(unit)
            if row is None:
                row = units[unit] = new_row()
            for place, amount in spot.adds:
                row[place] += amount
            for name in spot.lists:
                lists.add(name, each)
            if spot.feeds:
                feeds[unit].add(what.task)

    def standings(self) -> dict[str, int]:
        """Return how many occurrences of the plan stand where; they sum to all that were counted."""
        found: Counter[Standing] = Counter()
        for spot in self._spots.values():
            if spot.what.task in self._plan.tasks:
                found[spot.what.standing] += spot.counts[0]
        return {str(each): found[each] for each in Standing if found[each]}

    def by_unit(self) -> tuple[UnitFigures, ...]:
        """Return the units' figures, worst first."""
        name, points = self._plan.unit_name, self._points
        return worst_first(
            figures(row, id=unit, name=name(unit), feeds=[each for task in self._feeds[unit] for each in points[task]])
            for unit, row in self.units.items()
        )

    def by_task(self) -> tuple[UnitFigures, ...]:
        """Return the tasks' figures in the order of their codes."""
        rows: dict[str, Row] = defaultdict(new_row)
        feeds: dict[str, tuple[Criterion, ...]] = {}
        for spot in self._spots.values():
            if not spot.is_out:
                feeds[spot.what.task] = feeds.get(spot.what.task, ()) or spot.feeds
                for place, amount in spot.adds:
                    rows[spot.what.task][place] += amount * spot.counts[0]
        titles = self._plan.tasks
        return tuple(
            figures(rows[task], id=task, name=titles[task].title, feeds=feeds[task])
            for task in sorted(feeds, key=code_order)
        )

    def _spot(self, what: Situation) -> _Spot:
        if what.task not in self._plan.tasks or what.standing is Standing.RELEASED:
            spot = _Spot(what=what, counts=[0], is_out=True)
        else:
            judged, points = judge(what, self._week.as_of), self._points[what.task]
            spot = _Spot(
                what=what,
                counts=[0],
                is_out=False,
                adds=additions(judged, asking=what.asking, points=thousandths(points) if points else None),
                lists=lists_of(what, self._week),
                feeds=points if judged.among == "overdue" else (),
            )
        self._spots[id(what)] = spot
        return spot
