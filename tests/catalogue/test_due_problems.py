"""A due date that cannot be meant is refused at its place with one sentence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import CatalogueError, parse_catalogue, read_texts

SMALL = read_texts(Path(__file__).parent / "small")
DUE = "    due: 2022-09-30\n"
RHYTHM = '{every: month, day: 25, at: "17:00"}'


def slip(name: str, old: str, new: str, *said: str) -> Any:
    return pytest.param(old, new, said, id=name)


SLIPS = [
    slip("30 February", "2022-09-30", "30/02/2022", "32:10: nhiệm vụ R2: «due»: ngày 30/2/2022 không có trong lịch"),
    slip(
        "31 September with an hour",
        "2022-09-30",
        '{date: 2022-09-31, at: "17:00"}',
        "32:17: nhiệm vụ R2: «date»: ngày 31/9/2022 không có trong lịch",
    ),
    slip(
        "30 February every year",
        RHYTHM,
        "{every: year, month: 2, day: 30}",
        "24:39: nhiệm vụ R1: ngày 30/2 không có trong lịch",
    ),
    slip(
        "no such hour",
        '"17:00"',
        '"25:00"',
        "24:38: nhiệm vụ R1: «at»: «25:00» không có trong ngày; giờ từ 00:00 đến 23:59",
    ),
    slip(
        "hour after the last",
        '"17:00"',
        '"24:00"',
        "24:38: nhiệm vụ R1: «at»: «24:00» không có trong ngày; giờ từ 00:00 đến 23:59",
    ),
    slip(
        "minute after the last",
        '"17:00"',
        '"16:60"',
        "24:38: nhiệm vụ R1: «at»: «16:60» không có trong ngày; giờ từ 00:00 đến 23:59",
    ),
    slip(
        "hour that is a number",
        '"17:00"',
        "1020",
        "24:38: nhiệm vụ R1: «at»: «1020» không phải giờ; hãy viết như 17:00",
    ),
    slip("no such year", "2022-09-30", "2202-09-30", "32:10: nhiệm vụ R2: «due»: năm 2202 nằm ngoài 2000-2100"),
    slip("no due", DUE, "", "29:5: nhiệm vụ R2: thiếu khóa «due»"),
    slip(
        "due after the plan",
        "2022-09-30",
        "2023-01-01",
        "32:10: nhiệm vụ R2: hạn 01/01/2023 nằm ngoài thời gian của kế hoạch (24/08/2022 đến 31/12/2022)",
    ),
    slip(
        "due before the plan",
        "2022-09-30",
        "23/08/2022",
        "32:10: nhiệm vụ R2: hạn 23/08/2022 nằm ngoài thời gian của kế hoạch (24/08/2022 đến 31/12/2022)",
    ),
    slip(
        "rhythm that never comes due",
        RHYTHM,
        "{every: year, month: 3}",
        "24:10: nhiệm vụ R1: nhịp này không đến hạn lần nào trong thời gian của kế hoạch (24/08/2022 đến 31/12/2022)",
    ),
    slip(
        "an event among days",
        "2022-09-30",
        "[2022-09-30, 20 ngày sau khi Tỉnh ủy ban hành]",
        "32:23: nhiệm vụ R2: hạn theo sự kiện hoặc không có ngày phải đứng một mình; hãy tách thành hai nhiệm vụ",
    ),
    slip(
        "an event without days",
        "2022-09-30",
        "{after: Tỉnh ủy ban hành}",
        "32:10: nhiệm vụ R2: «after» cần đúng một trong hai khóa: «days» hoặc «working_days»",
    ),
    slip(
        "an event with two counts",
        "2022-09-30",
        "{after: Tỉnh ủy ban hành, days: 5, working_days: 3}",
        "32:10: nhiệm vụ R2: «after» cần đúng một trong hai khóa: «days» hoặc «working_days»",
    ),
    slip("a day of a day", RHYTHM, "{every: day, day: 5}", "24:23: nhiệm vụ R1: hằng ngày không có «day»"),
    slip(
        "due of no known form",
        RHYTHM,
        "{day: 25}",
        "24:10: nhiệm vụ R1: «due» cần đúng một trong bốn dạng: "
        "{date: …}, {every: …}, {continuous: true, check: …} hoặc {after: …, days: …}",
    ),
    slip(
        "due of two forms",
        RHYTHM,
        "{every: month, date: 2022-09-30}",
        "24:10: nhiệm vụ R1: «due» cần đúng một trong bốn dạng: "
        "{date: …}, {every: …}, {continuous: true, check: …} hoặc {after: …, days: …}",
    ),
    slip(
        "day in a week",
        RHYTHM,
        "{every: week, day: 5}",
        "24:24: nhiệm vụ R1: tuần dùng «on: thứ sáu», không dùng «day»",
    ),
    slip(
        "no such weekday",
        RHYTHM,
        "{every: week, on: thứ tám}",
        "24:28: nhiệm vụ R1: «on»: «thứ tám» không phải thứ trong tuần; hãy viết như thứ sáu hoặc friday",
    ),
    slip("weekday in a month", RHYTHM, "{every: month, on: thứ sáu}", "24:25: nhiệm vụ R1: «on» chỉ dùng cho tuần"),
    slip(
        "fourth month of a quarter",
        RHYTHM,
        "{every: quarter, month: 4}",
        "24:34: nhiệm vụ R1: «month»: «4» phải là số nguyên từ 1 đến 3",
    ),
    slip("day 32", "day: 25", "day: 32", "24:30: nhiệm vụ R1: «day»: «32» phải là 1 đến 31, last hoặc last_working"),
    slip(
        "unknown rhythm",
        "every: month",
        "every: fortnight",
        "24:18: nhiệm vụ R1: «every»: «fortnight» phải là một trong: day, week, month, quarter, half, year",
    ),
    slip(
        "not continuous",
        RHYTHM,
        "{continuous: false, check: month}",
        "24:11: nhiệm vụ R1: «continuous» chỉ nhận true; nếu không, hãy dùng {every: …}",
    ),
    slip("continuous without check", RHYTHM, "{continuous: true}", "24:10: nhiệm vụ R1: thiếu khóa «check»"),
    slip(
        "phrase twice",
        DUE,
        "    due: Quý IV/2022\n    due_text: Quý IV\n",
        "33:5: nhiệm vụ R2: «due» đã là câu chữ của phụ lục; hãy bỏ «due_text»",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), SLIPS)
def test_a_due_that_cannot_be_meant_is_named_at_its_place(old: str, new: str, said: tuple[str, ...]) -> None:
    text = SMALL.plan.decode()
    assert text.count(old) == 1, "the place to spoil must be one place"

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=text.replace(old, new).encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"plan_tasks.yaml:{line}" for line in said]
