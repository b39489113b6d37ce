"""Rows as CSV and JSON text, for spreadsheets and for programs."""

import csv
import io
import json
from collections.abc import Sequence
from datetime import UTC, date, datetime

from bot.domain.calendar import LOCAL
from bot.reports.words import plain

Cell = str | int | float | bool | date | datetime | None
"""What a table may hold; a datetime is aware."""

BOM = "\ufeff"  # without it Excel reads the file in the machine's own code page
FORMULA = tuple("=+-@\t\r\n＝＋－＠")  # beginnings that spreadsheets take for a formula; OWASP, "CSV Injection"


def rows_csv(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return the rows as RFC 4180 text with a byte order mark; encode it as UTF-8.

    Text that a spreadsheet would take for a formula gets an apostrophe before it; numbers stay as they are.
    Moments are local ("2022-09-30 10:00:00"), days ISO 8601. Raises ValueError for a row not as long as the header.
    """
    written = io.StringIO()
    table = csv.writer(written, lineterminator="\r\n")
    for row in (header, *rows):
        _fits(header, row)
        table.writerow([_csv_cell(cell) for cell in row])
    return BOM + written.getvalue()


def rows_json(header: Sequence[str], rows: Sequence[Sequence[Cell]]) -> str:
    """Return the rows as a JSON list of objects keyed by the header; moments are ISO 8601 in UTC.

    Raises ValueError for a row not as long as the header, for a repeated name, and for NaN and infinities.
    """
    if len(set(header)) != len(header):
        raise ValueError("a name stands twice in the header")
    for row in rows:
        _fits(header, row)
    listed = [{name: _json_cell(cell) for name, cell in zip(header, row, strict=True)} for row in rows]
    return json.dumps(listed, ensure_ascii=False, allow_nan=False, indent=1) + "\n"


def _fits(header: Sequence[str], row: Sequence[Cell]) -> None:
    if len(row) != len(header):
        raise ValueError(f"a row has {len(row)} cells, the header {len(header)}")


def _csv_cell(cell: Cell) -> str | int | float | None:
    match cell:
        case bool():
            return "true" if cell else "false"
        case datetime():
            return f"{cell.astimezone(LOCAL):%Y-%m-%d %H:%M:%S}"
        case date():
            return cell.isoformat()
        case str():
            return _harmless(plain(cell))
        case _:
            return cell


def _harmless(text: str) -> str:
    # Some spreadsheets look past leading blanks.
    begins = text.startswith(FORMULA) or text.lstrip().startswith(FORMULA)
    return f"'{text}" if begins else text


def _json_cell(cell: Cell) -> str | int | float | bool | None:
    match cell:
        case datetime():
            return cell.astimezone(UTC).isoformat()
        case date():
            return cell.isoformat()
        case str():
            return plain(cell)
        case _:
            return cell
