"""Working days and hours, with days off and make-up Saturdays."""

from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import LOCAL, Calendar, local_day, local_moment
from tests.builders import CALENDAR, days, local, moments

MORNING, AFTERNOON = ((time(7, 30), time(11, 30)),), ((time(13, 30), time(17, 0)),)
HALVES = Calendar(
    days_off=frozenset({date(2022, 9, 2)}),
    half_days={date(2022, 9, 1): MORNING, date(2022, 9, 10): MORNING, date(2022, 9, 12): AFTERNOON},
)
MAKE_UP = Calendar(days_off=frozenset({date(2024, 4, 29)}), working_days=frozenset({date(2024, 5, 4)}))
DAYS = st.dates(date(2022, 1, 1), date(2023, 12, 31))
MOMENTS = moments("2022-01-01", "2023-12-31") | moments("2022-01-01", "2023-12-31", zone=LOCAL)
CALENDARS = st.builds(
    Calendar,
    days_off=st.frozensets(st.dates(date(2022, 8, 1), date(2022, 10, 31)), max_size=20),
    working_days=st.frozensets(st.dates(date(2022, 8, 1), date(2022, 10, 31)), max_size=20),
    half_days=st.dictionaries(
        st.dates(date(2022, 8, 1), date(2022, 10, 31)),
        st.sampled_from([MORNING, AFTERNOON, (*MORNING, (time(13, 30), time(15, 0)))]),
        max_size=20,
    ),
)


@pytest.mark.parametrize(
    ("calendar", "day", "works"),
    [
        pytest.param(CALENDAR, date(2022, 8, 24), True, id="Wednesday"),
        pytest.param(CALENDAR, date(2022, 9, 23), True, id="Friday"),
        pytest.param(CALENDAR, date(2022, 9, 24), False, id="Saturday"),
        pytest.param(CALENDAR, date(2022, 9, 25), False, id="Sunday"),
        pytest.param(CALENDAR, date(2022, 9, 2), False, id="Quốc khánh"),
        pytest.param(CALENDAR, date(2023, 1, 25), False, id="Tết"),
        pytest.param(CALENDAR, date(2023, 1, 27), True, id="first day after Tết"),
        pytest.param(MAKE_UP, date(2024, 4, 29), False, id="swapped Monday"),
        pytest.param(MAKE_UP, date(2024, 5, 4), True, id="make-up Saturday"),
        pytest.param(
            Calendar(days_off=frozenset({date(2024, 5, 6)}), working_days=frozenset({date(2024, 5, 6)})),
            date(2024, 5, 6),
            True,
            id="in both sets",
        ),
    ],
)
def test_offices_are_open_on_weekdays_and_make_up_days_only(calendar: Calendar, day: date, works: bool) -> None:
    assert calendar.is_working_day(day) is works


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        pytest.param("2022-09-26 07:29:59", "2022-09-26 07:30", id="just before opening"),
        pytest.param("2022-09-26 07:30", "2022-09-26 07:30", id="exactly at opening"),
        pytest.param("2022-09-26 11:29:59", "2022-09-26 11:29:59", id="just before lunch"),
        pytest.param("2022-09-26 11:30", "2022-09-26 13:30", id="exactly at lunch"),
        pytest.param("2022-09-26 13:30", "2022-09-26 13:30", id="exactly after lunch"),
        pytest.param("2022-09-26 17:00", "2022-09-27 07:30", id="exactly at closing"),
        pytest.param("2022-09-23 17:00", "2022-09-26 07:30", id="Friday evening"),
        pytest.param("2022-09-25 10:00", "2022-09-26 07:30", id="Sunday in office hours"),
        pytest.param("2022-08-31 23:00", "2022-09-05 07:30", id="before Quốc khánh and a weekend"),
        pytest.param("2023-01-19 17:00", "2023-01-27 07:30", id="before Tết"),
        pytest.param("2022-12-31 09:00", "2023-01-03 07:30", id="over the new year"),
    ],
)
def test_what_comes_outside_office_hours_waits_for_the_next_opening(moment: str, opens: str) -> None:
    assert CALENDAR.next_open(local(moment)) == local(opens)
    assert CALENDAR.is_open(local(moment)) is (moment == opens)


@given(CALENDARS, MOMENTS)
def test_the_next_opening_is_open_not_earlier_and_in_the_zone_asked_in(calendar: Calendar, moment: datetime) -> None:
    opening = calendar.next_open(moment)

    assert opening >= moment
    assert calendar.is_open(opening)
    assert opening.tzinfo == moment.tzinfo
    assert calendar.next_open(opening) == opening


@given(CALENDARS, MOMENTS)
def test_nothing_between_a_moment_and_its_next_opening_is_open(calendar: Calendar, moment: datetime) -> None:
    opening = calendar.next_open(moment)
    quarters = int((opening - moment) / timedelta(minutes=15))

    assert not any(calendar.is_open(moment + number * timedelta(minutes=15)) for number in range(quarters))


@given(CALENDARS, DAYS)
def test_the_nearest_working_days_lie_around_a_day_with_none_between(calendar: Calendar, day: date) -> None:
    before, after = calendar.working_day_on_or_before(day), calendar.working_day_on_or_after(day)

    assert before <= day <= after
    assert calendar.is_working_day(before)
    assert calendar.is_working_day(after)
    working = [each for each in days(before, (after - before).days + 1) if calendar.is_working_day(each)]
    assert working == sorted({before, after})
    assert (before == day) is (after == day) is calendar.is_working_day(day)


@pytest.mark.parametrize(
    ("day", "count", "lands"),
    [
        pytest.param(date(2022, 9, 25), 3, date(2022, 9, 28), id="from a Sunday"),
        pytest.param(date(2022, 9, 23), 1, date(2022, 9, 26), id="over a weekend"),
        pytest.param(date(2022, 8, 31), 1, date(2022, 9, 5), id="over Quốc khánh"),
        pytest.param(date(2023, 1, 19), 1, date(2023, 1, 27), id="over Tết"),
        pytest.param(date(2023, 1, 27), -1, date(2023, 1, 19), id="back over Tết"),
        pytest.param(date(2022, 9, 25), -1, date(2022, 9, 23), id="back from a Sunday"),
        pytest.param(date(2022, 9, 25), 0, date(2022, 9, 25), id="none"),
    ],
)
def test_working_days_are_counted_over_days_off(day: date, count: int, lands: date) -> None:
    assert CALENDAR.add_working_days(day, count) == lands


@given(CALENDARS, DAYS, st.integers(1, 30))
def test_working_days_counted_on_are_as_many_as_asked(calendar: Calendar, day: date, count: int) -> None:
    there = calendar.add_working_days(day, count)
    back = calendar.add_working_days(day, -count)

    assert sum(map(calendar.is_working_day, days(day + timedelta(days=1), (there - day).days))) == count
    assert sum(map(calendar.is_working_day, days(back, (day - back).days))) == count
    assert calendar.is_working_day(there)
    assert calendar.is_working_day(back)


def test_a_local_day_begins_seven_hours_before_the_day_of_utc() -> None:
    assert local_day(datetime(2022, 9, 25, 16, 59, 59, tzinfo=UTC)) == date(2022, 9, 25)
    assert local_day(datetime(2022, 9, 25, 17, tzinfo=UTC)) == date(2022, 9, 26)


@given(DAYS, st.times())
def test_a_local_moment_lies_on_its_own_day(day: date, clock: time) -> None:
    assert local_day(local_moment(day, clock).astimezone(UTC)) == day


@pytest.mark.parametrize(
    ("moment", "minutes", "before"),
    [
        pytest.param("2022-09-26 09:00", 30, "2022-09-26 08:30", id="within a morning"),
        pytest.param("2022-09-26 13:40", 30, "2022-09-26 11:10", id="over noon"),
        pytest.param("2022-09-26 07:40", 30, "2022-09-23 16:40", id="over a weekend"),
        pytest.param("2022-09-26 12:15", 30, "2022-09-26 11:00", id="at noon"),
        pytest.param("2022-09-25 12:00", 30, "2022-09-23 16:30", id="on a Sunday"),
        pytest.param("2022-09-26 08:00", 30, "2022-09-26 07:30", id="exactly since the opening"),
    ],
)
def test_office_time_is_counted_back_over_what_is_closed(moment: str, minutes: int, before: str) -> None:
    assert CALENDAR.open_before(local(moment), timedelta(minutes=minutes)) == local(before)


@given(CALENDARS, MOMENTS, st.integers(1, 60 * 20))
def test_office_time_counted_back_is_as_long_as_asked(calendar: Calendar, moment: datetime, minutes: int) -> None:
    begins = calendar.open_before(moment, timedelta(minutes=minutes))

    assert begins < moment
    assert begins.tzinfo == moment.tzinfo
    assert calendar.is_open(begins)
    later = calendar.open_before(moment, timedelta(minutes=minutes + 1))
    assert later < begins


@pytest.mark.parametrize(
    ("moment", "opens"),
    [
        pytest.param("2022-09-01 11:29:59", "2022-09-01 11:29:59", id="the end of a half day"),
        pytest.param("2022-09-01 11:30", "2022-09-05 07:30", id="the afternoon it has not"),
        pytest.param("2022-09-10 07:00", "2022-09-10 07:30", id="a Saturday's morning"),
        pytest.param("2022-09-10 14:00", "2022-09-12 13:30", id="from a Saturday to a Monday's afternoon"),
        pytest.param("2022-09-12 08:00", "2022-09-12 13:30", id="the morning it has not"),
        pytest.param("2022-09-13 08:00", "2022-09-13 08:00", id="the day after is whole"),
    ],
)
def test_a_half_day_is_open_in_its_own_hours(moment: str, opens: str) -> None:
    assert HALVES.next_open(local(moment)) == local(opens)
    assert HALVES.is_open(local(moment)) is (moment == opens)


@pytest.mark.parametrize(
    ("moment", "minutes", "before"),
    [
        pytest.param("2022-09-12 14:00", 60, "2022-09-10 11:00", id="from an afternoon over a weekend to a morning"),
        pytest.param("2022-09-05 07:45", 30, "2022-09-01 11:15", id="over a day off to a morning"),
    ],
)
def test_office_time_is_counted_back_over_the_halves_that_are_closed(moment: str, minutes: int, before: str) -> None:
    assert HALVES.open_before(local(moment), timedelta(minutes=minutes)) == local(before)


def test_a_half_day_counts_as_a_working_day_whatever_the_lists_say_of_it() -> None:
    both = Calendar(days_off=frozenset({date(2022, 9, 1)}), half_days={date(2022, 9, 1): MORNING})

    assert HALVES.is_working_day(date(2022, 9, 10))
    assert both.is_working_day(date(2022, 9, 1))
    assert HALVES.add_working_days(date(2022, 9, 9), 1) == date(2022, 9, 10)
    assert [HALVES.hours_of(day) for day in days(date(2022, 9, 1), 2)] == [MORNING, ()]


@given(CALENDARS, DAYS)
def test_a_day_is_open_in_its_hours_and_at_no_other_time(calendar: Calendar, day: date) -> None:
    spans = calendar.hours_of(day)

    assert bool(spans) is calendar.is_working_day(day)
    for quarter in range(96):
        clock = time(quarter // 4, quarter % 4 * 15)
        is_inside = any(opens <= clock < closes for opens, closes in spans)
        assert calendar.is_open(local_moment(day, clock)) is is_inside


@pytest.mark.parametrize(
    ("day", "wanted", "hour"),
    [
        pytest.param(date(2022, 9, 1), time(8), time(8), id="in a half day's hours"),
        pytest.param(date(2022, 9, 1), time(14), time(7, 30), id="when a half day has closed"),
        pytest.param(date(2022, 9, 1), time(11, 30), time(7, 30), id="as it closes"),
        pytest.param(date(2022, 9, 12), time(8), time(8), id="before an afternoon opens"),
        pytest.param(date(2022, 9, 13), time(18), time(18), id="on a whole day, after hours"),
    ],
)
def test_what_is_planned_for_an_hour_that_a_half_day_lacks_comes_at_its_opening(
    day: date, wanted: time, hour: time
) -> None:
    assert HALVES.hour_on(day, wanted) == hour


@given(CALENDARS, DAYS, st.sampled_from([time(7, 30), time(8), time(11, 30), time(14), time(16)]))
def test_what_is_planned_for_a_working_day_leaves_on_it(calendar: Calendar, day: date, wanted: time) -> None:
    planned = local_moment(day, calendar.hour_on(day, wanted))

    if calendar.is_working_day(day):
        assert local_day(calendar.next_open(planned)) == day


def test_a_calendars_name_is_no_rule() -> None:
    assert Calendar(version="bản 1") == Calendar(version="bản 2")
    assert hash(HALVES) == hash(Calendar(days_off=HALVES.days_off))
