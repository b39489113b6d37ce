"""The bot's voice: every sentence in one table per language, and the messages made of them."""

from datetime import date, datetime

from bot.domain.calendar import LOCAL, local_day
from bot.texts.en import SENTENCES as ENGLISH
from bot.texts.vi import SENTENCES as VIETNAMESE

LANGUAGES = {"vi": VIETNAMESE, "en": ENGLISH}
DEFAULT = "vi"
LONGEST_NOTE = 300  # characters of what somebody typed that are shown again

_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}


def say(language: str, key: str, **values: object) -> str:
    """Return the sentence of this key in a language, its names filled in; in Vietnamese for a language we lack.

    Values are plain text: nothing here is markup, and braces in them stay as they are.
    """
    return LANGUAGES.get(language, VIETNAMESE)[key].format(**values)


def day(moment: datetime | date) -> str:
    """Return a local day as officials write it: 05/10/2022."""
    local = local_day(moment) if isinstance(moment, datetime) else moment
    return f"{local:%d/%m}/{local.year:04d}"


def days(starts: date, ends: date) -> str:
    """Return a span of days: 26/09–02/10/2022; across New Year both carry their year."""
    first = f"{starts:%d/%m}" if starts.year == ends.year else day(starts)
    return f"{first}–{day(ends)}"


def due(moment: datetime) -> str:
    """Return a due: its day, and its hour where it is not the end of the day ("17:00 26/10/2022")."""
    local = moment.astimezone(LOCAL)
    return day(moment) if (local.hour, local.minute) == (23, 59) else minute(moment)


def minute(moment: datetime) -> str:
    """Return a moment whole: 08:05 26/09/2022, in local time."""
    return f"{moment.astimezone(LOCAL):%H:%M} {day(moment)}"


def clock(moment: datetime) -> str:
    """Return a moment shortly: 08:05 26/09."""
    return f"{moment.astimezone(LOCAL):%H:%M %d/%m}"


def period_name(period: str, language: str) -> str:
    """Return a period's key in words: "tháng 9/2022", "năm 2022, lần 2"; "" for a task that comes once."""
    period, _, turn = period.partition(".")
    name = "" if period == "once" else _span_name(period, language)
    again = say(language, "period.turn", turn=turn) if turn else ""
    return ", ".join(words for words in (name, again) if words)


def _span_name(period: str, language: str) -> str:
    year, _, part = period.partition("-")
    if not part:
        return say(language, "period.year", year=year)
    match part[0]:
        case "Q":
            return say(language, "period.quarter", quarter=_ROMAN[int(part[1:])], year=year)
        case "H":
            return say(language, "period.first_half" if part == "H1" else "period.second_half", year=year)
        case "W":
            return say(language, "period.week", week=int(part[1:]), year=year)
        case _ if "-" in part:
            month, _, number = part.partition("-")
            return say(language, "period.day", day=int(number), month=int(month), year=year)
        case _:
            return say(language, "period.month", month=int(part), year=year)


def in_period(period: str, language: str) -> str:
    """Return the period in brackets after a task's code, "" for a task that comes once."""
    name = period_name(period, language)
    return f" ({name})" if name else ""


def shortened(text: str, length: int) -> str:
    """Return a text flat, cut at a word to at most `length` characters, with an ellipsis where something was cut."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    return flat[:length].rsplit(" ", 1)[0][: length - 1].rstrip(" ,;.") + "…"


def sentence(text: str, length: int = LONGEST_NOTE) -> str:
    """Return what somebody typed as a sentence: flat, cut, with one full stop."""
    flat = shortened(text, length)
    return flat if not flat or flat[-1] in ".!?…" else f"{flat}."
