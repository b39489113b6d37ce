"""Restarts, days off-line, clocks that jump, days off: each relevant thing is said once."""

from collections.abc import Callable
from datetime import datetime

import pytest

from bot.domain.calendar import LOCAL
from bot.store import ledger
from tests.world import World

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""


def at(moment: str) -> datetime:
    return datetime.fromisoformat(moment).replace(tzinfo=LOCAL)


async def ready(begin: Callable[..., World], moment: str, tasks: str = ONE) -> World:
    world = begin(moment, tasks=tasks)
    await world.joins("lan", unit="snv", role="focal")
    return world


async def test_a_restart_after_the_reminder_says_nothing_twice(begin: Callable[..., World]) -> None:
    world = await ready(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5")

    for _ in range(3):
        world.restart()
        await world.works()

    world.nobody_hears_more()


async def test_a_bot_that_was_off_for_days_says_the_newest_step_once_and_the_ledger_has_the_rest(
    begin: Callable[..., World],
) -> None:
    world = await ready(begin, "2022-09-29 09:00")
    world.close()
    world.clock.set(at("2022-10-06 07:00"))
    world.open()

    await world.works()
    world.nobody_hears_more()  # it is not yet half past seven
    await world.until("2022-10-06 09:00")

    world.hears("lan", "R5", "đến hạn ngày mai")
    fates = [(line.step, line.fate, line.reason) for line in world.store.read(ledger.lines)]
    assert fates == [("-7d", "superseded", "newer_step"), ("-3d", "superseded", "newer_step"), ("-1d", "sent", "")]


async def test_a_clock_set_back_repeats_nothing_and_stalls_nothing(begin: Callable[..., World]) -> None:
    world = await ready(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 08:05")
    world.hears("lan", "R5", "còn 7 ngày")

    world.clock.set(at("2022-09-29 08:05"))
    await world.works()
    await world.until("2022-09-30 17:00")
    world.nobody_hears_more()
    await world.until("2022-10-04 08:00")

    world.hears("lan", "còn 3 ngày")


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("2022-10-01 10:00", id="a Saturday"),
        pytest.param("2022-09-30 12:00", id="lunch time"),
        pytest.param("2022-09-30 22:00", id="night"),
        pytest.param("2022-09-02 09:00", id="a public holiday"),
    ],
)
async def test_nothing_leaves_outside_office_hours_and_it_leaves_at_their_opening(
    begin: Callable[..., World], moment: str
) -> None:
    world = await ready(begin, moment)

    await world.works()
    world.nobody_hears_more()
    await world.until("2022-10-03 08:00")

    world.hears("lan", "R5")


async def test_a_person_of_two_units_gets_one_message_a_morning(begin: Callable[..., World]) -> None:
    world = await ready(begin, "2022-09-30 07:30", ONE.replace("[snv]", "[snv, stc]"))
    await world.joins("lan", unit="stc", role="focal")

    await world.until("2022-09-30 17:00")

    world.hears("lan", "Sở Nội vụ, Sở Tài chính", "2 nhiệm vụ sắp đến hạn")


async def test_what_comes_later_the_same_morning_waits_for_the_next_one_unless_it_is_due_today(
    begin: Callable[..., World],
) -> None:
    later = (
        ONE
        + """
  - id: R6
    title: Rà soát thủ tục hành chính
    owners: [snv]
    due: 12/10/2022
"""
    )
    world = await ready(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5")

    world.clock.set(at("2022-10-06 07:00"))
    await world.until("2022-10-06 08:00")
    world.hears("lan", "R5", "đến hạn ngày mai")
    world.applies_plan(world.plan_text.replace(ONE, later))
    await world.until("2022-10-06 17:00")
    world.nobody_hears_more()
    await world.until("2022-10-07 08:00")

    world.hears("lan", "R5", "R6", "1 nhiệm vụ đến hạn hôm nay, 1 nhiệm vụ sắp đến hạn")


async def test_a_due_that_the_plan_moves_is_reminded_of_by_its_new_day(begin: Callable[..., World]) -> None:
    world = await ready(begin, "2022-09-30 07:30")
    await world.until("2022-09-30 08:00")
    world.hears("lan", "Hạn 07/10/2022")

    world.applies_plan(world.plan_text.replace("07/10/2022", "21/10/2022"))
    await world.works()
    world.hears("lan", "R5", "07/10/2022", "21/10/2022")
    await world.until("2022-10-13 17:00")
    world.nobody_hears_more()
    await world.until("2022-10-14 08:00")

    world.hears("lan", "Hạn 21/10/2022", "còn 7 ngày")


async def test_a_catalogue_that_fails_its_check_changes_nothing(begin: Callable[..., World]) -> None:
    world = await ready(begin, "2022-09-30 07:30")
    world.write_plan("plan: [")
    world.restart()

    await world.until("2022-09-30 08:00")

    world.hears("lan", "R5")


async def test_a_unit_without_a_focal_point_is_asked_of_nobody_and_the_ledger_says_so(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-30 07:30", tasks=ONE)

    await world.until("2022-09-30 08:00")

    assert [(line.fate, line.reason) for line in world.store.read(ledger.lines)] == [("suppressed", "no_contact")]


async def test_a_due_that_the_plan_moves_away_and_back_is_reminded_of_as_if_it_had_stayed(
    begin: Callable[..., World],
) -> None:
    world = await ready(begin, "2022-09-30 07:30")
    await world.until("2022-10-04 17:00")
    for left in ("còn 7 ngày", "còn 3 ngày"):
        world.hears("lan", left)
    plan = world.plan_text

    world.applies_plan(plan.replace("07/10/2022", "10/10/2022"))
    await world.works()
    world.applies_plan(plan)
    await world.until("2022-10-05 17:00")
    for _ in range(2):  # told of in office hours
        world.hears("lan", "07/10/2022", "10/10/2022")
    world.nobody_hears_more()
    await world.until("2022-10-06 08:00")

    world.hears("lan", "Hạn 07/10/2022", "đến hạn ngày mai")
    assert [line.step for line in world.store.read(ledger.lines)] == ["-7d", "-3d", "-1d"]
