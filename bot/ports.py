"""The one border to the networks: what a channel can do, and everything that crosses."""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from typing import Any, Protocol, runtime_checkable

from bot.domain.delivery import Failure

Raw = Mapping[str, Any]  # one update as the network gave it, JSON-serialisable


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What a channel can do. Lengths are in UTF-16 units, as the networks count them."""

    name: str
    max_text: int
    buttons: bool
    upload: bool
    groups: bool
    menu: bool
    deep_link: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Button:
    """One button. `action` is at most 64 bytes of UTF-8 and says what was meant, never who may."""

    text: str
    action: str


@dataclass(frozen=True, slots=True, kw_only=True)
class File:
    """A file on our disk to be sent: its name to show, its media type ("image/png" is sent as a picture), where it lies.

    Stored with a message, `path` is relative to the home's data folder; a channel is given a whole one.
    """

    path: str
    name: str
    media: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Out:
    """A message: a heading shown in bold where the channel can, plain text, rows of buttons, at most one file.

    Nothing in it is markup: a channel that has markup escapes or uses entities. With a file, heading and text are its caption.
    """

    text: str
    heading: str = ""
    buttons: tuple[tuple[Button, ...], ...] = ()
    file: File | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sent:
    """The network took the message and gave it this id."""

    message_id: str


class SendError(Exception):
    """A message did not arrive; carries a failure of the closed list and never a token or a chat id."""

    def __init__(
        self, failure: Failure, reason: str, *, retry_after: timedelta | None = None, moved_to: str | None = None
    ) -> None:
        super().__init__(f"{failure}: {reason}")
        self.failure = failure
        self.reason = reason
        self.retry_after = retry_after
        self.moved_to = moved_to


class InboundKind(StrEnum):
    """What a person (or the network about a person) did."""

    TEXT = "text"
    PRESS = "press"
    FILE = "file"
    GONE = "gone"  # the person blocked or removed the bot
    BACK = "back"  # the person let the bot in again
    MOVED = "moved"  # the group got another id: `text` holds it
    OTHER = "other"  # a sticker, a poll …: nothing we can read


@dataclass(frozen=True, slots=True, kw_only=True)
class Attachment:
    """A file somebody sent: the network's handle for fetching it, the name it was given, media type, size in bytes."""

    handle: str
    name: str
    media: str
    size: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Inbound:
    """One thing heard. Ids are strings as the network has them; `user_id` is who did it, `chat_id` where.

    `text` is what was typed or the caption (a deep link arrives as "/start CODE"); `action` is a pressed button's;
    `ack` is the handle by which a press is answered; `message_id` the message pressed or sent.
    """

    channel: str
    kind: InboundKind
    chat_id: str
    user_id: str
    user_name: str = ""
    language: str = ""
    text: str = ""
    action: str = ""
    ack: str = ""
    message_id: str = ""
    is_group: bool = False
    chat_title: str = ""
    files: tuple[Attachment, ...] = field(default=())


Sink = Callable[[str, Raw], Awaitable[None]]
"""Stores one raw update under the channel's unique id for it and returns when it is on disk."""


@runtime_checkable
class BatchSink(Protocol):
    """A sink that can also be handed many updates at once, which costs little more than one."""

    async def __call__(self, external_id: str, raw: Raw) -> None:
        """Store one update, as any sink does."""

    async def all(self, updates: Sequence[tuple[str, Raw]]) -> None:
        """Store these in this order, all or none; return when they are on disk."""


MayGo = Callable[[], bool]
"""Says whether a message may still leave; quick, for it is asked at the last moment."""


def always() -> bool:
    """Return True: nothing forbids a message to leave."""
    return True


class Channel(Protocol):
    """A network, in house words. `send` and `fetch` raise SendError and nothing else."""

    caps: Caps

    @property
    def polls(self) -> bool:
        """Say whether `listen` asks the network for its updates, which it gives to one asker only."""

    async def open(self) -> None:
        """Get ready to send; a network that is down is no error (later calls try again)."""

    async def listen(self, sink: Sink) -> None:
        """Hand every update to `sink` before confirming it to the network; run until cancelled, survive every fault."""

    async def close(self) -> None:
        """Let go of connections."""

    def read(self, raw: Raw) -> Inbound | None:
        """Return what an update says, None where it is of no concern; raise ValueError where it cannot be read."""

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        """Send one message.

        `may_go` is asked once, after all waiting and right before the (first) request is written; where it says no,
        SendError FENCED is raised and nothing has left.
        """

    async def reach(self, chat_id: str) -> None:
        """Return if this chat can be written to, without anybody seeing anything; else raise SendError as `send` does."""

    async def answer_press(self, ack: str, text: str) -> None:
        """Answer a pressed button so that nothing keeps spinning; failures are swallowed (the press is stored anyway)."""

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return the file's bytes; SendError REJECTED when it is larger than `limit` bytes."""

    async def set_menu(self, chat_id: str, commands: tuple[tuple[str, str], ...]) -> None:
        """Show these (command, description) pairs as the chat's menu where the network has one."""

    def invite_link(self, code: str) -> str | None:
        """Return the deep link that types this code for the person, None where there is none."""
