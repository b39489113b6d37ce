"""Asking for events one by one. What was asked for is ours alone: Zalo forgets an event as it hands it over."""

import asyncio
import contextlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable
from http import HTTPStatus

from bot.channels.line import Line, State
from bot.channels.zalo.failures import ZaloError
from bot.channels.zalo.reading import event_id, unwrapped
from bot.ports import Raw, SendError, Sink

log = logging.getLogger(__name__)

Ask = Callable[[], Awaitable[object]]
"""Asks for the next event; None where none came in time."""

_TAKEN = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.CONFLICT})  # a web hook takes the events, or another program


class Poller:
    """Asks, stores, asks again. Never cuts a question short: an event on its way would be lost."""

    def __init__(self, ask: Ask, line: Line, *, landing_seconds: float) -> None:
        self._ask = ask
        self._line = line
        self._landing_seconds = landing_seconds
        self._held: deque[Raw] = deque()  # handed over by Zalo and not stored yet
        self._is_asking = False
        self._is_stopping = False

    async def run(self, sink: Sink) -> None:
        """Poll until cancelled; then let the last question end and its event be stored, for `landing_seconds` at most.

        What could not be stored by then is kept for the next run of this process, and said in the log.
        """
        self._is_stopping = False
        work = asyncio.create_task(self._work(sink))
        try:
            await asyncio.shield(work)
        except asyncio.CancelledError:
            self._is_stopping = True
            landing = asyncio.create_task(self._land(work))
            while not landing.done():
                with contextlib.suppress(asyncio.CancelledError):  # told twice to stop, it lands all the same
                    await asyncio.wait([landing])
            raise

    async def _land(self, work: asyncio.Task[None]) -> None:
        if self._is_asking or self._held:
            await asyncio.wait([work], timeout=self._landing_seconds)
        if not work.done():
            if self._is_asking:
                log.warning("zalo did not end its last answer in time; an event in it would be lost")
            work.cancel()
        await asyncio.gather(work, return_exceptions=True)
        if self._held:
            log.error("events of zalo are not stored count=%d", len(self._held))

    async def _work(self, sink: Sink) -> None:
        while True:
            await self._store_held(sink)
            if self._is_stopping:
                return
            await self._ask_once()

    async def _ask_once(self) -> None:
        self._is_asking = True
        try:
            found = await self._ask()
        except SendError as error:
            self._is_asking = False  # the pause may be cut short
            await self._down(error)
            return
        finally:
            self._is_asking = False
        self._line.up()
        for each in found if isinstance(found, list) else [found]:
            self._hold(each)

    def _hold(self, found: object) -> None:
        if found is None:
            return
        try:
            self._held.append(unwrapped(found))
        except ValueError:
            log.warning("zalo sent something that is no event: skipped")

    async def _store_held(self, sink: Sink) -> None:
        failures = 0
        while self._held:
            event = self._held[0]
            try:
                await sink(event_id(event), event)
            except Exception:  # the store's troubles are many, and this loop must not die of any
                failures += 1
                log.exception("event not stored, trying again")
                await self._line.wait(failures)
            else:
                self._held.popleft()

    async def _down(self, error: SendError) -> None:
        if self._is_stopping:
            return
        least = error.retry_after.total_seconds() if error.retry_after else 0.0
        await self._line.failed(state_of(error), reason=error.reason, least=least)


def state_of(error: SendError) -> State:
    """Return how the line stands after a question that failed so."""
    code = error.code if isinstance(error, ZaloError) else 0
    if code == HTTPStatus.UNAUTHORIZED:
        return State.UNAUTHORIZED
    return State.CONFLICT if code in _TAKEN else State.UNREACHABLE
