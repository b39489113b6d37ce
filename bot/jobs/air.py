"""What is on its way, and how much more may take off."""

import asyncio
from collections.abc import Coroutine
from dataclasses import dataclass
from typing import Any

from bot.store.outbox import Lane

IN_THE_AIR = 64  # messages on their way at once; the channels pace them
WAVE = 32  # of them at most so many that nobody waits for
AT_THE_GATE = 4  # of those at most so many that wait for the channel's pace: an answer queues behind them there
HELD_UP = 2.0  # seconds; who waits longer waits for its own chat, in nobody's way


@dataclass(slots=True, eq=False, kw_only=True)
class Flight:
    """One sending: of a message of the outbox or, with the number 0, a silent question whether a line works."""

    letter_id: int
    lane: Lane
    is_probe: bool = False
    since: float = 0.0  # by the loop's clock
    at_the_gate: bool = True


class Air:
    """Every sending that has taken off and not landed."""

    def __init__(self, news: asyncio.Event) -> None:
        self._news = news
        self._flights: dict[asyncio.Task[None], Flight] = {}

    def launch(self, flight: Flight, sending: Coroutine[Any, Any, None]) -> None:
        """Let a sending take off; `news` is set when it has landed."""
        flight.since = asyncio.get_running_loop().time()
        task = asyncio.create_task(sending)
        self._flights[task] = flight
        task.add_done_callback(self._landed)

    def room(self, slowest: Lane) -> int:
        """Return how many messages of the lanes up to `slowest` may take off."""
        free = IN_THE_AIR - len(self._flights)
        if slowest is Lane.ANSWER:
            return free
        wave = [flight for flight in self._flights.values() if flight.lane is not Lane.ANSWER]
        late = asyncio.get_running_loop().time() - HELD_UP
        at_the_gate = sum(flight.at_the_gate and flight.since > late for flight in wave)
        return min(free, WAVE - len(wave), AT_THE_GATE - at_the_gate)

    def letters(self) -> frozenset[int]:
        """Return the messages that are on their way."""
        return frozenset(flight.letter_id for flight in self._flights.values())

    async def one_landed(self) -> None:
        """Wait until something has landed."""
        await asyncio.wait(self._flights, return_when=asyncio.FIRST_COMPLETED)

    async def all_landed(self) -> None:
        """Wait until nothing is in the air."""
        while self._flights:
            await asyncio.wait(self._flights)

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._flights[task]
        self._news.set()  # there is room for the next
