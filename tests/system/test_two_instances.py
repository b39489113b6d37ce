"""Two real processes on one PostgreSQL: both take what comes, one sends, and the other takes over without a repeat."""

import asyncio
import re
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp
import pytest
from sqlalchemy import func, select

from bot.ports import Out
from bot.store import Store, lease, outbox
from bot.store.outbox import Lane, Letter, State
from bot.store.tables import inbox as inbox_table
from bot.store.tables import outbox as outbox_table
from tests.fakes.bot_api import FakeBotApi
from tests.fakes.postgres import Server
from tests.store.builders import NOW
from tests.system.process import Bot, nhacviec, running
from tests.system.test_the_webhook import HEADER, SECRET, said

pytestmark = [pytest.mark.process, pytest.mark.postgres]

CLOCK = "2022-09-26T08:30"  # within office hours, and so early that what is due at 08:00 counts as just come
TAKEOVER_SECONDS = 15.0  # promised after a kill
FIRST_CHAT = 5000
MARK = "có thể trùng"


@dataclass
class Town:
    """Two replicas of one bot, their database, the network they send to, and our calls to their doors."""

    bots: tuple[Bot, Bot]
    store: Store
    telegram: FakeBotApi
    web: aiohttp.ClientSession

    async def says(self, bot: Bot, update_id: int, user: int, text: str) -> int:
        """Let Telegram bring an update to one of them; return the status it answers."""
        update = said(update_id, user, text)
        async with self.web.post(f"{bot.address}telegram/webhook", json=update, headers={HEADER: SECRET}) as answer:
            return answer.status

    async def asked(self, bot: Bot, path: str) -> tuple[int, str]:
        async with self.web.get(f"{bot.address}{path}") as answer:
            return answer.status, await answer.text()

    async def leads(self, bot: Bot) -> bool:
        _, text = await self.asked(bot, "metrics")
        return re.search(r"^nhacviec_leader 1\.0$", text, re.MULTILINE) is not None

    async def by_rank(self) -> tuple[Bot, Bot]:
        """Return the one that holds the lease and the one that stands by."""
        [first, second] = [await self.leads(bot) for bot in self.bots]
        assert first is not second, "one leads and one stands by"
        return self.bots if first else (self.bots[1], self.bots[0])

    async def until_it_leads(self, bot: Bot, *, seconds: float) -> None:
        async with asyncio.timeout(seconds):
            while not await self.leads(bot):  # noqa: ASYNC110  # another process decides it
                await asyncio.sleep(0.1)

    def writes(self, people: int, lane: Lane = Lane.REMINDER, *, after: int = FIRST_CHAT) -> range:
        """Put a letter to each of so many people into the outbox; return their chats."""
        chats = range(after, after + people)
        for chat in chats:
            assert self.telegram.user(chat).chat
        letters = [
            Letter(key=f"k{chat}", channel="telegram", chat_id=str(chat), out=Out(text=f"tin {chat}"), lane=lane)
            for chat in chats
        ]
        self.store.write(lambda tx: outbox.put(tx, letters, now=NOW))
        return chats

    def heard(self, chat: int) -> list[str]:
        return self.telegram.user(chat).heard

    def states(self) -> dict[str, str]:
        rows = self.store.read(lambda tx: tx.execute(select(outbox_table.c.key, outbox_table.c.state)).all())
        return {row.key: row.state for row in rows}

    async def until_told(self, *, seconds: float) -> None:
        """Wait until everything that was written has left, or is in doubt."""
        async with asyncio.timeout(seconds):
            while {State.WAITING, State.CLAIMED} & set(self.states().values()):  # noqa: ASYNC110  # another process's doing
                await asyncio.sleep(0.1)

    def sent(self) -> int:
        return sum(call.method == "sendMessage" for call in self.telegram.calls)


@pytest.fixture
async def town(home: Path, telegram: FakeBotApi, postgres_server: Server) -> AsyncIterator[Town]:
    url = postgres_server.create()
    settings = {
        "BOT_DATABASE_URL": url,
        "BOT_TELEGRAM__TOKEN": telegram.token,
        "BOT_TELEGRAM__API_URL": telegram.url,
        "BOT_TELEGRAM__WEBHOOK_URL": "https://nhacviec.example/telegram/webhook",
        "BOT_TELEGRAM__WEBHOOK_SECRET": SECRET,
        "BOT_WEB__PORT": "0",
    }
    assert (await nhacviec("migrate", home=home, **settings)).code == 0
    async with AsyncExitStack() as stack:
        web = await stack.enter_async_context(aiohttp.ClientSession())
        bots = [
            await stack.enter_async_context(running("run", "--clock", CLOCK, home=home, **settings)) for _ in range(2)
        ]
        store = stack.enter_context(Store(url))
        yield Town(bots=(bots[0], bots[1]), store=store, telegram=telegram, web=web)


async def test_both_store_what_comes_and_one_answers_it_once(town: Town) -> None:
    first, second = town.bots
    for chat in (101, 102):
        assert town.telegram.user(chat).chat

    assert await town.by_rank() == (first, second)
    statuses = [
        await town.says(first, 1, 101, "xin chào"),
        await town.says(second, 2, 102, "xin chào"),
        await town.says(second, 1, 101, "xin chào"),  # Telegram repeats it, and another replica gets it
    ]
    await town.telegram.until(lambda: town.heard(101) and town.heard(102))

    assert statuses == [200, 200, 200]
    stored = town.store.read(lambda tx: tx.execute(select(func.count()).select_from(inbox_table)).scalar())
    assert (stored, len(town.heard(101)), len(town.heard(102))) == (2, 1, 1)
    assert town.telegram.refusals == []
    await ready_and_says(town, first, "giữ quyền làm việc")
    await ready_and_says(town, second, "dự phòng")


async def ready_and_says(town: Town, bot: Bot, words: str) -> None:
    async with asyncio.timeout(10), town.web.get(f"{bot.address}readyz") as answer:
        found: dict[str, Any] = await answer.json()
    assert answer.status == 200, found
    assert words in str(found)


async def test_a_killed_holder_is_replaced_and_nothing_is_sent_twice(town: Town) -> None:
    holder, other = await town.by_rank()
    chats = [*town.writes(60)]
    await town.telegram.until(lambda: town.sent() >= 10)

    await holder.kill()
    assert await town.says(other, 9, chats[0], "xin chào") == 200  # meanwhile it takes what comes
    await town.until_it_leads(other, seconds=TAKEOVER_SECONDS)
    await town.until_told(seconds=TAKEOVER_SECONDS)

    await town.telegram.until(lambda: len(town.heard(chats[0])) == 2)
    states = town.states()
    for chat in chats:
        told = town.heard(chat).count(f"tin {chat}")
        assert told == 1 or (told == 0 and states[f"k{chat}"] == State.IN_DOUBT), (chat, town.heard(chat))
    assert town.telegram.refusals == []


async def test_a_suspended_holder_that_wakes_sends_nothing_more(town: Town) -> None:
    holder, other = await town.by_rank()
    reminded = [*town.writes(80)]
    escalated = [*town.writes(80, Lane.ESCALATION, after=FIRST_CHAT + 1000)]
    await town.telegram.until(lambda: town.sent() >= 100)

    holder.suspend()
    try:
        before = town.sent()
        await town.until_it_leads(other, seconds=2 * TAKEOVER_SECONDS)
        await town.until_told(seconds=2 * TAKEOVER_SECONDS)
        after = town.sent()
    finally:
        holder.resume()
    await holder.until_it_logs("lease lost epoch=1")
    await holder.until_it_logs("standing by")

    assert not await town.leads(holder)
    assert before < 160
    assert town.sent() == after
    states = town.states()
    assert set(states.values()) <= {State.SENT, State.IN_DOUBT}
    for chat in reminded + escalated:
        heard = town.heard(chat)
        unmarked = [text for text in heard if MARK not in text]
        is_doubted = states[f"k{chat}"] == State.IN_DOUBT or len(heard) > len(unmarked)
        assert len(unmarked) == 1 or (not unmarked and is_doubted), (chat, heard)
        assert len(heard) - len(unmarked) <= 1
    assert town.telegram.refusals == []


async def test_a_holder_that_is_stopped_hands_over_within_two_seconds_and_leaves_nothing_in_doubt(town: Town) -> None:
    holder, other = await town.by_rank()
    chats = [*town.writes(60)]
    await town.telegram.until(lambda: town.sent() >= 10)

    assert await holder.stop() == 0
    await town.until_it_leads(other, seconds=3.0)  # two, and the asking
    await town.until_told(seconds=TAKEOVER_SECONDS)

    assert {chat: town.heard(chat) for chat in chats} == {chat: [f"tin {chat}"] for chat in chats}
    assert set(town.states().values()) == {State.SENT}
    held = town.store.read(lease.holder)
    assert held is not None
    assert (held.epoch, held.is_living) == (2, True)


async def test_on_sqlite_a_second_process_is_refused_and_told_which_one_has_the_home(home: Path) -> None:
    settings = {"BOT_WEB__PORT": "0"}
    async with running("run", home=home, **settings) as bot:
        second = await nhacviec("run", home=home, **settings)

        assert second.code != 0
        assert str(bot.pid) in second.said
        assert "Traceback" not in second.said
        assert await bot.stop() == 0
