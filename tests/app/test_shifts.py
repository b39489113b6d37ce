"""A shift that ends lets end what it has begun, in bounds, and calls none of it an error."""

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest

from bot.app import shifts
from bot.app.hearing import Hearer
from bot.app.leading import Leader
from bot.app.shifts import Round, Shifts
from bot.jobs.deliver import Deliverer


class SoleLeader:
    """Leads from the start until it is cancelled."""

    async def run(self, lead: Callable[[], Awaitable[None]], *, stand_by: Callable[[], None]) -> None:
        await lead()


class Idle:
    """A part that has nothing to do until it is cancelled."""

    async def run(self, *, every: float = 0.0) -> None:
        await asyncio.Event().wait()


async def nothing() -> None:
    pass


def shifts_with(rounds: list[Round]) -> Shifts:
    idle: Any = Idle()
    return Shifts(
        cast(Leader, SoleLeader()),
        {},
        hearer=cast(Hearer, idle),
        deliverer=cast(Deliverer, idle),
        tick=nothing,
        rounds=rounds,
    )


async def test_a_round_that_has_begun_ends_by_itself(caplog: pytest.LogCaptureFixture) -> None:
    begun, may_end, ended = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        await may_end.wait()
        ended.set()

    async with shifts_with([(work, 0.01)]).running():
        await begun.wait()
        asyncio.get_running_loop().call_later(0.05, may_end.set)

    assert ended.is_set()
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]


async def test_a_round_that_takes_too_long_is_cut_short(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr(shifts, "ROUND_SECONDS", 0.01)
    begun, cut = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        begun.set()
        try:
            await asyncio.Event().wait()
        finally:
            cut.set()

    async with asyncio.timeout(5), shifts_with([(work, 0.01)]).running():
        await begun.wait()

    await cut.wait()
    assert not [each for each in caplog.records if each.levelno >= logging.WARNING]
