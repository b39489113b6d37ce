"""The whole bot, put together once: store, channels, hearing, ticking, sending, the web server."""

import asyncio
import contextlib
import logging
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler

from bot.app.clock import Clock
from bot.app.hearing import Hearer
from bot.app.home import Home
from bot.app.hosting import Hook, HouseHost
from bot.app.ticking import Ticker
from bot.catalogue import Catalogue
from bot.channels.local import CHANNEL as LOCAL_CHANNEL
from bot.channels.local import LocalChannel
from bot.conversation.turn import Desk
from bot.domain.plan import Plan
from bot.jobs.deliver import Deliverer
from bot.ports import Caps, Channel
from bot.settings import Settings
from bot.store import Store, occurrences, outbox, people
from bot.texts.people import menu
from bot.web.host import Check

log = logging.getLogger(__name__)

TICK_SECONDS = 5.0  # of real time; a tick with nothing due costs a millisecond
SIMULATED_TICK_SECONDS = 0.5
DEAF_SECONDS = 1.0  # before a channel that broke is listened to again
LANDING_SECONDS = 10.0  # what is in the air at a shutdown has this long


class House:
    """Everything that runs, and the order in which it starts and stops."""

    def __init__(
        self,
        *,
        home: Home,
        settings: Settings,
        clock: Clock,
        store: Store,
        catalogue: Catalogue,
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
        self._catalogue = catalogue
        self._caps = _caps(channels, local)
        self.folder = home.data
        self.deliverer = Deliverer(store, channels, clock.now, folder=home.data, is_open=self._is_open)
        self.hearer = Hearer(
            store,
            channels,
            desk=self._desk,
            now=clock.now,
            folder=home.data,
            answered=self.deliverer.wake,
        )
        self.ticker = Ticker(
            store,
            catalogue=lambda: self._catalogue,
            settings=settings,
            caps=self._caps,
            now=clock.now,
            folder=home.data,
            written=self.deliverer.wake,
        )
        self.host = HouseHost(self)
        self._ticking = asyncio.Lock()

    @property
    def plan(self) -> Plan:
        """The plan that runs."""
        return self._catalogue.plan

    async def tick(self) -> None:
        """Do what is due now; never twice at once. A tick that fails is logged, and the next one tries again."""
        async with self._ticking:
            try:
                await self.ticker.tick()
                if self._around is not None:  # what a demo lets happen around the people who are played
                    await asyncio.to_thread(self._around, self.clock.now())
            except Exception:
                log.exception("tick failed")  # the loop that must not die

    async def next_moment(self) -> datetime | None:
        """Return when the next step, message or summary is due; a step outside office hours counts at their opening."""
        now = self.clock.now()
        step = await self.store.aread(lambda tx: occurrences.next_moment(tx, after=now))
        first = await self.store.aread(outbox.next_moment)
        letter = await self.store.aread(lambda tx: outbox.next_moment(tx, after=now))
        opens = self._catalogue.calendar.next_open
        moments = [opens(step)] if step else []
        moments += [letter] if letter else []
        moments += [opens(now)] if first and first <= now else []  # what could not leave by day waits for the morning
        return min([moment for moment in moments if moment > now] + [self.ticker.next_summary_at(now)])

    async def checks(self) -> Sequence[Check]:
        """Return every condition of being ready."""
        database = await self._database_answers()
        last = self.ticker.last_at
        stale = timedelta(seconds=12 * TICK_SECONDS * self.clock.speed)
        ticking = last is not None and self.clock.now() - last < stale
        found = [
            Check(
                name="database",
                is_ok=database,
                words="Cơ sở dữ liệu trả lời." if database else "Cơ sở dữ liệu không trả lời.",
            ),
            Check(name="tick", is_ok=ticking, words="Nhịp làm việc đều." if ticking else "Nhịp làm việc đã dừng."),
        ]
        for name, channel in self.channels.items():
            state = str(getattr(channel, "state", "ok"))
            words = f"Kênh {name} hoạt động." if state == "ok" else f"Kênh {name} không hoạt động: {state}."
            found.append(Check(name=f"channel.{name}", is_ok=state == "ok", words=words))
        return found

    @contextlib.asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run everything; at the end stop listening first, then handle and send what is begun, then close."""
        for channel in self.channels.values():
            await channel.open()
        work = [asyncio.create_task(self.deliverer.run(every=1.0)), asyncio.create_task(self.hearer.run())]
        ears = [asyncio.create_task(self._listen(name, channel)) for name, channel in self.channels.items()]
        await self._set_menus()
        scheduler = self._scheduler()
        await self.tick()
        scheduler.start()
        try:
            yield
        finally:
            scheduler.shutdown(wait=False)
            await _ended(ears)
            await _ended(work[1:])
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(LANDING_SECONDS):
                    await _ended(work[:1])
            for channel in self.channels.values():
                await channel.close()

    async def _listen(self, name: str, channel: Channel) -> None:
        while True:
            try:
                await channel.listen(self.hearer.sink(name))
            except Exception:
                log.exception("channel stopped listening channel=%s", name)  # the ear that must not fall off
            await asyncio.sleep(DEAF_SECONDS)

    async def _set_menus(self) -> None:
        # The page forgets its menus when the bot stops; Telegram keeps its own.
        for chat_id, person in (await self.store.aread(lambda tx: people.chats_on(tx, LOCAL_CHANNEL))).items():
            commands = menu(person.language, [held.role for held in person.memberships])
            await self.local.set_menu(chat_id, commands)

    def _scheduler(self) -> AsyncIOScheduler:
        scheduler = AsyncIOScheduler(
            # The library's defaults drop a run that is a second late; ours is late rather than never.
            job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": None}
        )
        seconds = SIMULATED_TICK_SECONDS if self.clock.is_simulated else TICK_SECONDS
        scheduler.add_job(self.tick, "interval", seconds=seconds)
        return scheduler

    def _is_open(self, moment: datetime) -> bool:
        return self._catalogue.calendar.is_open(moment)

    def _desk(self) -> Desk:
        return Desk(
            plan=self._catalogue.plan,
            calendar=self._catalogue.calendar,
            caps=self._caps,
            language=self._settings.language,
            question_life=timedelta(hours=self._settings.questions_hours),
            file_limit_mb=self._settings.files_max_mb,
        )

    async def _database_answers(self) -> bool:
        try:
            await self.store.aread(outbox.next_moment)
        except Exception:
            log.exception("database does not answer")
            return False
        return True


def _caps(channels: Mapping[str, Channel], local: LocalChannel) -> Mapping[str, Caps]:
    """Return what each channel can do; a letter to one that is off is cut as for the page, and waits in the outbox."""
    caps: dict[str, Caps] = defaultdict(lambda: local.caps)
    caps.update({name: channel.caps for name, channel in channels.items()})
    return caps


async def _ended(tasks: Sequence[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
