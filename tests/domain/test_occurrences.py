"""Who owes what by when."""

from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.due import Every, Once, Rhythm, Several
from bot.domain.occurrences import occurrences
from bot.domain.plan import Plan
from tests.builders import CALENDAR, ENDS, STARTS, end_of, occurrence, plan, task, unit

MONTHLY = Rhythm(every=Every.MONTH, day=25)
TWO = plan(task("R1", units=("snv", "tamky")), task("R16", units=("tamky",), due=MONTHLY))


def owed(of: Plan, until: date = ENDS) -> list[str]:
    return [f"{each.task} {each.unit} {each.period}" for each in occurrences(of, until=until, calendar=CALENDAR)]


def test_each_unit_owes_each_period_of_each_task() -> None:
    months = [f"R16 tamky 2022-{month:02d}" for month in (9, 10, 11, 12)]

    assert owed(TWO) == ["R1 snv once", "R1 tamky once", *months]


def test_an_occurrence_is_due_when_its_period_is() -> None:
    assert next(occurrences(TWO, until=ENDS, calendar=CALENDAR)) == occurrence()


@pytest.mark.parametrize(
    ("until", "count"),
    [
        pytest.param(date(2022, 9, 24), 0, id="the day before a due"),
        pytest.param(date(2022, 9, 25), 1, id="the day of a due"),
        pytest.param(date(2022, 9, 30), 3, id="month end"),
        pytest.param(date(2030, 1, 1), 6, id="past the plan's end"),
    ],
)
def test_only_what_is_due_by_the_horizon_and_in_the_plan_exists(until: date, count: int) -> None:
    assert len(owed(TWO, until)) == count


@pytest.mark.parametrize(
    ("lives", "owes"),
    [
        pytest.param({"valid_to": date(2022, 9, 29)}, False, id="ended the day before"),
        pytest.param({"valid_to": date(2022, 9, 30)}, True, id="ends on the day"),
        pytest.param({"valid_to": date(2022, 10, 1)}, True, id="ends the day after"),
        pytest.param({"valid_from": date(2022, 10, 1)}, False, id="begins the day after"),
        pytest.param({"valid_from": date(2022, 9, 30)}, True, id="begins on the day"),
        pytest.param({"valid_from": date(2020, 1, 1), "valid_to": date(2025, 6, 30)}, True, id="lives all through"),
    ],
)
def test_a_unit_owes_only_what_is_due_in_its_life(lives: dict[str, date], owes: bool) -> None:
    assert bool(owed(plan(task(), units=(unit(**lives),)))) is owes


def test_nothing_is_owed_before_the_plan_starts_though_its_rhythm_ran_earlier() -> None:
    early = replace(MONTHLY, starts=date(2022, 1, 1))

    assert owed(plan(task(due=early)))[0] == "R1 snv 2022-08"  # due on the plan's second day


@given(
    st.lists(
        st.sampled_from([MONTHLY, Rhythm(every=Every.WEEK), Once(day=date(2022, 10, 10)), Rhythm(every=Every.QUARTER)]),
        min_size=1,
        max_size=3,
        unique=True,
    ),
    st.dates(STARTS, ENDS),
    st.dates(STARTS, ENDS),
)
def test_a_longer_horizon_adds_and_changes_nothing_else(rules: list[Once | Rhythm], one: date, two: date) -> None:
    of = plan(task(due=Several(rules=tuple(rules)), units=("hoian", "tamky")))
    short = set(occurrences(of, until=min(one, two), calendar=CALENDAR))
    long = list(occurrences(of, until=max(one, two), calendar=CALENDAR))

    assert short <= set(long)
    assert len({(each.task, each.unit, each.period) for each in long}) == len(long)
    assert all(each.due_at > end_of(min(one, two)) for each in set(long) - short)


def test_an_edited_due_moves_under_the_same_identity() -> None:
    edited = plan(*(replace(each, due=replace(each.due, at=time(17))) for each in TWO.tasks.values()))

    assert owed(edited) == owed(TWO)
