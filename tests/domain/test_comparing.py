"""A week beside others: earlier ones, itself counted again, and the tasks that nobody spoke of for long."""

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest

from bot.domain.comparing import Heard, corrections, earlier, silent
from bot.domain.compliance import UnitFigures, WeekFigures
from bot.domain.plan import Pause
from bot.domain.spans import week_a_month_before
from bot.domain.tallies import Classes
from tests.builders import EMPTY_WEEK, local, plan, task

AS_OF = local("2022-12-30 10:00")
PLAN = plan(
    task("R5"), task("R10"), task("R7", pause=Pause(until=date(2022, 12, 30), reason="chờ")), task("R8", units=("stc",))
)


def word(task: str, days_known: int, last_at: datetime | None = None) -> Heard:
    return Heard(task=task, unit="snv", known_at=AS_OF - timedelta(days=days_known), last_at=last_at)


@pytest.mark.parametrize(
    ("known_days", "last_days", "days"),
    [
        pytest.param(200, 91, [91], id="91 days ago"),
        pytest.param(200, 90, [], id="90 days ago"),
        pytest.param(200, 3, [], id="lately"),
        pytest.param(120, None, [120], id="never"),
        pytest.param(90, None, [], id="never, and not known for long"),
    ],
)
def test_a_unit_is_silent_after_ninety_days(known_days: int, last_days: int | None, days: list[int]) -> None:
    last_at = AS_OF - timedelta(days=last_days) if last_days is not None else None

    assert [line.days for line in silent(PLAN, [word("R5", known_days, last_at)], as_of=AS_OF)] == days


def test_the_longest_silence_comes_first_and_a_paused_task_is_silent_by_agreement() -> None:
    words = [word("R5", 100), word("R10", 100), word("R7", 150), word("R8", 140)]

    assert [line.task for line in silent(PLAN, words, as_of=AS_OF)] == ["R8", "R5", "R10"]


def unit(id: str, on_time: int, late: int, waiting: int, overdue: int) -> UnitFigures:
    counts = {"on_time": on_time, "late": late, "waiting": waiting, "overdue": overdue}
    return UnitFigures(unit_id=id, name=id, **counts, due=sum(counts.values()), not_asked=0, days_late=0)


def week(name: str, *tasks: UnitFigures) -> WeekFigures:
    return replace(EMPTY_WEEK, week=name, form=2, units=tasks, tasks=tasks)


def test_earlier_weeks_stand_newest_first_and_then_the_one_a_month_before() -> None:
    before = [week("2022-W38", unit("R1", 3, 0, 0, 1)), week("2022-W37", unit("R1", 1, 0, 0, 1))]

    found = earlier(before, month=week("2022-W35"))

    assert [(each.why, each.week, each.classes.on_time) for each in found] == [
        ("last", "2022-W38", 3),
        ("before_last", "2022-W37", 1),
        ("month", "2022-W35", 0),
    ]
    assert earlier([], month=None) == ()


@pytest.mark.parametrize(
    ("day", "name"),
    [
        pytest.param(date(2022, 9, 30), "2022-W35", id="30/8"),
        pytest.param(date(2022, 10, 31), "2022-W39", id="30/9, the last day of a shorter month"),
        pytest.param(date(2023, 1, 6), "2022-W49", id="over New Year"),
        pytest.param(date(2023, 3, 31), "2023-W09", id="28/2"),
    ],
)
def test_the_same_week_a_month_before_holds_the_same_day(day: date, name: str) -> None:
    assert week_a_month_before(day) == name


def test_a_correction_names_what_changed_and_leaves_out_what_is_not_in_both() -> None:
    published = week("2022-W38", unit("R1", 3, 0, 2, 1), unit("R2", 1, 0, 0, 0), unit("dropped", 9, 0, 0, 0))
    again = week("2022-W38", unit("R1", 4, 0, 0, 2), unit("R2", 1, 0, 0, 0), unit("new", 0, 0, 0, 7))

    found = corrections(published, again)

    assert found is not None
    assert found.week == "2022-W38"
    assert [(each.task, each.before, each.after) for each in found.tasks] == [
        ("R1", Classes(on_time=3, late=0, waiting=2, overdue=1), Classes(on_time=4, late=0, waiting=0, overdue=2))
    ]
    assert (found.before.due, found.after.due) == (7, 7)
    assert (found.before.on_time, found.after.on_time) == (4, 5)


def test_a_week_that_comes_out_the_same_needs_no_correction() -> None:
    published = week("2022-W38", unit("R1", 3, 0, 2, 1))

    assert corrections(published, published) is None
    assert corrections(replace(published, tasks=()), published) is None  # frozen before tasks were counted
