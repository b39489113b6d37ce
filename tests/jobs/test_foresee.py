"""What is foreseen is what happens: in the store, in the ledger, in the outbox, within the hour; and nothing else does."""

import shutil
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.catalogue import Catalogue
from bot.domain import tally
from bot.domain.calendar import Calendar, local_day
from bot.domain.due import Every, Once, Rhythm
from bot.domain.effects import Effects, Group
from bot.domain.plan import Pause, Plan, Review, Role
from bot.domain.standing import Status, Verdict
from bot.jobs.keep import HORIZON
from bot.store import Store, Tx, occurrences
from tests.builders import local, plan, policy, task, unit
from tests.jobs.edits import MINUTE, Office, catalogue
from tests.store.builders import decided, reported

DAY = timedelta(days=1)
HOURS = ("06:00", "08:00", "08:20", "10:00", "16:40", "20:00")
UNITS = ("snv", "stc", "tamky")
START = "2022-09-05 08:00"

POLICIES = [
    policy(remind="-7d -3d -1d 0d", overdue="+1d +3d", every=7, escalate="head+3wd office+7wd"),
    policy(remind="-3d 0d", overdue="+1d", every=None, escalate="head+1wd"),
    policy(remind="-5wd -1wd", overdue="", every=None, escalate="", at="08:30"),
    policy(remind="-14d -7d -3d", overdue="+2d", every=3, stop=20, escalate="office+2wd"),
]
CALENDARS = [
    Calendar(),
    Calendar(days_off=frozenset({date(2022, 9, 26), date(2022, 9, 27)})),
    Calendar(days_off=frozenset({date(2022, 9, 30)}), working_days=frozenset({date(2022, 10, 1)})),
    Calendar(days_off=frozenset({date(2022, 9, 20)})),
]

days = st.dates(date(2022, 9, 1), date(2022, 12, 20))
dues = st.one_of(
    st.builds(Once, day=days, at=st.sampled_from([None, time(10, 0)])),
    st.builds(Rhythm, every=st.sampled_from([Every.MONTH, Every.WEEK]), day=st.integers(1, 31)),
)


@st.composite
def plans(draw: st.DrawFn) -> Plan:
    """Return a plan of a few tasks; ids are few, so that two plans share some."""
    tasks = []
    for name in draw(st.lists(st.sampled_from(["R1", "R2", "R3", "R4"]), unique=True, min_size=1)):
        units = tuple(draw(st.lists(st.sampled_from(UNITS), unique=True, min_size=1)))
        pause = Pause(until=date(2022, 10, 1), reason="chờ") if draw(st.integers(0, 5)) == 0 else None
        review = draw(st.sampled_from(list(Review)))
        tasks.append(task(name, units=units, due=draw(dues), pause=pause, review=review))
    lives = draw(st.sampled_from([{}, {"valid_to": date(2022, 10, 2), "merged_into": "stc"}]))
    registry = (unit("snv"), unit("stc"), unit("tamky", **lives))
    return plan(*tasks, units=registry, policies={"default": draw(st.sampled_from(POLICIES))})


catalogues = st.builds(catalogue, plans(), st.just("d1"), st.sampled_from(CALENDARS))


@dataclass(frozen=True)
class Past:
    """What happened before the edit, the same in both worlds."""

    linked: tuple[tuple[str, Role], ...]
    said: tuple[tuple[int, Status, Verdict | None], ...]
    moment: datetime


@st.composite
def pasts(draw: st.DrawFn) -> Past:
    everybody = [(each, role) for each in UNITS for role in (Role.FOCAL, Role.HEAD)] + [("snv", Role.OFFICE)]
    words = st.tuples(
        st.integers(0, 8), st.sampled_from(list(Status)), st.sampled_from([None, Verdict.ACCEPT, Verdict.EXTEND])
    )
    return Past(
        linked=tuple(draw(st.lists(st.sampled_from(everybody), unique=True))),
        said=tuple(draw(st.lists(words, max_size=3))),
        moment=local(f"2022-09-{draw(st.integers(7, 30)):02} {draw(st.sampled_from(HOURS))}"),
    )


def lived(store: Store, runs: Catalogue, past: Past) -> Office:
    """Return an office in which the past has happened."""
    office = Office(store, runs, local(START))
    office.begin()
    for each, role in past.linked:
        office.links(each, role=role)
    while office.now < past.moment:
        day = local_day(office.now)
        office.keeps()
        for at in ("07:30", "08:00", "08:30", "14:00"):
            moment = local(f"{day} {at}")
            if START_AT <= moment < past.moment:
                office.now = moment
                office.ticks(moment)
        if day == date(2022, 9, 8):
            store.write(lambda tx: says(tx, past, office.now))
        office.now = local(f"{day + DAY} 00:00")
    office.now = past.moment
    office.keeps()
    return office


START_AT = local(START)


def says(tx: Tx, past: Past, now: datetime) -> None:
    """Let some units report, and the office decide."""
    there = occurrences.of_units(tx, UNITS)
    for number, status, verdict in past.said:
        if number < len(there) and there[number].report_id is None:
            each = there[number]
            report = reported(tx, each.id, status=status, done_since=now if status is Status.DONE else None, now=now)
            if verdict is Verdict.EXTEND and status is Status.EXTENSION:
                decided(tx, report, each.id, verdict=verdict, now=now)
                occurrences.move_due(
                    tx,
                    each.id,
                    due_at=each.due_at + 10 * DAY,
                    handled_until=now,
                    next_step_at=None,
                    now=now,
                    cause=occurrences.BY_EXTENSION,
                )
            elif verdict is Verdict.ACCEPT and status in (Status.DONE, Status.NOT_OURS):
                decided(tx, report, each.id, verdict=verdict, now=now)


def spread(groups: tuple[Group, ...]) -> dict[tuple[str, str, str], tuple[datetime | None, datetime | None]]:
    """Return the occurrences of groups with their dues before and after."""
    return {(group.task, each, group.period): (group.old, group.new) for group in groups for each in group.units}


@pytest.fixture
def fresh(_migrated_sqlite: Path) -> Path:
    """The file of an empty database."""
    return _migrated_sqlite


@given(old=catalogues, new=catalogues, past=pasts())
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_what_is_foreseen_is_what_happens(fresh: Path, old: Catalogue, new: Catalogue, past: Past) -> None:
    new = replace(new, digest="d2")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "LISTED", 10_000)  # so that the lists are whole
        files = [Path(folder) / name for name in ("with.db", "without.db")]
        for file in files:
            shutil.copyfile(fresh, file)
        with Store(f"sqlite:///{files[0]}") as store, Store(f"sqlite:///{files[1]}") as other:
            check(lived(store, old, past), lived(other, old, past), new)


def check(edited: Office, left: Office, new: Catalogue) -> None:
    began = edited.now
    before, already = edited.live(), edited.handed()
    found = edited.foresees(new)
    told = edited.messages()

    edited.applies(new)

    check_dues(found, before, edited.live(), horizon=local_day(began + HORIZON))
    assert (wrong := edited.wrong_steps()) == [], wrong
    assert edited.keeps() == (0, 0, 0)
    assert (edited.messages() - told).total() == found.letters
    if found.hour_until is not None:
        edited.ticks(found.hour_until, every=10 * MINUTE)
        left.ticks(found.hour_until, every=10 * MINUTE)
        check_hour(found, edited.handed() - already, left.handed() - already)
        assert (edited.messages() - left.messages()).total() == found.messages
    assert (wrong := edited.wrong_steps()) == [], wrong


@given(old=catalogues, new=catalogues, past=pasts())
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_an_edit_and_its_reverse_cancel(fresh: Path, old: Catalogue, new: Catalogue, past: Past) -> None:
    new, again = replace(new, digest="d2"), replace(old, digest="d3")
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr(tally, "LISTED", 10_000)
        file = Path(folder) / "one.db"
        shutil.copyfile(fresh, file)
        with Store(f"sqlite:///{file}") as store:
            office = lived(store, old, past)
            before = office.live()
            there = office.foresees(new)
            office.applies(new)
            back = office.foresees(again)
            office.applies(again)

            assert spread(back.lost.first).keys() == spread(there.gained.first).keys()
            assert spread(back.gained.first).keys() == spread(there.lost.first).keys()
            assert spread(back.moved.first) == {
                key: (after, earlier) for key, (earlier, after) in spread(there.moved.first).items()
            }
            assert (back.tasks_gained, back.tasks_lost) == (there.tasks_lost, there.tasks_gained) or (
                {*back.tasks_gained.first} == {*there.tasks_lost.first}
                and {*back.tasks_lost.first} == {*there.tasks_gained.first}
            )
            assert before.items() <= office.live().items()


def check_dues(
    found: Effects,
    before: dict[tuple[str, str, str], datetime],
    after: dict[tuple[str, str, str], datetime],
    *,
    horizon: date,
) -> None:
    gained, lost, moved = (spread(each.first) for each in (found.gained, found.lost, found.moved))
    assert (len(gained), len(lost), len(moved)) == (found.gained.count, found.lost.count, found.moved.count)
    coming = {key: new for key, (_, new) in gained.items() if new is not None and local_day(new) <= horizon}
    later = {
        key for key, (_, new) in moved.items() if key not in before and new is not None and local_day(new) <= horizon
    }
    assert {key: due_at for key, due_at in after.items() if key not in before} == {
        **coming,
        **{key: moved[key][1] for key in later},
    }
    assert before.keys() - after.keys() == {key for key in lost if key in before}
    assert {key: (before[key], after[key]) for key in before.keys() & after.keys() if before[key] != after[key]} == {
        key: dues for key, dues in moved.items() if key in before
    }


def check_hour(found: Effects, with_it: set[tuple[str, ...]], without: set[tuple[str, ...]]) -> None:
    new = {row[:4] for row in with_it} - {row[:4] for row in without}
    upward = {row for row in new if row[3].startswith(("head", "office"))}
    assert (found.sent, found.escalations) == (len(new - upward), len(upward))
