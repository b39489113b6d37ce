"""The closed grammar of deadline phrases: a list of small forms, each with its intent, over respelled text."""

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, time

from bot.domain.dates import month_end
from bot.domain.due import LAST, LAST_WORKING, Every, Once, Rhythm, Several, together
from bot.domain.phrase_spelling import PART, ImpossibleError, quarter_number
from bot.domain.phrase_windows import read_window

_JULY = 7
MONTHS = {Every.DAY: 0, Every.WEEK: 0, Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}

_LAST_FIRST = re.compile(rf"(?!moi )(.+?),? (moi {PART})")
_CONTINUOUS = re.compile(
    r"(?:nhiem vu |thuc hien )?thuong xuyen(?:, lien tuc)?(?:,? theo yeu cau(?: [a-z ]+)?)?"
    rf"(?:,? (?:dinh ky )?(?:bao cao )?(?P<rest>moi {PART}(?= bao cao)|moi .+)(?: bao cao(?: ve [a-z ]+)?)?)?"
)
_SINCE = re.compile(r"(?P<rest>.+), (?:ke )?tu (?:ngay )?(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>[12]\d{3})")
_ORDINALS = {"hai": 2, "ba": 3, "tu": 4, "nam": 5, "sau": 6, "bay": 7}


def read_respelled(plain: str, *, on_demand: bool = False) -> Once | Rhythm | Several | None:
    """Return the rule of a respelled phrase, None where no form fits; ImpossibleError where one names nothing real."""
    if window := read_window(plain):
        return together([window], on_demand=on_demand)
    rules = [_read_one(part) for part in plain.split(" va ")]
    parts = [rule for rule in rules if rule is not None]
    if len(parts) < len(rules):
        return None
    is_closed_by_year = any(isinstance(part, Rhythm) and part.every is Every.YEAR for part in parts)
    return together([part if is_closed_by_year else _of_both_halves(part) for part in parts], on_demand=on_demand)


def _of_both_halves(rule: Once | Rhythm) -> Once | Rhythm:
    # "06 tháng, trước ngày 05/6" is the first half-year's alone only where a yearly report covers the second.
    return replace(rule, first_half=False) if isinstance(rule, Rhythm) else rule


def _read_one(plain: str) -> Once | Rhythm | None:
    if window := read_window(plain):
        return window
    if found := _SINCE.fullmatch(plain):
        rule = _read_one(found["rest"])
        return replace(rule, starts=_real_day(found)) if isinstance(rule, Rhythm) and not rule.starts else None
    if found := _CONTINUOUS.fullmatch(plain):
        rule = _read_one(found["rest"] or "moi thang")
        return replace(rule, continuous=True) if isinstance(rule, Rhythm) else None
    if found := _LAST_FIRST.fullmatch(plain):
        plain = f"{found[2]}, {found[1]}"
    for form in _FORMS:
        if found := form.pattern.fullmatch(plain):
            return form.build(found)
    return None


def _real_day(found: re.Match[str]) -> date:
    return date(int(found["y"]), int(found["m"]), int(found["d"]))


def _once(found: re.Match[str]) -> Once:
    return Once(day=_real_day(found), at=_clock(found))


def _clock(found: re.Match[str]) -> time | None:
    if not found["at"] or found["at"].startswith("24"):
        return None  # 24:00 is the end of the day
    hour, minute = found["at"].split(":")
    return time(int(hour), int(minute))


def _of_month(found: re.Match[str]) -> Once:
    return Once(day=month_end(int(found["y"]), int(found["m"])))


def _of_quarter(found: re.Match[str]) -> Once:
    return Once(day=month_end(int(found["y"]), quarter_number(found["q"]) * 3))


def _of_year(found: re.Match[str]) -> Once:
    return Once(day=date(int(found["y"]), 12, 31))


def _weekly(found: re.Match[str]) -> Rhythm:
    name = found["weekday"].removeprefix("thu ")
    number = int(name) if name.isdigit() else _ORDINALS.get(name, 8)
    if number not in range(2, 9):
        raise ImpossibleError("một tuần có từ thứ Hai đến Chủ nhật")
    return Rhythm(every=Every.WEEK, weekday=number - 2, following=bool(found["next"]), at=_clock(found))


def _daily(found: re.Match[str]) -> Rhythm:
    return Rhythm(every=Every.DAY, at=_clock(found))


def _plain_rhythm(every: Every) -> Callable[[re.Match[str]], Rhythm]:
    return lambda _: Rhythm(every=every)


def _rhythm(every: Every) -> Callable[[re.Match[str]], Rhythm]:
    def build(found: re.Match[str]) -> Rhythm:
        groups = found.groupdict()
        following = bool(groups.get("next"))
        month = _month_in(every, groups)
        if every is Every.HALF and month == _JULY:  # a half-year reported in July
            following, month = True, 1
        if month and month > MONTHS[every]:
            raise ImpossibleError(f"kỳ này chỉ có {MONTHS[every]} tháng")
        usual = 1 if following else MONTHS[every]
        return Rhythm(
            every=every, day=_day_in(groups["day"]), month=None if month == usual else month, following=following,
            at=_clock(found), first_half=every is Every.HALF and bool(groups.get("m")),
        )  # fmt: skip

    return build


def _month_in(every: Every, groups: dict[str, str | None]) -> int | None:
    if month := groups.get("m"):
        return int(month)
    place = groups.get("place")
    if not place:
        return MONTHS[every]
    if place.startswith("dau"):
        return 1
    name = place.removeprefix("thu ")
    return MONTHS[every] if place.startswith("cuoi") else int(name) if name.isdigit() else _ORDINALS.get(name, 99)


def _day_in(words: str | None) -> int:
    if not words or words.startswith("cuoi"):
        return LAST
    if words.startswith("lam viec"):
        return LAST_WORKING
    if int(words) not in range(1, 32):
        raise ImpossibleError(f"tháng không có ngày {int(words)}")
    return int(words)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Form:
    """One readable form: what it means, its pattern over the respelled text, and the rule it makes."""

    intent: str
    pattern: re.Pattern[str]
    build: Callable[[re.Match[str]], Once | Rhythm]


_WHEN = r"(?:truoc )?(?:ngay )?(?:(?P<at>\d{1,2}:\d{2}),? (?:ngay )?)?"
_ENDS = r"(?P<day>(?:lam viec )?cuoi(?: cung)?)"
_DAY = r"(?P<day>\d{1,2}|(?:lam viec )?cuoi(?: cung)?)"
_PLACE = r"(?:(?:cua |thuoc )?thang (?P<place>dau(?: tien)?|cuoi(?: cung)?|thu \w+)(?: cua| thuoc| trong)?)"
_NEXT = r"(?P<next> sau| tiep theo)?"
_WHOLE = r"(?:hoan thanh )?(?:cham nhat )?(?:trong |den het |het |cuoi )?"
_DATED = r"(?P<d>\d{1,2})/(?P<m>\d{1,2})/(?P<y>[12]\d{3})"
_FORMS = tuple(
    _Form(intent=intent, pattern=re.compile(pattern, re.ASCII), build=build)
    for intent, pattern, build in (
        ("a day, or an hour of it", rf"{_WHEN}{_DATED}", _once),
        ("the end of a month", rf"{_WHOLE}thang (?P<m>\d{{1,2}})/(?P<y>[12]\d{{3}})", _of_month),
        ("the end of a quarter", rf"{_WHOLE}quy (?P<q>[1-4]|[iv]+)/(?P<y>[12]\d{{3}})", _of_quarter),
        ("the end of a year", rf"{_WHOLE}nam (?P<y>[12]\d{{3}})", _of_year),
        ("every day", r"moi ngay(?: lam viec)?(?:, (?:truoc )?(?:(?P<at>\d{1,2}:\d{2})|ngay)?)?", _daily),
        ("every week", "moi tuan", _plain_rhythm(Every.WEEK)),
        ("a weekday", rf"moi tuan, {_WHEN}(?P<weekday>thu \w+|chu nhat)(?P<next> (?:cua )?tuan sau)?", _weekly),
        ("every month", "moi thang", _plain_rhythm(Every.MONTH)),
        ("a day of the month", rf"moi thang, {_WHEN}(?P<day>\d{{1,2}})(?: cua thang)?", _rhythm(Every.MONTH)),
        ("its last day", rf"(?:moi thang, |(?=truoc ngay )){_WHEN}{_ENDS}(?: cua)? thang", _rhythm(Every.MONTH)),
        ("a day of the period's last month", rf"{_WHEN}{_DAY} cua thang cuoi (?:thuoc|cua) ky bao cao", _rhythm(Every.MONTH)),
        ("a day of the month after",
         rf"(?:moi thang, )?{_WHEN}{_DAY}(?: cua)? thang (?:dau tien )?(?P<next>sau|tiep theo)(?: ky bao cao)",
         _rhythm(Every.MONTH)),
        ("a day of the next month",
         rf"moi thang, {_WHEN}{_DAY}(?: cua)? thang (?:dau tien )?(?P<next>sau|tiep theo)",
         _rhythm(Every.MONTH)),
        ("every quarter", "moi quy", _plain_rhythm(Every.QUARTER)),
        ("a day of one of its months", rf"(?:moi quy, )?{_WHEN}{_DAY} {_PLACE} quy{_NEXT}", _rhythm(Every.QUARTER)),
        ("its last day", rf"moi quy, {_WHEN}{_ENDS}(?: cua)? quy{_NEXT}", _rhythm(Every.QUARTER)),
        ("every half-year", "moi nua nam", _plain_rhythm(Every.HALF)),
        ("a day of a named month", rf"moi nua nam, {_WHEN}(?P<day>\d{{1,2}})/(?P<m>\d{{1,2}})", _rhythm(Every.HALF)),
        ("a day of one of its months", rf"moi nua nam, {_WHEN}{_DAY} {_PLACE} ky{_NEXT}", _rhythm(Every.HALF)),
        ("its last day", rf"moi nua nam, {_WHEN}{_ENDS}(?: cua)? ky{_NEXT}", _rhythm(Every.HALF)),
        ("every year", "moi nam", _plain_rhythm(Every.YEAR)),
        ("a day of the year", rf"moi nam, {_WHEN}(?P<day>\d{{1,2}})/(?P<m>\d{{1,2}})(?P<next> nam sau)?",
         _rhythm(Every.YEAR)),
        ("the last day of a month", rf"moi nam, {_WHEN}{_ENDS}(?: cua)? thang (?P<m>\d{{1,2}})(?P<next> nam sau)?",
         _rhythm(Every.YEAR)),
        ("its last day", rf"moi nam, {_WHEN}{_ENDS}(?: cua)? nam{_NEXT}", _rhythm(Every.YEAR)),
    )
)  # fmt: skip
