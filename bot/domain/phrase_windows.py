"""Spans of months, quarters and years, windows of a season, and what begins on a day and goes on."""

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import date

from bot.domain.dates import month_end
from bot.domain.due import Every, Once, Rhythm
from bot.domain.phrase_spelling import ImpossibleError, quarter_number

_Y = r"[12]\d{3}"
_TO = r" ?(?:-|den)(?: het)? ?"
_DECEMBER = 12


def read_window(plain: str) -> Once | Rhythm | None:
    """Return the rule of a respelled span, season or open start; None where it is none of them."""
    for pattern, build in _WINDOWS:
        if found := re.fullmatch(pattern, plain, re.ASCII):
            return build(found)
    return None


def first_day_of(plain: str) -> date | None:
    """Return the first day of a named day, month, quarter or year; None where nothing is named."""
    if found := re.fullmatch(rf"(?:ngay )?(\d{{1,2}})/(\d{{1,2}})/({_Y})", plain, re.ASCII):
        return date(int(found[3]), int(found[2]), int(found[1]))
    if found := re.fullmatch(rf"thang (\d{{1,2}})/({_Y})", plain, re.ASCII):
        return date(int(found[2]), int(found[1]), 1)
    if found := re.fullmatch(rf"quy ([1-4]|[iv]+)/({_Y})", plain, re.ASCII):
        return date(int(found[2]), quarter_number(found[1]) * 3 - 2, 1)
    if found := re.fullmatch(rf"nam ({_Y})", plain, re.ASCII):
        return date(int(found[1]), 1, 1)
    return None


def _span(opens: date, day: date) -> Once:
    if opens > day:
        raise ImpossibleError("khoảng thời gian kết thúc trước khi bắt đầu")
    return Once(day=day, opens=opens)


def _days(found: re.Match[str]) -> Once:
    last = date(int(found["y2"]), int(found["m2"]), int(found["d2"]))
    return _span(date(int(found["y1"] or last.year), int(found["m1"]), int(found["d1"])), last)


def _months(found: re.Match[str]) -> Once:
    year = int(found["y2"])
    return _span(date(int(found["y1"] or year), int(found["m1"]), 1), month_end(year, int(found["m2"])))


def _quarters(found: re.Match[str]) -> Once:
    year, (first, last) = int(found["y2"]), (quarter_number(found[name]) * 3 for name in ("q1", "q2"))
    return _span(date(int(found["y1"] or year), first - 2, 1), month_end(year, last))


def _years(found: re.Match[str]) -> Once:
    return _span(date(int(found["y1"]), 1, 1), date(int(found["y2"]), 12, 31))


def _half(found: re.Match[str]) -> Once:
    year, is_first = int(found["y"]), found["half"] == "dau"
    return _span(date(year, 1 if is_first else 7, 1), date(year, 6, 30) if is_first else date(year, 12, 31))


def _season(found: re.Match[str]) -> Rhythm:
    opens, month = int(found["m1"]), int(found["m2"])
    following = opens > month  # over the turn of the year
    usual = 1 if following else _DECEMBER
    return Rhythm(every=Every.YEAR, month=None if month == usual else month, opens=opens, following=following)


def _going_on(found: re.Match[str]) -> Rhythm | None:
    starts = first_day_of(found["from"])
    return replace(Rhythm(every=Every.MONTH, continuous=True), starts=starts) if starts else None


_WINDOWS: tuple[tuple[str, Callable[[re.Match[str]], Once | Rhythm | None]], ...] = (
    (rf"tu (?:ngay )?(?P<d1>\d{{1,2}})/(?P<m1>\d{{1,2}})(?:/(?P<y1>{_Y}))?,? ?(?:-|den|truoc)(?: het)? ?(?:ngay )?"
     rf"(?P<d2>\d{{1,2}})/(?P<m2>\d{{1,2}})/(?P<y2>{_Y})", _days),
    (rf"(?:trong |tu )?thang (?P<m1>\d{{1,2}})(?:/(?P<y1>{_Y}))?{_TO}(?:thang )?(?P<m2>\d{{1,2}})/(?P<y2>{_Y})", _months),
    (rf"(?:trong |tu )?quy (?P<q1>[1-4]|[iv]+)(?:/(?P<y1>{_Y}))?{_TO}(?:quy )?(?P<q2>[1-4]|[iv]+)/(?P<y2>{_Y})",
     _quarters),
    (rf"(?:trong |tu )?(?:giai doan |nam )?(?P<y1>{_Y}){_TO}(?:nam )?(?P<y2>{_Y})", _years),
    (rf"(?:trong )?0?6 thang (?P<half>dau|cuoi)(?: nam |/)(?P<y>{_Y})", _half),
    (rf"(?P<yearly>moi nam, )?tu thang (?P<m1>\d{{1,2}}){_TO}thang (?P<m2>\d{{1,2}})(?: nam sau)?(?(yearly)|,? moi nam)",
     _season),
    (r"(?:ke )?tu (?P<from>.+)", _going_on),
    (r"(?P<from>(?:thang|quy|nam) .+) va (?:cac|nhung) nam (?:tiep theo|sau|tiep)", _going_on),
)  # fmt: skip
