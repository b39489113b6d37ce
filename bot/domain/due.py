"""Due rules as values, and the periods they make."""

from calendar import monthrange
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum

from bot.domain.calendar import DAY, END_OF_DAY, LOCAL, Calendar, local_moment

LAST = 0  # `Rhythm.day`: the last day of the month
LAST_WORKING = -1  # `Rhythm.day`: the last working day of the month
RUNNING_PERIOD_LEAD = timedelta(days=30)  # a period already running at the start is asked for only with this lead


class Roll(StrEnum):
    """Where a due goes that falls on a day off. Bộ luật Dân sự 2015, Điều 148, khoản 5, says `next`."""

    NONE = "none"
    NEXT = "next"
    PREVIOUS = "previous"


class Every(StrEnum):
    """How often a rhythm comes round."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    HALF = "half"
    YEAR = "year"


_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}


@dataclass(frozen=True, slots=True, kw_only=True)
class Once:
    """Owed by a day; by an hour of it where `at` is given, else by its end. `opens` is the first day of a named window.

    `turn` counts the single days of one task: 2 is the second of "15/6/2022 và 15/11/2022".
    """

    day: date
    at: time | None = None
    opens: date | None = None
    turn: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class Rhythm:
    """Owed once a period.

    Within the period the due day is `weekday` (0 Monday) of a week, or `day` (1-31, LAST, LAST_WORKING) of its
    `month`-th month (1-based; None is its last). A day that the month lacks becomes its last day. `following` moves it
    into the next period, there None is the first month: "trước ngày 05 của tháng sau kỳ báo cáo". `continuous` marks
    "thường xuyên" with a periodic figure.
    `starts` is the first day whose periods count, where the plan's own start is not meant; one before it brings in the
    period that was running then, and nothing that was due before the plan. `until` is what ends it, in words.
    A daily rhythm is owed on working days. `opens` is the month in which a yearly window opens ("từ tháng 3 đến tháng 11
    hằng năm"). `first_half` leaves out the half-years that a yearly report covers. `turn` counts rhythms of one length.
    """

    every: Every
    day: int = LAST
    weekday: int = 4
    month: int | None = None
    following: bool = False
    at: time | None = None
    continuous: bool = False
    starts: date | None = None
    until: str = ""
    opens: int | None = None
    first_half: bool = False
    turn: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class After:
    """Owed `days` after an event (before it when negative), working days where `working`; its date is entered later."""

    event: str
    days: int
    working: bool = False


class Unset(StrEnum):
    """Why there is no day to count to."""

    ON_DEMAND = "on_demand"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True, slots=True, kw_only=True)
class Undated:
    """Owed on no day that a calendar knows: on request, or as another plan will say. `words` say by what."""

    why: Unset
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Several:
    """Several dues of one task, such as half-year plus year; each makes its own periods. `on_demand`: and on request."""

    rules: tuple["Once | Rhythm", ...]
    on_demand: bool = False


DueRule = Once | Rhythm | After | Undated | Several


def together(rules: Sequence[Once | Rhythm], *, on_demand: bool = False) -> "Once | Rhythm | Several":
    """Return the rule of these dues together; those of one length are numbered, or their periods would share a key."""
    counted: Counter[Every | None] = Counter()
    numbered: list[Once | Rhythm] = []
    for rule in rules:
        kind = rule.every if isinstance(rule, Rhythm) else None
        counted[kind] += 1
        numbered.append(replace(rule, turn=counted[kind]))
    if len(numbered) == 1 and not on_demand:
        return numbered[0]
    return Several(rules=tuple(numbered), on_demand=on_demand)


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """One turn of a rule. `key` names it for ever ("2022-09"); `due_at` is UTC and may be edited under the same key.

    `begins` is the first day of what a rhythm's turn is about; None where there is only a due.
    """

    key: str
    due_at: datetime
    begins: date | None = field(default=None, compare=False)


def periods(
    rule: DueRule,
    *,
    starts: date,
    ends: date,
    calendar: Calendar,
    event_on: date | None = None,
    roll: Roll = Roll.NONE,
) -> list[Period]:
    """Return the periods due from `starts` to `ends` (local days, both inclusive), by due moment.

    A period that already runs on the first day (of the plan, or the rhythm's own) counts only when its due day is at
    least 30 days after it. What counts from an event has one once `event_on` is known; what is undated has none.
    A due on a day off is rolled; which periods there are, and their keys, is settled by the day the rule names.
    """
    found = _periods(rule, starts=starts, ends=ends, calendar=calendar, event_on=event_on)
    if roll is not Roll.NONE:
        found = [_rolled(each, roll, calendar) for each in found]
    return sorted(found, key=lambda period: (period.due_at, period.key))


def rolled_day(day: date, roll: Roll, calendar: Calendar) -> date:
    """Return where a due of this day goes: the day itself where offices are open, or nothing is rolled."""
    match roll:
        case Roll.NONE:
            return day
        case Roll.NEXT:
            return calendar.working_day_on_or_after(day)
        case Roll.PREVIOUS:
            return calendar.working_day_on_or_before(day)


def _rolled(period: Period, roll: Roll, calendar: Calendar) -> Period:
    local = period.due_at.astimezone(LOCAL)
    day = rolled_day(local.date(), roll, calendar)
    return replace(period, due_at=local_moment(day, local.time()).astimezone(UTC))


def _periods(
    rule: DueRule, *, starts: date, ends: date, calendar: Calendar, event_on: date | None = None
) -> list[Period]:
    match rule:
        case Once():
            return [_period("once", rule.day, rule.at, rule.turn)] if starts <= rule.day <= ends else []
        case After():
            day = None if event_on is None else counted_day(rule, event_on, calendar)
            return [_period("once", day, None)] if day and starts <= day <= ends else []
        case Undated():
            return []
        case Rhythm():
            return list(_turns(rule, starts=starts, ends=ends, calendar=calendar))
        case Several():
            return [
                period for part in rule.rules for period in _periods(part, starts=starts, ends=ends, calendar=calendar)
            ]


def _turns(rule: Rhythm, *, starts: date, ends: date, calendar: Calendar) -> Iterator[Period]:
    counts = rule.starts or starts
    if rule.every is Every.DAY:
        yield from _days(rule, starts=max(starts, counts), ends=ends, calendar=calendar)
        return
    # One period back, because a `following` rhythm is owed after its own period has ended.
    first = _shift(rule.every, _first_day(rule.every, counts), -1)
    while True:
        due_day = _due_day(rule, first, calendar)
        if due_day > ends:
            return
        is_asked = first >= counts or due_day - counts >= RUNNING_PERIOD_LEAD
        is_left_out = rule.first_half and first.month > _MONTHS[Every.HALF]
        if is_asked and not is_left_out and due_day >= max(starts, counts):
            yield _period(_key(rule.every, first), due_day, rule.at, rule.turn, begins=first)
        first = _shift(rule.every, first, 1)


def _days(rule: Rhythm, *, starts: date, ends: date, calendar: Calendar) -> Iterator[Period]:
    for number in range((ends - starts).days + 1):
        day = starts + number * DAY
        if calendar.is_working_day(day):
            yield _period(day.isoformat(), day, rule.at, rule.turn, begins=day)


def counted_day(rule: After, event_on: date, calendar: Calendar) -> date:
    """Return the day that lies the rule's days after (or before) the event's."""
    if rule.working:
        return calendar.add_working_days(event_on, rule.days)
    return event_on + rule.days * DAY


def _period(key: str, day: date, at: time | None, turn: int = 1, *, begins: date | None = None) -> Period:
    key = key if turn == 1 else f"{key}.{turn}"
    return Period(key=key, due_at=local_moment(day, at or END_OF_DAY).astimezone(UTC), begins=begins)


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
        case Every.DAY:
            return first.isoformat()
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
