"""The weekly silent check whether everybody can still be written to: a chat lost in August is not found out in December."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, time, timedelta

from bot.domain.calendar import Calendar, local_day, local_moment
from bot.domain.delivery import Failure
from bot.jobs.fence import Alone, Fence
from bot.ports import Channel, SendError
from bot.store import Store, Tx, contacts, lines, reachability
from bot.store.reachability import Checkable

log = logging.getLogger(__name__)

AT = time(9)  # after the morning's reminders, which find out more
REST = timedelta(hours=1)  # between two passes over those whose network gave no answer
REACH_SECONDS = 2.0  # between two chats: 840 people in half an hour, beside which nobody notices it
ASK_SECONDS = 30.0  # one chat must not hold up the rest

_ALONE = Alone()


class Reacher:
    """Asks after one chat at a time, outside any transaction, and nobody sees anything of it."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        *,
        calendar: Callable[[], Calendar],
        fence: Fence = _ALONE,
    ) -> None:
        self._store = store
        self._channels = channels
        self._now = now
        self._calendar = calendar
        self._fence = fence
        self._after = 0  # the chat this pass looked at last
        self._rests_until: datetime | None = None

    async def round(self) -> bool:
        """Ask after the next chat that was not asked after this week; return whether there was one, in office hours."""
        now = self._now()
        calendar = self._calendar()
        since = week_begins(calendar, now)
        if now < since or not calendar.is_open(now) or not self._fence.holds() or self._rests(now):
            return False
        chat = await self._store.aread(lambda tx: self._next(tx, since))
        if chat is None:
            self._after, self._rests_until = 0, now + REST
            return False
        self._after = chat.id
        await self._check(chat)
        return True

    def _rests(self, now: datetime) -> bool:
        # A clock that was set back does not make it rest for longer.
        return self._rests_until is not None and self._rests_until - REST <= now < self._rests_until

    def _next(self, tx: Tx, since: datetime) -> Checkable | None:
        up = set(self._channels) - set(lines.down_since(tx))
        return reachability.next_to_check(tx, since=since, after=self._after, channels=up)

    async def _check(self, chat: Checkable) -> None:
        try:
            async with asyncio.timeout(ASK_SECONDS):
                await self._channels[chat.channel].reach(chat.chat_id)
        except SendError as error:
            if error.failure is not Failure.CHAT_GONE:
                log.info("not checked contact=%s failure=%s", chat.id, error.failure)  # the next pass asks again
                return
            why = f"silent check: {error.reason}"
            await self._store.awrite(lambda tx: self._gone(tx, chat, why))
        except Exception as error:
            log.warning("not checked contact=%s: %s", chat.id, type(error).__name__)  # the loop that must not die
        else:
            await self._store.awrite(lambda tx: reachability.checked(tx, chat.id, now=self._now()))

    def _gone(self, tx: Tx, chat: Checkable, why: str) -> None:
        contacts.mark_gone(tx, channel=chat.channel, chat_id=chat.chat_id, why=why, now=self._now())
        reachability.checked(tx, chat.id, now=self._now())


def week_begins(calendar: Calendar, now: datetime) -> datetime:
    """Return from when this week's check is made: nine o'clock on its first working day, in the zone of `now`."""
    today = local_day(now)
    monday = today - timedelta(days=today.weekday())
    return local_moment(calendar.working_day_on_or_after(monday), AT).astimezone(now.tzinfo)
