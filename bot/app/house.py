"""The whole bot, put together once: store, channels, hearing, ticking, sending, the web server."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from bot.app.auditing import AUDIT_SECONDS, Auditor
from bot.app.catalogues import Catalogues
from bot.app.cataloguing import Cataloguing
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
from bot.web.editor import Editor
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
        around: Callable[[Plan, datetime], None] | None = None,
    ) -> None:
        self._around = around
        self.clock, self.store, self.local = clock, store, local
        self.channels, self.catalogues = channels, catalogues
        self.hooks: Mapping[str, Hook] = {} if hooks is None else hooks
        self.demo_chats = demo_chats
        self.spool, self.folder = home.spool, home.data
        self.caps = caps_of(channels, local)
        self._home, self._settings = home, settings
        self._is_sole = home.is_sole(settings.database_url)
        self._fresh = timedelta(seconds=12 * TICK_SECONDS * clock.speed)
        self._shadow = Shadow(settings.catalogue_shadow_until, plan=lambda: self.plan, caps=self.caps)
        self.leader = Leader(store, is_sole=self._is_sole)
        self.deliverer = self._new_deliverer()
        self.hearer = self._new_hearer()
        self.ticker = self._new_ticker()
        self.watcher = Watcher(store, catalogues, root=home.root, settings=settings, caps=self.caps, now=clock.now)
        self.reacher = Reacher(store, channels, clock.now, calendar=lambda: self.calendar, fence=self.leader)
        self.auditor = self._new_auditor()
        self._readiness = self._new_readiness()
        self._ticking = asyncio.Lock()
        self.editor: Editor = Cataloguing(self, home, settings, ticking=self._ticking)
        self.host = HouseHost(self)
        self._shifts = self._new_shifts()

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

    def _new_deliverer(self) -> Deliverer:
        return Deliverer(
            self.store,
            self.channels,
            self.clock.now,
            folder=self.folder,
            is_open=self._is_open,
            fence=self.leader,
            holds_back=self._shadow.holds_back,
        )

    def _new_hearer(self) -> Hearer:
        return Hearer(
            self.store,
            self.channels,
            desk=self._desk,
            now=self.clock.now,
            folder=self.folder,
            answered=self.deliverer.wake,
            came_from=self.deliverer.heard,
            look_seconds=None if self._is_sole else LOOK_SECONDS,
        )

    def _new_ticker(self) -> Ticker:
        return Ticker(
            self.store,
            catalogue=self.catalogues.current,
            settings=self._settings,
            caps=self.caps,
            now=self.clock.now,
            folder=self.folder,
            written=self.deliverer.wake,
            shadow=self._shadow,
        )

    def _new_auditor(self) -> Auditor:
        return Auditor(
            self.store,
            self.channels,
            home=self._home,
            catalogue=self.catalogues.current,
            clock=self.clock,
            ticked_at=self._ticked_at,
            fresh=self._fresh,
            ping_url=self._settings.audit_ping_url,
        )

    def _new_readiness(self) -> Readiness:
        return Readiness(
            self.store,
            self.channels,
            folder=self.folder,
            clock=self.clock,
            ticked_at=self._ticked_at,
            fresh=self._fresh,
            ticks=self.leader.holds,
            audit_age=lambda: self.auditor.quiet_seconds,
            unit_name=self._unit_name,
        )

    def _new_shifts(self) -> Shifts:
        seconds = SIMULATED_TICK_SECONDS if self.clock.is_simulated else TICK_SECONDS
        rounds = [(self.tick, seconds), (self.auditor.round, AUDIT_SECONDS), (self.reacher.round, REACH_SECONDS)]
        return Shifts(
            self.leader, self.channels, hearer=self.hearer, deliverer=self.deliverer, tick=self.tick, rounds=rounds
        )

    async def _set_menus(self) -> None:
        # The page forgets its menus when the bot stops; Telegram keeps its own.
        for chat_id, person in (await self.store.aread(lambda tx: people.chats_on(tx, LOCAL_CHANNEL))).items():
            commands = menu(person.language, [held.role for held in person.memberships])
            await self.local.set_menu(chat_id, commands)

    async def _play(self) -> None:
        if self._around is not None:  # what a demo lets happen around the people who are played
            await asyncio.to_thread(self._around, self.plan, self.clock.now())

    def _unit_name(self, unit: str) -> str:
        return self.plan.unit_name(unit)

    def _ticked_at(self) -> datetime | None:
        return self.ticker.last_at

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
