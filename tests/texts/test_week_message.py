"""The weekly summary in words: every number with what it is a part of, worst first, nothing left blank."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.domain.compliance import Missed, Rates, WeekFigures
from bot.domain.figuring import Asking
from bot.domain.summing import no_classes
from bot.domain.tallies import Classes, Correction, Corrections, Past, ResultSum, Risk
from bot.ports import Out
from bot.texts import LANGUAGES, say
from bot.texts.lengths import parts, split_text, text_length
from bot.texts.week import LIST_LINES, UNIT_LINES, heading, text
from tests.texts.making import END, TASKS, line, unit, week


def section(figures: WeekFigures, number: int) -> list[str]:
    """Return the lines under a section's heading."""
    blocks = [block.splitlines() for block in text("vi", figures).split("\n\n")]
    return next(rest for first, *rest in blocks if first.startswith(f"{number}. "))


def test_the_heading_names_the_week_and_its_days() -> None:
    assert heading("vi", week()) == "TỔNG HỢP TUẦN 39 (26/09–02/10/2022)"


def test_an_empty_week_says_nothing_in_every_section() -> None:
    assert all(section(week(), number) == ["Không có."] for number in range(2, 8))
    assert "Hoàn thành/đến hạn: 0/0 = —." in section(week(), 1)


def test_the_moment_of_counting_carries_its_local_year() -> None:
    eve = week(as_of=datetime(2022, 12, 31, 17, 30, tzinfo=UTC), ends=date(2023, 1, 1))

    assert text("vi", eve).startswith("Số liệu tính đến 00:30 01/01/2023. Kế hoạch số 5610/KH-UBND.\n")


def test_coverage_is_told_with_what_is_in_doubt() -> None:
    assert "Đã hỏi được 36/38 đơn vị.\n" in text("vi", week())
    assert "Đã hỏi được 36/38 đơn vị. 3 tin chưa xác định đã đến hay chưa." in text("vi", week(in_doubt=3))


def test_both_rates_stand_with_their_parts_and_change() -> None:
    figures = week(units=(unit("A", 1998, 1, 2, 13),), previous=Rates(done_share=0.9, on_time_share=0.996))

    assert section(figures, 1) == [
        "Giao 598 · đến hạn 2.014 · hoàn thành 1.999 (đúng hạn 1.998, quá hạn 1) · chờ xác nhận 2"
        " · quá hạn chưa hoàn thành 13.",
        "Hoàn thành/đến hạn: 1.999/2.014 = 99,3% (tăng 9,3 điểm % so với tuần trước).",
        "Đúng hạn/đến hạn: 1.998/2.014 = 99,2% (giảm 0,4 điểm % so với tuần trước).",
    ]


def test_who_could_not_be_asked_is_told_and_not_called_late() -> None:
    assert "Chưa hỏi được: 4 nhiệm vụ (không tính vào quá hạn)." in section(
        week(units=(unit("A", 0, 0, 0, 0, not_asked=4),)), 1
    )


@pytest.mark.parametrize(
    ("first_on", "last_on", "span"),
    [
        pytest.param(date(2022, 9, 12), date(2022, 9, 26), "12/09–26/09/2022", id="a fortnight"),
        pytest.param(date(2022, 9, 12), date(2022, 9, 12), "12/09/2022", id="one day"),
    ],
)
def test_what_an_outage_kept_from_being_told_is_listed(first_on: date, last_on: date, span: str) -> None:
    missed = Missed(steps=1200, first_on=first_on, last_on=last_on, tasks=("R3", "R10"))
    figures = week(missed=missed, skipped=("2022-W37", "2022-W38"))

    assert f"Do hệ thống dừng, 1.200 bước nhắc ({span}) không gửi đúng lúc: R3, R10." in section(figures, 1)
    assert "Do hệ thống dừng, không có tổng hợp tuần 37, 38." in section(figures, 1)


def test_units_stand_worst_first_as_counted_and_those_without_a_debt_not_at_all() -> None:
    figures = week(
        units=(
            unit("UBND huyện B", 3, 1, 1, 4, days_late=22),
            unit("Sở A", 5, 0, 0, 1, days_late=3),
            unit("Sở C", 9, 0, 0, 0),
        )
    )

    assert section(figures, 2) == [
        "1. UBND huyện B: 4 nhiệm vụ quá hạn, tổng 22 ngày; hoàn thành 4/9.",
        "2. Sở A: 1 nhiệm vụ quá hạn, tổng 3 ngày; hoàn thành 5/6.",
    ]


def test_what_is_blocked_stands_with_its_reason_and_one_stop() -> None:
    long = "chờ hướng dẫn " * 40
    found = section(
        week(blocked=(line("R12", "Sở A", "chưa có kinh phí."), line("R1", "Sở B"), line("R3", "Sở C", long))), 3
    )

    assert found[:2] == ["- R12 – Sở A: chưa có kinh phí.", "- R1 – Sở B."]
    assert found[2].endswith("hướng dẫn chờ…")


def test_an_extension_stands_with_both_days_and_its_reason() -> None:
    found = section(
        week(extensions=(line("R12", "Sở A", "→ 15/10/2022; chờ ý kiến"), line("R3", "Sở B", "→ 14/10/2022"))), 4
    )

    assert found == [
        "- R12 – Sở A: từ 30/09/2022 đến 15/10/2022; chờ ý kiến.",
        "- R3 – Sở B: từ 30/09/2022 đến 14/10/2022.",
    ]


def test_next_week_counts_the_units_of_each_task() -> None:
    following = (line("R10", "A"), line("R10", "B"), line("R10", "C", due_at=END + timedelta(days=1)), line("R3", "A"))
    found = section(week(next_week=following), 5)

    assert [entry.partition(". ")[0] for entry in found] == [
        "- R10: 2 đơn vị, hạn 30/09/2022",
        "- R10: 1 đơn vị, hạn 01/10/2022",
        "- R3: 1 đơn vị, hạn 30/09/2022",
    ]


def test_silent_units_stand_with_their_tasks_most_first() -> None:
    found = section(week(unanswered=(line("R1", "Sở A"), line("R1", "Sở B"), line("R3", "Sở B"))), 6)

    assert found == ["- Sở B: R1, R3.", "- Sở A: R1."]


@pytest.mark.parametrize(
    ("why", "words"),
    [
        (Asking.NO_CONTACT, "chưa có đầu mối liên kết"),
        (Asking.FAILED, "không gửi được"),
        (Asking.IN_DOUBT, "chưa xác định đã đến hay chưa"),
    ],
)
def test_what_was_not_delivered_stands_with_the_reason(why: Asking, words: str) -> None:
    assert section(week(undeliverable=(line("R1", "Sở A", str(why)),)), 7) == [f"- Sở A: R1 ({words})."]


def test_long_lists_are_cut_and_the_rest_is_counted() -> None:
    units = tuple(unit(f"Đơn vị {number}", 0, 0, 0, 1) for number in range(38))
    blocked = tuple(line("R1", each.name, "vướng") for each in units)

    assert section(week(units=units), 2)[UNIT_LINES:] == ["… và 26 mục khác trong bảng tính kèm theo."]
    assert section(week(blocked=blocked), 3)[LIST_LINES:] == ["… và 28 mục khác trong bảng tính kèm theo."]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_fullest_week_of_a_province_can_be_sent(language: str) -> None:
    lines = tuple(line(task.id, f"UBND huyện {number}", "lý do " * 60) for number in range(38) for task in TASKS)
    unreached = tuple(line(each.task, each.unit, str(Asking.FAILED)) for each in lines)
    units = tuple(unit(f"UBND huyện {number}", 1, 1, 1, 20, days_late=999) for number in range(38))
    full = week(
        units=units,
        blocked=lines,
        extensions=lines,
        overdue=lines,
        next_week=lines,
        unanswered=lines,
        undeliverable=unreached,
    )
    found = split_text(text(language, full), 4096)

    assert len(found) <= 3
    assert all(0 < text_length(part) <= 4096 for part in found)

    fresh = replace(full, form=2)
    out = Out(heading=heading(language, fresh), text=text(language, fresh))
    assert len(parts(out, 4096)) == 1
    assert len(parts(out, 2000)) <= 3
    assert text(language, fresh).count(say(language, "week.more", count=0).partition("0")[2]) >= 5  # the rest as counts


HOSTILE = ["x" * 5000, "tên dài " * 2000, "😀" * 3000, "Đơn vị\n1. Đơn vị khác: 0 nhiệm vụ quá hạn"]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("value", HOSTILE, ids=["an endless word", "endless", "emoji", "lines"])
def test_a_page_fits_whatever_things_are_called(value: str, language: str) -> None:
    lines = tuple(line(task.id, value, value) for task in TASKS)
    unreached = tuple(line(each.task, value, str(Asking.FAILED)) for each in lines)
    classes = Classes(on_time=1, late=2, waiting=3, overdue=4)
    full = week(
        form=2,
        plan=value,
        units=tuple(replace(unit(value, 1, 1, 1, 9, days_late=9), points=8.5, ages=(1, 2, 3, 4, 5)) for _ in range(30)),
        blocked=lines,
        extensions=lines,
        next_week=lines,
        unanswered=lines,
        undeliverable=unreached,
        silent=lines,
        unreachable=(value,) * 30,
        risks=tuple(Risk(id="1", name=value, points=1, source=value, rule=value, overdue=1, days=1) for _ in range(8)),
        results=tuple(ResultSum(task="R1", kind="count", label=value, reports=1, nothing=0, count=1) for _ in range(9)),
        skipped=("2022-W38",) * 200,
        corrections=Corrections(
            week="2022-W38",
            before=classes,
            after=classes,
            tasks=tuple(Correction(task=task.id, before=classes, after=no_classes()) for task in TASKS),
        ),
    )
    out = Out(heading=heading(language, full), text=text(language, full))

    assert len(parts(out, 4096)) == 1
    assert len(parts(out, 2000)) <= 3


def fresh(**changes: object) -> WeekFigures:
    return week(form=2, **changes)


def test_where_nothing_is_overdue_the_page_says_so() -> None:
    assert section(fresh(units=(unit("Sở A", 3, 0, 0, 0),)), 2) == ["Không có việc quá hạn."]
    assert all(section(fresh(), number) == ["Không có."] for number in range(3, 10))


def test_who_is_not_counted_as_late_is_told_with_the_reasons() -> None:
    apart = {"no_contact": 2, "in_doubt": 1, "extension": 4, "paused": 1000}
    figures = fresh(units=(replace(unit("A", 0, 0, 0, 0, not_asked=1007), apart=apart),))

    assert (
        "Chưa hỏi được: 3 nhiệm vụ (chưa có đầu mối liên kết 2, chưa xác định đã đến hay chưa 1)."
        " Chờ quyết định gia hạn: 4 nhiệm vụ. Tạm dừng: 1.000 nhiệm vụ. Các nhiệm vụ này không tính vào quá hạn."
    ) in section(figures, 1)


def test_a_week_stands_beside_the_ones_before_and_beside_its_first_dues() -> None:
    past = Classes(on_time=1, late=0, waiting=0, overdue=1)
    counts = replace(unit("A", 3, 0, 0, 1), original=Classes(on_time=1, late=2, waiting=0, overdue=1))
    figures = fresh(
        units=(counts,),
        previous=Rates(done_share=0.5, on_time_share=0.5),
        earlier=(
            Past(why="last", week="2022-W38", classes=past),
            Past(why="before_last", week="2022-W37", classes=past),
            Past(why="month", week="2022-W35", classes=no_classes()),
        ),
    )

    assert section(figures, 1)[1:] == [
        "Hoàn thành/đến hạn: 3/4 = 75,0% (tăng 25,0 điểm % so với tuần trước).",
        "Đúng hạn/đến hạn: 3/4 = 75,0% (tăng 25,0 điểm % so với tuần trước).",
        "Theo hạn gốc: hoàn thành/đến hạn 3/4 = 75,0%; đúng hạn/đến hạn 1/4 = 25,0%.",
        "So với tuần 37: hoàn thành +25,0, đúng hạn +25,0 điểm %.",
        "So với cùng kỳ tháng trước (tuần 35): hoàn thành —, đúng hạn — điểm %.",
    ]


def test_how_late_what_was_measured_and_which_points_are_told() -> None:
    late = replace(unit("Sở A", 0, 0, 0, 11, days_late=300), ages=(1, 2, 3, 4, 1), points=8.5, unassigned=1200)
    figures = fresh(
        units=(late,),
        results=(
            ResultSum(
                task="R16",
                kind="ratio",
                label="thư xin lỗi/hồ sơ trễ hẹn",
                reports=3,
                nothing=1,
                done=62,
                total=79,
                aimed=3,
                met=1,
            ),
            ResultSum(task="R4", kind="count", label="giải pháp", reports=2, nothing=0, count=1200),
        ),
        risks=(Risk(id="1", name="Chỉ đạo", points=8.5, source="QĐ 1", rule="QĐ 1149", overdue=10, days=290),),
    )

    assert section(figures, 1)[-4:] == [
        "Số ngày quá hạn: dưới 1 ngày 1 · 1–7 ngày 2 · 8–30 ngày 3 · trên 30 ngày 5 (trong đó trên 120 ngày 1).",
        "Kết quả báo cáo: R16 thư xin lỗi/hồ sơ trễ hẹn 62/79 = 78,5%, đạt chỉ tiêu 1/3 báo cáo · R4 giải pháp 1.200.",
        "Điểm có nguy cơ mất: tiêu chí 1 8,5 điểm (QĐ 1, QĐ 1149): 10 nhiệm vụ quá hạn, 290 ngày.",
        "Quá hạn chưa gán điểm: 1.200 nhiệm vụ.",
    ]
    assert section(figures, 2) == [
        "1. Sở A: 11 nhiệm vụ quá hạn, tổng 300 ngày; hoàn thành 0/11. Nguy cơ mất 8,5 điểm."
    ]


def test_silence_and_corrections_have_their_sections() -> None:
    before, after = Classes(on_time=3, late=0, waiting=2, overdue=1), Classes(on_time=4, late=0, waiting=0, overdue=2)
    figures = fresh(
        silent=(replace(line("R5", "Sở A"), days=95), replace(line("R9", "Sở A"), days=91)),
        corrections=Corrections(
            week="2022-W38",
            before=before,
            after=after,
            tasks=(Correction(task="R1", before=before, after=after),),
        ),
    )
    changes = "đúng hạn 3 → 4, chờ xác nhận 2 → 0, quá hạn chưa hoàn thành 1 → 2"

    assert section(figures, 8) == ["- Sở A: R5 (95 ngày), R9 (91 ngày)."]
    assert section(figures, 9) == [f"- Tuần 38 tính lại: {changes}.", f"- R1: {changes}."]


def test_what_a_bounded_list_leaves_out_is_counted() -> None:
    assert section(fresh(blocked=(line("R1", "Sở A", "x"),), beyond={"blocked": 1200}), 3) == [
        "- R1 – Sở A: x.",
        "… chưa kể 1.200 nhiệm vụ khác không liệt kê.",
    ]
