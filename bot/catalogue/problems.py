"""What is wrong with a catalogue: each problem with its place and one sentence."""

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from bot.catalogue.slips import slip_in_value

_SHOWN = 48  # characters of a person's own text repeated in a sentence
_HINTED = 100  # problems of one file that still get a "có phải …": finding the nearest name costs more than the check
_NOTED = 1_000  # problems of one file; whoever has so many has one cause for most


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong. Lines and columns count from 1, columns in characters."""

    file: str
    line: int
    column: int
    text: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.text}"


class CatalogueError(Exception):
    """The catalogue cannot be used. `problems` holds everything found, by file, line and column."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))
        super().__init__("\n".join(map(str, self.problems)))


class Place(Protocol):
    """Anything that knows where in its file it stands."""

    @property
    def line(self) -> int:
        """Return its line, from 1."""

    @property
    def column(self) -> int:
        """Return its column, from 1."""


class Notes:
    """Collects what is wrong with one file while it is read."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.found: list[Problem] = []

    def add(self, place: Place, text: str) -> None:
        """Note a problem at a place of this file; the last that is noted says that more may follow."""
        if self.is_full:
            return
        if len(self.found) == _NOTED - 1:
            text = f"đã có {_NOTED} chỗ sai, phần sau chưa được xem; hãy sửa rồi kiểm tra lại"
        self.found.append(Problem(file=self.file, line=place.line, column=place.column, text=text))

    @property
    def is_full(self) -> bool:
        """Return whether nothing more is noted: then reading on is of no use."""
        return len(self.found) >= _NOTED

    @property
    def has_hints(self) -> bool:
        """Return whether a problem noted now still gets a hint at what was meant."""
        return len(self.found) < _HINTED

    def nearest(self, word: str, known: Iterable[str]) -> str:
        """Return "; có phải «…»?" for the known name most like `word`, or what was typed amiss in it; "" when none is near."""
        if not self.has_hints:
            return ""
        if slip := slip_in_value(word):
            return f"; {slip}"
        name = _nearest(word, list(known))
        return f"; có phải {shown(name)}?" if name else ""


def shown(text: str) -> str:
    """Return a person's own text in quotation marks, on one line and cut short."""
    line = " ".join(text.split())
    return f"«{line if len(line) <= _SHOWN else line[: _SHOWN - 1] + '…'}»"


def _nearest(word: str, known: list[str]) -> str | None:
    folded = {name.casefold(): name for name in known}
    low = word[:_SHOWN].casefold()
    # A longer or shorter form of a known word is the likelier slip: "duetime" means due, not due_text.
    kin = [name for name in folded if len(name) > 2 and low and (low.startswith(name) or name.startswith(low))]
    if kin:
        return folded[min(kin, key=lambda name: abs(len(name) - len(low)))]
    close = get_close_matches(low, folded, n=1)
    return folded[close[0]] if close else None
