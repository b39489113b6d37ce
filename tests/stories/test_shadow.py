"""A plan is tried out: the real clock, the real catalogue, and the admins read what others would have got."""

from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from bot.conversation.fates import explain, sentences
from bot.domain.calendar import local_day
from bot.jobs.summarise import figures_of
from bot.store import Tx
from bot.store.tables import ledger, outbox
from tests.world import World

TASKS = """
  - id: R1
    title: Rà soát thủ tục hành chính
    owners: [hoian]
    due: 2022-10-05
    result: {kind: done}
"""
UNTIL = {"BOT_CATALOGUE__SHADOW_UNTIL": "2022-09-30"}


@pytest.fixture
async def world(begin: Callable[..., World]) -> World:
    """A trial run until Friday 30/9/2022: a focal point, the office and an admin have joined on Wednesday."""
    world = begin("2022-09-28 07:00", tasks=TASKS, **UNTIL)
    for who, unit, role in (("lan", "hoian", "focal"), ("van", "snv", "office"), ("quan", "snv", "admin")):
        await world.joins(who, unit=unit, role=role)
    return world


def checks(found: object) -> dict[str, str]:
    return {each.name: each.words for each in found}  # type: ignore[attr-defined]


async def test_the_admin_reads_who_would_have_been_asked_and_nobody_else_hears_anything(world: World) -> None:
    await world.until("2022-09-28 09:00")

    copy = world.hears("quan", "Chạy thử. Người nhận thật: lan, đầu mối UBND thành phố Hội An, local", "R1")
    assert copy.labels() == []
    world.nobody_hears_more()


async def test_who_speaks_is_answered_and_what_follows_from_it_goes_to_the_admins(world: World) -> None:
    await world.until("2022-09-28 09:00")
    world.hears("quan", "R1")

    await world.says("lan", "R1 1")
    world.hears("lan", "R1")
    await world.until("2022-09-28 10:00")

    world.hears("quan", "Người nhận thật: van, cơ quan theo dõi Sở Nội vụ", "R1")


async def test_the_ledger_and_the_figures_say_that_nobody_was_asked(world: World) -> None:
    await world.until("2022-09-28 09:00")
    world.hears("quan")

    def look(tx: Tx) -> tuple[list[str], str]:
        desk = world.house._desk()
        named = {"plan": desk.plan, "calendar": desk.calendar, "task": "R1", "unit": "hoian", "now": world.clock.now()}
        states = select(outbox.c.state).join(ledger, ledger.c.outbox_id == outbox.c.id)
        return [row.state for row in tx.execute(states)], "\n".join(
            sentences("vi", explain(tx, **named), plan=desk.plan)
        )

    states, said = world.store.read(look)
    assert states == ["shadowed"]
    assert "28/09 08:00 tin cho đầu mối qua local – chạy thử: chỉ gửi cho quản trị" in said


async def test_a_unit_of_a_trial_run_is_never_late(world: World) -> None:
    await world.until("2022-09-28 09:00")
    world.hears("quan")
    as_of = world.clock.now().replace(month=10, day=7)

    figures = world.store.read(
        lambda tx: figures_of(tx, world.house.plan, day=date(2022, 10, 7), as_of=as_of, now=as_of)
    )

    assert figures.asked_units == 0
    assert [(unit.overdue, unit.not_asked) for unit in figures.units] == [(0, 1)]
    assert not figures.overdue


async def test_it_goes_live_by_itself_and_sends_nothing_again(world: World) -> None:
    await world.until("2022-10-03 07:00")
    while world._unread("quan"):
        world.hears("quan")
    world.nobody_hears_more()

    await world.until("2022-10-03 07:30")
    world.hears("quan", "Chạy thử đã kết thúc")
    await world.until("2022-10-05 09:00")

    first = world.hears("lan", "R1")
    assert local_day(first.at) == date(2022, 10, 4)
    world.hears("lan", "R1", "đến hạn hôm nay")
    assert "trial" not in checks(await world.house.checks())


async def test_a_unit_nobody_can_ask_keeps_it_in_the_trial_and_the_admins_hear_once(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-30 07:00", tasks=TASKS.replace("[hoian]", "[hoian, tamky]"), **UNTIL)
    for who, unit, role in (("lan", "hoian", "focal"), ("quan", "snv", "admin")):
        await world.joins(who, unit=unit, role=role)
    await world.works()
    assert checks(await world.house.checks())["trial"].startswith("Đang chạy thử đến hết ngày 30/09/2022")
    await world.until("2022-10-03 09:00")
    while world._unread("quan"):
        last = world.hears("quan")
    assert "chưa phát hành" in last.whole
    assert "UBND thành phố Tam Kỳ" in last.whole
    assert "chưa kết thúc được" in checks(await world.house.checks())["trial"]

    world.restart()
    await world.until("2022-10-04 09:00")
    world.hears("quan", "Người nhận thật: lan")
    world.nobody_hears_more()

    await world.joins("nga", unit="tamky", role="focal")
    await world.until("2022-10-04 10:00")
    world.hears("quan", "Chạy thử đã kết thúc")
    await world.until("2022-10-05 09:00")
    world.hears("lan", "R1")
    world.hears("nga", "R1")
