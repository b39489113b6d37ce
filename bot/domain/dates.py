"""Days as people type them in a chat: "15/10", "thứ sáu tuần sau", "cuối tháng". A lunar day is never guessed."""

import re
from dataclasses import dataclass
from datetime import date

from bot.domain.date_forms import FORMS, LENGTH, DateSpan, built, days_of, month_end
from bot.domain.folding import fold

__all__ = ["DateSpan", "FoundDate", "find_date", "is_lunar", "month_end", "read_date", "read_length"]

_LUNAR = re.compile(r"(?<!\w)(?:al|a\.l|am lich|lunar|tet(?! duong)|m[uo]ng \w+|ram|thang (?:gieng|chap))(?!\w)")
_LEAD = re.compile(r"(?:(?:cho|den|toi|truoc|vao|sang|khoang|them|trong|to|by|until|on|het(?= ngay)) )*")
_TAIL = re.compile(r"(?: (?:a|nhe|nha|nhe a|thoi|please))*$")


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundDate:
    """A day found in a longer folded text, and the letters it stood on."""

    span: DateSpan
    begins: int
    stops: int


def read_date(text: str, *, today: date) -> DateSpan | None:
    """Return the days `text` names, or None where it names none, an impossible one or a lunar one.

    A missing year or month means the nearest future, today included; a weekday by its bare name is never today.
    """
    folded = fold(text).strip(" .,;!")
    if is_lunar(folded):
        return None
    bare = _TAIL.sub("", _LEAD.sub("", folded, count=1))
    for pattern, build in FORMS:
        if found := pattern.fullmatch(bare):
            return built(build, found, today)
    return None


def find_date(folded: str, *, today: date) -> FoundDate | None:
    """Return the most exact day named anywhere in a folded text, or None where that one is impossible or lunar."""
    if is_lunar(folded):
        return None
    for pattern, build in FORMS:
        if found := pattern.search(folded):
            span = built(build, found, today)
            return FoundDate(span=span, begins=found.start(), stops=found.end()) if span else None
    return None


def is_lunar(folded: str) -> bool:
    """Return whether a folded text speaks of the lunar calendar, whose days are asked back and never guessed."""
    return _LUNAR.search(folded) is not None


def read_length(text: str) -> int | None:
    """Return the days of a length such as "5 ngày" or "hai tuần"; None for anything else, also "3 ngày nữa"."""
    found = LENGTH.fullmatch(_LEAD.sub("", fold(text), count=1))
    return days_of(found) if found else None
