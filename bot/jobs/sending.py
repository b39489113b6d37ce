"""One message on its way to a channel, and the record of how that ended."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime
from itertools import count
from pathlib import Path
from typing import TypeVar

from bot.domain.delivery import BLAMELESS, HEARD_FROM, RETRIED, Failure
from bot.jobs import landing
from bot.jobs.air import Air, Flight
from bot.jobs.breaker import Breaker, Chance
from bot.jobs.fence import Fence
from bot.jobs.landing import BrokenChannelError
from bot.ports import Channel, MayGo, Out, SendError, Sent
from bot.store import Store, Tx, lines
from bot.store.outbox import Claimed, Lane

log = logging.getLogger(__name__)

RECORD_PAUSE = 5.0  # seconds at most between two tries to record

T = TypeVar("T")


class Sender:
    """Lets claimed messages take off and writes down how they landed. `passed` is called when one is past its gate."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        now: Callable[[], datetime],
        air: Air,
        breaker: Breaker,
        *,
        folder: Path,
        fence: Fence,
        chance: Chance,
    ) -> None:
        self._store = store
        self._channels = channels
        self._now = now
        self._air = air
        self._breaker = breaker
        self._folder = folder
        self._fence = fence
        self._chance = chance
        self.passed: Callable[[], None] = lambda: None

    def send(self, letter: Claimed, *, is_probe: bool = False) -> None:
        """Let a claimed message take off."""
        flight = Flight(letter_id=letter.id, lane=letter.lane, is_probe=is_probe)
        self._air.launch(flight, self._send(letter, flight))

    def ask(self, channel: str) -> None:
        """Find out silently whether a channel works."""
        self._air.launch(Flight(letter_id=0, lane=Lane.ANSWER, is_probe=True), self._ask(channel))

    async def _send(self, letter: Claimed, flight: Flight) -> None:
        try:
            sent = await self._given(letter, self._gate(letter, flight))
        except SendError as error:
            log.warning("not sent outbox=%s channel=%s failure=%s", letter.id, letter.channel, error.failure)
            await self._not_sent(letter, error, flight)
        else:
            is_suspect = self._breaker.trust(letter.channel)
            await self._record(lambda tx: landing.land(tx, letter, sent, is_suspect=is_suspect, now=self._now()))
            self._breaker.works(letter.channel)

    def _gate(self, letter: Claimed, flight: Flight) -> MayGo:
        def may_go() -> bool:
            if not self._fence.holds() or self._fence.epoch != letter.epoch:
                return False
            flight.at_the_gate = False
            self.passed()
            return True

        return may_go

    async def _given(self, letter: Claimed, may_go: MayGo) -> Sent:
        channel = self._channels.get(letter.channel)
        if channel is None:
            raise SendError(Failure.UNREACHABLE, "channel is off")
        try:
            return await channel.send(letter.chat_id, _placed(letter.out, self._folder), may_go=may_go)
        except SendError:
            raise
        except Exception as error:
            log.exception("channel broke outbox=%s channel=%s", letter.id, letter.channel)
            raise BrokenChannelError(type(error).__name__) from error

    async def _not_sent(self, letter: Claimed, error: SendError, flight: Flight) -> None:
        now, chance, name = self._now(), self._chance(), letter.channel
        if flight.is_probe:
            self._breaker.probe_failed(name, now=now)
        if name in self._breaker.down and error.failure in BLAMELESS & RETRIED:
            until = self._breaker.retry_at(name)
            await self._record(lambda tx: landing.put_off(tx, letter, error, until=until))
            return
        is_blameless = error.failure in BLAMELESS and not isinstance(error, BrokenChannelError)
        chats = self._breaker.failed(name, letter.chat_id) if is_blameless else frozenset()
        is_heard_from = error.failure in HEARD_FROM and self._breaker.is_suspect(name)

        def fail(tx: Tx) -> bool:
            landing.fail(tx, letter, error, chance=chance, now=now)
            if is_heard_from:
                landing.works(tx, name, now=now)
            return is_blameless and landing.goes_down(tx, letter, error, failed_chats=chats, now=now)

        if await self._record(fail):
            self._breaker.opens(name, now=now)
        if is_heard_from:
            self._breaker.works(name)

    async def _ask(self, name: str) -> None:
        if await self._answers(name):
            await self._record(lambda tx: landing.works(tx, name, now=self._now()))
            self._breaker.works(name)
        else:
            self._breaker.probe_failed(name, now=self._now())

    async def _answers(self, name: str) -> bool:
        channel = self._channels.get(name)
        try:
            chat_id = await self._store.aread(lambda tx: lines.somebody_on(tx, name))
            if channel is None or chat_id is None:
                return False
            await channel.reach(chat_id)
        except SendError as error:
            return error.failure in HEARD_FROM
        except Exception:
            log.exception("channel not asked channel=%s", name)
            return False
        return True

    async def _record(self, work: Callable[[Tx], T]) -> T:
        """Write down how a sending ended, however long the database is away: the message cannot be unsent."""
        for attempt in count(1):
            try:
                return await self._store.awrite(work)
            except Exception:
                log.exception("not recorded, attempt=%s", attempt)
                await asyncio.sleep(min(attempt, RECORD_PAUSE))
        raise AssertionError  # the counting has no end


def _placed(out: Out, folder: Path) -> Out:
    """Return a message whose file, stored by its place under the data folder, is named whole."""
    if out.file is None:
        return out
    return replace(out, file=replace(out.file, path=str(folder / out.file.path)))
