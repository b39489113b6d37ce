"""Excel workbooks: a week's figures in sheets, any rows as a table. What a person typed is text, never a formula."""

from collections.abc import Sequence
from datetime import UTC, datetime

from bot.domain.compliance import Line, UnitFigures, WeekFigures
from bot.reports import words
from bot.reports.behind import Records
from bot.reports.breakdown import BREAKDOWN_HEADER, breakdown
from bot.reports.records import record_sheets
from bot.reports.sheets import Book, Entry, Percent, Quotient, Sum
from bot.reports.tables import Cell

EPOCH = datetime(1980, 1, 1, tzinfo=UTC)  # a zip file's first moment, for a document that has no moment of its own

_UNIT_HEADER = (
    "STT",
    "Đơn vị",
    "Đến hạn",
    "Đúng hạn",
    "Quá hạn đã xong",
    "Chờ xác nhận",
    "Quá hạn chưa xong",
    "Tỷ lệ hoàn thành",
    "Tỷ lệ đúng hạn",
    "Tổng số ngày quá hạn",
    "Chưa hỏi được",
)
_LINE_HEADER = ("STT", "Mã", "Nhiệm vụ", "Cơ quan chủ trì thực hiện", "Thời hạn hoàn thành", "Số ngày", "Nội dung")


def week_xlsx(figures: WeekFigures, records: Records | None = None) -> bytes:
    """Return the week as a workbook: totals, units worst first, a sheet for each list. Equal figures, equal bytes.

    With `records`, what the figures were counted from follows: units against tasks, occurrences, reports, deliveries.
    """
    book = Book(made_at=figures.as_of, title=words.heading(figures))
    note = f"{words.heading(figures)}. {words.as_of(figures)}."
    book.sheet("Tổng hợp", ("Chỉ tiêu", "Số liệu", "Cách tính"), _totals(figures), note=note)
    rows = [_unit_row(place, unit) for place, unit in enumerate(figures.units, 1)]
    book.sheet("Theo đơn vị", _UNIT_HEADER, rows, note=note, last=_total_row(figures.total), frozen=2)
    for name, lines in (
        ("Quá hạn", figures.overdue),
        ("Vướng mắc", figures.blocked),
        ("Xin gia hạn", figures.extensions),
        ("Tuần tới", figures.next_week),
        ("Chưa cập nhật", figures.unanswered),
        ("Chưa gửi được", figures.undeliverable),
    ):
        book.sheet(name, _LINE_HEADER, [_line_row(place, line) for place, line in enumerate(lines, 1)], note=note)
    if figures.form > 1:
        book.sheet("Phân tích", BREAKDOWN_HEADER, breakdown(figures), note=note)
    if records is not None:
        record_sheets(book, records, note=note)
    return book.close()


def rows_xlsx(title: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], *, made_at: datetime = EPOCH) -> bytes:
    """Return the rows as a workbook of one sheet with a filter; moments are shown in local time.

    `made_at` becomes the document's date; equal arguments give equal bytes.
    Raises ValueError for a row that is not as long as the header.
    """
    if any(len(row) != len(header) for row in rows):
        raise ValueError("a row is not as long as the header")
    book = Book(made_at=made_at, title=title)
    book.sheet(title, header, rows)
    return book.close()


def _totals(figures: WeekFigures) -> list[tuple[Cell | Percent, ...]]:
    total, before = figures.total, figures.previous
    done = words.change(total.done_share, before.done_share if before else None)
    on_time = words.change(total.on_time_share, before.on_time_share if before else None)
    return [
        ("Nhiệm vụ đã giao", figures.given, "Mỗi đơn vị chủ trì tính một nhiệm vụ"),
        ("Đơn vị đã hỏi được", figures.asked_units, f"Trên tổng số {figures.units_total} đơn vị"),
        ("Đến hạn", total.due, "Đúng hạn + quá hạn đã xong + chờ xác nhận + quá hạn chưa xong"),
        ("Hoàn thành", total.done, "Đúng hạn + quá hạn đã xong"),
        (words.ON_TIME, total.on_time, ""),
        (words.LATE, total.late, ""),
        (words.WAITING, total.waiting, "Đã báo cáo, cơ quan theo dõi chưa xác nhận"),
        (words.OVERDUE, total.overdue, f"Tổng số ngày quá hạn: {words.number(total.days_late)}"),
        ("Tỷ lệ hoàn thành", Percent(total.done_share), _how(total.done, total.due, done)),
        ("Tỷ lệ đúng hạn", Percent(total.on_time_share), _how(total.on_time, total.due, on_time)),
        ("Chưa hỏi được", total.not_asked, "Không tính vào tỷ lệ"),
        ("Tin nhắn chưa rõ đã đến nơi", figures.in_doubt, ""),
    ]


def _how(part: int, due: int, change: str) -> str:
    return "; ".join(filter(None, (words.ratio(part, due), change)))


def _unit_row(place: int, unit: UnitFigures) -> tuple[Cell | Percent, ...]:
    counts = (unit.due, unit.on_time, unit.late, unit.waiting, unit.overdue)
    shares = (Percent(unit.done_share), Percent(unit.on_time_share))
    return (place, unit.name, *counts, *shares, unit.days_late, unit.not_asked)


def _line_row(place: int, line: Line) -> tuple[Cell, ...]:
    return place, line.task, line.title, line.unit, line.due_at, line.days, line.note


def _total_row(total: UnitFigures) -> tuple[Entry, ...]:
    counts = (total.due, total.on_time, total.late, total.waiting, total.overdue)
    done, on_time = _columns("Đúng hạn", "Quá hạn đã xong"), _columns("Đúng hạn")
    (due,) = _columns("Đến hạn")
    shares = (Quotient(done, due, total.done_share), Quotient(on_time, due, total.on_time_share))
    return ("", "Tổng cộng", *map(Sum, counts), *shares, Sum(total.days_late), Sum(total.not_asked))


def _columns(*names: str) -> tuple[int, ...]:
    return tuple(map(_UNIT_HEADER.index, names))
