"""A due that counts from an event begins when somebody says when the event was."""

from collections.abc import Callable
from datetime import date

from bot.domain.calendar import local_day
from bot.store import Tx, events
from bot.store import occurrences as stored
from tests.world import World

TASK = """
  - id: R1
    title: Xây dựng kế hoạch thực hiện
    owners: [hoian]
    due: 20 ngày sau khi Tỉnh ủy ban hành
    result: {kind: done}
"""


def happened(world: World, on: date) -> None:
    world.store.write(lambda tx: events.enter(tx, task="R1", day=on, now=world.clock.now()))


def dues(world: World) -> list[date]:
    def read(tx: Tx) -> list[date]:
        return [local_day(due.plan_due_at) for due in stored.dues(tx, "R1").values() if not due.is_archived]

    return world.store.read(read)


async def test_nothing_is_owed_until_the_event_has_its_day_and_then_it_is_reminded_of(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-05 07:00", tasks=TASK)
    await world.joins("lan", unit="hoian", role="focal")
    await world.until("2022-09-09 09:00")
    assert dues(world) == []

    happened(world, date(2022, 9, 12))
    await world.until("2022-09-12 09:00")
    assert dues(world) == [date(2022, 10, 2)]

    await world.until("2022-09-26 09:00")
    world.hears("lan", "R1", "02/10/2022")


async def test_an_event_that_is_corrected_moves_the_due(begin: Callable[..., World]) -> None:
    world = begin("2022-09-05 07:00", tasks=TASK)
    happened(world, date(2022, 9, 12))
    await world.until("2022-09-06 09:00")

    happened(world, date(2022, 9, 20))
    await world.until("2022-09-06 10:00")

    assert dues(world) == [date(2022, 10, 10)]
