"""A chase that is fair: warned before it is reported, held where it was answered, and the office is chased like a unit."""

from collections.abc import Callable

import pytest

from bot.domain.steps import Reason
from bot.store import ledger
from tests.world import Message, World

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [stc]
    due: 07/10/2022
"""


async def office_and_unit(begin: Callable[..., World], moment: str = "2022-10-03 09:00") -> World:
    world = begin(moment, tasks=ONE)
    await world.joins("lan", unit="stc", role="focal")
    await world.joins("hai", unit="stc", role="head")
    await world.joins("ha", unit="snv", role="office")
    await world.works()
    return world


def held(world: World, reason: Reason) -> list[str]:
    return [line.step for line in world.store.read(ledger.lines) if line.reason == reason]


async def asks_to_extend(world: World, told: Message, until: str) -> None:
    await world.presses(told, "Xin gia hạn")
    world.hears("lan", "xin gia hạn đến ngày nào")
    await world.says("lan", until)
    world.hears("lan", "lý do xin gia hạn")
    await world.says("lan", "chờ hướng dẫn của Bộ")
    world.hears("lan", "Đã thêm ghi chú")


async def test_the_head_hears_of_what_is_late_a_working_day_after_the_focal_point_was_warned(
    begin: Callable[..., World],
) -> None:
    world = await office_and_unit(begin, "2022-10-07 09:00")
    await world.until("2022-10-07 17:00")
    assert "hệ thống sẽ báo" not in world.hears("lan", "đến hạn hôm nay").whole

    await world.until("2022-10-11 17:00")
    world.hears("lan", "quá hạn 3 ngày", "Nếu chưa có báo cáo, ngày 12/10 hệ thống sẽ báo lãnh đạo đơn vị.")
    world.nobody_hears_more()

    await world.until("2022-10-12 17:00")
    world.hears("hai", "Báo cáo nhiệm vụ quá hạn", "R5", "Đơn vị chưa báo cáo.")
    await world.until("2022-10-14 17:00")
    assert "hệ thống sẽ báo" not in world.hears("lan", "quá hạn 7 ngày").whole


async def test_in_progress_keeps_the_next_reminder_away_but_not_the_last_call(begin: Callable[..., World]) -> None:
    world = await office_and_unit(begin)
    world.hears("lan", "còn 4 ngày")
    await world.until("2022-10-04 09:00")
    await world.presses(world.hears("lan", "còn 3 ngày"), "Đang thực hiện")
    world.hears("lan", "Đã ghi nhận")

    await world.until("2022-10-06 17:00")
    world.nobody_hears_more()
    assert held(world, Reason.ACKNOWLEDGED) == ["-1d"]
    await world.says("lan", "/giaithich R5")
    world.hears("lan", "không nhắc: đã báo đang thực hiện ngày 04/10", "sắp tới: 07/10 08:00")

    await world.until("2022-10-10 17:00")
    world.hears("lan", "đến hạn hôm nay")
    late = world.hears("lan", "quá hạn 3 ngày", "Nếu chưa hoàn thành, ngày 12/10 hệ thống sẽ báo lãnh đạo đơn vị.")
    await world.presses(late, "Đang thực hiện")
    world.hears("lan", "đã có báo cáo")


async def test_an_undecided_extension_holds_the_head_and_the_office_is_chased_for_it(
    begin: Callable[..., World],
) -> None:
    world = await office_and_unit(begin)
    await asks_to_extend(world, world.hears("lan", "còn 4 ngày"), "21/10")
    await world.works()
    world.hears("ha", "Xin gia hạn từ 07/10/2022 đến 21/10/2022")

    await world.until("2022-10-06 09:00")
    world.hears("ha", "Báo cáo chờ xử lý quá 3 ngày làm việc: 1", "R5", "Chờ 3 ngày.")
    await world.until("2022-10-10 09:00")
    world.nobody_hears_more()
    await world.until("2022-10-11 09:00")
    queue = world.hears("ha", "Báo cáo chờ xử lý quá 3 ngày làm việc: 1", "Chờ 8 ngày.")
    await world.until("2022-10-12 17:00")
    world.nobody_hears_more()
    assert held(world, Reason.EXTENSION_ASKED)[-1] == "head+3wd"

    await world.until("2022-10-14 07:59")
    world.hears("ha", "Chờ 11 ngày.")
    await world.until("2022-10-14 15:00")
    world.hears("lan", "R5", "đang chờ quyết định gia hạn", "ngày 18/10 hệ thống sẽ báo cơ quan theo dõi")
    await world.presses(queue, "Không đồng ý")
    world.hears("ha", "lý do không đồng ý")
    await world.says("ha", "đã quá hạn")
    world.hears("ha", "không đồng ý gia hạn R5")
    world.hears("lan", "Không đồng ý gia hạn R5")
    await world.says("ha", "/choduyet")
    world.hears("ha", "Không có báo cáo nào chờ xử lý.")


async def test_there_is_one_request_at_a_time_and_the_third_is_called_one_of_many(begin: Callable[..., World]) -> None:
    world = await office_and_unit(begin)
    told = world.hears("lan", "còn 4 ngày")
    for number, until in enumerate(("14/10", "21/10", "28/10"), start=1):
        await asks_to_extend(world, told, until)
        await world.says("lan", "R5 xin lùi 30/11")
        world.hears("lan", f"R5 đã có đề nghị gia hạn đến {until}/2022, đang chờ quyết định")
        await world.works()
        queue = world.hears("ha", f"đến {until}/2022", f"số lần đã gia hạn: {number - 1}")
        assert ("(gia hạn nhiều lần)" in queue.whole) is (number == 3)
        if number < 3:
            await world.presses(queue, "Đồng ý gia hạn")
            world.hears("ha", "Đã đồng ý gia hạn R5")
            told = world.hears("lan", "Đồng ý gia hạn R5")
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.until("2022-10-07 16:30")
    world.hears("ha", "Báo cáo chờ xử lý quá 3 ngày làm việc")
    world.reads_week("phuc", 40, "R5 – Sở Tài chính: từ 21/10/2022 đến 28/10/2022; gia hạn nhiều lần")


@pytest.mark.parametrize("wished", ["7/10", "5/10", "01/10/2022"])
async def test_a_wished_day_is_later_than_the_due_of_now(begin: Callable[..., World], wished: str) -> None:
    world = await office_and_unit(begin)
    await world.presses(world.hears("lan", "còn 4 ngày"), "Xin gia hạn")
    world.hears("lan", "xin gia hạn đến ngày nào")
    await world.says("lan", wished)
    world.hears("lan", "phải sau hạn hiện nay (07/10/2022)")
