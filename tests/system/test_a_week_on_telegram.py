"""The main job with a real process, against a Bot API server that refuses whatever the real one would refuse."""

import asyncio
import io
import re
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp
import openpyxl
import pytest

from tests.fakes.bot_api import FakeBotApi, Group, User
from tests.system.process import Bot, nhacviec, running

pytestmark = pytest.mark.process

GROUP = -1001234567890
OUTBOX = re.compile(r'nhacviec_outbox\{channel="telegram",state="(\w+)"\}')
PNG = b"\x89PNG\r\n\x1a\n"
SECONDS = 15.0  # as long as anything may take on a loaded machine; the clock's five minutes to eight are eight of them


@dataclass
class Week:
    """The people of one week, the home they report to, and the server between them."""

    home: Path
    telegram: FakeBotApi
    people: dict[str, User] = field(default_factory=dict)
    codes: dict[str, str] = field(default_factory=dict)
    said: str = ""
    _read: Counter[int] = field(default_factory=Counter)

    @property
    def settings(self) -> dict[str, str]:
        return {
            "BOT_TELEGRAM__TOKEN": self.telegram.token,
            "BOT_TELEGRAM__API_URL": self.telegram.url,
            "BOT_WEB__PORT": "0",
            "BOT_OFFICE__GATHER_MINUTES": "0",
            "BOT_LOG_LEVEL": "debug",  # no level shows a secret
        }

    def running(self, clock: str, *, speed: int) -> Any:
        return running("run", "--clock", clock, "--speed", speed, home=self.home, **self.settings)

    async def ends(self, bot: Bot) -> None:
        """Stop a bot as the system does."""
        assert await bot.stop() == 0
        self.said += bot.out + bot.err

    async def asks(self, *words: object) -> Any:
        """Return what a command prints for programs."""
        ended = await nhacviec(*words, home=self.home, **self.settings)
        self.said += ended.err
        assert ended.code == 0, ended.said
        return ended.json

    async def invites(self, who: str, number: int, *, unit: str, role: str) -> None:
        """Get somebody a one-time code by the command."""
        invitation = await self.asks("invite", "--unit", unit, "--role", role, "--name", who, "--json")
        assert set(invitation) == {"code", "link", "unit", "role", "expires"}
        assert invitation["link"].endswith(f"?start={invitation['code']}")
        self.codes[who] = invitation["code"]
        self.people[who] = self.telegram.user(number, who)

    async def hears(self, place: User | Group, *fragments: str) -> dict[str, Any]:
        """Return the next message of the bot's that nobody has read yet, which must hold all of these words."""
        await self.telegram.until(lambda: len(self._of_bot(place)) > self._read[place.id], seconds=SECONDS)
        message: dict[str, Any] = self._of_bot(place)[self._read[place.id]]
        self._read[place.id] += 1
        words = message.get("text") or message.get("caption") or ""
        for fragment in fragments:
            assert fragment in words, f"«{fragment}» is not in:\n{words}"
        return message

    async def presses(self, who: str, message: dict[str, Any], label: str) -> None:
        """Press the one button with this label and see the spinner end."""
        rows = message["reply_markup"]["inline_keyboard"]
        [text] = [button["text"] for row in rows for button in row if label in button["text"]]
        press = self.people[who].presses(message["message_id"], text)
        await self.telegram.until(lambda: self.telegram.state.presses[press] is not None, seconds=SECONDS)

    async def nothing_waits(self, bot: Bot) -> None:
        """See that the bot has nothing more to send, and that all it sent was read by some line of this test."""
        states = {"claimed"}
        async with asyncio.timeout(SECONDS), aiohttp.ClientSession() as session:
            while states & {"waiting", "claimed"}:  # the server has it a moment before the bot has written it down
                async with session.get(f"{bot.address}metrics") as answer:
                    states = set(OUTBOX.findall(await answer.text()))
        assert states == {"sent"}
        for place in (*self.people.values(), self.telegram.group(GROUP)):
            extra = self._of_bot(place)[self._read[place.id] :]
            assert not extra, f"unexpected: {extra}"

    def _of_bot(self, place: User | Group) -> list[dict[str, Any]]:
        return [each for each in place.chat.messages if each["from"] == self.telegram.state.me]


async def test_a_week_is_reminded_answered_accepted_and_summed_up(home: Path, telegram: FakeBotApi) -> None:
    week = Week(home, telegram)
    await invited(week)
    async with week.running("2022-09-26T07:55", speed=40) as bot:
        await joining(week)
        await reported_and_accepted(week)
        await week.nothing_waits(bot)
        await week.ends(bot)

    async with week.running("2022-09-26T09:00", speed=60) as bot:
        await nothing_comes_twice(week, bot)
        await group_registered(week)
        await week.nothing_waits(bot)
        await week.ends(bot)

    async with week.running("2022-09-30T15:59", speed=60) as bot:
        await friday(week)
        await week.nothing_waits(bot)
        await week.ends(bot)

    await kept_for_good(week)
    nobody_was_refused(week)


async def invited(week: Week) -> None:
    await asyncio.gather(
        week.invites("Lan", 1001, unit="snv", role="focal"),
        week.invites("Hải", 1002, unit="snv", role="head"),
        week.invites("Hà", 1003, unit="snv", role="office"),
        week.invites("Phúc", 1004, unit="vpubnd", role="manager"),
        week.invites("Sơn", 1005, unit="snv", role="admin"),
    )


async def joining(week: Week) -> None:
    for who, person in week.people.items():
        person.says(f"/start {week.codes[who]}")
    roles = {
        "Lan": ("Sở Nội vụ", "đầu mối", ["nhiemvu", "vang", "giaithich"]),
        "Hải": ("Sở Nội vụ", "lãnh đạo đơn vị", ["nhiemvu", "vang", "giaithich"]),
        "Hà": ("Sở Nội vụ", "cơ quan theo dõi", ["choduyet", "sukien", "tonghop", "giaithich"]),
        "Phúc": ("Văn phòng UBND tỉnh", "lãnh đạo", ["tonghop", "giaithich"]),
        "Sơn": ("Sở Nội vụ", "quản trị", ["tonghop", "apdung", "sukien", "giaithich", "dangky"]),
    }
    for who, (unit, role, commands) in roles.items():
        chat = week.people[who].chat
        await week.hears(week.people[who], "Đã liên kết", unit, role)
        await week.telegram.until(lambda chat=chat: chat.menu, seconds=SECONDS)
        assert [command["command"] for command in chat.menu] == [*commands, "ngonngu", "trogiup"]


async def reported_and_accepted(week: Week) -> None:
    lan, ha = week.people["Lan"], week.people["Hà"]
    reminder = await week.hears(lan, "Nhắc việc ngày 26/09/2022", "Lan", "R11", "R16", "quá hạn 1 ngày")
    await week.presses("Lan", reminder, "R16 Đã xong")
    await week.hears(lan, "văn bản xin lỗi", "hồ sơ trễ hẹn", "Ví dụ: 12/18")
    lan.says("18/18")
    await week.hears(lan, "Đã ghi nhận", "18 văn bản xin lỗi/18 hồ sơ trễ hẹn", "Chờ xác nhận", "Sở Nội vụ")
    announced = await week.hears(ha, "R16", "Sở Nội vụ", "18 văn bản xin lỗi/18", "Lan")
    await week.presses("Hà", announced, "Xác nhận")
    await week.hears(ha, "Đã xác nhận R16")
    await week.hears(lan, "Kết quả xử lý báo cáo", "R16", "được xác nhận")


async def nothing_comes_twice(week: Week, bot: Bot) -> None:
    for who in ("Lan", "Hà"):  # their answers come after anything that a restart would have repeated
        week.people[who].says("/trogiup")
        await week.hears(week.people[who], "Hướng dẫn")
    await week.nothing_waits(bot)


async def group_registered(week: Week) -> None:
    group = week.telegram.group(GROUP, "Tổ công tác CCHC")
    week.people["Lan"].says("/dangky", chat=group.chat)
    await week.hears(group, "Chỉ quản trị")
    week.people["Sơn"].says("/dangky@NhacViecBot", chat=group.chat)
    await week.hears(group, "Nhóm này sẽ nhận tổng hợp tuần")


async def friday(week: Week) -> None:
    bundle = await week.hears(week.people["Lan"], "Nhắc việc ngày 30/09/2022", "R11", "R10", "đến hạn hôm nay")
    assert "R16" not in bundle["text"]
    escalated = await week.hears(week.people["Hải"], "Hải", "R11", "quá hạn 5 ngày", "quan tâm chỉ đạo")
    assert "R16" not in escalated["text"]
    for place in (week.people["Phúc"], week.telegram.group(GROUP)):
        page = await week.hears(place, "TỔNG HỢP TUẦN 39", "10:00 30/09/2022")
        assert "Hoàn thành/đến hạn: 1/2 = 50,0%" in page["text"]
        picture = await week.hears(place, "Biểu đồ tuần 39")
        assert week.telegram.state.files[picture["photo"][-1]["file_id"]][1].startswith(PNG)
        workbook = await week.hears(place, "Bảng tính tuần 39")
        name, content = week.telegram.state.files[workbook["document"]["file_id"]]
        assert name == "tong-hop-tuan-2022-W39.xlsx"
        assert len(openpyxl.load_workbook(io.BytesIO(content)).sheetnames) > 1


async def kept_for_good(week: Week) -> None:
    figures, reports, ledger = await asyncio.gather(
        week.asks("summary", "--week", "2022-W39", "--json"),
        week.asks("export", "reports"),
        week.asks("export", "ledger"),
    )
    assert figures["published_at"].startswith("2022-09-30T09:0")  # 16:00 here
    assert (figures["total"]["due"], figures["total"]["done"], figures["done_share"]) == (2, 1, 0.5)
    [report] = reports
    assert [report[name] for name in ("task", "unit", "person", "channel", "status", "verdict")] == [
        "R16", "snv", "Lan", "telegram", "done", "accept"
    ]  # fmt: skip
    assert {line["fate"] for line in ledger} == {"sent", "suppressed", "superseded"}
    assert min(line["at"] for line in ledger if line["fate"] == "sent").startswith("2022-09-26T01:00")  # 08:00 here


def nobody_was_refused(week: Week) -> None:
    assert week.telegram.refusals == []
    calls = [call for call in week.telegram.calls if call.method == "answerCallbackQuery"]
    answered = Counter(call.values["callback_query_id"] for call in calls)
    assert answered == Counter(week.telegram.state.presses.keys())
    secret = week.telegram.token.partition(":")[2]
    assert secret not in week.said
    assert not [code for code in week.codes.values() if code in week.said]
    assert not [line for line in week.said.splitlines() if " ERROR " in line or " WARNING " in line]
