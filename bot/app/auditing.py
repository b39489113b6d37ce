"""The auditor: every few minutes it looks for what should have happened and did not, says so once, and else says all is well."""

import asyncio
import logging
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import aiohttp

from bot.app.clock import Clock
from bot.app.home import Home
from bot.app.surroundings import ClockWatch, FileWatch, disk, ears
from bot.catalogue import Catalogue
from bot.domain.calendar import local_day
from bot.jobs import audit
from bot.jobs.audit import Finding, Looked, StepAudit, Trouble
from bot.ports import Channel
from bot.store import Store, Tx, audits, summaries

log = logging.getLogger(__name__)

AUDIT_SECONDS = 300.0  # of real time
SAMPLE = 500  # occurrences a round
CHUNK = 2000  # occurrences in one view of the database, when all are looked at: some 50 ms
NIGHT = timedelta(hours=1)  # after midnight all are looked at
PING_SECONDS = 10.0
LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_PLACE = "audit place"  # the occurrence last looked at
_WHOLE = "audit whole"  # the night, and the catalogue, for which all were


class Auditor:
    """Looks, notes, pings. `ticked_at` says when the last tick began; one that never began is no trouble yet."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        home: Home,
        catalogue: Callable[[], Catalogue],
        clock: Clock,
        ticked_at: Callable[[], datetime | None],
        fresh: timedelta,
        ping_url: str = "",
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._store, self._channels, self._home = store, channels, home
        self._catalogue, self._clock, self._ticked_at, self._fresh = catalogue, clock, ticked_at, fresh
        self._ping_url = ping_url if not clock.is_simulated or is_loopback(ping_url) else ""
        self._monotonic = monotonic
        self._watch = ClockWatch(clock.now, monotonic)
        self._file = FileWatch(store.url)
        self._is_well = False
        self._began_at = self._ended_at = monotonic()

    @property
    def quiet_seconds(self) -> float:
        """How long ago, in real time, the last round ended, or this process began to tick where there was none."""
        return self._monotonic() - self._ended_at

    def begin(self) -> None:
        """Note that this process begins to tick: what another one did or not is not ours to answer for."""
        self._began_at = self._ended_at = self._monotonic()

    async def round(self) -> tuple[Finding, ...]:
        """Look once at everything; return what was found. A fault of its own is logged, and the next round tries again."""
        try:
            found = await self._look()
        except Exception:
            log.exception("audit failed")  # the one that watches must not die
            return ()
        self._ended_at = self._monotonic()
        if not found and self._is_well and self._ping_url:
            await ping(self._ping_url)
        return found

    async def _look(self) -> tuple[Finding, ...]:
        now, ticked_at = self._clock.now(), self._ticked_at()
        found = await asyncio.to_thread(self._around)
        ticked = ticked_at is not None and now - ticked_at < self._fresh
        had_time = (self._monotonic() - self._began_at) * self._clock.speed > self._fresh.total_seconds()
        if not ticked and (ticked_at is not None or had_time):
            found.append(Finding(trouble=Trouble.TICK))
        if not self._clock.is_simulated:
            found += self._watch.look(ticked_at=ticked_at)
        try:
            await self._store.awrite(audits.probe)
        except Exception:
            log.exception("database not writable")
            return (*found, Finding(trouble=Trouble.DATABASE))  # there is nowhere to note it
        catalogue = self._catalogue()
        speed = self._clock.speed
        found += await self._store.aread(
            lambda tx: audit.counted(tx, catalogue, channels=[*self._channels], ticked=ticked, now=now, speed=speed)
        )
        steps, lasting = await self._steps(catalogue, now)
        found += steps
        new = await self._store.awrite(lambda tx: audit.note(tx, found, lasting=lasting, now=now))
        self._is_well = not await self._store.aread(audit.stands)
        for each in new:
            log.warning("audit found=%s %s", each.key, " ".join(f"{name}={word}" for name, word in each.words.items()))
        return tuple(found)

    def _around(self) -> list[Finding]:
        return [*disk(self._home.data), *ears(self._channels), *self._file.look()]

    async def _steps(self, catalogue: Catalogue, now: datetime) -> tuple[list[Finding], tuple[Trouble, ...]]:
        """Look at the next occurrences in turn, once a night and under a new catalogue at all; mend what is wrong."""
        night = f"{local_day(now - NIGHT)} {catalogue.digest}"
        place, whole = await self._store.aread(lambda tx: (summaries.recall(tx, _PLACE), summaries.recall(tx, _WHOLE)))
        judge = StepAudit(catalogue, now=now)
        if whole != night:
            looks = await self._all(judge)
            await self._store.awrite(lambda tx: summaries.remember(tx, _WHOLE, night))
            return audit.findings_of(looks), ()
        look = await self._looked(judge, after=int(place or 0), limit=SAMPLE)
        await self._store.awrite(lambda tx: summaries.remember(tx, _PLACE, str(look.last)))
        return audit.findings_of([look]), (Trouble.FATE,)

    async def _all(self, judge: StepAudit) -> Sequence[Looked]:
        looks = [await self._looked(judge, after=0, limit=CHUNK)]
        while looks[-1].last:
            looks.append(await self._looked(judge, after=looks[-1].last, limit=CHUNK))
        log.info("audit looked at all=%s", sum(look.number for look in looks))
        return looks

    async def _looked(self, judge: StepAudit, *, after: int, limit: int) -> Looked:
        look = await self._store.aread(lambda tx: judge.look(tx, after=after, limit=limit))
        if look.wrong:
            await self._store.awrite(lambda tx: self._mend(tx, look))
        for each, step in look.missing:
            log.error("no fate occurrence=%s step=%s", each.id, step.key)
        return look

    def _mend(self, tx: Tx, look: Looked) -> None:
        for each, next_at in look.wrong:
            log.error("next step occurrence=%s stored=%s rule=%s", each.id, each.next_step_at, next_at)
        audits.mend(tx, look.wrong)


async def ping(url: str) -> bool:
    """Call the address that waits for it; return whether it answered well. The log never names it: it may hold a key."""
    limit = aiohttp.ClientTimeout(total=PING_SECONDS)
    try:
        async with (
            aiohttp.ClientSession(timeout=limit) as session,
            session.get(url, allow_redirects=False) as answer,
        ):
            status = answer.status
    except Exception as error:  # whatever a line can do; the watcher at the other end will notice
        log.warning("ping failed reason=%s", type(error).__name__)
        return False
    if status >= 300:  # a redirect is not followed: it is not what the settings say
        log.warning("ping refused status=%s", status)
        return False
    return True


def is_loopback(url: str) -> bool:
    """Return whether an address is this machine's own."""
    return urlsplit(url).hostname in LOOPBACK
