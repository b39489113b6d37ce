"""What is wrong with the units or the calendar is refused at its place with one sentence."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import CatalogueError, parse_catalogue, read_texts

SMALL = read_texts(Path(__file__).parent / "small")


def slip(name: str, old: str, new: str, *said: str) -> Any:
    return pytest.param(old, new, said, id=name)


UNITS = [
    slip(
        "repeated unit",
        "{id: stc, name: Sở Tài chính, kind: so}",
        "{id: snv, name: Sở Tài chính, kind: so}",
        "3:10: đơn vị snv: mã «snv» đã có ở dòng 2",
    ),
    slip(
        "unit ids that differ in capitals",
        "{id: stc, name: Sở Tài chính, kind: so}",
        "{id: SNV, name: Sở Tài chính, kind: so}",
        "3:10: đơn vị SNV: mã «SNV» chỉ khác «snv» ở dòng 2 về chữ hoa, chữ thường",
    ),
    slip(
        "unit without a kind",
        "{id: stc, name: Sở Tài chính, kind: so}",
        "{id: stc, name: Sở Tài chính}",
        "3:5: đơn vị stc: thiếu khóa «kind»",
    ),
    slip(
        "unit without a name",
        "{id: stc, name: Sở Tài chính, kind: so}",
        "{id: stc, kind: so}",
        "3:5: đơn vị stc: thiếu khóa «name»",
    ),
    slip(
        "unit id with a space",
        "{id: stc, name: Sở Tài chính, kind: so}",
        "{id: s tc, name: Sở Tài chính, kind: so}",
        "3:10: đơn vị s tc: «id»: mã «s tc» phải bắt đầu bằng chữ cái không dấu, chỉ gồm chữ, số, . _ -, dài đến 32",
    ),
    slip(
        "unknown heir",
        "merged_into: tamky",
        "merged_into: tamki",
        "5:83: đơn vị cu: không có đơn vị «tamki»; có phải «tamky»?",
    ),
    slip(
        "unit that ends before it begins",
        "valid_to: 2021-12-31",
        "valid_from: 2022-01-01, valid_to: 2021-12-31",
        "5:72: đơn vị cu: «valid_to» phải sau «valid_from»",
    ),
    slip(
        "unknown member",
        "[so, cap-huyen]",
        "[so, cap-xa]",
        "7:19: nhóm toan-tinh: không có đơn vị, loại hay nhóm «cap-xa»",
    ),
    slip(
        "repeated group",
        "  cap-huyen: [huyen]\n",
        "  cap-huyen: [huyen]\n  toan-tinh: [so]\n",
        "9:3: khóa «toan-tinh» viết hai lần; lần đầu ở dòng 7",
    ),
    slip(
        "group in a circle",
        "  cap-huyen: [huyen]\n",
        "  cap-huyen: [toan-tinh]\n",
        "7:3: nhóm «toan-tinh» chứa chính nó, trực tiếp hoặc qua nhóm khác",
        "8:3: nhóm «cap-huyen» chứa chính nó, trực tiếp hoặc qua nhóm khác",
    ),
    slip(
        "group in itself",
        "  cap-huyen: [huyen]\n",
        "  cap-huyen: [huyen, cap-huyen]\n",
        "8:3: nhóm «cap-huyen» chứa chính nó, trực tiếp hoặc qua nhóm khác",
    ),
    slip(
        "group named as a unit",
        "  cap-huyen: [huyen]\n",
        "  cap-huyen: [huyen]\n  snv: [stc]\n",
        "9:3: nhóm «snv» trùng tên với một đơn vị hoặc một loại đơn vị",
    ),
    slip(
        "empty group",
        "  cap-huyen: [huyen]\n",
        "  cap-huyen: [huyen]\n  trong: []\n",
        "9:3: nhóm «trong» phải là danh sách đơn vị, loại đơn vị hoặc nhóm",
    ),
    slip(
        "unit named as a kind",
        "{id: stc, name: Sở Tài chính, kind: so}",
        "{id: so, name: Sở Tài chính, kind: so}",
        "1:1: «so» vừa là mã đơn vị vừa là loại đơn vị; hãy đổi một trong hai",
    ),
]

DAYS = [
    slip(
        "day both off and worked",
        "2022-12-31",
        "2022-09-02",
        "7:12: ngày 02/09/2022 vừa là ngày nghỉ vừa là ngày làm việc (dòng 4)",
    ),
    slip("repeated day off", "2022-09-02", "2022-09-01", "4:12: ngày 01/09/2022 đã có ở dòng 3"),
    slip(
        "day off without source",
        "{date: 2023-01-02, source: Điều 112}",
        "{date: 2023-01-02}",
        "5:5: thiếu khóa «source»",
    ),
    slip("30 February", "2023-01-02", "2023-02-30", "5:12: «date»: ngày 30/2/2023 không có trong lịch"),
    slip("other country", "VN", "LA", "1:10: chỉ có lịch của Việt Nam (VN), không có «LA»"),
    slip(
        "hours that end before they begin",
        "07:30-11:30",
        "11:30-07:30",
        "8:9: «hours»: khoảng giờ «11:30-07:30» phải kết thúc sau khi bắt đầu",
    ),
    slip(
        "hours that overlap",
        "13:30-17:00",
        "11:00-17:00",
        "8:24: khoảng giờ «11:00-17:00» phải bắt đầu sau khi «07:30-11:30» kết thúc",
    ),
    slip(
        "hours that are none",
        "07:30-11:30",
        "sáng",
        "8:9: «hours»: «sáng» không phải khoảng giờ; hãy viết như 07:30-11:30",
    ),
    slip("no hours", '["07:30-11:30", "13:30-17:00"]', "[]", "8:8: khóa «hours» còn trống"),
    slip(
        "unknown key",
        "working_days",
        "work_days",
        "6:1: khóa «work_days» không được biết đến; có phải «working_days»?",
    ),
]


@pytest.mark.parametrize(("old", "new", "said"), UNITS)
def test_a_slip_in_the_units_is_named_at_its_place(old: str, new: str, said: tuple[str, ...]) -> None:
    text = SMALL.units.decode()
    assert text.count(old) == 1, "the place to spoil must be one place"

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, units=text.replace(old, new).encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"config/units.yaml:{line}" for line in said]


@pytest.mark.parametrize(("old", "new", "said"), DAYS)
def test_a_slip_in_the_calendar_is_named_at_its_place(old: str, new: str, said: tuple[str, ...]) -> None:
    text = SMALL.calendar.decode()
    assert text.count(old) == 1, "the place to spoil must be one place"

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, calendar=text.replace(old, new).encode()))

    assert [str(problem) for problem in caught.value.problems] == [f"config/calendar.yaml:{line}" for line in said]
