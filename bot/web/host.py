"""What the page asks of the house. The app answers; nothing here knows how."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from bot.web.editor import Editor


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    """A person's chat on the page. `title` is role and unit; both are empty for somebody who has not joined."""

    chat_id: str
    name: str = ""
    title: str = ""
    is_linked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FileRef:
    """A file in a transcript, `size` in bytes if known. Only a picture that `is_ours`, made by us, is shown as one."""

    id: str
    name: str
    media: str
    size: int | None = None
    is_ours: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A button under a message; `action` as the channel was given it."""

    text: str
    action: str


class EntryKind(StrEnum):
    """What an entry is: a message either way, or a button pressed by the person."""

    MESSAGE = "message"
    PRESS = "press"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One line of a transcript. `id` is its own for ever ("o12", "i7"); `message_id` is the channel's.

    `is_mine` was said by the person, else by the bot. `text` of a press is the button's words,
    which the raw update holds as `label`.
    """

    id: str
    at: datetime
    is_mine: bool
    text: str
    message_id: str = ""
    kind: EntryKind = EntryKind.MESSAGE
    heading: str = ""
    buttons: tuple[tuple[Choice, ...], ...] = ()
    file: FileRef | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredFile:
    """A file on our disk behind a FileRef."""

    path: str
    ref: FileRef


@dataclass(frozen=True, slots=True, kw_only=True)
class Clock:
    """The house's time: aware `now`, its speed against a wall clock, and when the next planned act comes, if known."""

    now: datetime
    speed: float = 1.0
    is_simulated: bool = False
    next_at: datetime | None = None


class Jump(StrEnum):
    """How far the simulated clock is moved."""

    HOUR = "hour"
    DAY = "day"
    NEXT = "next"  # to the next planned act


@dataclass(frozen=True, slots=True, kw_only=True)
class Check:
    """One condition of being ready: its name, whether it holds, and a sentence for the operator without secrets."""

    name: str
    is_ok: bool
    words: str


class HookAnswer(StrEnum):
    """What became of an update that a network brought to our door."""

    STORED = "stored"
    PROBED = "probed"  # called with nothing, to see whether we are here
    REFUSED = "refused"  # a wrong secret
    UNREADABLE = "unreadable"  # no update
    CLOSED = "closed"  # this channel has no web hook


class Host(Protocol):
    """The house behind the page. Everything said on the page goes through LocalChannel.hear and not through here."""

    @property
    def editor(self) -> Editor:
        """The catalogue, to be edited on the page; only asked in a demo."""

    async def phones(self) -> Sequence[Phone]:
        """Return the phones that a demo lays out, in order; not asked in a run."""

    async def phone(self, chat_id: str) -> Phone:
        """Return who a chat belongs to; of an unknown chat, a Phone that is not linked."""

    async def transcript(self, chat_id: str, *, limit: int) -> Sequence[Entry]:
        """Return the last `limit` entries of a chat, oldest first: all that was heard, and what was sent."""

    async def file(self, chat_id: str, file_id: str) -> StoredFile | None:
        """Return a file of this chat's transcript; None for one that is not there, or another chat's."""

    async def clock(self) -> Clock:
        """Return what time it is."""

    async def jump(self, jump: Jump) -> Clock:
        """Move the simulated clock and return it; only asked when `Clock.is_simulated`."""

    async def ready(self) -> Sequence[Check]:
        """Return every condition of being ready (database, channels, tick fresh)."""

    async def metrics(self) -> bytes:
        """Return the metrics in Prometheus' text format 0.0.4."""

    async def webhook(self, channel: str, *, secret: str | None, body: bytes) -> HookAnswer:
        """Check the secret shown, store the update, and return what became of it. A fault makes the network repeat."""
