"""Somebody edits the catalogue's files while the bot runs: the admins are asked, and what they agree to is done."""

import re
from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.store import notices, proposals, reports, revisions
from bot.store.notices import NoticeKind
from bot.store.tables import consent
from tests.world import World

R5 = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""
R6 = """
  - id: R6
    title: Rà soát thủ tục hành chính
    owners: [snv]
    due: 12/10/2022
"""
ASKED = "Đề nghị áp dụng bản sửa danh mục"
BRAKES_EARLY = {"BOT_CATALOGUE__BRAKE_LEAST": "1"}
AUTO = {"BOT_CATALOGUE__APPLY": "auto"}


async def ready(
    begin: Callable[..., World], tasks: str = R5 + R6, *, at: str = "2022-09-26 09:00", **environment: str
) -> World:
    world = begin(at, tasks=tasks, **environment)
    await world.joins("lan", unit="snv", role="focal")
    for admin in ("son", "ha"):
        await world.joins(admin, unit="snv", role="admin")
    await world.works()
    await world.works()  # the files were looked at
    return world


def moved(world: World) -> str:
    return world.plan_text.replace("07/10/2022", "21/10/2022")


def applied(world: World) -> list[tuple[int, str, str]]:
    return [(each.id, each.who, each.cause) for each in world.store.read(revisions.history)]


def state(world: World) -> str | None:
    last = world.store.read(proposals.newest)
    return last and str(last.state)


async def test_an_edit_is_proposed_and_applied_when_an_admin_agrees(begin: Callable[..., World]) -> None:
    world = await ready(begin)

    await world.edits_plan(moved(world))
    asked = world.hears("son", ASKED, "son", "R5", "07/10/2022", "21/10/2022")
    assert asked.labels() == ["Áp dụng", "Không áp dụng"]
    world.hears("ha", ASKED)
    await world.works()
    world.nobody_hears_more()
    assert applied(world) == [(1, "", "start")]

    await world.presses(asked, "Áp dụng")
    world.hears("son", "Đã ghi nhận đồng ý", "ngay sau đây")
    await world.works()
    for admin in ("son", "ha"):
        world.hears(admin, "Đã áp dụng", "bản số 2", "do son đồng ý")
    world.hears("lan", "R5", "07/10/2022", "21/10/2022")
    world.nobody_hears_more()
    assert applied(world) == [(2, "son", "chat"), (1, "", "start")]

    await world.until("2022-10-03 17:00")  # past the week before the old due


async def test_an_edit_above_the_brake_needs_two_admins(begin: Callable[..., World]) -> None:
    world = await ready(begin, **BRAKES_EARLY)

    await world.edits_plan(moved(world))
    first = world.hears("son", ASKED, "cần hai quản trị đồng ý", "nhacviec apply --force")
    second = world.hears("ha", ASKED)
    await world.presses(first, "Áp dụng")
    world.hears("son", "Cần thêm một quản trị khác")
    world.hears("ha", "son đã đồng ý", "cần thêm một quản trị khác")
    await world.presses(first, "Áp dụng")
    world.hears("son", "Cần thêm một quản trị khác")
    world.hears("ha", "son đã đồng ý")
    await world.works()
    assert state(world) == "open"

    await world.presses(second, "Áp dụng")
    world.hears("ha", "ngay sau đây")
    await world.works()

    for admin in ("son", "ha"):
        world.hears(admin, "Đã áp dụng", "do son, ha đồng ý")
    world.hears("lan", "21/10/2022")
    assert applied(world)[0] == (2, "son, ha", "chat")


async def test_an_edit_that_an_admin_refuses_is_not_applied_nor_proposed_again(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    await world.edits_plan(moved(world))
    asked = world.hears("son", ASKED)
    late = world.hears("ha", ASKED)

    await world.presses(asked, "Không áp dụng")
    world.hears("son", "không áp dụng", "nhacviec rollback 1")
    world.hears("ha", "son không đồng ý", "bản trước vẫn chạy")
    await world.presses(late, "Áp dụng")
    world.hears("ha", "đã bị từ chối")
    world.restart()
    for _ in range(3):
        await world.works()

    world.nobody_hears_more()
    assert applied(world) == [(1, "", "start")]
    assert state(world) == "refused"


async def test_what_was_refused_is_proposed_again_when_it_is_edited_away_and_back(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    before, after = world.plan_text, moved(world)
    await world.edits_plan(after)
    await world.presses(world.hears("son", ASKED), "Không áp dụng")
    world.hears("son", "không áp dụng")
    world.hears("ha", ASKED)
    world.hears("ha", "son không đồng ý")

    await world.edits_plan(before)
    world.nobody_hears_more()
    await world.edits_plan(after)

    for admin in ("son", "ha"):
        world.hears(admin, ASKED)


async def test_a_later_edit_takes_the_place_of_the_one_that_waits(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    await world.edits_plan(moved(world))
    old = world.hears("son", ASKED, "21/10/2022")
    world.hears("ha", ASKED)

    await world.edits_plan(world.plan_text.replace("21/10/2022", "28/10/2022"))
    new = world.hears("son", ASKED, "28/10/2022")
    world.hears("ha", ASKED)
    await world.presses(old, "Áp dụng")
    world.hears("son", "không còn hiệu lực")
    await world.works()
    assert applied(world) == [(1, "", "start")]

    await world.presses(new, "Áp dụng")
    world.hears("son", "ngay sau đây")
    await world.works()
    world.hears("son", "Đã áp dụng")
    world.hears("ha", "Đã áp dụng")
    world.hears("lan", "28/10/2022")


async def test_an_edit_that_is_taken_back_is_asked_about_no_more(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    before = world.plan_text
    await world.edits_plan(moved(world))
    asked = world.hears("son", ASKED)
    world.hears("ha", ASKED)

    await world.edits_plan(before)
    world.nobody_hears_more()

    await world.presses(asked, "Áp dụng")
    world.hears("son", "không còn hiệu lực")
    await world.works()
    assert applied(world) == [(1, "", "start")]


async def test_a_file_that_fails_is_told_once_with_its_lines_and_the_last_good_one_runs_on(
    begin: Callable[..., World],
) -> None:
    world = await ready(begin)
    good = world.plan_text

    await world.edits_plan(good.replace("due:", "dew:").replace("owners:", "owner:"))
    for admin in ("son", "ha"):
        told = world.hears(admin, "chỗ sai", "bản đúng gần nhất vẫn chạy", "nhacviec check", "«dew»")
        assert len(re.findall(r"^plan_tasks\.yaml:\d+:\d+: ", told.whole, re.MULTILINE)) == 5
        assert re.search(r"và \d+ chỗ khác", told.whole)
    await world.edits_plan(good + "tasks: [")
    world.restart()
    for _ in range(3):
        await world.works()
    world.nobody_hears_more()
    (kept,) = world.store.read(notices.standing)
    assert kept.kind is NoticeKind.CATALOGUE_REFUSED

    await world.edits_plan(good)
    assert world.store.read(notices.standing) == ()
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5", "Hạn 07/10/2022")


async def test_the_summary_of_a_week_whose_files_fail_shows_how_old_the_catalogue_is(
    begin: Callable[..., World],
) -> None:
    world = await ready(begin, R6)
    await world.joins("phuc", unit="vpubnd", role="manager")
    good = world.plan_text
    await world.edits_plan("plan: [")
    for admin in ("son", "ha"):
        world.hears(admin, "chỗ sai")
    await world.until("2022-09-30 17:00")
    world.reads_week("phuc", 39, "Danh mục trên đĩa có chỗ sai", "áp dụng từ 09:00 26/09/2022")

    await world.edits_plan(good)
    await world.until("2022-10-07 17:00")
    assert "Danh mục trên đĩa" not in world.reads_week("phuc", 40).whole
    for left in ("còn 7 ngày", "còn 5 ngày"):
        world.hears("lan", "R6", left)


async def test_another_failure_after_a_good_file_is_told_anew(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    good = world.plan_text
    for _ in range(2):
        await world.edits_plan(good.replace("due:", "dew:"))
        world.hears("son", "chỗ sai")
        world.hears("ha", "chỗ sai")
        await world.edits_plan(good)


async def test_order_comments_titles_and_layout_are_applied_in_silence(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    head, _, _ = world.plan_text.partition("tasks:")
    renamed = R5.replace("Quán triệt", "Tiếp tục quán triệt")

    await world.edits_plan(f"# một dòng ghi chú\n{head}tasks:\n{R6}\n\n{renamed}")

    world.nobody_hears_more()
    assert applied(world) == [(2, "", "auto"), (1, "", "start")]
    await world.until("2022-09-30 08:00")
    world.hears("lan", "Tiếp tục quán triệt")


async def test_by_itself_it_applies_what_is_below_the_brake_and_reports_it(begin: Callable[..., World]) -> None:
    world = await ready(begin, **AUTO)

    await world.edits_plan(moved(world))

    for admin in ("son", "ha"):
        told = world.hears(admin, "đã tự áp dụng", "bản số 2", "nhacviec rollback 1", "21/10/2022")
        assert told.labels() == []
    world.hears("lan", "21/10/2022")
    assert applied(world)[0] == (2, "", "auto")


async def test_by_itself_it_does_not_apply_what_is_above_the_brake(begin: Callable[..., World]) -> None:
    world = await ready(begin, **AUTO, **BRAKES_EARLY)

    await world.edits_plan(moved(world))

    for admin in ("son", "ha"):
        world.hears(admin, ASKED, "cần hai quản trị")
    assert applied(world) == [(1, "", "start")]


async def test_a_removed_task_is_archived_and_its_reports_stay(begin: Callable[..., World]) -> None:
    world = await ready(begin, at="2022-09-30 07:45")
    await world.until("2022-09-30 08:00")
    await world.presses(world.hears("lan", "R5"), "Đang thực hiện")
    world.hears("lan", "R5")
    reported = world.store.read(lambda tx: reports.get(tx, 1))
    assert reported is not None

    await world.edits_plan(world.plan_text.replace(R5, ""))
    asked = world.hears("son", ASKED, "R5")
    world.hears("ha", ASKED)
    await world.presses(asked, "Áp dụng")
    world.hears("son", "ngay sau đây")
    await world.works()
    for admin in ("son", "ha"):
        world.hears(admin, "Đã áp dụng")
    await world.until("2022-10-04 17:00")

    world.nobody_hears_more()
    assert world.store.read(lambda tx: reports.get(tx, 1)) == reported
    await world.presses_action("lan", "1:o:1:0")
    world.hears("lan", "không còn trong kế hoạch")


async def test_an_edit_by_night_is_asked_about_in_the_morning(begin: Callable[..., World]) -> None:
    world = await ready(begin, at="2022-09-26 20:00")

    await world.edits_plan(moved(world))
    await world.until("2022-09-27 07:00")
    world.nobody_hears_more()
    assert state(world) is None
    await world.until("2022-09-27 08:00")

    for admin in ("son", "ha"):
        world.hears(admin, ASKED)


async def test_an_admin_who_joins_later_is_asked_too(begin: Callable[..., World]) -> None:
    world = begin("2022-09-26 09:00", tasks=R5)
    await world.works()
    await world.works()
    await world.edits_plan(moved(world))
    assert state(world) == "open"

    await world.joins("son", unit="snv", role="admin")
    await world.works()

    await world.presses(world.hears("son", ASKED, "21/10/2022"), "Áp dụng")
    world.hears("son", "ngay sau đây")
    await world.works()
    world.hears("son", "Đã áp dụng")


async def test_only_admins_may_answer(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    await world.edits_plan(moved(world))
    asked = world.hears("son", ASKED)
    world.hears("ha", ASKED)

    await world.presses(asked, "Áp dụng", by="lan")

    world.hears("lan", "không có quyền")
    await world.says("lan", "/apdung")
    world.hears("lan", "không có quyền")
    assert world.store.read(lambda tx: tx.execute(select(consent.c.id)).all()) == []
    assert state(world) == "open"


async def test_an_admin_can_ask_for_what_waits(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    await world.says("son", "/apdung")
    world.hears("son", "Không có bản sửa danh mục nào")
    await world.edits_plan(moved(world))
    world.hears("son", ASKED)
    world.hears("ha", ASKED)

    await world.says("son", "/apdung")

    again = world.hears("son", ASKED, "21/10/2022")
    await world.presses(again, "Áp dụng")
    world.hears("son", "ngay sau đây")
    await world.says("ha", "/apdung")
    world.hears("ha", "đang được áp dụng")
    await world.works()
    world.hears("son", "Đã áp dụng")
    world.hears("ha", "Đã áp dụng")
    world.hears("lan", "21/10/2022")


async def test_where_there_are_no_buttons_a_number_answers(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    caps = world.house.caps
    assert isinstance(caps, dict)
    caps["local"] = replace(caps["local"], buttons=False)

    await world.edits_plan(moved(world))
    for admin in ("son", "ha"):
        world.hears(admin, ASKED, "Nhắn số để chọn:\n1. Áp dụng\n2. Không áp dụng")
    await world.says("son", "3")
    world.hears("son", "Không có lựa chọn này", "từ 1 đến 2")
    await world.says("ha", "/apdung")
    world.hears("ha", ASKED)
    await world.says("ha", "1")
    world.hears("ha", "ngay sau đây")
    await world.says("son", "2")
    world.hears("son", "đang được áp dụng")
    await world.works()

    for admin in ("son", "ha"):
        world.hears(admin, "Đã áp dụng", "do ha đồng ý")
    world.hears("lan", "21/10/2022")


async def test_two_admins_at_once_settle_it_once(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    await world.edits_plan(moved(world))
    one, other = world.hears("son", ASKED), world.hears("ha", ASKED)
    for number, (message, label) in enumerate(((one, "Áp dụng"), (other, "Không áp dụng"))):
        who = message.who
        press = {"kind": "press", "action": message.action(label), "message_id": message.id, "label": ""}
        whole = {"chat_id": who, "user_id": who, "user_name": who, **press, "press_id": f"both{number}"}
        await world._arrives(f"{who}:both", whole)
    await world.works()

    if state(world) == "refused":
        world.hears("ha", "không áp dụng")
        world.hears("son", "ha không đồng ý")
        world.hears("son", "đã bị từ chối")
    else:
        world.hears("son", "ngay sau đây")
        world.hears("ha", "đang được áp dụng")
    await world.works()
    outcome = applied(world)
    if state(world) == "applied":
        assert outcome[0] == (2, "son", "chat")
        for who in ("son", "ha"):
            world.hears(who, "Đã áp dụng")
        world.hears("lan", "21/10/2022")
    else:
        assert outcome == [(1, "", "start")]


@pytest.mark.parametrize("moment", ["edited", "proposed", "half agreed", "agreed", "applied"])
async def test_a_restart_at_any_moment_changes_nothing(begin: Callable[..., World], moment: str) -> None:
    world = await ready(begin, **BRAKES_EARLY)

    async def restarted_at(name: str) -> None:
        if name == moment:
            world.restart()
            await world.works()
            await world.works()

    world.write_plan(moved(world))
    await world.works()
    await restarted_at("edited")
    await world.works()
    first, second = world.hears("son", ASKED), world.hears("ha", ASKED)
    await restarted_at("proposed")
    await world.presses(first, "Áp dụng")
    world.hears("son", "Cần thêm một quản trị khác")
    world.hears("ha", "son đã đồng ý")
    await restarted_at("half agreed")
    await world.presses(second, "Áp dụng")
    world.hears("ha", "ngay sau đây")
    await restarted_at("agreed")
    await world.works()
    await restarted_at("applied")

    for admin in ("son", "ha"):
        world.hears(admin, "Đã áp dụng", "do son, ha đồng ý")
    world.hears("lan", "21/10/2022")
    world.nobody_hears_more()
    assert applied(world) == [(2, "son, ha", "chat"), (1, "", "start")]


async def test_what_a_command_applied_runs_from_the_next_tick_and_ends_the_question(
    begin: Callable[..., World],
) -> None:
    world = await ready(begin)
    await world.edits_plan(moved(world))
    asked = world.hears("son", ASKED)
    world.hears("ha", ASKED)

    world.applies_plan(world.plan_text)
    for _ in range(3):
        await world.works()

    assert "21/10/2022" in world.house.plan.tasks["R5"].due_text
    for admin in ("son", "ha"):
        world.hears(admin, "bằng lệnh tại máy chủ", "bản số 2")
    world.hears("lan", "21/10/2022")
    await world.presses(asked, "Áp dụng")
    world.hears("son", "đã được áp dụng")
    assert applied(world) == [(2, "an", "command"), (1, "", "start")]


async def test_what_was_agreed_to_is_asked_again_when_something_else_was_applied_meanwhile(
    begin: Callable[..., World],
) -> None:
    world = await ready(begin)
    before, after = world.plan_text, moved(world)
    await world.edits_plan(after)
    asked = world.hears("son", ASKED)
    world.hears("ha", ASKED)
    await world.presses(asked, "Áp dụng")
    world.hears("son", "ngay sau đây")

    world.applies_plan(before.replace("12/10/2022", "13/10/2022"))
    world.write_plan(after)
    for _ in range(3):
        await world.works()

    world.hears("lan", "13/10/2022")
    for admin in ("son", "ha"):
        world.hears(admin, ASKED, "21/10/2022", "12/10/2022")
    assert [each[2] for each in applied(world)] == ["command", "start"]


async def test_a_rollback_brings_the_dues_back_and_is_not_argued_with(begin: Callable[..., World]) -> None:
    world = await ready(begin)
    before = world.plan_text
    world.applies_plan(moved(world))
    for _ in range(3):
        await world.works()
    world.hears("lan", "21/10/2022")

    assert world.applies_plan(before, cause="rollback") == 3
    for _ in range(3):
        await world.works()

    world.hears("lan", "07/10/2022")
    world.nobody_hears_more()
    assert world.plan_text == before
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5", "Hạn 07/10/2022", "còn 7 ngày")
