"""Who works when: every replica stores what networks bring to its door; the holder of the lease does all the rest."""

import asyncio
import contextlib
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from typing import Any

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.hearing import Hearer
from bot.app.leading import Leader
from bot.jobs.deliver import Deliverer
from bot.ports import Channel

log = logging.getLogger(__name__)

DEAF_SECONDS = 1.0  # before a channel that broke is listened to again
ROUND_SECONDS = 2.0  # what the scheduler has begun has this long of them
LANDING_SECONDS = 8.0  # what is begun at a shutdown has this long; with the closing after it, ten are promised

Round = tuple[Callable[[], Awaitable[object]], float]
"""Something to be done again and again, and after how many seconds of real time."""


class Shifts:
    """Starts and stops the parts of a house in their order. `tick` is done once before a shift counts as begun."""

    def __init__(
        self,
        leader: Leader,
        channels: Mapping[str, Channel],
        *,
        hearer: Hearer,
        deliverer: Deliverer,
        tick: Callable[[], Awaitable[None]],
        rounds: Sequence[Round],
    ) -> None:
        self._leader, self._channels = leader, channels
        self._hearer, self._deliverer = hearer, deliverer
        self._tick, self._rounds = tick, rounds
        self._at_work: set[asyncio.Task[Any]] = set()  # rounds that have begun
        self._settled = asyncio.Event()  # whether we lead or stand by is known
        self._has_stood_by = False

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Work while the block lasts; then stop listening first, end what is begun, close, and let go of the lease."""
        for channel in self._channels.values():
            await channel.open()
        ears = self._ears(polling=False)
        leading = asyncio.create_task(self._leader.run(self._lead, stand_by=self._stand_by))
        try:
            await self._settled.wait()
            yield
        finally:
            leading.cancel()
            await _ended(ears)
            _, late = await asyncio.wait([leading], timeout=LANDING_SECONDS)
            if late:
                log.warning("stopped with something begun: who leads next declares in doubt what was in the air")
                await _ended([leading])
            for channel in self._channels.values():
                await channel.close()

    async def _lead(self) -> None:
        """Do what only the holder of the lease does, until cancelled; then let end what is begun."""
        if self._has_stood_by:
            for channel in self._channels.values():
                await channel.open()  # the holder before us wrote a moment ago: its pauses are ours
        ears = self._ears(polling=True)
        hearing = asyncio.create_task(self._hearer.run())
        sending = asyncio.create_task(self._deliverer.run(every=1.0))
        scheduler = self._scheduler()
        try:
            await self._tick()
            self._settled.set()
            scheduler.start()
            await asyncio.Event().wait()
        finally:
            for ear in ears:
                ear.cancel()
            await self._end_rounds(scheduler)
            await _ended([hearing])
            await _ended([sending])  # after the hearer, whose last answers it takes along
            await _ended(ears)

    def _stand_by(self) -> None:
        self._has_stood_by = True
        self._settled.set()

    def _ears(self, *, polling: bool) -> list[asyncio.Task[None]]:
        chosen = [(name, channel) for name, channel in self._channels.items() if channel.polls is polling]
        return [asyncio.create_task(self._listen(name, channel)) for name, channel in chosen]

    async def _listen(self, name: str, channel: Channel) -> None:
        while True:
            try:
                await channel.listen(self._hearer.sink(name))
            except Exception:
                log.exception("channel stopped listening channel=%s", name)  # the ear that must not fall off
            await asyncio.sleep(DEAF_SECONDS)

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            # The library's defaults drop a run that is a second late; ours is late rather than never.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        for work, seconds in self._rounds:
            scheduler.add_job(self._round, "interval", seconds=seconds, args=[work])
        return scheduler

    async def _round(self, work: Callable[[], Awaitable[object]]) -> None:
        task = asyncio.current_task()
        if task is None:
            raise RuntimeError("a round is a task of its own")
        self._at_work.add(task)
        try:
            await work()
        except asyncio.CancelledError:
            log.info("round cut short")  # the library would call it an error; what it had begun to write is written
        finally:
            self._at_work.discard(task)

    async def _end_rounds(self, scheduler: AsyncIOScheduler) -> None:
        """Begin no further round, let those that run end, and cut short what takes too long."""
        if not scheduler.running:
            return
        scheduler.pause()
        try:
            if self._at_work:
                await asyncio.wait(self._at_work, timeout=ROUND_SECONDS)
        finally:
            scheduler.shutdown(wait=False)


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
