"""One script on three channels, with presses on two and with numbers on Zalo: what is in the store at its end is the same."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from bot.store import Tx, events, people, proposals, reports, revisions
from bot.store.tables import decision, occurrence, remark
from tests.stories.script import CHANNELS, Stage, stage
from tests.world import SMALL_PLAN

TASKS = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [stc]
    due: 07/10/2022
  - id: R8
    title: Tuyên truyền nội bộ
    owners: [stc]
    due: 07/10/2022
    result: {kind: count, label: số buổi tuyên truyền, required: false}
  - id: R16
    title: Ban hành văn bản xin lỗi
    owners: [stc]
    due: 07/10/2022
    result: {kind: ratio, of: văn bản xin lỗi, over: hồ sơ trễ hẹn}
"""
EVENT = """
  - id: R1
    title: Xây dựng kế hoạch thực hiện
    owners: [stc]
    due: 20 ngày sau khi Tỉnh ủy ban hành
"""

Script = Callable[[Stage], Awaitable[None]]


def state(world: Stage) -> dict[str, Any]:
    """Return all that conversations change, as a channel cannot matter to it."""

    def read(tx: Tx) -> dict[str, Any]:
        due = select(occurrence.c.task, occurrence.c.due_at, occurrence.c.original_due_at).order_by(occurrence.c.id)
        made = [decision.c.report_id, decision.c.verdict, decision.c.reason, decision.c.person_id]
        return {
            "reports": [
                (each.occurrence_id, str(each.status), each.figures, each.note, each.wanted_due_at, each.person_id)
                for each in reports.history(tx)
            ],
            "decisions": [tuple(row) for row in tx.execute(select(*made).order_by(decision.c.id))],
            "remarks": [
                tuple(row) for row in tx.execute(select(remark.c.report_id, remark.c.text).order_by(remark.c.id))
            ],
            "dues": [tuple(row) for row in tx.execute(due)],
            "events": events.days(tx),
            "languages": [each.language for each in people.chats_on(tx, world.channel).values()],
            "revisions": [(each.cause, each.who) for each in revisions.history(tx)],
            "proposal": (last := proposals.newest(tx)) and str(last.state),
        }

    return world.store.read(read)


async def morning(world: Stage) -> Any:
    """Let people join and the first reminder come; return it."""
    await world.joins("lan", unit="stc", role="focal")
    await world.joins("ha", unit="snv", role="office")
    await world.until("2022-09-30 08:00")
    return world.hears("lan", "Nhắc việc")


async def figures_are_reported_corrected_and_accepted(world: Stage) -> None:
    bundle = await morning(world)
    await world.reports(bundle, "R16", "Đã xong")
    world.hears("lan", "Ví dụ: 12/18")
    await world.says("lan", "18")
    world.hears("lan", "theo mẫu: 12/18")
    await world.says("lan", "12/18")
    told = world.hears("lan", "Đã ghi nhận", "12 văn bản xin lỗi/18 hồ sơ trễ hẹn")
    await world.chooses(told, "Sửa báo cáo")
    again = world.hears("lan", "R16")
    await world.chooses(again, "Đã hoàn thành")
    world.hears("lan", "Ví dụ: 12/18")
    await world.says("lan", "18/18")
    told = world.hears("lan", "Đã ghi nhận", "18 văn bản xin lỗi/18", "thay cho báo cáo")
    await world.chooses(told, "Thêm ghi chú")
    world.hears("lan", "nội dung ghi chú")
    await world.says("lan", "kèm danh sách")
    world.hears("lan", "Đã thêm ghi chú")
    await world.says("ha", "/choduyet")
    queue = world.hears("ha", "R16", "18 văn bản xin lỗi/18", "kèm danh sách")
    await world.chooses(queue, "Xác nhận", item=1)
    world.hears("ha", "Đã xác nhận R16")
    await world.until("2022-09-30 09:00")
    world.hears("lan", "R16", "được xác nhận")


async def nothing_arose_and_figures_are_passed_over(world: Stage) -> None:
    bundle = await morning(world)
    await world.reports(bundle, "R16", "Đã xong")
    await world.leaves(world.hears("lan", "Ví dụ: 12/18"), "Không phát sinh")
    world.hears("lan", "Đã ghi nhận", "không phát sinh")
    await world.reports(bundle, "R8", "Đã xong")
    await world.leaves(world.hears("lan", "số buổi tuyên truyền"), "Bỏ qua")
    world.hears("lan", "Đã ghi nhận", "R8")
    await world.reports(bundle, "R5", "Xin gia hạn")
    await world.leaves(world.hears("lan", "gia hạn đến ngày nào"), "Hủy")
    world.hears("lan", "Đã thôi")


async def extensions_are_granted_and_refused(world: Stage) -> None:
    bundle = await morning(world)
    for task, day in (("R5", "20/10"), ("R8", "25/10")):
        await world.reports(bundle, task, "Xin gia hạn")
        world.hears("lan", "gia hạn đến ngày nào")
        await world.says("lan", day)
        world.hears("lan", "Xin gia hạn đến", "lý do xin gia hạn")
        await world.says("lan", "chờ số liệu của cấp huyện")
        world.hears("lan", "Đã thêm ghi chú")
    await world.says("ha", "/choduyet")
    queue = world.hears("ha", "R5", "R8")
    await world.chooses(queue, "Không đồng ý", item=2)
    await world.leaves(world.hears("ha", "lý do không đồng ý"), "Hủy")
    world.hears("ha", "Đã thôi")
    await world.chooses(queue, "Không đồng ý", item=2)
    world.hears("ha", "lý do không đồng ý")
    await world.says("ha", "đã gia hạn một lần")
    world.hears("ha", "không đồng ý gia hạn R8")
    await world.chooses(queue, "Đồng ý gia hạn", item=1)  # the list is still open: its other item is another question
    world.hears("ha", "Đã đồng ý gia hạn R5", "20/10/2022")
    await world.until("2022-09-30 09:00")
    world.hears("lan", "Không đồng ý gia hạn R8")
    told = world.hears("lan", "Đồng ý gia hạn R5")
    await world.chooses(told, "Đang thực hiện")
    world.hears("lan", "Đã ghi nhận", "R5")


async def a_report_is_returned_and_a_task_is_not_theirs(world: Stage) -> None:
    bundle = await morning(world)
    card = await world.opens(bundle, "R5")
    await world.chooses(card, "Không thuộc đơn vị")
    world.hears("lan", "đơn vị có thẩm quyền")
    await world.says("lan", "thuộc Sở Xây dựng")
    world.hears("lan", "Đã thêm ghi chú")
    await world.reports(bundle, "R8", "Đã xong")
    world.hears("lan", "số buổi tuyên truyền")
    await world.says("lan", "12")
    world.hears("lan", "Đã ghi nhận", "12 buổi tuyên truyền")
    await world.says("ha", "/choduyet")
    queue = world.hears("ha", "R5", "R8")
    await world.chooses(queue, "Đúng, không thuộc đơn vị", item=1)
    world.hears("ha", "R5")
    await world.chooses(queue, "Trả lại", item=2)
    world.hears("ha", "lý do trả lại")
    await world.says("ha", "thiếu danh sách")
    world.hears("ha", "Đã trả lại")
    await world.until("2022-09-30 09:00")
    world.hears("lan", "R5", "không thuộc")
    told = world.hears("lan", "R8", "chưa đạt: thiếu danh sách")
    await world.chooses(told, "Vướng mắc")
    world.hears("lan", "vướng mắc và kiến nghị")
    await world.says("lan", "chưa có kinh phí")
    world.hears("lan", "Đã thêm ghi chú")


async def a_language_is_chosen(world: Stage) -> None:
    await morning(world)
    await world.says("lan", "/ngonngu")
    await world.chooses(world.hears("lan", "tiếng Anh"), "English")
    world.hears("lan", "in English")
    await world.says("lan", "/nhiemvu")
    world.hears("lan", "R5")


async def the_day_of_an_event_is_entered(world: Stage) -> None:
    await world.joins("ha", unit="snv", role="office")
    await world.says("ha", "/sukien")
    listed = world.hears("ha", "1. R1")
    if world.has_buttons:
        await world.presses(listed, "1. R1")
    else:
        await world.says("ha", "số 1")
    world.hears("ha", "Đề nghị cho biết ngày")
    await world.says("ha", "29/09/2022")
    sure = world.hears("ha", "hạn 19/10/2022")
    if world.has_buttons:
        await world.presses(sure, "Ghi nhận")
    else:
        await world.says("ha", "1")
    world.hears("ha", "R1", "hạn 19/10/2022")


async def an_edit_is_agreed_to(world: Stage) -> None:
    await world.joins("son", unit="snv", role="admin")
    await world.works()
    await world.works()
    await world.edits_plan(world.plan_text.replace("07/10/2022", "21/10/2022"))
    await world.chooses(world.hears("son", "Đề nghị áp dụng bản sửa danh mục"), "Áp dụng")
    world.hears("son", "ngay sau đây")
    await world.works()
    world.hears("son", "Đã áp dụng")


@dataclass(frozen=True)
class Ended:
    """What a script must come to."""

    script: Script
    reports: tuple[str, ...] = ()
    decisions: tuple[str, ...] = ()


@pytest.mark.parametrize(
    "ended",
    [
        pytest.param(
            Ended(figures_are_reported_corrected_and_accepted, ("done", "done"), ("accept",)), id="figures, correction"
        ),
        pytest.param(Ended(nothing_arose_and_figures_are_passed_over, ("done", "done")), id="nothing arose, skip"),
        pytest.param(
            Ended(extensions_are_granted_and_refused, ("extension", "extension", "in_progress"), ("refuse", "extend")),
            id="extensions",
        ),
        pytest.param(
            Ended(a_report_is_returned_and_a_task_is_not_theirs, ("not_ours", "done", "blocked"), ("accept", "return")),
            id="return, not ours",
        ),
        pytest.param(Ended(a_language_is_chosen), id="language"),
        pytest.param(Ended(the_day_of_an_event_is_entered), id="event"),
        pytest.param(Ended(an_edit_is_agreed_to), id="proposal"),
    ],
)
async def test_one_script_ends_the_same_on_every_channel(tmp_path: Path, ended: Ended) -> None:
    states = {}
    for channel in CHANNELS:
        world = stage(tmp_path, channel, "2022-09-30 07:45", plan=SMALL_PLAN + TASKS + EVENT)
        await ended.script(world)
        world.nobody_hears_more()
        states[channel] = state(world)
        world.close()

    found = states["telegram"]
    assert states == dict.fromkeys(CHANNELS, found)
    assert tuple(each[1] for each in found["reports"]) == ended.reports
    assert tuple(each[1] for each in found["decisions"]) == ended.decisions
