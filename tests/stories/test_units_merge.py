"""Nông Sơn went into Quế Sơn on 1 January 2025: what it left open is asked of Quế Sơn, what it did stays its own."""

from collections.abc import Callable, Mapping

import pytest

from bot.app.catalogues import texts_to_store
from bot.catalogue import load_catalogue, read_texts
from bot.domain.effects import Effects
from bot.jobs.apply import apply
from bot.jobs.call_sheet import call_sheet
from bot.ports import Caps
from bot.store import Tx, exports, summaries
from tests.world import Message, World, small_plan

TASKS = """
  - id: R1
    title: Rà soát thủ tục hành chính
    owners: [nongson]
    due: 27/12/2024
    result: {kind: done}
  - id: R2
    title: Báo cáo số liệu hằng tháng
    owners: [nongson, queson]
    due: {every: month, day: 25, from: 2024-12-01}
    result: {kind: done}
"""
PLAN = small_plan(starts="2024-12-01", ends="2025-05-31") + TASKS
MERGED, APART = "valid_to: 2024-12-31, merged_into: queson", "valid_to: 2025-06-30"
CAPS: Mapping[str, Caps] = {}


def enters(world: World, *, instead_of: str, life: str) -> None:
    """Apply a units file in which Nông Sơn lives otherwise than in the shipped one, which has its merger."""
    old = load_catalogue(world.root)
    file = world.root / "config" / "units.yaml"
    text = file.read_text(encoding="utf-8")
    (line,) = [line for line in text.splitlines() if "id: nongson" in line]
    assert instead_of in line
    file.write_text(text.replace(line, line.replace(instead_of, life)), encoding="utf-8")
    new, texts = load_catalogue(world.root), texts_to_store(read_texts(world.root))
    now = world.clock.now()

    def put(tx: Tx) -> None:
        apply(tx, old=old, new=new, texts=texts, who="son", cause="command", effects=Effects(), caps=CAPS, now=now)

    world.store.write(put)


async def district(begin: Callable[..., World], moment: str = "2024-12-16 07:00") -> World:
    """Return a bot to which people of both districts belong."""
    world = begin(moment, plan=PLAN)
    await world.joins("lan", unit="nongson", role="focal")
    await world.joins("hai", unit="nongson", role="head")
    await world.joins("minh", unit="queson", role="focal")
    await world.joins("dung", unit="queson", role="head")
    await world.works()
    return world


def overheard(world: World, *people: str) -> list[Message]:
    """Return everything that these people were sent and have not read."""
    return [world.hears(who) for who in people for _ in world._unread(who)]


async def to_new_year(world: World) -> None:
    """Let the rest of the year pass: both units are asked for their own, and Nông Sơn does its monthly figures."""
    await world.until("2024-12-25 09:00")
    for who in ("lan", "minh"):
        assert not any("trước đây" in each.whole for each in overheard(world, who))
    await world.says("lan", "R2 1")
    world.hears("lan", "R2", "UBND huyện Nông Sơn", "Chờ xác nhận")
    await world.says("minh", "R2 1")
    world.hears("minh", "R2", "UBND huyện Quế Sơn", "Chờ xác nhận")
    await world.until("2024-12-31 17:00")
    for _ in range(3):  # on the 26th, 27th, and on Monday the 30th that it is late
        world.hears("lan", "R1")


async def test_what_was_left_open_is_asked_of_the_heir_by_its_old_name(begin: Callable[..., World]) -> None:
    world = await district(begin)
    await to_new_year(world)

    await world.until("2025-01-03 09:00")

    late = world.hears(
        "dung", "hiện còn 1 nhiệm vụ quá hạn", "R1", "UBND huyện Quế Sơn (trước đây: UBND huyện Nông Sơn)"
    )
    assert late.at.astimezone(world.start.tzinfo).day == 2
    asked = world.hears("minh", "(UBND huyện Quế Sơn)", "R1", "(trước đây: UBND huyện Nông Sơn)", "quá hạn 7 ngày")
    world.nobody_hears_more()  # neither lan nor hai
    await world.presses(asked, "Đã hoàn thành")
    world.hears("minh", "R1 – UBND huyện Quế Sơn (trước đây: UBND huyện Nông Sơn): Đã hoàn thành")


async def test_the_people_of_the_old_unit_see_and_report_nothing_more(begin: Callable[..., World]) -> None:
    world = await district(begin)
    await world.until("2024-12-20 09:00")
    card = [world.hears("lan") for _ in range(2)][-1]
    await world.until("2025-01-02 07:40")
    overheard(world, "lan", "hai", "minh", "dung")

    await world.says("lan", "/nhiemvu")
    world.hears("lan", "Hiện không có nhiệm vụ nào")
    await world.says("lan", "R1 1")
    world.hears("lan", "Không thấy nhiệm vụ R1")
    await world.presses_action("lan", card.action(card.labels()[0]))
    world.hears("lan", "không có quyền")
    await world.says("minh", "/nhiemvu")
    mine = world.hears("minh", "R1", "(trước đây: UBND huyện Nông Sơn)", "R2")
    await world.presses(mine, "R1")
    world.hears("minh", "Đơn vị: UBND huyện Quế Sơn (trước đây: UBND huyện Nông Sơn)")
    await world.says("minh", "R1 xong")
    world.hears("minh", "Đã ghi nhận", "R1")


async def test_what_comes_due_later_is_owed_once(begin: Callable[..., World]) -> None:
    world = await district(begin)
    await to_new_year(world)

    assert sorted(open_rows(world)) == [
        ("R1", "nongson", "once"),
        ("R2", "nongson", "2024-12"),
        ("R2", "queson", "2024-12"),
        ("R2", "queson", "2025-01"),
        ("R2", "queson", "2025-02"),
    ]
    await world.until("2025-01-20 09:00")
    heard = overheard(world, "minh")
    assert [each.whole.count("R2 (tháng 1/2025)") for each in heard if "tháng 1/2025" in each.whole] == [1]
    world.hears("dung")


async def test_a_past_week_keeps_the_old_name_and_the_next_counts_with_the_heir(begin: Callable[..., World]) -> None:
    world = await district(begin)
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.until("2024-12-25 09:00")
    overheard(world, "lan", "minh")
    await world.says("lan", "R2 1")
    world.hears("lan", "Chờ xác nhận")
    await world.until("2024-12-31 17:00")
    world.reads_week("phuc", 51)
    world.reads_week("phuc", 52)
    before = world.store.read(lambda tx: summaries.get(tx, "2024-W52"))
    await world.until("2025-01-03 17:00")

    world.reads_week("phuc", 1, "UBND huyện Quế Sơn: 2 nhiệm vụ quá hạn")  # its own R2, and the R1 it took over
    published = world.store.read(lambda tx: summaries.get(tx, "2025-W01"))
    assert published is not None
    units = {unit["unit_id"]: (unit["due"], unit["overdue"]) for unit in published.figures["units"]}
    assert units == {"queson": (2, 2), "nongson": (1, 0)}
    assert world.store.read(lambda tx: summaries.get(tx, "2024-W52")) == before
    overheard(world, "lan", "hai", "minh", "dung")


@pytest.mark.parametrize("decided", ["2024-12-18", "2025-01-06"], ids=["before", "when it is over"])
async def test_a_merger_that_is_entered_late_hands_over_what_is_there(
    begin: Callable[..., World], decided: str
) -> None:
    world = await district(begin)
    enters(world, instead_of=MERGED, life=APART)
    await world.until(f"{decided} 09:00")
    rows = open_rows(world)
    enters(world, instead_of=APART, life=MERGED)
    await world.until("2025-01-06 10:00")

    await world.says("minh", "/nhiemvu")
    assert "(trước đây: UBND huyện Nông Sơn)" in overheard(world, "minh")[-1].whole
    assert set(open_rows(world)) & set(rows) == {
        row for row in rows if row[2] in ("once", "2024-12") or row[1] == "queson"
    }
    overheard(world, "lan", "hai", "dung")


def open_rows(world: World) -> list[tuple[str, str, str]]:
    """Return task, unit and period of everything that is owed."""
    _, rows = world.store.read(lambda tx: exports.EXPORTS["standing"](tx, world.house.plan, world.clock.now()))
    return [(str(row[0]), str(row[1]), str(row[3])) for row in rows]


async def test_where_nobody_of_the_heir_can_be_asked_the_sheet_names_the_heir(begin: Callable[..., World]) -> None:
    world = begin("2024-12-26 07:00", plan=PLAN)
    await world.joins("lan", unit="nongson", role="focal")
    await world.until("2025-01-03 09:00")
    overheard(world, "lan")

    def sheet(tx: Tx) -> list[tuple[str, str]]:
        now, plan = world.clock.now(), world.house.plan
        calls = call_sheet(tx, plan=plan, calendar=load_catalogue(world.root).calendar, channels=["local"], now=now)
        return [(call.unit, call.task) for call in calls]

    assert ("UBND huyện Quế Sơn", "R1") in world.store.read(sheet)
    assert not any(unit == "UBND huyện Nông Sơn" for unit, _ in world.store.read(sheet))
