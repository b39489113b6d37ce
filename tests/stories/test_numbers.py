"""Numbers typed where there are no buttons: each answers the one question that is open, or nothing at all."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.domain.plan import Role
from bot.store import Tx, contacts, people, reports
from bot.store.tables import occurrence
from tests.stories.script import Stage, stage
from tests.world import SMALL_PLAN

R5 = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [stc]
    due: 07/10/2022
"""
R8 = """
  - id: R8
    title: Tuyên truyền nội bộ
    owners: [stc]
    due: 07/10/2022
    result: {kind: count, label: số buổi tuyên truyền}
"""
ASTRAY = "Số này không trả lời câu hỏi nào đang mở"


def told(world: Stage) -> list[tuple[str, str]]:
    tasks = world.store.read(lambda tx: {row.id: row.task for row in tx.execute(select(occurrence))})
    return [(tasks[each.occurrence_id], str(each.status)) for each in world.store.read(reports.history)]


def verdicts(world: Stage) -> list[str]:
    return [str(each.verdict) for each in world.store.read(reports.history) if each.verdict]


@pytest.fixture
def worlds(tmp_path: Path) -> Iterator[list[Stage]]:
    """Keep the worlds of a test, which must have been heard out."""
    made: list[Stage] = []
    yield made
    for world in made:
        world.nobody_hears_more()
        world.close()


async def begun(worlds: list[Stage], folder: Path, tasks: str, *, channel: str = "zalo") -> Stage:
    """Return a world on the morning of the first reminder, a focal point and two of the office in it."""
    world = stage(folder, channel, "2022-09-30 07:45", plan=SMALL_PLAN + tasks)
    worlds.append(world)
    await world.joins("lan", unit="stc", role="focal")
    for who in ("ha", "minh"):
        await world.joins(who, unit="snv", role="office")
    await world.until("2022-09-30 08:00")
    return world


async def with_queue(worlds: list[Stage], folder: Path, tasks: str = R5 + R8) -> Stage:
    """Return a world whose office has two reports before it, announced to both of the office."""
    world = await begun(worlds, folder, tasks)
    world.hears("lan", "Nhắc việc")
    await world.says("lan", "R5 1")
    world.hears("lan", "Đã ghi nhận")
    await world.says("lan", "R8 1")
    world.hears("lan", "số buổi tuyên truyền")
    await world.says("lan", "12")
    world.hears("lan", "Đã ghi nhận", "12 buổi")
    await world.works()
    for who in ("ha", "minh"):
        world.hears(who, "Mục 1: 1 Xác nhận · 2 Trả lại\nMục 2: 3 Xác nhận · 4 Trả lại")
    return world


async def test_a_queue_is_worked_down_by_numbers_over_a_restart(worlds: list[Stage], tmp_path: Path) -> None:
    world = await with_queue(worlds, tmp_path)

    await world.says("ha", "em chọn số 3 ạ")
    world.hears("ha", "Đã xác nhận R8")
    world.restart()
    await world.says("ha", "3.")
    world.hears("ha", "đã được xử lý: xác nhận (ha")
    await world.says("ha", "1")
    world.hears("ha", "Đã xác nhận R5")

    assert verdicts(world) == ["accept", "accept"]
    for task in ("R8", "R5"):
        world.hears("lan", task, "được xác nhận")


async def test_two_of_the_office_at_once_and_the_later_one_reads_who_was_first(
    worlds: list[Stage], tmp_path: Path
) -> None:
    world = await with_queue(worlds, tmp_path)

    for who in ("ha", "minh"):
        whole = {"chat_id": who, "user_id": who, "user_name": who, "kind": "text", "text": "1"}
        await world._arrives(f"{who}:at-once", whole)
    await world._settle()

    words = [world.hears(who, "").whole for who in ("ha", "minh")]
    assert sorted("Đã xác nhận R5" in each for each in words) == [False, True]
    assert sum("đã được xử lý: xác nhận" in each for each in words) == 1
    assert verdicts(world) == ["accept"]
    world.hears("lan", "R5", "được xác nhận")


async def test_the_question_for_a_reason_lies_over_its_list_and_gives_it_back(
    worlds: list[Stage], tmp_path: Path
) -> None:
    world = await with_queue(worlds, tmp_path)

    await world.says("ha", "2")
    world.hears("ha", "lý do trả lại", "Nhắn «hủy» để thôi.")
    await world.says("ha", "3")  # a reason, however bare: the question has the text to itself
    world.hears("ha", "Đã trả lại báo cáo R5")
    await world.says("ha", "3")
    world.hears("ha", "Đã xác nhận R8")

    assert verdicts(world) == ["return", "accept"]
    world.hears("lan", "R5", "chưa đạt", "1. Đã hoàn thành\n2. Đang thực hiện")
    world.hears("lan", "R8", "được xác nhận")


async def test_a_number_older_than_its_message_is_worth_answers_nothing(worlds: list[Stage], tmp_path: Path) -> None:
    world = await with_queue(worlds, tmp_path)

    await world.until("2022-10-01 08:01")
    await world.says("ha", "1")
    world.hears("ha", ASTRAY, "/choduyet")
    await world.says("ha", "1")

    world.hears("ha", ASTRAY)
    assert verdicts(world) == []


async def test_a_number_beyond_the_choices_is_said_so(worlds: list[Stage], tmp_path: Path) -> None:
    world = await with_queue(worlds, tmp_path)

    await world.says("ha", "5")

    world.hears("ha", "Không có lựa chọn này", "từ 1 đến 4")


async def test_a_newer_message_takes_the_numbers_of_an_older_one(worlds: list[Stage], tmp_path: Path) -> None:
    world = await with_queue(worlds, tmp_path)

    await world.says("ha", "/ngonngu")
    world.hears("ha", "1. Tiếng Việt\n2. English")
    await world.says("ha", "2")
    world.hears("ha", "in English")
    await world.says("ha", "1")  # the choice is made, and the queue before it is not what was read last

    world.hears("ha", "answers no open question", "/choduyet")
    assert verdicts(world) == []


async def test_the_words_of_a_choice_are_as_good_as_its_number(worlds: list[Stage], tmp_path: Path) -> None:
    world = await begun(worlds, tmp_path, R5)
    world.hears("lan", "nhắn số từ 1 đến 5")
    await world.says("lan", "1")
    world.hears("lan", "1. Thêm ghi chú\n2. Gửi minh chứng\n3. Sửa báo cáo")
    await world.says("lan", "thêm ghi chú")
    world.hears("lan", "nội dung ghi chú", "Nhắn «hủy» để thôi.")
    await world.says("lan", "đã họp ngày 29/9")
    world.hears("lan", "Đã thêm ghi chú")
    await world.says("ha", "/choduyet")
    world.hears("ha", "Mục 1: 1 Xác nhận · 2 Trả lại", "đã họp")
    await world.says("ha", "XAC NHAN!")

    world.hears("ha", "Đã xác nhận R5")
    world.hears("lan", "R5", "được xác nhận")


async def test_after_a_way_out_the_five_answers_are_closed(worlds: list[Stage], tmp_path: Path) -> None:
    world = await begun(worlds, tmp_path, R5)
    world.hears("lan", "nhắn số từ 1 đến 5")

    await world.says("lan", "hủy")
    world.hears("lan", "Đã thôi")
    await world.says("lan", "1")
    world.hears("lan", ASTRAY, "R5 1")
    await world.says("lan", "hủy")
    world.hears("lan", "không có câu hỏi nào")
    await world.says("lan", "R5 1")

    world.hears("lan", "Đã ghi nhận")
    assert told(world) == [("R5", "done")]


async def test_a_bare_number_after_a_message_about_several_tasks_asks_for_the_code(
    worlds: list[Stage], tmp_path: Path
) -> None:
    world = await begun(worlds, tmp_path, R5 + R8)
    text = world.hears("lan", "nhắn mã và số. Ví dụ: R5 1").out.text
    assert "Nhắn số để chọn" not in text

    await world.says("lan", "1")
    world.hears("lan", "đang có 2 nhiệm vụ mở", "R5 1")
    await world.says("lan", "R8")
    card = world.hears("lan", "R8", "Tình trạng", "1 Đã hoàn thành · 2 Đang thực hiện")
    assert "Chưa xác định" not in card.out.text
    await world.says("lan", "2")

    world.hears("lan", "Đã ghi nhận", "R8")
    assert told(world) == [("R8", "in_progress")]


async def test_a_message_about_several_tasks_ends_the_answers_to_the_one_before_it(
    worlds: list[Stage], tmp_path: Path
) -> None:
    world = await begun(worlds, tmp_path, R5 + R8)
    world.hears("lan", "Nhắc việc")
    await world.until("2022-10-03 09:00")
    await world.says("lan", "R8")
    world.hears("lan", "R8", "Tình trạng")
    await world.until("2022-10-04 08:00")
    world.hears("lan", "Nhắc việc ngày 04/10/2022", "R5", "R8")

    await world.says("lan", "2")

    world.hears("lan", "đang có 2 nhiệm vụ mở")
    assert told(world) == []


async def test_a_task_is_opened_from_the_list_and_a_figure_is_a_figure(worlds: list[Stage], tmp_path: Path) -> None:
    world = await begun(worlds, tmp_path, R5 + R8)
    world.hears("lan", "Nhắc việc")
    await world.says("lan", "/nhiemvu")
    world.hears("lan", "Nhắn số để chọn:\n1. R5 · 07/10/2022\n2. R8 · 07/10/2022")
    await world.says("lan", "2")
    world.hears("lan", "R8", "Tình trạng")
    await world.says("lan", "1")
    world.hears("lan", "số buổi tuyên truyền", "nhắn: không phát sinh")
    await world.says("lan", "2")

    world.hears("lan", "Đã ghi nhận", "2 buổi tuyên truyền")
    assert told(world) == [("R8", "done")]


async def test_a_number_is_no_reason_where_the_choices_stand_beside_the_question(
    worlds: list[Stage], tmp_path: Path
) -> None:
    world = await begun(worlds, tmp_path, R5)
    world.hears("lan", "Nhắc việc")
    await world.says("lan", "3")
    world.hears("lan", "vướng mắc và kiến nghị", "1. Thêm ghi chú")

    await world.says("lan", "3")

    world.hears("lan", "R5", "Tình trạng", "1 Đã hoàn thành · 2 Đang thực hiện")
    assert told(world) == [("R5", "blocked")]


async def test_on_a_channel_with_buttons_no_number_is_written_out(worlds: list[Stage], tmp_path: Path) -> None:
    world = await begun(worlds, tmp_path, R5, channel="telegram")
    await world.says("lan", "R5 1")
    world.hears("lan", "Nhắc việc")

    assert "Nhắn số để chọn" not in world.hears("lan", "Đã ghi nhận").out.text


async def test_somebody_chooses_which_of_two_channels_is_first(worlds: list[Stage], tmp_path: Path) -> None:
    world = await begun(worlds, tmp_path, R5)
    world.hears("lan", "Nhắc việc")
    await world.says("lan", "/kenh")
    world.hears("lan", "Zalo: nhận tin trước.", "liên hệ quản trị để nhận mã")

    def links(tx: Tx) -> None:
        person = people.by_chat(tx, channel="zalo", user_id="lan")
        assert person is not None
        contacts.link(tx, person_id=person.id, channel="telegram", chat_id="lan@t")

    world.store.write(links)
    await world.says("lan", "/kenh")
    world.hears("lan", "Telegram: nhận tin khi kênh trước không nhận được.", "1. Telegram nhận trước")
    await world.says("lan", "1")
    world.hears("lan", "gửi tới Telegram trước", "hệ thống gửi tới Zalo")

    first = world.store.read(lambda tx: contacts.addressees(tx, Role.FOCAL))["stc"][0]
    assert (first.channel, first.chat_id) == ("telegram", "lan@t")
    await world.says("lan", "1")
    world.hears("lan", ASTRAY)


async def test_nobody_puts_a_strangers_chat_first(worlds: list[Stage], tmp_path: Path) -> None:
    world = await begun(worlds, tmp_path, R5)
    world.hears("lan", "Nhắc việc")
    foreign = world.store.read(lambda tx: contacts.chats_of(tx, 2))[0].id

    await world.presses_action("lan", f"1:h:{foreign}:0")

    world.hears("lan", "không có quyền")
