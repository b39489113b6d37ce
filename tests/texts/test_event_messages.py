"""What is said about events that dues count from."""

from dataclasses import replace
from datetime import date

import pytest

from bot.domain.actions import Verb, read_action
from bot.domain.due import After
from bot.texts.events import LISTED, Awaited, ask_day, awaited_list, confirm, stored, subject_of, waiting_lines
from tests.texts.making import TASKS, actions, labels

RULE = After(event="Tỉnh ủy ban hành chương trình", days=20)


def awaited(number: int = 1, *, rule: After = RULE, on: date | None = None) -> Awaited:
    task = replace(TASKS[0], id=f"R{number}", title="Xây dựng kế hoạch", due=rule)
    return Awaited(task=task, rule=rule, day=on, due_on=date(2022, 10, 2) if on else None)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        pytest.param(RULE, "hạn 20 ngày sau khi Tỉnh ủy ban hành chương trình, chờ ngày", id="days after"),
        pytest.param(
            After(event="Sở báo cáo", days=5, working=True), "hạn 5 ngày làm việc sau khi Sở báo cáo", id="working days"
        ),
        pytest.param(After(event="họp", days=-3), "hạn 3 ngày trước khi họp", id="before"),
        pytest.param(
            After(event="họp", days=-3, working=True), "hạn 3 ngày làm việc trước khi họp", id="working before"
        ),
    ],
)
def test_what_waits_is_named_with_what_it_waits_for(rule: After, said: str) -> None:
    (heading, line) = waiting_lines("vi", [awaited(rule=rule)])

    assert heading == "Chờ ngày của sự kiện: 1"
    assert line.startswith("- R1: Xây dựng kế hoạch; ")
    assert said in line


def test_nothing_waits_without_a_word() -> None:
    assert waiting_lines("vi", []) == []
    assert "Không có nhiệm vụ nào tính hạn từ một sự kiện" in awaited_list("vi", [], []).text


def test_what_waits_is_numbered_before_what_has_its_day() -> None:
    out = awaited_list("vi", [awaited(1), awaited(2)], [awaited(3, on=date(2022, 9, 12))])

    assert out.text.splitlines()[:5] == [
        "Chờ ngày của sự kiện: 2",
        "1. R1: Xây dựng kế hoạch; hạn 20 ngày sau khi Tỉnh ủy ban hành chương trình, chờ ngày.",
        "2. R2: Xây dựng kế hoạch; hạn 20 ngày sau khi Tỉnh ủy ban hành chương trình, chờ ngày.",
        "Đã có ngày: 1",
        "3. R3: Xây dựng kế hoạch; Tỉnh ủy ban hành chương trình ngày 12/09/2022, hạn 02/10/2022.",
    ]
    assert labels(out) == ["1. R1", "2. R2", "3. R3"]
    found = read_action(actions(out)[2])
    assert found is not None
    assert (found.verb, found.subject) == (Verb.EVENT, subject_of("R3"))


def test_a_long_list_is_cut() -> None:
    out = awaited_list("en", [awaited(number) for number in range(1, 40)], [])

    assert f"{LISTED}. R{LISTED}" in out.text
    assert f"{LISTED + 1}. " not in out.text
    assert len(labels(out)) == 8


def test_the_button_of_a_day_carries_task_and_day() -> None:
    out = confirm("vi", awaited(), on=date(2022, 9, 12), due_on=date(2022, 10, 2), is_past=True)

    found = read_action(actions(out)[0])
    assert found is not None
    assert (found.verb, found.subject, date.fromordinal(found.seen)) == (
        Verb.EVENT_DAY,
        subject_of("R1"),
        date(2022, 9, 12),
    )
    assert "ngày 12/09/2022: hạn 02/10/2022" in out.text
    assert "tính quá hạn ngay" in out.text
    assert "Ngày này thay cho" not in out.text
    again = confirm("vi", awaited(on=date(2022, 9, 1)), on=date(2022, 9, 12), due_on=date(2022, 10, 2), is_past=False)
    assert "Ngày này thay cho ngày 01/09/2022" in again.text
    assert "quá hạn" not in again.text


def test_a_question_says_what_is_known_and_what_was_wrong() -> None:
    assert "Đang ghi: ngày 12/09/2022, hạn 02/10/2022." in ask_day("vi", awaited(on=date(2022, 9, 12))).text
    assert ask_day("vi", awaited(), first="Chưa đọc được ngày.").text.startswith("Chưa đọc được ngày.\n")
    assert "hạn 02/10/2022" in stored("vi", awaited(), on=date(2022, 9, 12), due_on=date(2022, 10, 2)).text
