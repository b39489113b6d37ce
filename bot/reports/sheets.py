"""A workbook being written: headed, framed, filtered sheets in which every kind of cell has its form."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from io import BytesIO
from math import isfinite
from typing import NamedTuple

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.utility import xl_range, xl_rowcol_to_cell
from xlsxwriter.worksheet import Worksheet

from bot.domain.calendar import LOCAL
from bot.reports import words
from bot.reports.tables import Cell

MOST_TEXT = 32_767  # characters a cell; "Excel specifications and limits", support.microsoft.com
MOST_NAME = 31  # characters of a sheet's name; the same page
NOT_IN_A_NAME = "[]:*?/\\"
NARROWEST, WIDEST = 6, 60  # characters; what is longer wraps
_FORMS = {
    "text": {"num_format": "@"},
    "number": {"num_format": "General"},
    "percent": {"num_format": "0.0%", "align": "right"},
    "day": {"num_format": "dd/mm/yyyy", "align": "center"},
    "moment": {"num_format": "hh:mm dd/mm/yyyy", "align": "center"},
}


class Percent(NamedTuple):
    """A share of 0…1 shown in per cent; None is a dash."""

    share: float | None


class Sum(NamedTuple):
    """The sum of the rows above, as a formula; `value` is what it comes to, for readers that reckon nothing."""

    value: int | float


class Quotient(NamedTuple):
    """The sum of some columns of this row by another, as a formula; a dash where nothing stands below the line."""

    parts: tuple[int, ...]
    whole: int
    share: float | None


Entry = Cell | Percent | Sum | Quotient


class Book:
    """One workbook in memory. Its bytes depend on nothing but what is put in."""

    def __init__(self, *, made_at: datetime, title: str) -> None:
        self._buffer = BytesIO()
        options = {
            "in_memory": True,
            "strings_to_formulas": False,
            "strings_to_urls": False,
            "nan_inf_to_errors": False,
        }
        self._book = xlsxwriter.Workbook(self._buffer, options)
        self._book.set_properties({"title": words.one_line(title), "created": made_at.astimezone(UTC)})
        common = {"font_name": "Times New Roman", "font_size": 12, "valign": "top"}
        framed = {**common, "border": 1, "text_wrap": True}
        self._note = self._book.add_format({**common, "bold": True})
        self._head = self._book.add_format({**framed, "bold": True, "align": "center", "bg_color": "#E4EDF7"})
        self._plain = {form: self._book.add_format({**framed, **look}) for form, look in _FORMS.items()}
        self._bold = {form: self._book.add_format({**framed, **look, "bold": True}) for form, look in _FORMS.items()}

    def sheet(
        self,
        name: str,
        header: Sequence[str],
        rows: Sequence[Sequence[Cell | Percent]],
        *,
        note: str = "",
        last: Sequence[Entry] = (),
        frozen: int = 0,
    ) -> None:
        """Add a sheet: a note above (if any), a frozen header with a filter, the rows, `last` in bold below them.

        So many columns as `frozen` says stay in sight beside the header.
        """
        page = self._book.add_worksheet(sheet_name(name))
        top = 2 if note else 0
        if note:
            page.write_string(0, 0, words.one_line(note), self._note)
        for column, title in enumerate(header):
            page.write_string(top, column, words.plain(title), self._head)
            page.set_column(column, column, _width([title], [row[column] for row in rows]))
        for place, row in enumerate(rows, top + 1):
            _write(page, place, row, self._plain)
        if not rows:
            page.write_string(top + 1, 0, words.NOTHING)
        _write(page, top + 1 + max(len(rows), 1), last, self._bold, first=top + 1)
        page.freeze_panes(top + 1, frozen)
        page.autofilter(top, 0, top + max(len(rows), 1), len(header) - 1)
        _for_paper(page, top)

    def close(self) -> bytes:
        """Return the finished file."""
        self._book.close()
        return self._buffer.getvalue()


def sheet_name(title: str) -> str:
    """Return the title as a sheet may be called: at most 31 characters, none of []:*?/\\, no apostrophe at an end."""
    kept = "".join(" " if char in NOT_IN_A_NAME else char for char in words.one_line(title))
    return kept[:MOST_NAME].strip(" '") or "Bảng"


def _for_paper(page: Worksheet, top: int) -> None:
    page.set_landscape()
    page.set_paper(9)  # A4
    page.fit_to_pages(1, 0)
    page.repeat_rows(top)


def _write(page: Worksheet, place: int, row: Sequence[Entry], forms: dict[str, Format], *, first: int = 0) -> None:
    for column, cell in enumerate(row):
        match cell:
            case Sum(value=value):
                summed = xl_range(first, column, place - 1, column)
                page.write_formula(place, column, f"=SUM({summed})", forms["number"], value)
            case Quotient():
                page.write_formula(place, column, _quotient(place, cell), forms["percent"], _shown(cell.share))
            case None:
                page.write_blank(place, column, None, forms["text"])
            case Percent(share=float(share)):
                page.write_number(place, column, share, forms["percent"])
            case Percent():
                page.write_string(place, column, words.DASH, forms["percent"])
            case datetime():
                page.write_datetime(place, column, _local(cell), forms["moment"])
            case date():
                page.write_datetime(place, column, cell, forms["day"])
            case int() | float() if not isinstance(cell, bool) and isfinite(cell):
                page.write_number(place, column, cell, forms["number"])
            case _:
                page.write_string(place, column, _said(cell), forms["text"])


def _quotient(place: int, cell: Quotient) -> str:
    whole = xl_rowcol_to_cell(place, cell.whole)
    parts = "+".join(xl_rowcol_to_cell(place, part) for part in cell.parts)
    return f'=IF({whole}=0,"{words.DASH}",({parts})/{whole})'


def _shown(share: float | None) -> float | str:
    return words.DASH if share is None else share


def _said(cell: Cell | Percent) -> str:
    match cell:
        case None:
            return ""
        case bool():
            return "Có" if cell else "Không"
        case Percent():
            return words.share(cell.share)
        case datetime():
            return words.moment(cell)
        case _:
            said = words.plain(str(cell))
            return said if len(said) <= MOST_TEXT else said[: MOST_TEXT - 1] + "…"


def _local(moment: datetime) -> datetime:
    # A workbook has no zones, so a cell shows the local wall clock.
    return moment.astimezone(LOCAL).replace(tzinfo=None)


def _width(header: Sequence[str], cells: Sequence[Cell | Percent]) -> int:
    longest = max((len(line) for cell in cells for line in _said(cell).splitlines()), default=0)
    # A header may wrap between words, and it carries the arrow of the filter.
    words_of = max((len(word) for title in header for word in title.split()), default=0) + 4
    return min(WIDEST, max(NARROWEST, longest + 2, words_of))
