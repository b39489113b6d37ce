"""The forms in which people name a day, from the most exact to the least, each with how it is reckoned."""

import re
from calendar import monthrange
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

_FRIDAY = 4
_NUMBERS = {
    "mot": 1, "hai": 2, "ba": 3, "bon": 4, "nam": 5, "sau": 6, "bay": 7, "tam": 8, "chin": 9, "muoi": 10,
    "a": 1, "one": 1, "two": 2, "three": 3,
}  # fmt: skip
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}
_WEEKDAYS = {
    "hai": 0, "ba": 1, "tu": 2, "nam": 3, "sau": 4, "bay": 5, "2": 0, "3": 1, "4": 2, "5": 3, "6": 4, "7": 5,
    "monday": 0, "tuesday": 1, "wednesday": 2, "thursday": 3, "friday": 4, "saturday": 5, "sunday": 6,
}  # fmt: skip
_MONTHS = {
    "jan": 1, "feb": 2, "mar": 3, "apr": 4, "may": 5, "jun": 6, "jul": 7, "aug": 8, "sep": 9, "oct": 10, "nov": 11,
    "dec": 12,
}  # fmt: skip
# Without "sáu", which folds like "sau": "tháng sau" is the next month.
_MONTH_WORDS = {
    "muoi mot": 11, "muoi hai": 12, "muoi": 10, "mot": 1, "hai": 2, "ba": 3, "tu": 4, "nam": 5, "bay": 7, "tam": 8,
    "chin": 9,
}  # fmt: skip
LENGTH = re.compile(r"(?P<n>\d{1,3}|[a-z]+) (?:more )?(?P<unit>ngay|hom|tuan|days?|weeks?)(?! lam viec)")


@dataclass(frozen=True, slots=True, kw_only=True)
class DateSpan:
    """The days that a phrase may mean, both inclusive. A deadline is its `end`."""

    start: date
    end: date


def month_end(year: int, month: int) -> date:
    """Return the last day of a month."""
    return date(year, month, monthrange(year, month)[1])


Build = Callable[[re.Match[str], date], DateSpan | None]


def built(build: Build, found: re.Match[str], today: date) -> DateSpan | None:
    """Return the days a matched form names, None where the calendar has none."""
    try:
        return build(found, today)
    except (ValueError, OverflowError):  # the calendar has no such day
        return None


def _day(day: date) -> DateSpan:
    return DateSpan(start=day, end=day)


def _dated(found: re.Match[str], today: date) -> DateSpan | None:
    day, month, year = int(found["d"]), int(found["m"]), found.groupdict().get("y")
    if year:
        return _day(date(int(f"20{year}"[-4:]), month, day))  # "22" is 2022
    return _nearest(day, month, today)


def _nearest(day: int, month: int, today: date) -> DateSpan | None:
    for year in range(today.year, today.year + 9):  # 29/2 may be eight years away, around a year like 2100
        if month in range(1, 13) and 1 <= day <= monthrange(year, month)[1] and date(year, month, day) >= today:
            return _day(date(year, month, day))
    return None


def _english(found: re.Match[str], today: date) -> DateSpan | None:
    return _nearest(int(found["d"] or found["d2"]), _MONTHS[(found["m"] or found["m2"])[:3]], today)


def _weekday(found: re.Match[str], today: date) -> DateSpan | None:
    wanted = _WEEKDAYS.get(found["vn"] or found["english"], 6)
    monday = today - timedelta(days=today.weekday())
    turn = found["turn"] or found["next"]
    if turn in {"tuan sau", "tuan toi", "next", "tuan sau nua"}:
        return _day(monday + timedelta(days=wanted + (14 if turn == "tuan sau nua" else 7)))
    if turn in {"nay", "tuan nay", "this"}:
        day = monday + timedelta(days=wanted)
        return _day(day) if day >= today else None
    return _day(today + timedelta(days=(wanted - today.weekday() - 1) % 7 + 1))


def _week(found: re.Match[str], today: date) -> DateSpan | None:
    # An office week ends on Friday; one that has ended means the next.
    later = found["turn"] in {"sau", "toi"} or today.weekday() > _FRIDAY
    weeks = 2 if found["turn"] == "sau nua" else int(later)
    monday = today - timedelta(days=today.weekday()) + timedelta(weeks=weeks)
    first, last = {"dau": (0, 1), "giua": (2, 2), "cuoi": (_FRIDAY, _FRIDAY)}.get(found["part"], (0, _FRIDAY))
    end = monday + timedelta(days=last)
    return DateSpan(start=max(today, monday + timedelta(days=first)), end=end) if end >= today else None


def _named_month(found: re.Match[str], today: date) -> DateSpan | None:
    month = _MONTH_WORDS.get(found["m"]) or int(found["m"])
    year = int(found["y"]) if found["y"] else today.year + (month < today.month)
    return _part_of_month(found["part"], year, month)


def _this_month(found: re.Match[str], today: date) -> DateSpan | None:
    months = today.year * 12 + today.month - 1 + (found["turn"] in {"sau", "toi"})
    span = _part_of_month(found["part"], months // 12, months % 12 + 1)
    return span if span.end >= today else None


def _part_of_month(part: str | None, year: int, month: int) -> DateSpan:
    first, last = date(year, month, 1), month_end(year, month)
    match part:
        case "dau":  # a month has three parts of ten days: thượng, trung, hạ tuần
            return DateSpan(start=first, end=first.replace(day=10))
        case "giua":
            return DateSpan(start=first.replace(day=11), end=first.replace(day=20))
        case "cuoi" | "het" | "end of":
            return _day(last)
        case _:
            return DateSpan(start=first, end=last)


def _quarter(found: re.Match[str], today: date) -> DateSpan | None:
    now = (today.month + 2) // 3
    name = found["q"]
    quarter = (_QUARTERS.get(name) or int(name)) if name else now + (found["turn"] == "sau")
    year = int(found["y"]) if found["y"] else today.year + (quarter < now)
    year, quarter = year + (quarter - 1) // 4, (quarter - 1) % 4 + 1
    last = month_end(year, quarter * 3)
    return _day(last) if found["part"] else DateSpan(start=date(year, quarter * 3 - 2, 1), end=last)


def _year(found: re.Match[str], today: date) -> DateSpan | None:
    year = int(found["y"]) if found["y"] else today.year + (found["turn"] == "sau")
    return _day(date(year, 12, 31))


def days_of(found: re.Match[str]) -> int | None:
    """Return the days of a matched length, None where its number is no number."""
    count = int(found["n"]) if found["n"].isdigit() else _NUMBERS.get(found["n"])
    return count * (7 if found["unit"][0] in "tw" else 1) if count else None


def _later(found: re.Match[str], today: date) -> DateSpan | None:
    days = days_of(found)
    return _day(today + timedelta(days=days)) if days else None


def _months_later(found: re.Match[str], today: date) -> DateSpan | None:
    if not found["n"]:
        return _day(today + timedelta(days=15))
    count = int(found["n"]) if found["n"].isdigit() else _NUMBERS.get(found["n"], 0)
    months = today.year * 12 + today.month - 1 + count
    last = month_end(months // 12, months % 12 + 1)
    return _day(last.replace(day=min(today.day, last.day))) if count else None


def _near(found: re.Match[str], today: date) -> DateSpan | None:
    ahead = 2 if found["far"] is not None else 0 if found["today"] else 1
    return _day(today + timedelta(days=ahead))


def _day_of_month(found: re.Match[str], today: date) -> DateSpan | None:
    wanted = int(found["d"])
    for ahead in range(3):  # of three months in a row one has any day there is
        months = today.year * 12 + today.month - 1 + ahead
        last = month_end(months // 12, months % 12 + 1)
        if 1 <= wanted <= last.day and last.replace(day=wanted) >= today:
            return _day(last.replace(day=wanted))
    return None


_Y = r"(?:(?: nam |/)(?P<y>[12]\d{3}))?"
_COUNT = rf"(?P<n>\d{{1,3}}|{'|'.join(_NUMBERS)})"
_MONTH_NAME = (
    "jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    "|nov(?:ember)?|dec(?:ember)?"
)
# From the most exact form to the least: the first that matches decides, even where its day does not exist.
FORMS: tuple[tuple[re.Pattern[str], Build], ...] = tuple(
    (re.compile(rf"(?<![\w/.-])(?:{pattern})(?![\w/])", re.ASCII), build)
    for pattern, build in (
        (r"(?P<y>[12]\d{3})-(?P<m>\d{1,2})-(?P<d>\d{1,2})", _dated),
        (r"(?:ngay )?(?P<d>\d{1,2})(?P<s>[/.-])(?P<m>\d{1,2})(?P=s)(?P<y>\d{4}|\d{2})", _dated),
        (rf"(?:ngay )?(?P<d>\d{{1,2}}) thang (?P<m>\d{{1,2}}){_Y}", _dated),
        (r"(?:ngay )?(?P<d>\d{1,2})[/.-](?P<m>\d{1,2})", _dated),
        (rf"(?P<d>\d{{1,2}}) (?P<m>{_MONTH_NAME})|(?P<m2>{_MONTH_NAME}) (?P<d2>\d{{1,2}})", _english),
        (
            r"(?:ngay )?(?:(?:thu |t)(?P<vn>hai|ba|tu|nam|sau|bay|[2-7])|chu nhat|cn"
            r"|(?:(?P<next>next|this) )?(?P<english>monday|tuesday|wednesday|thursday|friday|saturday|sunday))"
            r"(?: (?P<turn>nay|tuan nay|tuan sau nua|tuan sau|tuan toi))?",
            _weekday,
        ),
        (rf"(?:(?P<part>dau|giua|cuoi|het) )?thang (?P<m>\d{{1,2}}|{'|'.join(_MONTH_WORDS)}){_Y}", _named_month),
        (r"(?:(?P<part>dau|giua|cuoi|het) thang(?: (?P<turn>nay|sau|toi))?)", _this_month),
        (r"(?P<part>end of)(?: the| this)? month(?P<turn>$)?", _this_month),
        (r"(?P<part>)thang (?P<turn>nay|sau|toi)", _this_month),
        (rf"(?:(?P<part>cuoi|het) )?quy (?P<q>iv|i{{1,3}}|[1-4]){_Y}(?P<turn>$)?", _quarter),
        (r"(?P<part>cuoi|het) quy(?: (?P<turn>nay|sau))?(?P<q>\b\B)?(?P<y>\b\B)?", _quarter),
        (r"(?P<part>)quy (?P<turn>nay|sau)(?P<q>\b\B)?(?P<y>\b\B)?", _quarter),
        (r"(?:cuoi|het) nam(?: (?P<turn>nay|sau)| (?P<y>[12]\d{3}))?", _year),
        (r"(?P<part>dau|giua|cuoi|het) tuan(?: (?P<turn>nay|sau nua|sau|toi))?", _week),
        (rf"(?:in )?{_COUNT} (?:more )?(?P<unit>ngay|hom|tuan|days?|weeks?)(?: nua)?(?! lam viec)", _later),
        (r"nua thang(?: nua)?(?P<n>$)?", _months_later),
        (rf"(?:in )?{_COUNT} (?:thang|months?)(?: nua)?", _months_later),
        (r"(?P<part>)tuan (?P<turn>nay|sau nua|sau|toi)", _week),
        (
            r"(?P<today>(?:hom|chieu) nay|today)|(?:(?:ngay|sang|chieu) )?(?:mai|tomorrow)"
            r"|(?:ngay (?:kia|mot)|(?<=den )mot|(?<=toi )mot|^mot)(?P<far>)(?! \w*\d| tuan| thang| ngay)",
            _near,
        ),
        (r"ngay (?P<d>\d{1,2})", _day_of_month),
    )
)
