"""What a channel brings to the contract tests: itself, and the person at the other end.

A new channel adds a rig and one row to RIGS.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Protocol

import pytest

from bot.channels.telegram import Limiter, TelegramChannel
from bot.channels.zalo import ZaloChannel
from bot.ports import Channel, Raw
from tests.fakes import zalo_api
from tests.fakes.bot_api import FakeBotApi, Limits, User
from tests.fakes.zalo_api import FakeZaloApi


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """A message as the person sees it."""

    message_id: str
    text: str
    buttons: tuple[str, ...] = ()
    file: bytes | None = None


class Rig(Protocol):
    """One person in a private chat with the bot, and the channel between them."""

    @property
    def channel(self) -> Channel:
        """Return the channel, open."""

    @property
    def chat_id(self) -> str:
        """Return the person's chat."""

    def heard(self) -> list[Heard]:
        """Return what arrived at the person, oldest first."""

    def says(self, text: str) -> None:
        """Let the person write."""

    def presses(self, message_id: str, button: str) -> None:
        """Let the person press a button they see."""

    def sends_file(self, name: str, content: bytes, caption: str) -> str:
        """Let the person send a file; return the name it arrives under."""

    def answered(self) -> list[str | None]:
        """Return the answer to each press, oldest first; None while it spins."""

    def unknown_chat_id(self) -> str:
        """Return an id nobody has."""


@dataclass
class Inbox:
    """A sink that keeps everything, and can be told to fail first."""

    fails: int = 0
    stored: list[tuple[str, Raw]] = field(default_factory=list)
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def __call__(self, update_id: str, raw: Raw) -> None:
        if self.fails:
            self.fails -= 1
            raise OSError("disk full")
        async with self.changed:
            self.stored.append((update_id, json.loads(json.dumps(raw))))  # an update must be JSON
            self.changed.notify_all()

    async def until(self, count: int) -> None:
        """Wait until so many updates are stored."""
        async with asyncio.timeout(5), self.changed:
            await self.changed.wait_for(lambda: len(self.stored) >= count)


@asynccontextmanager
async def listening(channel: Channel, inbox: Inbox) -> AsyncIterator[asyncio.Task[None]]:
    """Listen in the background for the length of the block."""
    task = asyncio.create_task(channel.listen(inbox))
    try:
        yield task
    finally:
        task.cancel()
        await asyncio.wait([task])


async def no_pause(_: float) -> None:
    """Let others run, and nothing more: retries come at once."""
    await asyncio.sleep(0)


@dataclass
class TelegramRig:
    """Telegram through the real client code and a strict server on loopback."""

    server: FakeBotApi
    channel: TelegramChannel
    person: User
    chat_id: str

    def heard(self) -> list[Heard]:
        mine = (message for message in self.person.chat.messages if message["from"] == self.server.state.me)
        return [self._heard(message) for message in mine]

    def says(self, text: str) -> None:
        self.person.says(text)

    def presses(self, message_id: str, button: str) -> None:
        self.person.presses(int(message_id), button)

    def sends_file(self, name: str, content: bytes, caption: str) -> str:
        self.person.sends_file(name, content, caption=caption)
        return name

    def answered(self) -> list[str | None]:
        return list(self.server.state.presses.values())

    def unknown_chat_id(self) -> str:
        return "424242"

    def _heard(self, message: Raw) -> Heard:
        rows = message.get("reply_markup", {}).get("inline_keyboard", [])
        file = message.get("document") or message.get("photo", [None])[-1]
        return Heard(
            message_id=str(message["message_id"]),
            text=message.get("text") or message.get("caption", ""),
            buttons=tuple(button["text"] for row in rows for button in row),
            file=self.server.state.files[file["file_id"]][1] if file else None,
        )


@asynccontextmanager
async def telegram() -> AsyncIterator[Rig]:
    """Open a channel to a person whose chat exists; limits are off, they have tests of their own."""
    async with FakeBotApi(limits=Limits.none()) as server:
        person = server.user(1001, "An")
        assert person.chat.id == 1001
        limiter = Limiter(per_second=10_000, private_seconds=0.0)
        channel = TelegramChannel(server.token, server.url, limiter=limiter, poll_seconds=5, pause=no_pause)
        await channel.open()
        try:
            yield TelegramRig(server, channel, person, "1001")
        finally:
            await channel.close()


@dataclass
class ZaloRig:
    """Zalo through the real client code and a server on loopback that forgets what it hands over."""

    server: FakeZaloApi
    channel: ZaloChannel
    person: zalo_api.User
    chat_id: str

    def heard(self) -> list[Heard]:
        mine = (message for message in self.person.chat.messages if message["by_bot"])
        return [Heard(message_id=message["message_id"], text=message["text"]) for message in mine]

    def says(self, text: str) -> None:
        self.person.says(text)

    def presses(self, message_id: str, button: str) -> None:
        raise AssertionError("there is nothing to press")

    def sends_file(self, name: str, content: bytes, caption: str) -> str:
        self.person.sends_photo(content, caption=caption)
        return "anh.jpg"  # only pictures come through, and without their names

    def answered(self) -> list[str | None]:
        return []

    def unknown_chat_id(self) -> str:
        return "ffffffffffffffffffff"


@asynccontextmanager
async def zalo() -> AsyncIterator[Rig]:
    """Open a channel to a person whose chat exists."""
    async with FakeZaloApi(second=0.02) as server:
        person = server.user("a1b2c3d4e5f60718293a", "An")
        assert person.chat.id == person.id
        limiter = Limiter(per_second=10_000, private_seconds=0.0)
        channel = ZaloChannel(
            server.token, server.url, limiter=limiter, poll_seconds=1, landing_seconds=0.3, pause=no_pause
        )
        await channel.open()
        try:
            yield ZaloRig(server, channel, person, person.id)
        finally:
            await channel.close()


OpenRig = Callable[[], AbstractAsyncContextManager[Rig]]

RIGS = [pytest.param(telegram, id="telegram"), pytest.param(zalo, id="zalo")]
