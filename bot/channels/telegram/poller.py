"""Asking for updates: each is stored before it is confirmed, and nothing ends the asking but being cancelled."""

import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from enum import StrEnum
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.telegram.failures import send_error
from bot.ports import Sink

log = logging.getLogger(__name__)

Pause = Callable[[float], Awaitable[None]]
Ask = Callable[[int | None], Awaitable[Any]]
"""Asks for updates from this id on, which confirms all before it; None asks for all that are unconfirmed."""

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
LONGEST_PAUSE_UNAUTHORIZED = 300.0  # only a person can help, and a refused token asked often gets the address blocked


class State(StrEnum):
    """How the line to Telegram stands."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    CONFLICT = "conflict"  # another program asks for the same bot's updates


_LONGEST = {State.UNAUTHORIZED: LONGEST_PAUSE_UNAUTHORIZED}
_ADVICE = {
    State.UNREACHABLE: "trying again until it answers",
    State.UNAUTHORIZED: "the token is refused; set another one and start again",
    State.CONFLICT: "another program uses this bot; stop one of the two",
}


class Line:
    """Remembers how the line stands: says each change once in the log, and how long to wait after a failure."""

    def __init__(self, pause: Pause) -> None:
        self.state = State.UNREACHABLE  # until Telegram has answered once
        self._pause = pause
        self._failures = 0

    def up(self) -> None:
        """Note an answer."""
        if self._failures:
            log.info("telegram answers again after failures=%d", self._failures)
        self.state, self._failures = State.OK, 0

    async def down(self, error: TelegramError) -> None:
        """Note a failure and wait: doubling from a second, never less than Telegram asks for."""
        state = _state(error)
        if not self._failures or state is not self.state:
            level = logging.WARNING if state is State.UNREACHABLE else logging.ERROR
            log.log(level, "telegram state=%s: %s reason=%s", state, _ADVICE[state], send_error(error).reason)
            self._failures = 0
        self.state = state
        self._failures += 1
        await self.wait(self._failures, longest=_LONGEST.get(state, LONGEST_PAUSE), least=_asked_for(error))

    async def wait(self, failures: int, *, longest: float = LONGEST_PAUSE, least: float = 0.0) -> None:
        """Wait as long as so many failures in a row deserve."""
        await self._pause(max(least, min(FIRST_PAUSE * 2 ** min(failures - 1, 10), longest)))


async def poll(ask: Ask, sink: Sink, line: Line, *, on_answer: Callable[[], Awaitable[None]]) -> None:
    """Ask for ever; hand each update to `sink` and confirm it with the next question.

    What `sink` did not take is not confirmed and comes again, in order; so does what was being stored at a cancel.
    An element without an update_id cannot be confirmed by itself: it is skipped and goes with its neighbours.
    """
    offset: int | None = None
    stuck = 0
    while True:
        try:
            updates = await ask(offset)
        except TelegramError as error:
            await line.down(error)
            continue
        line.up()
        await on_answer()
        after = await _store(updates, sink)
        if updates and after is None:  # nothing could be taken: asking at once would only spin
            stuck += 1
            await line.wait(stuck)
        else:
            stuck = 0
        offset = after or offset


async def _store(updates: Sequence[object], sink: Sink) -> int | None:
    """Return the id after the last update stored, None when there was none."""
    after: int | None = None
    for update in updates:
        update_id = update.get("update_id") if isinstance(update, Mapping) else None
        if type(update_id) is not int or not isinstance(update, Mapping):
            log.warning("telegram sent something without an update_id: skipped")
            continue
        try:
            await sink(str(update_id), update)
        except Exception:  # the store's troubles are many, and this loop must not die of any
            log.exception("update not stored, it will be asked for again update_id=%d", update_id)
            return after
        after = update_id + 1
    return after


def _state(error: TelegramError) -> State:
    match error:
        case InvalidToken():
            return State.UNAUTHORIZED
        case Conflict():
            return State.CONFLICT
    return State.UNREACHABLE


def _asked_for(error: TelegramError) -> float:
    pause = send_error(error).retry_after if isinstance(error, RetryAfter) else None
    return pause.total_seconds() if pause else 0.0
