"""An annex of 74 tasks shaped like the official list gives the same plan from every kind of file."""

import re
from collections.abc import Callable
from datetime import date, time
from pathlib import Path

import pytest

from bot.catalogue import load_catalogue
from bot.domain.due import Once, Rhythm, Undated
from bot.imports import Imported
from tests.imports.annexes import ROOT, Line, checked, document, imported, page, problems, task_block, workbook
from tests.imports.office import converted
from tests.imports.official import DUES, TASKS, official

Make = Callable[[Path], bytes]
FILES = [
    pytest.param(lambda _: workbook(official()), id="xlsx by openpyxl"),
    pytest.param(lambda _: document(official()), id="docx by python-docx"),
    pytest.param(lambda folder: converted(page(official()), "html", "xlsx", folder=folder), id="xlsx by LibreOffice"),
    pytest.param(lambda folder: converted(page(official()), "html", "docx", folder=folder), id="docx by LibreOffice"),
    pytest.param(
        lambda folder: converted(workbook(official()), "xlsx", "ods", "xlsx", folder=folder), id="xlsx through ods"
    ),
    pytest.param(
        lambda folder: converted(document(official()), "docx", "odt", "docx", folder=folder), id="docx through odt"
    ),
]


@pytest.fixture(scope="module")
def by_hand() -> Imported:
    return imported(workbook(official()))


@pytest.mark.parametrize("make", FILES)
def test_every_row_is_a_task_a_group_or_named(make: Make, tmp_path: Path, by_hand: Imported) -> None:
    found = imported(make(tmp_path))
    skipped = [(place.rpartition(", ")[2], reason) for place, reason in found.skipped]

    assert (found.tasks, found.groups, found.continued) == (TASKS, 3, 0)
    assert found.rows == TASKS + 3 + len(found.skipped)
    assert skipped == [
        ("dòng 5", "dòng đánh số cột"),
        ("dòng 83", "dòng tổng: «Tổng cộng: 74 nhiệm vụ»"),
        ("dòng 84", "dòng trống"),
        ("dòng 85", "ghi chú dưới bảng: «Ghi chú: số liệu tính đến ngày 07/11/2025.»"),
    ]
    assert _without_places(found.text) == _without_places(by_hand.text)


def _without_places(text: str) -> str:
    return re.sub(r"(?:bảng 1, )?dòng (\d+)(, số thứ tự 0?\d+)?", r"dòng \1", text)


def test_the_plan_passes_its_check_once_the_head_is_filled_in(by_hand: Imported) -> None:
    plan = checked(by_hand.text).plan

    assert problems(by_hand.text) == []
    assert list(plan.tasks) == [f"NV{number}" for number in range(1, TASKS + 1)]
    assert [task.due_text for task in plan.tasks.values()] == [
        # A plain day is shown as the bot says days.
        "hết ngày 31/10/2025" if due == "31/10/2025" else due
        for due in DUES
    ]
    assert list(plan.criteria) == ["I", "II", "III"]


def test_single_tasks_are_what_their_rows_say(by_hand: Imported) -> None:
    tasks = checked(by_hand.text).plan.tasks
    first, sixth = tasks["NV1"], tasks["NV6"]

    assert first.title == "Hoàn thành việc thứ 1: rà soát, báo cáo và gửi kết quả"
    assert (first.owners, first.partners, first.basis) == (("skhdt", "svhttdl"), ("stttt",), ("624/TB-VPCP",))
    assert (first.result.kind, first.result.label, first.criteria) == ("document", "Báo cáo của đơn vị", ("I",))
    assert (sixth.owners, len(sixth.units)) == (("so-ban-nganh", "huyen"), 38)
    assert first.due == Once(day=date(2025, 9, 30))
    assert tasks["NV70"].due == Once(day=date(2025, 10, 26), at=time(17, 0))
    assert isinstance(tasks["NV71"].due, Undated)
    assert isinstance(tasks["NV60"].due, Rhythm)
    assert tasks["NV60"].criteria == ("III",)


def test_what_is_doubtful_stands_at_its_line(by_hand: Imported) -> None:
    lines = by_hand.text.splitlines()

    assert all(f"# kiểm tra: {text}" in lines[number - 1] for number, text in by_hand.doubts)
    fifth = task_block(by_hand.text, "NV5")
    assert "partners" not in fifth
    assert "# kiểm tra: chưa nhận ra «Các cơ quan có liên quan»" in fifth
    assert "# Nguồn kinh phí: Ngân sách" in task_block(by_hand.text, "NV7")
    assert len([text for _, text in by_hand.doubts if text.startswith("chưa rõ loại kết quả")]) == TASKS // 2
    assert len([text for _, text in by_hand.doubts if text.startswith("chưa nhận ra")]) == TASKS // 5


def test_what_stands_above_the_table_fills_the_head_and_is_marked(by_hand: Imported) -> None:
    head = by_hand.text.partition("criteria:")[0]

    assert "  number: 5610/KH-UBND  # kiểm tra: lấy từ «(Kèm theo" in head
    assert "  issued_by: UBND tỉnh Quảng Nam  # kiểm tra: " in head
    assert "  issued_on: 24/08/2022  # kiểm tra: " in head
    assert "  starts:  # kiểm tra: ngày đầu thực hiện" in head


# The shipped plan, written as an annex and read back

SAID = {
    "so-ban-nganh": "Các sở, ban, ngành",
    "huyen": "UBND các huyện, thị xã, thành phố",
    "toan-tinh": "Toàn tỉnh",
    "thanh-tra-kiem-tra": "Thanh tra - kiểm tra",
}


@pytest.mark.parametrize("make", [workbook, document])
def test_the_shipped_plan_comes_back_from_its_own_annex(make: Callable[[list[Line]], bytes]) -> None:
    shipped = load_catalogue(ROOT).plan
    lines: list[Line] = [["Thời hạn", "Mã", "Sản phẩm", "Đơn vị phối hợp", "Cơ quan chủ trì", "Nhiệm vụ", "Căn cứ"]]
    for task in shipped.tasks.values():
        owners, partners = (
            ";\n".join(SAID.get(word) or shipped.units[word].name for word in words)
            for words in (task.owners, task.partners)
        )
        lines.append([task.due_text, task.id, task.result.label, partners, owners, task.title, ", ".join(task.basis)])

    found = checked(imported(make(lines)).text).plan.tasks

    assert len(found) == 23
    for code, task in shipped.tasks.items():
        back = found[code]
        assert (back.title, back.owners, back.partners) == (task.title, task.owners, task.partners)
        assert (back.basis, back.due) == (task.basis, task.due)
