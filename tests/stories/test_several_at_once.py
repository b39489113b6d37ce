"""One message about several tasks makes several reports, and what is asked back about is kept as the note."""

from collections.abc import Callable

import pytest

from bot.store import Tx, occurrences, reports
from bot.store.reports import Report
from tests.world import World

THREE = """
  - id: R3
    title: Kế hoạch khắc phục tồn tại
    owners: [snv]
    due: 07/10/2022
    result: {kind: document}
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
  - id: R8
    title: Tuyên truyền nội bộ
    owners: [snv]
    due: 07/10/2022
"""
ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""
DOCUMENT = ONE + "    result: {kind: document}\n"
LONG = (
    "Đơn vị đã hoàn thành nâng cấp Hệ thống và đang phối hợp các phòng chuyên môn rà soát, dự kiến tập huấn trong"
    " tháng 11/2022"
)


def stored(world: World) -> tuple[Report, ...]:
    return world.store.read(reports.history)


def told(world: World) -> list[tuple[str, str]]:
    def read(tx: Tx) -> list[tuple[str, str]]:
        found = ((occurrences.get(tx, each.occurrence_id), str(each.status)) for each in reports.history(tx))
        return [(kept.task, status) for kept, status in found if kept is not None]

    return world.store.read(read)


async def reminded(begin: Callable[..., World], tasks: str) -> World:
    """Return a world on the morning of the first reminder, which lan has read."""
    world = begin("2022-09-30 07:30", tasks=tasks)
    await world.joins("lan", unit="snv", role="focal")
    await world.until("2022-09-30 08:00")
    world.hears("lan")
    return world


async def test_each_task_of_a_message_gets_its_own_report(begin: Callable[..., World]) -> None:
    world = await reminded(begin, THREE)

    await world.says("lan", "R5 xong, R8 đang làm 60%")

    world.hears("lan", "R5", "Đã hoàn thành")
    world.hears("lan", "R8", "Đang thực hiện", "60")
    world.nobody_hears_more()
    assert sorted(told(world)) == [("R5", "done"), ("R8", "in_progress")]


async def test_each_task_gets_the_document_named_beside_it(begin: Callable[..., World]) -> None:
    world = await reminded(begin, THREE.replace("Quán triệt kỷ luật, kỷ cương hành chính", "Quán triệt"))

    await world.says("lan", "R5 vướng kinh phí\nR3 đã ban hành 45/KH-SNV")

    world.hears("lan", "R5", "Vướng mắc")
    world.hears("lan", "R3", "45/KH-SNV")
    assert sorted(told(world)) == [("R3", "done"), ("R5", "blocked")]
    assert {each.note for each in stored(world)} >= {"kinh phí"}


async def test_what_needs_an_answer_is_asked_last_and_once(begin: Callable[..., World]) -> None:
    world = await reminded(begin, THREE)

    await world.says("lan", "R3 xong, R8 xong chưa?, R5 đang làm")

    world.hears("lan", "R5", "Đang thực hiện")
    world.hears("lan", "Còn R8", "R8 1")
    world.hears("lan", "R3", "số, ngày văn bản")
    assert told(world) == [("R5", "in_progress")]
    await world.says("lan", "45/KH-SNV ngày 20/9/2022")
    world.hears("lan", "R3", "45/KH-SNV")
    world.nobody_hears_more()


async def test_where_words_stand_at_both_ends_nothing_is_recorded(begin: Callable[..., World]) -> None:
    world = await reminded(begin, THREE)

    await world.says("lan", "xong R5 còn R8 chưa")

    world.hears("lan", "Còn R8")
    world.hears("lan", "R5", "chưa rõ")
    assert stored(world) == ()


@pytest.mark.parametrize("by", ["press", "number"])
async def test_a_long_report_becomes_the_note_of_the_answer_to_the_question(
    begin: Callable[..., World], by: str
) -> None:
    world = await reminded(begin, ONE)
    await world.says("lan", LONG)
    card = world.hears("lan", "chưa rõ", "R5")

    if by == "press":
        await world.presses(card, "Đang thực hiện")
    else:
        await world.says("lan", "2")

    world.hears("lan", "Đã ghi nhận")
    assert [(str(each.status), each.note) for each in stored(world)] == [("in_progress", LONG)]


async def test_the_note_outlives_the_question_for_figures(begin: Callable[..., World]) -> None:
    world = await reminded(begin, DOCUMENT)
    await world.says("lan", LONG)
    card = world.hears("lan", "chưa rõ", "R5")

    await world.presses(card, "Đã hoàn thành")
    world.hears("lan", "số, ngày văn bản")
    world.restart()
    await world.says("lan", "45/KH-SNV ngày 20/9/2022")

    world.hears("lan", "45/KH-SNV")
    assert [each.note for each in stored(world)] == [LONG]


async def test_the_words_about_one_task_are_no_note_of_another(begin: Callable[..., World]) -> None:
    world = await reminded(begin, THREE)
    await world.says("lan", f"R5 {LONG}")
    world.hears("lan", "chưa rõ", "R5")

    await world.says("lan", "R8 2")

    world.hears("lan", "R8", "Đã ghi nhận")
    assert [each.note for each in stored(world)] == [""]
