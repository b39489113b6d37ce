"""What people said of an occurrence, and what follows: its standing. Computed at every look, never stored as truth."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.domain.plan import Review


class Status(StrEnum):
    """What a unit reports. «Không phát sinh» is `done` with figures that say so."""

    DONE = "done"
    IN_PROGRESS = "in_progress"
    BLOCKED = "blocked"
    EXTENSION = "extension"
    NOT_OURS = "not_ours"


CHOICES = (Status.DONE, Status.IN_PROGRESS, Status.BLOCKED, Status.EXTENSION, Status.NOT_OURS)
"""The answers by their number on every channel: 1 is the first."""


class Verdict(StrEnum):
    """What the office decides on a report."""

    ACCEPT = "accept"
    RETURN = "return"
    EXTEND = "extend"
    REFUSE = "refuse"


class Standing(StrEnum):
    """Where an occurrence stands at a moment."""

    OPEN = "open"  # chưa báo cáo, trong hạn
    WORKING = "working"  # đang thực hiện trong hạn
    OVERDUE = "overdue"  # quá hạn chưa hoàn thành; "trả lại" counts as not done
    WAITING = "waiting"  # đã báo cáo, chờ cơ quan theo dõi xác nhận
    DONE_ON_TIME = "done_on_time"
    DONE_LATE = "done_late"
    RELEASED = "released"  # xác định không thuộc đơn vị: owes nothing


CLOSED = frozenset({Standing.DONE_ON_TIME, Standing.DONE_LATE, Standing.RELEASED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Word:
    """The latest report on an occurrence with the office's verdict on it.

    `done_since` is when the unbroken run of done reports began: a later correction does not make a timely report late.
    """

    status: Status
    at: datetime
    done_since: datetime | None = None
    verdict: Verdict | None = None


def standing(word: Word | None, *, due_at: datetime, now: datetime, review: Review) -> Standing:
    """Return where an occurrence stands; a report exactly at the due moment is on time."""
    if word is not None:
        counts = word.verdict is Verdict.ACCEPT or (review is Review.NONE and word.verdict is None)
        if word.status is Status.DONE and counts:
            return Standing.DONE_ON_TIME if (word.done_since or word.at) <= due_at else Standing.DONE_LATE
        if word.status is Status.NOT_OURS and word.verdict is Verdict.ACCEPT:
            return Standing.RELEASED
        if is_waiting(word, review=review):
            return Standing.WAITING
    if now > due_at:
        return Standing.OVERDUE
    return Standing.OPEN if word is None else Standing.WORKING


def is_waiting(word: Word, *, review: Review) -> bool:
    """Return whether the office has yet to decide whether the work counts (a done report, or «không thuộc đơn vị»)."""
    if word.verdict is not None:
        return False
    return word.status is Status.NOT_OURS or (word.status is Status.DONE and review is Review.OFFICE)


def asks_for_decision(word: Word, *, review: Review) -> bool:
    """Return whether the office has something to decide: a waiting report or an extension asked for."""
    return is_waiting(word, review=review) or (word.status is Status.EXTENSION and word.verdict is None)


def done_since(previous: Word | None, *, status: Status, at: datetime) -> datetime | None:
    """Return when the run of done reports began that a new report of `status` at `at` continues or opens."""
    if status is not Status.DONE:
        return None
    if previous is None or previous.status is not Status.DONE or previous.verdict is Verdict.RETURN:
        return at
    return previous.done_since or previous.at
