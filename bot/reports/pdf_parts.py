"""Parts of the PDF report: styles, lines of words, rules, and the annexes' tables."""

from xml.sax.saxutils import escape

from reportlab.lib.enums import TA_CENTER, TA_LEFT
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.platypus import Flowable, Paragraph, Table

from bot.reports import serif
from bot.reports.paper import INNER, TABLE, Annex
from bot.reports.words import NOTHING, one_line

SIDES = ("LEFT", "RIGHT", "TOP", "BOTTOM")
_LEADING = 1.2  # of the size, between lines
_MOST_LINES = 22  # of a cell, were its words set without a gap: no row may be higher than a page
_PAD = 3.0  # points between a cell's words and its lines


def style(
    size: float, *, face: str = serif.PLAIN, align: int = TA_CENTER, before: float = 0, indent: float = 0
) -> ParagraphStyle:
    """Return a style of so many points; `indent` is of the first line."""
    return ParagraphStyle(
        name="set",
        fontName=face,
        bulletFontName=face,
        fontSize=size,
        leading=size * _LEADING,
        alignment=align,
        spaceBefore=before,
        firstLineIndent=indent,
        splitLongWords=1,
    )


def said(text: str, style: ParagraphStyle) -> Paragraph:
    """Return words as they are, whatever marks are in them, as a paragraph."""
    return Paragraph(escape(one_line(text)), style)


class Rule(Flowable):  # type: ignore[misc]  # the library is untyped
    """A line in the middle of whatever holds it."""

    def __init__(self, length: float) -> None:
        super().__init__()
        self._length = length
        self._room = 0.0

    def wrap(self, width: float, _height: float) -> tuple[float, float]:
        """Take the whole width and seven points."""
        self._room = width
        return width, 7

    def draw(self) -> None:
        """Draw the line."""
        self.canv.setLineWidth(0.75)
        self.canv.line((self._room - self._length) / 2, 3, (self._room + self._length) / 2, 3)


def table(annex: Annex) -> Table:
    """Return an annex's table, its header again on every page; what no row could hold is cut."""
    rows = annex.rows or (("", NOTHING, *[""] * (len(annex.header) - 2)),)
    every = [annex.header, *rows, *([annex.last] if annex.last else [])]
    bold_rows = {0, len(every) - 1} if annex.last else {0}
    widths = [INNER * mm * part / sum(annex.widths) for part in annex.widths]
    cells = [
        _row(row, widths, is_bold=place in bold_rows, left=annex.words if place else frozenset())
        for place, row in enumerate(every)
    ]
    padding = [(f"{side}PADDING", (0, 0), (-1, -1), _PAD) for side in SIDES]
    grid = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "MIDDLE"), *padding]
    return Table(cells, colWidths=widths, repeatRows=1, style=grid)


def _row(row: tuple[str, ...], widths: list[float], *, is_bold: bool, left: frozenset[int]) -> list[Paragraph]:
    face = serif.STRONG if is_bold else serif.PLAIN
    return [
        said(_fitting(text, width, face), style(TABLE, face=face, align=TA_LEFT if column in left else TA_CENTER))
        for column, (text, width) in enumerate(zip(row, widths, strict=True))
    ]


def _fitting(text: str, width: float, face: str) -> str:
    length, room = serif.width(text, TABLE, face=face), _MOST_LINES * (width - 2 * _PAD)
    return text if length <= room else text[: int(len(text) * room / length)] + "…"
