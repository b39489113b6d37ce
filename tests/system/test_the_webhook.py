"""A bot that Telegram calls, as a real process: the secret opens, an update is stored before 200, the answer goes out."""

from pathlib import Path
from typing import Any

import aiohttp
import pytest

from tests.fakes.bot_api import FakeBotApi
from tests.system.process import nhacviec, running

pytestmark = pytest.mark.process

SECRET = "mot-khoa-du-dai-de-khong-ai-doan-duoc"
HEADER = "X-Telegram-Bot-Api-Secret-Token"


def said(update_id: int, user: int, text: str) -> dict[str, Any]:
    person = {"id": user, "is_bot": False, "first_name": "Lan"}
    chat = {"id": user, "type": "private", "first_name": "Lan"}
    message = {"message_id": update_id, "date": 1664150100, "chat": chat, "from": person, "text": text}
    return {"update_id": update_id, "message": message}


async def test_telegram_calls_and_is_answered_and_nobody_else_is(home: Path, telegram: FakeBotApi) -> None:
    settings = {
        "BOT_TELEGRAM__TOKEN": telegram.token,
        "BOT_TELEGRAM__API_URL": telegram.url,
        "BOT_TELEGRAM__WEBHOOK_URL": "https://nhacviec.example/telegram/webhook",
        "BOT_TELEGRAM__WEBHOOK_SECRET": SECRET,
        "BOT_WEB__PORT": "0",
    }
    lan = telegram.user(1001, "Lan")
    assert lan.chat is not None  # she has opened the chat; her words come by our own calls below
    made = await nhacviec("invite", "--unit", "snv", "--role", "focal", "--json", home=home, **settings)
    update = said(7, 1001, f"/start {made.json['code']}")

    async with running("run", home=home, **settings) as bot, aiohttp.ClientSession() as telegrams:
        await telegram.until(lambda: any(call.method == "setWebhook" for call in telegram.calls))
        door = f"{bot.address}telegram/webhook"
        statuses = []
        for secret in ("", "sai", SECRET, SECRET):
            async with telegrams.post(door, json=update, headers={HEADER: secret} if secret else {}) as answer:
                statuses.append(answer.status)

        await telegram.until(lambda: len(lan.heard) >= 1)
        assert await bot.stop() == 0

    assert statuses == [403, 403, 200, 200]
    assert ["Đã liên kết" in message for message in lan.heard] == [True]  # the same update twice is one
    assert telegram.refusals == []
    assert SECRET not in bot.out + bot.err
