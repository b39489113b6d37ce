"""Ninety days of a small plan with people who answer in time, late, in part, or never; the same people every time."""

from datetime import date, datetime, timedelta
from zlib import crc32

from bot.domain.actions import Action, Verb, write_action
from bot.domain.calendar import local_day
from bot.domain.plan import Review
from bot.domain.standing import CLOSED, Standing, Status, standing
from bot.store import occurrences
from bot.store.occurrences import Kept
from tests.equivalence.shaky import ShakyWorld

BEGIN, END = "2022-09-19 07:00", date(2022, 12, 18)
TASKS = """
  - id: R3
    title: Kế hoạch khắc phục tồn tại, hạn chế
    owners: [snv, stc, tamky, hoian]
    due: 30/09/2022
  - id: R10
    title: Báo cáo phân tích tiêu chí mất điểm
    owners: [stc, hoian]
    due: 17/10/2022
  - id: R18
    title: Công khai tiến độ giải quyết hồ sơ
    owners: [snv, stc, tamky, hoian]
    due: {every: month, day: 25, from: 2022-09-20}
  - id: B1
    title: Giao ban tiến độ hằng tuần
    owners: [snv, stc, tamky, hoian]
    due: {every: week, on: thứ sáu, from: 2022-10-01}
    review: none
"""
FOCALS = {"snv": "lan", "stc": "thu", "tamky": "minh", "hoian": "nga"}
DAY = timedelta(days=1)


async def play(world: ShakyWorld) -> None:
    """Let everybody join and the quarter pass."""
    for unit, who in FOCALS.items():
        await world.joins(who, unit=unit, role="focal")
    for who, unit, role in (("hai", "stc", "head"), ("ha", "snv", "office"), ("phuc", "vpubnd", "manager")):
        await world.joins(who, unit=unit, role=role)
    if world.faults is not None:
        world.faults.begun = True
    day = local_day(world.clock.now())
    while day <= END:
        await world.until(f"{day} 09:10")  # on Saturdays and Sundays too: whoever answers then is answered
        for unit in ("snv", "stc", "hoian"):
            for kept in _of(world, unit):
                await _answer(world, kept, day)
        await world.until(f"{day} 15:05")
        if day.weekday() == 4:  # the weekly report of those who keep it, all within one second
            await world.arrive_together([(who, {"kind": "text", "text": "B1 1"}) for who in ("lan", "thu", "nga")])
        await _decide(world)
        day += DAY


def _of(world: ShakyWorld, unit: str) -> list[Kept]:
    found = world.store.read(lambda tx: occurrences.of_units(tx, [unit], due_until=world.clock.now() + 8 * DAY))
    return [each for each in found if each.task != "B1"]


async def _answer(world: ShakyWorld, kept: Kept, day: date) -> None:
    left = (local_day(kept.due_at) - day).days
    said = kept.word.status if kept.word else None
    returned = kept.word is not None and kept.word.verdict is not None and said is Status.DONE
    who = FOCALS[kept.unit]
    if kept.unit == "snv" and (left == 2 or (returned and not _is_closed(kept, world.clock.now()))):
        await _press(world, who, Verb.DONE, kept)
    elif kept.unit == "stc" and left == 3:
        await _press(world, who, Verb.IN_PROGRESS, kept)
    elif kept.unit == "stc" and left == -4:
        await _press(world, who, Verb.DONE, kept)
    elif kept.unit == "hoian" and left == 1 and kept.due_at == kept.original_due_at and kept.task in ("R3", "R10"):
        await world.says(who, f"{kept.task} xin lùi đến {kept.due_at + 9 * DAY:%d/%m/%Y}")
        await world.says(who, "chờ hướng dẫn của Bộ")
    elif kept.unit == "hoian" and left == 0 and said is not Status.EXTENSION and kept.task == "R18":
        await world.says(who, f"{kept.task} vướng: phần mềm lỗi kết xuất số liệu")


async def _decide(world: ShakyWorld) -> None:
    """Let the office decide: extensions are granted, of the reports every third is returned."""
    for kept in world.store.read(occurrences.awaiting_decision):
        if kept.word is None or kept.task == "B1" or kept.report_id is None:
            continue
        if kept.word.status is Status.EXTENSION:
            await world.presses_action("ha", _about(Verb.EXTEND, kept.report_id))
        elif crc32(f"{kept.task}{kept.unit}{kept.period}".encode()) % 3 == 0 and kept.word.at.day % 2:
            await world.presses_action("ha", _about(Verb.RETURN, kept.report_id))
            await world.says("ha", "thiếu danh sách kèm theo")
        else:
            await world.presses_action("ha", _about(Verb.ACCEPT, kept.report_id))


async def _press(world: ShakyWorld, who: str, verb: Verb, kept: Kept) -> None:
    await world.presses_action(who, write_action(Action(verb=verb, subject=kept.id, seen=kept.report_id or 0)))


def _about(verb: Verb, report_id: int) -> str:
    return write_action(Action(verb=verb, subject=report_id))


def _is_closed(kept: Kept, now: datetime) -> bool:
    stands = standing(kept.word, due_at=kept.due_at, now=now, review=Review.OFFICE)
    return stands in CLOSED or stands is Standing.WAITING
