"""What is said about tasks: counts, order, buttons, and what each task is asked for."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest

from bot.domain.actions import ANSWERS, Verb, read_action
from bot.domain.plan import Pause, Result, ResultKind, Task
from bot.domain.standing import Standing, Status
from bot.texts import LANGUAGES
from bot.texts.bundles import BUTTON_TASKS, LISTED_TASKS, bundle
from bot.texts.lengths import parts, text_length
from bot.texts.tasks import LIST_BUTTONS, LIST_TASKS, View, ask, ask_figures, card, listing, recorded, result_words
from tests.texts.making import END, NOW, PLAN, TASKS, actions, labels, late, said, view, whole

MEASURED = [task for task in TASKS if task.result.kind is not ResultKind.DONE]
UNITS = tuple(unit.name for unit in PLAN.units.values())
A_PROVINCE = [
    view(task.id, id=number * len(TASKS) + place, unit=unit)
    for number, unit in enumerate(UNITS)
    for place, task in enumerate(TASKS)
]


def many(count: int) -> list[View]:
    return [view(TASKS[number % len(TASKS)].id, id=number + 1) for number in range(count)]


def positions(text: str, *fragments: str) -> list[int]:
    assert all(text.count(fragment) == 1 for fragment in fragments), text
    return [text.index(fragment) for fragment in fragments]


def of_morning(views: Sequence[View], language: str = "vi") -> str:
    return bundle(language, views, name="Nguyễn Thị Lan", units="Sở Nội vụ", now=NOW).text


def test_the_morning_message_counts_what_is_late_today_and_soon() -> None:
    today = view("R2", id=2, due_at=NOW + timedelta(hours=9))
    text = of_morning([view("R10"), today, late(3, task="R3", id=3), view("R4", id=4)])

    assert "1 nhiệm vụ quá hạn, 1 nhiệm vụ đến hạn hôm nay, 2 nhiệm vụ sắp đến hạn:" in text


def test_the_morning_message_begins_with_what_is_latest() -> None:
    text = of_morning([view("R10"), late(1, task="R4", id=2), late(9, task="R3", id=3), view("R5", id=4)])
    found = positions(text, "- R3 ", "- R4 ", "- R5 ", "- R10 ")

    assert found == sorted(found)
    assert "quá hạn 9 ngày" in text


def test_only_the_late_are_urged() -> None:
    assert "khẩn trương" in of_morning([view(), late(1, task="R3", id=2)])
    assert "khẩn trương" not in of_morning([view(), view("R3", id=2)])


def test_one_task_alone_has_the_five_answers() -> None:
    out = bundle("vi", [view("R10", said=said(Status.BLOCKED))], name="Lan", units="Sở Nội vụ", now=NOW)
    verbs = [action.verb for text in actions(out) if (action := read_action(text))]

    assert verbs == list(ANSWERS)
    assert "nhắn số từ 1 đến 5" in out.text
    assert "(Vướng mắc)" in out.text


def test_nine_tasks_have_buttons_for_the_first_and_a_way_to_the_rest() -> None:
    out = bundle("vi", many(9), name="Lan", units="Sở Nội vụ", now=NOW)

    assert len(out.buttons) == BUTTON_TASKS + 1
    assert labels(out)[0] == "R1 Đã xong"
    assert (found := read_action(actions(out)[-1])) is not None
    assert found.verb is Verb.MINE
    assert "nhắn mã và số. Ví dụ: R1 1" in out.text


def test_tasks_beyond_a_screenful_are_counted_and_not_listed() -> None:
    text = of_morning(many(LISTED_TASKS + 5))

    assert text.count("\n- ") == LISTED_TASKS
    assert "… và 5 nhiệm vụ khác; nhắn /nhiemvu để xem đủ." in text


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_whole_province_is_one_message_that_can_be_sent(language: str) -> None:
    names = ", ".join(UNITS)
    outs = [
        bundle(language, A_PROVINCE, name="Lan", units=names, now=NOW),
        listing(language, A_PROVINCE, units=names, several_units=True),
    ]

    for out in outs:
        assert len(out.buttons) <= BUTTON_TASKS + 1
        assert all(len(action.encode()) <= 64 for action in actions(out))
        assert all(text_length(f"{part.heading}\n{part.text}") <= 4096 for part in parts(out, 4096))


def test_ids_of_any_size_fit_on_a_button() -> None:
    large = view(id=2**31 - 1, said=said(Status.IN_PROGRESS, seen=2**31 - 1))

    assert all(len(action.encode()) <= 64 for action in actions(card("vi", large, now=NOW)))


def test_a_card_says_what_is_wanted_by_when_on_which_basis() -> None:
    text = card("vi", view("R16"), now=NOW).text

    assert "Hạn: 30/09/2022, còn 4 ngày (đề xuất, chờ xác nhận)" in text
    assert "Kỳ: tháng 9/2022" in text
    assert "Sản phẩm: văn bản xin lỗi trên hồ sơ trễ hẹn (chỉ tiêu 100%)" in text
    assert "Căn cứ: 5610/KH-UBND" in text


@pytest.mark.parametrize("standing", [Standing.WAITING, Standing.DONE_ON_TIME, Standing.RELEASED])
def test_a_card_of_what_is_done_or_waits_does_not_call_it_late(standing: Standing) -> None:
    done = replace(late(30), standing=standing, said=said(Status.DONE))

    assert "quá hạn" not in card("vi", done, now=NOW).text


def test_a_card_shows_where_the_due_was_before_an_extension() -> None:
    moved = view(original_due_at=END - timedelta(days=9))

    assert "Hạn ban đầu: 21/09/2022" in card("vi", moved, now=NOW).text
    assert "Hạn ban đầu" not in card("vi", view(), now=NOW).text


def test_a_card_shows_a_pause_while_it_lasts() -> None:
    def paused(until: date) -> str:
        task = replace(PLAN.tasks["R10"], pause=Pause(until=until, reason="chờ hướng dẫn"))
        return card("vi", replace(view(), task=task), now=NOW).text

    assert "Tạm dừng theo dõi đến 26/09/2022: chờ hướng dẫn." in paused(date(2022, 9, 26))
    assert "Tạm dừng" not in paused(date(2022, 9, 25))


def test_a_card_shows_why_a_report_came_back() -> None:
    back = said(Status.DONE, note="kèm danh sách.", returned="thiếu chữ ký")
    text = card("vi", late(1, said=back), now=NOW).text

    assert "Ghi chú: kèm danh sách.\n" in text
    assert "Báo cáo được trả lại: thiếu chữ ký." in text


def test_a_report_is_repeated_as_understood_with_who_decides() -> None:
    done = said(Status.DONE, figures={"done": 12, "total": 18})
    out = recorded("vi", view("R16", standing=Standing.WAITING, said=done), office="Sở Nội vụ", ask="Vì sao?")

    assert out.text.splitlines() == [
        "R16 (tháng 9/2022) – Sở Nội vụ: Đã hoàn thành, 12 văn bản xin lỗi/18 hồ sơ trễ hẹn (66,7%).",
        "Ghi nhận lúc 12:00 25/09. Tình trạng: Chờ xác nhận.",
        "Báo cáo được chuyển Sở Nội vụ xác nhận.",
        "Vì sao?",
    ]
    assert labels(out) == ["Thêm ghi chú", "Gửi minh chứng", "Sửa báo cáo"]


def test_what_is_settled_has_no_buttons() -> None:
    settled = view(standing=Standing.DONE_ON_TIME, said=said(Status.DONE))

    assert card("vi", settled, now=NOW).buttons == ()


def test_a_list_has_open_tasks_first_and_says_where_each_stands() -> None:
    waits = view("R4", id=2, standing=Standing.WAITING, said=said(Status.DONE))
    text = listing(
        "vi", [waits, late(2, task="R10", id=3), view("R5", id=4)], units="Sở Nội vụ", several_units=False
    ).text
    found = positions(text, "Đang mở: 2", "- R10 ", "- R5 ", "Đã kết thúc hoặc chờ xác nhận: 1", "- R4 ")

    assert found == sorted(found)
    assert "Quá hạn chưa hoàn thành." in text
    assert "Chờ xác nhận." in text


def test_a_list_of_several_units_names_the_unit_on_lines_and_buttons() -> None:
    both = [view(unit="Sở Nội vụ"), view(id=2, unit="Sở Tài chính")]
    out = listing("vi", both, units="Sở Nội vụ, Sở Tài chính", several_units=True)

    assert labels(out) == ["R10 · Sở Nội vụ · tháng 9/2022", "R10 · Sở Tài chính · tháng 9/2022"]
    assert "- R10 (tháng 9/2022) – Sở Tài chính: Báo cáo" in out.text


def test_a_long_list_is_cut_and_counted() -> None:
    out = listing("vi", many(LIST_TASKS + 7), units="Sở Nội vụ", several_units=False)

    assert out.text.count("\n- ") == LIST_TASKS
    assert "… và 7 nhiệm vụ khác." in out.text
    assert len(actions(out)) == LIST_BUTTONS


def test_an_empty_list_says_so() -> None:
    assert listing("vi", [], units="Sở Nội vụ", several_units=False).text == "Hiện không có nhiệm vụ nào trong kỳ."


def question(**result: Any) -> str:
    task = replace(PLAN.tasks["R10"], result=Result(**result))
    return ask_figures("vi", replace(view(), task=task)).text.splitlines()[0]


@pytest.mark.parametrize(
    ("result", "asked"),
    [
        pytest.param(
            {"kind": ResultKind.PERCENT, "label": "tỷ lệ hồ sơ đúng hạn"},
            "Đề nghị cho biết tỷ lệ hồ sơ đúng hạn (%). Ví dụ: 95%",
            id="a rate is called so once",
        ),
        pytest.param(
            {"kind": ResultKind.PERCENT},
            "Đề nghị cho biết tỷ lệ hoàn thành (%). Ví dụ: 95%",
            id="a rate without a label",
        ),
        pytest.param(
            {"kind": ResultKind.RATIO, "of": "văn bản", "over": "tổng số hồ sơ"},
            "Đề nghị cho biết văn bản trên tổng số hồ sơ. Ví dụ: 12/18",
            id="a total is called so once",
        ),
        pytest.param(
            {"kind": ResultKind.COUNT, "label": "số buổi"},
            "Đề nghị cho biết số buổi. Ví dụ: 12",
            id="a number is called so once",
        ),
        pytest.param(
            {"kind": ResultKind.COUNT, "label": "giải pháp"},
            "Đề nghị cho biết số giải pháp. Ví dụ: 12",
            id="things are counted",
        ),
        pytest.param({"kind": ResultKind.COUNT}, "Đề nghị cho biết số lượng. Ví dụ: 12", id="a number without a label"),
        pytest.param(
            {"kind": ResultKind.DOCUMENT, "label": "báo cáo đánh giá"},
            "Đề nghị gửi số, ngày văn bản (báo cáo đánh giá). Ví dụ: 1234/BC-SNV ngày 20/09/2022",
            id="which document",
        ),
        pytest.param(
            {"kind": ResultKind.DOCUMENT},
            "Đề nghị gửi số, ngày văn bản. Ví dụ: 1234/BC-SNV ngày 20/09/2022",
            id="a document without a label",
        ),
        pytest.param(
            {"kind": ResultKind.LINK, "label": "đường dẫn trang công khai"},
            "Đề nghị gửi đường dẫn (trang công khai). Ví dụ: https://snv.quangnam.gov.vn/cong-khai",
            id="which link",
        ),
    ],
)
def test_figures_are_asked_for_by_kind(result: dict[str, Any], asked: str) -> None:
    assert question(**result) == asked


@pytest.mark.parametrize("task", MEASURED, ids=[task.id for task in MEASURED])
def test_no_question_of_the_shipped_plan_says_a_word_twice_over(task: Task) -> None:
    words = ask_figures("vi", view(task.id)).text.splitlines()[0].split()
    pairs = [" ".join(words[start : start + 2]) for start in range(len(words) - 1)]

    assert not [pair for pair, following in zip(pairs, pairs[2:], strict=False) if pair == following]


@pytest.mark.parametrize(("required", "skips"), [(True, False), (False, True)])
def test_figures_can_be_passed_over_only_where_the_task_lets_one(required: bool, skips: bool) -> None:
    task = replace(PLAN.tasks["R16"], result=replace(PLAN.tasks["R16"].result, required=required))

    assert ("Bỏ qua" in labels(ask_figures("vi", replace(view(), task=task)))) == skips


@pytest.mark.parametrize(
    ("result", "words"),
    [
        pytest.param(
            Result(kind=ResultKind.COUNT, label="cuộc", target=1234567), "cuộc (chỉ tiêu 1.234.567)", id="large"
        ),
        pytest.param(
            Result(kind=ResultKind.PERCENT, target=97.5), "tỷ lệ hoàn thành (chỉ tiêu 97,5%)", id="a decimal comma"
        ),
        pytest.param(
            Result(kind=ResultKind.COUNT, label="cuộc", target=0), "cuộc (chỉ tiêu 0)", id="nothing is a target"
        ),
        pytest.param(Result(), "hoàn thành nhiệm vụ", id="none"),
    ],
)
def test_a_target_is_written_as_offices_write_numbers(result: Result, words: str) -> None:
    assert result_words("vi", result) == words


def test_a_question_can_be_left() -> None:
    out = ask("vi", "ask.note", view=view())

    assert whole(out) == "R10 (tháng 9/2022)\nĐề nghị nhắn nội dung ghi chú.\nHủy"
