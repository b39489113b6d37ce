"""ISO weeks and their places: the week of a day, the weeks between two, the same week a month before."""

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Week:
    """An ISO week and the moment its figures speak of."""

    name: str
    starts: date
    ends: date
    as_of: datetime


def week_of(day: date, *, as_of: datetime) -> Week:
    """Return the ISO week (Monday to Sunday) that holds this local day."""
    starts = day - timedelta(days=day.weekday())
    return Week(name=week_name(day), starts=starts, ends=starts + timedelta(days=6), as_of=as_of)


def week_name(day: date) -> str:
    """Return the name of the ISO week that holds a day: "2022-W39"."""
    year, number, _ = day.isocalendar()
    return f"{year}-W{number:02d}"


def weeks_between(before: str, after: str) -> tuple[str, ...]:
    """Return the names of the ISO weeks that lie between two others."""
    found = []
    day = monday_of(before) + timedelta(weeks=1)
    while day < monday_of(after):
        found.append(week_name(day))
        day += timedelta(weeks=1)
    return tuple(found)


def monday_of(week: str) -> date:
    """Return the Monday of an ISO week by its name."""
    year, _, number = week.partition("-W")
    return date.fromisocalendar(int(year), int(number), 1)


def week_a_month_before(day: date) -> str:
    """Return the name of the ISO week that holds the same day of the month before, the last day of a shorter month."""
    last = day.replace(day=1) - timedelta(days=1)
    return week_name(last.replace(day=min(day.day, monthrange(last.year, last.month)[1])))
