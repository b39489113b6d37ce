"""config/calendar.yaml: days off, make-up working days and office hours."""

from dataclasses import dataclass
from datetime import date, time
from importlib import import_module

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.nodes import Node, Scalar
from bot.catalogue.problems import Notes, shown
from bot.catalogue.scalars import day, hours
from bot.domain.calendar import Calendar

_FILE_KEYS = ("country", "days_off", "working_days", "hours")
_DAY_KEYS = ("date", "source", "name")
_COUNTRY = "VN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Workdays:
    """What the calendar file itself says."""

    days_off: frozenset[date] = frozenset()
    working_days: frozenset[date] = frozenset()
    hours: tuple[tuple[time, time], ...] = Calendar().hours

    def calendar(self, *, first_year: int, last_year: int) -> Calendar:
        """Return the calendar of these years: a year without any day off in the file is taken from `holidays`."""
        listed = {each.year for each in self.days_off}
        missing = [year for year in range(first_year, last_year + 1) if year not in listed]
        days_off, working_days = _public_days(missing) if missing else (frozenset(), frozenset())
        return Calendar(
            days_off=self.days_off | (days_off - self.working_days),
            working_days=self.working_days | working_days,
            hours=self.hours,
        )


def read_workdays(root: Node, notes: Notes) -> Workdays:
    """Return the days of a calendar file; what is wrong goes to `notes`."""
    top = as_fields(root, notes, where="", known=_FILE_KEYS)
    if top is None:
        return Workdays()
    country = top.scalar("country", required=True)
    if country and country.text != _COUNTRY:
        top.note(country, f"chỉ có lịch của Việt Nam ({_COUNTRY}), không có {shown(country.text)}")
    seen: dict[date, tuple[int, str]] = {}
    days_off = _days(top, "days_off", seen)
    working_days = _days(top, "working_days", seen)
    return Workdays(days_off=days_off, working_days=working_days, hours=_hours(top))


def _days(top: Fields, key: str, seen: dict[date, tuple[int, str]]) -> frozenset[date]:
    found = set()
    for fields in top.each(key, _DAY_KEYS):
        when = fields.read("date", day, required=True)
        fields.text("source", required=True)
        fields.text("name")
        if when is None:
            continue
        place = fields.scalar("date") or fields.place
        line, list_name = seen.setdefault(when, (place.line, key))
        if list_name != key:
            fields.note(place, f"ngày {when:%d/%m/%Y} vừa là ngày nghỉ vừa là ngày làm việc (dòng {line})")
        elif when in found:
            fields.note(place, f"ngày {when:%d/%m/%Y} đã có ở dòng {line}")
        found.add(when)
    return frozenset(found)


def _hours(top: Fields) -> tuple[tuple[time, time], ...]:
    if "hours" not in top:
        return Workdays().hours
    spans: list[tuple[time, time]] = []
    last: Scalar | None = None
    for scalar in top.scalars("hours", required=True):
        span = top.understood(scalar, hours, "hours")
        if span and spans and span[0] < spans[-1][1] and last:
            top.note(scalar, f"khoảng giờ {shown(scalar.text)} phải bắt đầu sau khi {shown(last.text)} kết thúc")
        elif span:
            spans.append(span)
            last = scalar
    return tuple(spans) or Workdays().hours


def _public_days(years: list[int]) -> tuple[frozenset[date], frozenset[date]]:
    # Imported here because it costs a start 60 ms and 20 MB, and the shipped file lists every year itself.
    library = import_module("holidays")
    public = library.country_holidays(_COUNTRY, years=years, language="vi")
    return frozenset(public), frozenset(getattr(public, "weekend_workdays", ()))
