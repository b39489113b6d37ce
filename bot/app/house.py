"""The whole bot, put together once: store, channels, hearing, ticking, sending, the web server."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.app.auditing import AUDIT_SECONDS, Auditor
from bot.app.catalogues import Catalogues
from bot.app.clock import Clock
from bot.app.hearing import Hearer
from bot.app.home import Home
from bot.app.hosting import Hook, HouseHost
from bot.app.leading import Leader
from bot.app.moments import next_moment
from bot.app.readiness import Readiness
from bot.app.shifts import Shifts
from bot.app.ticking import Ticker
from bot.app.watching import Watcher
from bot.channels.local import CHANNEL as LOCAL_CHANNEL
from bot.channels.local import LocalChannel
from bot.conversation.turn import Desk
from bot.domain.calendar import Calendar
from bot.domain.plan import Plan
from bot.jobs.deliver import Deliverer
from bot.jobs.reach import REACH_SECONDS, Reacher
from bot.jobs.shadow import Shadow
from bot.ports import Caps, Channel
from bot.settings import Settings
from bot.store import Store, people
from bot.texts.people import menu
from bot.web.host import Check

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0  # of real time; a tick with nothing due costs a millisecond
SIMULATED_TICK_SECONDS = 0.5
LOOK_SECONDS = 0.3  # how often the holder looks for what other replicas heard


class House:
    """Everything that runs, and the order in which it starts and stops."""

    def __init__(
        self,
        *,
        home: Home,
        settings: Settings,
        clock: Clock,
        store: Store,
        catalogues: Catalogues,
        channels: Mapping[str, Channel],
        local: LocalChannel,
        hooks: Mapping[str, Hook] | None = None,
        demo_chats: Sequence[str] = (),
        around: Callable[[datetime], None] | None = None,
    ) -> None:
        self._around = around
        self.clock, self.store, self.local = clock, store, local
        self.channels = channels
        self.hooks: Mapping[str, Hook] = {} if hooks is None else hooks
        self.demo_chats = demo_chats
        self.spool = home.spool
        self._settings = settings
        self.catalogues = catalogues
        self.caps = caps_of(channels, local)
        self.folder = home.data
        self.leader = Leader(store, is_sole=home.is_sole(settings.database_url))
        shadow = Shadow(settings.catalogue_shadow_until, plan=lambda: self.plan, caps=self.caps)
        self.deliverer = Deliverer(
            store,
            channels,
            clock.now,
            folder=home.data,
            is_open=self._is_open,
            fence=self.leader,
            holds_back=shadow.holds_back,
        )
        self.hearer = Hearer(
            store,
            channels,
            desk=self._desk,
            now=clock.now,
            folder=home.data,
            answered=self.deliverer.wake,
            came_from=self.deliverer.heard,
            look_seconds=None if home.is_sole(settings.database_url) else LOOK_SECONDS,
        )
        self.ticker = Ticker(
            store,
            catalogue=catalogues.current,
            settings=settings,
            caps=self.caps,
            now=clock.now,
            folder=home.data,
            written=self.deliverer.wake,
            shadow=shadow,
        )
        self.watcher = Watcher(store, catalogues, root=home.root, settings=settings, caps=self.caps, now=clock.now)
        self.reacher = Reacher(store, channels, clock.now, calendar=lambda: self.calendar, fence=self.leader)
        fresh = timedelta(seconds=12 * TICK_SECONDS * clock.speed)
        self.auditor = Auditor(
            store,
            channels,
            home=home,
            catalogue=catalogues.current,
            clock=clock,
            ticked_at=lambda: self.ticker.last_at,
            fresh=fresh,
            ping_url=settings.audit_ping_url,
        )
        self._readiness = Readiness(
            store,
            channels,
            folder=home.data,
            clock=clock,
            ticked_at=lambda: self.ticker.last_at,
            fresh=fresh,
            ticks=self.leader.holds,
            audit_age=lambda: self.auditor.quiet_seconds,
            unit_name=self._unit_name,
        )
        self.host = HouseHost(self)
        self._ticking = asyncio.Lock()
        seconds = SIMULATED_TICK_SECONDS if clock.is_simulated else TICK_SECONDS
        self._shifts = Shifts(
            self.leader,
            channels,
            hearer=self.hearer,
            deliverer=self.deliverer,
            tick=self.tick,
            rounds=[
                (self.tick, seconds),
                (self.auditor.round, AUDIT_SECONDS),
                (self.reacher.round, REACH_SECONDS),
            ],
        )

    @property
    def plan(self) -> Plan:
        """The plan that runs."""
        return self.catalogues.current().plan

    @property
    def calendar(self) -> Calendar:
        """The calendar it runs on."""
        return self.catalogues.current().calendar

    def leads(self) -> bool:
        """Say whether this is the process that ticks and sends."""
        return self.leader.holds()

    async def tick(self) -> None:
        """Do what is due now; never twice at once. A tick that fails is logged, and the next one tries again."""
        async with self._ticking:
            for part in (self.watch, self.ticker.tick, self._play):
                try:
                    await part()
                except Exception:
                    log.exception("tick failed")  # the loop that must not die

    async def watch(self) -> None:
        """Run what was applied last, by whom ever, and see to what the catalogue's files and the admins ask for."""
        await self.catalogues.follow()
        if await self.watcher.look():
            self.deliverer.wake()

    async def next_moment(self) -> datetime | None:
        """Return when the next step, message or summary is due; a step outside office hours counts at their opening."""
        now = self.clock.now()
        return await next_moment(self.store, self.calendar, now=now, summary_at=self.ticker.next_summary_at(now))

    async def checks(self) -> Sequence[Check]:
        """Return every condition of being ready."""
        return await self._readiness.checks()

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run everything while the block lasts."""
        await self._set_menus()
        async with self._shifts.running():
            yield

    async def _set_menus(self) -> None:
        # The page forgets its menus when the bot stops; Telegram keeps its own.
        for chat_id, person in (await self.store.aread(lambda tx: people.chats_on(tx, LOCAL_CHANNEL))).items():
            commands = menu(person.language, [held.role for held in person.memberships])
            await self.local.set_menu(chat_id, commands)

    async def _play(self) -> None:
        if self._around is not None:  # what a demo lets happen around the people who are played
            await asyncio.to_thread(self._around, self.clock.now())

    def _unit_name(self, unit: str) -> str:
        return self.plan.unit_name(unit)

    def _is_open(self, moment: datetime) -> bool:
        return self.calendar.is_open(moment)

    def _desk(self) -> Desk:
        return Desk(
            plan=self.plan,
            calendar=self.calendar,
            caps=self.caps,
            language=self._settings.language,
            question_life=timedelta(hours=self._settings.questions_hours),
            file_limit_mb=self._settings.files_max_mb,
            brake=(self._settings.catalogue_brake_share, self._settings.catalogue_brake_least),
            helper=", ".join(filter(None, (self._settings.help_name, self._settings.help_phone))),
        )


def caps_of(channels: Mapping[str, Channel], local: LocalChannel) -> Mapping[str, Caps]:
    """Return what each channel can do; a letter to one that is off is cut as for the page, and waits in the outbox."""
    caps: dict[str, Caps] = defaultdict(lambda: local.caps)
    caps.update({name: channel.caps for name, channel in channels.items()})
    return caps
