"""What the office decides on, and what is reported upward."""

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.domain.actions import Verb, read_action
from bot.domain.plan import Role
from bot.domain.standing import Standing, Status
from bot.texts.review import ESCALATION_ITEMS, QUEUE_ITEMS, Late, Pending, escalation, queue
from tests.texts.making import END, NOW, actions, labels, late, said, view

DONE = view("R16", standing=Standing.WAITING, said=said(Status.DONE, figures={"done": 12, "total": 18}))


def verbs(pending: Pending) -> list[Verb]:
    return [action.verb for text in actions(queue("vi", [pending])) if (action := read_action(text))]


def test_a_waiting_report_is_shown_with_who_said_what_and_when() -> None:
    out = queue("vi", [Pending(view=DONE, files=("bc.pdf", "ds.xlsx"))])

    assert out.heading == "Báo cáo chờ xử lý: 1"
    assert out.text.splitlines() == [
        "1. R16 (tháng 9/2022) – Sở Nội vụ: Đã hoàn thành, 12 văn bản xin lỗi/18 hồ sơ trễ hẹn (66,7%)."
        " Nguyễn Thị Lan, 12:00 25/09.",
        "Minh chứng: bc.pdf, ds.xlsx",
    ]


def test_an_extension_is_shown_with_both_days_and_how_often_before() -> None:
    asked = said(Status.EXTENSION, note="chờ hướng dẫn của Bộ.")
    wanted = Pending(view=view(said=asked), wanted_due_at=END + timedelta(days=15), extensions=1)
    text = queue("vi", [wanted]).text

    assert "Xin gia hạn từ 30/09/2022 đến 15/10/2022; số lần đã gia hạn: 1\nGhi chú: chờ hướng dẫn của Bộ." in text


@pytest.mark.parametrize(
    ("status", "offered"),
    [
        pytest.param(Status.DONE, [Verb.ACCEPT, Verb.RETURN], id="done"),
        pytest.param(Status.NOT_OURS, [Verb.ACCEPT, Verb.RETURN], id="not ours"),
        pytest.param(Status.EXTENSION, [Verb.EXTEND, Verb.REFUSE], id="extension"),
    ],
)
def test_the_decisions_offered_fit_the_report(status: Status, offered: list[Verb]) -> None:
    assert verbs(Pending(view=view(said=said(status)))) == offered


def test_a_button_carries_its_report_and_the_number_of_its_line() -> None:
    second = replace(DONE, id=2, said=said(Status.NOT_OURS, seen=36))
    out = queue("vi", [Pending(view=DONE), Pending(view=second)])

    assert labels(out) == ["1. Xác nhận", "1. Trả lại", "2. Đúng, không thuộc đơn vị", "2. Vẫn thuộc đơn vị"]
    assert [action.subject for text in actions(out) if (action := read_action(text))] == [7, 7, 36, 36]


def test_a_long_queue_shows_some_and_counts_all() -> None:
    out = queue("vi", [Pending(view=DONE)] * (QUEUE_ITEMS + 6))

    assert out.heading == "Báo cáo chờ xử lý: 12"
    assert len(out.buttons) == QUEUE_ITEMS
    assert "… và 6 báo cáo khác." in out.text


def test_an_empty_queue_says_so() -> None:
    assert queue("vi", []).text == "Không có báo cáo nào chờ xử lý."


def test_a_report_without_its_words_is_a_fault_of_ours() -> None:
    with pytest.raises(ValueError, match="report"):
        queue("vi", [Pending(view=view())])


def told(to: Role, *each: Late) -> str:
    return escalation("vi", each, to=to, name="Trần Văn Hải", now=NOW).text


def test_a_head_is_told_of_the_units_tasks_longest_overdue_first() -> None:
    busy = said(Status.IN_PROGRESS, figures={"percent": 60.0}, note="đang trình ký.")
    text = told(
        Role.HEAD,
        Late(view=late(5, task="R10", said=busy), proven=True),
        Late(view=late(9, task="R8", id=2), proven=True),
    )

    assert text.splitlines() == [
        "Kính báo cáo đồng chí Trần Văn Hải: hiện còn 2 nhiệm vụ quá hạn chưa hoàn thành tại Sở Nội vụ.",
        "1. R8 (tháng 9/2022): Tuyên truyền, nâng cao nhận thức của cán bộ, công chức, viên chức trong giải quyết thủ tục"
        " hành chính; hạn 17/09/2022, quá hạn 9 ngày. Đơn vị chưa báo cáo.",
        "2. R10 (tháng 9/2022): Báo cáo phân tích các tiêu chí bị mất điểm qua các năm và giải pháp khắc phục;"
        " hạn 21/09/2022, quá hạn 5 ngày. Đơn vị báo cáo: Đang thực hiện, 60% – đang trình ký.",
        "Kính đề nghị đồng chí quan tâm chỉ đạo.",
    ]


def test_the_office_is_told_which_units() -> None:
    text = told(
        Role.OFFICE, Late(view=late(5), proven=True), Late(view=late(5, id=2, unit="Sở Tài chính"), proven=True)
    )

    assert "hiện còn 2 nhiệm vụ quá hạn chưa hoàn thành tại 2 đơn vị." in text
    assert "2. R10 (tháng 9/2022) – Sở Tài chính: Báo cáo" in text
    assert text.endswith("Kính đề nghị đồng chí theo dõi, đôn đốc.")


def test_a_unit_that_was_never_reached_is_not_called_silent() -> None:
    text = told(Role.HEAD, Late(view=late(5), proven=False))

    assert "Chưa gửi được nhắc việc tới đầu mối của đơn vị." in text
    assert "chưa báo cáo" not in text


def test_a_long_report_upward_is_cut_and_counted() -> None:
    text = told(Role.OFFICE, *[Late(view=late(5, id=number), proven=True) for number in range(ESCALATION_ITEMS + 3)])

    assert "hiện còn 23 nhiệm vụ" in text
    assert "… và 3 nhiệm vụ khác." in text
    assert text.count("quá hạn 5 ngày") == ESCALATION_ITEMS
