"""The bot was off: what is still relevant goes out once, newest first, and the next summary says what was missed."""

from collections.abc import Callable

import pytest

from bot.store import ledger, summaries
from tests.world import World

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""
TWO_MORE = """
  - id: R6
    title: Rà soát thủ tục hành chính
    owners: [snv]
    due: 10/10/2022
  - id: R10
    title: Báo cáo phân tích tiêu chí mất điểm
    owners: [snv, stc]
    due: 11/10/2022
"""
STOOD_STILL = "Do hệ thống dừng"


async def known_since(begin: Callable[..., World], moment: str, tasks: str = ONE) -> World:
    world = begin(moment, tasks=tasks)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("hai", unit="snv", role="head")
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.works()
    return world


def fates(world: World, task: str = "R5") -> list[tuple[str, str, str]]:
    lines = world.store.read(lambda tx: ledger.lines(tx, task=task))
    return [(line.step, line.fate, line.reason) for line in lines if line.unit == "snv"]


@pytest.mark.parametrize(
    ("off_at", "on_at", "told_at", "said"),
    [
        pytest.param("2022-10-04 07:55", "2022-10-04 08:05", "2022-10-04 08:05", "còn 3 ngày", id="ten minutes"),
        pytest.param("2022-10-04 07:00", "2022-10-04 13:00", "2022-10-04 13:30", "còn 3 ngày", id="a morning"),
        pytest.param("2022-10-04 07:00", "2022-10-05 07:00", "2022-10-05 08:00", "còn 2 ngày", id="a day"),
    ],
)
async def test_a_step_that_no_newer_one_overtook_is_told_late_and_once(
    begin: Callable[..., World], off_at: str, on_at: str, told_at: str, said: str
) -> None:
    world = await known_since(begin, "2022-10-03 09:00")
    world.hears("lan", "R5", "còn 4 ngày")  # the step of 30/09 came due before anybody knew of the task
    await world.until(off_at)
    world.is_off_until(on_at)

    await world.until(told_at)

    assert f"{world.hears('lan', 'R5', said).at.astimezone(world.clock.now().tzinfo):%Y-%m-%d %H:%M}" == told_at
    assert fates(world) == [("-7d", "sent", ""), ("-3d", "sent", "")]
    await world.until("2022-10-07 17:00")
    for later in ("đến hạn ngày mai", "đến hạn hôm nay"):
        world.hears("lan", later)
    assert STOOD_STILL not in world.reads_week("phuc", 40).whole  # what was told, if late, was not missed


async def test_after_three_days_the_newest_step_is_told_and_the_summary_lists_the_two_before_it(
    begin: Callable[..., World],
) -> None:
    world = await known_since(begin, "2022-09-30 07:30")
    await world.until("2022-10-03 17:00")
    world.hears("lan", "còn 7 ngày")
    world.reads_week("phuc", 39)
    world.is_off_until("2022-10-07 07:00")

    await world.until("2022-10-07 17:00")

    world.hears("lan", "R5", "đến hạn hôm nay")
    assert fates(world)[1:] == [
        ("-3d", "superseded", "newer_step"),
        ("-1d", "superseded", "newer_step"),
        ("0d", "sent", ""),
    ]
    world.reads_week("phuc", 40, f"{STOOD_STILL}, 2 bước nhắc (04/10–06/10/2022) không gửi đúng lúc: R5.")
    await world.until("2022-10-14 17:00")
    for late in ("quá hạn 3 ngày", "quá hạn 7 ngày"):
        world.hears("lan", late)
    world.hears("hai", "R5")
    assert STOOD_STILL not in world.reads_week("phuc", 41).whole  # it is told once


async def test_after_two_weeks_each_person_gets_one_message_and_the_lost_summary_is_named(
    begin: Callable[..., World],
) -> None:
    world = await known_since(begin, "2022-09-22 09:00", ONE + TWO_MORE)
    await world.until("2022-09-29 17:00")
    world.reads_week("phuc", 38)
    world.is_off_until("2022-10-13 07:00")

    await world.until("2022-10-13 17:00")

    world.reads_week("phuc", 40, f"{STOOD_STILL}, không có tổng hợp tuần 39.")
    bundle = world.hears("lan", "R5", "R6", "R10", "3 nhiệm vụ quá hạn")
    assert f"{bundle.at.astimezone(world.clock.now().tzinfo):%H:%M}" == "08:00"
    # The unit was never asked in time, and whoever reads of its delay is told so.
    world.hears("hai", "R5", "quá hạn 6 ngày", "Chưa gửi được nhắc việc tới đầu mối của đơn vị", "R6")
    world.nobody_hears_more()
    assert [(step, fate) for step, fate, _ in fates(world)] == [
        ("-7d", "superseded"),
        ("-3d", "superseded"),
        ("-1d", "superseded"),
        ("0d", "superseded"),
        ("+1d", "superseded"),
        ("+3d", "sent"),
        ("head+3wd", "sent"),
    ]

    await world.until("2022-10-14 17:00")

    missed = (
        "14 bước nhắc (30/09–11/10/2022) không gửi đúng lúc: R5, R6, R10."  # 5, 5 and 4; nobody of Sở Tài chính joined
    )
    world.reads_week("phuc", 41, f"{STOOD_STILL}, {missed}")
    world.hears("lan", "R5", "R10")
    world.hears("hai", "R10")
    assert world.store.read(lambda tx: summaries.get(tx, "2022-W39")) is None


async def test_what_was_answered_before_the_outage_is_not_chased_after_it(begin: Callable[..., World]) -> None:
    world = await known_since(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 08:00")
    await world.presses(world.hears("lan", "R5"), "Đã hoàn thành")
    world.hears("lan", "Đã ghi nhận")
    world.is_off_until("2022-10-20 10:00")

    await world.until("2022-10-21 17:00")

    assert {fate for _, fate, _ in fates(world)[1:]} == {"suppressed"}
    world.reads_week("phuc", 41)
    assert STOOD_STILL not in world.reads_week("phuc", 42).whole


async def test_a_letter_that_an_outage_outlived_is_not_sent_and_the_next_step_covers_it(
    begin: Callable[..., World],
) -> None:
    world = await known_since(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 07:59")
    world.clock.set(world.clock.now().replace(hour=8, minute=0))
    await world.house.ticker.tick()  # written, and off before it was sent
    world.is_off_until("2022-10-04 08:00")

    await world.until("2022-10-04 17:00")

    world.hears("lan", "R5", "còn 3 ngày")
    (first, fate, _), (newest, newest_fate, _) = fates(world)
    assert (first, newest, newest_fate) == ("-7d", "-3d", "sent")
    assert fate in ("failed", "superseded")  # by its time, or by the newer one that says the same
    world.reads_week("phuc", 39)


async def test_a_letter_that_is_still_of_use_after_an_outage_goes_out_once(begin: Callable[..., World]) -> None:
    world = await known_since(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 07:59")
    world.clock.set(world.clock.now().replace(hour=8, minute=0))
    await world.house.ticker.tick()
    world.is_off_until("2022-09-30 15:00")

    await world.until("2022-10-03 17:00")

    world.hears("lan", "R5", "còn 7 ngày")
    assert [fate for _, fate, _ in fates(world)] == ["sent"]
    world.reads_week("phuc", 39)
