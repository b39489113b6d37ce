"""Half days, the calendar's name, the roll of dues and units that merge, as they are written and as they are refused."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path

import pytest

from bot.catalogue import CatalogueError, load_workdays, parse_catalogue, read_texts
from bot.domain.due import Roll

SMALL = read_texts(Path(__file__).parent / "small")
HALVES = """country: VN
version: 2022, bản 2
source: 12729/VPCP-KGVX
hours: ["07:30-11:30", "13:30-17:00"]
days_off:
  - {date: 2022-09-01, source: Điều 112}
half_days:
  - {date: 2022-09-10, source: 1/VPCP, name: Làm bù buổi sáng, hours: ["07:30-11:30"]}
  - date: 2022-09-12
    source: 2/UBND
    hours: ["08:00-11:00", "14:00-16:00"]
"""


def refused(calendar: str) -> list[str]:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, calendar=calendar.encode()))
    return [str(problem).removeprefix("config/calendar.yaml:") for problem in caught.value.problems]


def test_half_days_and_the_calendars_name_are_read(tmp_path: Path) -> None:
    found = parse_catalogue(replace(SMALL, calendar=HALVES.encode())).calendar

    assert found.version == "2022, bản 2, theo 12729/VPCP-KGVX"
    assert found.half_days == {
        date(2022, 9, 10): ((time(7, 30), time(11, 30)),),
        date(2022, 9, 12): ((time(8), time(11)), (time(14), time(16))),
    }
    assert found.is_working_day(date(2022, 9, 10))  # a Saturday
    (tmp_path / "config").mkdir()
    (tmp_path / "config" / "calendar.yaml").write_text(HALVES, encoding="utf-8")
    assert load_workdays(tmp_path, first_year=2022, last_year=2023).half_days == found.half_days


def test_a_calendar_without_a_name_has_none() -> None:
    assert parse_catalogue(SMALL).calendar.version == ""


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        pytest.param(
            "2022-09-12",
            "2022-09-10",
            ["9:11: ngày 10/09/2022 đã có ở dòng 8"],
            id="a half day twice",
        ),
        pytest.param(
            "date: 2022-09-10",
            "date: 2022-09-01",
            ["8:12: ngày 01/09/2022 vừa là ngày nghỉ vừa là ngày làm việc nửa ngày (dòng 6)"],
            id="a half day that is off",
        ),
        pytest.param(
            '["07:30-11:30"]',
            '["07:30-11:30", "13:30-17:00"]',
            ["8:64: giờ làm việc của ngày 10/09/2022 không ít hơn ngày thường; ngày làm đủ thì không ghi ở đây"],
            id="a half day that is whole",
        ),
        pytest.param(
            '["08:00-11:00", "14:00-16:00"]',
            '["14:00-16:00", "08:00-11:00"]',
            ["11:28: khoảng giờ «08:00-11:00» phải bắt đầu sau khi «14:00-16:00» kết thúc"],
            id="hours in the wrong order",
        ),
        pytest.param(
            '["08:00-11:00", "14:00-16:00"]',
            "sáng",
            ["11:12: «hours»: «sáng» không phải khoảng giờ; hãy viết như 07:30-11:30"],
            id="hours that are none",
        ),
        pytest.param(
            ', hours: ["07:30-11:30"]',
            "",
            ["8:5: thiếu khóa «hours»"],
            id="a half day without hours",
        ),
        pytest.param("    source: 2/UBND\n", "", ["9:5: thiếu khóa «source»"], id="a half day without source"),
        pytest.param(
            "date: 2022-09-12",
            "date: 2022-09-31",
            ["9:11: «date»: ngày 31/9/2022 không có trong lịch"],
            id="a day that is none",
        ),
    ],
)
def test_a_slip_in_the_half_days_is_named_at_its_place(old: str, new: str, said: list[str]) -> None:
    assert HALVES.count(old) == 1, "the place to spoil must be one place"

    assert refused(HALVES.replace(old, new)) == said


@pytest.mark.parametrize(
    ("line", "roll"),
    [
        pytest.param("", Roll.NONE, id="nothing"),
        pytest.param("  roll: none\n", Roll.NONE, id="none"),
        pytest.param("  roll: next\n", Roll.NEXT, id="next"),
        pytest.param("  roll: previous\n", Roll.PREVIOUS, id="previous"),
    ],
)
def test_the_plan_says_where_dues_go_that_fall_on_days_off(line: str, roll: Roll) -> None:
    text = SMALL.plan.decode().replace("  office: snv\n", f"  office: snv\n{line}")

    assert parse_catalogue(replace(SMALL, plan=text.encode())).plan.roll is roll


def test_a_roll_that_is_none_of_them_is_refused() -> None:
    text = SMALL.plan.decode().replace("  office: snv\n", "  office: snv\n  roll: sau\n")

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=text.encode()))

    assert [str(each) for each in caught.value.problems] == [
        "plan_tasks.yaml:10:9: kế hoạch: «roll»: «sau» phải là một trong: none, next, previous"
    ]


@pytest.mark.parametrize(
    ("units", "said"),
    [
        pytest.param(
            "  - {id: a, name: A, kind: huyen, valid_to: 2022-09-30, merged_into: b}\n"
            "  - {id: b, name: B, kind: huyen, valid_to: 2022-10-31, merged_into: a}\n",
            ["4:70: đơn vị b: «merged_into» đi vòng tròn: a → b → a; phải có một đơn vị ở lại"],
            id="two into each other",
        ),
        pytest.param(
            "  - {id: a, name: A, kind: huyen, valid_to: 2022-09-30, merged_into: a}\n",
            ["3:70: đơn vị a: «merged_into» đi vòng tròn: a → a; phải có một đơn vị ở lại"],
            id="into itself",
        ),
        pytest.param(
            "  - {id: x, name: X, kind: huyen, valid_to: 2022-09-30, merged_into: a}\n"
            "  - {id: a, name: A, kind: huyen, valid_to: 2022-09-30, merged_into: b}\n"
            "  - {id: b, name: B, kind: huyen, valid_to: 2022-10-31, merged_into: a}\n",
            ["5:70: đơn vị b: «merged_into» đi vòng tròn: a → b → a; phải có một đơn vị ở lại"],
            id="one that leads into a circle",
        ),
        pytest.param(
            "  - {id: a, name: A, kind: huyen, merged_into: snv}\n",
            ["3:48: đơn vị a: có «merged_into» thì phải có «valid_to»: ngày cuối cùng của đơn vị này"],
            id="an heir without a last day",
        ),
    ],
)
def test_mergers_that_lead_nowhere_are_refused(units: str, said: list[str]) -> None:
    text = "units:\n  - {id: snv, name: Sở Nội vụ, kind: so}\n" + units

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, units=text.encode()))

    found = [str(each) for each in caught.value.problems if each.file == "config/units.yaml"]
    assert [each.removeprefix("config/units.yaml:") for each in found] == said


def test_a_chain_of_mergers_is_taken() -> None:
    text = SMALL.units.decode()
    chain = text.replace(
        "  - {id: cu,",
        "  - {id: xa1, name: X, kind: xa, valid_to: 2022-09-30, merged_into: xa2}\n"
        "  - {id: xa2, name: Y, kind: xa, valid_to: 2022-10-31, merged_into: tamky}\n  - {id: cu,",
    )

    plan = parse_catalogue(replace(SMALL, units=chain.encode())).plan

    assert [unit.id for unit in plan.ended] == ["xa1", "xa2", "cu"]
