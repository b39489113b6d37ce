"""The admins hear of trouble once, by day, with what to do about it; and once more when it comes back."""

from collections.abc import Callable

import pytest

from bot.store import notices
from bot.store.notices import NoticeKind
from bot.store.tables import occurrence
from tests.world import ROOT, World

GOOD = (ROOT / "plan_tasks.yaml").read_text(encoding="utf-8")
WRONG = "plan: ["
PLENTY = "Danh mục trên đĩa có 1 chỗ sai"


@pytest.fixture
async def world(begin: Callable[..., World]) -> World:
    """Monday 26 September 2022 at ten, with one admin."""
    world = begin("2022-09-26 10:00")
    await world.joins("son", unit="snv", role="admin")
    return world


async def audits(world: World, *moments: str) -> None:
    """Let the auditor look at each of these moments, and the bot work."""
    for moment in moments:
        await world.until(moment)
        await world.house.auditor.round()
        await world.works()


async def test_an_admin_hears_of_trouble_once_and_again_when_it_comes_back(world: World) -> None:
    await audits(world, "2022-09-26 10:05")
    world.nobody_hears_more()

    world.write_plan(WRONG)
    await audits(world, "2022-09-26 10:10")
    letter = world.hears("son", "Thông báo vận hành (1)", "Kính gửi Anh/Chị son", PLENTY, "nhacviec check")
    assert letter.labels() == []
    await audits(world, "2022-09-26 10:15", "2022-09-26 10:20", "2022-09-27 09:00")
    world.nobody_hears_more()

    world.write_plan(GOOD)
    await audits(world, "2022-09-27 09:05")
    world.nobody_hears_more()

    world.write_plan(WRONG)
    await audits(world, "2022-09-27 09:10", "2022-09-27 09:15")
    world.hears("son", PLENTY)
    world.nobody_hears_more()


async def test_trouble_by_night_is_told_in_the_morning_and_a_restart_tells_it_no_second_time(world: World) -> None:
    await world.until("2022-09-26 22:00")
    world.write_plan(WRONG)
    await audits(world, "2022-09-26 22:05", "2022-09-26 22:10")
    world.nobody_hears_more()

    world.restart()
    await audits(world, "2022-09-27 07:31")
    world.hears("son", PLENTY)

    world.restart()
    await audits(world, "2022-09-27 07:40")
    world.nobody_hears_more()


async def test_trouble_that_is_over_by_the_morning_wakes_nobody(world: World) -> None:
    await world.until("2022-09-26 22:00")
    world.write_plan(WRONG)
    await audits(world, "2022-09-26 22:05")
    world.write_plan(GOOD)

    await audits(world, "2022-09-26 22:10", "2022-09-27 09:00")

    world.nobody_hears_more()


async def test_several_matters_come_in_one_letter_in_each_admins_language(world: World) -> None:
    await world.joins("admin", unit="stttt", role="admin")
    await world.says("admin", "/ngonngu en")
    world.hears("admin", "in English")
    await world.until("2022-09-26 10:10")
    world.write_plan(WRONG)
    await world.works()  # it may still be being written
    world.store.write(
        lambda tx: notices.raise_notice(
            tx, key="inbox:7", kind=NoticeKind.HANDLER_QUARANTINED, words={"inbox": "7"}, now=world.clock.now()
        )
    )

    await world.works()

    world.hears(
        "admin",
        "Notice on running (2)",
        "1. What was heard as number 7",
        "2. The catalogue on disk is not applied since 10:10 on 26/09/2022, mistakes: 1",
    )
    world.hears("son", "Thông báo vận hành (2)", "1. Tin nhận số 7", "2. Danh mục trên đĩa")
    world.nobody_hears_more()


async def test_where_there_is_no_admin_it_is_shown_to_who_asks_and_told_to_the_first_who_joins(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-26 10:00")
    await world.edits_plan(WRONG)

    shown = [check.words for check in await world.house.checks() if check.name.startswith("notice.")]
    assert len(shown) == 1
    assert shown[0].startswith("Chưa báo được quản trị: Danh mục trên đĩa có 1 chỗ sai")
    assert b'nhacviec_notices{kind="catalogue_refused",told="no"} 1.0' in await world.house.host.metrics()

    assert b"nhacviec_silenced 0.0" in await world.house.host.metrics()

    await world.joins("son", unit="snv", role="admin")
    await world.works()
    world.hears("son", PLENTY)
    assert b'nhacviec_notices{kind="catalogue_refused",told="yes"} 1.0' in await world.house.host.metrics()
    assert not [check for check in await world.house.checks() if check.name.startswith("notice.")]


async def test_an_occurrence_that_was_lost_is_found_mended_and_reminded_of(world: World) -> None:
    await world.joins("lan", unit="stttt", role="focal")
    await audits(world, "2022-09-26 10:05")

    def lose(tx) -> None:  # as a defect might: the index of the tick forgets it, and nobody would ever be asked
        tx.execute(occurrence.update().where(occurrence.c.task == "R10").values(next_step_at=None))

    await world.until("2022-09-26 11:00")
    while world._unread("lan"):
        world.hears("lan")
    world.store.write(lose)
    await audits(world, "2022-09-27 02:00")
    assert "audit:next" in [each.key for each in world.store.read(notices.standing)]

    await audits(world, "2022-09-27 02:05")
    await world.until("2022-09-27 08:30")
    world.hears("lan", "R10")
