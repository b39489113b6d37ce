"""New Year, leap days, Tết, make-up Saturdays, by the shipped calendar: before the due is before it, after is after."""

from collections.abc import Callable

from bot.store import exports
from tests.world import World, small_plan

TURN_OF_2026 = small_plan(starts="2025-12-01", ends="2026-12-31")
LEAP_YEAR = small_plan(starts="2028-01-03", ends="2028-12-31")


def task(due: str, *, name: str = "R5") -> str:
    return f"""
  - id: {name}
    title: Công khai tiến độ giải quyết hồ sơ
    owners: [snv]
    due: {due}
"""


async def played(begin: Callable[..., World], moment: str, plan: str, *roles: str) -> World:
    world = begin(moment, plan=plan)
    await world.joins("lan", unit="snv", role="focal")
    for who, role in (("hai", "head"), ("ha", "office"), ("phuc", "manager")):
        if role in roles:
            await world.joins(who, unit="snv", role=role)
    return world


def heard(world: World, who: str, count: int) -> list[str]:
    """Return the local days and hours of the next messages somebody got."""
    return [f"{world.hears(who).at.astimezone(world.start.tzinfo):%d/%m %H:%M}" for _ in range(count)]


async def test_a_due_in_tet_is_reminded_of_before_the_holidays_and_chased_after_them(
    begin: Callable[..., World],
) -> None:
    plan = TURN_OF_2026 + task("18/02/2026")  # the second day of the year of the horse
    world = await played(begin, "2026-02-09 07:00", plan, "head", "office")

    await world.until("2026-02-22 23:59")

    assert heard(world, "lan", 2) == ["11/02 08:00", "13/02 08:00"]
    world.nobody_hears_more()  # from 14/02 to 22/02 not a word to anybody
    await world.until("2026-03-03 17:00")
    # Working days are counted past the holidays: the third after 18/02 is 25/02, the seventh 03/03.
    assert heard(world, "lan", 2) == ["23/02 08:00", "25/02 08:00"]
    assert heard(world, "hai", 1) == ["25/02 08:00"]
    assert heard(world, "ha", 1) == ["03/03 08:00"]


async def test_what_is_answered_during_tet_is_answered_at_once(begin: Callable[..., World]) -> None:
    world = await played(begin, "2026-02-13 07:30", TURN_OF_2026 + task("18/02/2026"))
    await world.until("2026-02-17 09:00")

    await world.presses(world.hears("lan", "R5"), "Đã hoàn thành")

    world.hears("lan", "Đã ghi nhận")
    await world.until("2026-03-13 17:00")


async def test_a_make_up_saturday_is_a_working_day_and_the_friday_it_pays_for_is_not(
    begin: Callable[..., World],
) -> None:
    plan = TURN_OF_2026 + task("05/01/2026") + task("12/01/2026", name="R6")
    world = await played(begin, "2025-12-29 07:00", plan)

    await world.until("2026-01-12 17:00")

    assert heard(world, "lan", 6) == [
        "29/12 08:00",  # a week before 05/01
        "31/12 08:00",  # three days before it is Friday 02/01, which is off
        "05/01 08:00",  # its day, with the week before 12/01
        "06/01 08:00",  # the day after
        "08/01 08:00",  # three days after
        "09/01 08:00",  # three days before 12/01
    ]
    assert heard(world, "lan", 2) == ["10/01 08:00", "12/01 08:00"]  # the day before it is a Sunday: Saturday works


async def test_a_plan_goes_on_over_new_year(begin: Callable[..., World]) -> None:
    plan = TURN_OF_2026 + task("{every: month, day: last}")
    world = await played(begin, "2025-12-24 07:30", plan, "manager")
    await world.until("2025-12-31 23:59")
    assert heard(world, "lan", 4) == ["24/12 08:00", "26/12 08:00", "30/12 08:00", "31/12 08:00"]
    world.reads_week("phuc", 52, "(22/12–28/12/2025)", "đến hạn 0")

    await world.until("2026-01-05 08:00")

    # The first of January and the Friday after it are off: the week that holds both years is read on Monday.
    page = world.reads_week("phuc", 1, "(29/12/2025–04/01/2026)", "10:00 02/01/2026", "đến hạn 1")
    assert f"{page.at.astimezone(world.start.tzinfo):%d/%m/%Y %H:%M}" == "05/01/2026 07:30"
    late = world.hears("lan", "tháng 12/2025", "quá hạn 5 ngày")
    await world.presses(late, "Đã hoàn thành")
    world.hears("lan", "Đã ghi nhận")
    await world.until("2026-01-30 23:59")
    for week in (2, 3, 4, 5):
        world.reads_week("phuc", week, "so với tuần trước" if week > 2 else "")
    assert "Hạn 31/01/2026" in world.hears("lan").whole
    assert heard(world, "lan", 2) == ["28/01 08:00", "30/01 08:00"]  # the 31st is a Saturday
    header, rows = world.store.read(lambda tx: exports.EXPORTS["standing"](tx, world.house.plan, world.clock.now()))
    period = header.index("period")
    assert [row[period] for row in rows][:2] == ["2025-12", "2026-01"]


async def test_the_29th_of_february_is_a_day_like_any_other(begin: Callable[..., World]) -> None:
    plan = LEAP_YEAR + task("{every: month, day: last, from: 2028-02-01}")
    world = await played(begin, "2028-02-21 07:00", plan)

    await world.until("2028-03-01 17:00")

    assert heard(world, "lan", 5) == ["22/02 08:00", "25/02 08:00", "28/02 08:00", "29/02 08:00", "01/03 08:00"]


async def test_what_is_due_on_the_29th_of_february_is_met_on_that_day(begin: Callable[..., World]) -> None:
    world = await played(begin, "2028-02-28 07:30", LEAP_YEAR + task("29/02/2028"), "manager")
    await world.until("2028-02-29 08:00")
    world.hears("lan", "đến hạn ngày mai")
    await world.presses(world.hears("lan", "Hạn 29/02/2028", "đến hạn hôm nay"), "Đã hoàn thành")
    world.hears("lan", "Đã ghi nhận", "08:00 29/02")

    await world.until("2028-03-03 16:00")

    world.reads_week("phuc", 9, "(28/02–05/03/2028)", "đến hạn 1", "chờ xác nhận 1")
