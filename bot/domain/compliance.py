"""A week in figures, as plain values that are frozen when published; the counting itself is in `figuring`."""

from collections.abc import Mapping
from dataclasses import MISSING, dataclass, field, fields, is_dataclass
from datetime import UTC, date, datetime
from typing import Any

from bot.domain.summing import sum_figures
from bot.domain.tallies import (
    Classes,
    Correction,
    Corrections,
    Line,
    Missed,
    Past,
    Rates,
    ResultSum,
    Risk,
    UnitFigures,
)

__all__ = ["Line", "Missed", "Rates", "UnitFigures", "WeekFigures", "week_from_json", "week_to_json"]

FORM = 2  # how weeks are laid out that are counted now; those frozen before there were forms are of the first


@dataclass(frozen=True, slots=True, kw_only=True)
class WeekFigures:
    """All that a weekly summary says. `week` is the ISO week ("2022-W39"), `starts`…`ends` its Monday…Sunday.

    `as_of` is the aware moment of counting; `plan` names the plan as headings do ("Kế hoạch số 5610/KH-UBND").
    `given` counts assignments given; `asked_units` of `units_total` could be asked; `in_doubt` counts sends that the
    network left unanswered. `units` stands worst first, `total` is its sum. `previous` is last week's, if any.
    `missed` is what an outage kept from being told and the last summary did not know of; `skipped` are the weeks between
    the last summary and this one that have none. `unreachable` names the units of which nobody can be written to any more.

    What follows came later, and is empty in weeks frozen before it: `form` is their layout. `standings` counts every
    occurrence known, due or not, by standing. `kinds`, `tasks` and `criteria` count as `units` does; a task may feed
    several criteria and is then in each. `silent` are continuous tasks nobody reported on for long. Lists are bounded:
    `beyond` says by list how many more there are. `rule` is the scoring rule; `revision` the digest of the catalogue that
    was counted by; `sha256` has the hashes of the files that went out, by kind. `catalogue_since` is when that catalogue
    was applied, only where the files on disk failed their check meanwhile.
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
    form: int = 1
    standings: Mapping[str, int] = field(default_factory=dict)
    kinds: tuple[UnitFigures, ...] = ()
    tasks: tuple[UnitFigures, ...] = ()
    criteria: tuple[UnitFigures, ...] = ()
    risks: tuple[Risk, ...] = ()
    results: tuple[ResultSum, ...] = ()
    silent: tuple[Line, ...] = ()
    earlier: tuple[Past, ...] = ()
    corrections: Corrections | None = None
    beyond: Mapping[str, int] = field(default_factory=dict)
    rule: str = ""
    revision: str = ""
    sha256: Mapping[str, str] = field(default_factory=dict)
    catalogue_since: datetime | None = None

    @property
    def total(self) -> UnitFigures:
        """Return the sums over all units, under an empty id and name."""
        return sum_figures(self.units)


def week_to_json(figures: WeekFigures) -> dict[str, Any]:
    """Return the figures as JSON holds them: names as here, moments in UTC and days as ISO 8601 text.

    What has its default is left out: weeks frozen before anybody counted it come out as they are.
    Raises ValueError for a moment without a zone, which could be read back as another one.
    """
    return dict(_plain(figures))


def week_from_json(stored: Mapping[str, Any]) -> WeekFigures:
    """Return what `week_to_json` was given, of any form. Raises ValueError where something is missing or misshapen."""
    try:
        given = {each.name: stored[each.name] for each in fields(WeekFigures) if _is_there(each, stored)}
        return WeekFigures(
            **{name: _READERS[name](value) if name in _READERS else value for name, value in given.items()}
        )
    except (KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"these are not the figures of a week: {error}") from error


def _is_there(each: Any, stored: Mapping[str, Any]) -> bool:
    return each.name in stored or (each.default is MISSING and each.default_factory is MISSING)


def _plain(value: Any) -> Any:
    if is_dataclass(value):
        pairs = ((each, getattr(value, each.name)) for each in fields(value))
        return {each.name: _plain(found) for each, found in pairs if not _is_default(each, found)}
    if isinstance(value, datetime):
        return _moment_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, tuple | list):
        return [_plain(each) for each in value]
    return dict(value) if isinstance(value, Mapping) else value


def _is_default(each: Any, value: Any) -> bool:
    if each.default_factory is not MISSING:
        return bool(value == each.default_factory())
    return each.default is not MISSING and bool(value == each.default)


def _moment_text(moment: datetime) -> str:
    if moment.utcoffset() is None:
        raise ValueError(f"a moment without a zone: {moment.isoformat()}")
    return moment.astimezone(UTC).isoformat()


def _unit(stored: Mapping[str, Any]) -> UnitFigures:
    original, ages = stored.get("original"), stored.get("ages", ())
    judged = None if original is None else Classes(**original)
    return UnitFigures(**{**stored, "original": judged, "ages": tuple(ages)})


def _units(stored: list[Mapping[str, Any]]) -> tuple[UnitFigures, ...]:
    return tuple(map(_unit, stored))


def _lines(stored: list[Mapping[str, Any]]) -> tuple[Line, ...]:
    return tuple(Line(**{**line, "due_at": datetime.fromisoformat(line["due_at"])}) for line in stored)


def _rates(stored: Mapping[str, Any] | None) -> Rates | None:
    return None if stored is None else Rates(**stored)


def _missed(stored: Mapping[str, Any]) -> Missed:
    spans = {name: date.fromisoformat(stored[name]) for name in ("first_on", "last_on")}
    return Missed(steps=stored["steps"], tasks=tuple(stored["tasks"]), **spans)


def _past(stored: list[Mapping[str, Any]]) -> tuple[Past, ...]:
    return tuple(Past(**{**each, "classes": Classes(**each["classes"])}) for each in stored)


def _corrections(stored: Mapping[str, Any]) -> Corrections:
    changed = tuple(
        Correction(task=each["task"], before=Classes(**each["before"]), after=Classes(**each["after"]))
        for each in stored["tasks"]
    )
    before, after = Classes(**stored["before"]), Classes(**stored["after"])
    return Corrections(week=stored["week"], before=before, after=after, tasks=changed)


_READERS: dict[str, Any] = {
    "starts": date.fromisoformat,
    "ends": date.fromisoformat,
    "as_of": datetime.fromisoformat,
    "previous": _rates,
    "missed": _missed,
    **dict.fromkeys(("units", "kinds", "tasks", "criteria"), _units),
    **dict.fromkeys(("blocked", "extensions", "overdue", "next_week", "unanswered", "undeliverable", "silent"), _lines),
    **dict.fromkeys(("skipped", "unreachable"), tuple),
    "risks": lambda stored: tuple(Risk(**each) for each in stored),
    "results": lambda stored: tuple(ResultSum(**each) for each in stored),
    "earlier": _past,
    "corrections": _corrections,
    "catalogue_since": datetime.fromisoformat,
}
