"""The workbook's totals are formulas that come to the figures, and what stands behind them follows in sheets."""

import io
from datetime import UTC, datetime
from pathlib import Path

import openpyxl
import pytest

from bot.domain.grid import Grid, Mark, Spot
from bot.reports import records
from bot.reports.behind import Records
from bot.reports.workbook import week_xlsx
from tests.imports.office import converted
from tests.reports.papers import FULL, NAMES

AT = datetime(2022, 9, 30, 3, 0, tzinfo=UTC)
TYPED = "=1+1"
BEHIND = Records(
    grid=Grid(
        units=("u0", "u1"),
        tasks=("R3", "R18"),
        spots={("u0", "R3"): Spot(mark=Mark.OVERDUE, count=2), ("u1", "R18"): Spot(mark=Mark.ON_TIME, count=1)},
        names={"u0": NAMES[0], "u1": TYPED},
    ),
    occurrences=[("R3", "Kế hoạch", NAMES[0], AT, AT, "Quá hạn chưa hoàn thành", "Vướng mắc", TYPED)],
    reports=[("R3", NAMES[0], "", "@An", "Telegram", "Vướng mắc", "", TYPED, "", AT)],
    deliveries=[("R3", NAMES[0], "", "nhắc đúng ngày", AT, AT, "đã gửi", "+An", "Telegram", AT)],
)


def test_what_stands_behind_the_figures_follows_in_four_sheets() -> None:
    book = openpyxl.load_workbook(io.BytesIO(week_xlsx(FULL, BEHIND)))

    assert book.sheetnames[-4:] == ["Đơn vị × nhiệm vụ", "Từng kỳ", "Báo cáo", "Gửi tin"]
    grid = list(book["Đơn vị × nhiệm vụ"].iter_rows(min_row=3, values_only=True))
    assert grid[0] == ("Đơn vị", "R3", "R18", "Quá hạn chưa xong")
    assert grid[1:3] == [(NAMES[0], "Q2", "", 2), (TYPED, "", "X", 0)]
    assert "Q: Quá hạn chưa xong" in book["Đơn vị × nhiệm vụ"]["A1"].value
    assert {book[name].freeze_panes for name in book.sheetnames[-4:]} == {"B4"}
    assert all(book[name].auto_filter.ref for name in book.sheetnames)


def test_formulas_are_ours_alone() -> None:
    book = openpyxl.load_workbook(io.BytesIO(week_xlsx(FULL, BEHIND)))

    formulas = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in book
        for row in sheet
        for cell in row
        if cell.data_type == "f"
    }

    assert formulas
    assert all(value.startswith(("=SUM(", "=IF(")) for value in formulas.values())
    assert {title for title, _ in formulas} == {"Theo đơn vị", "Đơn vị × nhiệm vụ"}


def test_without_records_the_workbook_is_as_it_is_sent() -> None:
    assert week_xlsx(FULL) == week_xlsx(FULL, None)
    assert "Từng kỳ" not in openpyxl.load_workbook(io.BytesIO(week_xlsx(FULL))).sheetnames


def test_a_sheet_with_too_many_rows_is_cut_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST", 1)
    many = Records(
        grid=BEHIND.grid, occurrences=[*BEHIND.occurrences] * 3, reports=BEHIND.reports, deliveries=BEHIND.deliveries
    )

    sheet = openpyxl.load_workbook(io.BytesIO(week_xlsx(FULL, many)))["Từng kỳ"]

    assert sheet.max_row == 4
    assert sheet["A1"].value.endswith("Chỉ ghi 1 dòng đầu trong 3 dòng.")


def test_an_office_program_reckons_the_totals_to_the_figures(tmp_path: Path) -> None:
    # Through another form and back, so that what is read was reckoned by the office program and not stored by us.
    raw = converted(week_xlsx(FULL, BEHIND), "xlsx", "ods", "xlsx", folder=tmp_path)

    book = openpyxl.load_workbook(io.BytesIO(raw), data_only=True)
    total = FULL.total
    row = next(row for row in book["Theo đơn vị"].iter_rows(values_only=True) if row[1] == "Tổng cộng")
    assert row[2:7] == (total.due, total.on_time, total.late, total.waiting, total.overdue)
    assert row[7:11] == (total.done_share, total.on_time_share, total.days_late, total.not_asked)
    assert book["Từng kỳ"]["H4"].value == TYPED
    assert [row[-1] for row in book["Đơn vị × nhiệm vụ"].iter_rows(min_row=4, values_only=True)][:3] == [2, 0, 2]
