"""Due rules as values, and the periods they make."""

from calendar import monthrange
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import DAY, END_OF_DAY, Calendar, local_moment

LAST = 0  # `Rhythm.day`: the last day of the month
LAST_WORKING = -1  # `Rhythm.day`: the last working day of the month
RUNNING_PERIOD_LEAD = timedelta(days=30)  # a period already running at the start is asked for only with this lead


class Every(StrEnum):
    """How often a rhythm comes round."""

    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Owed by a day; by an hour of it where `at` is given, else by its end."""

    day: date
    at: time | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Owed once a period.

    Within the period the due day is `weekday` (0 Monday) of a week, or `day` (1-31, LAST, LAST_WORKING) of its
    `month`-th month (1-based; None is its last). A day that the month lacks becomes its last day. `following` moves it
    into the next period, there None is the first month: "trước ngày 05 của tháng sau kỳ báo cáo". `continuous` marks
    "thường xuyên" with a periodic figure.
    `starts` is the first day whose periods count, where the plan's own start is not meant; one before it brings in the
    period that was running then, and nothing that was due before the plan.
    """

    every: Every
    day: int = LAST
    weekday: int = 4
    month: int | None = None
    following: bool = False
    at: time | None = None
    continuous: bool = False
    starts: date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Several rhythms of one task, such as half-year plus year; each makes its own periods."""

    rules: tuple["Once | Rhythm", ...]


DueRule = Once | Rhythm | Several


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One turn of a rule. `key` names it for ever ("2022-09"); `due_at` is UTC and may be edited under the same key."""

    key: str
    due_at: datetime


def periods(rule: DueRule, *, starts: date, ends: date, calendar: Calendar) -> list[Period]:
    """Return the periods due from `starts` to `ends` (local days, both inclusive), by due moment.

    A period that already runs on the first day (of the plan, or the rhythm's own) counts only when its due day is at
    least 30 days after it.
    """
    match rule:
        case Once():
            found = [_period("once", rule.day, rule.at)] if starts <= rule.day <= ends else []
        case Rhythm():
            found = list(_turns(rule, starts=starts, ends=ends, calendar=calendar))
        case Several():
            found = [
                period for part in rule.rules for period in periods(part, starts=starts, ends=ends, calendar=calendar)
            ]
    return sorted(found, key=lambda period: (period.due_at, period.key))


def _turns(rule: Rhythm, *, starts: date, ends: date, calendar: Calendar) -> Iterator[Period]:
    counts = rule.starts or starts
    # One period back, because a `following` rhythm is owed after its own period has ended.
    first = _shift(rule.every, _first_day(rule.every, counts), -1)
    while True:
        due_day = _due_day(rule, first, calendar)
        if due_day > ends:
            return
        is_asked = first >= counts or due_day - counts >= RUNNING_PERIOD_LEAD
        if is_asked and due_day >= max(starts, counts):
            yield _period(_key(rule.every, first), due_day, rule.at)
        first = _shift(rule.every, first, 1)


def _period(key: str, day: date, at: time | None) -> Period:
    return Period(key=key, due_at=local_moment(day, at or END_OF_DAY).astimezone(UTC))


def _first_day(every: Every, day: date) -> date:
    if every is Every.WEEK:
        return day - timedelta(days=day.weekday())
    months = _MONTHS[every]
    return date(day.year, (day.month - 1) // months * months + 1, 1)


def _shift(every: Every, first: date, turns: int) -> date:
    if every is Every.WEEK:
        return first + turns * timedelta(weeks=1)
    return _add_months(first, turns * _MONTHS[every])


def _add_months(first: date, months: int) -> date:
    index = first.year * 12 + first.month - 1 + months
    return date(index // 12, index % 12 + 1, 1)


def _due_day(rule: Rhythm, first: date, calendar: Calendar) -> date:
    base = _shift(rule.every, first, 1) if rule.following else first
    if rule.every is Every.WEEK:
        return base + timedelta(days=rule.weekday)
    # In the following period the first month is meant ("tháng sau kỳ báo cáo"), in its own period the last.
    month = rule.month or (1 if rule.following else _MONTHS[rule.every])
    target = _add_months(base, month - 1)
    last = target.replace(day=monthrange(target.year, target.month)[1])
    if rule.day == LAST_WORKING:
        return calendar.working_day_on_or_before(last)
    if rule.day == LAST:
        return last
    return min(target + (rule.day - 1) * DAY, last)


def _key(every: Every, first: date) -> str:
    match every:
        case Every.WEEK:
            year, week, _ = first.isocalendar()
            return f"{year}-W{week:02d}"
        case Every.MONTH:
            return f"{first:%Y-%m}"
        case Every.QUARTER:
            return f"{first.year}-Q{(first.month + 2) // 3}"
        case Every.HALF:
            return f"{first.year}-H{1 if first.month == 1 else 2}"
        case Every.YEAR:
            return f"{first.year}"
