"""Telling open pages that something happened: who listens, and what is told."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import dataclass
from enum import StrEnum

MAX_WAITING = 256  # events a subscriber may be behind


class EventKind(StrEnum):
    """What a subscriber is told."""

    NEWS = "news"  # there is something new in this chat: `about` is the message just sent, if one was
    TOAST = "toast"  # a press was answered: `text`, and the press's id in `about`
    CLOCK = "clock"  # the clock was moved
    RESYNC = "resync"  # events were lost: look at everything again


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """One thing to tell subscribers; without a chat it is for all."""

    kind: EventKind
    chat_id: str = ""
    text: str = ""
    about: str = ""


class Subscription:
    """One listener's queue; iterate over it. A listener who falls behind hears RESYNC instead of what was lost."""

    def __init__(self, chat_id: str | None, *, size: int = MAX_WAITING) -> None:
        self._chat_id = chat_id
        self._size = size
        self._queue: asyncio.Queue[Event | None] = asyncio.Queue()

    @property
    def waiting(self) -> int:
        """Return how many events are in line."""
        return self._queue.qsize()

    def tell(self, event: Event) -> None:
        """Put an event in line unless it is about somebody else's chat."""
        if self._chat_id is not None and event.chat_id not in ("", self._chat_id):
            return
        if self._queue.qsize() >= self._size:
            self._drain()
            event = Event(kind=EventKind.RESYNC)
        self._queue.put_nowait(event)

    def end(self) -> None:
        """Let the listener's iteration end."""
        self._drain()
        self._queue.put_nowait(None)

    async def next(self) -> Event | None:
        """Return the next event, None when there will be no more."""
        return await self._queue.get()

    async def __aiter__(self) -> AsyncIterator[Event]:
        """Yield events until the end."""
        while (event := await self.next()) is not None:
            yield event

    def _drain(self) -> None:
        while not self._queue.empty():
            self._queue.get_nowait()
