"""Rows of figures beside their peers', as text and as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from itertools import groupby


class Kind(StrEnum):
    """What a figure counts, and so how it is written."""

    SECONDS = "s"
    MILLISECONDS = "ms"
    MEGABYTES = "MB"
    FATES = "of due"
    RATE = "/s"


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One figure of ours beside one of a peer's. `goal` is the most it may be, of a rate the least; None where there is none."""

    section: str
    what: str
    kind: Kind
    ours: float
    peer: str
    theirs: float
    goal: float | None = None
    of: int | None = None  # how many were due, where the figure counts those that got their fate

    @property
    def ratio(self) -> float | None:
        """Return ours over theirs; None where theirs is nothing."""
        return self.ours / self.theirs if self.theirs else None


HEADER = ("", "ours", "goal", "peer", "peer's", "ours/peer's")


def as_text(rows: Iterable[Row]) -> str:
    """Return the rows as an aligned table, a heading before each section."""
    listed = list(rows)
    cells = [HEADER, *(_cells(row) for row in listed)]
    widths = [max(len(line[column]) for line in cells) for column in range(len(HEADER))]
    lines = []
    for section, members in groupby(listed, key=lambda row: row.section):
        lines += ["", section, _line(HEADER, widths)]
        lines += [_line(_cells(row), widths) for row in members]
    return "\n".join(lines)


def as_json(rows: Iterable[Row]) -> list[dict[str, object]]:
    """Return the rows as JSON objects, each with its ratio."""
    return [{**asdict(row), "ratio": row.ratio} for row in rows]


def missed(rows: Iterable[Row]) -> list[str]:
    """Return the figures that are past their goals, once each."""
    late = [row for row in rows if row.goal is not None and _is_missed(row.kind, row.ours, row.goal)]
    return list(
        dict.fromkeys(
            f"{row.section}: {row.what} {_figure(row, row.ours)}, goal {_figure(row, row.goal)}" for row in late
        )
    )


def _is_missed(kind: Kind, ours: float, goal: float) -> bool:
    return ours < goal if kind is Kind.RATE else ours > goal


def _cells(row: Row) -> tuple[str, ...]:
    goal = "" if row.goal is None else f"{'>=' if row.kind is Kind.RATE else '<='} {_figure(row, row.goal)}"
    ratio = "inf" if row.ratio is None else f"{row.ratio:.3g}x"
    return (row.what, _figure(row, row.ours), goal, row.peer, _figure(row, row.theirs), ratio)


def _figure(row: Row, value: float | None) -> str:
    if value is None:
        return ""
    if row.kind is Kind.FATES:
        return f"{value:,.0f} of {row.of:,}"
    if row.kind is Kind.RATE:
        return f"{value:,.0f}{row.kind}"
    digits = 2 if row.kind is Kind.SECONDS or value < 10 else 0
    return f"{value:,.{digits}f} {row.kind}"


def _line(cells: Sequence[str], widths: Sequence[int]) -> str:
    left = {0, 3}  # the words; figures stand to the right
    padded = [
        cell.ljust(width) if column in left else cell.rjust(width)
        for column, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return "  " + "  ".join(padded).rstrip()
