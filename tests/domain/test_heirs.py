"""Who answers for a unit that has merged or ended."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.due import Every, Once, Rhythm
from bot.domain.heirs import counted_with, heir, holder, holdings, owing
from bot.domain.occurrences import occurrences
from bot.domain.plan import Plan
from bot.domain.standing import Standing, Status, Verdict, Word
from tests.builders import CALENDAR, plan, task, unit, word

LAST = date(2022, 10, 31)
AFTER = date(2022, 11, 1)
SNV = unit("snv")
QUESON = unit("queson")
NONGSON = unit("nongson", valid_to=LAST, merged_into="queson")
ENDED = unit("bandt", valid_to=LAST)  # ended, and nobody carries on
MONTHLY = Rhythm(every=Every.MONTH, day=25)


def merged(*units: str, due: Once | Rhythm = MONTHLY) -> Plan:
    return plan(task(due=due, units=units), units=(SNV, QUESON, NONGSON, ENDED))


def owed(of: Plan) -> list[str]:
    return [f"{each.unit} {each.period}" for each in occurrences(of, until=date(2022, 12, 31), calendar=CALENDAR)]


@pytest.mark.parametrize(
    ("named", "on", "answers"),
    [
        pytest.param("queson", AFTER, "queson", id="a unit that lives"),
        pytest.param("nongson", LAST, "nongson", id="on its last day"),
        pytest.param("nongson", AFTER, "queson", id="merged, from the day after"),
        pytest.param("bandt", AFTER, "snv", id="ended without an heir"),
        pytest.param("bandt", LAST, "bandt", id="without an heir, on its last day"),
        pytest.param("khongco", AFTER, "khongco", id="unknown"),
    ],
)
def test_a_unit_answers_for_itself_till_its_last_day_and_then_its_heir_or_the_office(
    named: str, on: date, answers: str
) -> None:
    assert holder(merged("queson"), named, on) == answers


def test_what_merged_twice_is_held_by_the_last() -> None:
    chain = (
        SNV,
        unit("a", valid_to=date(2022, 9, 30), merged_into="b"),
        unit("b", valid_to=LAST, merged_into="c"),
        unit("c"),
    )
    of = plan(task(units=("a",)), units=chain)

    assert [holder(of, "a", on) for on in (date(2022, 9, 30), date(2022, 10, 1), LAST, AFTER)] == ["a", "b", "b", "c"]
    assert heir(of, "a", AFTER) == "c"
    assert holdings(of, ["c"], AFTER) == ("c", "b", "a")
    assert holdings(of, ["b"], date(2022, 10, 1)) == ("b", "a")
    assert holdings(of, ["b"], AFTER) == ()


def test_a_circle_that_no_check_saw_ends_with_the_office() -> None:
    round_and_round = (SNV, unit("a", valid_to=LAST, merged_into="b"), unit("b", valid_to=LAST, merged_into="a"))

    assert holder(plan(task(units=("a",)), units=round_and_round), "a", AFTER) == "snv"


def test_an_office_that_has_ended_without_an_heir_is_still_the_office() -> None:
    of = plan(task(), units=(replace(SNV, valid_to=LAST),))

    assert holder(of, "snv", AFTER) == "snv"
    assert holdings(of, ["snv"], AFTER) == ("snv",)


@given(
    st.lists(st.tuples(st.sampled_from("abcdef"), st.sampled_from("abcdef"), st.dates(LAST, AFTER)), max_size=6),
    st.dates(date(2022, 10, 1), date(2022, 12, 31)),
)
def test_everything_has_one_holder_and_is_among_its_holdings(ends: list[tuple[str, str, date]], on: date) -> None:
    units = {name: unit(name) for name in "abcdef"}
    for gone, into, last in ends:
        units[gone] = unit(gone, valid_to=last, merged_into=None if into == gone else into)
    of = plan(task(units=("a",)), units=(SNV, *units.values()))

    for name in units:
        answers = holder(of, name, on)
        assert name in holdings(of, [answers], on)
        assert all(name not in holdings(of, [other], on) for other in (*units, "snv") if other != answers)
        assert holder(of, answers, on) == answers


def test_what_comes_due_after_a_merger_is_owed_once_by_the_heir() -> None:
    months = ["2022-09", "2022-10"]

    both = owed(merged("queson", "nongson"))
    assert both == [f"{who} {month}" for month in months for who in ("queson", "nongson")] + [
        "queson 2022-11",
        "queson 2022-12",
    ]
    # Named alone, the unit's later periods are the heir's own.
    assert owed(merged("nongson")) == ["nongson 2022-09", "nongson 2022-10", "queson 2022-11", "queson 2022-12"]


@pytest.mark.parametrize(
    ("due", "keeps"),
    [
        pytest.param(Once(day=date(2022, 12, 15)), ["nongson once"], id="one-off"),
        pytest.param(
            Rhythm(every=Every.MONTH, day=5, following=True),
            ["nongson 2022-09", "nongson 2022-10", "queson 2022-11"],
            id="a month that ended with the unit, due after it",
        ),
    ],
)
def test_a_period_that_began_in_a_units_life_keeps_its_name(due: Once | Rhythm, keeps: list[str]) -> None:
    starts = replace(merged("nongson", due=due), starts=date(2022, 9, 1))

    assert owed(starts) == keeps


def test_of_two_that_merge_into_a_third_it_owes_once() -> None:
    units = (SNV, unit("a", valid_to=LAST, merged_into="c"), unit("b", valid_to=LAST, merged_into="c"), unit("c"))
    of = plan(task(units=("a", "b"), due=MONTHLY), units=units)

    assert owed(of)[-2:] == ["c 2022-11", "c 2022-12"]
    assert len(owed(of)) == 6


def test_nobody_owes_what_comes_due_after_a_unit_that_has_no_heir() -> None:
    assert owed(merged("bandt")) == ["bandt 2022-09", "bandt 2022-10"]


@pytest.mark.parametrize(
    ("stands", "said", "on", "counts"),
    [
        pytest.param(Standing.OVERDUE, None, AFTER, "queson", id="left open"),
        pytest.param(Standing.OVERDUE, None, LAST, "nongson", id="open on its last day"),
        pytest.param(
            Standing.DONE_ON_TIME, word(at="2022-10-20 09:00", verdict=Verdict.ACCEPT), AFTER, "nongson", id="done"
        ),
        pytest.param(Standing.WAITING, word(at="2022-10-31 16:00"), AFTER, "nongson", id="waits, done on its last day"),
        pytest.param(
            Standing.OVERDUE, word(at="2022-10-20 09:00", verdict=Verdict.RETURN), AFTER, "queson", id="returned"
        ),
        pytest.param(
            Standing.WORKING, word(Status.IN_PROGRESS, "2022-10-20 09:00"), AFTER, "queson", id="was being worked on"
        ),
        pytest.param(
            Standing.DONE_LATE,
            word(at="2022-11-02 09:00", verdict=Verdict.ACCEPT),
            AFTER,
            "queson",
            id="done by the heir",
        ),
    ],
)
def test_what_a_unit_finished_counts_with_it_and_what_it_left_open_with_its_heir(
    stands: Standing, said: Word | None, on: date, counts: str
) -> None:
    of = merged("queson", "nongson")
    done_at = (said.done_since or said.at) if said else None

    assert counted_with(of, "nongson", stands=stands, done_at=done_at, on=on) == counts
    assert counted_with(of, "queson", stands=stands, done_at=done_at, on=on) == "queson"


@pytest.mark.parametrize(
    ("on", "answer"),
    [
        pytest.param(LAST, {"queson", "nongson"}, id="before"),
        pytest.param(AFTER, {"queson"}, id="after"),
        pytest.param(date(2026, 1, 1), {"queson"}, id="long after the plan"),
    ],
)
def test_those_who_answer_for_the_plan_are_units_that_live(on: date, answer: set[str]) -> None:
    assert owing(merged("queson", "nongson"), on) == answer


def test_of_a_plan_that_is_over_the_units_of_its_end_answer() -> None:
    later = plan(task(units=("a",)), units=(SNV, unit("a", valid_to=date(2025, 6, 30))))

    assert owing(later, date(2026, 1, 1)) == {"a"}
