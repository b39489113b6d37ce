"""What an occurrence looked like when a week was counted, and the one class it falls into."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import NamedTuple

from bot.domain.calendar import local_day
from bot.domain.standing import Standing, Status

EXTENSION, PAUSED = "extension", "paused"
"""Why what is past due is not late although it was asked about."""

_AGE_ENDS = (0, 7, 30, 120)  # the last day past due of each group of ages but the last

_IN_DUE = {
    Standing.DONE_ON_TIME: "on_time",
    Standing.DONE_LATE: "late",
    Standing.WAITING: "waiting",
    Standing.OVERDUE: "overdue",
}


class Asking(StrEnum):
    """How far an occurrence's unit was asked about it."""

    NOT_YET = "not_yet"  # no step has come due, or it went to the admins alone
    ASKED = "asked"  # a message is proven sent, or somebody reported
    NO_CONTACT = "no_contact"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Situation:
    """How an occurrence stood; the occurrences of many units share one. `by_original` is its standing by the first due."""

    task: str
    due_at: datetime
    standing: Standing
    original_due_at: datetime
    by_original: Standing
    status: Status | None
    undecided: bool
    paused: bool
    asking: Asking


class Said(NamedTuple):
    """What a unit wrote beside its answer, and the due it asks for."""

    note: str = ""
    wanted_due_at: datetime | None = None


SILENT = Said()


class Counted(NamedTuple):
    """One occurrence as it stood when the week was counted. A plain tuple: there may be a million."""

    unit: str
    what: Situation
    said: Said = SILENT

    @property
    def task(self) -> str:
        """Return the task's id."""
        return self.what.task

    @property
    def due_at(self) -> datetime:
        """Return the due of that time."""
        return self.what.due_at

    @property
    def standing(self) -> Standing:
        """Return where it stood."""
        return self.what.standing

    @property
    def status(self) -> Status | None:
        """Return what was reported last, if anything."""
        return self.what.status

    @property
    def undecided(self) -> bool:
        """Return whether nothing was decided on the last report."""
        return self.what.undecided

    @property
    def asking(self) -> Asking:
        """Return how far the unit was asked."""
        return self.what.asking

    @property
    def note(self) -> str:
        """Return what the unit wrote."""
        return self.said.note

    @property
    def wanted_due_at(self) -> datetime | None:
        """Return the due asked for."""
        return self.said.wanted_due_at


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """The class of a situation at a moment.

    `among` is on_time, late, waiting, overdue or "apart"; "" for what is not due yet. `by_original` is the same by the
    first due. `apart` says why it stands apart, `days` (whole, local) and `age` (an index into `AGES`) how late it is.
    """

    among: str
    by_original: str
    apart: str = ""
    days: int = 0
    age: int = 0


def judge(what: Situation, as_of: datetime) -> Judgement:
    """Return the one class an occurrence falls into at `as_of`.

    What was due by then counts; past due and not done it is late, unless it could not be asked about, is paused, or waits
    for a decision on an extension. What is due at that very moment and not reported is not late yet.
    """
    apart = _apart(what)
    among = _among(what.standing, what.due_at, as_of, apart)
    by_original = _among(what.by_original, what.original_due_at, as_of, apart)
    if among == "apart":
        return Judgement(among=among, by_original=by_original, apart=apart)
    days = days_between(what.due_at, as_of) if among == "overdue" else 0
    return Judgement(among=among, by_original=by_original, days=days, age=sum(days > end for end in _AGE_ENDS))


def days_between(due_at: datetime, as_of: datetime) -> int:
    """Return how many local days lie between two moments, whichever is first."""
    return abs((local_day(as_of) - local_day(due_at)).days)


def _among(stands: Standing, due_at: datetime, as_of: datetime, apart: str) -> str:
    found = _IN_DUE.get(stands, "") if due_at <= as_of else ""
    return "apart" if found == "overdue" and apart else found


def _apart(what: Situation) -> str:
    if what.paused:
        return PAUSED
    if what.asking is not Asking.ASKED:
        return str(what.asking)
    return EXTENSION if what.status is Status.EXTENSION and what.undecided else ""
