"""Counts a week: occurrences as they stood at a moment in, the figures of the summary out."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from enum import StrEnum

from bot.domain.calendar import END_OF_DAY, local_day, local_moment
from bot.domain.compliance import Line, Rates, UnitFigures, WeekFigures
from bot.domain.plan import Plan, code_order
from bot.domain.standing import Standing, Status


class Asking(StrEnum):
    """How far an occurrence's unit was asked about it."""

    NOT_YET = "not_yet"  # no step has come due
    ASKED = "asked"  # a message is proven sent, or somebody reported
    NO_CONTACT = "no_contact"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Counted:
    """One occurrence as it stood when the week was counted."""

    task: str
    unit: str
    due_at: datetime
    standing: Standing
    status: Status | None
    note: str
    wanted_due_at: datetime | None
    undecided: bool
    paused: bool
    asking: Asking


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """An ISO week and the moment its figures speak of."""

    name: str
    starts: date
    ends: date
    as_of: datetime


def week_of(day: date, *, as_of: datetime) -> Week:
    """Return the ISO week (Monday to Sunday) that holds this local day."""
    starts = day - timedelta(days=day.weekday())
    year, number, _ = day.isocalendar()
    return Week(name=f"{year}-W{number:02d}", starts=starts, ends=starts + timedelta(days=6), as_of=as_of)


def weeks_between(before: str, after: str) -> tuple[str, ...]:
    """Return the names of the ISO weeks that lie between two others."""
    found = []
    day = _monday(before) + timedelta(weeks=1)
    while day < _monday(after):
        found.append(week_of(day, as_of=local_moment(day, END_OF_DAY)).name)
        day += timedelta(weeks=1)
    return tuple(found)


def _monday(week: str) -> date:
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def figure(week: Week, counted: Sequence[Counted], *, plan: Plan, previous: Rates | None, in_doubt: int) -> WeekFigures:
    """Return the week's figures: units worst first (most overdue, then most days, then name), lists by due.

    Counted as due is what was due by the as-of moment and is not released; what is overdue but could not be asked
    about, or is paused, is `not_asked` and never late. What is due at that very moment and not reported is not late
    yet: it stands among what comes next.
    """
    live = [each for each in counted if each.standing is not Standing.RELEASED and each.task in plan.tasks]
    by_unit: dict[str, list[Counted]] = defaultdict(list)
    for each in live:
        by_unit[each.unit].append(each)
    units = [_unit(plan, unit, theirs, week.as_of) for unit, theirs in by_unit.items()]
    units.sort(key=lambda unit: (-unit.overdue, -unit.days_late, unit.name, unit.unit_id))
    askable = {each.unit for each in live if each.asking is not Asking.NOT_YET}
    lists = _Lists(plan=plan, as_of=week.as_of)
    return WeekFigures(
        week=week.name,
        starts=week.starts,
        ends=week.ends,
        as_of=week.as_of,
        plan=plan.name,
        given=sum(len(task.units) for task in plan.tasks.values()),
        asked_units=len({each.unit for each in live if each.asking is Asking.ASKED}),
        units_total=len(askable),
        in_doubt=in_doubt,
        units=tuple(units),
        previous=previous,
        blocked=lists.of(each for each in live if _is_open(each) and each.status is Status.BLOCKED),
        extensions=lists.of(each for each in live if each.status is Status.EXTENSION and each.undecided),
        overdue=lists.of(each for each in live if _is_late(each)),
        next_week=lists.of(each for each in live if _is_open(each) and week.as_of <= each.due_at <= _end_of_next(week)),
        unanswered=lists.of(each for each in live if _is_open(each) and _is_silent(each)),
        undeliverable=lists.of((each for each in live if _is_open(each) and _is_undelivered(each)), why=True),
    )


def _unit(plan: Plan, unit: str, counted: Iterable[Counted], as_of: datetime) -> UnitFigures:
    due = [each for each in counted if each.due_at <= as_of]
    late = [each for each in due if _is_late(each)]
    numbers = {standing: sum(each.standing is standing for each in due) for standing in Standing}
    on_time, done_late = numbers[Standing.DONE_ON_TIME], numbers[Standing.DONE_LATE]
    waiting = numbers[Standing.WAITING]
    return UnitFigures(
        unit_id=unit,
        name=plan.unit_name(unit),
        due=on_time + done_late + waiting + len(late),
        on_time=on_time,
        late=done_late,
        waiting=waiting,
        overdue=len(late),
        not_asked=numbers[Standing.OVERDUE] - len(late),
        days_late=sum(_days_from_due(each, as_of) for each in late),
    )


def _is_open(each: Counted) -> bool:
    return each.standing in (Standing.OPEN, Standing.WORKING, Standing.OVERDUE)


def _is_late(each: Counted) -> bool:
    return each.standing is Standing.OVERDUE and each.asking is Asking.ASKED and not each.paused


def _is_silent(each: Counted) -> bool:
    return each.status is None and each.asking is Asking.ASKED and not each.paused


def _is_undelivered(each: Counted) -> bool:
    return each.asking in (Asking.NO_CONTACT, Asking.FAILED, Asking.IN_DOUBT)


def _days_from_due(each: Counted, as_of: datetime) -> int:
    return abs((local_day(as_of) - local_day(each.due_at)).days)


def _end_of_next(week: Week) -> datetime:
    return local_moment(week.ends + timedelta(weeks=1), END_OF_DAY)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lists:
    """Makes the lines of the summary's lists."""

    plan: Plan
    as_of: datetime

    def of(self, counted: Iterable[Counted], *, why: bool = False) -> tuple[Line, ...]:
        """Return one line each, by due, task and unit name; `why` puts the reason of a failed delivery as the note."""
        lines = [
            Line(
                task=each.task,
                title=self.plan.tasks[each.task].title,
                unit=self.plan.unit_name(each.unit),
                due_at=each.due_at,
                note=str(each.asking) if why else self._note(each),
                days=_days_from_due(each, self.as_of),
            )
            for each in counted
        ]
        return tuple(sorted(lines, key=lambda line: (line.due_at, code_order(line.task), line.unit)))

    def _note(self, each: Counted) -> str:
        if each.status is Status.EXTENSION and each.wanted_due_at is not None:
            wanted = f"{local_day(each.wanted_due_at):%d/%m/%Y}"
            return f"→ {wanted}; {each.note}" if each.note else f"→ {wanted}"
        return each.note
