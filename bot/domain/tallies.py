"""The values that a week's figures are made of: counts of a unit or of a task, lines of lists, past weeks, corrections."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

AGES = ("0", "1-7", "8-30", "31-120", "121-")
"""The groups of days past due, in the order of `UnitFigures.ages`; "0" is late by hours, on the due day itself."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Classes:
    """What had come due, each occurrence in exactly one class; what could not be asked about is in none of them."""

    on_time: int
    late: int
    waiting: int
    overdue: int

    @property
    def due(self) -> int:
        """Return how many had come due."""
        return self.on_time + self.late + self.waiting + self.overdue

    @property
    def done(self) -> int:
        """Return how many are done, in time or late."""
        return self.on_time + self.late

    @property
    def done_share(self) -> float | None:
        """Return done / due (TL1), 0 to 1; None where nothing was due."""
        return self.done / self.due if self.due else None

    @property
    def on_time_share(self) -> float | None:
        """Return on_time / due (TL2), 0 to 1; None where nothing was due."""
        return self.on_time / self.due if self.due else None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFigures:
    """One unit's occurrences that came due by the moment of counting and could be asked, sorted into four classes.

    The same counts are made of a kind of units, of a task and of a criterion, under its id and name.
    `due` = on_time + late + waiting + overdue. `overdue` is due and not done; `waiting` is reported, not yet accepted.
    `not_asked` stands apart and is never in `due`; `apart` says why: no_contact, failed, in_doubt, not_yet, paused,
    extension (asked for and not decided). `days_late` is the sum of whole days over all of `overdue`, `ages` its count by
    days in the groups of `AGES`. `original` judges by the first dues, before any moved; None in weeks frozen before it was.
    `points` are those of the scored criteria that overdue tasks feed, each once, None where none is scored; `risk` is the
    sum of points × days over `overdue`; `unassigned` of `overdue` feed no scored criterion.
    """

    unit_id: str
    name: str
    due: int
    on_time: int
    late: int
    waiting: int
    overdue: int
    not_asked: int
    days_late: int
    original: Classes | None = None
    ages: tuple[int, ...] = ()
    apart: Mapping[str, int] = field(default_factory=dict)
    points: float | None = None
    risk: float = 0.0
    unassigned: int = 0

    @property
    def done(self) -> int:
        """Return how many are done, in time or late."""
        return self.on_time + self.late

    @property
    def done_share(self) -> float | None:
        """Return done / due, 0 to 1; None where nothing was due, which is shown as a dash and not as 100 %."""
        return self.done / self.due if self.due else None

    @property
    def on_time_share(self) -> float | None:
        """Return on_time / due, 0 to 1; None where nothing was due."""
        return self.on_time / self.due if self.due else None

    @property
    def classes(self) -> Classes:
        """Return the four classes alone."""
        return Classes(on_time=self.on_time, late=self.late, waiting=self.waiting, overdue=self.overdue)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One entry of a list: task id, title, unit name, when due (aware), what is said of it, days (late, or left)."""

    task: str
    title: str
    unit: str
    due_at: datetime
    note: str
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Rates:
    """The two shares of a week, 0 to 1, or None where nothing was due in it."""

    done_share: float | None
    on_time_share: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Past:
    """An earlier published week to compare with. `why`: "last", "before_last", or "month".

    "last" and "before_last" are the last two weeks that were published before this one. "month" is the published week
    that holds the same day of the month before (the last day of a shorter month). Months of the plan run from the day of
    the month on which it starts, so that this week stands at the same place in the plan's month before.
    """

    why: str
    week: str
    classes: Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Risk:
    """A scored criterion that overdue tasks feed: its points by which source and rule, how many are overdue, for how long."""

    id: str
    name: str
    points: float
    source: str
    rule: str
    overdue: int
    days: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ResultSum:
    """What the done reports of a task measured, in all: one latest report an occurrence, none that was returned.

    `nothing` of `reports` said that nothing arose. `done`/`total` sum a ratio, `count` what is counted. Of the `aimed`
    reports of a task with a target, `met` reach it; "không phát sinh" does.
    """

    task: str
    kind: str
    label: str
    reports: int
    nothing: int
    done: int = 0
    total: int = 0
    count: int = 0
    aimed: int = 0
    met: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What a task's classes were in the last published week, and what they are by the decisions taken since."""

    task: str
    before: Classes
    after: Classes


@dataclass(frozen=True, slots=True, kw_only=True)
class Corrections:
    """How the last published week comes out when it is counted again at its own moment, with the decisions since.

    Only tasks that stand in both counts are compared; `tasks` has those that changed. `before`, `after` sum all of them.
    """

    week: str
    before: Classes
    after: Classes
    tasks: tuple[Correction, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Missed:
    """Steps that were not told because the bot stood still: how many, the local days they were planned on, whose tasks."""

    steps: int
    first_on: date
    last_on: date
    tasks: tuple[str, ...]
