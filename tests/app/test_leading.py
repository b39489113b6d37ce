"""Who leads, with time moved by hand: sure only while nobody else can be, standing down at once, never two at a time."""

import asyncio
import logging
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import pytest

from bot.app.leading import LIFE, Leader
from bot.store import Store, lease

START = datetime(2026, 1, 1, tzinfo=UTC)
SECONDS = LIFE.total_seconds()


@dataclass
class Time:
    """Seconds that pass when the test says so; whoever pauses wakes when his moment has come."""

    seconds: float = 0.0
    sleepers: list[tuple[float, asyncio.Event]] = field(default_factory=list)

    async def pause(self, seconds: float) -> None:
        woken = asyncio.Event()
        self.sleepers.append((self.seconds + seconds, woken))
        await woken.wait()

    def passes(self, seconds: float) -> None:
        self.seconds += seconds
        for due, woken in self.sleepers:
            if due <= self.seconds:
                woken.set()
        self.sleepers = [each for each in self.sleepers if not each[1].is_set()]


@dataclass
class Replica:
    """A process that would lead, and what it did."""

    leader: Leader
    terms: int = 0
    stood_by: int = 0
    leads: bool = False
    landing: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[None] | None = None

    async def lead(self) -> None:
        self.terms += 1
        self.leads = True
        try:
            await asyncio.Event().wait()
        finally:
            self.leads = False
            await self.landing.wait()

    def stand_by(self) -> None:
        self.stood_by += 1

    def starts(self) -> "Replica":
        self.landing.set()
        self.task = asyncio.create_task(self.leader.run(self.lead, stand_by=self.stand_by))
        return self

    async def stops(self) -> None:
        assert self.task is not None
        self.task.cancel()
        await asyncio.wait([self.task])


@dataclass
class Town:
    """Replicas on one database, under one time."""

    store: Store
    time: Time = field(default_factory=Time)
    started: list[Replica] = field(default_factory=list)

    def replica(self, *, is_sole: bool = False) -> Replica:
        leader = Leader(self.store, is_sole=is_sole, elapsed=lambda: self.time.seconds, pause=self.time.pause)
        self.started.append(Replica(leader))
        return self.started[-1].starts()

    async def until(self, holds) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110  # what it waits for happens in the lease's own thread
                await asyncio.sleep(0.005)

    async def passes(self, seconds: float) -> None:
        """Let time pass in steps of a second, each replica doing meanwhile what it does."""
        for _ in range(int(seconds)):
            self.time.passes(1.0)
            await asyncio.sleep(0.02)
            await self.settled()

    async def settled(self) -> None:
        await self.until(lambda: all(each.leader._question is None for each in self.started))
        held = self.store.read(lease.holder)
        for each in self.started:
            if each.leader.holds() and each.terms:  # the database may be surer than we, and never the other way round
                assert held is not None
                assert (held.holder, held.epoch, held.is_living) == (each.leader.holder, each.leader.epoch, True)

    async def end(self) -> None:
        for each in self.started:
            each.landing.set()
            await each.stops()


@pytest.fixture
async def town(sqlite_store: Store, monkeypatch: pytest.MonkeyPatch):
    town = Town(sqlite_store)
    monkeypatch.setattr(lease, "moment", lambda _: START + timedelta(seconds=town.time.seconds))
    yield town
    await town.end()


@pytest.fixture
def deaf(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[bool]]:
    """While it holds something, the database refuses every question about the lease."""
    refusing: list[bool] = []
    take = lease.take

    def ask(tx, **values):
        if refusing:
            raise OSError("the database is away")
        return take(tx, **values)

    monkeypatch.setattr(lease, "take", ask)
    return refusing


def test_what_is_used_by_itself_acts_alone(sqlite_store: Store) -> None:
    leader = Leader(sqlite_store)

    assert (leader.holds(), leader.epoch) == (True, 0)


async def test_the_first_leads_and_the_second_stands_by_for_as_long_as_the_first_lives(town: Town) -> None:
    first = town.replica()
    await town.until(lambda: first.leads)
    second = town.replica()
    await town.until(lambda: second.stood_by)

    await town.passes(60)

    assert (first.leads, first.terms, first.leader.epoch) == (True, 1, 1)
    assert (second.leads, second.terms, second.stood_by, second.leader.holds()) == (False, 0, 1, False)


async def test_a_lease_that_is_let_go_of_is_taken_within_a_second(town: Town) -> None:
    first = town.replica()
    await town.until(lambda: first.leads)
    second = town.replica()
    await town.until(lambda: second.stood_by)

    await first.stops()
    assert not first.leader.holds()
    await town.passes(1)

    assert (second.leads, second.leader.epoch) == (True, 2)


async def test_a_killed_holder_is_replaced_within_ten_seconds(town: Town) -> None:
    town.store.write(lambda tx: lease.take(tx, holder="killed", life=LIFE))
    second = town.replica()
    await town.until(lambda: second.stood_by)

    await town.passes(SECONDS - 1)
    assert not second.leads
    await town.passes(1)

    assert (second.leads, second.leader.epoch) == (True, 2)


async def test_where_the_homes_lock_proves_the_predecessor_dead_nobody_waits(town: Town) -> None:
    town.store.write(lambda tx: lease.take(tx, holder="killed", life=LIFE))

    only = town.replica(is_sole=True)
    await town.until(lambda: only.leads)

    assert (only.leader.epoch, only.stood_by) == (2, 0)


async def test_who_slept_longer_than_the_lease_is_sure_of_nothing_before_asking_anybody(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    first = town.replica()
    await town.until(lambda: first.leads)

    town.time.seconds += SECONDS  # nothing of it ran: no timer, no thread
    assert not first.leader.holds()

    usurped = town.store.write(lambda tx: lease.take(tx, holder="other", life=LIFE))
    with caplog.at_level(logging.INFO, logger="bot.app.leading"):
        town.time.passes(0)
        await town.until(lambda: first.stood_by)

    assert usurped == 2
    assert (first.leads, first.terms, first.leader.holds()) == (False, 1, False)
    assert "lease lost epoch=1" in caplog.text
    await town.passes(SECONDS)
    assert (first.leads, first.leader.epoch) == (True, 3)  # it comes back when the other is gone


@pytest.mark.parametrize("late", [pytest.param(1, id="taken"), pytest.param(2, id="renewed")])
async def test_an_answer_that_comes_late_makes_nobody_surer_than_the_database(
    town: Town, monkeypatch: pytest.MonkeyPatch, late: int
) -> None:
    take, asked = lease.take, []

    def slow(tx, **values):
        asked.append(True)
        if len(asked) > late:
            raise OSError("the database is away")
        epoch = take(tx, **values)
        if len(asked) == late:
            town.time.seconds += 5  # the answer was under way for so long
        return epoch

    monkeypatch.setattr(lease, "take", slow)
    first = town.replica()
    await town.until(lambda: first.leads)

    await town.passes(3 + SECONDS)  # who is wrong is found by the town's own look, second by second

    assert not first.leader.holds()


async def test_a_new_term_begins_only_when_what_the_old_one_began_has_ended(town: Town) -> None:
    first = town.replica()
    await town.until(lambda: first.leads)
    first.landing.clear()  # something stays in the air

    town.time.passes(SECONDS)
    await town.until(lambda: not first.leads)
    await town.passes(5)
    assert (first.terms, first.leader.holds()) == (1, False)

    first.landing.set()
    await town.until(lambda: first.leads)
    assert (first.terms, first.leader.epoch) == (2, 2)


async def test_a_database_that_is_away_for_a_moment_costs_nothing(town: Town, deaf: list[bool]) -> None:
    first = town.replica()
    await town.until(lambda: first.leads)
    await town.passes(3)

    deaf.append(True)
    await town.passes(SECONDS - 3)
    assert first.leads
    deaf.clear()
    await town.passes(20)

    assert (first.leads, first.terms, first.leader.epoch) == (True, 1, 1)


async def test_a_database_that_is_away_for_longer_ends_the_term_and_its_return_begins_the_next(
    town: Town, deaf: list[bool]
) -> None:
    first = town.replica()
    await town.until(lambda: first.leads)

    deaf.append(True)
    await town.passes(SECONDS + 1)
    assert (first.leads, first.leader.holds()) == (False, False)
    deaf.clear()
    await town.passes(2)

    assert (first.leads, first.terms, first.leader.epoch) == (True, 2, 2)


async def test_what_is_in_the_air_at_the_end_lands_under_a_living_lease(town: Town) -> None:
    first = town.replica()
    await town.until(lambda: first.leads)
    second = town.replica()
    await town.until(lambda: second.stood_by)
    first.landing.clear()

    assert first.task is not None
    first.task.cancel()
    await town.until(lambda: not first.leads)
    await town.passes(2 * SECONDS)
    assert first.leader.holds()
    assert not second.leads

    first.landing.set()
    await asyncio.wait([first.task])
    await town.passes(1)
    assert (first.leader.holds(), second.leads) == (False, True)


async def test_a_term_that_ends_by_a_defect_is_followed_by_another(
    town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    replica = Replica(Leader(town.store, elapsed=lambda: town.time.seconds, pause=town.time.pause))
    town.started.append(replica)
    lead, falls = replica.lead, [True]

    async def falling() -> None:
        if falls:
            falls.clear()
            raise RuntimeError("a defect")
        await lead()

    replica.lead = falling  # type: ignore[method-assign]
    replica.starts()
    await town.until(lambda: not falls)
    await town.until(lambda: replica.leader._question is None and town.time.sleepers)
    await town.passes(2)

    assert replica.leads
    assert "term ended by a defect" in caplog.text
