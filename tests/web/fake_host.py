"""A house for the page without a store: it keeps what is heard in lists and answers on the spot."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bot.channels.local import LocalChannel
from bot.ports import File, Out, Raw
from bot.web.host import (
    Check,
    Choice,
    Clock,
    Entry,
    EntryKind,
    FileRef,
    HookAnswer,
    Jump,
    Phone,
    StoredFile,
)
from tests.web.fake_editor import FakeEditor

START = datetime(2022, 9, 26, 0, 55, tzinfo=UTC)  # Monday, 07:55 in Vietnam
PHONES = (
    Phone(chat_id="snv", name="Nguyễn Thị Lan", title="Đầu mối · Sở Nội vụ", is_linked=True),
    Phone(chat_id="tamky", name="Trần Văn Hùng", title="Đầu mối · UBND thành phố Tam Kỳ", is_linked=True),
    Phone(chat_id="head", name="Lê Minh Đức", title="Lãnh đạo đơn vị · UBND thành phố Tam Kỳ", is_linked=True),
    Phone(chat_id="office", name="Phạm Thu Hà", title="Cơ quan theo dõi · Sở Nội vụ", is_linked=True),
    Phone(chat_id="manager", name="Võ Quang Vinh", title="Lãnh đạo · UBND tỉnh Quảng Nam", is_linked=True),
    Phone(chat_id="admin", name="Đặng Ngọc Bích", title="Quản trị hệ thống", is_linked=True),
)
STEPS = {Jump.HOUR: timedelta(hours=1), Jump.DAY: timedelta(days=1), Jump.NEXT: timedelta(minutes=5)}


@dataclass
class FakeHost:
    """Implements bot.web.host.Host, and the sink of a LocalChannel."""

    spool: Path
    now: datetime = START
    is_simulated: bool = True
    checks: tuple[Check, ...] = (Check(name="database", is_ok=True, words="Cơ sở dữ liệu đọc được."),)
    is_broken: bool = False
    entries: dict[str, list[Entry]] = field(default_factory=dict)
    files: dict[tuple[str, str], StoredFile] = field(default_factory=dict)
    stored: dict[str, Raw] = field(default_factory=dict)
    hooked: list[bytes] = field(default_factory=list)
    linked: dict[str, Phone] = field(default_factory=dict)
    editor: FakeEditor = field(default_factory=FakeEditor)

    def __post_init__(self) -> None:
        self.local = LocalChannel(self.spool)
        self.asked = asyncio.Event()
        self.late_chat = ""

    async def phones(self) -> Sequence[Phone]:
        return PHONES

    async def phone(self, chat_id: str) -> Phone:
        return self.linked.get(chat_id, Phone(chat_id=chat_id))

    async def transcript(self, chat_id: str, *, limit: int) -> Sequence[Entry]:
        if chat_id == self.late_chat:
            self.asked.set()
        if self.is_broken:
            raise RuntimeError("the store is gone")
        return self.entries.get(chat_id, [])[-limit:]

    async def file(self, chat_id: str, file_id: str) -> StoredFile | None:
        return self.files.get((chat_id, file_id))

    async def clock(self) -> Clock:
        return Clock(now=self.now, is_simulated=self.is_simulated, next_at=START + timedelta(minutes=5))

    async def jump(self, jump: Jump) -> Clock:
        self.now += STEPS[jump]
        return await self.clock()

    async def ready(self) -> Sequence[Check]:
        return self.checks

    async def metrics(self) -> bytes:
        return b"nhacviec_outbox_waiting 0\n"

    async def webhook(self, channel: str, *, secret: str | None, body: bytes) -> HookAnswer:
        if secret != "right":
            return HookAnswer.REFUSED
        if not body.startswith(b"{"):
            return HookAnswer.UNREADABLE
        self.hooked.append(body)
        return HookAnswer.STORED

    async def store(self, external_id: str, raw: Raw) -> None:
        """Keep what was heard, once; answer a press so that its button is let go."""
        if external_id in self.stored:
            return
        self.stored[external_id] = raw
        inbound = self.local.read(raw)
        ref = None
        for file in inbound.files:
            ref = FileRef(id=file.handle, name=file.name, media=file.media, size=file.size)
            self.files[inbound.chat_id, file.handle] = StoredFile(path=str(self.spool / file.handle), ref=ref)
        self._add(
            inbound.chat_id,
            is_mine=True,
            text=inbound.text or raw.get("label", ""),
            kind=EntryKind.PRESS if inbound.action else EntryKind.MESSAGE,
            file=ref,
        )
        if inbound.action:
            await self.local.answer_press(inbound.ack, "Đã nhận.")

    async def say(self, chat_id: str, out: Out, *, is_late: bool = False) -> str:
        """Send as the bot: announce, then record, as the real house does, `is_late` once a page asked twice in vain."""
        sent = await self.local.send(chat_id, out)
        self.late_chat = chat_id if is_late else ""
        for _ in range(2 if is_late else 0):
            self.asked.clear()
            await self.asked.wait()
        buttons = tuple(tuple(Choice(text=each.text, action=each.action) for each in row) for row in out.buttons)
        ref = self._keep(chat_id, out.file) if out.file else None
        self._add(
            chat_id,
            is_mine=False,
            heading=out.heading,
            text=out.text,
            message_id=sent.message_id,
            buttons=buttons,
            file=ref,
        )
        return sent.message_id

    def _keep(self, chat_id: str, file: File) -> FileRef:
        ref = FileRef(id=f"f{len(self.files)}", name=file.name, media=file.media, is_ours=True)
        self.files[chat_id, ref.id] = StoredFile(path=file.path, ref=ref)
        return ref

    def _add(self, chat_id: str, **said: object) -> None:
        entries = self.entries.setdefault(chat_id, [])
        entries.append(Entry(id=f"e{len(entries)}", at=self.now, **said))  # type: ignore[arg-type]
