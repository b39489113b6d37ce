"""The beat of the ticks, the outages its absence shows, and what they kept from being told."""

from datetime import date, datetime, timedelta

import pytest

from bot.domain.compliance import Missed
from bot.domain.plan import Role
from bot.domain.steps import Fate, Reason
from bot.store import Store, Tx, ledger, occurrences, outages
from bot.store.outages import SILENCE, Outage
from tests.store.builders import DAY, HOUR, MINUTE, NOW, joined, occurrence

LONG_AGO = NOW - 30 * DAY


def join(store: Store, role: Role = Role.FOCAL, unit: str = "stc", since: datetime = LONG_AGO) -> None:
    store.write(lambda tx: joined(tx, f"{role} of {unit}", unit=unit, role=role, now=since))


def beaten(store: Store, *moments: datetime) -> tuple[Outage, ...]:
    for moment in moments:
        store.write(lambda tx, moment=moment: outages.beat(tx, now=moment))
    return store.read(outages.outages)


def entered(
    tx: Tx,
    task: str = "R1",
    step: str = "-3d",
    *,
    planned_at: datetime,
    at: datetime,
    fate: Fate = Fate.SUPERSEDED,
    reason: Reason | None = Reason.NEWER_STEP,
    known_at: datetime = NOW - 9 * DAY,
) -> int:
    about = occurrence(tx, task, due_at=NOW + 4 * DAY, now=known_at)
    entry = ledger.Entry(
        occurrence_id=about, step=step, due_at=NOW + 4 * DAY, planned_at=planned_at, fate=fate, reason=reason
    )
    ledger.add(tx, [entry], now=at)
    return about


def found(store: Store, *, since: datetime | None = None, until: datetime = NOW + 9 * DAY) -> Missed | None:
    return store.read(lambda tx: outages.missed(tx, since=since, until=until))


def test_ticks_that_follow_each_other_are_no_outage(store: Store) -> None:
    assert beaten(store, NOW, NOW + MINUTE, NOW + MINUTE + SILENCE) == ()


def test_a_longer_silence_is_an_outage(store: Store) -> None:
    assert beaten(store, NOW, NOW + DAY, NOW + DAY + MINUTE, NOW + 3 * DAY) == (
        Outage(began_at=NOW, ended_at=NOW + DAY),
        Outage(began_at=NOW + DAY + MINUTE, ended_at=NOW + 3 * DAY),
    )


def test_a_clock_set_back_is_no_outage_and_the_beat_goes_on_from_there(store: Store) -> None:
    assert beaten(store, NOW, NOW - DAY, NOW - DAY + MINUTE) == ()
    assert beaten(store, NOW - DAY + HOUR) == (Outage(began_at=NOW - DAY + MINUTE, ended_at=NOW - DAY + HOUR),)


def test_overtaken_steps_of_an_outage_are_counted_with_their_days_and_tasks(store: Store) -> None:
    join(store)
    beaten(store, NOW, NOW + 4 * DAY)
    back = NOW + 4 * DAY
    store.write(lambda tx: entered(tx, "R10", planned_at=NOW + DAY, at=back))
    store.write(lambda tx: entered(tx, "R3", planned_at=NOW + 3 * DAY, at=back, reason=Reason.PAST_DUE))
    store.write(lambda tx: entered(tx, "R3", "-1d", planned_at=NOW + 3 * DAY, at=back))

    assert found(store) == Missed(steps=3, first_on=date(2022, 9, 27), last_on=date(2022, 9, 29), tasks=("R3", "R10"))


def test_what_was_found_is_told_once(store: Store) -> None:
    join(store)
    beaten(store, NOW, NOW + 4 * DAY)
    store.write(lambda tx: entered(tx, planned_at=NOW + DAY, at=NOW + 4 * DAY))

    assert found(store, until=NOW + 4 * DAY - MINUTE) is None
    assert found(store, until=NOW + 4 * DAY) is not None
    assert found(store, since=NOW + 4 * DAY) is None


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"fate": Fate.HANDED, "reason": None}, id="told, if late"),
        pytest.param({"fate": Fate.SUPPRESSED, "reason": Reason.REPORTED}, id="answered meanwhile"),
        pytest.param({"planned_at": NOW - DAY}, id="planned while the bot ran"),
        pytest.param({"planned_at": NOW + 2 * DAY - timedelta(seconds=1)}, id="noticed in time"),
        pytest.param({"known_at": NOW + DAY + HOUR}, id="planned before anybody knew of it"),
    ],
)
def test_what_no_outage_hid_is_not_missed(store: Store, changed: dict[str, object]) -> None:
    join(store)
    beaten(store, NOW, NOW + 2 * DAY)
    given = {"planned_at": NOW + DAY, "at": NOW + 2 * DAY} | changed
    store.write(lambda tx: entered(tx, **given))  # type: ignore[arg-type]

    assert found(store) is None


def test_the_steps_of_a_due_that_moved_after_they_were_planned_are_not_missed(store: Store) -> None:
    join(store)
    beaten(store, NOW, NOW + 2 * DAY)
    back = NOW + 2 * DAY
    about = store.write(lambda tx: entered(tx, planned_at=NOW + DAY, at=back + MINUTE))
    assert found(store) is not None

    move = {"due_at": NOW + 5 * DAY, "next_step_at": None, "now": back, "cause": occurrences.BY_PLAN}
    store.write(lambda tx: occurrences.move_due(tx, about, **move))  # type: ignore[arg-type]

    assert found(store) is None


@pytest.mark.parametrize(
    ("who", "step", "steps"),
    [
        pytest.param((Role.FOCAL, "stc", LONG_AGO), "-3d", 1, id="its focal point"),
        pytest.param((Role.HEAD, "stc", LONG_AGO), "+1d", 1, id="its head, where it has no focal point"),
        pytest.param((Role.HEAD, "stc", LONG_AGO), "head+3wd", 1, id="its head"),
        pytest.param((Role.OFFICE, "snv", LONG_AGO), "office+7wd", 1, id="the office"),
        pytest.param((Role.FOCAL, "snv", LONG_AGO), "-3d", None, id="the focal point of another unit"),
        pytest.param((Role.FOCAL, "stc", LONG_AGO), "head+3wd", None, id="not a head"),
        pytest.param((Role.OFFICE, "stc", LONG_AGO), "-3d", None, id="the office is not asked"),
        pytest.param((Role.FOCAL, "stc", NOW + DAY + HOUR), "-3d", None, id="somebody who joined later"),
    ],
)
def test_only_a_step_that_somebody_had_joined_to_hear_was_missed(
    store: Store, who: tuple[Role, str, datetime], step: str, steps: int | None
) -> None:
    join(store, *who)
    beaten(store, NOW, NOW + 4 * DAY)
    store.write(lambda tx: entered(tx, step=step, planned_at=NOW + DAY, at=NOW + 4 * DAY))

    missed = found(store)
    assert (missed.steps if missed else None) == steps
