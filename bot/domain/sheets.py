"""A row of counters a unit or a task, and the figures made of it: by unit, kind, task and criterion, with points at risk."""

from collections import defaultdict
from collections.abc import Iterable, Mapping

from bot.domain.plan import Criterion, Plan, Task
from bot.domain.situations import EXTENSION, PAUSED, Asking, Judgement
from bot.domain.summing import MILLI, sum_figures
from bot.domain.tallies import AGES, Classes, Risk, UnitFigures

CLASSES = ("on_time", "late", "waiting", "overdue")
APART = (PAUSED, Asking.NOT_YET, Asking.NO_CONTACT, Asking.FAILED, Asking.IN_DOUBT, EXTENSION)

_NAMES = (
    *CLASSES,
    *(f"original {each}" for each in CLASSES),
    *(f"age {each}" for each in AGES),
    *(f"apart {each}" for each in APART),
    *("asked", "askable", "days", "risk", "unassigned"),
)
_PLACE = {name: place for place, name in enumerate(_NAMES)}

Row = list[int]
"""Counters in the order of their names; which is none of a reader's business."""


def new_row() -> Row:
    """Return a row of zeros."""
    return [0] * len(_NAMES)


def was(row: Row, name: str) -> bool:
    """Return whether anything was counted under a name ("asked", "askable")."""
    return row[_PLACE[name]] > 0


def additions(judged: Judgement, *, asking: Asking, points: int | None) -> tuple[tuple[int, int], ...]:
    """Return what an occurrence adds to a row, as places and amounts; `points` (thousandths) are what its task feeds."""
    found: dict[str, int] = {"asked": asking is Asking.ASKED, "askable": asking is not Asking.NOT_YET}
    if judged.among == "apart":
        found[f"apart {judged.apart}"] = 1
    elif judged.among:
        found[judged.among] = 1
    if judged.by_original in CLASSES:
        found[f"original {judged.by_original}"] = 1
    if judged.among == "overdue":
        found[f"age {AGES[judged.age]}"] = 1
        found["days"] = judged.days
        found["risk"] = judged.days * (points or 0)
        found["unassigned"] = points is None
    return tuple((_PLACE[name], int(amount)) for name, amount in found.items() if amount)


def scored(plan: Plan, task: Task) -> tuple[Criterion, ...]:
    """Return the criteria of a task that have points by a source and a rule; the others are not assigned, which is not 0."""
    known = (plan.criteria[each] for each in dict.fromkeys(task.criteria) if each in plan.criteria)
    return tuple(each for each in known if each.points is not None and each.source and plan.criteria_rule)


def thousandths(criteria: Iterable[Criterion]) -> int:
    """Return the sum of these criteria's points, in thousandths."""
    return sum(round((each.points or 0) * MILLI) for each in criteria)


def figures(row: Row, *, id: str, name: str, feeds: Iterable[Criterion] = ()) -> UnitFigures:
    """Return a row as figures; `feeds` are the scored criteria that its overdue tasks feed, each once."""
    at = dict(zip(_NAMES, row, strict=True))
    lost = {each.id: each for each in feeds}
    apart = {str(why): at[f"apart {why}"] for why in APART if at[f"apart {why}"]}
    return UnitFigures(
        unit_id=id,
        name=name,
        **{each: at[each] for each in CLASSES},
        due=sum(at[each] for each in CLASSES),
        not_asked=sum(apart.values()),
        days_late=at["days"],
        original=Classes(**{each: at[f"original {each}"] for each in CLASSES}),
        ages=tuple(at[f"age {each}"] for each in AGES),
        apart=apart,
        points=thousandths(lost.values()) / MILLI if lost else None,
        risk=at["risk"] / MILLI,
        unassigned=at["unassigned"],
    )


def worst_first(every: Iterable[UnitFigures]) -> tuple[UnitFigures, ...]:
    """Return figures by points × days, then days, then number overdue; the rest by name."""
    return tuple(sorted(every, key=lambda each: (-each.risk, -each.days_late, -each.overdue, each.name, each.unit_id)))


def by_kind(units: Iterable[UnitFigures], plan: Plan) -> tuple[UnitFigures, ...]:
    """Return the sums of the units of each kind, worst first; units that left the registry have the empty kind."""
    found: dict[str, list[UnitFigures]] = defaultdict(list)
    for each in units:
        unit = plan.units.get(each.unit_id)
        found[unit.kind if unit else ""].append(each)
    return worst_first(sum_figures(theirs, id=kind, name=kind) for kind, theirs in found.items())


def by_criterion(tasks: Iterable[UnitFigures], plan: Plan) -> tuple[UnitFigures, ...]:
    """Return the sums of the tasks that feed each criterion, in the plan's order; a task of several is in each."""
    found: dict[str, list[UnitFigures]] = {each: [] for each in plan.criteria}
    for each in tasks:
        for criterion in dict.fromkeys(plan.tasks[each.unit_id].criteria):
            if criterion in found:
                found[criterion].append(each)
    return tuple(
        sum_figures(theirs, id=criterion, name=plan.criteria[criterion].name)
        for criterion, theirs in found.items()
        if theirs
    )


def risks(tasks: Iterable[UnitFigures], plan: Plan) -> tuple[Risk, ...]:
    """Return the scored criteria that overdue tasks feed, by points × days, then days, then in the plan's order."""
    late: Mapping[str, list[UnitFigures]] = {each: [] for each in plan.criteria}
    for each in tasks:
        for criterion in scored(plan, plan.tasks[each.unit_id]) if each.overdue else ():
            late[criterion.id].append(each)
    found = [
        Risk(
            id=id,
            name=plan.criteria[id].name,
            points=plan.criteria[id].points or 0.0,
            source=plan.criteria[id].source,
            rule=plan.criteria_rule,
            overdue=sum(each.overdue for each in theirs),
            days=sum(each.days_late for each in theirs),
        )
        for id, theirs in late.items()
        if theirs
    ]
    return tuple(sorted(found, key=lambda each: (-each.points * each.days, -each.days)))
