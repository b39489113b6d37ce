"""What stands behind a week's figures is gathered as of its moment, and equals them."""

from datetime import timedelta
from pathlib import Path

import pytest

from bot.domain.grid import Mark
from bot.domain.spans import week_name
from bot.domain.steps import Fate, Reason
from bot.jobs.records import behind, grid, rated
from bot.jobs.summarise import figures_of, freeze
from bot.store import Store, ledger, summaries
from tests.store.builders import DAY, HOUR, NOW, decided, occurrence, plan_of, reported

AS_OF = NOW + 4 * DAY


@pytest.fixture
def store(sqlite_store: Store, tmp_path: Path) -> Store:
    """A store with one thing done and accepted, one not done, and one reported only after the moment of counting."""

    def write(tx) -> None:
        done, later = (occurrence(tx, "R1", unit, due_at=NOW + 3 * DAY) for unit in ("stc", "tamky"))
        report = reported(tx, done, done_since=NOW + DAY, now=NOW + DAY)
        decided(tx, report, done, now=NOW + 2 * DAY)
        reported(tx, later, now=AS_OF + HOUR)
        for step, at in (("-1d", NOW + 2 * DAY), ("+1d", AS_OF + HOUR)):
            fate = ledger.Entry(
                occurrence_id=later,
                step=step,
                due_at=NOW + 3 * DAY,
                planned_at=at,
                fate=Fate.SUPPRESSED,
                reason=Reason.NO_CONTACT,
            )
            ledger.add(tx, [fate], now=at)

    sqlite_store.write(write)
    return sqlite_store


def test_rows_are_those_of_the_moment_and_said_in_words(store: Store) -> None:
    found = store.read(lambda tx: behind(tx, plan_of(), as_of=AS_OF))

    assert [row[0] for row in found.occurrences] == ["R1", "R1"]
    assert {row[5] for row in found.occurrences} == {"Hoàn thành đúng hạn", "Quá hạn chưa hoàn thành"}
    assert [(row[0], row[5], row[8]) for row in found.reports] == [("R1", "Đã hoàn thành", "xác nhận")]
    assert all(row[9] <= AS_OF for row in found.reports)
    assert [(row[3], row[6]) for row in found.deliveries] == [
        ("nhắc trước hạn 1 ngày", "không nhắc (không có người liên hệ được)")
    ]


def test_the_grid_is_counted_from_the_same_occurrences(store: Store) -> None:
    counted = store.read(lambda tx: grid(tx, plan_of(), as_of=AS_OF))

    assert counted == store.read(lambda tx: behind(tx, plan_of(), as_of=AS_OF)).grid
    assert counted.spots["stc", "R1"].mark is Mark.ON_TIME
    assert counted.spots["tamky", "R1"].mark is Mark.APART  # nobody asked them


def test_past_weeks_come_oldest_first_with_this_one_last(store: Store) -> None:
    day = AS_OF.date()
    figures = store.read(lambda tx: figures_of(tx, plan_of(), day=day, as_of=AS_OF))
    store.write(lambda tx: summaries.publish(tx, freeze(figures, now=AS_OF)))
    later = day + timedelta(days=7)
    after = store.read(lambda tx: figures_of(tx, plan_of(), day=later, as_of=AS_OF + 7 * DAY))

    found = store.read(lambda tx: rated(tx, after, most=12))

    assert [week for week, _ in found] == [week_name(day), week_name(later)]
    assert found[0][1] == figures.total.classes
    assert store.read(lambda tx: rated(tx, after, most=1)) == found[1:]
