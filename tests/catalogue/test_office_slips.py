"""What word processors and hurried hands put into the files: each is told at its place with what to type instead."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import CatalogueError, parse_catalogue, read_texts

SMALL = read_texts(Path(__file__).parent / "small")
PLAN = SMALL.plan.decode()
TITLE = "    title: Báo cáo\n"
OWNERS = "owners: [snv]"
COPIED = "(chép từ Word hoặc trang web); hãy xóa và gõ lại"
CURLED = 'dấu nháy cong “ ” không phải dấu nháy của YAML; hãy gõ lại dấu nháy thẳng "'
MANY = "nhiều tên thì viết trong ngoặc vuông, cách nhau bằng dấu phẩy: [a, b]"
SPACE = "thiếu dấu cách sau dấu hai chấm; hãy viết như «title: Báo cáo»"
DASH = "đầu mục phải là dấu gạch nối thường «- »; dấu này do Word tự đổi, hãy gõ lại"


def slip(name: str, old: str, new: str, said: str) -> Any:
    return pytest.param(old, new, said, id=name)


SLIPS = [
    slip("tab", TITLE, "\ttitle: Báo cáo\n", "22:1: thụt đầu dòng bằng phím Tab không được; hãy dùng dấu cách"),
    slip("tab among spaces", TITLE, "  \t  title: Báo cáo\n", "22:3: thụt đầu dòng bằng phím Tab không được; hãy dùng dấu cách"),
    slip("no space after a colon", TITLE, "    title:Báo cáo\n", f"22:11: {SPACE}"),
    slip("no space after the first colon", "  id: kh1\n", "  id:kh1\n", f"2:6: {SPACE}"),
    slip("colon in a title", "title: Báo cáo", "title: Báo cáo: quý",
         "22:19: dấu hai chấm làm máy hiểu nhầm; hãy đặt cả câu trong dấu nháy kép"),
    slip("curled quotes round a title", "title: Báo cáo\n", "title: “Báo cáo: quý”\n", f"22:12: {CURLED}"),
    slip("curled quotes round an hour", 'at: "09:30"', "at: “09:30”",
         f"19:9: cách nhắc nhe: «at»: «“09:30”» không phải giờ; hãy viết như 17:00; {CURLED}"),
    slip("curled quotes round an id", 'criteria: ["1"]', "criteria: [“1”]",
         f"26:16: nhiệm vụ R1: không có tiêu chí «“1”»; {CURLED}"),
    slip("full-width colon", TITLE, "    title： Báo cáo\n",
         "22:10: dấu hai chấm gõ kiểu toàn khổ «：»; hãy gõ lại dấu «:» và một dấu cách"),
    slip("full-width comma", OWNERS, "owners: [snv，stc]",
         f"31:14: nhiệm vụ R2: không có đơn vị, loại hay nhóm «snv，stc»; {MANY}"),
    slip("semicolon", OWNERS, "owners: [snv; stc]", f"31:14: nhiệm vụ R2: không có đơn vị, loại hay nhóm «snv; stc»; {MANY}"),
    slip("list without brackets", OWNERS, "owners: snv, stc",
         f"31:13: nhiệm vụ R2: không có đơn vị, loại hay nhóm «snv, stc»; {MANY}"),
    slip("no space after a dash", "  - id: R2\n", "  -id: R2\n",
         "29:4: thiếu dấu cách sau dấu gạch đầu dòng; hãy viết như «- id: R1»"),
    slip("long dash", "  - id: R2\n", "  – id: R2\n", f"29:3: {DASH}"),
    slip("bullet", "  - id: R2\n", "  • id: R2\n", f"29:3: {DASH}"),
    slip("hard spaces", TITLE, "\u00a0\u00a0\u00a0\u00a0title: Báo cáo\n",
         f"22:1: thụt đầu dòng bằng dấu cách lạ {COPIED} bằng phím cách"),
    slip("hard space after a colon", TITLE, "    title:\u00a0Báo cáo\n",
         "22:11: sau dấu hai chấm là dấu cách lạ (chép từ Word, trang web); hãy xóa và gõ lại bằng phím cách"),
    slip("hidden character", OWNERS, "owners: [snv\u200b]",
         f"31:14: nhiệm vụ R2: không có đơn vị, loại hay nhóm «snv\u200b»; trong đó có dấu cách lạ hoặc ký tự ẩn {COPIED}"),
    slip("equals sign", TITLE, "    title = Báo cáo\n",
         "22:11: sau khóa phải là dấu hai chấm, không phải dấu bằng; hãy viết như «title: Báo cáo»"),
    slip("too deep", TITLE, "      title: Báo cáo\n",
         "22:7: dòng này thụt vào sâu hơn các dòng cùng nhóm; hãy cho đầu dòng thẳng hàng với chúng"),
    slip("not deep enough", "    owners: [snv]\n", "  owners: [snv]\n",
         "31:3: dòng này phải bắt đầu bằng dấu gạch «- » như các dòng cùng danh sách"),
    slip("remark in place of a value", "title: Kế hoạch\n    owners", "title: # Kế hoạch\n    owners",
         "30:5: nhiệm vụ R2: khóa «title» còn trống"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "said"), SLIPS)
def test_a_slip_of_the_office_is_told_with_what_to_type(old: str, new: str, said: str) -> None:
    assert PLAN.count(old) == 1, "the place to spoil must be one place"

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=PLAN.replace(old, new).encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"plan_tasks.yaml:{said}"]


@pytest.mark.parametrize("ends", ["\r\n", "\r", "\x85", "\u2028"], ids=ascii)
def test_a_slip_is_found_behind_any_kind_of_line_end(ends: str) -> None:
    spoilt = PLAN.replace(TITLE, "    title:Báo cáo\n").replace("\n", ends)

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=spoilt.encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"plan_tasks.yaml:22:11: {SPACE}"]


def test_full_width_digits_mean_what_they_show() -> None:
    found = parse_catalogue(replace(SMALL, plan=PLAN.replace("due: 2022-09-30", "due: ３０/０９/２０２２").encode()))

    assert found.plan.tasks["R2"].due_text == "hết ngày 30/9/2022"
