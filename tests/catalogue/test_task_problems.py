"""What is wrong with a task is refused at its place with one sentence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import CatalogueError, parse_catalogue, read_texts

SMALL = read_texts(Path(__file__).parent / "small")
DUE = "    due: 2022-09-30\n"
OWNERS = "    owners: [snv]\n"
RESULT = "{kind: ratio, of: đã làm, over: phải làm, target: 100}"


def slip(name: str, old: str, new: str, *said: str) -> Any:
    return pytest.param(old, new, said, id=name)


SLIPS = [
    slip(
        "unknown key, a longer form of a known one",
        DUE,
        DUE + "    duetime: x\n",
        "33:5: nhiệm vụ R2: khóa «duetime» không được biết đến; có phải «due»?",
    ),
    slip(
        "unknown key in a result",
        RESULT,
        "{kind: done, lable: x}",
        "25:26: nhiệm vụ R1: khóa «lable» không được biết đến; có phải «label»?",
    ),
    slip(
        "unknown unit",
        OWNERS,
        "    owners: [snx]\n",
        "31:14: nhiệm vụ R2: không có đơn vị, loại hay nhóm «snx»; có phải «snv»?",
    ),
    slip(
        "unknown unit, named by its capitals",
        OWNERS,
        "    owners: [SNV]\n",
        "31:14: nhiệm vụ R2: không có đơn vị, loại hay nhóm «SNV»; có phải «snv»?",
    ),
    slip(
        "unknown group",
        "[toan-tinh]",
        "[toan-tin]",
        "23:14: nhiệm vụ R1: không có đơn vị, loại hay nhóm «toan-tin»; có phải «toan-tinh»?",
    ),
    slip(
        "unknown partner",
        OWNERS,
        OWNERS + "    partners: [sxd]\n",
        "32:16: nhiệm vụ R2: không có đơn vị, loại hay nhóm «sxd»",
    ),
    slip("unknown policy", "policy: nhe", "policy: nang", "27:13: nhiệm vụ R1: không có cách nhắc «nang»"),
    slip("unknown criterion", 'criteria: ["1"]', 'criteria: ["9"]', "26:16: nhiệm vụ R1: không có tiêu chí «9»"),
    slip("repeated task id", "  - id: R2\n", "  - id: R1\n", "29:9: nhiệm vụ R1: mã «R1» đã có ở dòng 21"),
    slip(
        "task ids that differ in capitals",
        "  - id: R2\n",
        "  - id: r1\n",
        "29:9: nhiệm vụ r1: mã «r1» chỉ khác «R1» ở dòng 21 về chữ hoa, chữ thường",
    ),
    slip(
        "task id with a space",
        "  - id: R2\n",
        "  - id: R 2\n",
        "29:9: nhiệm vụ R 2: «id»: mã «R 2» phải bắt đầu bằng chữ cái không dấu, chỉ gồm chữ, số, . _ -, dài đến 16",
    ),
    slip(
        "task id too long",
        "  - id: R2\n",
        "  - id: R23456789012345678\n",
        "29:9: nhiệm vụ R23456789012345678: «id»: mã «R23456789012345678» phải bắt đầu bằng chữ cái không dấu, "
        "chỉ gồm chữ, số, . _ -, dài đến 16",
    ),
    slip(
        "list where text is wanted",
        "title: Báo cáo",
        "title: [Báo cáo]",
        "22:12: nhiệm vụ R1: «title» phải là một giá trị, không phải danh sách",
    ),
    slip(
        "mapping where a list is wanted",
        OWNERS,
        "    owners: {snv: x}\n",
        "31:13: nhiệm vụ R2: «owners» phải là danh sách, không phải nhóm «khóa: giá trị»",
    ),
    slip(
        "text where a mapping is wanted",
        RESULT,
        "ratio",
        "25:13: nhiệm vụ R1: chỗ này phải gồm các dòng «khóa: giá trị»",
    ),
    slip(
        "text where tasks are wanted",
        "pause: {until: 2022-09-10, reason: chờ hướng dẫn}",
        "pause: có",
        "33:12: nhiệm vụ R2: chỗ này phải gồm các dòng «khóa: giá trị»",
    ),
    slip(
        "number that is none",
        "target: 100",
        "target: nhiều",
        "25:63: nhiệm vụ R1: «target»: «nhiều» không phải số; hãy viết như 100 hoặc 95,5",
    ),
    slip(
        "ambiguous thousand",
        "target: 100",
        "target: 1.000",
        "25:63: nhiệm vụ R1: «target»: «1.000» không phải số; hãy viết như 100 hoặc 95,5",
    ),
    slip(
        "ratio over 100 per cent",
        "target: 100",
        "target: 101",
        "25:63: nhiệm vụ R1: «target» là phần trăm, không quá 100",
    ),
    slip("ratio without its second figure", ", over: phải làm", "", "25:13: nhiệm vụ R1: thiếu khóa «over»"),
    slip(
        "figures of a ratio elsewhere",
        "kind: ratio",
        "kind: done",
        "25:26: nhiệm vụ R1: «of» chỉ dùng cho kết quả dạng ratio, không dùng cho done",
        "25:38: nhiệm vụ R1: «over» chỉ dùng cho kết quả dạng ratio, không dùng cho done",
        "25:54: nhiệm vụ R1: kết quả dạng done không có con số, nên không có «target»",
    ),
    slip(
        "unknown result kind",
        "kind: ratio",
        "kind: tỷ lệ",
        "25:20: nhiệm vụ R1: «kind»: «tỷ lệ» phải là một trong: done, percent, ratio, count, document, link",
    ),
    slip(
        "unknown review",
        "review: none",
        "review: head",
        "28:13: nhiệm vụ R1: «review»: «head» phải là một trong: office, none",
    ),
    slip("no owners", OWNERS, "", "29:5: nhiệm vụ R2: thiếu khóa «owners»"),
    slip("empty owners", OWNERS, "    owners: []\n", "31:13: nhiệm vụ R2: khóa «owners» còn trống"),
    slip("owners left blank", OWNERS, "    owners:\n", "31:5: nhiệm vụ R2: khóa «owners» còn trống"),
    slip(
        "owners that no longer exist",
        OWNERS,
        "    owners: [cu]\n",
        "31:14: nhiệm vụ R2: đơn vị «cu» không còn hiệu lực trong thời gian của kế hoạch",
    ),
    slip("empty title", "title: Báo cáo", 'title: ""', "22:5: nhiệm vụ R1: khóa «title» còn trống"),
    slip("no title", "    title: Báo cáo\n", "", "21:5: nhiệm vụ R1: thiếu khóa «title»"),
    slip(
        "no id",
        "  - id: R2\n    title: Kế hoạch\n",
        "  - title: Kế hoạch\n",
        "29:5: nhiệm vụ thứ 2: thiếu khóa «id»",
    ),
    slip(
        "classified task",
        DUE,
        DUE + "    classification: tối mật\n",
        "33:21: nhiệm vụ R2: nội dung mật không được đưa vào hệ thống này; chỉ nhận classification: none",
    ),
    slip("pause without a reason", ", reason: chờ hướng dẫn", "", "33:12: nhiệm vụ R2: thiếu khóa «reason»"),
    slip("merge key", DUE, DUE + "    <<: {due_note: x}\n", "33:5: nhiệm vụ R2: khóa «<<» không được biết đến"),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS)
def test_a_slip_in_the_plan_is_named_at_its_place(old: str, new: str, said: tuple[str, ...]) -> None:
    text = SMALL.plan.decode()
    assert text.count(old) == 1, "the place to spoil must be one place"

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=text.replace(old, new).encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"plan_tasks.yaml:{line}" for line in said]
