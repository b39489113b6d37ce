"""The catalogue is edited while a real process runs: asked about in the chat, or applied by a command beside it."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.app.clock import RealClock
from bot.domain.calendar import local_day
from tests.fakes.bot_api import FakeBotApi, User
from tests.system.process import nhacviec, running
from tests.world import small_plan

pytestmark = pytest.mark.process

SECONDS = 15.0
TASK = "  - {{id: R5, title: Quán triệt kỷ luật, owners: [snv], due: {due}}}\n"


def write(home: Path, text: str) -> None:
    (home / "plan_tasks.yaml").write_text(text, encoding="utf-8")


async def told(telegram: FakeBotApi, person: User, words: str) -> dict[str, Any]:
    """Wait for the bot's message to somebody that holds these words."""

    def found() -> list[dict[str, Any]]:
        ours = [each for each in person.chat.messages if each["from"] == telegram.state.me]
        return [each for each in ours if words in each.get("text", "")]

    await telegram.until(lambda: bool(found()), seconds=SECONDS)
    return found()[0]


async def test_an_admin_presses_and_the_edit_runs(home: Path, telegram: FakeBotApi) -> None:
    plan = small_plan() + TASK.format(due="07/10/2022")
    write(home, plan)
    settings = {"BOT_TELEGRAM__TOKEN": telegram.token, "BOT_TELEGRAM__API_URL": telegram.url, "BOT_WEB__PORT": "0"}
    invite = ("invite", "--unit", "snv", "--role", "admin", "--name", "Sơn", "--json")
    async with running("run", "--clock", "2022-09-26T09:00", "--speed", "5", home=home, **settings) as bot:
        code = (await nhacviec(*invite, home=home, **settings)).json["code"]
        son = telegram.user(7001, "Sơn")
        son.says(f"/start {code}")
        await told(telegram, son, "Đã liên kết")

        write(home, plan.replace("due:", "dew:"))
        broken = await told(telegram, son, "chỗ sai")
        assert "plan_tasks.yaml:12:" in broken["text"]
        assert "Tệp trên đĩa có" in await ready(bot.address)
        assert await gauge(bot.address, "nhacviec_catalogue_refused_seconds") > 0

        write(home, plan.replace("07/10/2022", "21/10/2022"))
        asked = await told(telegram, son, "Đề nghị áp dụng")
        assert "21/10/2022" in asked["text"]
        assert "Tệp trên đĩa có" not in await ready(bot.address)
        assert "Bản sửa chờ quản trị đồng ý" in await ready(bot.address)
        assert await gauge(bot.address, "nhacviec_catalogue_refused_seconds") == 0
        son.presses(asked["message_id"], "Áp dụng")
        await told(telegram, son, "Đã áp dụng")
        assert await bot.stop() == 0
    history = (await nhacviec("history", "--json", home=home, **settings)).json
    assert [(each["revision"], each["who"], each["cause"]) for each in history] == [
        (2, "Sơn", "chat"),
        (1, "", "start"),
    ]


async def test_a_command_beside_a_running_bot_applies_and_rolls_back(home: Path) -> None:
    today = local_day(RealClock().now())
    first, later = (f"{today + timedelta(days=days):%d/%m/%Y}" for days in (30, 45))
    head = small_plan(starts=str(today - timedelta(days=30)), ends=str(today + timedelta(days=90)))
    plan = head + TASK.format(due=first)
    write(home, plan)
    async with running("run", home=home, BOT_WEB__PORT="0") as bot:
        write(home, plan.replace(first, later))
        seen = await nhacviec("diff", home=home)
        assert (seen.code, first in seen.out, later in seen.out) == (0, True, True), seen.said
        refused = await nhacviec("apply", home=home)
        assert (refused.code, "--yes" in refused.err) == (2, True), refused.said
        done = await nhacviec("apply", "--yes", home=home)
        assert (done.code, "bản số 2" in done.out) == (0, True), done.said
        await bot.until_it_logs("catalogue revision=2")

        back = await nhacviec("rollback", "1", "--yes", home=home)
        assert (back.code, "bản số 3" in back.out) == (0, True), back.said
        await bot.until_it_logs("catalogue revision=3")
        assert (home / "plan_tasks.yaml").read_text(encoding="utf-8") == plan
        assert await bot.stop() == 0
        assert "catalogue proposed" not in bot.err
    history = (await nhacviec("history", "--json", home=home)).json
    assert [each["cause"] for each in history] == ["rollback", "command", "start"]


async def ready(address: str) -> str:
    async with aiohttp.ClientSession() as session, session.get(f"{address}readyz") as answer:
        return " ".join(check["words"] for check in (await answer.json())["checks"])


async def gauge(address: str, name: str) -> float:
    async with aiohttp.ClientSession() as session, session.get(f"{address}metrics") as answer:
        lines = (await answer.text()).splitlines()
    return next(float(line.split()[-1]) for line in lines if line.startswith(f"{name} "))
