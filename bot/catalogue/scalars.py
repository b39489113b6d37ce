"""Single values from their text: days, times, numbers, offsets, weekdays. Each refuses with a sentence."""

import re
from dataclasses import dataclass
from datetime import date, time
from unicodedata import normalize

from bot.catalogue.problems import shown
from bot.domain.due import LAST, LAST_WORKING
from bot.domain.plan import Offset, OffsetUnit

YEARS = range(2000, 2101)  # a year outside is a slip of the keyboard
MAX_DAYS = 3650  # days an offset may reach from a due day

_ISO = re.compile(r"(?P<y>\d{4})-(?P<m>\d{1,2})-(?P<d>\d{1,2})")
_LOCAL = re.compile(r"(?P<d>\d{1,2})(?P<sep>[/.-])(?P<m>\d{1,2})(?P=sep)(?P<y>\d{4})")
DAYS = (_ISO, _LOCAL)
TIME = re.compile(r"(\d{1,2})(?::|h| ?giờ ?)(\d{2})?")
NUMBER = re.compile(r"\d{1,9}([.,]\d{1,2})?")
OFFSET = re.compile(r"([+-]?)(\d{1,5})(wd|d)")
NAME = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,31}")
TASK_ID = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,15}")
NAMES_OF_WEEKDAYS = (
    ("monday", "thu hai", "thu 2"),
    ("tuesday", "thu ba", "thu 3"),
    ("wednesday", "thu tu", "thu 4"),
    ("thursday", "thu nam", "thu 5"),
    ("friday", "thu sau", "thu 6"),
    ("saturday", "thu bay", "thu 7"),
    ("sunday", "chu nhat"),
)
YES, NO = ("true", "có", "yes"), ("false", "không", "no")


class RefusedError(ValueError):
    """A value that cannot be read; the text is a Vietnamese sentence part."""


def looks_like_day(text: str) -> bool:
    """Return whether the text is written as a plain date, possible or not."""
    return bool(_ISO.fullmatch(text) or _LOCAL.fullmatch(text))


def day(text: str) -> date:
    """Return the date of 2022-09-30 or 30/09/2022 (also with dots or dashes)."""
    found = _ISO.fullmatch(text) or _LOCAL.fullmatch(text)
    if not found:
        raise RefusedError(f"{shown(text)} không phải ngày; hãy viết như 30/09/2022 hoặc 2022-09-30")
    year, month, number = int(found["y"]), int(found["m"]), int(found["d"])
    if year not in YEARS:
        raise RefusedError(f"năm {year} nằm ngoài {YEARS[0]}-{YEARS[-1]}")
    try:
        return date(year, month, number)
    except ValueError:
        raise RefusedError(f"ngày {number}/{month}/{year} không có trong lịch") from None


def clock(text: str) -> time:
    """Return the time of day of 17:00, 17h, 17h30 or 17 giờ 30."""
    found = TIME.fullmatch(text)
    if not found or (":" in text and found[2] is None):
        raise RefusedError(f"{shown(text)} không phải giờ; hãy viết như 17:00")
    hour, minute = int(found[1]), int(found[2] or 0)
    if hour > 23 or minute > 59:
        raise RefusedError(f"{shown(text)} không có trong ngày; giờ từ 00:00 đến 23:59")
    return time(hour, minute)


def hours(text: str) -> tuple[time, time]:
    """Return opening and closing of "07:30-11:30"."""
    ends = re.split(r"\s*[-–]\s*", text)
    if len(ends) != 2:
        raise RefusedError(f"{shown(text)} không phải khoảng giờ; hãy viết như 07:30-11:30")
    opens, closes = clock(ends[0]), clock(ends[1])
    if opens >= closes:
        raise RefusedError(f"khoảng giờ {shown(text)} phải kết thúc sau khi bắt đầu")
    return opens, closes


def number(text: str) -> float:
    """Return a number with at most two decimals, after a comma or a point; a % sign is allowed."""
    bare = text.removesuffix("%").rstrip()
    if not NUMBER.fullmatch(bare):
        raise RefusedError(f"{shown(text)} không phải số; hãy viết như 100 hoặc 95,5")
    return float(bare.replace(",", "."))


@dataclass(frozen=True, slots=True)
class Whole:
    """Reads whole numbers in a range, both ends inclusive."""

    smallest: int
    largest: int

    def __call__(self, text: str) -> int:
        """Return the number."""
        if not re.fullmatch(r"-?[0-9]{1,5}", text) or not self.smallest <= int(text) <= self.largest:
            raise RefusedError(f"{shown(text)} phải là số nguyên từ {self.smallest} đến {self.largest}")
        return int(text)


def whole(smallest: int, largest: int) -> Whole:
    """Return a reader of whole numbers in a range, both ends inclusive."""
    return Whole(smallest, largest)


def truth(text: str) -> bool:
    """Return a yes or no."""
    low = text.lower()
    if low not in YES + NO:
        raise RefusedError(f"{shown(text)} phải là true hoặc false")
    return low in YES


def day_of_month(text: str) -> int:
    """Return 1-31, or the marks for `last` and `last_working`."""
    if text in ("last", "last_working"):
        return LAST if text == "last" else LAST_WORKING
    try:
        return whole(1, 31)(text)
    except RefusedError:
        raise RefusedError(f"{shown(text)} phải là 1 đến 31, last hoặc last_working") from None


def weekday(text: str) -> int:
    """Return 0 for Monday to 6 for Sunday, from an English or Vietnamese name, with or without accents."""
    plain = "".join(c for c in normalize("NFD", text.casefold()) if not "\u0300" <= c <= "\u036f")
    plain = " ".join(plain.split())
    for index, names in enumerate(NAMES_OF_WEEKDAYS):
        if plain in names:
            return index
    raise RefusedError(f"{shown(text)} không phải thứ trong tuần; hãy viết như thứ sáu hoặc friday")


def offset(text: str) -> Offset:
    """Return a distance such as -7d, 0d or +3wd."""
    found = OFFSET.fullmatch(text)
    amount = int(found[2]) if found else 0
    if not found or (amount and not found[1]):
        raise RefusedError(f"{shown(text)} không phải khoảng cách; hãy viết như -7d, 0d, +3d hoặc +3wd")
    if amount > MAX_DAYS:
        raise RefusedError(f"{shown(text)} quá {MAX_DAYS} ngày")
    return Offset(amount=-amount if found[1] == "-" else amount, unit=OffsetUnit(found[3]))


def name(text: str) -> str:
    """Return an id of a unit, a group, a kind, a policy or a plan."""
    if not NAME.fullmatch(text):
        raise RefusedError(f"mã {shown(text)} phải bắt đầu bằng chữ cái không dấu, chỉ gồm chữ, số, . _ -, dài đến 32")
    return text


def task_id(text: str) -> str:
    """Return the id of a task; short, because it goes into messages and buttons."""
    if not TASK_ID.fullmatch(text):
        raise RefusedError(f"mã {shown(text)} phải bắt đầu bằng chữ cái không dấu, chỉ gồm chữ, số, . _ -, dài đến 16")
    return text
