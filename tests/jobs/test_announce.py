"""Telling the office: gathered, in office hours, each report once, nobody left out."""

from datetime import datetime, timedelta

import pytest

from bot.domain.calendar import Calendar
from bot.domain.plan import Review, Role
from bot.domain.standing import Status
from bot.jobs.announce import announce
from bot.store import Store, outbox
from bot.store.outbox import Lane
from tests.fakes.channel import CAPS, NAME
from tests.store.builders import HOUR, MINUTE, NOW, decided, joined, occurrence, plan_of, reported, task

PLAN = plan_of(task("R1"), task("R2", review=Review.NONE))
GATHER = 10 * MINUTE


@pytest.fixture
def office(sqlite_store: Store) -> Store:
    """A store with two people of the office."""
    for chat in ("o1", "o2"):
        sqlite_store.write(lambda tx, c=chat: joined(tx, c, unit="snv", role=Role.OFFICE))
    return sqlite_store


def say(store: Store, *, now: datetime = NOW, gather: timedelta = timedelta()) -> int:
    return store.write(
        lambda tx: announce(tx, plan=PLAN, calendar=Calendar(), caps={NAME: CAPS}, gather=gather, now=now)
    )


def arrives(store: Store, unit: str, task_id: str = "R1", *, status: Status = Status.DONE, now: datetime = NOW) -> int:
    def write(tx) -> int:
        return reported(tx, occurrence(tx, task_id, unit), status=status, now=now)

    return store.write(write)


def written(store: Store, *, now: datetime = NOW) -> list[tuple[str, str]]:
    found = store.write(lambda tx: outbox.claim(tx, now=now, limit=99, slowest=Lane.SUMMARY))
    return [(each.chat_id, each.out.text) for each in found]


def test_everybody_of_the_office_gets_one_list_of_what_is_new(office: Store) -> None:
    arrives(office, "stc")
    arrives(office, "tamky", status=Status.EXTENSION)

    assert say(office) == 2

    found = written(office)
    assert [chat for chat, _ in found] == ["o1", "o2"]
    assert all("Đơn vị stc" in text and "Đơn vị tamky" in text for _, text in found)


def test_a_report_is_told_once(office: Store) -> None:
    arrives(office, "stc")
    say(office)
    written(office)

    assert say(office, now=NOW + HOUR) == 0
    arrives(office, "tamky")
    assert say(office, now=NOW + HOUR) == 1
    assert all("Đơn vị stc" not in text for _, text in written(office, now=NOW + HOUR))


@pytest.mark.parametrize(
    ("later", "told"),
    [
        pytest.param(GATHER - timedelta(seconds=1), 0, id="a second too early"),
        pytest.param(GATHER, 1, id="exactly"),
        pytest.param(-HOUR, 1, id="the clock was set back"),
    ],
)
def test_a_report_waits_some_minutes_for_its_note_its_files_and_others(
    office: Store, later: timedelta, told: int
) -> None:
    arrives(office, "stc", now=NOW + HOUR)
    arrives(office, "tamky", now=NOW + HOUR + GATHER / 2)

    assert say(office, now=NOW + HOUR + later, gather=GATHER) == 2 * told


def test_outside_office_hours_nobody_is_told_and_nothing_is_lost(office: Store) -> None:
    arrives(office, "stc")

    assert say(office, now=NOW - 2 * HOUR) == 0
    assert written(office) == []
    assert say(office) == 1


@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.BLOCKED])
def test_what_asks_for_no_decision_is_not_told(office: Store, status: Status) -> None:
    arrives(office, "stc", status=status)
    arrives(office, "stc", "R2")

    assert say(office) == 0


def test_what_is_decided_already_is_not_told(office: Store) -> None:
    report = arrives(office, "stc")
    office.write(lambda tx: decided(tx, report, occurrence(tx, "R1", "stc")))

    assert say(office) == 0


def test_while_nobody_of_the_office_has_joined_the_reports_wait(sqlite_store: Store) -> None:
    arrives(sqlite_store, "stc")

    assert say(sqlite_store) == 0
    sqlite_store.write(lambda tx: joined(tx, "o1", unit="snv", role=Role.OFFICE))
    assert say(sqlite_store, now=NOW + HOUR) == 1
