"""Takes what waits in the outbox to the channels and records how each sending ended."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path

from bot.domain.delivery import RETRIED, Failure, next_attempt_at
from bot.ports import Channel, Out, SendError, Sent
from bot.store import Store, Tx, outbox, people
from bot.store.outbox import Claimed, Lane, State
from bot.texts import say

log = logging.getLogger(__name__)

IN_THE_AIR = 64  # messages on their way at once; the channels pace them
RECORD_PAUSE = 5.0  # seconds at most between two tries to record
WAVE = 8  # of them at most so many that nobody waits for, or an answer would queue behind them at the channel's gate

Now = Callable[[], datetime]


class Deliverer:
    """The only one that sends. A claim is committed before its request; every claim ends in a record."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        now: Now,
        *,
        folder: Path,
        is_open: Callable[[datetime], bool],
    ) -> None:
        self._store = store
        self._is_open = is_open
        self._folder = folder
        self._channels = channels
        self._now = now
        self._news = asyncio.Event()
        self._in_the_air: dict[asyncio.Task[None], Lane] = {}

    def wake(self) -> None:
        """Say that there is something new in the outbox."""
        self._news.set()

    async def run(self, *, every: float) -> None:
        """Send for ever, looking at least every `every` seconds; cancelled, it lets what is in the air land."""
        try:
            await self._record(self._doubt_claimed)
            while True:
                self._news.clear()
                # Shielded, or a cancellation between a claim and its request would leave a message in doubt for nothing.
                turn = asyncio.ensure_future(self._take_off())
                try:
                    took_off = await asyncio.shield(turn)
                except asyncio.CancelledError:
                    await turn
                    raise
                if not took_off:
                    await self._rest(every)
        finally:
            await self.land()

    async def _take_off(self) -> int:
        try:
            return await self.send_waiting()
        except Exception:
            log.exception("outbox not read")  # the loop that must not die; the next look tries again
            return 0

    async def send_waiting(self) -> int:
        """Take off with as many waiting messages as there is room for; return how many."""
        now = self._now()
        wave = WAVE - sum(lane is not Lane.ANSWER for lane in self._in_the_air.values())
        # What was put off, or found a dead line, must not leave by night: then only answers go, at any hour.
        slowest = Lane.SUMMARY if wave > 0 and self._is_open(now) else Lane.ANSWER
        room = IN_THE_AIR - len(self._in_the_air) if slowest is Lane.ANSWER else wave
        if room <= 0:
            await asyncio.wait(self._in_the_air, return_when=asyncio.FIRST_COMPLETED)
            return 1
        claimed = await self._store.awrite(lambda tx: outbox.claim(tx, now=now, limit=room, slowest=slowest))
        for letter in claimed:
            task = asyncio.create_task(self._send(letter))
            self._in_the_air[task] = letter.lane
            task.add_done_callback(self._landed)
        return len(claimed)

    def _landed(self, task: asyncio.Task[None]) -> None:
        del self._in_the_air[task]
        self._news.set()  # there is room for the next

    async def land(self) -> None:
        """Wait until nothing is in the air."""
        while self._in_the_air:
            await asyncio.wait(self._in_the_air)

    async def _rest(self, every: float) -> None:
        try:
            async with asyncio.timeout(every):
                await self._news.wait()
        except TimeoutError:
            pass

    async def _send(self, letter: Claimed) -> None:
        try:
            sent = await _send(self._channels.get(letter.channel), letter, self._folder)
        except SendError as error:
            failure = error
            log.warning("not sent outbox=%s channel=%s failure=%s", letter.id, letter.channel, error.failure)
            await self._record(lambda tx: self._failed(tx, letter, failure))
        else:
            await self._record(lambda tx: self._sent(tx, letter, sent))

    async def _record(self, work: Callable[[Tx], None]) -> None:
        """Write down how a sending ended, however long the database is away: the message cannot be unsent."""
        for attempt in count(1):
            try:
                await self._store.awrite(work)
            except Exception:
                log.exception("not recorded, attempt=%s", attempt)
                await asyncio.sleep(min(attempt, RECORD_PAUSE))
            else:
                return

    def _sent(self, tx: Tx, letter: Claimed, sent: Sent) -> None:
        outbox.settle(tx, letter.id, state=State.SENT, now=self._now(), message_id=sent.message_id)
        outbox.settle_repeated(tx, letter.key, now=self._now())

    def _doubt_claimed(self, tx: Tx) -> None:
        for letter_id in outbox.doubt_claimed(tx, now=self._now()):
            self._repeat(tx, letter_id, person_id=outbox.person_of(tx, letter_id))

    def _repeat(self, tx: Tx, letter_id: int, *, person_id: int | None) -> None:
        person = people.by_id(tx, person_id) if person_id is not None else None
        mark = say(person.language if person else "vi", "letter.repeat")
        outbox.repeat(tx, letter_id, mark=mark, now=self._now())

    def _failed(self, tx: Tx, letter: Claimed, error: SendError) -> None:
        now = self._now()
        if error.failure is Failure.CHAT_GONE:
            people.mark_gone(tx, channel=letter.channel, chat_id=letter.chat_id, why=error.reason, now=now)
        if error.failure is Failure.CHAT_MOVED and error.moved_to and letter.reason != Failure.CHAT_MOVED:
            people.move_chat(tx, channel=letter.channel, old=letter.chat_id, new=error.moved_to)
            outbox.postpone(tx, letter.id, until=now, reason=error.failure, chat_id=error.moved_to)
        elif error.failure in RETRIED:
            at = next_attempt_at(now=now, attempts=letter.attempts + 1, retry_after=error.retry_after)
            if at < letter.expires_at:
                outbox.postpone(tx, letter.id, until=at, reason=error.failure)
            else:
                outbox.settle(tx, letter.id, state=State.FAILED, now=now, reason=error.failure)
        elif error.failure is Failure.IN_DOUBT:
            outbox.settle(tx, letter.id, state=State.IN_DOUBT, now=now, reason=error.failure)
            self._repeat(tx, letter.id, person_id=letter.person_id)
        else:
            outbox.settle(tx, letter.id, state=State.FAILED, now=now, reason=error.failure)


async def _send(channel: Channel | None, letter: Claimed, folder: Path) -> Sent:
    if channel is None:
        raise SendError(Failure.UNREACHABLE, "channel is off")
    try:
        return await channel.send(letter.chat_id, _placed(letter.out, folder))
    except SendError:
        raise
    except Exception as error:
        # A channel that breaks its promise breaks one message: nobody knows how far that one came.
        log.exception("channel broke outbox=%s channel=%s", letter.id, letter.channel)
        raise SendError(Failure.IN_DOUBT, type(error).__name__) from error


def _placed(out: Out, folder: Path) -> Out:
    """Return a message whose file, stored by its place under the data folder, is named whole."""
    if out.file is None:
        return out
    return replace(out, file=replace(out.file, path=str(folder / out.file.path)))
