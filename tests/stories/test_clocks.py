"""Clocks that jump and hosts in other zones: nothing is said twice, nothing stands still, office time is Vietnam's."""

import os
import time
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest

from bot.store import ledger, summaries
from tests.world import World, local

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""
THREE = (
    ONE
    + """
  - id: R6
    title: Rà soát thủ tục hành chính
    owners: [snv, stc]
    due: 12/10/2022
  - id: R7
    title: Báo cáo kết quả khảo sát
    owners: [stc]
    due: 14/10/2022
"""
)
NOVEMBER = """
  - id: R8
    title: Tuyên truyền nội bộ
    owners: [snv]
    due: 10/11/2022
"""


@pytest.fixture
def host_zone() -> Iterator[Callable[[str], None]]:
    """Return what moves this process, and the database sessions it opens, to another zone until the test ends."""
    before = {name: os.environ.get(name) for name in ("TZ", "PGTZ")}

    def move(zone: str) -> None:
        os.environ.update({"TZ": zone, "PGTZ": zone})
        time.tzset()

    yield move
    for name, zone in before.items():
        os.environ.pop(name, None)
        if zone is not None:
            os.environ[name] = zone
    time.tzset()


def said_at(world: World, who: str, *words: str) -> str:
    return f"{world.hears(who, *words).at.astimezone(world.start.tzinfo):%d/%m %H:%M}"


async def joined(begin: Callable[..., World], moment: str, tasks: str = ONE) -> World:
    world = begin(moment, tasks=tasks)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("phuc", unit="vpubnd", role="manager")
    return world


@pytest.mark.parametrize(
    "back",
    [
        pytest.param(timedelta(hours=1), id="an hour"),
        pytest.param(timedelta(days=1), id="a day"),
        pytest.param(timedelta(days=3), id="three days"),
    ],
)
@pytest.mark.parametrize("restarted", [False, True], ids=["running", "restarted"])
async def test_a_clock_set_back_repeats_no_reminder_and_no_summary_and_stalls_nothing(
    begin: Callable[..., World], back: timedelta, restarted: bool
) -> None:
    world = await joined(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 16:05")
    reminder = world.hears("lan", "R5", "còn 7 ngày")
    world.reads_week("phuc", 39)

    world.clock.set(world.clock.now() - back)
    if restarted:
        world.restart()
    await world.works()
    await world.presses(reminder, "Vướng mắc")  # answers go on meanwhile, and this one holds no step
    world.hears("lan", "Đã ghi nhận")
    await world.until("2022-10-03 17:00")
    world.nobody_hears_more()
    await world.until("2022-10-07 17:00")

    for left in ("còn 3 ngày", "đến hạn ngày mai", "đến hạn hôm nay"):
        world.hears("lan", left)
    world.reads_week("phuc", 40)


async def test_a_clock_that_was_a_day_ahead_tells_what_it_told_early_only_once(begin: Callable[..., World]) -> None:
    world = await joined(begin, "2022-10-03 07:00")
    await world.until("2022-10-03 08:00")
    world.hears("lan", "còn 4 ngày")
    world.clock.set(local("2022-10-04 08:00"))
    await world.works()
    world.hears("lan", "còn 3 ngày")

    world.clock.set(local("2022-10-03 08:10"))
    await world.works()
    await world.until("2022-10-05 17:00")

    world.nobody_hears_more()
    await world.until("2022-10-06 08:00")
    world.hears("lan", "đến hạn ngày mai")


async def test_a_clock_that_jumps_over_several_deadlines_brings_one_message_a_person(
    begin: Callable[..., World],
) -> None:
    world = await joined(begin, "2022-09-26 07:00", THREE)
    await world.joins("thu", unit="stc", role="focal")
    await world.works()

    world.clock.set(local("2022-10-13 09:00"))  # a machine that was suspended: the same process wakes
    await world.works()
    await world.until("2022-10-13 17:00")

    world.hears("lan", "R5", "R6", "quá hạn 6 ngày", "quá hạn 1 ngày")
    world.hears("thu", "R6", "R7", "đến hạn ngày mai")
    world.reads_week("phuc", 40)
    world.nobody_hears_more()
    lines = world.store.read(ledger.lines)
    assert len({(line.task, line.unit, line.step) for line in lines}) == len(lines)
    # Two in the air for each occurrence at most: the newest step to the focal point, and the one upward.
    assert sum(line.fate == "sent" for line in lines) == 4


async def test_a_clock_set_back_while_a_message_waits_for_the_morning_does_not_lose_it(
    begin: Callable[..., World],
) -> None:
    world = await joined(begin, "2022-10-04 07:59")
    world.clock.set(local("2022-10-04 08:00"))
    await world.house.ticker.tick()  # written, not yet sent

    world.clock.set(local("2022-10-04 07:10"))
    await world.works()
    world.nobody_hears_more()
    await world.until("2022-10-04 08:00")

    world.hears("lan", "còn 3 ngày")


@pytest.mark.parametrize("zone", ["UTC", "America/New_York", "Australia/Lord_Howe", "Pacific/Kiritimati"])
async def test_the_hosts_zone_and_its_summer_time_change_nothing(
    begin: Callable[..., World], host_zone: Callable[[str], None], zone: str
) -> None:
    host_zone(zone)
    # New York sets its clocks back on 06/11/2022 (13:00 in Vietnam), Lord Howe forward on 02/10/2022.
    world = await joined(begin, "2022-09-30 07:30", ONE + NOVEMBER)

    await world.until("2022-11-11 17:00")

    assert [said_at(world, "lan", "R5") for _ in range(7)] == [
        "30/09 08:00",
        "04/10 08:00",
        "06/10 08:00",
        "07/10 08:00",
        "10/10 08:00",
        "14/10 08:00",
        "21/10 08:00",
    ]
    assert [said_at(world, "lan") for _ in range(7)] == [
        "28/10 08:00",
        "03/11 08:00",
        "04/11 08:00",
        "07/11 08:00",
        "09/11 08:00",
        "10/11 08:00",
        "11/11 08:00",
    ]
    for week in range(39, 46):
        assert world.reads_week("phuc", week, "Số liệu tính đến 10:00").at.astimezone(world.start.tzinfo).hour == 16


async def test_a_host_that_moves_to_another_zone_while_a_week_is_open_publishes_it_once(
    begin: Callable[..., World], host_zone: Callable[[str], None]
) -> None:
    world = await joined(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 16:00")
    world.hears("lan", "R5")
    world.reads_week("phuc", 39)

    host_zone("America/New_York")  # where it is still Friday morning
    world.restart()
    await world.until("2022-09-30 23:00")

    world.nobody_hears_more()
    published = world.store.read(lambda tx: summaries.get(tx, "2022-W39"))
    assert published is not None
    assert published.published_at == local("2022-09-30 16:00")
