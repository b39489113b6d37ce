"""The stand-in is strict: what Zalo refuses it refuses, and says why; it forgets what it hands over; it can be steered."""

import asyncio
import sys
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bot.channels.telegram import Limiter
from bot.channels.zalo import ZaloChannel
from bot.ports import Out
from tests.channels.rig import Inbox, listening
from tests.fakes.zalo_api import FakeZaloApi

ROOT = Path(__file__).parents[2]
LAN = "a1b2c3d4e5f60718293a"
OK = {"chat_id": LAN, "text": "x"}
HOOK = {"url": "https://bot.example/zalo", "secret_token": "du-tam-chu"}


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as opened:
        yield opened


async def call(
    session: aiohttp.ClientSession, server: FakeZaloApi, method: str, values: object
) -> tuple[int, dict[str, Any]]:
    async with session.post(f"{server.url}/bot{server.token}/{method}", json=values) as answer:
        return answer.status, await answer.json()


@pytest.mark.parametrize(
    ("method", "values", "code", "reason"),
    [
        pytest.param("sendmessage", OK, 404, "Not Found", id="a method in another case"),
        pytest.param("sendDocument", OK, 404, "Not Found", id="there are no files"),
        pytest.param("sendMessage", {**OK, "reply_markup": {}}, 400, "unknown parameter", id="there are no buttons"),
        pytest.param("sendMessage", {"chat_id": LAN}, 400, "missing parameter text", id="missing"),
        pytest.param("sendMessage", {**OK, "text": " "}, 400, "empty", id="empty"),
        pytest.param("sendMessage", {**OK, "text": "x" * 2001}, 400, "2000", id="2001"),
        pytest.param("sendMessage", {**OK, "text": "😀" * 1000 + "x"}, 400, "2000", id="2001 in UTF-16"),
        pytest.param("sendMessage", {**OK, "chat_id": "b"}, 400, "chat not found", id="never wrote"),
        pytest.param("sendMessage", [OK], 400, "object", id="no object"),
        pytest.param("sendChatAction", {"chat_id": LAN, "action": "dance"}, 400, "action", id="no such action"),
        pytest.param("getUpdates", {"timeout": 31}, 400, "timeout", id="a poll too long"),
        pytest.param("setWebhook", {**HOOK, "url": "http://bot.example/"}, 400, "https", id="plain http"),
        pytest.param("setWebhook", {**HOOK, "url": "https://10.0.0.7/"}, 400, "public", id="a private address"),
        pytest.param("setWebhook", {**HOOK, "url": "https://localhost/"}, 400, "public", id="this machine"),
        pytest.param("setWebhook", {**HOOK, "secret_token": "7 chữ.."}, 400, "secret_token", id="a short secret"),
        pytest.param("setWebhook", {"url": HOOK["url"]}, 400, "secret_token", id="no secret"),
    ],
)
@pytest.mark.parametrize("with_status", [False, True], ids=["over 200", "over its own status"])
async def test_what_zalo_refuses_is_refused_and_recorded(  # noqa: PLR0917  # a fixture and a row
    session: aiohttp.ClientSession, method: str, values: object, code: int, reason: str, with_status: bool
) -> None:
    async with FakeZaloApi(with_status=with_status) as server:
        assert server.user(LAN).chat

        status, refused = await call(session, server, method, values)

        assert status == (code if with_status else 200)
        assert (refused["ok"], refused["error_code"]) == (False, code)
        assert reason in refused["description"]
        assert [(one.method, one.code) for one in server.refusals] == [(method, code)]
        assert server.user(LAN).heard == []


async def test_an_event_is_handed_over_once_and_a_web_hook_forbids_asking(session: aiohttp.ClientSession) -> None:
    async with FakeZaloApi(second=0.02) as server:
        server.user(LAN).says("một")
        answers = [await call(session, server, "getUpdates", {"timeout": "1"}) for _ in range(2)]
        await call(session, server, "setWebhook", HOOK)
        answers.append(await call(session, server, "getUpdates", {}))

        assert answers[0][1]["result"]["message"]["text"] == "một"
        assert answers[0][1]["result"]["message"]["date"] > 10**12
        assert [answer.get("error_code") for _, answer in answers] == [None, 408, 400]


async def test_a_poll_that_was_cut_short_takes_the_next_event_with_it(session: aiohttp.ClientSession) -> None:
    async with FakeZaloApi() as server:
        poll = asyncio.create_task(call(session, server, "getUpdates", {"timeout": 5}))
        await server.until(lambda: server.methods.is_polled)
        poll.cancel()
        await asyncio.wait([poll])
        await asyncio.sleep(0.05)
        server.user(LAN).says("mất")
        await server.until(lambda: server.lost)

        assert server.state.events == []


async def test_a_wrong_token_and_a_used_up_quota_are_refused(session: aiohttp.ClientSession) -> None:
    async with FakeZaloApi(quota=1) as server:
        assert server.user(LAN).chat
        codes = [(await call(session, server, "sendMessage", OK))[1].get("error_code") for _ in range(2)]
        async with session.post(f"{server.url}/bot1:wrong/getMe") as wrong:
            codes.append((await wrong.json())["error_code"])

        assert codes == [None, 429, 401]


async def test_messages_that_come_too_fast_are_refused(session: aiohttp.ClientSession) -> None:
    async with FakeZaloApi(chat_seconds=10) as server:
        assert server.user(LAN).chat
        codes = [(await call(session, server, "sendMessage", OK))[1].get("error_code") for _ in range(2)]

        assert codes == [None, 429]


async def test_as_a_process_it_is_steered_by_json(session: aiohttp.ClientSession) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.fakes.zalo_api", "--token", "1:A", cwd=ROOT, stdout=asyncio.subprocess.PIPE
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

        await steer("say", user=LAN, name="Lan", text="R18 1")
        await steer("photo", user=LAN, base64="eA==", caption="ảnh")
        await steer("fault", method="getUpdates", fault="error", code=403)
        channel = ZaloChannel("1:A", url, limiter=Limiter(), poll_seconds=1)
        inbox = Inbox()
        async with listening(channel, inbox):
            await inbox.until(2)
            await channel.send(LAN, Out(text="Đã nhận"))
        await channel.close()

        assert [message["text"] for message in await show(f"messages?chat={LAN}")] == ["R18 1", "", "Đã nhận"]
        assert [one["code"] for one in await show("calls?method=sendMessage")] == [200]
        assert await show("refusals") == []
        assert await show("pending") == {"events": 0, "lost": 0}
        await steer("start_over")
        assert await show(f"messages?chat={LAN}") == []
    finally:
        process.terminate()
        await process.wait()
