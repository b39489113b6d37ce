"""A world in which lines, databases and processes fail while the plan goes on."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy import func, select
from sqlalchemy.exc import OperationalError

from bot.channels.local import CHANNEL
from bot.ports import Out
from bot.store import Tx
from bot.store.outbox import Lane
from bot.store.tables import outbox
from tests.equivalence.faults import Faults, ShakyChannel, shake
from tests.world import World

SOON = timedelta(minutes=20)  # what may go by then is waited for, the clock going on meanwhile
STRIDE = timedelta(seconds=20)


@dataclass
class ShakyWorld(World):
    """A world whose people all hear what truly arrived; without `faults` it is one in which all goes well."""

    faults: Faults | None = None
    arrived: list[tuple[str, Out]] = field(default_factory=list)
    recent: list[tuple[str, dict[str, object]]] = field(default_factory=list)  # updates that may come once more

    def open(self) -> None:
        super().open()
        channels = self.house.channels
        assert isinstance(channels, dict)
        channels[CHANNEL] = self.line()
        shake(self.store, self.faults)
        if self.faults is not None:
            self.faults.killed.clear()

    def line(self) -> ShakyChannel:
        """Return the channel that people hear the bot by."""
        return ShakyChannel(self.house.local, self.faults, self.arrived)

    async def works(self) -> None:
        """Let the bot do all that is due now, as often as it takes; now and then it is restarted in between."""
        for _ in range(60):
            await self._surely(self.house.watch)
            await self._surely(self.house.ticker.tick)
            self._maybe_restart()
            await self._settle()
            if self.faults is None or not self._still_waits():
                return
            self.clock.set(self.clock.now() + STRIDE)

    async def _hear(self, who: str, raw: dict[str, object]) -> None:
        await super()._hear(who, raw)
        if self.faults is not None and self._still_waits():
            await self.works()

    async def arrive_together(self, updates: list[tuple[str, dict[str, object]]]) -> None:
        """Let several people's updates come in at one moment, in any order, some of them twice."""
        whole = [
            (f"{who}:{next(self._ids)}", {"chat_id": who, "user_id": who, "user_name": who, **raw})
            for who, raw in updates
        ]
        if self.faults is not None:
            self.faults.random.shuffle(whole)
        for external_id, raw in whole:
            await self._arrives(external_id, raw)
        await self._settle()

    async def _arrives(self, external_id: str, raw: dict[str, object]) -> None:
        await self._surely(lambda: World._arrives(self, external_id, raw))
        self.recent = [*self.recent, (external_id, raw)][-9:]
        if self.faults is not None and self.faults.strikes(0.2, what="duplicate"):
            self.faults.count("duplicate")
            again = self.faults.random.choice(self.recent)
            await self._surely(lambda: World._arrives(self, *again))

    async def _settle(self) -> None:
        while True:
            settling = asyncio.create_task(self._settle_surely())
            if self.faults is None:
                return await settling
            killed = asyncio.create_task(self.faults.killed.wait())
            await asyncio.wait([settling, killed], return_when=asyncio.FIRST_COMPLETED)
            killed.cancel()
            if not self.faults.killed.is_set():
                return await settling
            await self._dies()

    async def _settle_surely(self) -> None:
        await self._surely(super()._settle)

    async def _dies(self) -> None:
        """End everything that runs without letting it record anything, and start again."""
        rest = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in rest:
            task.cancel()
        await asyncio.gather(*rest, return_exceptions=True)
        self.restart()

    async def _surely(self, work: Callable[[], Awaitable[None]]) -> None:
        while True:
            try:
                return await work()
            except OperationalError:
                continue

    def _maybe_restart(self) -> None:
        if self.faults is not None and self.faults.strikes(self.faults.restart, what="restart"):
            self.faults.count("restart")
            self.restart()

    def _still_waits(self) -> bool:
        now = self.clock.now()
        slowest = Lane.SUMMARY if self.house._is_open(now) else Lane.ANSWER

        def count(tx: Tx) -> int:
            waiting = (outbox.c.state == "waiting", outbox.c.lane <= slowest, outbox.c.not_before <= now + SOON)
            return tx.execute(select(func.count()).select_from(outbox).where(*waiting)).scalar_one()

        return self.store.read(count) > 0
