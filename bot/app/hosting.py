"""Answers what the web server asks of the house."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Protocol

from bot.app.clock import Clock, SimulatedClock
from bot.app.metrics import metrics_text
from bot.channels.local import CHANNEL, LocalChannel
from bot.channels.news import Event, EventKind
from bot.domain.plan import Plan
from bot.ports import Raw, Sink
from bot.store import Store, people, transcripts
from bot.store.people import Person
from bot.store.transcripts import Said, Told
from bot.texts import say
from bot.web import host as page
from bot.web.editor import Editor
from bot.web.host import Check, Choice, Entry, EntryKind, FileRef, HookAnswer, Jump, Phone, StoredFile

HOURS = {Jump.HOUR: 1, Jump.DAY: 24}


@dataclass(frozen=True, slots=True, kw_only=True)
class Hook:
    """A channel's door for updates that its network brings: checks the secret, reads the body, stores.

    `is_probed`: before it believes in the address, the network calls it with nothing.
    """

    is_allowed: Callable[[str | None], bool]
    read: Callable[[bytes], tuple[str, Raw]]
    sink: Sink
    is_probed: bool = False


class Inside(Protocol):
    """What the web server's answers need of the house."""

    store: Store
    clock: Clock
    local: LocalChannel
    hooks: Mapping[str, Hook]
    demo_chats: Sequence[str]
    spool: Path
    folder: Path
    editor: Editor

    @property
    def plan(self) -> Plan:
        """The plan that runs."""

    def checks(self) -> Awaitable[Sequence[Check]]:
        """Return every condition of being ready."""

    def leads(self) -> bool:
        """Say whether this is the process that ticks and sends."""

    def next_moment(self) -> Awaitable[datetime | None]:
        """Return when the next planned act comes."""

    def tick(self) -> Awaitable[None]:
        """Do what is due now."""


class HouseHost:
    """The house as the web server sees it."""

    def __init__(self, inside: Inside) -> None:
        self._in = inside

    @property
    def editor(self) -> Editor:
        """The catalogue, to be edited."""
        return self._in.editor

    async def phones(self) -> Sequence[Phone]:
        """Return the phones of the demo's people, in their order."""
        return [await self.phone(chat_id) for chat_id in self._in.demo_chats]

    async def phone(self, chat_id: str) -> Phone:
        """Return who a chat belongs to."""
        person = await self._in.store.aread(lambda tx: people.by_chat(tx, channel=CHANNEL, user_id=chat_id))
        if person is None or not person.memberships:
            return Phone(chat_id=chat_id)
        return Phone(chat_id=chat_id, name=person.name, title=self._title(person), is_linked=True)

    async def transcript(self, chat_id: str, *, limit: int) -> Sequence[Entry]:
        """Return the last entries of a chat; to somebody whose rights were taken away, only what was said since."""
        revoked_at = await self._revoked_at(chat_id)
        found = await self._in.store.aread(
            lambda tx: transcripts.transcript(tx, channel=CHANNEL, chat_id=chat_id, limit=limit)
        )
        found = tuple(entry for entry in found if revoked_at is None or entry.at >= revoked_at)
        return [_said(entry) if isinstance(entry, Said) else _told(entry) for entry in found]

    async def file(self, chat_id: str, file_id: str) -> StoredFile | None:
        """Return a file that was sent into this chat ("o12") or uploaded from it ("i7")."""
        kind, number = file_id[:1], file_id[1:]
        if not number.isascii() or not number.isdigit() or len(number) > 15:
            return None
        if await self._revoked_at(chat_id) is not None:
            return None
        where = {"channel": CHANNEL, "chat_id": chat_id}
        if kind == "o":
            out = await self._in.store.aread(lambda tx: transcripts.sent_file(tx, **where, letter_id=int(number)))
            if out is None or out.file is None:
                return None
            return StoredFile(
                path=str(self._in.folder / out.file.path), ref=_ours(file_id, out.file.name, out.file.media)
            )
        raw = await self._in.store.aread(lambda tx: transcripts.heard_update(tx, **where, heard_id=int(number)))
        ref = _uploaded(file_id, raw) if raw is not None else None
        if raw is None or ref is None:
            return None
        return StoredFile(path=str(self._in.spool / raw["files"][0]["handle"]), ref=ref)

    async def clock(self) -> page.Clock:
        """Return what time it is, and when something next happens."""
        clock = self._in.clock
        next_at = await self._in.next_moment() if clock.is_simulated else None
        return page.Clock(now=clock.now(), speed=clock.speed, is_simulated=clock.is_simulated, next_at=next_at)

    async def jump(self, jump: Jump) -> page.Clock:
        """Move the simulated clock forward, do what comes due on the way's end, and tell the pages."""
        clock = self._in.clock
        if isinstance(clock, SimulatedClock):
            to = await self._in.next_moment() if jump is Jump.NEXT else clock.now() + timedelta(hours=HOURS[jump])
            if to is not None:
                clock.set_forward(to)
            await self._in.tick()
            self._in.local.tell(Event(kind=EventKind.CLOCK))
        return await self.clock()

    async def ready(self) -> Sequence[Check]:
        """Return every condition of being ready."""
        return await self._in.checks()

    async def metrics(self) -> bytes:
        """Return the metrics."""
        ready = {check.name: check.is_ok for check in await self._in.checks() if not check.name.startswith("notice.")}
        leads, now = self._in.leads(), self._in.clock.now()
        return await asyncio.to_thread(metrics_text, self._in.store, ready=ready, leads=leads, now=now)

    async def webhook(self, channel: str, *, secret: str | None, body: bytes) -> HookAnswer:
        """Take what a network brings."""
        hook = self._in.hooks.get(channel)
        if hook is None:
            return HookAnswer.CLOSED
        if hook.is_probed and not body:
            return HookAnswer.PROBED
        if not hook.is_allowed(secret):
            return HookAnswer.REFUSED
        try:
            external_id, raw = hook.read(body)
        except ValueError:
            return HookAnswer.UNREADABLE
        await hook.sink(external_id, raw)
        return HookAnswer.STORED

    async def _revoked_at(self, chat_id: str) -> datetime | None:
        return await self._in.store.aread(lambda tx: people.revoked_at(tx, channel=CHANNEL, user_id=chat_id))

    def _title(self, person: Person) -> str:
        plan = self._in.plan
        parts = [f"{say('vi', f'role.{held.role}')} · {plan.unit_name(held.unit)}" for held in person.memberships]
        return "; ".join(parts)


def _said(entry: Said) -> Entry:
    out = entry.out
    return Entry(
        id=f"o{entry.id}",
        at=entry.at,
        is_mine=False,
        text=out.text,
        message_id=entry.message_id,
        heading=out.heading,
        buttons=tuple(tuple(Choice(text=each.text, action=each.action) for each in row) for row in out.buttons),
        file=_ours(f"o{entry.id}", out.file.name, out.file.media) if out.file else None,
    )


def _told(entry: Told) -> Entry:
    raw = entry.raw
    is_press = raw.get("kind") == "press"
    return Entry(
        id=f"i{entry.id}",
        at=entry.at,
        is_mine=True,
        text=str(raw.get("label" if is_press else "text", "")),
        message_id=str(raw.get("message_id", "")),
        kind=EntryKind.PRESS if is_press else EntryKind.MESSAGE,
        file=_uploaded(f"i{entry.id}", raw),
    )


def _ours(file_id: str, name: str, media: str) -> FileRef:
    return FileRef(id=file_id, name=name, media=media, is_ours=True)


def _uploaded(file_id: str, raw: Mapping[str, object]) -> FileRef | None:
    files = raw.get("files")
    if not isinstance(files, list) or not files:
        return None
    return FileRef(id=file_id, name=str(files[0]["name"]), media=str(files[0]["media"]), size=int(files[0]["size"]))
