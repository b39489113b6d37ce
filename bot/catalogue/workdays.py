"""config/calendar.yaml: days off, make-up working days, half days and office hours."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from importlib import import_module

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.nodes import Node, Scalar
from bot.catalogue.problems import Notes, shown
from bot.catalogue.scalars import day, hours
from bot.domain.calendar import Calendar, Hours

FILE_KEYS = ("country", "version", "source", "days_off", "working_days", "half_days", "hours")
DAY_KEYS = ("date", "source", "name")
HALF_DAY_KEYS = (*DAY_KEYS, "hours")
_CALLED = {"days_off": "ngày nghỉ", "working_days": "ngày làm việc", "half_days": "ngày làm việc nửa ngày"}
_COUNTRY = "VN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workdays:
    """What the calendar file itself says."""

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    hours: Hours = Calendar().hours
    half_days: Mapping[date, Hours] = field(default_factory=dict)
    version: str = ""

    def calendar(self, *, first_year: int, last_year: int) -> Calendar:
        """Return the calendar of these years: a year without any day off in the file is taken from `holidays`."""
        listed = {each.year for each in self.days_off}
        missing = [year for year in range(first_year, last_year + 1) if year not in listed]
        days_off, working_days = _public_days(missing) if missing else (frozenset(), frozenset())
        return Calendar(
            days_off=self.days_off | (days_off - self.working_days),
            working_days=self.working_days | working_days,
            hours=self.hours,
            half_days=self.half_days,
            version=self.version,
        )


def read_workdays(root: Node, notes: Notes) -> Workdays:
    """Return the days of a calendar file; what is wrong goes to `notes`."""
    top = as_fields(root, notes, where="", known=FILE_KEYS)
    if top is None:
        return Workdays()
    country = top.scalar("country", required=True)
    if country and country.text != _COUNTRY:
        top.note(country, f"chỉ có lịch của Việt Nam ({_COUNTRY}), không có {shown(country.text)}")
    days = _Days(top)
    ordinary = (_spans(top) if "hours" in top else ()) or Workdays().hours
    return Workdays(
        days_off=frozenset(when for when, _ in days.of("days_off")),
        working_days=frozenset(when for when, _ in days.of("working_days")),
        half_days=_half_days(days, ordinary),
        hours=ordinary,
        version=_version(top),
    )


class _Days:
    """The days of the three lists, each of which may stand in one of them, once."""

    def __init__(self, top: Fields) -> None:
        self._top = top
        self._seen: dict[date, tuple[int, str]] = {}

    def of(self, key: str, known: Collection[str] = DAY_KEYS) -> Iterator[tuple[date, Fields]]:
        """Yield the days of a list with what is said of each; one that stands twice is noted."""
        for fields in self._top.each(key, known):
            when = fields.read("date", day, required=True)
            fields.text("source", required=True)
            fields.text("name")
            if when is not None:
                self._note_twice(fields, when, key)
                yield when, fields

    def _note_twice(self, fields: Fields, when: date, key: str) -> None:
        place = fields.scalar("date") or fields.place
        if when not in self._seen:
            self._seen[when] = (place.line, key)
            return
        line, list_name = self._seen[when]
        if list_name == key:
            fields.note(place, f"ngày {when:%d/%m/%Y} đã có ở dòng {line}")
        else:
            both = f"vừa là {_CALLED[list_name]} vừa là {_CALLED[key]}"
            fields.note(place, f"ngày {when:%d/%m/%Y} {both} (dòng {line})")


def _half_days(days: _Days, ordinary: Hours) -> dict[date, Hours]:
    found: dict[date, Hours] = {}
    for when, fields in days.of("half_days", HALF_DAY_KEYS):
        own = _spans(fields)
        if own and _length(own) >= _length(ordinary):
            sentence = (
                f"giờ làm việc của ngày {when:%d/%m/%Y} không ít hơn ngày thường; ngày làm đủ thì không ghi ở đây"
            )
            fields.note(fields.key_place("hours"), sentence)
        elif own:
            found[when] = own
    return found


def _length(spans: Hours) -> timedelta:
    day = date.min
    return sum((datetime.combine(day, closes) - datetime.combine(day, opens) for opens, closes in spans), timedelta())


def _spans(fields: Fields) -> Hours:
    spans: list[tuple[time, time]] = []
    last: Scalar | None = None
    for scalar in fields.scalars("hours", required=True):
        span = fields.understood(scalar, hours, "hours")
        if span and spans and span[0] < spans[-1][1] and last:
            fields.note(scalar, f"khoảng giờ {shown(scalar.text)} phải bắt đầu sau khi {shown(last.text)} kết thúc")
        elif span:
            spans.append(span)
            last = scalar
    return tuple(spans)


def _version(top: Fields) -> str:
    """Return what the calendar calls itself: its version, and the document it stands on."""
    source = top.text("source")
    return ", ".join(part for part in (top.text("version"), f"theo {source}" if source else "") if part)


def _public_days(years: list[int]) -> tuple[frozenset[date], frozenset[date]]:
    # Imported here because it costs a start 60 ms and 20 MB, and the shipped file lists every year itself.
    library = import_module("holidays")
    public = library.country_holidays(_COUNTRY, years=years, language="vi")
    return frozenset(public), frozenset(getattr(public, "weekend_workdays", ()))
