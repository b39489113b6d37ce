"""Sheets of a workbook as tables: merged cells filled, dates as days, formulas by their last computed value."""

import re
import warnings
from collections.abc import Iterator
from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import openpyxl

from bot.imports.tables import MAX_CELL, MAX_COLUMNS, MAX_ROWS, AnnexError, Cell, Merged, Row, Table, clean

_NOT_FORMAT = re.compile(r'"[^"]*"|\[[^\]]*\]|\\.')
Grid = dict[tuple[int, int], Cell]


def sheets(content: bytes) -> list[Table]:
    """Return every sheet with text in it; AnnexError names a sheet that is too large."""
    values, written = _opened(content, values=True), _opened(content, values=False)
    tables = [_table(sheet, written[sheet.title]) for sheet in values.worksheets]
    return [table for table in tables if table.rows]


def _opened(content: bytes, *, values: bool) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of features that no annex needs
        return openpyxl.load_workbook(BytesIO(content), data_only=values)


def _table(sheet: Any, written: Any) -> Table:
    # Only cells that exist: a sheet coloured down to its last row has a million that do not.
    grid: Grid = {}
    for place, cell in sheet._cells.items():
        found = _cell(cell, written._cells.get(place))
        if found.text or found.doubts:
            grid[place] = found
    last_row, last_column = (max((place[axis] for place in grid), default=0) for axis in (0, 1))
    if last_row > MAX_ROWS or last_column > MAX_COLUMNS:
        raise AnnexError(
            f"trang «{sheet.title}» dài đến dòng {last_row}, cột {last_column}; "
            f"nhiều nhất là {MAX_ROWS} dòng, {MAX_COLUMNS} cột"
        )
    for merged in sheet.merged_cells.ranges:
        _fill(grid, merged, last_row=last_row, last_column=last_column)
    rows = tuple(_rows(sheet, grid, last_row=last_row, last_column=last_column))
    return Table(name=str(sheet.title), rows=rows, is_hidden=sheet.sheet_state != "visible")


def _rows(sheet: Any, grid: Grid, *, last_row: int, last_column: int) -> Iterator[Row]:
    for row in range(1, last_row + 1):
        cells = [grid.get((row, column), Cell()) for column in range(1, last_column + 1)]
        if row in sheet.row_dimensions and sheet.row_dimensions[row].hidden and any(cell.text for cell in cells):
            cells[0] = Cell(text=cells[0].text, merged=cells[0].merged, doubts=(*cells[0].doubts, "dòng này đang ẩn"))
        yield Row(place=f"dòng {row}", cells=tuple(cells))


def _fill(grid: Grid, merged: Any, *, last_row: int, last_column: int) -> None:
    own = grid.get((merged.min_row, merged.min_col))
    if own is None:
        return
    for row in range(merged.min_row, min(merged.max_row, last_row) + 1):
        for column in range(merged.min_col, min(merged.max_col, last_column) + 1):
            if (row, column) != (merged.min_row, merged.min_col):
                source = Merged.LEFT if column > merged.min_col else Merged.ABOVE
                grid[row, column] = Cell(text=own.text, merged=source)


def _cell(cell: Any, written: Any) -> Cell:
    doubts = []
    if written is not None and written.data_type == "f":
        empty = "; chưa có giá trị nào" if cell.value is None else "; lấy giá trị tính lần cuối"
        doubts.append(f"ô {cell.coordinate} là công thức{empty}")
    if cell.data_type == "e":
        return Cell(doubts=(*doubts, f"ô {cell.coordinate} báo lỗi {cell.value}"))
    text, doubt = _text(cell)
    if len(text) >= MAX_CELL:
        doubts.append(f"ô {cell.coordinate} đầy {MAX_CELL} chữ, có thể đã bị cắt")
    return Cell(text=clean(text), doubts=(*doubts, *doubt))


def _text(cell: Any) -> tuple[str, tuple[str, ...]]:
    value, shown = cell.value, str(cell.number_format)
    if isinstance(value, date):
        return _day(value, shown, cell.coordinate)
    if isinstance(value, time):
        return f"{value:%H:%M}", ()
    if isinstance(value, float):
        return (f"{value * 100:.10g} %" if "%" in shown else f"{value:.15g}"), ()
    return "" if value is None else str(value), ()


def _day(value: date, shown: str, place: str) -> tuple[str, tuple[str, ...]]:
    bare = _NOT_FORMAT.sub("", shown).lower()
    if "d" not in bare and "m" in bare and "y" in bare:
        # Typed as 11/2025, Excel keeps the 1st of November and shows the month: only the month was meant.
        return f"Tháng {value.month}/{value.year}", (f"ô {place} là ngày nhưng chỉ hiện tháng, năm",)
    if isinstance(value, datetime) and (value.hour or value.minute):
        return f"{value:%H} giờ {value:%M} ngày {value:%d/%m/%Y}", ()
    return f"{value:%d/%m/%Y}", ()
