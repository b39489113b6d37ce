"""What the page asks of the catalogue in a demo: its texts, what an edit of them would do, putting one into force."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

FILES = ("plan", "units", "calendar")
"""The texts of a catalogue."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """What runs: the number of its revision, since when, and its texts by the names in FILES."""

    revision: int
    since: datetime
    texts: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrong:
    """One problem of a text; line and column count from 1, columns in characters."""

    file: str
    line: int
    column: int
    words: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """What is wrong with edited texts, or what applying them would do to revision `over`, line by line.

    `brakes` are the reasons why that is more than one word should do; `is_nothing`: nobody would notice.
    """

    over: int
    wrong: tuple[Wrong, ...] = ()
    effects: tuple[str, ...] = ()
    brakes: tuple[str, ...] = ()
    is_nothing: bool = False


class Ruling(StrEnum):
    """What became of a wish to apply edited texts."""

    APPLIED = "applied"
    WRONG = "wrong"  # they do not pass the check
    OVERTAKEN = "overtaken"  # something else was applied meanwhile
    BRAKED = "braked"  # they do so much that it must be said twice


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """The ruling, the revision that runs after it, how many people are told that a due moved, and from when if not now."""

    ruling: Ruling
    revision: int
    letters: int = 0
    letters_from: datetime | None = None


class Editor(Protocol):
    """The catalogue as the page edits it. Texts that are left out are those of the revision that runs."""

    async def source(self) -> Source:
        """Return what runs."""

    async def judge(self, texts: Mapping[str, str]) -> Judged:
        """Return what is wrong with edited texts or what they would do; changes nothing."""

    async def apply(self, texts: Mapping[str, str], *, over: int, is_sure: bool) -> Applied:
        """Put edited texts into force in place of revision `over`; beyond the brake only if that `is_sure`."""
