"""Zalo with a real process: a day of work in numbers, a stop in the middle of a poll, and Telegram beside it."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.bot_api import FakeBotApi
from tests.fakes.zalo_api import FakeZaloApi, Fault, User
from tests.system.process import Bot, nhacviec, running

pytestmark = pytest.mark.process

LAN = "a1b2c3d4e5f60718293a"
HA = "b2c3d4e5f60718293a4b"
SECRET = "mot-khoa-du-dai-de-khong-ai-doan-duoc"
HEADER = "X-Bot-Api-Secret-Token"
SATURDAY = ("--clock", "2022-09-24T09:00")  # nobody is reminded: all that is heard was asked for
SECONDS = 20.0  # as long as anything may take on a loaded machine; the clock's five minutes to eight are eight of them


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloApi]:
    """The Zalo server, which forgets what it hands over and counts what nobody read."""
    async with FakeZaloApi(chat_seconds=1.0) as server:
        yield server


def settings(zalo: FakeZaloApi, **more: str) -> dict[str, str]:
    return {
        "BOT_ZALO__TOKEN": zalo.token,
        "BOT_ZALO__API_URL": zalo.url,
        "BOT_WEB__PORT": "0",
        "BOT_OFFICE__GATHER_MINUTES": "0",
        "BOT_LOG_LEVEL": "debug",  # no level shows a secret
        **more,
    }


async def code_for(home: Path, *, unit: str = "snv", role: str = "focal", name: str = "Lan", **environment: str) -> str:
    made = await nhacviec("invite", "--unit", unit, "--role", role, "--name", name, "--json", home=home, **environment)
    assert made.code == 0, made.said
    code: str = made.json["code"]
    return code


async def hears(zalo: FakeZaloApi, person: User, number: int, *fragments: str) -> str:
    """Return the message of this number, counted from 1, which must hold all of these words."""
    await zalo.until(lambda: len(person.heard) >= number, seconds=SECONDS)
    text = person.heard[number - 1]
    for fragment in fragments:
        assert fragment in text, f"«{fragment}» is not in:\n{text}"
    return text


async def heard(zalo: FakeZaloApi, person: User, *fragments: str) -> str:
    """Return the first message somebody got that holds all of these words."""

    def found() -> list[str]:
        return [text for text in person.heard if all(fragment in text for fragment in fragments)]

    await zalo.until(found, seconds=SECONDS)
    return found()[0]


def nothing_leaked(bot: Bot, zalo: FakeZaloApi) -> None:
    said = bot.out + bot.err
    for secret in (zalo.token, zalo.token.partition(":")[2], LAN, HA, SECRET):
        assert secret not in said


async def test_a_task_is_reminded_and_answered_in_numbers(home: Path, zalo: FakeZaloApi) -> None:
    own = settings(zalo)
    lan = zalo.user(LAN, "Lan")
    code = await code_for(home, **own)

    async with running("run", "--clock", "2022-09-26T07:55", "--speed", "40", home=home, **own) as bot:
        lan.says(code)
        await hears(zalo, lan, 1, "Đã liên kết", "Sở Nội vụ", "đầu mối")
        await hears(zalo, lan, 2, "Nhắc việc ngày 26/09/2022", "R11", "R16", "1 Đã hoàn thành · 2 Đang thực hiện")
        lan.says("R16 1")
        await hears(zalo, lan, 3, "văn bản xin lỗi", "Ví dụ: 12/18")
        lan.says("18/18")
        await hears(zalo, lan, 4, "Đã ghi nhận", "18 văn bản xin lỗi/18 hồ sơ trễ hẹn", "Chờ xác nhận")
        lan.sends_sticker()
        await hears(zalo, lan, 5, "chỉ đọc được chữ")
        assert await bot.stop() == 0

    assert len(lan.heard) == 5
    assert zalo.refusals == []
    assert zalo.lost == []
    nothing_leaked(bot, zalo)


async def test_the_office_works_its_queue_down_by_number(home: Path, zalo: FakeZaloApi) -> None:
    own = settings(zalo)
    lan, ha = zalo.user(LAN, "Lan"), zalo.user(HA, "Hà")
    codes = [await code_for(home, unit="stc", **own), await code_for(home, role="office", name="Hà", **own)]
    picture = b"\xff\xd8\xff" + b"anh" * 20_000

    async with running("run", "--clock", "2022-09-26T09:00", home=home, **own) as bot:
        lan.says(codes[0])
        await hears(zalo, lan, 1, "Đã liên kết", "Sở Tài chính")
        ha.says(codes[1])
        await hears(zalo, ha, 1, "Đã liên kết", "cơ quan theo dõi")
        lan.says("R16 1")
        await hears(zalo, lan, 2, "Ví dụ: 12/18")
        lan.says("18/18")
        await hears(zalo, lan, 3, "Đã ghi nhận", "Nhắn số để chọn:\n1. Thêm ghi chú\n2. Gửi minh chứng\n3. Sửa báo cáo")
        lan.says("2")
        await hears(zalo, lan, 4, "ảnh minh chứng")
        lan.sends_photo(picture)
        await hears(zalo, lan, 5, "Đã nhận tệp minh chứng «anh.jpg» cho báo cáo R16")
        zalo.state.media.clear()  # its address holds for a moment only; by now the picture is ours
        ha.says("/choduyet")
        text = await heard(zalo, ha, "Minh chứng: anh.jpg")
        assert "Mục 1: 1 Xác nhận · 2 Trả lại · 3 Minh chứng (1)" in text
        assert await bot.stop() == 0

    [kept] = (home / "data" / "evidence").iterdir()
    assert kept.read_bytes() == picture
    async with running("run", "--clock", "2022-09-26T09:05", home=home, **own) as bot:
        ha.says("1")  # the menu outlived the process
        await heard(zalo, ha, "Đã xác nhận R16 của Sở Tài chính")
        await heard(zalo, lan, "R16", "được xác nhận")
        ha.says("1")
        await heard(zalo, ha, "Số này không trả lời câu hỏi nào đang mở")
        assert await bot.stop() == 0

    assert zalo.refusals == []
    assert zalo.lost == []
    nothing_leaked(bot, zalo)


async def test_what_is_said_while_the_bot_stops_in_a_poll_is_answered_when_it_is_back(
    home: Path, zalo: FakeZaloApi
) -> None:
    own = settings(zalo)
    lan = zalo.user(LAN, "Lan")
    code = await code_for(home, **own)

    async with running("run", *SATURDAY, home=home, **own) as bot:
        lan.says(code)
        await hears(zalo, lan, 1, "Đã liên kết")
        await zalo.until(lambda: zalo.methods.is_polled)
        stopping = asyncio.create_task(bot.stop())
        await asyncio.sleep(0.3)
        assert not stopping.done()
        lan.says("/trogiup")
        assert await stopping == 0

    assert zalo.state.events == []
    assert zalo.lost == []
    async with running("run", *SATURDAY, home=home, **own) as bot:
        await hears(zalo, lan, 2, "Hướng dẫn")
        lan.says("/nhiemvu")
        await hears(zalo, lan, 3, "Nhiệm vụ của Sở Nội vụ")
        await hears(zalo, lan, 4, "8. R8")  # the choices, past the 2,000 letters of one message
        assert await bot.stop() == 0
    assert len(lan.heard) == 4


async def test_zalo_refused_in_mid_flight_leaves_telegram_alive_and_comes_back(home: Path, zalo: FakeZaloApi) -> None:
    async with FakeBotApi() as telegram:
        own = settings(zalo, BOT_TELEGRAM__TOKEN=telegram.token, BOT_TELEGRAM__API_URL=telegram.url)
        lan, hai = zalo.user(LAN, "Lan"), telegram.user(1002, "Hải")
        codes = [await code_for(home, **own) for _ in range(2)]

        async with running("run", *SATURDAY, home=home, **own) as bot:
            lan.says(codes[0])
            hai.says(f"/start {codes[1]}")
            await hears(zalo, lan, 1, "Đã liên kết")
            await telegram.until(lambda: len(hai.heard) == 1, seconds=SECONDS)
            assert await not_ready(bot) == set()

            zalo.fault("*", Fault.ERROR, code=401, times=None)
            await bot.until_it_logs("zalo state=unauthorized")
            hai.says("/trogiup")
            await telegram.until(lambda: len(hai.heard) == 2, seconds=SECONDS)
            assert await not_ready(bot) == {"channel.zalo"}

            zalo.faults.clear()
            lan.says("/trogiup")
            await hears(zalo, lan, 2, "Hướng dẫn")
            assert await not_ready(bot) == set()
            assert await bot.stop() == 0

        assert telegram.refusals == []
        assert len(lan.heard) == len(hai.heard) == 2
        nothing_leaked(bot, zalo)


async def test_zalo_calls_and_is_answered_and_nobody_else_is(home: Path, zalo: FakeZaloApi) -> None:
    hook = {"BOT_ZALO__WEBHOOK_URL": "https://nhacviec.example/zalo/webhook", "BOT_ZALO__WEBHOOK_SECRET": SECRET}
    own = settings(zalo, **hook)
    lan = zalo.user(LAN, "Lan")
    lan.says(await code_for(home, **own))
    [event] = zalo.state.events  # it comes by our own calls below

    async with running("run", *SATURDAY, home=home, **own) as bot, aiohttp.ClientSession() as caller:
        await zalo.until(lambda: zalo.called("setWebhook"), seconds=SECONDS)
        door = f"{bot.address}zalo/webhook"
        statuses = []
        for secret, body in (("", None), ("", event), ("sai", event), (SECRET, event), (SECRET, {"result": event})):
            headers = {"User-Agent": "Java/17.0.2"} | ({HEADER: secret} if secret else {})
            async with caller.post(door, json=body, data=b"" if body is None else None, headers=headers) as answer:
                assert answer.content_type == "application/json"
                statuses.append(answer.status)

        await hears(zalo, lan, 1, "Đã liên kết")
        assert await bot.stop() == 0

    assert statuses == [200, 403, 403, 200, 200]
    assert len(lan.heard) == 1  # the same event twice is one
    assert zalo.called("getUpdates") == []
    assert zalo.called("setWebhook")[0].values == {"url": hook["BOT_ZALO__WEBHOOK_URL"], "secret_token": SECRET}
    nothing_leaked(bot, zalo)


async def not_ready(bot: Bot) -> set[str]:
    """Return the conditions of being ready that do not hold."""
    async with aiohttp.ClientSession() as session, session.get(f"{bot.address}readyz") as answer:
        checks: list[dict[str, Any]] = (await answer.json())["checks"]
    return {check["name"] for check in checks if not check["ok"]}
