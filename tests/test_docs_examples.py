"""The messages shown in docs/ are what the bot says today: the story behind them is played, and every line is looked for."""

import re
from datetime import datetime
from pathlib import Path

from bot.domain.calendar import LOCAL
from bot.domain.plan import Role
from bot.store import Tx, invites
from tests.world import SMALL_PLAN, Message, World

DOCS = sorted((Path(__file__).parent.parent / "docs").glob("*.md"))

TASKS = """
  - id: R7
    title: Nâng tỷ lệ hồ sơ tiếp nhận qua dịch vụ công trực tuyến
    owners: [snv, tamky]
    due: {continuous: true, check: month, day: last}
    due_note: đề xuất, chờ xác nhận
    result: {kind: ratio, of: hồ sơ tiếp nhận trực tuyến, over: tổng số hồ sơ tiếp nhận}
  - id: R10
    title: Báo cáo phân tích các tiêu chí bị mất điểm qua các năm và giải pháp khắc phục
    owners: [snv, tamky]
    due: {date: 2022-09-30, at: "17:00"}
    due_note: đề xuất, chờ xác nhận
    result: {kind: document, label: báo cáo phân tích tiêu chí mất điểm}
"""

PEOPLE = {
    "lan": ("Nguyễn Thị Lan", "snv", Role.FOCAL),
    "minh": ("Trần Văn Minh", "tamky", Role.FOCAL),
    "hai": ("Lê Quang Hải", "tamky", Role.HEAD),
    "ha": ("Phạm Thu Hà", "snv", Role.OFFICE),
    "phuc": ("Võ Đình Phúc", "vpubnd", Role.MANAGER),
    "son": ("Huỳnh Ngọc Sơn", "snv", Role.ADMIN),
}


class Play:
    """The story of the three pages, and everything that was said in it."""

    def __init__(self, folder: Path) -> None:
        start = datetime(2022, 9, 26, 7, 50, tzinfo=LOCAL)
        self.world = World(folder=folder, start=start, plan=SMALL_PLAN + TASKS)
        self.said: list[Message] = []

    async def joins(self, who: str) -> None:
        name, unit, role = PEOPLE[who]
        code, now = invites.new_code(), self.world.clock.now()

        def invite(tx: Tx) -> None:
            invites.create(tx, code=code, unit=unit, role=role, name=name, now=now, days=7)

        self.world.store.write(invite)
        await self.says(who, code)

    async def says(self, who: str, text: str) -> Message:
        self.world.knows(who)
        await self.world.says(who, text)
        return self.last(who)

    async def presses(self, message: Message, label: str) -> None:
        await self.world.presses(message, label)

    async def until(self, moment: str) -> None:
        await self.world.until(moment)

    def last(self, who: str) -> Message:
        return self.all_of(who)[-1]

    def all_of(self, who: str) -> list[Message]:
        return self.world._unread(who)  # everything: nothing of it was marked as read


async def played(folder: Path) -> list[Message]:
    """Play the story; return every message of it."""
    play = Play(folder)
    await play.says("lan", "xin chào")
    for who in PEOPLE:
        await play.joins(who)
    await play.until("2022-09-26 08:00")
    await _lan_and_the_office(play)
    await _minh_and_his_head(play)
    for who in PEOPLE:
        await play.says(who, "/trogiup")
    messages = [message for who in PEOPLE for message in play.all_of(who)]
    play.world.close()
    return messages


async def _lan_and_the_office(play: Play) -> None:
    await play.presses(play.last("lan"), "R10 Đã xong")
    await play.says("lan", "1234/BC-SNV ngày 26/9/2022")
    await play.world.works()
    await play.presses(play.last("ha"), "Trả lại")
    await play.says("ha", "thiếu phụ lục số liệu")
    await play.says("lan", "R10 1")
    await play.says("lan", "1234/BC-SNV ngày 26/9/2022")
    await play.world.works()
    await play.presses(play.last("ha"), "Xác nhận")
    await play.says("lan", "R7 đang làm 60%")
    await play.says("lan", "/nhiemvu")
    await play.says("lan", "R7 đã xong phần tiếp nhận, phần trả kết quả đang chờ Sở Thông tin và Truyền thông nâng cấp")
    await play.says("lan", "R10 5")


async def _minh_and_his_head(play: Play) -> None:
    await play.says("minh", "R7 vướng: phần mềm chưa liên thông")
    await play.says("minh", "R10 xin lùi đến 05/10")
    await play.says("minh", "phải chờ số liệu của Cục Thống kê")
    await play.world.works()
    await play.presses(play.last("ha"), "Đồng ý gia hạn")
    await play.until("2022-10-14 16:10")


async def test_every_message_shown_in_docs_is_said_by_the_bot(tmp_path: Path) -> None:
    said = {line for message in await played(tmp_path) for line in shown(message)}

    stale = [
        f"{page.name}: {line}"
        for page in DOCS
        for block in re.findall(
            r"^```text\n(.*?)^```", page.read_text(encoding="utf-8"), flags=re.DOTALL | re.MULTILINE
        )
        for line in block.splitlines()
        if line and line not in said
    ]

    assert DOCS
    assert stale == []


def shown(message: Message) -> list[str]:
    """Return a message's lines, and each row of its buttons as the pages write it: [Xác nhận] [Trả lại]."""
    rows = [" ".join(f"[{button.text}]" for button in row) for row in message.out.buttons]
    return [*message.whole.splitlines(), *rows]
