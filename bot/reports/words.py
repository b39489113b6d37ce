"""The words, dates and numbers of pictures and files, as Vietnamese offices write them."""

import unicodedata
from datetime import date, datetime

from bot import texts
from bot.domain.compliance import WeekFigures
from bot.texts import numbers

ON_TIME = "Đúng hạn"
LATE = "Quá hạn đã xong"
WAITING = "Chờ xác nhận"
OVERDUE = "Quá hạn chưa xong"
NOTHING = "Không có."
DASH = numbers.DASH

ROLES = {
    "focal": "Đầu mối",
    "head": "Lãnh đạo đơn vị",
    "office": "Cơ quan theo dõi",
    "manager": "Lãnh đạo",
    "admin": "Quản trị",
}


_LANGUAGE = "vi"  # pictures and files are read by everybody, and so in one language


def plain(text: str) -> str:
    """Return the text in NFC, less control characters (tab and line breaks stay) and lone surrogates."""
    kept = (char for char in unicodedata.normalize("NFC", text) if char in "\t\n\r" or not _unprintable(char))
    return "".join(kept)


def one_line(text: str) -> str:
    """Return the text as `plain` gives it, on one line with single spaces."""
    return " ".join(plain(text).split())


def day(value: date) -> str:
    """Return a day as 30/09/2022."""
    return texts.day(value)


def moment(value: datetime) -> str:
    """Return an aware moment as 10:00 30/09/2022, in local time."""
    return texts.minute(value)


def number(value: int) -> str:
    """Return a count as 1.206, with the dot that parts thousands in Vietnamese."""
    return numbers.number(value, _LANGUAGE)


def ratio(part: int, whole: int) -> str:
    """Return numerator and denominator as 62/79."""
    return f"{number(part)}/{number(whole)}"


def share(value: float | None) -> str:
    """Return a share of 0…1 as 78,5%, None as a dash. Only what is all is 100,0%, and only what is nothing 0,0%."""
    return numbers.percent(value, _LANGUAGE)


def change(value: float | None, before: float | None) -> str:
    """Return the change of a share in percentage points since last week, empty where one of the two is not known."""
    return numbers.change(value, before, _LANGUAGE)


def week_name(figures: WeekFigures) -> str:
    """Return "tuần 39 (26/09–02/10/2022)"; across New Year both days carry their year."""
    return f"tuần {int(figures.week.rpartition('W')[2])} ({texts.days(figures.starts, figures.ends)})"


def heading(figures: WeekFigures) -> str:
    """Return the heading of the summary: what, of which plan, which week."""
    return f"Tình hình thực hiện {one_line(figures.plan)} {week_name(figures)}"


def as_of(figures: WeekFigures) -> str:
    """Return the sentence that says of which moment the figures are."""
    return f"Số liệu tính đến {moment(figures.as_of)}"


def _unprintable(char: str) -> bool:
    # Cc control, Cs surrogate; U+FFFE and U+FFFF are in no XML 1.0 document (section 2.2).
    return unicodedata.category(char) in {"Cc", "Cs"} or char in "\ufffe\uffff"
