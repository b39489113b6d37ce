"""The weekly summary: published once, frozen, to managers and registered groups."""

import json
from collections.abc import Iterator
from datetime import datetime, time, timedelta
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.calendar import Calendar, local_moment
from bot.domain.compliance import week_from_json
from bot.domain.plan import Role
from bot.jobs.summarise import SUMMARIES, figures_of, freeze, last_moment, summarise
from bot.store import Store, outbox, people, revisions, summaries
from bot.store.outbox import Lane
from bot.store.tables import outbox as outbox_table
from tests.fakes.channel import CAPS, NAME
from tests.store.builders import DAY, HOUR, NOW, SECOND, decided, joined, occurrence, plan_of, reported

FRIDAY = local_moment((NOW + 4 * DAY).date(), time(16, 0))
AS_OF_TIME = time(10, 0)
WEEK = "2022-W39"


@pytest.fixture
def store(sqlite_store: Store) -> Store:
    """A store with a catalogue in force since Monday, one thing due on Thursday and done, one not done."""
    sqlite_store.write(lambda tx: revisions.add(tx, digest="d", texts={}, now=NOW))

    def write(tx) -> None:
        done = occurrence(tx, "R1", "stc", due_at=NOW + 3 * DAY)
        occurrence(tx, "R1", "tamky", due_at=NOW + 3 * DAY)
        report = reported(tx, done, done_since=NOW + DAY, now=NOW + DAY)
        decided(tx, report, done, now=NOW + 2 * DAY)

    sqlite_store.write(write)
    return sqlite_store


def publish(store: Store, folder: Path, *, now: datetime = FRIDAY, moment: datetime = FRIDAY) -> bool:
    return summarise(
        store,
        plan=plan_of(),
        calendar=Calendar(),
        caps={NAME: CAPS},
        folder=folder,
        moment=moment,
        as_of_time=AS_OF_TIME,
        language="vi",
        now=now,
    )


def readers(store: Store) -> list[str]:
    chosen = select(outbox_table.c.chat_id).where(outbox_table.c.lane == Lane.SUMMARY)
    return list(store.read(lambda tx: tx.execute(chosen).scalars().all()))


def test_managers_and_groups_get_the_page_the_picture_and_the_workbook_once(store: Store, tmp_path: Path) -> None:
    store.write(lambda tx: joined(tx, "m", unit="ubnd", role=Role.MANAGER))
    store.write(lambda tx: joined(tx, "m", unit="snv", role=Role.MANAGER))
    store.write(lambda tx: joined(tx, "f"))
    store.write(lambda tx: people.register_group(tx, channel=NAME, chat_id="-1", title="N", person_id=1, now=NOW))

    assert publish(store, tmp_path)
    assert not publish(store, tmp_path)
    assert not publish(store, tmp_path, now=FRIDAY + DAY)

    assert sorted(readers(store)) == ["-1"] * 3 + ["m"] * 3
    assert sorted(path.name for path in (tmp_path / SUMMARIES).iterdir()) == [f"{WEEK}.png", f"{WEEK}.xlsx"]


def test_a_published_week_is_frozen_with_its_hash(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path)

    kept = store.read(lambda tx: summaries.get(tx, WEEK))
    assert kept is not None
    whole = json.dumps(kept.figures, ensure_ascii=False, sort_keys=True) + kept.text
    assert kept.digest == sha256(whole.encode()).hexdigest()
    figures = week_from_json(kept.figures)
    assert figures.as_of == local_moment(FRIDAY.date(), AS_OF_TIME)
    assert freeze(figures, now=kept.published_at) == kept


def test_what_comes_between_counting_and_publishing_waits_for_the_next_week(store: Store, tmp_path: Path) -> None:
    def late(tx) -> None:
        each = occurrence(tx, "R1", "tamky")
        decided(tx, reported(tx, each, now=FRIDAY - HOUR), each, now=FRIDAY - HOUR)

    store.write(late)

    publish(store, tmp_path)

    kept = store.read(lambda tx: summaries.get(tx, WEEK))
    assert kept is not None
    assert week_from_json(kept.figures).total.done == 1


def test_the_next_week_stands_beside_the_last_published_one(store: Store, tmp_path: Path) -> None:
    publish(store, tmp_path)
    day = FRIDAY.date() + timedelta(days=7)

    figures = store.read(lambda tx: figures_of(tx, plan_of(), day=day, as_of=local_moment(day, AS_OF_TIME)))

    assert figures.previous is not None
    assert figures.previous.done_share == 1.0


def test_nothing_is_published_of_a_time_before_the_first_catalogue(sqlite_store: Store, tmp_path: Path) -> None:
    sqlite_store.write(lambda tx: revisions.add(tx, digest="d", texts={}, now=FRIDAY))

    assert not publish(sqlite_store, tmp_path)
    assert not (tmp_path / SUMMARIES).exists()


def test_a_summary_published_late_waits_for_the_office_to_open(store: Store, tmp_path: Path) -> None:
    store.write(lambda tx: joined(tx, "m", unit="ubnd", role=Role.MANAGER))
    saturday = FRIDAY + DAY

    publish(store, tmp_path, now=saturday)

    assert store.read(outbox.next_moment) == local_moment((FRIDAY + 3 * DAY).date(), time(7, 30))


def weekly(first: datetime) -> Iterator[datetime]:
    while True:
        yield first
        first += 7 * DAY


@pytest.mark.parametrize(
    ("now", "found"),
    [
        pytest.param(FRIDAY - SECOND, FRIDAY - 7 * DAY, id="just before"),
        pytest.param(FRIDAY, FRIDAY, id="exactly at"),
        pytest.param(FRIDAY + 7 * DAY - SECOND, FRIDAY, id="the last second of the week"),
    ],
)
def test_the_moment_to_publish_is_the_last_one_that_came(now: datetime, found: datetime) -> None:
    assert last_moment(weekly(FRIDAY - 14 * DAY), now=now) == found


def test_a_moment_a_week_old_or_yet_to_come_is_none() -> None:
    assert last_moment(iter([FRIDAY]), now=FRIDAY + 7 * DAY) is None
    assert last_moment(iter([FRIDAY]), now=FRIDAY - SECOND) is None
    assert last_moment(iter([]), now=FRIDAY) is None
