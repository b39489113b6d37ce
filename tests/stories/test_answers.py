"""Answers of every kind: pressed, numbered, in words, twice, too late, by the wrong person; each ends sensibly."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.store import reports
from bot.store.reports import Report
from tests.world import World

TWO = """
  - id: R3
    title: Kế hoạch khắc phục tồn tại
    owners: [snv, stc]
    due: 07/10/2022
    result: {kind: document}
  - id: R8
    title: Tuyên truyền nội bộ
    owners: [snv]
    due: 07/10/2022
    result: {kind: count, label: số buổi tuyên truyền}
"""

MONTHLY = """
  - id: R16
    title: Ban hành văn bản xin lỗi
    owners: [snv]
    due: {every: month, day: 25}
"""

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""


def stored(world: World) -> tuple[Report, ...]:
    return world.store.read(reports.history)


async def reminded(begin: Callable[..., World], tasks: str) -> World:
    """Return a world on the morning of the first reminder, a week before 07/10/2022."""
    world = begin("2022-09-30 07:30", tasks=tasks)
    await world.joins("lan", unit="snv", role="focal")
    await world.until("2022-09-30 08:00")
    return world


async def test_one_task_is_answered_by_a_bare_number(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    world.hears("lan", "nhắn số từ 1 đến 5")

    await world.says("lan", "2")

    world.hears("lan", "Đã ghi nhận", "Đang thực hiện")
    assert [str(each.status) for each in stored(world)] == ["in_progress"]


async def test_a_bare_number_asks_back_where_two_tasks_are_open(begin: Callable[..., World]) -> None:
    world = await reminded(begin, TWO)
    world.hears("lan", "R3", "R8", "Ví dụ: R3 1")

    await world.says("lan", "1")

    world.hears("lan", "2 nhiệm vụ mở", "R3 1")
    assert stored(world) == ()


async def test_a_code_and_a_number_is_an_answer_whatever_question_is_open(begin: Callable[..., World]) -> None:
    world = await reminded(begin, TWO)
    bundle = world.hears("lan", "R3", "R8")
    await world.presses(bundle, "R3 Đã xong")
    world.hears("lan", "số, ngày văn bản")

    await world.says("lan", "R8 2")

    world.hears("lan", "R8", "Đang thực hiện")
    assert [str(each.status) for each in stored(world)] == ["in_progress"]


@pytest.mark.parametrize(
    ("words", "status", "said"),
    [
        pytest.param("xong", "done", "Chờ xác nhận", id="done"),
        pytest.param("đang làm 60%", "in_progress", "60", id="in progress with a figure"),
        pytest.param("dang lam 60%", "in_progress", "60", id="without diacritics"),
        pytest.param("vướng: chưa có hướng dẫn", "blocked", "Vướng mắc", id="blocked with its reason"),
        pytest.param("không phát sinh", "done", "không phát sinh", id="nothing to report"),
    ],
)
async def test_a_few_words_are_read(begin: Callable[..., World], words: str, status: str, said: str) -> None:
    world = await reminded(begin, ONE)
    world.hears("lan", "R5")

    await world.says("lan", words)

    world.hears("lan", "Đã ghi nhận", said)
    assert [str(each.status) for each in stored(world)] == [status]


async def test_a_long_report_closes_nothing_and_is_asked_about(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    world.hears("lan", "R5")

    await world.says(
        "lan",
        "Đơn vị đã hoàn thành nâng cấp Hệ thống và đang phối hợp các phòng chuyên môn rà soát, dự kiến tập huấn trong"
        " tháng 11/2022 cho toàn thể cán bộ, công chức",
    )

    card = world.hears("lan", "chưa rõ", "R5")
    assert len(card.labels()) == 5
    assert stored(world) == ()


async def test_a_double_press_makes_one_report(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    reminder = world.hears("lan", "R5")

    await world.presses(reminder, "Đã hoàn thành")
    await world.presses(reminder, "Đã hoàn thành")

    world.hears("lan", "Đã ghi nhận")
    world.hears("lan", "đã có báo cáo", "Không cần báo lại")
    assert len(stored(world)) == 1


async def test_two_people_who_answer_differently_make_one_report_and_the_second_is_shown_it(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-30 07:30", tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("mai", unit="snv", role="focal")
    await world.until("2022-09-30 08:00")
    hers, theirs = world.hears("lan", "R5"), world.hears("mai", "R5")

    await world.presses(hers, "Đã hoàn thành")
    await world.presses(theirs, "Đang thực hiện")

    world.hears("lan", "Đã ghi nhận")
    world.hears("mai", "đã thay đổi", "Đã hoàn thành", "lan")
    assert len(stored(world)) == 1


async def test_the_last_answer_can_be_corrected_until_it_is_accepted(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    await world.joins("ha", unit="snv", role="office")
    reminder = world.hears("lan", "R5")
    await world.presses(reminder, "Đang thực hiện")
    first = world.hears("lan", "Đang thực hiện")

    await world.presses(first, "Sửa báo cáo")
    again = world.hears("lan", "Báo cáo gần nhất: Đang thực hiện")
    await world.presses(again, "Đã hoàn thành")
    done = world.hears("lan", "Đã hoàn thành", "thay cho báo cáo «Đang thực hiện»")
    await world.until("2022-09-30 08:10")
    queue = world.hears("ha", "R5")
    await world.presses(queue, "Xác nhận")
    world.hears("ha", "Đã xác nhận")
    world.hears("lan", "được xác nhận")
    await world.presses(done, "Sửa báo cáo")

    world.hears("lan", "Hoàn thành đúng hạn")
    await world.says("lan", "R5 2")
    world.hears("lan", "đã được xác nhận", "liên hệ Sở Nội vụ")
    assert len(stored(world)) == 2


async def test_a_press_by_somebody_of_another_unit_is_refused_whatever_the_button_says(
    begin: Callable[..., World],
) -> None:
    world = await reminded(begin, ONE)
    await world.joins("thu", unit="stc", role="focal")
    reminder = world.hears("lan", "R5")

    await world.presses(reminder, "Đã hoàn thành", by="thu")

    world.hears("thu", "không có quyền")
    assert stored(world) == ()


async def test_a_stranger_learns_what_this_is_and_nothing_else(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    reminder = world.hears("lan", "R5")
    world.knows("aido")

    await world.says("aido", "xin chào")
    world.hears("aido", "kênh nhắc việc", "mã liên kết")
    await world.presses(reminder, "Đã hoàn thành", by="aido")
    world.hears("aido", "mã liên kết")
    await world.says("aido", "K7QP-2M9X-RTVB")

    world.hears("aido", "Mã không đúng")
    assert stored(world) == ()


async def test_a_press_about_a_task_that_the_plan_dropped_says_so(begin: Callable[..., World]) -> None:
    world = await reminded(begin, TWO)
    bundle = world.hears("lan", "R3", "R8")
    kept = world.plan_text
    world.applies_plan(kept[: kept.index("  - id: R8")])
    await world.works()

    await world.presses(bundle, "R8 Đã xong")

    world.hears("lan", "không còn trong kế hoạch")
    assert stored(world) == ()


async def test_a_typed_answer_about_a_task_that_is_not_there_says_so(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    world.hears("lan", "R5")

    await world.says("lan", "R99 1")

    world.hears("lan", "Không thấy nhiệm vụ R99")
    assert stored(world) == ()


async def test_a_press_on_last_months_message_is_a_late_report_of_that_month(begin: Callable[..., World]) -> None:
    world = begin("2022-09-23 07:30", tasks=MONTHLY)
    await world.joins("lan", unit="snv", role="focal")
    await world.until("2022-09-23 08:00")
    old = world.hears("lan", "tháng 9/2022")
    world.clock.set(world.clock.now() + timedelta(days=33))
    await world.works()
    world.hears("lan", "tháng 9/2022", "tháng 10/2022")

    await world.presses(old, "Đang thực hiện")

    world.hears("lan", "R16 (tháng 9/2022)", "Quá hạn chưa hoàn thành")


async def test_a_button_that_we_never_wrote_is_answered(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    world.hears("lan", "R5")

    for action in ("1:s1:zzzzz:0", "1:s1:zzzzzz:0", "9:x", "1:a:1:0", "1:g:1:1"):
        await world.presses_action("lan", action)

    world.hears("lan", "không còn trong kế hoạch")
    for _ in ("past every key of a database", "of no version"):
        world.hears("lan", "phiên bản cũ")
    world.hears("lan", "không có quyền")
    world.hears("lan", "không có quyền")


async def test_figures_that_cannot_be_read_are_asked_for_again_and_nothing_is_lost(begin: Callable[..., World]) -> None:
    world = await reminded(begin, TWO)
    bundle = world.hears("lan", "R3", "R8")
    await world.presses(bundle, "R8 Đã xong")
    world.hears("lan", "số buổi tuyên truyền")

    await world.says("lan", "nhiều lắm")
    world.hears("lan", "Chưa đọc được số lượng")
    await world.says("lan", "4")

    world.hears("lan", "Đã ghi nhận", "4")
    assert stored(world)[0].figures == {"count": 4}


async def test_nothing_to_report_is_an_answer_and_not_a_failure(begin: Callable[..., World]) -> None:
    world = await reminded(begin, TWO)
    bundle = world.hears("lan", "R3", "R8")
    await world.presses(bundle, "R8 Đã xong")
    question = world.hears("lan", "số buổi tuyên truyền")

    await world.presses(question, "Không phát sinh")

    world.hears("lan", "Đã ghi nhận", "không phát sinh")


async def test_a_question_is_left_by_a_word(begin: Callable[..., World]) -> None:
    world = await reminded(begin, TWO)
    bundle = world.hears("lan", "R3", "R8")
    await world.presses(bundle, "R8 Đã xong")
    world.hears("lan", "số buổi tuyên truyền")

    await world.says("lan", "huỷ")

    world.hears("lan", "Đã thôi")
    assert stored(world) == ()


async def test_an_obstacle_is_stored_at_once_and_its_reason_added(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    reminder = world.hears("lan", "R5")

    await world.presses(reminder, "Vướng mắc")
    world.hears("lan", "Đã ghi nhận", "nêu ngắn gọn vướng mắc")
    await world.says("lan", "Chưa có kinh phí")

    world.hears("lan", "Đã thêm ghi chú")
    assert [(str(each.status), each.note) for each in stored(world)] == [("blocked", "Chưa có kinh phí")]


async def test_an_extension_that_the_office_grants_moves_the_due_and_the_reminders(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    await world.joins("ha", unit="snv", role="office")
    reminder = world.hears("lan", "R5")

    await world.presses(reminder, "Xin gia hạn")
    world.hears("lan", "đến ngày nào")
    await world.says("lan", "5/10")
    world.hears("lan", "phải sau hạn hiện nay (07/10/2022)")
    await world.says("lan", "21/10")
    world.hears("lan", "Xin gia hạn", "lý do xin gia hạn")
    await world.says("lan", "Chờ hướng dẫn của Bộ")
    world.hears("lan", "Đã thêm ghi chú")
    await world.until("2022-09-30 09:00")
    queue = world.hears("ha", "Xin gia hạn từ 07/10/2022 đến 21/10/2022", "số lần đã gia hạn: 0")
    await world.presses(queue, "Đồng ý gia hạn")
    world.hears("ha", "đến 21/10/2022")
    world.hears("lan", "Đồng ý gia hạn R5", "21/10/2022")

    await world.until("2022-10-13 17:00")
    world.nobody_hears_more()
    await world.until("2022-10-14 08:00")
    world.hears("lan", "R5", "Hạn 21/10/2022", "còn 7 ngày")


async def test_a_task_that_is_not_the_units_is_released_by_the_office_and_not_chased(
    begin: Callable[..., World],
) -> None:
    world = await reminded(begin, ONE)
    await world.joins("ha", unit="snv", role="office")
    reminder = world.hears("lan", "R5")

    await world.presses(reminder, "Không thuộc đơn vị")
    world.hears("lan", "Đã ghi nhận", "đơn vị có thẩm quyền")
    await world.says("lan", "Của Sở Tư pháp")
    world.hears("lan", "Đã thêm ghi chú")
    await world.until("2022-09-30 09:00")
    queue = world.hears("ha", "Không thuộc đơn vị", "Của Sở Tư pháp")
    await world.presses(queue, "Đúng, không thuộc đơn vị")
    world.hears("ha", "Đã xác nhận")
    world.hears("lan", "không thuộc Sở Nội vụ")

    await world.until("2022-10-20 17:00")


async def test_two_of_the_office_who_decide_at_once_make_one_decision(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    await world.joins("ha", unit="snv", role="office")
    await world.joins("binh", unit="snv", role="office")
    await world.presses(world.hears("lan", "R5"), "Đã hoàn thành")
    world.hears("lan", "Đã ghi nhận")
    await world.until("2022-09-30 09:00")
    first, second = world.hears("ha", "R5"), world.hears("binh", "R5")

    await world.presses(first, "Xác nhận")
    await world.presses(second, "Trả lại")

    world.hears("ha", "Đã xác nhận")
    world.hears("lan", "được xác nhận")
    world.hears("binh", "đã được xử lý: xác nhận (ha")


async def test_nobody_accepts_a_report_of_their_own(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    reminder = world.hears("lan", "R5")
    await world.joins("lan", unit="snv", role="office")
    await world.presses(reminder, "Đã hoàn thành")
    world.hears("lan", "Đã ghi nhận")
    await world.until("2022-09-30 09:00")

    await world.presses(world.hears("lan", "R5"), "Xác nhận")

    world.hears("lan", "không tự xác nhận")


async def test_a_file_after_a_report_proves_it(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    await world.presses(world.hears("lan", "R5"), "Đã hoàn thành")
    recorded = world.hears("lan", "Đã ghi nhận")

    await world.presses(recorded, "Gửi minh chứng")
    world.hears("lan", "tệp hoặc ảnh minh chứng", "Không gửi tài liệu mật")
    await world.sends_file("lan", "báo cáo.pdf", b"%PDF-1.4 ...")
    world.hears("lan", "Đã nhận tệp", "báo cáo.pdf")
    await world.sends_file("lan", "chay.exe", b"MZ")

    world.hears("lan", "Không nhận được tệp", "chỉ nhận")
    assert stored(world)[0].files == ("báo cáo.pdf",)


async def test_my_tasks_are_listed_open_ones_first_and_opened_by_a_button(begin: Callable[..., World]) -> None:
    world = await reminded(begin, TWO)
    await world.presses(world.hears("lan", "R3", "R8"), "Đang làm")
    world.hears("lan", "Đang thực hiện")

    await world.says("lan", "/nhiemvu")
    listing = world.hears("lan", "Nhiệm vụ của Sở Nội vụ", "Đang mở: 2", "R8")
    await world.presses(listing, "R8")

    card = world.hears("lan", "R8 · Tuyên truyền nội bộ", "Hạn: 07/10/2022", "số buổi tuyên truyền")
    assert len(card.labels()) == 5


async def test_what_was_reported_is_not_chased_and_the_ledger_says_why(begin: Callable[..., World]) -> None:
    from bot.store import ledger

    world = await reminded(begin, ONE)
    await world.presses(world.hears("lan", "R5"), "Đã hoàn thành")
    world.hears("lan", "Đã ghi nhận")

    await world.until("2022-10-10 17:00")

    fates = [(line.step, line.fate, line.reason) for line in world.store.read(ledger.lines)]
    assert fates[0] == ("-7d", "sent", "")
    assert set(fates[1:4]) == {
        ("-3d", "suppressed", "reported"),
        ("-1d", "suppressed", "reported"),
        ("0d", "suppressed", "reported"),
    }


async def test_a_paused_task_is_not_chased_until_the_pause_ends(begin: Callable[..., World]) -> None:
    world = begin("2022-09-30 07:30", tasks=ONE + "    pause: {until: 05/10/2022, reason: chờ hướng dẫn}\n")
    await world.joins("lan", unit="snv", role="focal")

    await world.until("2022-10-05 17:00")
    world.nobody_hears_more()
    await world.until("2022-10-06 08:00")

    world.hears("lan", "đến hạn ngày mai")


async def test_a_person_chooses_the_language_they_are_written_to_in(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    world.hears("lan", "R5")

    await world.says("lan", "/ngonngu")
    world.hears("lan", "tiếng Việt và tiếng Anh")
    await world.says("lan", "/ngonngu en")
    world.hears("lan", "in English")
    await world.until("2022-10-04 08:00")
    world.hears("lan", "R5", "3 day(s) left")
    await world.says("lan", "/ngonngu vi")

    world.hears("lan", "tiếng Việt")


async def test_nothing_is_added_to_a_report_that_the_office_has_accepted(begin: Callable[..., World]) -> None:
    world = await reminded(begin, ONE)
    await world.joins("ha", unit="snv", role="office")
    await world.presses(world.hears("lan", "R5"), "Đã hoàn thành")
    told = world.hears("lan", "Đã ghi nhận")
    await world.presses(told, "ghi chú")
    world.hears("lan", "ghi chú")
    await world.until("2022-09-30 09:00")
    await world.presses(world.hears("ha", "R5"), "Xác nhận")
    world.hears("ha", "Đã xác nhận")
    world.hears("lan", "R5")

    await world.says("lan", "bổ sung: có danh sách kèm theo")  # to the question that was open meanwhile
    world.hears("lan", "R5 đã được xác nhận", "Nếu cần điều chỉnh, đề nghị liên hệ Sở Nội vụ")
    for label in ("ghi chú", "minh chứng"):
        await world.presses(told, label)
        world.hears("lan", "R5 đã được xác nhận", "Nếu cần điều chỉnh, đề nghị liên hệ Sở Nội vụ")
    await world.sends_file("lan", "danh-sach.pdf", b"%PDF-1.4")
    world.hears("lan", "R5 đã được xác nhận")

    (report,) = stored(world)
    assert (report.note, report.files) == ("", ())
