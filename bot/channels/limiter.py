"""How fast a network lets a bot speak: overall, to one person, to one group."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

CLOSER = 0.05  # seconds: so much nearer each other two messages may arrive than they left
CHATS_KEPT = 1024  # above this many, chats that owe no waiting are forgotten


@dataclass(slots=True)
class _Chat:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    said_at: deque[float] = field(default_factory=deque)
    halted_until: float = 0.0
    turns: int = 0  # held or waited for


class Limiter:
    """Lets messages through one by one: in order within a chat, in the order asked across chats.

    The defaults are Telegram's limits: 30 messages a second overall, 1 a second to a chat, 20 a minute to a group
    (https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this). Overall the default is an even
    pace of 28 a second with at most two at once: with 40 ms of jitter 28.5 is the most a strict server never refused.
    Windows are sliding: no minute of a group ever holds a 21st message, and whatever the pace, no second a message more
    than `most`, also at a server that they reach with 50 ms of jitter. All times are the loop's, which never jumps.
    """

    def __init__(
        self,
        *,
        per_second: float = 28.0,
        burst: int = 2,
        private_seconds: float = 1.0,
        group_messages: int = 20,
        group_seconds: float = 60.0,
        most: int = 30,
    ) -> None:
        self._interval = 1 / per_second
        self._slack = (burst - 1) * self._interval
        self._private = (1, private_seconds)
        self._group = (group_messages, group_seconds)
        self._chats: dict[str, _Chat] = {}
        self._look_at = CHATS_KEPT
        self._gate = asyncio.Lock()
        self._due_at = 0.0  # when the next message is due at an even pace
        self._halted_until = 0.0
        self._passed_at: deque[float] = deque(maxlen=most)

    @asynccontextmanager
    async def turn(self, chat_id: str) -> AsyncIterator[None]:
        """Wait until this chat may be written to and hold its turn while the message is on its way.

        Holding it keeps the order within a chat, and counts the pause from the answer on: however long the message took
        to arrive, the next one is late enough. Cancelling while waiting costs nobody anything.
        """
        chat = self._chats.setdefault(chat_id, _Chat())
        chat.turns += 1
        try:
            async with chat.lock:
                await self._pass(chat_id, chat)
                try:
                    yield
                finally:
                    chat.said_at[-1] = _now()
        finally:
            chat.turns -= 1
            self._forget()

    def begin(self) -> None:
        """Let nothing pass for as long as a private chat rests: the process before us may have written to any a moment ago."""
        self.halt(self._private[1])

    def halt(self, seconds: float, chat_id: str | None = None) -> None:
        """Let nothing pass to this chat (None: to any) for so long; a pause that already lasts longer stands."""
        until = _now() + seconds
        if chat_id is None:
            self._halted_until = max(self._halted_until, until)
        else:
            chat = self._chats.setdefault(chat_id, _Chat())
            chat.halted_until = max(chat.halted_until, until)

    async def _pass(self, chat_id: str, chat: _Chat) -> None:
        while True:
            await _sleep_until(lambda: self._chat_free_at(chat_id, chat))
            # Only one waits for the common pace at a time; asyncio's lock wakes its waiters in the order they came.
            async with self._gate:
                await _sleep_until(self._free_at)
                now = _now()
                if self._chat_free_at(chat_id, chat) <= now:  # a pause may have begun while we stood at the gate
                    self._due_at = max(self._due_at, now) + self._interval
                    self._passed_at.append(now)
                    chat.said_at.append(now)
                    return

    def _free_at(self) -> float:
        is_full = len(self._passed_at) == self._passed_at.maxlen
        room_at = self._passed_at[0] + 1.0 + CLOSER if is_full else 0.0
        return max(self._halted_until, self._due_at - self._slack, room_at)

    def _chat_free_at(self, chat_id: str, chat: _Chat) -> float:
        count, seconds = self._window(chat_id)
        while len(chat.said_at) > count:
            chat.said_at.popleft()
        first = chat.said_at[0] + seconds if len(chat.said_at) == count else 0.0
        return max(first, chat.halted_until)

    def _window(self, chat_id: str) -> tuple[int, float]:
        return self._group if is_group(chat_id) else self._private

    def _forget(self) -> None:
        if len(self._chats) <= self._look_at:
            return
        now = _now()
        for chat_id, chat in list(self._chats.items()):
            last = chat.said_at[-1] + self._window(chat_id)[1] if chat.said_at else 0.0
            if not chat.turns and max(last, chat.halted_until) <= now:
                del self._chats[chat_id]
        self._look_at = max(CHATS_KEPT, 2 * len(self._chats))  # so that looking costs a constant part of each turn


def is_group(chat_id: str) -> bool:
    """Say whether an id is a group's: Telegram gives those, and only those, a minus."""
    return chat_id.startswith("-")


def _now() -> float:
    return asyncio.get_running_loop().time()


async def _sleep_until(moment: Callable[[], float]) -> None:
    # Asked again after every sleep: a pause may have been lengthened meanwhile, and a timer may ring a hair early.
    while (wait := moment() - _now()) > 0:  # noqa: ASYNC110  # what is awaited is a moment, nobody sets it
        await asyncio.sleep(wait)
