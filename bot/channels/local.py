"""The page as a channel. What was said and heard lies in outbox and inbox; here is only the news that there is some."""

import asyncio
import re
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from uuid import uuid4

from bot.channels.news import Event, EventKind, Subscription
from bot.domain.delivery import Failure
from bot.ports import Attachment, Caps, Inbound, InboundKind, MayGo, Out, Raw, SendError, Sent, Sink, always
from bot.texts.lengths import text_length

CHANNEL = "local"
MAX_TEXT = 4096  # as Telegram has it, so that a text tried here goes there as well
MAX_ACTION = 64  # bytes
MAX_NAME = 200

_ID = re.compile(r"[A-Za-z0-9_-]{1,64}")
_HANDLE = re.compile(r"[0-9a-f]{32}")
_HEARD = frozenset({InboundKind.TEXT, InboundKind.PRESS, InboundKind.FILE})


class NotListeningError(Exception):
    """Nobody stores what is heard just now: the caller is to come again."""


class LocalChannel:
    """Chats on our own page. `spool` is where uploads lie, under names of our own, until somebody fetches them."""

    caps = Caps(name=CHANNEL, max_text=MAX_TEXT, buttons=True, upload=True, groups=False, menu=True, deep_link=False)
    polls = False

    def __init__(self, spool: Path) -> None:
        self._spool = spool
        self._sink: Sink | None = None
        self._subscriptions: set[Subscription] = set()
        self._menus: dict[str, tuple[tuple[str, str], ...]] = {}

    async def open(self) -> None:
        """Make the spool folder."""
        await asyncio.to_thread(self._spool.mkdir, parents=True, exist_ok=True)

    async def listen(self, sink: Sink) -> None:
        """Give what `hear` brings to `sink` until cancelled."""
        self._sink = sink
        try:
            await asyncio.Event().wait()
        finally:
            self._sink = None

    async def close(self) -> None:
        """End every subscription, so that open pages let go of the server."""
        for subscription in tuple(self._subscriptions):
            subscription.end()

    async def hear(self, external_id: str, raw: Raw) -> None:
        """Return when `raw` is stored under the page's own id for it.

        Raises ValueError for what `read` would refuse, NotListeningError while nobody listens.
        """
        inbound = self.read(raw)
        if self._sink is None:
            raise NotListeningError
        # With the chat before it, an id that the page made can repeat a message of its own and take no other's place.
        await self._sink(f"{inbound.chat_id}:{_known(_ID, external_id)}", raw)
        self.tell(Event(kind=EventKind.NEWS, chat_id=inbound.chat_id))

    def read(self, raw: Raw) -> Inbound:
        """Return what was heard; ValueError for anything that the page would not have said."""
        kind = InboundKind(_text(raw, "kind", 16))
        if kind not in _HEARD:
            raise ValueError("the page says text, press or file")
        chat_id = _known(_ID, _text(raw, "chat_id", 64))
        _text(raw, "label", MAX_NAME)  # a pressed button's words, only for the transcript
        ack = f"{chat_id}:{_known(_ID, _text(raw, 'press_id', 64))}" if kind is InboundKind.PRESS else ""
        inbound = Inbound(
            channel=CHANNEL,
            kind=kind,
            chat_id=chat_id,
            user_id=_known(_ID, _text(raw, "user_id", 64)),
            user_name=_text(raw, "user_name", MAX_NAME),
            language=_text(raw, "language", 16),
            text=_text(raw, "text", MAX_TEXT),
            action=_text(raw, "action", MAX_ACTION),
            ack=ack,
            message_id=_text(raw, "message_id", 64),
            files=tuple(_attachment(each) for each in _list(raw, "files")),
        )
        wanted = {InboundKind.TEXT: inbound.text, InboundKind.PRESS: inbound.action, InboundKind.FILE: inbound.files}
        if not wanted[kind]:
            raise ValueError(f"a {kind} without what it says")
        return inbound

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        """Give the message an id and tell listeners of it; the page reads it from the outbox, soon after."""
        if text_length(out.heading) + text_length(out.text) > MAX_TEXT:
            raise SendError(Failure.REJECTED, f"the text is longer than {MAX_TEXT}")
        if not (out.text or out.heading or out.file):
            raise SendError(Failure.REJECTED, "the message is empty")
        if any(len(button.action.encode()) > MAX_ACTION for row in out.buttons for button in row):
            raise SendError(Failure.REJECTED, f"a button's action is longer than {MAX_ACTION} bytes")
        if out.file is not None and not await asyncio.to_thread(Path(out.file.path).is_file):
            raise SendError(Failure.REJECTED, "the file to send is gone")
        if not may_go():
            raise SendError(Failure.FENCED, "not ours to send any more")
        message_id = uuid4().hex
        self.tell(Event(kind=EventKind.NEWS, chat_id=chat_id, about=message_id))
        return Sent(message_id=message_id)

    async def reach(self, chat_id: str) -> None:
        """Return: the page takes whatever it is given."""

    async def answer_press(self, ack: str, text: str) -> None:
        """Show the answer to whoever watches the chat the press came from."""
        chat_id, _, press_id = ack.rpartition(":")
        if chat_id:
            self.tell(Event(kind=EventKind.TOAST, chat_id=chat_id, text=text, about=press_id))

    async def keep(self, content: bytes, *, name: str, media: str) -> Attachment:
        """Store an upload under a random name of our own and return what `hear` is to be told of it."""
        handle = secrets.token_hex(16)
        await asyncio.to_thread((self._spool / handle).write_bytes, content)
        return Attachment(handle=handle, name=name[:MAX_NAME], media=media[:100], size=len(content))

    async def drop(self, attachment: Attachment) -> None:
        """Remove an upload that was not heard after all."""
        await asyncio.to_thread(self._place(attachment.handle).unlink, missing_ok=True)

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return an upload's bytes; SendError REJECTED when it is larger than `limit` or not there."""
        try:
            content = await asyncio.to_thread(_read, self._place(attachment.handle), limit)
        except (OSError, ValueError):
            raise SendError(Failure.REJECTED, "there is no such upload") from None
        if len(content) > limit:
            raise SendError(Failure.REJECTED, "the file is too large")
        return content

    async def set_menu(self, chat_id: str, commands: tuple[tuple[str, str], ...]) -> None:
        """Remember these commands for the page, which shows them beside the chat's input."""
        self._menus[chat_id] = commands
        self.tell(Event(kind=EventKind.NEWS, chat_id=chat_id))

    def menu(self, chat_id: str) -> tuple[tuple[str, str], ...]:
        """Return the commands last set for this chat since the start."""
        return self._menus.get(chat_id, ())

    def invite_link(self, code: str) -> str | None:  # noqa: ARG002  (the protocol's name)
        """Return None: here a code is typed."""
        return None

    def subscribe(self, chat_id: str | None = None) -> Subscription:
        """Return a queue of what happens from now on, in one chat or in all; give it back to `unsubscribe`."""
        subscription = Subscription(chat_id)
        self._subscriptions.add(subscription)
        return subscription

    def unsubscribe(self, subscription: Subscription) -> None:
        """Forget a listener."""
        self._subscriptions.discard(subscription)

    def tell(self, event: Event) -> None:
        """Tell every listener whom it concerns."""
        for subscription in self._subscriptions:
            subscription.tell(event)

    def _place(self, handle: str) -> Path:
        return self._spool / _known(_HANDLE, handle)


def _read(path: Path, limit: int) -> bytes:
    with path.open("rb") as file:
        return file.read(limit + 1)


def _known(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError("an id of another form")
    return text


def _text(raw: Mapping[str, Any], name: str, limit: int) -> str:
    value = raw.get(name, "")
    if not isinstance(value, str) or text_length(value) > limit:
        raise ValueError(f"{name} is no text of at most {limit}")
    value.encode()  # half a letter (a lone surrogate) is a ValueError too: no database keeps it
    if "\0" in value:
        raise ValueError(f"{name} holds a zero, which no database keeps")
    return value


def _list(raw: Mapping[str, Any], name: str) -> list[Any]:
    value = raw.get(name, [])
    if not isinstance(value, list) or len(value) > 1:
        raise ValueError(f"{name} is no list of at most one")
    return value


def _attachment(raw: object) -> Attachment:
    if not isinstance(raw, Mapping):
        raise ValueError("a file is an object")  # noqa: TRY004  (what a page says is never a TypeError)
    size = raw.get("size")
    if type(size) is not int or size < 0:  # bool is an int to isinstance
        raise ValueError("a file has a size in bytes")
    return Attachment(
        handle=_known(_HANDLE, _text(raw, "handle", 32)),
        name=_text(raw, "name", MAX_NAME),
        media=_text(raw, "media", 100),
        size=size,
    )
