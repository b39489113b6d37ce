"""The plan as values: who owes what, by which rule, with which result."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum

from bot.domain.due import DueRule, Roll


def code_order(code: str) -> tuple[tuple[int, str], ...]:
    """Return what sorts codes as people count: R3 before R10."""
    parts = re.findall(r"\d+|\D+", code)
    return tuple((int(part), "") if part.isdigit() else (0, part) for part in parts)


_KINDS = {  # the kind's short form in a document's number: Nghị định 30/2020/NĐ-CP, phụ lục III
    "KH": "Kế hoạch",
    "QĐ": "Quyết định",
    "NQ": "Nghị quyết",
    "CT": "Chỉ thị",
    "CTr": "Chương trình",
    "TB": "Thông báo",
    "CV": "Công văn",
}


class Role(StrEnum):
    """What a person is to the plan."""

    FOCAL = "focal"  # đầu mối: answers for a unit
    HEAD = "head"  # lãnh đạo đơn vị: hears of what is late in the unit
    OFFICE = "office"  # cơ quan theo dõi: accepts, returns, decides
    MANAGER = "manager"  # lãnh đạo: reads the weekly summary
    ADMIN = "admin"  # quản trị


class ResultKind(StrEnum):
    """What a finished task leaves behind, and so what a report of it must say."""

    DONE = "done"
    PERCENT = "percent"
    RATIO = "ratio"
    COUNT = "count"
    DOCUMENT = "document"
    LINK = "link"


class Review(StrEnum):
    """Who must accept a report before the task counts as done."""

    OFFICE = "office"
    NONE = "none"


class OffsetUnit(StrEnum):
    """How the days of an offset are counted."""

    DAYS = "d"
    WORKING_DAYS = "wd"


@dataclass(frozen=True, slots=True, kw_only=True)
class Unit:
    """One that owes. `valid_to` is its last day; after it `merged_into` carries on."""

    id: str
    name: str
    kind: str
    short: str = ""
    aliases: tuple[str, ...] = ()
    valid_from: date | None = None
    valid_to: date | None = None
    merged_into: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """What is wanted. `of`/`over` name the two figures of a ratio; `target` is in per cent or in pieces, by kind."""

    kind: ResultKind = ResultKind.DONE
    label: str = ""
    of: str = ""
    over: str = ""
    target: float | None = None
    required: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Offset:
    """A signed distance from the due day: -7d is a week before, +3wd three working days after."""

    amount: int
    unit: OffsetUnit = OffsetUnit.DAYS

    def __str__(self) -> str:
        sign = "" if self.amount == 0 else f"{self.amount:+d}"
        return f"{sign or '0'}{self.unit}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Escalation:
    """When an occurrence still open is told up the line, and to whom (head or office)."""

    after: Offset
    to: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The rhythm of chasing. `every` repeats in days after the last overdue offset; nothing is sent `stop` days past due."""

    id: str
    remind: tuple[Offset, ...] = ()
    overdue: tuple[Offset, ...] = ()
    every: int | None = None
    stop: int = 60
    escalate: tuple[Escalation, ...] = ()
    at: time = time(8, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause:
    """A task that is not chased up to and including `until`, and why."""

    until: date
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """A line of the scoring rule that tasks feed. `points` only where a source gives them."""

    id: str
    name: str
    points: float | None = None
    source: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Task:
    """What is owed. `owners` are units or groups as written; `units` are the ids they expand to, one assignment each.

    `due_text` is the phrase as the annex has it (managers recognise it); `due_note` says where the date is only proposed.
    """

    id: str
    title: str
    due: DueRule
    owners: tuple[str, ...]
    units: tuple[str, ...]
    due_text: str = ""
    due_note: str = ""
    quote: str = ""
    basis: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    result: Result = field(default_factory=Result)
    criteria: tuple[str, ...] = ()
    policy: str = "default"
    review: Review = Review.OFFICE
    pause: Pause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """A whole document: tasks and policies by id, in the order of the file; `units` holds every unit of the registry.

    `ended` are the units that have a last day, and `merged` their ids by whom they merged into, so that nobody looks
    through all units for them.
    """

    id: str
    number: str
    title: str
    issued_by: str
    issued_on: date
    starts: date
    ends: date
    office: str
    tasks: Mapping[str, Task]
    units: Mapping[str, Unit]
    policies: Mapping[str, Policy]
    criteria: Mapping[str, Criterion] = field(default_factory=dict)
    criteria_rule: str = ""
    roll: Roll = Roll.NONE
    ended: tuple[Unit, ...] = field(init=False, compare=False, repr=False, default=())
    merged: Mapping[str, Sequence[str]] = field(init=False, compare=False, repr=False, default_factory=dict)

    def __post_init__(self) -> None:
        """Pick out the units that have a last day."""
        ended = tuple(unit for unit in self.units.values() if unit.valid_to is not None)
        merged: dict[str, list[str]] = {}
        for unit in ended:
            if unit.merged_into is not None:
                merged.setdefault(unit.merged_into, []).append(unit.id)
        object.__setattr__(self, "ended", ended)
        object.__setattr__(self, "merged", merged)

    @property
    def name(self) -> str:
        """The document as it is spoken of: "Kế hoạch số 5610/KH-UBND"."""
        kind = self.number.partition("/")[2].partition("-")[0]
        return f"{_KINDS.get(kind, 'Văn bản')} số {self.number}"

    def policy_of(self, task: Task) -> Policy:
        """Return the policy that chases this task."""
        return self.policies[task.policy]

    def unit_name(self, unit_id: str) -> str:
        """Return the unit's name, or its id where the registry no longer has it."""
        unit = self.units.get(unit_id)
        return unit.name if unit else unit_id
