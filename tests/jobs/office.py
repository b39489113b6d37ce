"""A store, a channel, a clock, a fence, and the one who delivers."""

import asyncio
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.jobs.deliver import Deliverer
from bot.ports import Out
from bot.store import Store, notices
from bot.store.notices import NoticeKind
from bot.store.tables import outbox as table
from tests.fakes.channel import FakeChannel
from tests.store.builders import NOW, SECOND
from tests.world import HandClock

FOLDER = Path("/srv/kế hoạch/data")


class HandFence:
    """A fence that stands as the test puts it."""

    epoch = 0
    is_held = True

    def holds(self) -> bool:
        return self.is_held


class Office:
    """A store, a channel, a clock, and the one who delivers."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.clock = HandClock(NOW)
        self.is_open = True
        self.moments: list[datetime] = []
        self.fence = HandFence()
        self.channel = FakeChannel(on_send=self._note)
        self.deliverer = self.another()

    def another(self) -> Deliverer:
        """Return one more who delivers, as after a restart."""
        return Deliverer(
            self.store,
            {"fake": self.channel},
            self.clock.now,
            folder=FOLDER,
            is_open=lambda _: self.is_open,
            fence=self.fence,
            chance=lambda: 0.5,
        )

    async def deliver(self) -> None:
        """Send all that may go now, and let it land."""
        async with asyncio.timeout(20):
            await self.deliverer.land()
            while await self.deliverer.send_waiting():
                await self.deliverer.land()

    async def deliver_one(self) -> None:
        """Send at most what takes off at once, one after the other."""
        await self.deliverer.send_waiting()
        await self.deliverer.land()

    async def passes(self, time: timedelta) -> None:
        """Let time pass second by second, and all go that may."""
        for _ in range(time // SECOND):
            self.clock.set(self.clock.now() + SECOND)
            await self.deliver()

    async def _note(self, _chat: str, _out: Out) -> None:
        self.moments.append(self.clock.now())

    def notices(self) -> list[tuple[NoticeKind, dict[str, str]]]:
        """Return what the admins are to know."""
        return [(each.kind, dict(each.words)) for each in self.store.read(notices.standing)]

    def rows(self, *columns: str) -> dict[str, tuple[Any, ...]]:
        """Return these columns of each message by its key."""
        chosen = select(table.c.key, *(table.c[column] for column in columns)).order_by(table.c.id)
        return {row[0]: tuple(row[1:]) for row in self.store.read(lambda tx: tx.execute(chosen).all())}

    def states(self) -> dict[str, tuple[str, str]]:
        """Return where each message is, and why."""
        rows = self.store.read(lambda tx: tx.execute(select(table.c.key, table.c.state, table.c.reason)).all())
        return {row.key: (row.state, row.reason) for row in rows}
