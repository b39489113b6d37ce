"""Whether the bot is fit to work, condition by condition, each in a sentence: quick to ask, however slow the database is."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Generic, TypeVar

from bot.app.clock import Clock
from bot.app.surroundings import FileWatch, disk
from bot.domain.calendar import local_day
from bot.jobs.audit import Finding, Trouble
from bot.jobs.notify import matter_of
from bot.jobs.shadow import trial_run
from bot.ports import Channel
from bot.store import Store, Tx, audits, notices, proposals
from bot.store.notices import Notice, NoticeKind
from bot.texts import day, minute
from bot.texts.admin import SHOWN, Matter, channel_name, told
from bot.web.host import Check

log = logging.getLogger(__name__)

T = TypeVar("T")

PATIENCE = 2.0  # seconds for the database to answer; who asks has little more
AUDIT_FRESH = 900.0  # seconds of real time: two rounds may be missed
_STATES = {
    "unauthorized": "máy chủ từ chối mã bot; hãy kiểm tra {channel}.token rồi khởi động lại",
    "conflict": "một chương trình khác đang dùng cùng mã bot; hãy dừng một trong hai",
    "unreachable": "máy chủ chưa trả lời; đang thử lại",
}


class Readiness:
    """Answers `/readyz`. `ticks` is whether this process is the one that ticks; another one's tick is not ours to see."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        folder: Path,
        clock: Clock,
        ticked_at: Callable[[], datetime | None],
        fresh: timedelta,
        ticks: Callable[[], bool],
        audit_age: Callable[[], float],
        unit_name: Callable[[str], str] = str,
    ) -> None:
        self._unit_name = unit_name
        self._channels, self._folder, self._clock = channels, folder, clock
        self._ticked_at, self._fresh, self._ticks, self._audit_age = ticked_at, fresh, ticks, audit_age
        self._file = FileWatch(store.url)
        self._reads = _Question(lambda: store.aread(_known))
        self._writes = _Question(lambda: store.awrite(audits.probe))

    async def checks(self) -> Sequence[Check]:
        """Return every condition of being ready."""
        (reads, known), (writes, _), disk_found = await asyncio.gather(
            self._reads.answer(), self._writes.answer(), asyncio.to_thread(disk, self._folder)
        )
        gone = self._file.look()
        lasting, applied_at, asked_at, trial = known or ((), None, None, "")
        untold = [each for each in lasting if each.told_at is None]
        found = [
            _check("database", reads, "Cơ sở dữ liệu trả lời.", "Cơ sở dữ liệu không trả lời."),
            _check(
                "database.write",
                writes and not gone,
                "Cơ sở dữ liệu ghi được.",
                _sentence(gone[0] if gone else Finding(trouble=Trouble.DATABASE), self._clock.now()),
            ),
            _check("disk", not disk_found, "Đĩa còn chỗ và ghi được.", *(self._said(each) for each in disk_found)),
            self._lease(),
            self._tick(),
            self._audit(),
            *(_channel(name, channel, ticks=self._ticks()) for name, channel in self._channels.items()),
        ]
        if applied_at is not None:
            words = " ".join(_about_catalogue(lasting, applied_at, asked_at))
            found.append(Check(name="catalogue", is_ok=True, words=words))
        found += [self._trial(trial)] if trial else []
        return found + [self._untold(each) for each in untold[:SHOWN]]

    def _trial(self, until: str) -> Check:
        last = date.fromisoformat(until)
        words = f"Đang chạy thử đến hết ngày {day(last)}: tin chỉ gửi cho quản trị."
        if local_day(self._clock.now()) > last:
            words = f"Chạy thử đến hết ngày {day(last)} chưa kết thúc được: tin vẫn chỉ gửi cho quản trị."
        return Check(name="trial", is_ok=True, words=words)

    def _untold(self, each: Notice) -> Check:
        matter = matter_of(each, self._unit_name)
        if each.kind is NoticeKind.CATALOGUE_REFUSED:  # whoever asks here need not read what stands in the files
            matter = replace(matter, words={**matter.words, "lines": ""})
        said = told("vi", matter)
        return Check(name=f"notice.{each.key}", is_ok=True, words=f"Chưa báo được quản trị: {said}")

    def _said(self, finding: Finding) -> str:
        return _sentence(finding, self._clock.now())

    def _lease(self) -> Check:
        leads = "Tiến trình này giữ quyền làm việc: nhắc, gửi và trả lời."
        stands_by = "Tiến trình này dự phòng: nhận tin, còn tiến trình khác nhắc, gửi và trả lời."
        return Check(name="lease", is_ok=True, words=leads if self._ticks() else stands_by)

    def _tick(self) -> Check:
        if not self._ticks():
            return Check(name="tick", is_ok=True, words="Tiến trình khác đang giữ nhịp làm việc.")
        last = self._ticked_at()
        is_fresh = last is not None and self._clock.now() - last < self._fresh
        return _check("tick", is_fresh, "Nhịp làm việc đều.", "Nhịp làm việc đã dừng.")

    def _audit(self) -> Check:
        is_fresh = not self._ticks() or self._audit_age() < AUDIT_FRESH
        return _check("audit", is_fresh, "Tự kiểm tra đều.", "Đã quá 15 phút chưa tự kiểm tra xong lần nào.")


def _known(tx: Tx) -> tuple[Sequence[Notice], datetime | None, datetime | None, str]:
    waiting = proposals.waiting(tx)
    asked_at = waiting.proposed_at if waiting else None
    return notices.standing(tx), audits.applied_at(tx), asked_at, trial_run(tx)


def _about_catalogue(lasting: Sequence[Notice], applied_at: datetime, asked_at: datetime | None) -> Iterator[str]:
    yield f"Danh mục áp dụng từ {minute(applied_at)}."
    for each in lasting:
        if each.kind is NoticeKind.CATALOGUE_REFUSED:
            yield f"Tệp trên đĩa có {each.words['count']} chỗ sai từ {minute(each.since)}; danh mục này vẫn chạy."
    if asked_at is not None:
        yield f"Bản sửa chờ quản trị đồng ý từ {minute(asked_at)}."


class _Question(Generic[T]):
    """Something slow that is asked once at a time: whoever comes meanwhile waits for the same answer, not for ever."""

    def __init__(self, ask: Callable[[], Awaitable[T]]) -> None:
        self._ask = ask
        self._asking: asyncio.Task[tuple[bool, T | None]] | None = None

    async def answer(self) -> tuple[bool, T | None]:
        """Return whether it was answered in time and without a fault, and the answer."""
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._asked())
        done, _ = await asyncio.wait([self._asking], timeout=PATIENCE)
        return self._asking.result() if done else (False, None)

    async def _asked(self) -> tuple[bool, T | None]:
        try:
            return True, await self._ask()
        except Exception as error:
            log.warning("database does not answer: %s", type(error).__name__)
            return False, None


def _check(name: str, is_ok: bool, well: str, *ill: str) -> Check:
    return Check(name=name, is_ok=is_ok, words=well if is_ok else " ".join(ill))


def _sentence(finding: Finding, now: datetime) -> str:
    words = {**finding.words, "check": finding.trouble}
    return told("vi", Matter(kind="audit", words=words, since=now))


def _channel(name: str, channel: Channel, *, ticks: bool) -> Check:
    if channel.polls and not ticks:
        words = f"Kênh {channel_name(name)}: tiến trình giữ quyền đang nghe."
        return Check(name=f"channel.{name}", is_ok=True, words=words)
    state = str(getattr(channel, "state", "ok"))
    why = _STATES.get(state, state).format(channel=name)
    called = channel_name(name)
    return _check(
        f"channel.{name}", state == "ok", f"Kênh {called} hoạt động.", f"Kênh {called} không hoạt động: {why}."
    )
