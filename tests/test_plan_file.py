"""The shipped plan, units and calendar are what their sources say."""

from datetime import date, timedelta
from pathlib import Path

import holidays
import pytest

from bot.catalogue import load_catalogue
from bot.domain.due import periods
from bot.domain.plan import ResultKind, Task

ROOT = Path(__file__).parent.parent
ARTICLE = (ROOT / "tests/catalogue/seed_article.txt").read_text(encoding="utf-8")
SHIPPED = load_catalogue(ROOT)
TASKS = list(SHIPPED.plan.tasks.values())
PROPOSED = "đề xuất, chờ xác nhận"


def each_task() -> pytest.MarkDecorator:
    return pytest.mark.parametrize("task", TASKS, ids=[task.id for task in TASKS])


def test_the_plan_has_all_23_requirements() -> None:
    assert list(SHIPPED.plan.tasks) == [f"R{number}" for number in range(1, 24)]


@each_task()
def test_a_quote_stands_word_for_word_in_the_article(task: Task) -> None:
    assert task.quote
    assert task.quote in ARTICLE


@each_task()
def test_a_due_day_that_the_article_does_not_give_is_called_proposed(task: Task) -> None:
    # The article names no day for any requirement, only rhythms and the year.
    assert PROPOSED in task.due_note


@each_task()
def test_a_task_has_all_that_a_reminder_and_a_report_need(task: Task) -> None:
    plan = SHIPPED.plan

    assert periods(task.due, starts=plan.starts, ends=plan.ends, calendar=SHIPPED.calendar)
    assert all((task.units, task.criteria, task.due_text, task.basis))
    assert task.result.label or task.result.kind is ResultKind.RATIO


def test_the_registry_holds_20_departments_and_18_districts() -> None:
    kinds = [unit.kind for unit in SHIPPED.plan.units.values()]

    assert (kinds.count("so-ban-nganh"), kinds.count("huyen"), len(kinds)) == (20, 18, 38)


def test_no_two_units_share_a_name_a_short_name_or_an_alias() -> None:
    called = [
        name.casefold()
        for unit in SHIPPED.plan.units.values()
        for name in {unit.name, unit.short, unit.id, *unit.aliases}
        if name.casefold() != unit.id or name == unit.id
    ]

    assert sorted(set(called)) == sorted(called)


def test_no_points_are_claimed_without_a_source() -> None:
    assert [criterion.points for criterion in SHIPPED.plan.criteria.values()] == [None] * 8


def test_the_calendar_equals_the_library_but_for_what_it_misses() -> None:
    library = holidays.country_holidays("VN", years=range(2022, 2027), language="vi")
    calendar = SHIPPED.calendar
    days = (date(2022, 1, 1) + timedelta(days=number) for number in range(5 * 365 + 1))

    differing = {day for day in days if calendar.is_working_day(day) != library.is_working_day(day)}

    assert differing == {
        date(2026, 1, 2),  # off, 12729/VPCP-KGVX
        date(2026, 1, 10),  # made up for it
        date(2026, 11, 24),  # counted by the library before the Labour Code was changed
    }
