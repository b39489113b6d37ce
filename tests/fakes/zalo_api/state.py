"""What the server knows: chats, messages, pictures, events not yet handed over."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

EPOCH_MS = 1_664_150_400_000  # 2022-09-26 00:00 UTC; messages are a second apart, no clock is read


class RefusedError(Exception):
    """A call that is not played: Zalo's error code and words."""

    def __init__(self, code: int, description: str) -> None:
        super().__init__(description)
        self.code = code
        self.description = description


def bad(description: str) -> RefusedError:
    """Return a 400."""
    return RefusedError(400, f"Bad Request: {description}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that reached the server, played or not."""

    method: str
    values: dict[str, Any]
    code: int  # 200, or Zalo's error code


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A call the real server would have refused, and why. Ordered faults and idle polls are none."""

    method: str
    code: int
    reason: str


@dataclass(slots=True)
class Chat:
    """A chat as it looks to the person in it."""

    id: str
    messages: list[dict[str, Any]] = field(default_factory=list)
    is_gone: bool = False


class State:
    """Everything that `start over` forgets."""

    def __init__(self) -> None:
        self.me = {
            "id": "1459232241454765289",
            "account_name": "bot.NhacViec",
            "account_type": "BASIC",
            "can_join_groups": False,
        }
        self.chats: dict[str, Chat] = {}
        self.media: dict[str, bytes] = {}
        self.events: list[Any] = []
        self.hook_url = ""
        self.hook_secret = ""
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.lost: list[Any] = []
        self.changed = asyncio.Condition()
        self._numbers = itertools.count(1)
        self._tasks: set[asyncio.Task[None]] = set()

    def notify(self) -> None:
        """Wake whoever waits for a change."""
        task = asyncio.get_running_loop().create_task(self._wake())
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _wake(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def chat_to_write_to(self, chat_id: Any) -> Chat:
        """Return a chat that takes messages from the bot, or refuse: nobody is written to who has not written first."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, str) else None
        if chat is None:
            raise bad("chat not found")
        if chat.is_gone:
            raise bad("the bot was blocked by the user")
        return chat

    def stamp(self) -> dict[str, Any]:
        """Return a new message's id and its moment in milliseconds."""
        number = next(self._numbers)
        return {"message_id": f"82599fa32f56d00e{number:04x}", "date": EPOCH_MS + number * 1000}

    def add_event(self, event: Any) -> None:
        """Queue an event for the bot."""
        self.events.append(event)
        self.notify()
