"""A week in figures, as plain values that are frozen when published; the counting itself is in `figuring`."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, date, datetime
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitFigures:
    """One unit's occurrences that came due by the moment of counting and could be asked, sorted into four classes.

    `due` = on_time + late + waiting + overdue. `overdue` is due and not done; `waiting` is reported, not yet accepted.
    `not_asked` (unreachable, in doubt, paused) stands apart and is never in `due`.
    `days_late` is the sum of whole days over all of `overdue`.
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
class Missed:
    """Steps that were not told because the bot stood still: how many, the local days they were planned on, whose tasks."""

    steps: int
    first_on: date
    last_on: date
    tasks: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """All that a weekly summary says. `week` is the ISO week ("2022-W39"), `starts`…`ends` its Monday…Sunday.

    `as_of` is the aware moment of counting; `plan` names the plan as headings do ("Kế hoạch số 5610/KH-UBND").
    `given` counts assignments given; `asked_units` of `units_total` could be asked; `in_doubt` counts sends that the
    network left unanswered. `units` stands worst first, `total` is its sum. `previous` is last week's, if any.
    `missed` is what an outage kept from being told and the last summary did not know of; `skipped` are the weeks between
    the last summary and this one that have none. `unreachable` names the units of which nobody can be written to any more.
    """

    week: str
    starts: date
    ends: date
    as_of: datetime
    plan: str
    given: int
    asked_units: int
    units_total: int
    in_doubt: int
    units: tuple[UnitFigures, ...]
    previous: Rates | None
    blocked: tuple[Line, ...]
    extensions: tuple[Line, ...]
    overdue: tuple[Line, ...]
    next_week: tuple[Line, ...]
    unanswered: tuple[Line, ...]
    undeliverable: tuple[Line, ...]
    missed: Missed | None = None
    skipped: tuple[str, ...] = ()
    unreachable: tuple[str, ...] = ()

    @property
    def total(self) -> UnitFigures:
        """Return the sums over all units, under an empty id and name."""
        return UnitFigures(
            unit_id="",
            name="",
            due=sum(unit.due for unit in self.units),
            on_time=sum(unit.on_time for unit in self.units),
            late=sum(unit.late for unit in self.units),
            waiting=sum(unit.waiting for unit in self.units),
            overdue=sum(unit.overdue for unit in self.units),
            not_asked=sum(unit.not_asked for unit in self.units),
            days_late=sum(unit.days_late for unit in self.units),
        )


_PLAIN = ("week", "plan", "given", "asked_units", "units_total", "in_doubt")
_LISTS = ("blocked", "extensions", "overdue", "next_week", "unanswered", "undeliverable")


def week_to_json(figures: WeekFigures) -> dict[str, Any]:
    """Return the figures as JSON holds them: names as here, moments in UTC and days as ISO 8601 text.

    Raises ValueError for a moment without a zone, which could be read back as another one.
    """
    return {
        **{name: getattr(figures, name) for name in _PLAIN},
        "starts": figures.starts.isoformat(),
        "ends": figures.ends.isoformat(),
        "as_of": _moment_text(figures.as_of),
        "units": [asdict(unit) for unit in figures.units],
        "previous": asdict(figures.previous) if figures.previous else None,
        **{name: [_line_to_json(line) for line in getattr(figures, name)] for name in _LISTS},
        **_outage_to_json(figures),
    }


def week_from_json(stored: Mapping[str, Any]) -> WeekFigures:
    """Return what `week_to_json` was given. Raises ValueError where something is missing, unknown or misshapen."""
    try:
        same: dict[str, Any] = {name: stored[name] for name in _PLAIN}
        lists: dict[str, Any] = {name: _lines(stored[name]) for name in _LISTS}
        return WeekFigures(
            **same,
            **lists,
            starts=date.fromisoformat(stored["starts"]),
            ends=date.fromisoformat(stored["ends"]),
            as_of=datetime.fromisoformat(stored["as_of"]),
            units=tuple(UnitFigures(**unit) for unit in stored["units"]),
            previous=None if stored["previous"] is None else Rates(**stored["previous"]),
            missed=_missed(stored["missed"]) if "missed" in stored else None,
            skipped=tuple(stored.get("skipped", ())),
            unreachable=tuple(stored.get("unreachable", ())),
        )
    except (KeyError, TypeError) as error:
        raise ValueError(f"these are not the figures of a week: {error}") from error


def _outage_to_json(figures: WeekFigures) -> dict[str, Any]:
    # Only where there was one: weeks frozen before anybody looked for outages come out as they are.
    found: dict[str, Any] = {}
    if figures.missed is not None:
        spans = {name: getattr(figures.missed, name).isoformat() for name in ("first_on", "last_on")}
        found["missed"] = {"steps": figures.missed.steps, **spans, "tasks": list(figures.missed.tasks)}
    if figures.skipped:
        found["skipped"] = list(figures.skipped)
    if figures.unreachable:
        found["unreachable"] = list(figures.unreachable)
    return found


def _missed(stored: Mapping[str, Any]) -> Missed:
    return Missed(
        steps=stored["steps"],
        first_on=date.fromisoformat(stored["first_on"]),
        last_on=date.fromisoformat(stored["last_on"]),
        tasks=tuple(stored["tasks"]),
    )


def _line_to_json(line: Line) -> dict[str, Any]:
    return {**asdict(line), "due_at": _moment_text(line.due_at)}


def _lines(stored: Sequence[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(Line(**{**line, "due_at": datetime.fromisoformat(line["due_at"])}) for line in stored)


def _moment_text(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise ValueError(f"a moment without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC).isoformat()
