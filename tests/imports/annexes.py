"""Annexes to read: one table as a workbook, a document or a page of HTML, each with the same merged cells."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from io import BytesIO
from pathlib import Path

import docx
from openpyxl import Workbook

from bot.catalogue import Catalogue, CatalogueError, CatalogueTexts, parse_catalogue
from bot.catalogue.units import load_registry
from bot.imports import Imported, Names, import_annex

ROOT = Path(__file__).parent.parent.parent
REGISTRY = load_registry(ROOT)
NAMES = Names(REGISTRY.units, REGISTRY.groups)


@dataclass(frozen=True)
class Span:
    """A cell over several rows or columns."""

    text: str
    rows: int = 1
    columns: int = 1


Line = Sequence[str | Span | date | float | None]


def placed(lines: Sequence[Line]) -> Iterator[tuple[int, int, Span]]:
    """Yield every cell with its row and column, from 0, as HTML lays cells out."""
    taken: set[tuple[int, int]] = set()
    for row, line in enumerate(lines):
        column = 0
        for each in line:
            while (row, column) in taken:
                column += 1
            span = each if isinstance(each, Span) else Span(each)  # type: ignore[arg-type]
            yield row, column, span
            taken |= {(row + down, column + right) for down in range(span.rows) for right in range(span.columns)}
            column += span.columns


def workbook(lines: Sequence[Line], *, title: str = "Phụ lục") -> bytes:
    book = Workbook()
    book.active.title = title
    for row, column, span in placed(lines):
        book.active.cell(row + 1, column + 1).value = span.text
        if span.rows > 1 or span.columns > 1:
            ends = {"end_row": row + span.rows, "end_column": column + span.columns}
            book.active.merge_cells(start_row=row + 1, start_column=column + 1, **ends)
    return saved(book)


def document(lines: Sequence[Line], *, above: Sequence[str] = ()) -> bytes:
    paper = docx.Document()
    for text in above:
        paper.add_paragraph(text)
    cells = list(placed(lines))
    width = max(column + span.columns for _, column, span in cells)
    table = paper.add_table(rows=len(lines), cols=width)
    for row, column, span in cells:
        cell = table.cell(row, column)
        if span.rows > 1 or span.columns > 1:
            cell = cell.merge(table.cell(row + span.rows - 1, column + span.columns - 1))
        cell.text = str(span.text or "")
    return saved(paper)


def page(lines: Sequence[Line]) -> bytes:
    rows: dict[int, str] = {}
    for row, _, span in placed(lines):
        text = escape(str(span.text or "")).replace("\n", "<br>")
        rows[row] = rows.get(row, "") + f'<td rowspan="{span.rows}" colspan="{span.columns}">{text}</td>'
    body = "".join(f"<tr>{rows.get(row, '')}</tr>" for row in range(len(lines)))
    return f'<html><head><meta charset="utf-8"></head><body><table border="1">{body}</table></body></html>'.encode()


def saved(made: object) -> bytes:
    file = BytesIO()
    made.save(file)  # type: ignore[attr-defined]
    return file.getvalue()


def imported(content: bytes, **options: str) -> Imported:
    return import_annex(content, source="phu-luc", names=NAMES, **options)


HEAD = {
    "number": "5610/KH-UBND", "title": "Kế hoạch", "issued_by": "UBND tỉnh", "issued_on": "24/8/2022",
    "starts": "24/8/2022", "ends": "31/12/2026", "office": "snv",
}  # fmt: skip


def filled(text: str) -> str:
    """Return an imported plan with the marked places of its head filled in."""
    for key, value in HEAD.items():
        text = re.sub(rf"^  {key}:  # kiểm tra: .*$", f"  {key}: {value}", text, flags=re.MULTILINE)
    return text


def checked(text: str) -> Catalogue:
    """Return the catalogue that an imported plan becomes; CatalogueError with what is still open in it."""
    units = (ROOT / "config/units.yaml").read_bytes()
    return parse_catalogue(CatalogueTexts(plan=filled(text).encode(), units=units, calendar=b"country: VN"))


def problems(text: str) -> list[str]:
    """Return what the check still finds in an imported plan whose head is filled in."""
    try:
        checked(text)
    except CatalogueError as error:
        return [str(problem) for problem in error.problems]
    return []


def task_block(text: str, code: str) -> str:
    """Return the lines of one task, from the comment above it."""
    found = re.search(
        rf"(?:^  #[^\n]*\n|^    # kiểm tra:[^\n]*\n)*^  - id: {code}\n(?:^    .*\n)*", text, flags=re.MULTILINE
    )
    assert found, f"no task {code}"
    return found[0]
