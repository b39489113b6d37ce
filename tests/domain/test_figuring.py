"""Occurrences in, the figures of a week out: every number can be defended."""

from dataclasses import replace
from datetime import date, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.compliance import Rates, UnitFigures, WeekFigures
from bot.domain.figuring import Asking, Counted, figure, week_of, weeks_between
from bot.domain.plan import Criterion, Review
from bot.domain.standing import Standing, Status, Verdict, standing
from bot.domain.summing import sum_figures
from bot.domain.tallies import Classes
from tests.builders import counted, local, moments, plan, task, unit, word

AS_OF = local("2022-09-30 10:00")  # a Friday
WEEK = week_of(date(2022, 9, 30), as_of=AS_OF)
UNITS = ("snv", "stc", "tamky", "hoian")
PLAN = plan(task("R1", units=UNITS), task("R2", units=UNITS[:2]))
SECOND = timedelta(seconds=1)

NOT_ASKED = (Asking.NOT_YET, Asking.NO_CONTACT, Asking.FAILED, Asking.IN_DOUBT)


def of(*every: Counted, previous: Rates | None = None, in_doubt: int = 0) -> WeekFigures:
    return figure(WEEK, every, plan=PLAN, previous=previous, in_doubt=in_doubt)


def changed(each: Counted, **named: object) -> Counted:
    return each._replace(what=replace(each.what, **named))


def classes(figures: UnitFigures) -> dict[str, int]:
    names = ("due", "on_time", "late", "waiting", "overdue", "not_asked", "days_late")
    return {name: getattr(figures, name) for name in names if getattr(figures, name)}


@st.composite
def standings(draw: st.DrawFn) -> Counted:
    """Draw an occurrence in a state that the rules can bring about by the as-of moment."""
    due_at = draw(
        st.sampled_from([AS_OF - SECOND, AS_OF, AS_OF + SECOND]) | moments("2022-08-24 00:00:00", "2022-10-20 00:00:00")
    )
    said = draw(
        st.none()
        | st.builds(
            word,
            st.sampled_from(Status),
            moments("2022-08-24", "2022-09-30"),
            verdict=st.none() | st.sampled_from(Verdict),
        )
    )
    return counted(
        task=draw(st.sampled_from(["R1", "R2"])),
        unit=draw(st.sampled_from([*UNITS, "gone"])),
        due_at=due_at,
        standing=standing(said, due_at=due_at, now=AS_OF, review=Review.OFFICE),
        status=said.status if said else None,
        note=draw(st.sampled_from(["", "chưa có hướng dẫn"])),
        wanted_due_at=due_at + timedelta(days=9) if said and said.status is Status.EXTENSION else None,
        undecided=said is not None and said.verdict is None,
        paused=draw(st.booleans()),
        asking=draw(st.sampled_from(Asking)) if said is None else Asking.ASKED,
    )


EVERY = st.lists(standings(), max_size=25)
OPEN = {Standing.OPEN, Standing.WORKING, Standing.OVERDUE}


@given(EVERY)
def test_the_classes_of_a_unit_and_of_all_sum_to_what_was_due(every: list[Counted]) -> None:
    figures = of(*every)

    for line in (*figures.units, figures.total):
        assert line.due == line.on_time + line.late + line.waiting + line.overdue
        assert line.done == line.on_time + line.late
    for name in ("due", "on_time", "late", "waiting", "overdue", "not_asked", "days_late"):
        assert getattr(figures.total, name) == sum(getattr(line, name) for line in figures.units)


@given(EVERY)
def test_everything_that_came_due_is_counted_once(every: list[Counted]) -> None:
    total = of(*every).total
    came_due = [each for each in every if each.due_at < AS_OF or (each.due_at == AS_OF and each.standing not in OPEN)]
    released = sum(each.standing is Standing.RELEASED for each in came_due)

    assert total.due + total.not_asked + released == len(came_due)


@given(EVERY)
def test_what_is_open_is_overdue_not_asked_or_still_to_come(every: list[Counted]) -> None:
    figures = of(*every)
    far = local("2022-10-09 23:59:59")
    to_come = sum(each.standing in OPEN and AS_OF <= each.due_at <= far for each in every)
    later = sum(each.standing in OPEN and each.due_at > far for each in every)

    assert len(figures.overdue) == figures.total.overdue
    assert len(figures.next_week) == to_come
    assert figures.total.overdue + figures.total.not_asked + to_come + later == sum(
        each.standing in OPEN for each in every
    )


@given(EVERY, st.randoms(use_true_random=False))
def test_the_order_in_which_occurrences_come_changes_nothing(every: list[Counted], chance: Random) -> None:
    once = list({(each.task, each.unit, each.due_at): each for each in every}.values())
    shuffled = chance.sample(once, len(once))

    assert of(*shuffled) == of(*once)


@given(EVERY)
def test_the_worst_unit_comes_first(every: list[Counted]) -> None:
    order = [(-each.days_late, -each.overdue, each.name) for each in of(*every).units]

    assert order == sorted(order)


@given(EVERY)
def test_what_could_not_be_asked_or_is_paused_is_never_late(every: list[Counted]) -> None:
    silenced = [each if each.status else changed(each, asking=Asking.NO_CONTACT) for each in every]
    paused = [changed(each, paused=True) for each in every]

    for figures in (of(*paused), of(*(each for each in silenced if each.status is None))):
        assert figures.overdue == ()
        assert figures.total.overdue == figures.total.days_late == 0


@given(EVERY)
def test_what_is_released_is_in_no_figure_and_no_list(every: list[Counted]) -> None:
    kept = of(*(each for each in every if each.standing is not Standing.RELEASED))

    assert replace(of(*every), standings={}) == replace(kept, standings={})


@given(EVERY)
def test_lists_stand_by_due(every: list[Counted]) -> None:
    figures = of(*every)
    for lines in (figures.overdue, figures.blocked, figures.extensions, figures.next_week, figures.unanswered):
        assert [(line.due_at, line.task, line.unit) for line in lines] == sorted(
            (line.due_at, line.task, line.unit) for line in lines
        )


@given(EVERY)
def test_the_standings_sum_to_everything_that_is_known(every: list[Counted]) -> None:
    assert sum(of(*every).standings.values()) == len(every)


@given(EVERY)
def test_every_breakdown_sums_to_the_whole(every: list[Counted]) -> None:
    figures = of(*every)

    for lines in (figures.units, figures.kinds, figures.tasks):
        assert sum_figures(lines) == figures.total
    for line in (*figures.units, figures.total):
        assert sum(line.ages) == line.overdue
        assert sum(line.apart.values()) == line.not_asked
        assert 0 <= line.unassigned <= line.overdue
    assert [line.unit_id for line in figures.tasks] == sorted(line.unit_id for line in figures.tasks)


@given(EVERY, st.sets(st.sampled_from(["R1", "R2"])))
def test_splitting_a_units_tasks_between_two_changes_no_sum(every: list[Counted], moving: set[str]) -> None:
    split = [each._replace(unit=f"{each.unit} 2") if each.task in moving else each for each in every]
    whole, parts = of(*every), of(*split)

    assert parts.total == whole.total
    assert (parts.tasks, parts.criteria, parts.risks, parts.standings) == (
        whole.tasks,
        whole.criteria,
        whole.risks,
        whole.standings,
    )


@given(EVERY, st.lists(standings(), max_size=6), st.integers(1, 400))
def test_what_is_due_in_the_future_changes_no_figure_of_the_past(
    every: list[Counted], more: list[Counted], days: int
) -> None:
    later = [
        changed(each, due_at=AS_OF + timedelta(days=days), original_due_at=AS_OF + timedelta(days=days))
        for each in more
        if each.standing is not Standing.OVERDUE
    ]
    some = counted(due_at=AS_OF + timedelta(days=9), standing=Standing.OPEN)
    before, after = of(some, *every), of(some, *every, *later)
    known = {unit.unit_id for unit in before.units}

    assert after.total == before.total
    assert [unit for unit in after.units if unit.unit_id in known] == list(before.units)
    assert (after.risks, after.overdue) == (before.risks, before.overdue)


DUE = AS_OF - timedelta(days=40)


@pytest.mark.parametrize(
    ("days", "ages"),
    [
        pytest.param(0, (1, 0, 0, 0, 0), id="by hours"),
        pytest.param(1, (0, 1, 0, 0, 0), id="a day"),
        pytest.param(7, (0, 1, 0, 0, 0), id="a week"),
        pytest.param(8, (0, 0, 1, 0, 0), id="eight days"),
        pytest.param(30, (0, 0, 1, 0, 0), id="thirty"),
        pytest.param(31, (0, 0, 0, 1, 0), id="more than thirty"),
        pytest.param(120, (0, 0, 0, 1, 0), id="120"),
        pytest.param(121, (0, 0, 0, 0, 1), id="more than 120"),
    ],
)
def test_what_is_overdue_falls_into_an_age(days: int, ages: tuple[int, ...]) -> None:
    each = counted(due_at=AS_OF - timedelta(days=days, hours=1))

    assert of(each).total.ages == ages


def test_by_the_first_due_an_extended_task_is_late() -> None:
    moved = counted(
        due_at=AS_OF - SECOND,
        standing=Standing.DONE_ON_TIME,
        original_due_at=DUE,
        by_original=Standing.DONE_LATE,
    )
    not_yet = counted(
        task="R2", due_at=AS_OF + SECOND, standing=Standing.OPEN, original_due_at=DUE, by_original=Standing.OVERDUE
    )
    total = of(moved, not_yet).total

    assert total.classes == Classes(on_time=1, late=0, waiting=0, overdue=0)
    assert total.original == Classes(on_time=0, late=1, waiting=0, overdue=1)


@pytest.mark.parametrize(
    ("each", "why"),
    [
        pytest.param(counted(status=Status.EXTENSION, undecided=True), "extension", id="an extension is asked for"),
        pytest.param(counted(paused=True), "paused", id="paused"),
        *(pytest.param(counted(asking=asking), str(asking), id=str(asking)) for asking in NOT_ASKED),
    ],
)
def test_what_is_not_late_says_why(each: Counted, why: str) -> None:
    total = of(each).total

    assert (total.apart, total.not_asked, total.due) == ({why: 1}, 1, 0)


SCORED = {
    "1": Criterion(id="1", name="Chỉ đạo", points=8.5, source="QĐ 1"),
    "2": Criterion(id="2", name="Thể chế", points=10, source=""),
    "3": Criterion(id="3", name="Thủ tục"),
}


def of_scored(*every: Counted, rule: str = "QĐ 1149/QĐ-BNV") -> WeekFigures:
    tasks = (task("R1", units=UNITS, criteria=("1", "3")), task("R2", units=UNITS, criteria=("2",)))
    scored = plan(*tasks, criteria=SCORED, criteria_rule=rule)
    return figure(WEEK, every, plan=scored, previous=None, in_doubt=0)


def test_points_at_risk_are_those_of_criteria_with_points_a_source_and_a_rule() -> None:
    figures = of_scored(counted(unit="snv"), counted(unit="snv", due_at=DUE), counted(unit="stc", task="R2"))

    assert {each.unit_id: (each.points, each.risk, each.unassigned) for each in figures.units} == {
        "snv": (8.5, 8.5 * 41, 0),  # a criterion is lost once, and weighs by all the days
        "stc": (None, 0.0, 1),
    }
    (risk,) = figures.risks
    assert (risk.id, risk.points, risk.source, risk.rule) == ("1", 8.5, "QĐ 1", "QĐ 1149/QĐ-BNV")
    assert (risk.overdue, risk.days) == (2, 41)


def test_without_a_rule_no_points_are_assigned_rather_than_none_lost() -> None:
    figures = of_scored(counted(), rule="")

    assert figures.risks == ()
    assert (figures.total.unassigned, figures.units[0].points) == (1, None)


def test_units_stand_by_points_and_days_first() -> None:
    figures = of_scored(counted(unit="snv"), counted(unit="stc", task="R2", due_at=DUE))

    assert [each.unit_id for each in figures.units] == ["snv", "stc"]
    assert [each.days_late for each in figures.units] == [1, 40]


def test_a_criterion_counts_the_tasks_that_feed_it_and_a_kind_its_units() -> None:
    figures = of_scored(counted(unit="snv"), counted(unit="stc", task="R2", standing=Standing.DONE_ON_TIME))

    assert [(each.unit_id, each.due, each.overdue) for each in figures.criteria] == [
        ("1", 1, 1),
        ("2", 1, 0),
        ("3", 1, 1),
    ]
    assert [(each.unit_id, each.due, each.overdue) for each in figures.kinds] == [("so-ban-nganh", 2, 1)]


def test_a_list_is_bounded_and_says_of_how_many_it_is_short(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.domain.lists.MOST", 2)
    dues = [AS_OF - timedelta(days=days) for days in range(1, 8)]

    figures = of(*(counted(due_at=due) for due in dues))

    assert [line.days for line in figures.overdue] == [7, 6]  # the oldest stay
    assert figures.beyond == {"overdue": 5, "unanswered": 5}


@pytest.mark.parametrize(
    ("each", "expected"),
    [
        pytest.param(counted(), {"due": 1, "overdue": 1, "days_late": 1}, id="overdue"),
        pytest.param(
            counted(due_at=local("2022-09-30 09:00")), {"due": 1, "overdue": 1}, id="overdue by an hour: no whole day"
        ),
        pytest.param(
            counted(due_at=local("2022-09-20 23:59:59")), {"due": 1, "overdue": 1, "days_late": 10}, id="ten days late"
        ),
        pytest.param(counted(standing=Standing.DONE_ON_TIME), {"due": 1, "on_time": 1}, id="on time"),
        pytest.param(counted(standing=Standing.DONE_LATE), {"due": 1, "late": 1}, id="late"),
        pytest.param(counted(standing=Standing.WAITING), {"due": 1, "waiting": 1}, id="waiting"),
        pytest.param(counted(standing=Standing.WAITING, paused=True), {"due": 1, "waiting": 1}, id="waiting, paused"),
        pytest.param(counted(paused=True), {"not_asked": 1}, id="overdue, paused"),
        *(pytest.param(counted(asking=asking), {"not_asked": 1}, id=f"overdue, {asking}") for asking in NOT_ASKED),
        pytest.param(counted(standing=Standing.OPEN, due_at=AS_OF + SECOND), {}, id="due in a second"),
        pytest.param(counted(standing=Standing.OPEN, due_at=AS_OF), {}, id="due now, not reported"),
        pytest.param(counted(standing=Standing.WAITING, due_at=AS_OF), {"due": 1, "waiting": 1}, id="due now, waiting"),
        pytest.param(
            counted(standing=Standing.DONE_ON_TIME, due_at=AS_OF), {"due": 1, "on_time": 1}, id="due now, done"
        ),
        pytest.param(counted(standing=Standing.DONE_ON_TIME, due_at=AS_OF + SECOND), {}, id="done before it is due"),
        pytest.param(counted(standing=Standing.WAITING, due_at=AS_OF + SECOND), {}, id="waiting before it is due"),
    ],
)
def test_an_occurrence_falls_into_one_class(each: Counted, expected: dict[str, int]) -> None:
    assert classes(of(each).total) == expected


def test_a_released_occurrence_gives_its_unit_no_line() -> None:
    assert of(counted(standing=Standing.RELEASED)).units == ()


def test_what_the_plan_dropped_is_not_counted() -> None:
    assert of(counted(task="R99")) == of()


def test_a_unit_that_left_the_registry_is_counted_under_its_id() -> None:
    figures = of(counted(unit="gone"))

    assert [(each.unit_id, each.name, each.overdue) for each in figures.units] == [("gone", "gone", 1)]
    assert [line.unit for line in figures.overdue] == ["gone"]


def test_units_without_points_stand_by_days_then_number_then_name() -> None:
    old, new = local("2022-09-01 17:00"), local("2022-09-29 17:00")
    figures = of(
        counted(unit="snv", standing=Standing.DONE_LATE, due_at=old),
        counted(unit="hoian", due_at=new),
        counted(unit="stc", due_at=old),
        counted(unit="tamky", due_at=new),
        counted(unit="tamky", task="R2", due_at=new),
    )

    assert [each.unit_id for each in figures.units] == ["stc", "tamky", "hoian", "snv"]
    assert [each.days_late for each in figures.units] == [29, 2, 1, 0]


def test_units_of_one_name_keep_one_order() -> None:
    twins = plan(task(units=("b", "a")), units=(unit("b", name="Ban"), unit("a", name="Ban")))
    figures = figure(WEEK, (counted(unit="b"), counted(unit="a")), plan=twins, previous=None, in_doubt=0)

    assert [each.unit_id for each in figures.units] == ["a", "b"]


def test_a_summary_names_its_week_plan_and_coverage() -> None:
    rates = Rates(done_share=0.5, on_time_share=0.25)
    figures = of(
        counted(unit="snv"),
        counted(unit="snv", task="R2", asking=Asking.NO_CONTACT),
        counted(unit="stc", asking=Asking.IN_DOUBT),
        counted(unit="tamky", asking=Asking.FAILED),
        counted(unit="hoian", asking=Asking.NOT_YET),
        previous=rates,
        in_doubt=3,
    )

    assert (figures.week, figures.starts, figures.ends) == ("2022-W39", date(2022, 9, 26), date(2022, 10, 2))
    assert (figures.plan, figures.as_of, figures.given) == ("Kế hoạch số 5610/KH-UBND", AS_OF, 6)
    assert (figures.asked_units, figures.units_total, figures.in_doubt) == (1, 3, 3)
    assert figures.previous is rates


def test_a_first_summary_has_nothing_before_it_and_no_rate_of_nothing() -> None:
    figures = of()

    assert figures.previous is None
    assert (figures.total.due, figures.total.done_share, figures.total.on_time_share) == (0, None, None)


def test_both_rates_have_all_that_was_due_below_the_line() -> None:
    stands = [Standing.DONE_ON_TIME, Standing.DONE_LATE, Standing.WAITING, Standing.OVERDUE]
    total = of(*(counted(unit=owing, standing=each) for owing, each in zip(UNITS, stands, strict=True))).total

    assert (total.done_share, total.on_time_share) == (0.5, 0.25)


@pytest.mark.parametrize(
    ("each", "lists"),
    [
        pytest.param(counted(), "overdue unanswered", id="overdue and silent"),
        pytest.param(counted(status=Status.IN_PROGRESS), "overdue", id="overdue, in progress"),
        pytest.param(counted(status=Status.BLOCKED, undecided=True), "blocked overdue", id="overdue, blocked"),
        pytest.param(
            counted(status=Status.BLOCKED, standing=Standing.WORKING, due_at=local("2022-11-01 17:00")),
            "blocked",
            id="blocked in time",
        ),
        pytest.param(
            counted(status=Status.EXTENSION, undecided=True),
            "extensions",
            id="extension asked: not late until it is decided",
        ),
        pytest.param(counted(status=Status.EXTENSION), "overdue", id="extension refused"),
        pytest.param(counted(status=Status.DONE, standing=Standing.WAITING, undecided=True), "", id="waiting"),
        pytest.param(counted(status=Status.DONE, standing=Standing.DONE_LATE), "", id="done"),
        pytest.param(
            counted(standing=Standing.OPEN, due_at=local("2022-10-09 23:59:59")),
            "next_week unanswered",
            id="due at the end of next week, reminded",
        ),
        pytest.param(
            counted(standing=Standing.OPEN, due_at=local("2022-10-10 00:00"), asking=Asking.NOT_YET),
            "",
            id="due after next week",
        ),
        pytest.param(
            counted(standing=Standing.OPEN, due_at=AS_OF, asking=Asking.NOT_YET), "next_week", id="due this very moment"
        ),
        pytest.param(
            counted(standing=Standing.WAITING, status=Status.DONE, due_at=local("2022-10-05 17:00")),
            "",
            id="due next week, already reported",
        ),
        pytest.param(counted(asking=Asking.NO_CONTACT), "undeliverable", id="nobody to ask"),
        pytest.param(counted(asking=Asking.FAILED), "undeliverable", id="a message failed"),
        pytest.param(counted(asking=Asking.IN_DOUBT), "undeliverable", id="a message in doubt"),
        pytest.param(counted(asking=Asking.NOT_YET), "", id="not asked yet"),
    ],
)
def test_an_occurrence_stands_in_the_lists_that_concern_it(each: Counted, lists: str) -> None:
    figures = of(each)
    names = ("blocked", "extensions", "overdue", "next_week", "unanswered", "undeliverable")

    assert " ".join(name for name in names if getattr(figures, name)) == lists


@pytest.mark.parametrize(
    ("name", "each", "note"),
    [
        pytest.param("blocked", counted(status=Status.BLOCKED, note="thiếu kinh phí"), "thiếu kinh phí", id="blocked"),
        pytest.param(
            "extensions",
            counted(status=Status.EXTENSION, undecided=True, wanted_due_at=local("2022-10-15 23:59:59"), note="chờ Bộ"),
            "→ 15/10/2022; chờ Bộ",
            id="extension with a reason",
        ),
        pytest.param(
            "extensions",
            counted(status=Status.EXTENSION, undecided=True, wanted_due_at=local("2022-10-15 00:00")),
            "→ 15/10/2022",
            id="extension without one, by its local day",
        ),
        pytest.param(
            "extensions", counted(status=Status.EXTENSION, undecided=True, note="x"), "x", id="extension without a day"
        ),
        pytest.param("undeliverable", counted(asking=Asking.FAILED, note="x"), "failed", id="why it did not arrive"),
    ],
)
def test_a_line_says_what_is_to_be_known(name: str, each: Counted, note: str) -> None:
    (line,) = getattr(of(each), name)

    assert line.note == note
    assert (line.task, line.title, line.unit, line.due_at) == ("R1", "Nhiệm vụ R1", "Đơn vị snv", each.due_at)


@pytest.mark.parametrize(
    ("name", "each", "days"),
    [
        pytest.param("overdue", counted(), 1, id="late"),
        pytest.param("next_week", counted(standing=Standing.OPEN, due_at=local("2022-10-05 17:00")), 5, id="left"),
    ],
)
def test_a_line_has_its_days_late_or_left(name: str, each: Counted, days: int) -> None:
    assert [line.days for line in getattr(of(each), name)] == [days]


@pytest.mark.parametrize(
    ("day", "name", "starts"),
    [
        pytest.param(date(2022, 9, 26), "2022-W39", date(2022, 9, 26), id="Monday"),
        pytest.param(date(2022, 10, 2), "2022-W39", date(2022, 9, 26), id="Sunday"),
        pytest.param(date(2023, 1, 1), "2022-W52", date(2022, 12, 26), id="new year of the old one's week"),
        pytest.param(date(2024, 12, 30), "2025-W01", date(2024, 12, 30), id="old year of the new one's week"),
        pytest.param(date(2021, 1, 3), "2020-W53", date(2020, 12, 28), id="week 53"),
    ],
)
def test_a_week_runs_from_monday_to_sunday_under_its_iso_name(day: date, name: str, starts: date) -> None:
    week = week_of(day, as_of=AS_OF)

    assert (week.name, week.starts, week.ends) == (name, starts, starts + timedelta(days=6))


@pytest.mark.parametrize(
    ("before", "after", "between"),
    [
        pytest.param("2022-W39", "2022-W40", (), id="one after the other"),
        pytest.param("2022-W39", "2022-W42", ("2022-W40", "2022-W41"), id="two are missing"),
        pytest.param("2025-W52", "2026-W02", ("2026-W01",), id="over New Year"),
        pytest.param("2026-W52", "2027-W01", ("2026-W53",), id="a year of 53 weeks"),
        pytest.param("2022-W40", "2022-W39", (), id="a clock set back"),
    ],
)
def test_the_weeks_between_two_are_named(before: str, after: str, between: tuple[str, ...]) -> None:
    assert weeks_between(before, after) == between
