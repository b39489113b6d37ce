"""A database that takes nothing more, or may only be read: nothing is lost by it, nothing said twice, and it is told."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import Connection, event, select

from bot.channels.local import CHANNEL
from bot.jobs.audit import Trouble
from bot.ports import MayGo, Out, Sent, always
from bot.store.tables import inbox, outbox
from tests.world import World, local

pytestmark = pytest.mark.parametrize(
    ("store_url", "how"),
    [
        pytest.param("sqlite", "full", id="a full disk under SQLite"),
        pytest.param("sqlite", "read only", id="SQLite, read only"),
        pytest.param("postgresql", "read only", id="PostgreSQL, read only", marks=pytest.mark.postgres),
    ],
    indirect=["store_url"],
)

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""
HELP = {"kind": "text", "chat_id": "lan", "user_id": "lan", "user_name": "lan", "text": "/trogiup"}


@dataclass
class Fault:
    """What a test does to every transaction of a store while it `holds`."""

    world: World
    how: str
    holds: bool = False

    def __post_init__(self) -> None:
        engine = self.world.store._engine
        if engine.dialect.name == "sqlite":
            event.listen(engine, "checkout", self._is_taken_up)
        else:
            event.listen(engine, "begin", self._begins)

    def _is_taken_up(self, connection: Any, *_: object) -> None:
        if self.how == "read only":
            connection.execute(f"PRAGMA query_only={'ON' if self.holds else 'OFF'}")
        else:  # no page more than it has: what SQLite meets on a full disk, down to its words
            connection.execute(f"PRAGMA max_page_count={1 if self.holds else 2**30}")

    def _begins(self, connection: Connection) -> None:
        if self.holds:
            connection.exec_driver_sql("SET TRANSACTION READ ONLY")


@pytest.fixture
async def fault(how: str, begin: Callable[..., World]) -> Fault:
    """A world with one person who has joined, on Friday 30 September 2022 before the morning's reminders."""
    world = begin("2022-09-30 07:30", tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    return Fault(world, how)


async def is_taken(world: World, external_id: str, *, size: int = 0) -> bool:
    """Return whether an update was stored, so that its network would be told so."""
    try:
        await world.house.hearer.sink(CHANNEL)(external_id, {**HELP, "padding": "x" * size})
    except Exception:  # whatever a driver raises; the poller and the web hook ask no more
        return False
    return True


async def filled(world: World) -> list[str]:
    """Hand over updates until none is taken any more, and return those that were: a full file has some free pages left."""
    taken = [name for name in (f"lan:x{number}" for number in range(60)) if await is_taken(world, name, size=2000)]
    assert len(taken) < 50
    return taken


def stored(world: World) -> set[str]:
    return set(world.store.read(lambda tx: tx.execute(select(inbox.c.external_id)).scalars().all()))


async def test_what_cannot_be_stored_is_not_confirmed_and_what_was_is_there(fault: Fault) -> None:
    world = fault.world
    fault.holds = True
    taken = await filled(world)

    fault.holds = False
    assert set(taken) == stored(world) - {"lan:1"}
    assert await is_taken(world, "lan:again")
    await world.works()
    for _ in [*taken, "again"]:
        world.hears("lan", "Hướng dẫn")


async def test_it_is_said_on_readyz_and_found_by_the_auditor_until_it_is_over(fault: Fault) -> None:
    world = fault.world
    assert await ill(world) == set()

    fault.holds = True
    taken = await filled(world)
    assert await ill(world) == {"database.write"}
    assert Trouble.DATABASE in {each.trouble for each in await world.house.auditor.round()}

    fault.holds = False
    assert await ill(world) == set()
    assert await world.house.auditor.round() == ()
    await world.works()
    for _ in taken:
        world.hears("lan", "Hướng dẫn")


async def ill(world: World) -> set[str]:
    own = ("database", "database.write", "disk")
    return {each.name for each in await world.house.checks() if each.name in own and not each.is_ok}


async def test_a_morning_that_could_not_be_written_is_caught_up_with_once(fault: Fault) -> None:
    world = fault.world
    await world.until("2022-09-30 07:59")
    fault.holds = True
    world.clock.set(local("2022-09-30 08:00"))
    await world.house.tick()
    await world.house.tick()
    world.nobody_hears_more()

    fault.holds = False
    await world.works()
    await world.works()
    world.hears("lan", "R5")
    world.nobody_hears_more()


async def test_what_arrived_while_nothing_could_be_written_is_recorded_later_and_not_sent_again(
    fault: Fault, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.jobs.sending.RECORD_PAUSE", 0.01)
    world = fault.world
    channel = FillingUp(fault)
    assert await is_taken(world, "lan:one")
    while await world.house.hearer.begin_waiting():
        pass
    await world.house.hearer.finish()
    await world.house.deliverer.send_waiting()
    landing = asyncio.create_task(world.house.deliverer.land())
    async with asyncio.timeout(10):
        while "not recorded" not in caplog.text and not landing.done():
            await asyncio.wait([landing], timeout=0.01)
    assert landing.done() is (fault.how == "full")  # a row that gets no longer has room on a full disk

    fault.holds = False
    await asyncio.wait_for(landing, 10)
    assert channel.sent == 1
    assert world.store.read(lambda tx: tx.execute(select(outbox.c.state)).scalars().all()) == ["sent", "sent"]
    world.hears("lan", "Hướng dẫn")


class FillingUp:
    """The page's channel; the database breaks while it sends."""

    def __init__(self, fault: Fault) -> None:
        self._fault = fault
        self._inner = fault.world.house.local
        self.sent = 0
        self.caps = self._inner.caps
        channels = fault.world.house.channels
        assert isinstance(channels, dict)
        channels[CHANNEL] = self

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        self.sent += 1
        self._fault.holds = True
        return await self._inner.send(chat_id, out, may_go=may_go)
