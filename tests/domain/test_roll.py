"""Where dues go that fall on days off, and the reminders of those that stay there."""

from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import END_OF_DAY, LOCAL, Calendar, local_day
from bot.domain.due import LAST, After, Every, Once, Rhythm, Roll, Several, periods, rolled_day
from bot.domain.occurrences import occurrences
from bot.domain.plan import Plan
from bot.domain.steps import StepKind, steps_of
from tests.builders import CALENDAR, ENDS, OFF_2022, OFF_2023, STARTS, end_of, local, plan, policy, task

MONTHLY = Rhythm(every=Every.MONTH, day=25)
MORNING = ((time(7, 30), time(11, 30)),)
RULES = st.sampled_from(
    [
        MONTHLY,
        Rhythm(every=Every.MONTH, day=LAST, at=time(16)),
        Rhythm(every=Every.WEEK, weekday=5),
        Rhythm(every=Every.QUARTER),
        Once(day=date(2022, 9, 2)),
        Several(rules=(MONTHLY, Rhythm(every=Every.YEAR))),
    ]
)


def dues(of: Plan, until: date = ENDS) -> dict[str, date]:
    return {each.period: local_day(each.due_at) for each in occurrences(of, until=until, calendar=CALENDAR)}


@pytest.mark.parametrize(
    ("roll", "september", "december"),
    [
        pytest.param(Roll.NONE, date(2022, 9, 25), date(2022, 12, 25), id="none: as it is written"),
        pytest.param(Roll.NEXT, date(2022, 9, 26), date(2022, 12, 26), id="next: the Monday"),
        pytest.param(Roll.PREVIOUS, date(2022, 9, 23), date(2022, 12, 23), id="previous: the Friday"),
    ],
)
def test_two_sundays_of_the_seed_go_where_the_plan_says(roll: Roll, september: date, december: date) -> None:
    found = dues(plan(task(due=MONTHLY), roll=roll))

    assert (found["2022-09"], found["2022-12"]) == (september, december)
    assert found["2022-10"] == date(2022, 10, 25)  # a Tuesday


def test_a_plan_that_says_nothing_moves_nothing() -> None:
    assert plan(task()).roll is Roll.NONE


def test_the_last_saturday_of_the_plan_rolls_into_the_next_year() -> None:
    rolled = plan(task(due=Once(day=date(2022, 12, 31))), roll=Roll.NEXT)

    assert dues(rolled) == {}  # not yet by that day
    assert dues(rolled, date(2023, 1, 3)) == {"once": date(2023, 1, 3)}


def test_a_due_that_rolls_back_is_there_by_the_day_it_rolls_to() -> None:
    rolled = plan(task(due=Once(day=date(2022, 9, 25))), roll=Roll.PREVIOUS)

    assert dues(rolled, date(2022, 9, 22)) == {}
    assert dues(rolled, date(2022, 9, 23)) == {"once": date(2022, 9, 23)}


def test_an_hour_is_kept_on_the_day_it_goes_to() -> None:
    rolled = plan(task(due=Once(day=date(2022, 9, 25), at=time(17))), roll=Roll.NEXT)

    (only,) = occurrences(rolled, until=ENDS, calendar=CALENDAR)

    assert only.due_at == local("2022-09-26 17:00")


def test_a_due_that_counts_from_an_event_rolls_too() -> None:
    rule = After(event="Tỉnh ủy ban hành", days=20)
    span = {"starts": STARTS, "ends": ENDS, "calendar": CALENDAR, "event_on": date(2022, 9, 12)}

    assert [local_day(each.due_at) for each in periods(rule, **span)] == [date(2022, 10, 2)]
    assert [local_day(each.due_at) for each in periods(rule, **span, roll=Roll.NEXT)] == [date(2022, 10, 3)]


@given(RULES, st.sampled_from(Roll))
def test_rolling_changes_no_key_and_never_passes_a_working_day(rule: Once | Rhythm | Several, roll: Roll) -> None:
    span = {"starts": STARTS, "ends": ENDS, "calendar": CALENDAR}
    nominal = {each.key: each.due_at.astimezone(LOCAL) for each in periods(rule, **span)}
    found = {each.key: each.due_at.astimezone(LOCAL) for each in periods(rule, **span, roll=roll)}

    assert nominal.keys() == found.keys()
    for key, due in found.items():
        was = nominal[key].date()
        assert due.time() == nominal[key].time()
        assert due.date() == rolled_day(was, roll, CALENDAR)
        low, high = sorted((was, due.date()))
        between = [low + timedelta(days=number) for number in range((high - low).days)]
        assert sum(map(CALENDAR.is_working_day, [day for day in between if day != due.date()])) == 0
        if roll is not Roll.NONE:
            assert CALENDAR.is_working_day(due.date())


@given(RULES, st.sampled_from(Roll), st.dates(STARTS, ENDS), st.dates(STARTS, ENDS))
def test_a_longer_horizon_adds_and_changes_nothing_else_however_dues_roll(
    rule: Once | Rhythm | Several, roll: Roll, one: date, two: date
) -> None:
    of = plan(task(due=rule), roll=roll)
    short, long = (dues(of, until) for until in sorted((one, two)))

    assert short.items() <= long.items()
    assert all(due > min(one, two) for key, due in long.items() if key not in short)
    assert all(due <= min(one, two) for due in short.values())


@pytest.mark.parametrize(
    ("due", "last"),
    [
        pytest.param(date(2022, 9, 25), date(2022, 9, 23), id="Sunday: the Friday"),
        pytest.param(date(2022, 9, 2), date(2022, 8, 31), id="Quốc khánh: the Wednesday"),
        pytest.param(date(2022, 12, 31), date(2022, 12, 30), id="the Saturday that ends the plan"),
        pytest.param(date(2023, 1, 22), date(2023, 1, 19), id="in Tết"),
        pytest.param(date(2022, 9, 28), date(2022, 9, 28), id="a working day: the day itself"),
    ],
)
def test_a_due_that_stays_on_a_day_off_has_its_last_reminder_on_the_last_working_day_before(
    due: date, last: date
) -> None:
    steps = steps_of(policy(), due_at=end_of(due), known_at=local("2022-08-24 08:00"), calendar=CALENDAR)
    reminders = [step for step in steps if step.kind is StepKind.REMIND]

    assert local_day(reminders[-1].planned_at) == last
    assert {local_day(step.planned_at) for step in reminders if step.is_last_call} == {last}
    assert all(CALENDAR.is_open(step.planned_at) and step.planned_at <= end_of(due) for step in reminders)


def test_a_reminder_of_the_afternoon_comes_in_the_morning_of_a_half_day() -> None:
    halved = Calendar(days_off=OFF_2022 | OFF_2023, half_days={date(2022, 9, 23): MORNING})
    afternoon = policy(at="14:00")

    steps = steps_of(afternoon, due_at=end_of(date(2022, 9, 25)), known_at=local("2022-08-24 08:00"), calendar=halved)

    last = [step for step in steps if step.is_last_call]
    assert {step.planned_at for step in last} == {local("2022-09-23 07:30")}
    assert all(halved.is_open(step.planned_at) for step in steps)


@given(
    st.dates(date(2022, 9, 1), date(2022, 12, 31)),
    st.sets(st.dates(date(2022, 8, 20), date(2022, 12, 31)), max_size=15),
    st.sampled_from(["07:30", "08:00", "13:30", "16:00"]),
)
def test_every_reminder_leaves_before_its_due_whatever_days_are_halved(due: date, halves: set[date], at: str) -> None:
    calendar = Calendar(days_off=OFF_2022, half_days=dict.fromkeys(halves, MORNING))
    due_at = end_of(due)
    assert due_at.astimezone(LOCAL).time() == END_OF_DAY

    steps = steps_of(policy(at=at), due_at=due_at, known_at=local("2022-08-01 08:00"), calendar=calendar)

    reminders = [step for step in steps if step.kind is StepKind.REMIND]
    assert all(calendar.next_open(step.planned_at) <= due_at for step in reminders)
    assert all(local_day(calendar.next_open(step.planned_at)) == local_day(step.planned_at) for step in steps)


def test_the_roll_is_the_plans_and_holds_for_all_its_tasks() -> None:
    two = plan(task("R1", due=MONTHLY), task("R2", due=Once(day=date(2022, 9, 25))), roll=Roll.NEXT)
    found = list(occurrences(two, until=date(2022, 9, 30), calendar=CALENDAR))

    assert {(each.task, local_day(each.due_at)) for each in found} == {
        ("R1", date(2022, 9, 26)),
        ("R2", date(2022, 9, 26)),
    }
    assert [each.period for each in found] == ["2022-09", "once"]
    assert found != list(occurrences(replace(two, roll=Roll.NONE), until=date(2022, 9, 30), calendar=CALENDAR))
