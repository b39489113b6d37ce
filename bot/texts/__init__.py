"""The bot's voice: every sentence in one table per language, and the messages made of them."""

from datetime import date, datetime

from bot.domain.calendar import LOCAL, local_day
from bot.texts.vi import SENTENCES as VIETNAMESE

LANGUAGES = {"vi": VIETNAMESE}
DEFAULT = "vi"


def say(language: str, key: str, **values: object) -> str:
    """Return the sentence of this key in a language, its names filled in. Values are plain text: nothing here is markup."""
    return LANGUAGES.get(language, VIETNAMESE)[key].format(**values)


def day(moment: datetime | date) -> str:
    """Return a local day as officials write it: 05/10/2022."""
    return f"{local_day(moment) if isinstance(moment, datetime) else moment:%d/%m/%Y}"


def due(moment: datetime) -> str:
    """Return a due: its day, and its hour where it is not the end of the day ("17:00 26/10/2022")."""
    local = moment.astimezone(LOCAL)
    return day(moment) if (local.hour, local.minute) == (23, 59) else f"{local:%H:%M %d/%m/%Y}"


def clock(moment: datetime) -> str:
    """Return a moment shortly: 08:05 26/09."""
    return f"{moment.astimezone(LOCAL):%H:%M %d/%m}"


def period_name(period: str) -> str:
    """Return a period's key in words: "tháng 9/2022"; "" for a task that comes once."""
    if period == "once":
        return ""
    year, _, part = period.partition("-")
    if not part:
        return f"năm {year}"
    if part.startswith("Q"):
        return f"quý {_ROMAN[int(part[1:])]}/{year}"
    if part.startswith("H"):
        return f"6 tháng {'đầu' if part == 'H1' else 'cuối'} năm {year}"
    if part.startswith("W"):
        return f"tuần {int(part[1:])}/{year}"
    return f"tháng {int(part)}/{year}"


def in_period(period: str) -> str:
    """Return the period in brackets after a task's code, "" for a task that comes once."""
    name = period_name(period)
    return f" ({name})" if name else ""


def percent(share: float | None) -> str:
    """Return a share (0 to 1) with a decimal comma, "—" where there is nothing to divide by."""
    return "—" if share is None else f"{share * 100:.1f}".replace(".", ",") + "%"


def shortened(text: str, length: int) -> str:
    """Return a text cut at a word to at most `length` characters, with an ellipsis where something was cut."""
    flat = " ".join(text.split())
    if len(flat) <= length:
        return flat
    return flat[: length - 1].rsplit(" ", 1)[0].rstrip(" ,;.") + "…"


_ROMAN = {1: "I", 2: "II", 3: "III", 4: "IV"}
