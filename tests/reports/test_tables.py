"""Exports hold what was there, and nothing in them runs."""

import csv
import io
import json
import unicodedata
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.tallies import Classes, Correction, Corrections, Past, ResultSum, Risk
from bot.reports.sheets import sheet_name
from bot.reports.tables import Cell, rows_csv, rows_json
from bot.reports.workbook import rows_xlsx, week_xlsx

Build = Callable[..., Any]

FORMULAS = ["=1+1", '=HYPERLINK("http://a.b","x")', "+84 905", "-1", "@SUM(A1)", "\t=1", "  =1", "＝1"]
MOMENT = datetime(2022, 9, 30, 3, 0, tzinfo=UTC)


def opened(raw: bytes) -> openpyxl.Workbook:
    return openpyxl.load_workbook(io.BytesIO(raw))


def read_csv(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_a_person_typed_is_never_a_formula_in_a_workbook(typed: str) -> None:
    sheet = opened(rows_xlsx("Báo cáo", ["ghi chú"], [[typed]])).worksheets[0]

    cell = sheet["A2"]
    assert (cell.value, cell.data_type) == (typed, "s")
    assert cell.hyperlink is None


@pytest.mark.parametrize("typed", FORMULAS)
def test_what_a_person_typed_is_never_a_formula_in_a_csv(typed: str) -> None:
    assert read_csv(rows_csv(["ghi chú"], [[typed]]))[1] == [f"'{typed}"]


def test_a_note_of_the_week_is_never_a_formula(make_week: Build, make_line: Build) -> None:
    book = opened(week_xlsx(make_week(blocked=(make_line("=1+1"),), overdue=(make_line("https://a.b/=x"),))))

    assert (book["Vướng mắc"]["G4"].value, book["Vướng mắc"]["G4"].data_type) == ("=1+1", "s")
    assert book["Quá hạn"]["G4"].hyperlink is None


def test_a_csv_begins_with_the_mark_excel_needs_and_keeps_numbers_numbers() -> None:
    text = rows_csv(["số", "lúc", "ngày", "có"], [[-5, MOMENT, date(2022, 9, 30), True], [1.5, None, None, False]])

    assert text == ("\ufeffsố,lúc,ngày,có\r\n-5,2022-09-30 10:00:00,2022-09-30,true\r\n1.5,,,false\r\n")


@given(st.lists(st.lists(st.text(alphabet=st.characters(categories=["L", "N", "P", "Zs"])), min_size=2, max_size=2)))
def test_a_csv_gives_back_every_cell_but_for_the_apostrophe(rows: list[list[str]]) -> None:
    read = read_csv(rows_csv(["a", "b"], rows))[1:]

    kept = [[unicodedata.normalize("NFC", cell) for cell in row] for row in rows]
    assert all(
        got in (cell, f"'{cell}")
        for one, other in zip(read, kept, strict=True)
        for got, cell in zip(one, other, strict=True)
    )


def test_json_rows_are_objects_with_moments_in_utc() -> None:
    text = rows_json(["đơn vị", "lúc", "số"], [["Sở Nội vụ", MOMENT, 1]])

    assert json.loads(text) == [{"đơn vị": "Sở Nội vụ", "lúc": "2022-09-30T03:00:00+00:00", "số": 1}]
    assert "Sở Nội vụ" in text


@pytest.mark.parametrize(
    "write", [rows_csv, rows_json, lambda header, rows: rows_xlsx("t", header, rows)], ids=["csv", "json", "xlsx"]
)
def test_a_row_of_another_length_is_refused(write: Build) -> None:
    with pytest.raises(ValueError, match="row"):
        write(["a", "b"], [["1"]])


def test_the_workbook_of_a_week_has_totals_units_and_a_sheet_a_list(
    make_week: Build, make_unit: Build, make_line: Build
) -> None:
    units = (make_unit("Sở Nội vụ", 1, 1, 0, 2, days_late=9), make_unit("UBND thành phố Tam Kỳ", 0, 0, 0, 0))

    book = opened(week_xlsx(make_week(units=units, overdue=(make_line("đang làm"),))))

    assert book.sheetnames == [
        "Tổng hợp", "Theo đơn vị", "Quá hạn", "Vướng mắc", "Xin gia hạn", "Tuần tới", "Chưa cập nhật", "Chưa gửi được",
    ]  # fmt: skip
    rows = list(book["Theo đơn vị"].iter_rows(min_row=4, values_only=True))
    assert rows[0] == (1, "Sở Nội vụ", 4, 1, 1, 0, 2, 0.5, 0.25, 9, 0)
    assert rows[1] == (2, "UBND thành phố Tam Kỳ", 0, 0, 0, 0, 0, "—", "—", 0, 0)
    assert rows[2][1:8] == (
        "Tổng cộng",
        *(f"=SUM({column}4:{column}5)" for column in "CDEFG"),
        '=IF(C6=0,"—",(D6+E6)/C6)',
    )
    assert book["Quá hạn"]["E4"].value == datetime(2022, 9, 25, 17, 0)  # noqa: DTZ001 - a workbook has no zones
    assert book["Tuần tới"]["A4"].value == "Không có."
    assert {sheet.freeze_panes for sheet in book} == {"A4", "C4"}  # the units' names stay in sight
    assert book["Theo đơn vị"].auto_filter.ref == "A3:K5"
    assert "Số liệu tính đến 10:00 30/09/2022" in book["Tổng hợp"]["A1"].value


def test_equal_figures_give_equal_workbooks(make_week: Build, make_unit: Build) -> None:
    week = make_week(units=(make_unit("Sở Nội vụ", 1, 1, 0, 2),))

    assert week_xlsx(week) == week_xlsx(week)
    assert opened(week_xlsx(week)).properties.created == datetime(2022, 9, 30, 3, 0)  # noqa: DTZ001 - UTC by the format
    assert rows_xlsx("t", ["a"], [[MOMENT]]) == rows_xlsx("t", ["a"], [[MOMENT]])


def test_a_workbook_takes_any_cell() -> None:
    cells: list[Cell] = [
        "x" * 40_000,
        "\x00\x1b",
        float("nan"),
        float("inf"),
        True,
        None,
        10**15,
        date(2022, 9, 30),
        MOMENT,
    ]

    row = [cell.value for cell in opened(rows_xlsx("t", [str(n) for n in range(9)], [cells])).worksheets[0][2]]

    assert len(str(row[0])) == 32_767
    assert row[2:7] == ["nan", "inf", "Có", None, 10**15]


@pytest.mark.parametrize(
    ("title", "name"),
    [
        pytest.param("Sổ bước: 2022/09 [tuần]", "Sổ bước  2022 09  tuần", id="forbidden characters"),
        pytest.param("'tên'", "tên", id="apostrophes at the ends"),
        pytest.param("", "Bảng", id="empty"),
        pytest.param("x" * 40, "x" * 31, id="too long"),
    ],
)
def test_any_title_becomes_a_name_excel_takes(title: str, name: str) -> None:
    assert sheet_name(title) == name


def test_the_breakdown_of_a_week_stands_in_a_sheet_of_its_own(make_week: Build, make_unit: Build) -> None:
    task = replace(make_unit("R1", 1, 2, 3, 4), ages=(0, 1, 1, 1, 1), apart={"paused": 5}, unassigned=4)
    classes = Classes(on_time=1, late=0, waiting=0, overdue=1)
    figures = make_week(
        form=2,
        units=(replace(task, original=classes),),
        tasks=(task,),
        risks=(Risk(id="1", name="Chỉ đạo", points=8.5, source="QĐ", rule="QĐ 1149", overdue=4, days=40),),
        results=(
            ResultSum(task="R1", kind="ratio", label="=thư", reports=2, nothing=1, done=3, total=4, aimed=2, met=1),
        ),
        earlier=(Past(why="month", week="2022-W35", classes=classes),),
        corrections=Corrections(
            week="2022-W38",
            before=classes,
            after=classes,
            tasks=(Correction(task="R1", before=classes, after=classes),),
        ),
    )

    sheet = opened(week_xlsx(figures))["Phân tích"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows()]
    by = [row[0] for row in rows]

    assert by[by.index("Toàn bộ") :] == [
        "Toàn bộ",
        "Theo hạn gốc",
        "Nhiệm vụ",
        "Điểm có nguy cơ mất",
        "Kết quả",
        "Kỳ trước",
        *["Điều chỉnh: đã phát hành", "Điều chỉnh: tính lại"] * 2,
    ]
    assert rows[by.index("Nhiệm vụ")][3:16] == [10, 1, 2, 3, 4, 0.3, 0.1, 1, 1, 2, 1, 0, 4]
    assert "Phân tích" not in opened(week_xlsx(make_week())).sheetnames  # a week of the first form comes out as it was
