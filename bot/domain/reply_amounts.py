"""The figures inside a reply: per cents, parts of a whole, documents and days gone by."""

import re
from dataclasses import dataclass
from datetime import date, timedelta

from bot.domain.figures import PERCENT, RATIO, WHOLE, read_number

PERCENTS = re.compile(PERCENT, re.ASCII)
RATIOS = re.compile(RATIO, re.ASCII)
_KIND = "so|bao cao|van ban|cong van|ke hoach|quyet dinh|thong bao|cv|qd|tai"
DOCUMENT = re.compile(rf"(?:(?:{_KIND}) )*\d+[a-z]?/(?:\d{{4}}/)?[a-z]{{2,}}[\w.&-]*")

_BEFORE_A_DAY = re.compile(r"\b(?:truoc|den|toi|ngay|han|vao|sang|kien|hom|by|on|until|to|before) $")
_BEFORE_A_PART = re.compile(r"\b(?:duoc|dat|moi) $")
_DAY = re.compile(r"(?:(?:ngay|hom|tu|vao|on) )+(\d{1,2})[/.-](\d{1,2})(?:[/.-](\d{4}|\d{2}))?(?![\d/])")
_HALF_A_YEAR = timedelta(days=183)


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """What of the work is done: a per cent, or `done` of `total` things. None: not said, or said twice."""

    percent: float | None = None
    done: int | None = None
    total: int | None = None

    @property
    def is_part(self) -> bool:
        """Whether less than the whole is done."""
        return (self.percent is not None and self.percent < WHOLE) or (self.done or 0) < (self.total or 0)


def amounts(folded: str) -> Amounts:
    """Return the figures in a folded reply; a day such as "trước 7/10" is none."""
    percent, done, total = None, None, None
    if len(found := PERCENTS.findall(folded)) == 1 and (value := read_number(found[0])) <= WHOLE:
        percent = value
    if len(pairs := list(RATIOS.finditer(folded))) == 1 and not _BEFORE_A_DAY.search(folded[: pairs[0].start()]):
        part, whole = read_number(pairs[0]["done"]), read_number(pairs[0]["total"])
        if part.is_integer() and whole.is_integer() and part <= whole and whole:
            done, total = int(part), int(whole)
    return Amounts(percent=percent, done=done, total=total)


def is_named(folded: str, found: Amounts) -> bool:
    """Return whether a part done is one for sure; "7/10" by itself may be the seventh of October."""
    if found.percent is not None or not (pair := RATIOS.search(folded)):
        return found.percent is not None
    many = found.total is not None and found.total > 12  # no month
    named = many or _BEFORE_A_PART.search(folded[: pair.start()]) or re.match(" [a-z]", folded[pair.end() :])
    return bool(named) and found.done != found.total


def without_past_days(folded: str, *, today: date) -> str:
    """Return a folded text without the days gone by that it names ("ngày 20/9"); a day to come stays: it is a plan."""
    return _DAY.sub(lambda found: " " if _is_past(found, today) else found[0], folded)


def _is_past(found: re.Match[str], today: date) -> bool:
    day, month, year = int(found[1]), int(found[2]), found[3]
    try:
        meant = date(int(f"20{year}"[-4:]) if year else today.year, month, day)
        if not year and meant - today > _HALF_A_YEAR:  # said in January of a December
            meant = meant.replace(year=today.year - 1)
    except ValueError:  # the calendar has no such day
        return False
    return meant <= today
