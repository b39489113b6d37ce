"""Due rules and the periods they make."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, local_day
from bot.domain.due import (
    LAST,
    LAST_WORKING,
    After,
    DueRule,
    Every,
    Once,
    Rhythm,
    Several,
    Undated,
    Unset,
    periods,
    together,
)
from tests.builders import CALENDAR, ENDS, STARTS, end_of, local

MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}
DAYS = st.dates(date(2022, 1, 1), date(2025, 12, 31))


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    every = draw(st.sampled_from(Every))
    return Rhythm(
        every=every,
        day=draw(st.integers(-1, 31)),
        weekday=draw(st.integers(0, 6)),
        month=draw(st.none() | st.integers(1, MONTHS.get(every, 1))),
        following=draw(st.booleans()),
        at=draw(st.none() | st.times()),
        starts=draw(st.none() | DAYS),
    )


def dues(
    rule: DueRule, *, starts: date = STARTS, ends: date = ENDS, calendar: Calendar = CALENDAR
) -> list[tuple[str, str]]:
    """Return keys with their local due days, as tables have them."""
    found = periods(rule, starts=starts, ends=ends, calendar=calendar)
    return [(each.key, f"{local_day(each.due_at):%d/%m/%Y}") for each in found]


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        pytest.param(Once(day=date(2022, 9, 30)), "once 30/09/2022", id="once"),
        pytest.param(Once(day=STARTS), "once 24/08/2022", id="once on the first day"),
        pytest.param(Once(day=ENDS), "once 31/12/2022", id="once on the last day"),
        pytest.param(Once(day=date(2022, 8, 23)), "", id="once before the plan"),
        pytest.param(Once(day=date(2023, 1, 1)), "", id="once after the plan"),
        pytest.param(
            Rhythm(every=Every.MONTH, day=25),
            "2022-09 25/09/2022, 2022-10 25/10/2022, 2022-11 25/11/2022, 2022-12 25/12/2022",
            id="the 25th of a month: August runs already, its due is tomorrow",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH, day=5, following=True),
            "2022-09 05/10/2022, 2022-10 05/11/2022, 2022-11 05/12/2022",
            id="the 5th of the month after: August is 12 days away, December ends past the plan",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH, day=25, following=True),
            "2022-08 25/09/2022, 2022-09 25/10/2022, 2022-10 25/11/2022, 2022-11 25/12/2022",
            id="the 25th of the month after: August is 32 days away",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH, day=31),
            "2022-09 30/09/2022, 2022-10 31/10/2022, 2022-11 30/11/2022, 2022-12 31/12/2022",
            id="a day that months lack is their last",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH),
            "2022-09 30/09/2022, 2022-10 31/10/2022, 2022-11 30/11/2022, 2022-12 31/12/2022",
            id="month end",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH, day=LAST_WORKING),
            "2022-09 30/09/2022, 2022-10 31/10/2022, 2022-11 30/11/2022, 2022-12 30/12/2022",
            id="last working day: 31/12 is a Saturday",
        ),
        pytest.param(
            Rhythm(every=Every.QUARTER),
            "2022-Q3 30/09/2022, 2022-Q4 31/12/2022",
            id="quarter: the third runs already, with 37 days",
        ),
        pytest.param(Rhythm(every=Every.QUARTER, day=20), "2022-Q4 20/12/2022", id="quarter: 20/9 is 27 days away"),
        pytest.param(
            Rhythm(every=Every.QUARTER, day=20, starts=date(2022, 7, 1)),
            "2022-Q3 20/09/2022, 2022-Q4 20/12/2022",
            id="quarter: from its first day the running one counts",
        ),
        pytest.param(
            Rhythm(every=Every.QUARTER, day=10, following=True),
            "2022-Q3 10/10/2022",
            id="the 10th of the first month of the quarter after",
        ),
        pytest.param(
            Rhythm(every=Every.QUARTER, day=15, month=2), "2022-Q4 15/11/2022", id="second month of a quarter"
        ),
        pytest.param(Rhythm(every=Every.HALF, day=5), "2022-H2 05/12/2022", id="half-year"),
        pytest.param(Rhythm(every=Every.YEAR, day=15, month=11), "2022 15/11/2022", id="year"),
        pytest.param(Rhythm(every=Every.YEAR), "2022 31/12/2022", id="year end"),
        pytest.param(
            Several(rules=(Rhythm(every=Every.HALF, day=5), Rhythm(every=Every.YEAR, day=15, month=11))),
            "2022 15/11/2022, 2022-H2 05/12/2022",
            id="several, by due",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH, day=25, starts=date(2022, 10, 1)),
            "2022-10 25/10/2022, 2022-11 25/11/2022, 2022-12 25/12/2022",
            id="counted from a later day",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH, day=25, starts=date(2022, 5, 1)),
            "2022-08 25/08/2022, 2022-09 25/09/2022, 2022-10 25/10/2022, 2022-11 25/11/2022, 2022-12 25/12/2022",
            id="counted from an earlier day, nothing is due before the plan",
        ),
        pytest.param(
            Rhythm(every=Every.MONTH, day=20, starts=date(2022, 8, 1)),
            "2022-09 20/09/2022, 2022-10 20/10/2022, 2022-11 20/11/2022, 2022-12 20/12/2022",
            id="counted from an earlier day, August was due before the plan",
        ),
        pytest.param(Rhythm(every=Every.YEAR, day=1, month=3), "", id="never due in the plan"),
        pytest.param(
            Several(rules=(Rhythm(every=Every.HALF, day=5, first_half=True), Rhythm(every=Every.YEAR, day=5))),
            "2022 05/12/2022",
            id="the year's report covers the second half-year",
        ),
        pytest.param(
            together([Once(day=date(2022, 9, 15)), Once(day=date(2022, 11, 15))]),
            "once 15/09/2022, once.2 15/11/2022",
            id="two days of one task",
        ),
        pytest.param(
            together([Rhythm(every=Every.YEAR, day=1, month=10), Rhythm(every=Every.YEAR, day=15, month=11)]),
            "2022 01/10/2022, 2022.2 15/11/2022",
            id="twice a year",
        ),
        pytest.param(After(event="ban hành", days=20), "", id="an event whose date nobody knows yet"),
        pytest.param(Undated(why=Unset.ON_DEMAND, words="khi có yêu cầu"), "", id="on demand"),
    ],
)
def test_a_rule_makes_its_periods_of_the_plan(rule: DueRule, expected: str) -> None:
    assert ", ".join(" ".join(pair) for pair in dues(rule)) == expected


@pytest.mark.parametrize(
    ("rule", "starts", "ends", "keys"),
    [
        pytest.param(
            Rhythm(every=Every.WEEK), date(2020, 12, 21), date(2021, 1, 10), "2020-W52 2020-W53 2021-W01", id="week 53"
        ),
        pytest.param(
            Rhythm(every=Every.WEEK),
            date(2024, 12, 23),
            date(2025, 1, 12),
            "2024-W52 2025-W01 2025-W02",
            id="a week that begins in the year before its own",
        ),
        pytest.param(
            Rhythm(every=Every.WEEK, weekday=0, following=True),
            date(2022, 9, 5),
            date(2022, 9, 25),
            "2022-W36 2022-W37",
            id="the Monday after its week",
        ),
        pytest.param(
            Rhythm(every=Every.QUARTER),
            date(2022, 1, 1),
            date(2023, 3, 31),
            "2022-Q1 2022-Q2 2022-Q3 2022-Q4 2023-Q1",
            id="quarters",
        ),
        pytest.param(
            Rhythm(every=Every.HALF, day=5, month=6),
            date(2022, 1, 1),
            date(2023, 12, 31),
            "2022-H1 2022-H2 2023-H1 2023-H2",
            id="half-years",
        ),
        pytest.param(
            Rhythm(every=Every.YEAR, day=31, month=1, following=True),
            date(2022, 1, 1),
            date(2024, 1, 31),
            "2021 2022 2023",
            id="a year reported in the next one",
        ),
    ],
)
def test_periods_are_named_by_what_they_report_and_not_by_their_due(
    rule: Rhythm, starts: date, ends: date, keys: str
) -> None:
    assert [each.key for each in periods(rule, starts=starts, ends=ends, calendar=CALENDAR)] == keys.split()


@pytest.mark.parametrize(
    ("starts", "keys"),
    [
        pytest.param(date(2022, 8, 31), "2022-Q3 2022-Q4", id="30 days before the due"),
        pytest.param(date(2022, 9, 1), "2022-Q4", id="29 days before the due"),
        pytest.param(date(2022, 10, 1), "2022-Q4", id="with the period"),
        pytest.param(date(2022, 7, 1), "2022-Q3 2022-Q4", id="with the period before"),
    ],
)
def test_a_period_that_runs_when_the_plan_starts_needs_thirty_days(starts: date, keys: str) -> None:
    assert " ".join(key for key, _ in dues(Rhythm(every=Every.QUARTER), starts=starts)) == keys


def test_a_period_needs_no_thirty_days_when_it_begins_with_the_plan() -> None:
    assert dues(Rhythm(every=Every.MONTH, day=3), starts=date(2022, 9, 1), ends=date(2022, 9, 30)) == [
        ("2022-09", "03/09/2022")
    ]


@pytest.mark.parametrize(
    ("rule", "due_at"),
    [
        pytest.param(Once(day=date(2022, 9, 30)), "2022-09-30 23:59:59", id="by the end of the day"),
        pytest.param(Once(day=date(2022, 9, 30), at=time(17)), "2022-09-30 17:00", id="by an hour"),
        pytest.param(Once(day=date(2022, 9, 30), at=time(0)), "2022-09-30 00:00", id="by midnight"),
        pytest.param(
            Rhythm(every=Every.WEEK, at=time(10), starts=date(2022, 9, 26)), "2022-09-30 10:00", id="Friday at ten"
        ),
    ],
)
def test_what_has_no_hour_is_due_by_the_end_of_its_local_day(rule: DueRule, due_at: str) -> None:
    found = periods(rule, starts=STARTS, ends=date(2022, 9, 30), calendar=CALENDAR)

    assert [each.due_at for each in found] == [local(due_at)]


@given(DAYS, st.integers(29, 31) | st.just(LAST) | st.just(LAST_WORKING), st.booleans(), st.integers(1, 48))
def test_a_month_end_rhythm_never_skips_a_month(starts: date, day: int, following: bool, months: int) -> None:
    first = starts.replace(day=1)
    rule = Rhythm(every=Every.MONTH, day=day, following=following, starts=first)
    found = periods(rule, starts=first, ends=first + timedelta(days=31 * months + 62), calendar=CALENDAR)

    begun = date.fromisoformat(f"{found[0].key}-01")
    numbers = [int(each.key[:4]) * 12 + int(each.key[5:]) for each in found]
    assert begun <= first
    assert numbers == list(range(numbers[0], numbers[0] + len(numbers)))
    assert len(numbers) >= months


@given(DAYS.filter(lambda day: day.day == 1), st.integers(-1, 31))
def test_a_monthly_due_lies_in_its_month_on_its_day_or_the_last(first: date, day: int) -> None:
    rule = Rhythm(every=Every.MONTH, day=day)
    found = periods(rule, starts=first, ends=first + timedelta(days=400), calendar=Calendar())

    for each in found:
        due = local_day(each.due_at)
        last = (due.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
        assert f"{due:%Y-%m}" == each.key
        match day:
            case 0:
                assert due == last
            case -1:
                assert due.weekday() < 5
                assert not any((due + timedelta(days=n)).weekday() < 5 for n in range(1, (last - due).days + 1))
            case _:
                assert due.day == min(day, last.day)


@given(rhythms(), DAYS, st.integers(0, 500), st.integers(0, 500))
def test_two_neighbouring_windows_hold_what_the_whole_one_holds(rule: Rhythm, starts: date, one: int, two: int) -> None:
    middle, ends = starts + timedelta(days=one), starts + timedelta(days=one + two + 1)
    rule = replace(rule, starts=rule.starts or starts)  # which periods count is the plan's; the windows only cut it
    whole = periods(rule, starts=starts, ends=ends, calendar=CALENDAR)

    first = periods(rule, starts=starts, ends=middle, calendar=CALENDAR)
    second = periods(rule, starts=middle + timedelta(days=1), ends=ends, calendar=CALENDAR)

    assert first + second == whole


@given(rhythms(), DAYS, st.integers(0, 1500))
def test_every_due_lies_in_the_window_and_no_key_comes_twice(rule: Rhythm, starts: date, length: int) -> None:
    ends = starts + timedelta(days=length)
    found = periods(rule, starts=starts, ends=ends, calendar=CALENDAR)

    assert all(starts <= local_day(each.due_at) <= ends for each in found)
    assert len({each.key for each in found}) == len(found)
    assert [each.due_at for each in found] == sorted(each.due_at for each in found)


@given(rhythms(), st.integers(1, 31), st.integers(0, 6), st.none() | st.times())
def test_a_key_stays_when_the_due_is_edited(rule: Rhythm, day: int, weekday: int, at: time | None) -> None:
    rule = replace(rule, starts=date(2023, 1, 2 if rule.every is Every.WEEK else 1))
    edited = replace(rule, day=day, weekday=weekday, at=at)

    def keys(of: Rhythm) -> list[str]:
        # Past the end of 2024 a due may be moved out of the window, so only periods that end before are compared.
        found = periods(of, starts=date(2023, 1, 1), ends=date(2027, 12, 31), calendar=CALENDAR)
        return [each.key for each in found if "2023" <= each.key[:4] <= "2024"]

    assert keys(edited) == keys(rule)


@given(rhythms(), DAYS)
def test_a_key_holds_no_day_but_a_daily_rhythms(rule: Rhythm, starts: date) -> None:
    found = periods(rule, starts=starts, ends=starts + timedelta(days=800), calendar=CALENDAR)
    lengths = {Every.DAY: 10, Every.WEEK: 8, Every.MONTH: 7, Every.QUARTER: 7, Every.HALF: 7, Every.YEAR: 4}

    assert all(len(each.key) == lengths[rule.every] for each in found)


@given(rhythms(), DAYS)
def test_a_turn_that_follows_is_due_after_its_period_and_another_within_it(rule: Rhythm, starts: date) -> None:
    assume(rule.every not in {Every.DAY, Every.WEEK})
    found = periods(rule, starts=starts, ends=starts + timedelta(days=800), calendar=Calendar())
    plain = {
        each.key: local_day(each.due_at)
        for each in periods(
            Rhythm(every=rule.every, starts=date(2019, 1, 1)),
            starts=date(2019, 1, 1),
            ends=date(2035, 1, 1),
            calendar=Calendar(),
        )
    }

    assert all((local_day(each.due_at) > plain[each.key]) is rule.following for each in found)


@given(st.lists(rhythms(), min_size=1, max_size=3), DAYS)
def test_several_rhythms_make_what_each_makes(rules: list[Rhythm], starts: date) -> None:
    ends = starts + timedelta(days=400)
    each = [found for rule in rules for found in periods(rule, starts=starts, ends=ends, calendar=CALENDAR)]
    both = periods(Several(rules=tuple(rules)), starts=starts, ends=ends, calendar=CALENDAR)

    assert sorted(both, key=repr) == sorted(each, key=repr)
    assert [found.due_at for found in both] == sorted(found.due_at for found in both)


@pytest.mark.parametrize(
    ("rule", "event_on", "due"),
    [
        pytest.param(After(event="e", days=20), date(2022, 9, 12), date(2022, 10, 2), id="calendar days"),
        pytest.param(After(event="e", days=5, working=True), date(2022, 9, 15), date(2022, 9, 22), id="working days"),
        pytest.param(After(event="e", days=1, working=True), date(2022, 8, 31), date(2022, 9, 5), id="over a holiday"),
        pytest.param(After(event="e", days=-1), date(2022, 9, 12), date(2022, 9, 11), id="before the event"),
    ],
)
def test_what_counts_from_an_event_is_due_once_its_date_is_known(rule: After, event_on: date, due: date) -> None:
    found = periods(rule, starts=STARTS, ends=ENDS, calendar=CALENDAR, event_on=event_on)

    assert [(each.key, local_day(each.due_at)) for each in found] == [("once", due)]


def test_a_daily_rhythm_is_owed_on_working_days() -> None:
    found = periods(Rhythm(every=Every.DAY), starts=date(2022, 8, 31), ends=date(2022, 9, 6), calendar=CALENDAR)

    assert [each.key for each in found] == ["2022-08-31", "2022-09-05", "2022-09-06"]


def test_a_due_on_a_day_off_keeps_its_date() -> None:
    assert [each.due_at for each in periods(Once(day=ENDS), starts=STARTS, ends=ENDS, calendar=CALENDAR)] == [
        end_of(ENDS)  # a Saturday: official tables name the nominal day
    ]
