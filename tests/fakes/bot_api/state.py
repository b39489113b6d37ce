"""What the server knows: chats, messages, files, buttons waiting for an answer, updates not yet confirmed."""

import asyncio
import itertools
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.bot_api.refused import RefusedError, bad

EPOCH = 1_664_150_400  # 2022-09-26 00:00 UTC; messages are a second apart, no clock is read
BOT_ID = 5610


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call that reached the server, played or not."""

    method: str
    values: dict[str, Any]
    files: dict[str, bytes]
    status: int
    at: float = 0.0  # when it was played, in seconds of the server's loop


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """A call the real server would have refused, and why. Ordered faults are none."""

    method: str
    status: int
    reason: str


@dataclass(slots=True)
class Chat:
    """A chat as it looks to the people in it."""

    shape: dict[str, Any]
    messages: list[dict[str, Any]] = field(default_factory=list)
    blocked: bool = False
    menu: list[dict[str, Any]] = field(default_factory=list)

    @property
    def id(self) -> int:
        """Return the id: negative for a group."""
        return int(self.shape["id"])

    def message(self, message_id: int) -> dict[str, Any] | None:
        """Return a message by id."""
        return next((message for message in self.messages if message["message_id"] == message_id), None)


@dataclass(slots=True)
class WebHookSetting:
    """Where updates are posted to."""

    url: str = ""
    secret: str = ""


class State:
    """Everything that `start over` forgets."""

    def __init__(self, username: str) -> None:
        self.me = {"id": BOT_ID, "is_bot": True, "first_name": "Nhắc Việc", "username": username}
        self.chats: dict[int, Chat] = {}
        self.files: dict[str, tuple[str, bytes]] = {}
        self.presses: dict[str, str | None] = {}  # callback id -> the answer's text, None while it spins
        self.updates: list[dict[str, Any]] = []
        self.allowed: list[str] = []
        self.web_hook = WebHookSetting()
        self.calls: list[Call] = []
        self.refusals: list[Refusal] = []
        self.changed = asyncio.Condition()
        self._message_ids = itertools.count(1)
        self._update_ids = itertools.count(870_000_001)
        self._file_ids = itertools.count(1)
        self._press_ids = itertools.count(4_000_000_000_000)
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
        """Return a chat that takes messages from the bot, or refuse."""
        chat = self.chats.get(chat_id) if isinstance(chat_id, int) else None
        if chat is None:
            raise bad("chat not found")
        if chat.blocked:
            raise RefusedError(403, "Forbidden: bot was blocked by the user")
        return chat

    def add_message(self, chat: Chat, sender: dict[str, Any], content: dict[str, Any]) -> dict[str, Any]:
        """Put a message into a chat and return it."""
        number = next(self._message_ids)
        head = {"message_id": number, "date": EPOCH + number, "chat": chat.shape, "from": sender}
        message = {**head, **{name: value for name, value in content.items() if value}}
        chat.messages.append(message)
        self.notify()
        return message

    def add_update(self, content: dict[str, Any]) -> int:
        """Queue an update for the bot and return its id; kinds it did not ask for are dropped, as Telegram does."""
        update_id = next(self._update_ids)
        kind = next(iter(content))
        if not self.allowed or kind in self.allowed or kind not in {"message", "callback_query", "my_chat_member"}:
            self.updates.append({"update_id": update_id, **content})
            self.notify()
        return update_id

    def add_raw(self, update: Any) -> None:
        """Queue anything at all, a malformed update for instance."""
        self.updates.append(update)
        self.notify()

    def add_press(self) -> str:
        """Return the id of a new press that waits for its answer."""
        press_id = str(next(self._press_ids))
        self.presses[press_id] = None
        return press_id

    def add_file(self, name: str, content: bytes) -> dict[str, Any]:
        """Store a file and return how Telegram speaks of it."""
        number = next(self._file_ids)
        file_id = f"file-{number}"
        self.files[file_id] = (name, content)
        return {"file_id": file_id, "file_unique_id": f"unique-{number}", "file_size": len(content)}

    def next_update_id(self) -> int:
        """Return a fresh id for a hand-made update."""
        return next(self._update_ids)
