"""The house as a whole: one part that breaks does not take the others with it, nor itself for good."""

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ports import Sink
from tests.fakes.channel import NAME, FakeChannel
from tests.store.builders import NOW
from tests.world import World


class FallingEar(FakeChannel):
    """A channel that breaks its promise once, and falls while it listens."""

    listened = 0

    async def listen(self, sink: Sink) -> None:
        self.listened += 1
        await self._say_so()
        if self.listened == 1:
            raise RuntimeError("a defect in a channel")
        await asyncio.Event().wait()


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    world = World(folder=tmp_path, start=NOW)
    yield world
    world.close()


async def test_a_channel_that_fell_while_listening_is_listened_to_again(
    world: World, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.app.shifts.DEAF_SECONDS", 0.0)
    falling = FallingEar()
    channels = world.house.channels
    assert isinstance(channels, dict)
    channels[NAME] = falling

    async with world.house.running():
        await falling.until(lambda: falling.listened == 2)

    assert "channel stopped listening" in caplog.text
