"""What is wrong with the head of a plan, its criteria or its policies is refused at its place."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import CatalogueError, parse_catalogue, read_texts

SMALL = read_texts(Path(__file__).parent / "small")


def slip(name: str, old: str, new: str, *said: str) -> Any:
    return pytest.param(old, new, said, id=name)


SLIPS = [
    slip(
        "unknown key at the top",
        "tasks:\n",
        "taks: []\ntasks:\n",
        "20:1: khóa «taks» không được biết đến; có phải «tasks»?",
    ),
    slip(
        "plan ends before it starts",
        "ends: 2022-12-31",
        "ends: 2022-08-23",
        "8:9: kế hoạch: «ends» phải sau «starts»",
    ),
    slip(
        "office that is no unit",
        "office: snv",
        "office: so",
        "9:11: kế hoạch: «office» phải là một đơn vị; không có đơn vị «so»",
    ),
    slip("plan without number", "  number: 1/KH-UBND\n", "", "2:3: kế hoạch: thiếu khóa «number»"),
    slip(
        "classified plan",
        "  office: snv\n",
        "  office: snv\n  classification: Mật\n",
        "10:19: kế hoạch: nội dung mật không được đưa vào hệ thống này; chỉ nhận classification: none",
    ),
    slip(
        "offset without a unit",
        "[-3d, 0d]",
        "[-3, 0d]",
        "16:14: cách nhắc nhe: «remind»: «-3» không phải khoảng cách; hãy viết như -7d, 0d, +3d hoặc +3wd",
    ),
    slip(
        "offset without a sign",
        "[-3d, 0d]",
        "[3d, 0d]",
        "16:14: cách nhắc nhe: «remind»: «3d» không phải khoảng cách; hãy viết như -7d, 0d, +3d hoặc +3wd",
    ),
    slip(
        "reminder after the due day",
        "[-3d, 0d]",
        "[+3d, 0d]",
        "16:14: cách nhắc nhe: «remind»: «+3d» nằm sau hạn; nhắc trước hạn viết như -7d hoặc 0d",
    ),
    slip("repeated offset", "[-3d, 0d]", "[-3d, -3d]", "16:19: cách nhắc nhe: «remind»: «-3d» viết hai lần"),
    slip(
        "overdue before the due day",
        "[+1d,",
        "[-1d,",
        "17:15: cách nhắc nhe: «overdue»: «-1d» không nằm sau hạn; hãy viết như +1d hoặc +3wd",
    ),
    slip(
        "overdue rhythm without days",
        "every 7d",
        "every 7",
        "17:20: cách nhắc nhe: «overdue»: «every 7» phải có dạng «every 7d» hoặc «stop 60d», từ 1 đến 3650 ngày",
    ),
    slip(
        "unknown person to escalate to",
        "to: head",
        "to: manager",
        "18:34: cách nhắc nhe: «to»: «manager» phải là một trong: head, office",
    ),
    slip(
        "escalation without a distance",
        "{after: +3wd, to: head}",
        "{to: head}",
        "18:16: cách nhắc nhe: thiếu khóa «after»",
    ),
    slip(
        "points without a source",
        "name: Chỉ đạo",
        "name: Chỉ đạo, points: 8.5",
        "13:32: tiêu chí 1: có «points» thì phải có «source»: điểm lấy từ văn bản nào",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS)
def test_a_slip_in_the_head_of_the_plan_is_named_at_its_place(old: str, new: str, said: tuple[str, ...]) -> None:
    text = SMALL.plan.decode()
    assert text.count(old) == 1, "the place to spoil must be one place"

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=text.replace(old, new).encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"plan_tasks.yaml:{line}" for line in said]
