"""A due that counts from an event begins when somebody says when the event was."""

from collections.abc import Callable
from datetime import date

import pytest

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


OFFICE_TASKS = (
    TASK
    + """
  - id: R2
    title: Rà soát thủ tục hành chính
    owners: [hoian, snv]
    due: 5 ngày làm việc sau khi Thủ tướng công bố danh mục
    result: {kind: done}
  - id: R3
    title: Công khai kết quả
    owners: [hoian]
    due: 30/11/2022
    result: {kind: done}
"""
)


async def office(begin: Callable[..., World], moment: str = "2022-09-14 07:00") -> World:
    world = begin(moment, tasks=OFFICE_TASKS)
    await world.joins("ha", unit="snv", role="office")
    return world


async def test_the_office_enters_the_day_from_the_list_by_number_or_by_button(begin: Callable[..., World]) -> None:
    world = await office(begin)
    await world.says("ha", "/sukien")
    listed = world.hears("ha", "Chờ ngày của sự kiện: 2", "1. R1", "2. R2", "hạn 5 ngày làm việc")
    assert listed.labels() == ["1. R1", "2. R2"]

    await world.says("ha", "1")
    world.hears("ha", "R1", "Tỉnh ủy ban hành")
    await world.says("ha", "12/9")
    sure = world.hears("ha", "ngày 12/09/2022", "hạn 02/10/2022", "số đơn vị được giao: 1")
    assert dues(world) == []
    await world.presses(sure, "Ghi nhận")
    world.hears("ha", "Đã ghi nhận", "hạn 02/10/2022")

    await world.presses(listed, "2. R2")
    world.hears("ha", "R2", "Thủ tướng công bố danh mục")
    await world.says("ha", "hôm nay")
    world.hears("ha", "ngày 14/09/2022", "hạn 21/09/2022")
    await world.says("ha", "1")
    world.hears("ha", "Đã ghi nhận", "R2")
    await world.works()
    assert dues(world) == [date(2022, 10, 2)]
    await world.says("ha", "/sukien")
    world.hears("ha", "Không có nhiệm vụ nào đang chờ", "Đã có ngày: 2", "ngày 12/09/2022, hạn 02/10/2022")


async def test_the_day_may_be_said_in_one_line_and_its_correction_replaces_it(begin: Callable[..., World]) -> None:
    world = await office(begin)
    await world.says("ha", "/sukien r1 12/09/2022")
    world.hears("ha", "ngày 12/09/2022", "hạn 02/10/2022")
    await world.says("ha", "có")
    world.hears("ha", "Đã ghi nhận")
    await world.works()

    await world.says("ha", "/sukien R1 12/09/2022")
    world.hears("ha", "R1 đã có ngày 12/09/2022")
    await world.says("ha", "/sukien R1 13.9.2022")
    again = world.hears("ha", "Ngày này thay cho ngày 12/09/2022")
    await world.says("ha", "20/9/2022")  # another day instead of a yes
    world.hears("ha", "ngày 20/09/2022", "hạn 10/10/2022")
    await world.says("ha", "1")
    world.hears("ha", "Đã ghi nhận", "hạn 10/10/2022")
    await world.works()
    assert dues(world) == [date(2022, 10, 10)]

    await world.presses(again, "Ghi nhận")  # an old button still says what is written above it
    world.hears("ha", "Đã ghi nhận", "ngày 13/09/2022")
    await world.works()
    assert dues(world) == [date(2022, 10, 3)]


@pytest.mark.parametrize(
    ("typed", "told"),
    [
        pytest.param("31/9/2022", "Chưa đọc được ngày", id="a day that is none"),
        pytest.param("tuần sau", "Chưa đọc được ngày", id="more than one day"),
        pytest.param("chưa rõ", "Chưa đọc được ngày", id="no day"),
        pytest.param("12/09/2021", "nằm ngoài thời gian của kế hoạch (24/08/2022 – 31/12/2022)", id="before the plan"),
        pytest.param("20/12/2022", "nằm ngoài thời gian của kế hoạch", id="due after the plan"),
    ],
)
async def test_a_wrong_day_is_said_so_and_the_question_stays(
    begin: Callable[..., World], typed: str, told: str
) -> None:
    world = await office(begin)
    await world.says("ha", "/sukien R1")
    world.hears("ha", "Đề nghị cho biết ngày")

    await world.says("ha", typed)

    world.hears("ha", told, "Đề nghị cho biết ngày")
    await world.says("ha", "12/09/2022")
    world.hears("ha", "hạn 02/10/2022")
    await world.says("ha", "/huy")
    world.hears("ha", "Đã thôi")
    await world.says("ha", "/sukien R3")
    world.hears("ha", "Không có nhiệm vụ R3 tính hạn từ một sự kiện")
    assert dues(world) == []


async def test_a_day_without_its_year_is_the_nearest_one(begin: Callable[..., World]) -> None:
    world = await office(begin, "2022-12-05 08:00")

    await world.says("ha", "/sukien R1 1/12")

    world.hears("ha", "ngày 01/12/2022", "hạn 21/12/2022")
    await world.says("ha", "/sukien R1 1 tháng 10")
    world.hears("ha", "ngày 01/10/2022", "hạn 21/10/2022", "tính quá hạn ngay")


async def test_only_the_office_and_admins_enter_days(begin: Callable[..., World]) -> None:
    world = await office(begin)
    await world.joins("lan", unit="hoian", role="focal")
    await world.joins("son", unit="vpubnd", role="admin")
    await world.joins("nam", unit="vpubnd", role="office")
    await world.says("ha", "/sukien R1 12/09/2022")
    sure = world.hears("ha", "hạn 02/10/2022")

    for who in ("lan", "nam"):
        await world.says(who, "/sukien R1 12/09/2022")
        world.hears(who, "không có quyền")
    await world.presses(sure, "Ghi nhận", by="lan")
    world.hears("lan", "không có quyền")
    await world.works()
    assert dues(world) == []

    await world.says("son", "/sukien R1 12/09/2022")
    await world.presses(world.hears("son", "hạn 02/10/2022"), "Ghi nhận")
    world.hears("son", "Đã ghi nhận")
    await world.works()
    assert dues(world) == [date(2022, 10, 2)]


async def test_what_waits_for_its_event_stands_in_the_lists_of_units_and_office(begin: Callable[..., World]) -> None:
    world = await office(begin)
    await world.joins("lan", unit="hoian", role="focal")
    await world.joins("tam", unit="tamky", role="focal")

    await world.says("lan", "/nhiemvu")
    world.hears("lan", "Chờ ngày của sự kiện: 2", "R1", "20 ngày sau khi Tỉnh ủy ban hành, chờ ngày", "R2")
    await world.says("tam", "/nhiemvu")
    assert "Chờ ngày" not in world.hears("tam").whole
    await world.says("ha", "/choduyet")
    world.hears("ha", "Chờ ngày của sự kiện: 2", "/sukien")
    happened(world, date(2022, 9, 12))
    await world.works()
    await world.says("lan", "/nhiemvu")
    world.hears("lan", "hạn 02/10/2022", "Chờ ngày của sự kiện: 1")


async def test_somebody_who_also_reports_can_still_report_while_asked_for_a_day(begin: Callable[..., World]) -> None:
    world = await office(begin)
    await world.joins("ha", unit="snv", role="focal")
    await world.says("ha", "/sukien")
    world.hears("ha", "Chờ ngày của sự kiện: 2")

    await world.says("ha", "R2")
    world.hears("ha", "Thủ tướng công bố danh mục", "Đề nghị cho biết ngày")
    await world.says("ha", "12/09/2022")
    world.hears("ha", "hạn 19/09/2022")
    await world.says("ha", "1")
    world.hears("ha", "Đã ghi nhận")
