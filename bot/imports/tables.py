"""Tables as both formats give them: rows of cells, each cell saying whether it is a merged one's repetition."""

from dataclasses import dataclass
from enum import StrEnum

MAX_ROWS = 20_000  # of one table; the largest plan we promise has 10,000 tasks
MAX_COLUMNS = 60
MAX_CELL = 32_767  # characters; the most that Excel keeps in a cell


class AnnexError(Exception):
    """The annex cannot be read; the text says where and what to do."""


class Merged(StrEnum):
    """Where the text of a cell comes from."""

    NO = "own"
    ABOVE = "above"
    LEFT = "left"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cell:
    """One cell: its lines of text without stray blanks, and what is doubtful about it."""

    text: str = ""
    merged: Merged = Merged.NO
    doubts: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One row and the name of its place: "dòng 12", "bảng 2, dòng 5"."""

    place: str
    cells: tuple[Cell, ...]

    def cell(self, column: int | None) -> Cell:
        """Return a cell; an empty one where the row has none."""
        return self.cells[column] if column is not None and column < len(self.cells) else Cell()


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    """A sheet of a workbook or a table of a document. `before` is the text that stands above a document's table."""

    name: str
    rows: tuple[Row, ...]
    before: tuple[str, ...] = ()
    is_hidden: bool = False


def clean(text: str) -> str:
    """Return text as lines, one blank between words, nothing that YAML refuses."""
    lines = (" ".join(line.split()) for line in text.replace("\r", "\n").replace("\x0b", "\n").split("\n"))
    kept = ("".join(letter for letter in line if letter.isprintable() or letter in "\u200c\u200d") for line in lines)
    return "\n".join(line for line in kept if line)


def one_line(text: str) -> str:
    """Return text on one line."""
    return " ".join(text.split())
