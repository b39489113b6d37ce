"""A forecast: a rehearsal by the very functions that send, on a copy, with a clock that jumps from moment to moment."""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from pathlib import Path

from bot.app.backup import refuse_half_restored
from bot.app.home import Home, HomeError
from bot.app.moments import next_moment
from bot.app.ticking import Ticker
from bot.catalogue import Catalogue
from bot.channels.limiter import is_group
from bot.domain.compliance import WeekFigures
from bot.domain.pace import Pace
from bot.jobs import landing
from bot.jobs.summarise import PNG, XLSX
from bot.ports import Caps, File, Sent
from bot.settings import Settings
from bot.store import Store, Tx, audits, forecasts, lines, notices, outbox, revisions
from bot.store.forecasts import Said
from bot.store.outbox import Claimed, Lane
from bot.store.rehearsal import copied
from bot.store.schema import SchemaError

LONGEST = timedelta(days=400)
TICK = timedelta(seconds=5)  # between two ticks of the bot itself
WAVE = 20_000  # letters taken at once; a chat's next one is taken after it


class PastError(Exception):
    """The forecast would begin before what the bot has already done; the argument is when it last did something."""

    def __init__(self, last: datetime) -> None:
        super().__init__(last)
        self.last = last


@contextmanager
def copy_of(home: Home, settings: Settings) -> Iterator[Store]:
    """Open a copy of a home's database for as long as the block lasts; HomeError where it cannot be read."""
    home.expect()
    refuse_half_restored(home)
    with ExitStack() as stack:
        try:
            store = stack.enter_context(copied(home.database_url(settings.database_url)))
        except SchemaError as error:
            raise HomeError(str(error)) from error
        except (
            Exception
        ) as error:  # whatever a driver raises: the address holds a password, so its words are not repeated
            raise HomeError(
                "Không đọc được cơ sở dữ liệu; hãy kiểm tra database_url, máy chủ cơ sở dữ liệu và quyền đọc "
                f"({type(error).__name__})."
            ) from None
        yield store


class _Clock:
    def __init__(self, start: datetime) -> None:
        self.at = start

    def now(self) -> datetime:
        return self.at


class Rehearsal:
    """Plays the bot on a copy of its database: ticks and deliveries, no network, no waiting, no files."""

    def __init__(
        self,
        store: Store,
        *,
        catalogue: Catalogue,
        settings: Settings,
        caps: Mapping[str, Caps],
        paces: Mapping[str, Pace],
        start: datetime,
    ) -> None:
        self._store, self._catalogue, self._paces = store, catalogue, paces
        self._gather = timedelta(minutes=settings.office_gather_minutes)
        self._clock = _Clock(start)
        self._ticker = Ticker(
            store,
            catalogue=lambda: catalogue,
            settings=settings,
            caps=caps,
            now=self._clock.now,
            folder=Path(),
            written=lambda: None,
            draw=_drawn,
        )

    async def until(self, end: datetime) -> tuple[Said, ...]:
        """Play up to a moment and return all that was said on the way, in the order it left, and what nobody could be told.

        Every channel is taken to work, and every message that is on its way to have arrived. Raises PastError where the
        database knows of things later than the start.
        """
        start = self._clock.at
        last = await self._store.aread(forecasts.last_moment)
        if last is not None and last > start:
            raise PastError(last)
        before = await self._store.awrite(lambda tx: self._set_out(tx, start))
        await self._work()
        gathered = start + self._gather
        while True:
            summary_at = self._ticker.next_summary_at(self._clock.at)
            following = await next_moment(
                self._store, self._catalogue.calendar, now=self._clock.at, summary_at=summary_at
            )
            opens = self._catalogue.calendar.next_open(self._clock.at)
            # Reports of the last minutes are announced by then; what nobody saw to in time is seen to at the opening.
            following = min([following, *(moment for moment in (gathered, opens) if moment > self._clock.at)])
            if following > end:
                break
            self._clock.at = max(following, self._clock.at + timedelta(seconds=1))
            await self._work()
        return await self._store.aread(lambda tx: forecasts.said(tx, after=before, until=end))

    def _set_out(self, tx: Tx, start: datetime) -> int:
        if revisions.latest_id(tx) is None:  # as the first start does
            revisions.add(tx, digest=self._catalogue.digest, texts={}, now=start)
        for channel in lines.down_since(tx):
            lines.mark_up(tx, channel, reasons=(), now=start)
        forecasts.set_out(tx, now=start)
        return forecasts.last_fate(tx)

    async def _work(self) -> None:
        await self._tick()
        left = await self._store.aread(self._left)
        while left:  # found by this tick, told by the next; or more came due than one tick takes
            self._clock.at += TICK
            await self._tick()
            before, left = left, await self._store.aread(self._left)
            if left >= before:  # nobody is there to be told
                break

    def _left(self, tx: Tx) -> int:
        due = audits.overdue_steps(tx, before=self._clock.at) if self._catalogue.calendar.is_open(self._clock.at) else 0
        return due + len(notices.untold(tx))

    async def _tick(self) -> None:
        await self._ticker.tick()
        while await self._store.awrite(self._deliver, alone=True):
            pass

    def _deliver(self, tx: Tx) -> int:
        """Let everything leave that may go now, at its channel's pace; return how many letters that were."""
        now, calendar = self._clock.at, self._catalogue.calendar
        slowest = Lane.SUMMARY if calendar.is_open(now) else Lane.ANSWER
        claimed = outbox.claim(tx, now=now, limit=WAVE, slowest=slowest)
        for letter in claimed:
            at = self._leaves_at(letter, now)
            if letter.lane > Lane.ANSWER and not calendar.is_open(at):
                opens = calendar.next_open(at)
                outbox.postpone(tx, letter.id, until=opens, reason="", is_tried=False)
            else:
                landing.land(tx, letter, Sent(message_id=forecasts.REHEARSED), is_suspect=False, now=at)
        return len(claimed)

    def _leaves_at(self, letter: Claimed, now: datetime) -> datetime:
        pace = self._paces.get(letter.channel)
        if pace is None:  # the page on this machine has none
            return now
        return pace.leave(letter.chat_id, now, is_group=is_group(letter.chat_id))


def paces(settings: Settings) -> dict[str, Pace]:
    """Return the pace of each network, by the settings."""
    return {
        "telegram": Pace(
            per_second=settings.telegram_per_second,
            chat_seconds=settings.telegram_chat_seconds,
            group_per_minute=settings.telegram_group_per_minute,
        ),
        "zalo": Pace(per_second=settings.zalo_per_second, chat_seconds=settings.zalo_chat_seconds),
    }


def _drawn(figures: WeekFigures, _folder: Path) -> tuple[File, ...]:
    """Return the files that a summary would have, without making them."""
    return tuple(
        File(path="", name=f"{figures.week}{end}", media=media) for end, media in ((".png", PNG), (".xlsx", XLSX))
    )
