"""What an edit of the catalogue does, as plain values: shown before it is applied, kept with the revision after it."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime
from enum import StrEnum
from typing import Any

LISTED = 40  # groups and names that stand in a list; its count is that of all
UNITS_LISTED = 8  # ids of a group
LOAD_LEAST = (
    10  # dues of one unit on one day: about a month's in the seed, more than a focal point answers in a morning
)


class Rule(StrEnum):
    """What an edit can change for the plan as a whole."""

    SPAN = "span"  # first or last day of the plan
    OFFICE = "office"  # who follows it up
    DAYS = "days"  # working days, days off, or whether dues give way to them
    HOURS = "hours"  # office hours
    UNITS = "units"  # how long a unit lives, who carries on


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """Some ids: how many, and the first of them."""

    count: int = 0
    first: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return self.count > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Group:
    """Occurrences of one task and period that one thing happens to: `old` is the due before (None: gained), `new` after.

    `count` units, of which `units` are the first; `open` of them are not finished yet.
    """

    task: str
    period: str
    units: tuple[str, ...]
    count: int
    open: int
    old: datetime | None = None
    new: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Dues:
    """Occurrences that one kind of thing happens to: how many, how many of them open, in how many groups, the first."""

    count: int = 0
    open: int = 0
    groups: int = 0
    first: tuple[Group, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Load:
    """A unit with many dues on one local day. `one_person`: the most that one of its focal points then has, 0 for none."""

    day: date
    unit: str
    count: int
    one_person: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Effects:
    """What would happen. Lists are cut, counts are exact.

    Gained, lost and moved are occurrences of the whole plan, those of later months too. `people` are they who are asked
    for something that changes, `people_by_unit` the units with most of them. Reminders: `sent` leave within the hour
    because of the edit; `cancelled` were planned and will not come; `repeated` were sent for the old due and will be for
    the new one. `escalations` start within the hour. `messages` leave within it that else would not, of which `letters`
    tell of moved dues; the hour is the first of office hours from now: `hour_from` to `hour_until`.
    `touched` of `occurrences` open before are gained, lost, moved, or chased otherwise; `linked` people are asked in all.
    """

    tasks_gained: Named = field(default_factory=Named)
    tasks_lost: Named = field(default_factory=Named)
    tasks_changed: Named = field(default_factory=Named)
    rules: tuple[Rule, ...] = ()
    gained: Dues = field(default_factory=Dues)
    lost: Dues = field(default_factory=Dues)
    moved: Dues = field(default_factory=Dues)
    people: int = 0
    units: int = 0
    people_by_unit: tuple[tuple[str, int], ...] = ()
    sent: int = 0
    cancelled: int = 0
    repeated: int = 0
    escalations: int = 0
    messages: int = 0
    letters: int = 0
    hour_from: datetime | None = None
    hour_until: datetime | None = None
    loads: tuple[Load, ...] = ()
    load_count: int = 0
    touched: int = 0
    occurrences: int = 0
    linked: int = 0

    @property
    def is_nothing(self) -> bool:
        """Whether nobody would notice: another order, comments, titles, another way to write the same."""
        tasks = self.tasks_gained or self.tasks_lost or self.tasks_changed
        dues = self.gained.count or self.lost.count or self.moved.count
        return not (tasks or self.rules or dues or self.touched or self.messages)


@dataclass(frozen=True, slots=True, kw_only=True)
class Brake:
    """Why an edit is not applied on one word: of so many occurrences (or people) so many are touched, in per cent."""

    what: str  # occurrences | people
    touched: int
    of: int
    share: int
    limit: int


def brakes(effects: Effects, *, share: int, least: int) -> tuple[Brake, ...]:
    """Return what is touched by more than `share` per cent and at least `least`; nothing where nothing was there before."""
    counted = (
        ("occurrences", effects.touched, effects.occurrences),
        ("people", effects.people, effects.linked),
    )
    return tuple(
        Brake(what=what, touched=touched, of=of, share=round(100 * touched / of), limit=share)
        for what, touched, of in counted
        if of and touched >= least and 100 * touched > share * of
    )


def named(ids: Sequence[str]) -> Named:
    """Return ids as they are kept: all counted, the first listed."""
    return Named(count=len(ids), first=tuple(ids[:LISTED]))


def to_json(effects: Effects) -> dict[str, Any]:
    """Return effects as JSON can hold them, for `from_json`; a few ten kilobytes at most."""
    return {name: _plain(value) for name, value in asdict(effects).items()}


def from_json(kept: Mapping[str, Any]) -> Effects:
    """Return effects from what `to_json` gave; what is missing (an older revision) is nothing."""
    values: dict[str, Any] = {name: kept[name] for name in _COUNTS if name in kept}
    for name in ("tasks_gained", "tasks_lost", "tasks_changed"):
        if name in kept:
            values[name] = Named(count=kept[name]["count"], first=tuple(kept[name]["first"]))
    for name in ("gained", "lost", "moved"):
        if name in kept:
            values[name] = Dues(**{**kept[name], "first": tuple(map(_group, kept[name]["first"]))})
    for name in ("hour_from", "hour_until"):
        values[name] = _moment(kept.get(name))
    values["rules"] = tuple(map(Rule, kept.get("rules", ())))
    values["people_by_unit"] = tuple((unit, count) for unit, count in kept.get("people_by_unit", ()))
    values["loads"] = tuple(Load(**{**each, "day": date.fromisoformat(each["day"])}) for each in kept.get("loads", ()))
    return Effects(**values)


_COUNTS = (
    "people", "units", "sent", "cancelled", "repeated", "escalations", "messages", "letters",
    "load_count", "touched", "occurrences", "linked",
)  # fmt: skip


def _group(kept: Mapping[str, Any]) -> Group:
    dues = {"old": _moment(kept["old"]), "new": _moment(kept["new"])}
    return Group(**{**kept, **dues, "units": tuple(kept["units"])})


def _moment(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)


def _plain(value: Any) -> Any:
    match value:
        case datetime():
            return value.astimezone(UTC).isoformat()
        case date():
            return value.isoformat()
        case dict():
            return {name: _plain(each) for name, each in value.items()}
        case list() | tuple():
            return [_plain(each) for each in value]
        case _:
            return value
