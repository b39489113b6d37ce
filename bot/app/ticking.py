"""The tick: everything that should have happened by now and has no record, in the order of the flow."""

import asyncio
import logging
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from pathlib import Path

from apscheduler.triggers.cron import CronTrigger

from bot.catalogue import Catalogue
from bot.domain.calendar import LOCAL, Calendar, local_day
from bot.domain.heirs import holder
from bot.domain.plan import Plan
from bot.jobs.announce import announce
from bot.jobs.keep import keep_in_step
from bot.jobs.notify import notify
from bot.jobs.remind import remind
from bot.jobs.rescue import is_called_for, rescue
from bot.jobs.shadow import Shadow
from bot.jobs.summarise import Draw, last_moment, summarise
from bot.jobs.undecided import chase_office
from bot.ports import Caps
from bot.settings import Settings
from bot.store import Store, events, outages

log = logging.getLogger(__name__)

BEAT_EVERY = timedelta(minutes=1)  # a tick leaves its mark so often, and what was missed is told by the marks' absence
_LOOK_BACK = timedelta(days=8)  # holds at least one weekly moment


class Ticker:
    """Asks, at every tick, what is due; costs next to nothing where nothing is."""

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Callable[[], Catalogue],
        settings: Settings,
        caps: Mapping[str, Caps],
        now: Callable[[], datetime],
        folder: Path,
        written: Callable[[], None],
        draw: Draw | None = None,
        shadow: Shadow | None = None,
    ) -> None:
        self._store = store
        self._catalogue = catalogue
        self._settings = settings
        self._caps = caps
        self._channels = frozenset(caps)  # now: what is asked for later and not there is added
        self._now = now
        self._folder = folder
        self._written = written
        self._draw = draw
        self._shadow = shadow
        self._kept_on: tuple[date, str, int] | None = None
        self._chased_on: date | None = None
        self._weekly = CronTrigger(
            day_of_week=settings.summary_on,
            hour=settings.summary_at.hour,
            minute=settings.summary_at.minute,
            timezone=LOCAL,
        )
        self._looked: tuple[datetime, str] | None = None
        self._beat_at: datetime | None = None
        self.last_at: datetime | None = None

    async def tick(self) -> None:
        """Do what is due by now."""
        now = self._now()
        await self._beat(now)
        found = self._catalogue()
        plan, calendar = found.plan, found.calendar
        office = holder(plan, plan.office, local_day(now))
        await self._try_out(now)
        # First, or a tick that fails would keep to itself why.
        told = await self._store.awrite(
            lambda tx: notify(tx, calendar=calendar, caps=self._caps, office=office, unit_name=plan.unit_name, now=now)
        )
        if told:
            log.info("admins told matters=%s", told)
            self._written()
        today = (local_day(now), found.digest, await self._store.aread(events.entered))
        if self._kept_on != today:
            kept = await self._store.awrite(
                lambda tx: keep_in_step(tx, plan=plan, calendar=calendar, now=now), alone=True
            )
            log.info("kept added=%s moved=%s archived=%s", kept.added, kept.moved, kept.archived)
            self._kept_on = today
        life = timedelta(hours=self._settings.questions_hours)
        reminded = await self._store.awrite(
            lambda tx: remind(tx, plan=plan, calendar=calendar, caps=self._caps, question_life=life, now=now),
            alone=True,  # a thousand reminders take longer than an answer wants to wait for its commit
        )
        gather = timedelta(minutes=self._settings.office_gather_minutes)
        announced = await self._store.awrite(
            lambda tx: announce(tx, plan=plan, calendar=calendar, caps=self._caps, gather=gather, now=now)
        )
        announced += await self._chase_office(plan, calendar, now)
        published = await self._summarise(found, now)
        moved = await self._rescue(found, now)
        if reminded.due:
            log.info("reminded due=%s letters=%s", reminded.due, reminded.letters)
        if reminded.letters or announced or published or moved:
            self._written()
        self.last_at = now

    def next_summary_at(self, now: datetime) -> datetime:
        """Return when the next weekly summary is to be published."""
        return next(self._moments(now))

    async def _beat(self, now: datetime) -> None:
        if self._beat_at is not None and abs(now - self._beat_at) < BEAT_EVERY:
            return
        if await self._store.awrite(lambda tx: outages.beat(tx, now=now)):
            log.info("no tick had run for longer than %s", outages.SILENCE)
        self._beat_at = now

    async def _try_out(self, now: datetime) -> None:
        shadow = self._shadow
        if shadow is None or shadow.asks_no_more or await self._store.aread(shadow.is_over):
            return
        if await self._store.awrite(lambda tx: shadow.look(tx, now)):
            self._written()

    async def _chase_office(self, plan: Plan, calendar: Calendar, now: datetime) -> int:
        if self._chased_on == local_day(now) or not calendar.is_open(now):
            return 0
        told = await self._store.awrite(
            lambda tx: chase_office(tx, plan=plan, calendar=calendar, caps=self._caps, now=now)
        )
        self._chased_on = local_day(now)  # what waits grows older by the day
        return told

    async def _rescue(self, found: Catalogue, now: datetime) -> int:
        if not await self._store.aread(is_called_for):
            return 0
        plan, calendar, channels = found.plan, found.calendar, self._channels
        moved = await self._store.awrite(
            lambda tx: rescue(tx, plan=plan, calendar=calendar, caps=self._caps, channels=channels, now=now),
            alone=True,
        )
        if moved:
            log.warning("letters moved to another channel=%s", moved)
        return moved

    async def _summarise(self, found: Catalogue, now: datetime) -> bool:
        moment = last_moment(self._moments(now - _LOOK_BACK), now=now)
        if moment is None or (moment, found.digest) == self._looked:
            return False
        published = await asyncio.to_thread(
            summarise,
            self._store,
            plan=found.plan,
            calendar=found.calendar,
            caps=self._caps,
            folder=self._folder,
            moment=moment,
            as_of_time=self._settings.summary_as_of,
            language=self._settings.language,
            now=now,
            draw=self._draw,
        )
        self._looked = (moment, found.digest)  # one look at each moment, or every tick would ask the database again
        if published:
            log.info("published week of %s", local_day(moment))
        return published

    def _moments(self, after: datetime) -> Iterator[datetime]:
        moment = self._weekly.get_next_fire_time(None, after)
        while moment is not None:
            yield moment
            moment = self._weekly.get_next_fire_time(moment, moment)
