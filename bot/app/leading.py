"""Keeps the lease: one process of several ticks, sends and handles what was heard; the others stand by to take over."""

import asyncio
import logging
import math
import os
import secrets
import socket
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from bot.store import Store, lease

log = logging.getLogger(__name__)

LIFE = timedelta(seconds=9)
SOLE_LIFE = timedelta(minutes=1)  # nobody waits for it, and a long writing of our own must not cost it
RENEW_SECONDS = 3.0  # after it; a try that failed is followed by one each LOOK_SECONDS
LOOK_SECONDS = 1.0  # how often one that stands by looks: a killed holder is replaced within ten
RELEASE_SECONDS = 2.0

Pause = Callable[[float], Awaitable[None]]


class Leader:
    """Our side of the lease, and the Fence that sending asks.

    Until `run` begins there is nobody to compete with: parts of a house used singly act alone, under epoch 0. What
    `holds` says is never later than the database's own view, for a life is counted from before the question was asked.
    All seconds are real ones that go on while the process or the machine is suspended.
    """

    def __init__(
        self,
        store: Store,
        *,
        is_sole: bool = False,
        elapsed: Callable[[], float] | None = None,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self.holder = f"{socket.gethostname()}:{os.getpid()}:{secrets.token_hex(4)}"
        self._store = store
        self._life = SOLE_LIFE if is_sole else LIFE
        self._by_force = is_sole  # the home's lock proves that no other process lives: its lease need not run out
        self._elapsed = elapsed or _elapsed
        self._pause = pause
        self._epoch = 0
        self._until = math.inf
        # Its own thread: a renewal must not queue behind the writing of ten thousand reminders.
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="lease")
        self._question: asyncio.Future[int | None] | None = None
        self._asked_at = 0.0

    @property
    def epoch(self) -> int:
        """Return the epoch we last held the lease under; 0 before the first."""
        return self._epoch

    def holds(self) -> bool:
        """Say whether nobody else can have the lease now."""
        return self._elapsed() < self._until

    async def run(self, lead: Callable[[], Awaitable[None]], *, stand_by: Callable[[], None]) -> None:
        """Run `lead` whenever the lease is ours, and call `stand_by` whenever it is not, until cancelled.

        `lead` runs until it is cancelled, and ends what it has begun; only then another term can begin. The lease is
        renewed meanwhile if it is still ours, and let go of at the very end.
        """
        self._until = -math.inf
        is_standing_by = False
        try:
            while True:
                if await self._takes():
                    is_standing_by = False
                    log.info("lease taken epoch=%s", self._epoch)
                    await self._serve(lead)
                    continue
                if not is_standing_by:
                    is_standing_by = True
                    log.info("standing by: another process has the lease, or the database does not answer")
                    stand_by()
                await self._pause(LOOK_SECONDS)
        finally:
            await self._let_go()

    async def _serve(self, lead: Callable[[], Awaitable[None]]) -> None:
        term, keeping = asyncio.ensure_future(lead()), asyncio.ensure_future(self._keep())
        try:
            await asyncio.wait([term, keeping], return_when=asyncio.FIRST_COMPLETED)
            if keeping.done():
                log.warning("lease lost epoch=%s: nothing is sent from here until it is ours again", self._epoch)
        finally:
            term.cancel()
            try:
                await asyncio.wait([term])  # renewed on, so that what is in the air lands under a living lease
            finally:
                keeping.cancel()
        if not term.cancelled() and (error := term.exception()) is not None:
            log.error("term ended by a defect", exc_info=error)
            await self._pause(LOOK_SECONDS)

    async def _keep(self) -> None:
        """Renew until it is lost."""
        is_answered = True
        while (left := self._until - self._elapsed()) > 0:
            await self._pause(min(left, RENEW_SECONDS if is_answered else LOOK_SECONDS))
            if self.holds():
                is_answered = await self._renews()

    async def _takes(self) -> bool:
        try:
            epoch = await self._asks(self._life.total_seconds())
        except Exception as error:
            log.warning("lease not asked for: %s", type(error).__name__)  # the loop that must not die
            return False
        if epoch is None:
            return False
        self._by_force = False
        self._epoch, self._until = epoch, self._asked_at + self._life.total_seconds()
        return self.holds()

    async def _renews(self) -> bool:
        try:
            epoch = await self._asks(self._until - self._elapsed())
        except Exception as error:
            log.warning("lease not renewed: %s", type(error).__name__)  # it is ours until it runs out
            return False
        # Another epoch is another term's, our own next one too: what was begun under this one is over.
        self._until = self._asked_at + self._life.total_seconds() if epoch == self._epoch else -math.inf
        return True

    async def _asks(self, seconds: float) -> int | None:
        """Take or renew in the database, waiting for it so long at most; a question it has not answered is not asked twice."""
        if self._question is None:
            self._asked_at = self._elapsed()
            self._question = asyncio.get_running_loop().run_in_executor(self._thread, self._take)
        async with asyncio.timeout(seconds):
            await asyncio.wait([self._question])
        question, self._question = self._question, None
        return question.result()

    def _take(self) -> int | None:
        return self._store.write(
            lambda tx: lease.take(tx, holder=self.holder, life=self._life, by_force=self._by_force)
        )

    async def _let_go(self) -> None:
        self._until = -math.inf
        release = asyncio.get_running_loop().run_in_executor(
            self._thread, self._store.write, lambda tx: lease.release(tx, holder=self.holder)
        )
        self._thread.shutdown(wait=False)
        done, _ = await asyncio.wait([release], timeout=RELEASE_SECONDS)
        if not done or release.exception() is not None:
            log.warning("lease not let go of: it runs out by itself")


def _elapsed() -> float:
    # The monotonic clock stands still while the machine sleeps, and the lease does not.
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
