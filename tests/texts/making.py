"""Builders of what messages are made of: the shipped plan's tasks, reports on them, weeks."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from bot.catalogue import load_catalogue
from bot.domain.calendar import LOCAL
from bot.domain.compliance import Line, UnitFigures, WeekFigures
from bot.domain.standing import Standing, Status
from bot.ports import Out
from bot.texts.tasks import Said, View
from tests.builders import EMPTY_WEEK

PLAN = load_catalogue(Path(__file__).parents[2]).plan
TASKS = tuple(PLAN.tasks.values())
NOW = datetime(2022, 9, 26, 8, 0, tzinfo=LOCAL).astimezone(UTC)
END = datetime(2022, 9, 30, 23, 59, 59, tzinfo=LOCAL).astimezone(UTC)

WEEK = EMPTY_WEEK


def said(status: Status, **changes: Any) -> Said:
    """Return a report by Lan, made yesterday at noon."""
    made = Said(seen=7, status=status, figures={}, person="Nguyễn Thị Lan", at=NOW - timedelta(hours=20))
    return replace(made, **changes)


def view(task: str = "R10", **changes: Any) -> View:
    """Return an open occurrence of the shipped plan that is due in four days."""
    made = View(
        id=1,
        task=PLAN.tasks[task],
        unit="Sở Nội vụ",
        period="2022-09",
        due_at=END,
        original_due_at=END,
        standing=Standing.OPEN,
    )
    if "due_at" in changes:
        changes.setdefault("original_due_at", changes["due_at"])
    return replace(made, **changes)


def late(days: int, **changes: Any) -> View:
    """Return an occurrence whose due day is so many days past."""
    return view(due_at=END - timedelta(days=4 + days), standing=Standing.OVERDUE, **changes)


def week(**changes: Any) -> WeekFigures:
    """Return week 39 with these fields changed."""
    return replace(WEEK, **changes)


def unit(name: str, *counts: int, not_asked: int = 0, days_late: int = 0) -> UnitFigures:
    """Return a unit's figures from its counts: on_time, late, waiting, overdue."""
    on_time, done_late, waiting, overdue = counts
    return UnitFigures(
        unit_id=name,
        name=name,
        due=sum(counts),
        on_time=on_time,
        late=done_late,
        waiting=waiting,
        overdue=overdue,
        not_asked=not_asked,
        days_late=days_late,
    )


def line(task: str, of: str, note: str = "", *, due_at: datetime = END) -> Line:
    """Return an entry of one of a summary's lists."""
    return Line(task=task, title=PLAN.tasks[task].title, unit=of, due_at=due_at, note=note, days=0)


def whole(out: Out) -> str:
    """Return all that a reader reads, buttons too."""
    return "\n".join([out.heading, out.text, *labels(out)])


def labels(out: Out) -> list[str]:
    """Return the words on the buttons, row by row."""
    return [button.text for row in out.buttons for button in row]


def actions(out: Out) -> list[str]:
    """Return what the buttons carry."""
    return [button.action for row in out.buttons for button in row]
