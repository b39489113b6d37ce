"""Rows as annexes really have them: groups, merged cells, continued rows, gaps; nothing invented, nothing dropped unnamed."""

from datetime import date, datetime, time
from io import BytesIO
from typing import Any

import docx
import openpyxl
import pytest
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls

from bot.imports import AnnexError
from tests.imports.annexes import (
    Line,
    Span,
    checked,
    document,
    filled,
    imported,
    problems,
    saved,
    task_block,
    workbook,
)

HEADS: Line = ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn hoàn thành", "Sản phẩm"]
ROW: Line = ["1", "Báo cáo kết quả", "Sở Nội vụ", "Quý IV/2022", "Báo cáo"]


def texts(*lines: Line, heads: Line = HEADS) -> str:
    return imported(workbook([heads, *lines])).text


# Headings


@pytest.mark.parametrize(
    "heads",
    [
        ["STT", "Nhiệm vụ", "Văn bản giao nhiệm vụ", "Cơ quan chủ trì thực hiện", "Thời hạn hoàn thành"],
        ["STT", "Tên nhiệm vụ", "Kết quả thực hiện", "Đơn vị chủ trì", "Thời hạn"],
        ["TT", "NHIỆM VỤ", "Nguồn kinh phí", "CƠ QUAN CHỦ TRÌ", "THỜI GIAN DỰ KIẾN HOÀN THÀNH"],
        ["STT", "Nội dung nhiệm vụ", "Tiến độ", "Cơ quan chủ trì", "Thời hạn hoàn thành"],
        ["stt", "nhiem vu", "ghi chu", "co quan chu tri", "thoi han hoan thanh"],
        ["id", "name", "status", "owner unit", "deadlineText"],
        ["Số TT", "Nội dung công việc", "Ghi chú", "Cơ quan, đơn vị chủ trì tham mưu", "Thời gian thực hiện (dự kiến)"],
    ],
    ids=["overdue list", "result list", "capitals", "decision", "without diacritics", "as code", "longer ones"],
)  # fmt: skip
def test_official_headings_are_known(heads: Line) -> None:
    text = texts(["1", "Báo cáo kết quả", "thêm", "Sở Nội vụ", "Quý IV/2022"], heads=heads)
    task = checked(text).plan.tasks["NV1"]

    assert (task.title, task.owners, task.due_text) == ("Báo cáo kết quả", ("snv",), "Quý IV/2022")
    assert "thêm" in task_block(text, "NV1") or "basis" in task_block(text, "NV1")


def test_a_column_of_groups_becomes_criteria() -> None:
    heads: Line = ["STT", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thuộc nhóm nhiệm vụ", "Nội dung nhiệm vụ",
                   "Chỉ tiêu đạt được", "Thời hạn hoàn thành"]  # fmt: skip
    plan = checked(
        texts(
            ["1", "Sở Y tế", "", "Thể chế", "Việc một", "Báo cáo", "Quý IV/2022"],
            ["2", "Sở Y tế", "", "Hạ tầng", "Việc hai", "100 %", "Quý IV/2022"],
            ["3", "Sở Y tế", "", "Thể chế", "Việc ba", "", "Quý IV/2022"],
            heads=heads,
        )
    ).plan

    assert {each.id: each.name for each in plan.criteria.values()} == {"N1": "Thể chế", "N2": "Hạ tầng"}
    assert [task.criteria for task in plan.tasks.values()] == [("N1",), ("N2",), ("N1",)]


def test_two_columns_of_one_kind_are_asked_about() -> None:
    heads: Line = [*HEADS, "Thời hạn trình"]
    text = texts([*ROW, "Quý III/2022"], heads=heads)

    assert "# kiểm tra: có hai cột «due»" in text
    assert "# Thời hạn trình: Quý III/2022" in task_block(text, "NV1")


# Groups


def test_letters_stand_over_roman_numerals_over_tasks() -> None:
    plan = checked(
        texts(
            ["A", "CẢI CÁCH", "", "", ""],
            ["I", "Thể chế", "", "", ""],
            ROW,
            ["II", "Bộ máy", "", "", ""],
            ["2", *ROW[1:]],
            ["B", "SỐ HÓA", "", "", ""],
            ["I", "Hạ tầng", "", "", ""],
            ["3", *ROW[1:]],
            [Span("II. Dữ liệu", columns=5)],
            ["4", *ROW[1:]],
        )
    ).plan

    assert {each.id: each.name for each in plan.criteria.values()} == {
        "A": "CẢI CÁCH", "A.I": "Thể chế", "A.II": "Bộ máy", "B": "SỐ HÓA", "B.I": "Hạ tầng", "B.II": "Dữ liệu",
    }  # fmt: skip
    assert [task.criteria for task in plan.tasks.values()] == [("A.I",), ("A.II",), ("B.I",), ("B.II",)]


def test_a_number_over_its_parts_is_a_group() -> None:
    found = imported(workbook([HEADS, ["1", "Chung", "", "", ""], ["1.1", *ROW[1:]], ["1.2", *ROW[1:]]]))

    assert (found.tasks, found.groups) == (2, 1)


def test_numbers_that_begin_anew_in_each_group_run_on() -> None:
    text = texts(["I", "Một", "", "", ""], ROW, ["II", "Hai", "", "", ""], ROW)

    assert list(checked(text).plan.tasks) == ["NV1", "NV2"]
    assert "lặp lại" not in text


def test_a_number_twice_in_one_group_is_asked_about() -> None:
    text = texts(ROW, ["1", "Việc khác", *ROW[2:]])

    assert list(checked(text).plan.tasks) == ["NV1", "NV2"]
    assert text.count("# kiểm tra: số thứ tự 1 lặp lại: dòng 2, dòng 3") == 2


# Merged and continued rows


def test_a_merged_owner_and_due_count_for_every_row_beside_them() -> None:
    tasks = checked(
        texts(
            ["1", "Việc một", Span("Sở Y tế", rows=2), Span("Quý IV/2022", rows=2), "Báo cáo"],
            ["2", "Việc hai", "Báo cáo"],
        )
    ).plan.tasks

    assert [(task.owners, task.due_text) for task in tasks.values()] == [(("syt",), "Quý IV/2022")] * 2


def test_a_row_that_only_goes_on_is_joined_and_asked_about() -> None:
    found = imported(workbook([HEADS, ROW, ["", "và gửi Sở Tài chính", "", "", ""], ["", "", "", "", "Tờ trình"]]))
    block = task_block(found.text, "NV1")

    assert (found.tasks, found.continued) == (1, 2)
    assert "title: Báo cáo kết quả và gửi Sở Tài chính" in block
    assert "label: Báo cáo Tờ trình" in block
    assert block.count("# kiểm tra: nối với dòng") == 2


def test_a_row_without_a_number_but_with_an_owner_is_a_task() -> None:
    assert len(checked(texts(ROW, ["", "Việc khác", "Sở Y tế", "Quý III/2022", ""])).plan.tasks) == 2


def test_one_number_over_several_contents_is_as_many_tasks() -> None:
    text = texts([Span("1", rows=2), *ROW[1:]], ["Việc khác", "Sở Y tế", "Quý III/2022", "Tờ trình"])

    assert [task.title for task in checked(text).plan.tasks.values()] == ["Báo cáo kết quả", "Việc khác"]
    assert "# kiểm tra: số thứ tự 1 lặp lại" in text


def test_ditto_marks_take_the_row_above_and_are_asked_about() -> None:
    text = texts(ROW, ["2", "Việc khác", "-nt-", "nt", "Tờ trình"])

    assert checked(text).plan.tasks["NV2"].owners == ("snv",)
    assert task_block(text, "NV2").count("# kiểm tra: phụ lục ghi") == 2


def test_a_heading_on_a_new_page_is_named_and_left_out() -> None:
    found = imported(document([HEADS, ROW, HEADS, ["2", *ROW[1:]]]))

    assert (found.tasks, found.skipped) == (2, (("bảng 1, dòng 3", "dòng tiêu đề lặp lại"),))


# What is not known is left open


@pytest.mark.parametrize(
    ("row", "left", "key"),
    [
        pytest.param(["1", "Việc", "Sở Nội vụ", "", ""], "phụ lục không ghi thời hạn", "due", id="no due"),
        pytest.param(
            ["1", "Việc", "Sở Nội vụ", "31/9/2022", ""], "tháng 9/2022 chỉ có 30 ngày", "due", id="impossible"
        ),
        pytest.param(["1", "Việc", "Sở Nội vụ", "Quý IV", ""], "Chưa đọc được hạn", "due", id="no year"),
        pytest.param(["1", "Việc", "", "Quý IV/2022", ""], "phụ lục không ghi đơn vị", "owners", id="no owner"),
        pytest.param(["1", "Việc", "Đài PT-TH", "Quý IV/2022", ""], "chưa nhận ra", "owners", id="unknown owner"),
        pytest.param(["1", "", "Sở Nội vụ", "Quý IV/2022", ""], "không ghi nội dung", "title", id="no title"),
    ],
)
def test_the_check_fails_at_the_very_line_that_is_open(row: Line, left: str, key: str) -> None:
    text = texts(row)
    line = next(number for number, each in enumerate(text.splitlines(), start=1) if each.startswith(f"    {key}:"))

    assert left in text.splitlines()[line - 1]
    assert [each for each in problems(text) if f":{line}:" in each] != []
    assert len(problems(text)) == 1


def test_an_unreadable_phrase_is_kept_as_a_comment() -> None:
    assert "# thời hạn trong phụ lục: khi nào xong thì báo" in texts([*ROW[:3], "khi nào xong thì báo", ""])


def test_a_known_owner_is_kept_beside_an_unknown_one() -> None:
    text = texts([*ROW[:2], "Sở Nội vụ, Đài PT-TH tỉnh", *ROW[3:]])

    assert checked(text).plan.tasks["NV1"].owners == ("snv",)
    assert "# kiểm tra: chưa nhận ra «Đài PT-TH tỉnh»" in text


def test_a_long_text_keeps_every_word() -> None:
    words = "Rà soát quy định: " + "của các cơ quan, đơn vị " * 40 + "# xong."
    task = checked(texts(["1", f"Ban hành kế hoạch.\n{words}", *ROW[2:]])).plan.tasks["NV1"]

    assert task.title == "Ban hành kế hoạch"
    assert task.quote == " ".join(f"Ban hành kế hoạch. {words}".split())


def test_a_text_that_was_cut_is_asked_about() -> None:
    assert "# kiểm tra: câu chưa trọn" in texts(["1", "Phối hợp với các cơ quan,", *ROW[2:]])


def test_several_dues_in_one_cell_are_a_list() -> None:
    task = checked(texts([*ROW[:3], "Trước ngày 15/9/2022\n30/11/2022", ""])).plan.tasks["NV1"]

    assert "15/9/2022" in task.due_text
    assert "30/11/2022" in task.due_text


# Cells of Excel


def sheet(**cells: Any) -> Any:
    book = openpyxl.load_workbook(BytesIO(workbook([HEADS, ROW])))
    for place, value in cells.items():
        book.active[place] = value
    return book


@pytest.mark.parametrize(
    ("value", "form", "written"),
    [
        pytest.param(date(2022, 9, 30), "dd/mm/yyyy", "due: 30/09/2022", id="a day"),
        pytest.param(
            datetime.combine(date(2022, 9, 30), time(17)),
            "dd/mm/yyyy hh:mm",
            "due: 17 giờ 00 ngày 30/09/2022",
            id="day and hour",
        ),
        pytest.param(date(2022, 11, 1), "mm/yyyy", "due: Tháng 11/2022", id="shown as a month"),
        pytest.param(44834, "General", "due:  # kiểm tra:", id="a bare number is no day"),
    ],
)
def test_days_of_excel_are_days(value: Any, form: str, written: str) -> None:
    book = sheet(D2=value)
    book.active["D2"].number_format = form

    assert written in imported(saved(book)).text


def test_a_formula_without_a_value_is_named() -> None:
    text = imported(saved(sheet(D2="=TODAY()"))).text

    assert "# kiểm tra: ô D2 là công thức; chưa có giá trị nào" in text
    assert "due:  # kiểm tra: phụ lục không ghi thời hạn" in text


def test_an_error_of_excel_is_no_text() -> None:
    text = imported(saved(sheet(D2="#REF!"))).text

    assert "# kiểm tra: ô D2 báo lỗi #REF!" in text


def test_text_that_looks_like_a_formula_stays_text() -> None:
    book = sheet(B2="+ Rà soát: @tất cả [x], {y} # z")

    assert checked(imported(saved(book)).text).plan.tasks["NV1"].title == "+ Rà soát: @tất cả [x], {y} # z"


def test_two_sheets_of_tasks_want_a_choice() -> None:
    book = sheet()
    book.copy_worksheet(book.active).title = "PL II"
    book.create_sheet("Bìa")["A1"] = "Kế hoạch"

    with pytest.raises(AnnexError, match="«Phụ lục», «PL II»; hãy chọn một bằng --sheet"):
        imported(saved(book))
    found = imported(saved(book), sheet="pl ii")
    assert (found.tables, found.tasks) == (("PL II",), 1)
    with pytest.raises(AnnexError, match="không có trang hay bảng «PL 3»"):
        imported(saved(book), sheet="PL 3")


def test_a_hidden_sheet_is_read_only_by_its_name() -> None:
    book = sheet()
    book.copy_worksheet(book.active).title = "Cũ"
    book["Cũ"].sheet_state = "hidden"

    assert imported(saved(book)).tables == ("Phụ lục",)
    assert imported(saved(book), sheet="Cũ").tables == ("Cũ",)


def test_a_hidden_row_is_asked_about() -> None:
    book = sheet()
    book.active.row_dimensions[2].hidden = True

    assert "# kiểm tra: dòng này đang ẩn" in imported(saved(book)).text


def test_a_sheet_coloured_to_its_end_is_read_as_far_as_it_has_text() -> None:
    book = sheet()
    book.active["A1048576"].fill = openpyxl.styles.PatternFill("solid", fgColor="FFFF00")
    book.active.merge_cells("A3:XFD5")

    assert imported(saved(book)).tasks == 1


# Documents of Word


def test_automatic_numbers_of_word_are_counted() -> None:
    paper = docx.Document(
        BytesIO(document([HEADS, ["", *ROW[1:]], ["", "Việc hai", *ROW[2:]], ["", "Việc ba", *ROW[2:]]]))
    )
    for row in paper.tables[0].rows[1:]:
        row.cells[0].paragraphs[0].style = "List Number"
        own = parse_xml(f'<w:numPr {nsdecls("w")}><w:ilvl w:val="0"/><w:numId w:val="5"/></w:numPr>')
        row.cells[0].paragraphs[0]._p.get_or_add_pPr().append(own)

    text = imported(saved(paper)).text

    assert [f"số thứ tự {number}" in text for number in ("1.", "2.", "3.")] == [True] * 3
    assert list(checked(text).plan.tasks) == ["NV1", "NV2", "NV3"]


def test_a_table_cut_in_two_goes_on() -> None:
    first, second = (docx.Document(BytesIO(document(lines))) for lines in ([HEADS, ROW], [["2", *ROW[1:]]]))
    first.element.body.insert(1, second.tables[0]._tbl)

    found = imported(saved(first))

    assert (found.tables, found.tasks) == (("Bảng 1", "Bảng 2"), 2)


def test_another_table_is_named_and_left_out() -> None:
    paper = docx.Document(BytesIO(document([HEADS, ROW], above=["Kế hoạch số 12/KH-UBND ngày 01 tháng 3 năm 2022"])))
    letterhead = docx.Document(BytesIO(document([["UBND TỈNH", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"]])))
    paper.element.body.insert(0, letterhead.tables[0]._tbl)

    found = imported(saved(paper))

    assert found.tables == ("Bảng 2",)
    assert found.skipped[0][0] == "Bảng 1"
    assert "number: 12/KH-UBND" in found.text
    assert "issued_on: 01/03/2022" in found.text


def test_a_change_that_waits_in_word_is_asked_about() -> None:
    paper = docx.Document(BytesIO(document([HEADS, ROW])))
    paragraph = paper.tables[0].cell(1, 1).paragraphs[0]
    added = parse_xml(
        f'<w:ins {nsdecls("w")} w:id="1" w:author="x"><w:r><w:t xml:space="preserve"> mới</w:t></w:r></w:ins>'
    )
    paragraph._p.append(added)

    text = imported(saved(paper)).text

    assert "title: Báo cáo kết quả mới" in text
    assert "# kiểm tra: ô có chỗ sửa chưa được chấp nhận" in text


def test_the_file_names_the_schema_for_editors_in_its_first_line() -> None:
    assert filled(texts(ROW)).startswith("# yaml-language-server: $schema=config/schema/plan_tasks.json\n")
