"""Counts and shares as they are written: the one rule for messages, pictures and workbooks."""

from math import floor

from bot.texts import say

DASH = "—"
_MARKS = {"vi": (".", ","), "en": (",", ".")}  # between thousands, before decimals
_TIE = 1e-9  # 6.25 % is 6.3 whatever the float says; shares of fewer than a million parts lie further from a tie


def number(value: int, language: str) -> str:
    """Return a count with its thousands parted: 1.206, in English 1,206."""
    return f"{value:,}".replace(",", _MARKS[language][0])


def percent(share: float | None, language: str) -> str:
    """Return a share of 0…1 as 78,5%, None as a dash. Halves go up; only all is 100,0%, and only nothing 0,0%."""
    return DASH if share is None else f"{_decimal(_tenths(share), language)}%"


def change(share: float | None, before: float | None, language: str) -> str:
    """Return the change in percentage points since last week, "" where one of the two is not known.

    It is the difference of the shares as they are shown, so that a reader who subtracts finds the same.
    """
    if share is None or before is None:
        return ""
    tenths = _tenths(share) - _tenths(before)
    key = "change.up" if tenths > 0 else "change.down" if tenths < 0 else "change.none"
    return say(language, key, points=_decimal(abs(tenths), language))


def points(share: float | None, before: float | None, language: str) -> str:
    """Return the change in percentage points with its sign, +4,1 or -0,3, as the shares are shown; a dash where unknown."""
    if share is None or before is None:
        return DASH
    tenths = _tenths(share) - _tenths(before)
    return f"{'-' if tenths < 0 else '+' if tenths else ''}{_decimal(abs(tenths), language)}"


def decimal(value: float, language: str) -> str:
    """Return a number with as many decimals as it has, two at most: 8,5 and 10."""
    whole = f"{value:,.2f}".rstrip("0").rstrip(".")
    return whole.translate(str.maketrans(",.", "".join(_MARKS[language])))


def _tenths(share: float) -> int:
    """Return a share in tenths of a per cent."""
    tenths = floor(share * 1000 + 0.5 + _TIE)
    if share < 1:
        tenths = min(tenths, 999)
    return max(tenths, 1) if share > 0 else tenths


def _decimal(tenths: int, language: str) -> str:
    return f"{tenths // 10}{_MARKS[language][1]}{tenths % 10}"
