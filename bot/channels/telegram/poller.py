"""Asking for updates: each is stored before it is confirmed, and nothing ends the asking but being cancelled."""

import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from typing import Any

from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels import line
from bot.channels.line import Pause, State
from bot.channels.telegram.failures import send_error
from bot.ports import BatchSink, Raw, Sink

log = logging.getLogger(__name__)

Ask = Callable[[int | None], Awaitable[Any]]
"""Asks for updates from this id on, which confirms all before it; None asks for all that are unconfirmed."""


class Line(line.Line):
    """The line to Telegram, by the library's errors."""

    def __init__(self, pause: Pause) -> None:
        super().__init__("telegram", pause)

    async def down(self, error: TelegramError) -> None:
        """Note a failure and wait: doubling from a second, never less than Telegram asks for."""
        await self.failed(_state(error), reason=send_error(error).reason, least=_asked_for(error))


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


def _named(updates: Sequence[object]) -> Iterator[tuple[int, Raw]]:
    for update in updates:
        update_id = update.get("update_id") if isinstance(update, Mapping) else None
        if type(update_id) is int and isinstance(update, Mapping):
            yield update_id, update
        else:
            log.warning("telegram sent something without an update_id: skipped")


async def _store(updates: Sequence[object], sink: Sink) -> int | None:
    """Return the id after the last update stored, None when there was none."""
    named = list(_named(updates))
    if isinstance(sink, BatchSink) and len(named) > 1:
        try:
            await sink.all([(str(update_id), update) for update_id, update in named])
        except Exception:  # as below
            log.exception("updates not stored together, they are tried one by one count=%d", len(named))
        else:
            return named[-1][0] + 1
    after: int | None = None
    for update_id, update in named:
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
