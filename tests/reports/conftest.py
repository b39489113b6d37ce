"""A builder of weeks for the tests of pictures and files."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest

from bot.domain.compliance import Line, UnitFigures, WeekFigures
from tests.builders import EMPTY_WEEK

WEEK = replace(EMPTY_WEEK, asked_units=41, units_total=44, in_doubt=3)


@pytest.fixture
def make_week() -> Callable[..., WeekFigures]:
    """Return a builder: week 39 of 2022 with the given fields changed."""

    def build(**changes: Any) -> WeekFigures:
        return replace(WEEK, **changes)

    return build


@pytest.fixture
def make_unit() -> Callable[..., UnitFigures]:
    """Return a builder of a unit's figures from its name and the counts on_time, late, waiting, overdue."""

    def build(name: str, *counts: int, not_asked: int = 0, days_late: int = 0) -> UnitFigures:
        on_time, late, waiting, overdue = counts
        return UnitFigures(
            unit_id=name,
            name=name,
            due=sum(counts),
            on_time=on_time,
            late=late,
            waiting=waiting,
            overdue=overdue,
            not_asked=not_asked,
            days_late=days_late,
        )

    return build


@pytest.fixture
def make_line() -> Callable[..., Line]:
    """Return a builder of a list's entry with this note."""

    def build(note: str) -> Line:
        due_at = datetime(2022, 9, 25, 10, 0, tzinfo=UTC)
        return Line(task="R18", title="Công khai tiến độ", unit="Sở Nội vụ", due_at=due_at, note=note, days=5)

    return build
