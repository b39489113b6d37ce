"""Sums of classes and of figures, in any order to the same numbers."""

from collections import Counter
from collections.abc import Collection

from bot.domain.tallies import Classes, UnitFigures

MILLI = 1000
"""Points are summed in thousandths: whole numbers, so that no order of adding changes a figure."""


def no_classes() -> Classes:
    """Return the classes of nothing."""
    return Classes(on_time=0, late=0, waiting=0, overdue=0)


def sum_classes(every: Collection[Classes]) -> Classes:
    """Return the sums of classes."""
    return Classes(
        on_time=sum(each.on_time for each in every),
        late=sum(each.late for each in every),
        waiting=sum(each.waiting for each in every),
        overdue=sum(each.overdue for each in every),
    )


def sum_figures(every: Collection[UnitFigures], *, id: str = "", name: str = "") -> UnitFigures:
    """Return the sums of figures under an id and a name; points are not summed, for several may feed one criterion."""
    apart: Counter[str] = Counter()
    for each in every:
        apart.update(each.apart)
    judged = [each.original for each in every if each.original is not None]
    aged = [each.ages for each in every if each.ages]
    return UnitFigures(
        unit_id=id,
        name=name,
        due=sum(each.due for each in every),
        on_time=sum(each.on_time for each in every),
        late=sum(each.late for each in every),
        waiting=sum(each.waiting for each in every),
        overdue=sum(each.overdue for each in every),
        not_asked=sum(each.not_asked for each in every),
        days_late=sum(each.days_late for each in every),
        original=sum_classes(judged) if judged else None,
        ages=tuple(map(sum, zip(*aged, strict=True))) if aged else (),
        apart=dict(apart),
        risk=sum(round(each.risk * MILLI) for each in every) / MILLI,
        unassigned=sum(each.unassigned for each in every),
    )
