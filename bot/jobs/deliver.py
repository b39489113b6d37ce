"""Takes what waits in the outbox to the channels; how each sending ends is in `sending`."""

import asyncio
import logging
import random
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from bot.jobs import landing
from bot.jobs.air import Air
from bot.jobs.breaker import Breaker, Chance
from bot.jobs.fence import Alone, Fence
from bot.jobs.sending import Sender
from bot.ports import Channel
from bot.store import Store, Tx, lease, lines, outbox
from bot.store.outbox import Claimed, Lane

log = logging.getLogger(__name__)

LOOK_ROUND = timedelta(seconds=5)  # between two looks for stale claims, letters past their time, lines that are down

Now = Callable[[], datetime]
HoldsBack = Callable[[Tx, datetime], bool]
"""Says, in the transaction that takes messages, whether only copies and answers may leave; see `shadow`."""

_ALONE = Alone()


def _never(_tx: Tx, _now: datetime) -> bool:
    return False


class Deliverer:
    """The only one that sends, while its fence holds. A claim is committed before its request; every claim ends in a record."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        now: Now,
        *,
        folder: Path,
        is_open: Callable[[datetime], bool],
        fence: Fence = _ALONE,
        chance: Chance = random.random,
        holds_back: HoldsBack = _never,
    ) -> None:
        self._store = store
        self._is_open = is_open
        self._now = now
        self._fence = fence
        self._holds_back = holds_back
        self._news = asyncio.Event()
        self._air = Air(self._news)
        self._breaker = Breaker(chance)
        self._sender = Sender(store, channels, now, self._air, self._breaker, folder=folder, fence=fence, chance=chance)
        self._sender.passed = self._news.set
        self._looked: tuple[int, datetime] | None = None  # round: under which epoch, when
        self._heard: set[str] = set()

    def wake(self) -> None:
        """Say that there is something new in the outbox."""
        self._news.set()

    def heard(self, channel: str) -> None:
        """Say that a channel brought something: if it was down, it is so no more."""
        if channel in self._breaker.down:
            self._heard.add(channel)
            self._looked = None
            self._news.set()

    async def run(self, *, every: float) -> None:
        """Send for ever, looking at least every `every` seconds; cancelled, it lets what is in the air land."""
        try:
            while True:
                self._news.clear()
                # Shielded, or a cancellation between a claim and its request would leave a message in doubt for nothing.
                turn = asyncio.ensure_future(self._take_off())
                try:
                    took_off = await asyncio.shield(turn)
                except asyncio.CancelledError:
                    await turn
                    raise
                if not took_off:
                    await self._rest(every)
        finally:
            await self.land()

    async def land(self) -> None:
        """Wait until nothing is in the air."""
        await self._air.all_landed()

    async def send_waiting(self) -> int:
        """Take off with as many waiting messages as there is room for; return how many, none while the fence does not hold."""
        if not self._fence.holds():
            return 0
        now = self._now()
        await self._look_round(now)
        # What was put off, or found a dead line, must not leave by night: then only answers go, at any hour.
        room = self._air.room(Lane.ANSWER)
        wave = self._air.room(Lane.SUMMARY) if self._is_open(now) else 0
        slowest = Lane.SUMMARY if wave > 0 else Lane.ANSWER
        if room <= 0:
            await self._air.one_landed()
            return 1
        probes = [await self._probe(channel, slowest, now) for channel in self._breaker.to_probe(now)]
        claimed = await self._claim(answers=room, wave=wave, slowest=slowest, now=now, but=self._breaker.down)
        for letter in claimed:
            self._sender.send(letter)
        return len(claimed) + sum(probes)

    async def _take_off(self) -> int:
        try:
            return await self.send_waiting()
        except Exception:
            log.exception("outbox not read")  # the loop that must not die; the next look tries again
            return 0

    async def _rest(self, every: float) -> None:
        try:
            async with asyncio.timeout(every):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _look_round(self, now: datetime) -> None:
        """Settle what nobody is sending any more: at once under a new epoch, then every few seconds."""
        epoch = self._fence.epoch
        if self._looked is not None and self._looked[0] == epoch and abs(now - self._looked[1]) < LOOK_ROUND:
            return
        flying, heard = self._air.letters(), frozenset(self._heard)

        def look(tx: Tx) -> frozenset[str] | None:
            if not _leads(tx, epoch):
                return None
            landing.doubt_stale(tx, epoch=epoch, flying=flying, now=now)
            outbox.expire(tx, now=now)
            for channel in heard:
                landing.works(tx, channel, now=now)
            return frozenset(lines.down_since(tx))

        down = await self._store.awrite(look)
        if down is not None:
            self._heard -= heard
            self._breaker.agree(down, now=now)
            self._looked = epoch, now

    async def _probe(self, channel: str, slowest: Lane, now: datetime) -> int:
        """Try a channel that is down with one message or, where none may go, by asking silently; return 1, the attempt."""
        claimed = await self._claim(answers=0, wave=1, slowest=slowest, now=now, only=channel)
        self._breaker.probes(channel)
        for letter in claimed:
            self._sender.send(letter, is_probe=True)
        if not claimed:
            self._sender.ask(channel)
        return 1

    async def _claim(
        self,
        *,
        answers: int,
        wave: int,
        slowest: Lane,
        now: datetime,
        only: str | None = None,
        but: frozenset[str] = frozenset(),
    ) -> tuple[Claimed, ...]:
        """Take so many answers and, of what room they leave, so many of the lanes up to `slowest`."""
        epoch = self._fence.epoch

        def work(tx: Tx) -> tuple[Claimed, ...]:
            if not _leads(tx, epoch):
                return ()
            is_trial = self._holds_back(tx, now)
            taken: tuple[Claimed, ...] = ()
            if answers > 0:
                taken = outbox.claim(
                    tx, now=now, limit=answers, slowest=Lane.ANSWER, epoch=epoch, only=only, but=but, is_trial=is_trial
                )
            rest = min(wave, answers - len(taken)) if answers else wave
            if rest > 0:
                taken += outbox.claim(
                    tx, now=now, limit=rest, slowest=slowest, epoch=epoch, only=only, but=but, is_trial=is_trial
                )
            return taken

        return await self._store.awrite(work)


def _leads(tx: Tx, epoch: int) -> bool:
    return epoch == 0 or lease.is_current(tx, epoch)
