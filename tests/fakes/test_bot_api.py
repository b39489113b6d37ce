"""The stand-in is strict: what Telegram refuses it refuses, and says why; and it can be steered from outside."""

import asyncio
import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram import Limiter, TelegramChannel
from bot.ports import Button, File, Inbound, Out, Raw
from tests.channels.rig import Inbox, listening
from tests.fakes.bot_api import FakeBotApi, Limits, spec

ROOT = Path(__file__).parents[2]
OK = {"chat_id": "1", "text": "x"}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def call(
    session: aiohttp.ClientSession, server: FakeBotApi, method: str, form: dict[str, Any]
) -> tuple[int, dict[str, Any]]:
    async with session.post(f"{server.url}/bot{server.token}/{method}", data=form) as answer:
        return answer.status, await answer.json()


def keys(*buttons: dict[str, Any]) -> str:
    return json.dumps({"inline_keyboard": [list(buttons)]})


KEY = {"text": "b", "callback_data": "a"}
LONG_KEY = {"text": "b", "callback_data": "ă" * 33}


@pytest.mark.parametrize(
    ("method", "form", "status", "reason"),
    [
        pytest.param("sendMesage", OK, 404, "method not found", id="unknown method"),
        pytest.param("sendMessage", {**OK, "textt": "x"}, 400, "unknown parameter", id="unknown parameter"),
        pytest.param("sendMessage", {"chat_id": "1"}, 400, "missing required parameter text", id="missing"),
        pytest.param("sendMessage", {**OK, "disable_notification": "yes"}, 400, "not JSON", id="wrong type"),
        pytest.param("sendMessage", {**OK, "disable_notification": "1"}, 400, "is no Boolean", id="1 is no Boolean"),
        pytest.param("sendMessage", {**OK, "entities": '[{"type":"bold"}]'}, 400, "offset is missing", id="nested"),
        pytest.param("sendMessage", {**OK, "reply_markup": '{"x":1}'}, 400, "unknown field x", id="nested unknown"),
        pytest.param("sendMessage", {**OK, "text": "x" * 4097}, 400, "too long", id="4097"),
        pytest.param("sendMessage", {**OK, "text": "😀" * 2048 + "x"}, 400, "too long", id="4097 in UTF-16"),
        pytest.param("sendMessage", {**OK, "text": "  "}, 400, "text is empty", id="empty"),
        pytest.param("sendMessage", {**OK, "text": "<b>x", "parse_mode": "HTML"}, 400, "end tag", id="HTML left open"),
        pytest.param("sendMessage", {**OK, "text": "<h1>x</h1>", "parse_mode": "HTML"}, 400, "Unsupported", id="h1"),
        pytest.param("sendMessage", {**OK, "text": "*x", "parse_mode": "MarkdownV2"}, 400, "find end", id="star open"),
        pytest.param("sendMessage", {**OK, "text": "x.", "parse_mode": "MarkdownV2"}, 400, "reserved", id="bare dot"),
        pytest.param(
            "sendMessage",
            {**OK, "entities": '[{"type":"bold","offset":0,"length":2}]'},
            400,
            "range",
            id="past the end",
        ),
        pytest.param("sendMessage", {**OK, "chat_id": "2"}, 400, "chat not found", id="never wrote"),
        pytest.param("sendMessage", {**OK, "reply_markup": keys(LONG_KEY)}, 400, "DATA_INVALID", id="66 bytes"),
        pytest.param("sendMessage", {**OK, "reply_markup": keys({"text": "b"})}, 400, "exactly one", id="idle button"),
        pytest.param("sendMessage", {**OK, "reply_markup": keys(*[KEY] * 9)}, 400, "too long", id="nine in a row"),
        pytest.param("sendPhoto", {"chat_id": "1"}, 400, "missing required parameter photo", id="no photo"),
        pytest.param("editMessageText", {**OK, "message_id": "9"}, 400, "not found", id="edit nothing"),
        pytest.param("answerCallbackQuery", {"callback_query_id": "9"}, 400, "query is too old", id="unknown press"),
        pytest.param(
            "answerCallbackQuery", {"callback_query_id": "9", "text": "x" * 201}, 400, "TOO_LONG", id="201 characters"
        ),
        pytest.param(
            "setMyCommands", {"commands": '[{"command":"Aa","description":"x"}]'}, 400, "INVALID", id="command"
        ),
        pytest.param("setWebhook", {"url": "http://example.test"}, 400, "HTTPS", id="plain http"),
        pytest.param("getFile", {"file_id": "nope"}, 400, "invalid file_id", id="unknown file"),
        pytest.param("banChatMember", {"chat_id": "1", "user_id": "1"}, 501, "not played", id="not played"),
    ],
)
async def test_what_telegram_refuses_is_refused_and_recorded(
    session: aiohttp.ClientSession, method: str, form: dict[str, Any], status: int, reason: str
) -> None:
    async with FakeBotApi() as server:
        assert server.user(1).chat

        refused = await call(session, server, method, form)

        assert refused[0] == status
        assert reason in refused[1]["description"]
        assert [(one.method, one.status) for one in server.refusals] == [(method, status)]
        assert server.user(1).heard == []


async def test_the_limits_are_sliding_windows_and_name_the_pause(session: aiohttp.ClientSession) -> None:
    async with FakeBotApi(limits=Limits(overall=3, group=2)) as server:
        assert [server.user(n).chat for n in (1, 2)]
        group = server.group(-5)
        asked = [await call(session, server, "sendMessage", {"chat_id": n, "text": "x"}) for n in (1, 1, -5, -5, 2)]

        assert [status for status, _ in asked] == [200, 429, 200, 200, 429]
        assert asked[1][1]["parameters"] == {"retry_after": 1}
        assert group.heard == ["x", "x"]


async def test_a_wrong_token_and_a_second_answer_to_a_press_are_refused(session: aiohttp.ClientSession) -> None:
    async with FakeBotApi() as server:
        press = server.user(1).presses(1, "x")
        first = await call(session, server, "answerCallbackQuery", {"callback_query_id": press})
        second = await call(session, server, "answerCallbackQuery", {"callback_query_id": press})
        server.token = "another"
        async with session.post(f"{server.url}/bot1:wrong/getMe") as wrong:
            assert wrong.status == 401

        assert (first[0], second[0]) == (200, 400)


async def test_every_update_it_makes_has_the_shape_the_specification_gives() -> None:
    async with FakeBotApi() as server:
        an, group = server.user(1), server.group(-5)
        an.says("/start x")
        an.sends_file("a.pdf", b"%PDF", caption="c")
        an.sends_photo(b"0123456789abc")
        an.sends_sticker()
        an.presses(1, "x")
        an.blocks()
        group.moves(-6, an)

        wrong = [spec.complaint(update, ["Update"], "update") for update in server.state.updates]

        assert wrong == [None] * 7


async def test_a_whole_day_at_the_real_limits_without_one_refusal(tmp_path: Path) -> None:
    report = tmp_path / "f.xlsx"
    report.write_bytes(b"PK" * 100)
    async with FakeBotApi() as server:
        people = [server.user(1000 + n, f"Người {n}") for n in range(32)]
        for person in people:
            person.says("/start K7Q2")
        channel = TelegramChannel(server.token, server.url, limiter=Limiter(), poll_seconds=5)
        inbox = Inbox()
        async with listening(channel, inbox):
            await inbox.until(32)
            ask = Out(heading="Nhắc việc", text="Hạn 25/9", buttons=((Button(text="Đã xong", action="r:1"),),))
            sent = await asyncio.gather(*(channel.send(str(person.id), ask) for person in people))
            people[0].presses(int(sent[0].message_id), "Đã xong")
            await inbox.until(33)
            pressed = _read(channel, inbox.stored[-1][1])
            await channel.answer_press(pressed.ack, "Đã ghi nhận")
            await channel.set_menu(pressed.chat_id, (("nhiemvu", "Việc của tôi"),))
            file = File(path=str(report), name="tuần 39.xlsx", media="application/octet-stream")
            await channel.send(pressed.chat_id, Out(heading="Tuần 39", text="x" * 1100, file=file))
        await channel.close()

        assert server.refusals == []
        assert all(len(person.heard) >= 1 for person in people)
        assert people[0].heard[1:] == ["Tuần 39\n" + "x" * 1100, ""]
        assert people[0].chat.menu == [{"command": "nhiemvu", "description": "Việc của tôi"}]
        assert list(server.state.presses.values()) == ["Đã ghi nhận"]


async def test_as_a_process_it_is_steered_by_json(session: aiohttp.ClientSession) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.bot_api", "--token", "1:A", cwd=ROOT, stdout=asyncio.subprocess.PIPE
    )
    try:
        assert process.stdout is not None
        url = (await asyncio.wait_for(process.stdout.readline(), 10)).decode().strip()

        async def steer(verb: str, **body: Any) -> Any:
            async with session.post(f"{url}/_control/{verb}", json=body) as answer:
                return await answer.json()

        async def show(what: str) -> Any:
            async with session.get(f"{url}/_control/{what}") as answer:
                return await answer.json()

        await steer("say", user=7, name="An", text="/start x")
        channel = TelegramChannel("1:A", url, poll_seconds=5)
        inbox = Inbox()
        async with listening(channel, inbox):
            await inbox.until(1)
            sent = await channel.send("7", Out(text="?", buttons=((Button(text="Có", action="y"),),)))
            await steer("press", user=7, message_id=int(sent.message_id), button="Có")
            await inbox.until(2)
        await channel.close()

        assert _read(channel, inbox.stored[1][1]).action == "y"
        assert [message["text"] for message in await show("messages?chat=7")] == ["/start x", "?"]
        assert [one["status"] for one in await show("calls?method=sendMessage")] == [200]
        assert await show("refusals") == []
        await steer("start_over")
        assert await show("messages?chat=7") == []
    finally:
        process.terminate()
        await process.wait()


def _read(channel: TelegramChannel, raw: Raw) -> Inbound:
    heard = channel.read(raw)
    assert heard is not None
    return heard
