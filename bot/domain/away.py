"""What somebody means who says that they are away: the days, and who stands in."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.dates import DateSpan, read_date
from bot.domain.folding import fold

LONGEST = 180  # days; who is away for longer hands over
_NEXT_YEAR = 300  # days ahead: nobody tells of an absence so early, so a day that has passed is meant
_BEGUN = timedelta(days=14)  # "3/10" on the fourth is yesterday, not the third of next October
_DEPUTY = re.compile(r"[\s,;.(]*\b(?:người\s+)?(?:thay|deputy)(?:\s+thế)?\b\s*[:=]?\s*", re.IGNORECASE)
_LEAD = re.compile(r"^(?:tu ngay|tu|ngay|from)\s+")
_BETWEEN = re.compile(r"\s+(?:den het ngay|den ngay|den het|den|toi|to|until)\s+|\s*[-–—]\s*")
_BARE = re.compile(r"\d{1,2}")
_TITLES = frozenset({"anh", "chi", "co", "chu", "ong", "dong", "d/c", "dc", "mr", "ms", "mrs", "nhe", "nha", "a"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Away:
    """Days, first and last among them, and the name that was said of who stands in ("" for none)."""

    first: date
    last: date
    deputy: str = ""


def read_away(text: str, *, today: date) -> Away | None:
    """Return what "3/10-14/10 thay: Trần Văn Minh" says; None where it names no days, lunar ones, or too many.

    A day without its year is the nearest one that is not long past; what ended before today is none.
    """
    days, *named = _DEPUTY.split(text.strip(), maxsplit=1)
    span = _read_days(_LEAD.sub("", fold(days).strip(" .,;!")), today)
    if span is None:
        return None
    first, last = span
    if not first <= last or last < today or (last - first).days >= LONGEST or (first - today).days >= _NEXT_YEAR:
        return None
    return Away(first=first, last=last, deputy=" ".join((named[0] if named else "").split()).strip(" .,;)"))


def matching(said: str, names: Sequence[str]) -> tuple[tuple[int, ...], bool]:
    """Return the places of the names that may be meant, and whether that is sure: one name, said as it is written.

    Otherwise those that have all the words that were said but titles: "anh Minh" is anybody with a Minh in their name.
    """
    words = [word for word in fold(said).split() if word not in _TITLES]
    folded = [fold(name).split() for name in names]
    same = tuple(place for place, name in enumerate(folded) if words and words == name)
    if same:
        return same, len(same) == 1
    return tuple(place for place, name in enumerate(folded) if words and set(words) <= set(name)), False


def _read_days(folded: str, today: date) -> tuple[date, date] | None:
    whole = _near(folded, today)
    if whole is not None:
        return whole.start, whole.end
    for cut in _BETWEEN.finditer(folded):
        begins, ends = folded[: cut.start()].strip(), folded[cut.end() :].strip()
        if _BARE.fullmatch(begins):  # "3-14/10": the month is said once
            begins += re.sub(r"^\d{1,2}", "", ends)
        first = _near(begins, today)
        last = read_date(ends, today=first.start) if first is not None else None
        if first is not None and last is not None:
            return first.start, last.end
    return None


def _near(folded: str, today: date) -> DateSpan | None:
    found = read_date(folded, today=today)
    if found is None or (found.start - today).days < _NEXT_YEAR:
        return found
    begun = read_date(folded, today=today - _BEGUN)
    return begun if begun is not None and begun.start < today else found
