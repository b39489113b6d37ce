"""A channel that keeps what it is given to send and ends each sending as the test wrote in its script."""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field

from bot.domain.delivery import Failure
from bot.ports import Attachment, Caps, Inbound, InboundKind, MayGo, Out, Raw, SendError, Sent, Sink, always

NAME = "fake"
CAPS = Caps(name=NAME, max_text=4096, buttons=True, upload=True, groups=True, menu=True, deep_link=True)

Outcome = SendError | None
Hook = Callable[[str, Out], Awaitable[None]]


@dataclass
class FakeChannel:
    """`script` holds how the next sendings end (None: well); `gates` hold back the sendings and fetches of a chat.

    `unreachable` holds what asking after a chat meets. `on_send` runs inside a sending, before its end: there a test
    looks at what the database says meanwhile.
    """

    caps: Caps = CAPS
    polls: bool = False
    script: deque[Outcome] = field(default_factory=deque)
    tried: list[tuple[str, Out]] = field(default_factory=list)
    sent: list[tuple[str, Out]] = field(default_factory=list)
    answered: list[tuple[str, str]] = field(default_factory=list)
    menus: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    contents: dict[str, bytes | SendError] = field(default_factory=dict)
    fetched: list[str] = field(default_factory=list)
    unreachable: dict[str, SendError] = field(default_factory=dict)
    reached: list[str] = field(default_factory=list)
    gates: dict[str, asyncio.Event] = field(default_factory=dict)
    on_send: Hook | None = None
    in_the_air: int = 0
    most_in_the_air: int = 0
    _changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def until(self, is_so: Callable[[], bool]) -> None:
        """Wait until something is so; it is looked at whenever this channel was asked for anything."""
        async with asyncio.timeout(5), self._changed:
            await self._changed.wait_for(is_so)

    def texts(self, chat_id: str) -> list[str]:
        """Return what was sent to a chat, in order."""
        return [out.text for chat, out in self.sent if chat == chat_id]

    def hold(self, chat_id: str) -> asyncio.Event:
        """Let nothing of this chat end before the event is set."""
        self.gates[chat_id] = asyncio.Event()
        return self.gates[chat_id]

    async def open(self) -> None:
        return None

    async def listen(self, sink: Sink) -> None:
        await asyncio.Event().wait()

    async def close(self) -> None:
        return None

    def read(self, raw: Raw) -> Inbound | None:
        if raw.get("broken"):
            raise ValueError("unreadable")
        if raw.get("of_no_concern"):
            return None
        chat_id = str(raw["chat_id"])
        return Inbound(
            channel=self.caps.name,
            kind=InboundKind(raw.get("kind", "text")),
            chat_id=chat_id,
            user_id=str(raw.get("user_id", chat_id)),
            user_name=str(raw.get("user_name", "")),
            text=str(raw.get("text", "")),
            action=str(raw.get("action", "")),
            ack=str(raw.get("ack", "")),
            message_id=str(raw.get("message_id", "")),
            is_group=bool(raw.get("is_group", False)),
            files=tuple(Attachment(**each) for each in raw.get("files", [])),
        )

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        self.tried.append((chat_id, out))
        self.in_the_air += 1
        await self._say_so()
        self.most_in_the_air = max(self.most_in_the_air, self.in_the_air)
        try:
            if self.on_send is not None:
                await self.on_send(chat_id, out)
            if chat_id in self.gates:
                await self.gates[chat_id].wait()
            if not may_go():
                raise SendError(Failure.FENCED, "not ours to send any more")
            outcome = self.script.popleft() if self.script else None
            if outcome is not None:
                raise outcome
        finally:
            self.in_the_air -= 1
        self.sent.append((chat_id, out))
        await self._say_so()
        return Sent(message_id=f"m{len(self.sent)}")

    async def reach(self, chat_id: str) -> None:
        self.reached.append(chat_id)
        await self._say_so()
        if chat_id in self.unreachable:
            raise self.unreachable[chat_id]

    async def answer_press(self, ack: str, text: str) -> None:
        self.answered.append((ack, text))
        await self._say_so()

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        self.fetched.append(attachment.handle)
        await self._say_so()
        if attachment.handle in self.gates:
            await self.gates[attachment.handle].wait()
        content = self.contents.get(attachment.handle, b"%PDF-1.4")
        if isinstance(content, SendError):
            raise content
        if len(content) > limit:
            raise SendError(Failure.REJECTED, "file larger than the limit")
        return content

    async def set_menu(self, chat_id: str, commands: tuple[tuple[str, str], ...]) -> None:
        self.menus[chat_id] = commands

    def invite_link(self, code: str) -> str | None:
        return f"https://fake.invalid/{code}"

    async def _say_so(self) -> None:
        async with self._changed:
            self._changed.notify_all()
