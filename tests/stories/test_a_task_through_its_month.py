"""The main job: reminded, answered, returned, answered again, accepted; and one that nobody ever answers."""

from collections.abc import Callable

from tests.world import World

RATIO = """
  - id: R16
    title: Ban hành văn bản xin lỗi khi trả kết quả trễ hẹn
    owners: [snv]
    due: {every: month, day: 25, from: 2022-10-01}
    result: {kind: ratio, of: văn bản xin lỗi, over: hồ sơ trễ hẹn, target: 100}
"""

ONCE = """
  - id: R10
    title: Báo cáo phân tích tiêu chí mất điểm
    owners: [snv]
    due: 25/10/2022
    result: {kind: document}
"""


async def test_a_task_is_reminded_answered_returned_answered_again_and_accepted(begin: Callable[..., World]) -> None:
    world = begin("2022-10-03 07:00", tasks=RATIO)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("ha", unit="snv", role="office")
    await world.joins("phuc", unit="vpubnd", role="manager")

    await world.until("2022-10-18 07:59")
    for number in (40, 41):
        world.reads_week("phuc", number, "đến hạn 0", "Hoàn thành/đến hạn: 0/0 = —")
    world.nobody_hears_more()
    await world.until("2022-10-18 08:00")
    seven = world.hears("lan", "R16", "tháng 10/2022", "Hạn 25/10/2022", "còn 7 ngày")
    assert len(seven.labels()) == 5

    await world.until("2022-10-21 17:00")
    three = world.hears("lan", "còn 4 ngày")  # 22/10 is a Saturday, so the third day before comes on Friday
    await world.presses(three, "Đã hoàn thành")
    world.hears("lan", "văn bản xin lỗi", "hồ sơ trễ hẹn", "Ví dụ: 12/18")
    await world.says("lan", "12/18")
    world.hears("lan", "Đã ghi nhận", "12 văn bản xin lỗi/18 hồ sơ trễ hẹn (66,7%)", "Chờ xác nhận", "Sở Nội vụ")
    await world.until("2022-10-24 07:30")
    queue = world.hears("ha", "R16", "12 văn bản", "lan")

    await world.presses(queue, "Trả lại")
    world.hears("ha", "lý do trả lại")
    await world.says("ha", "thiếu danh sách hồ sơ trễ hẹn")
    world.hears("ha", "Đã trả lại")
    returned = world.hears("lan", "chưa đạt", "thiếu danh sách hồ sơ trễ hẹn.")

    await world.until("2022-10-24 08:00")
    world.hears("lan", "đến hạn ngày mai")
    await world.presses(returned, "Đã hoàn thành")
    world.hears("lan", "Ví dụ: 12/18")
    await world.says("lan", "18/18")
    world.hears("lan", "18 văn bản xin lỗi/18", "thay cho báo cáo")
    await world.until("2022-10-24 08:01")
    queue = world.hears("ha", "18 văn bản")
    await world.presses(queue, "Xác nhận")
    world.hears("ha", "Đã xác nhận R16", "hoàn thành đúng hạn")
    world.hears("lan", "được xác nhận: hoàn thành đúng hạn")

    await world.until("2022-10-31 17:00")
    # On Friday 21/10 at ten nobody had answered yet; a week later the work is done, and was due.
    world.reads_week("phuc", 42, "Giao 1 · đến hạn 0 · hoàn thành 0", "R16: 1 đơn vị, hạn 25/10/2022", "Sở Nội vụ: R16")
    world.reads_week("phuc", 43, "đến hạn 1 · hoàn thành 1 (đúng hạn 1, quá hạn 0)", "Đúng hạn/đến hạn: 1/1 = 100,0%")


async def test_a_task_that_nobody_answers_goes_up_to_the_head_and_then_to_the_office(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-10-17 07:00", tasks=ONCE)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("hai", unit="snv", role="head")
    await world.joins("ha", unit="snv", role="office")
    await world.joins("phuc", unit="vpubnd", role="manager")

    await world.until("2022-10-25 17:00")
    world.reads_week("phuc", 42, "đến hạn 0")
    for left in ("còn 7 ngày", "còn 4 ngày", "đến hạn ngày mai", "đến hạn hôm nay"):
        world.hears("lan", "R10", left)
    world.nobody_hears_more()

    await world.until("2022-10-28 17:00")
    world.hears("lan", "quá hạn 1 ngày")
    world.hears("lan", "quá hạn 3 ngày")
    world.hears("hai", "Kính báo cáo đồng chí hai", "quá hạn 3 ngày", "Đơn vị chưa báo cáo", "quan tâm chỉ đạo")
    late = "quá hạn chưa hoàn thành 1"
    world.reads_week("phuc", 43, "đến hạn 1 · hoàn thành 0", late, "Sở Nội vụ: 1 nhiệm vụ quá hạn, tổng 3 ngày")
    world.nobody_hears_more()

    await world.until("2022-11-03 17:00")
    world.hears("lan", "quá hạn 7 ngày")
    world.hears("ha", "Sở Nội vụ", "quá hạn 9 ngày", "đôn đốc")

    await world.until("2022-12-30 17:00")
    for days in (14, 21, 28, 35, 42, 49, 56):
        world.hears("lan", f"quá hạn {days} ngày")
    for week in range(9):
        world.reads_week("phuc", 44 + week, late, f"tổng {10 + 7 * week} ngày", "so với tuần trước")
