"""Every way Zalo can fail to take a message, as our closed list has it; and no secret in any of them."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from bot.channels.telegram import Limiter
from bot.channels.zalo import ZaloChannel
from bot.domain.delivery import Failure
from bot.ports import Attachment, File, Out, SendError
from tests.channels.rig import no_pause
from tests.fakes.zalo_api import FakeZaloApi, Fault

LAN = "a1b2c3d4e5f60718293a"


@asynccontextmanager
async def line(
    *, with_status: bool = False, limiter: Limiter | None = None, quota: int | None = None, **kwargs: Any
) -> AsyncIterator[tuple[FakeZaloApi, ZaloChannel]]:
    async with FakeZaloApi(with_status=with_status, quota=quota, second=0.02) as server:
        assert server.user(LAN).chat
        limiter = limiter or Limiter(per_second=10_000, private_seconds=0.0)
        channel = ZaloChannel(server.token, server.url, limiter=limiter, pause=no_pause, **kwargs)
        try:
            yield server, channel
        finally:
            await channel.close()


GONE, AGAIN, DOUBT, NEVER = Failure.CHAT_GONE, Failure.UNREACHABLE, Failure.IN_DOUBT, Failure.REJECTED
SLOW, KEY = Failure.THROTTLED, Failure.UNAUTHORIZED


def error(code: int, failure: Failure, name: str, description: str = "") -> Any:
    return pytest.param(Fault.ERROR, {"code": code, "description": description}, failure, id=name)


TABLE = [
    error(400, NEVER, "400"),
    error(400, NEVER, "400, too long", "Bad Request: text is longer than 2000 characters"),
    error(400, GONE, "400, no such chat", "Bad Request: chat not found"),
    error(400, GONE, "400, blocked", "Bad Request: the bot was blocked by the user"),
    error(401, KEY, "401"),
    error(403, AGAIN, "403 is Zalo's own internal error"),
    error(403, GONE, "403, blocked", "User has blocked this bot"),
    error(404, NEVER, "404"),
    error(404, GONE, "404, no such person", "User not found"),
    error(408, DOUBT, "408 to a message"),
    error(409, NEVER, "409"),
    error(413, NEVER, "413"),
    error(418, NEVER, "a 4xx of tomorrow fails this message and no contact"),
    error(426, NEVER, "426"),
    error(429, SLOW, "429"),
    error(500, AGAIN, "500"),
    error(502, AGAIN, "502"),
    error(504, DOUBT, "504"),
    error(-201, AGAIN, "a code of another kind"),
    pytest.param(Fault.OTHER_SPELLING, {}, SLOW, id="errorCode"),
    pytest.param(Fault.NOT_OK_BARE, {}, AGAIN, id="not ok, and no word why"),
    pytest.param(Fault.OK_BARE, {}, DOUBT, id="ok without a message id"),
    pytest.param(Fault.HTML_502, {}, AGAIN, id="502 in HTML"),
    pytest.param(Fault.HTML_504, {}, DOUBT, id="504 in HTML"),
    pytest.param(Fault.HTML_200, {}, DOUBT, id="200 in HTML"),
    pytest.param(Fault.REDIRECT, {}, AGAIN, id="a redirect is not followed"),
    pytest.param(Fault.NO_OBJECT, {}, DOUBT, id="200 with a list"),
    pytest.param(Fault.HALF, {}, DOUBT, id="200 with half an answer"),
    pytest.param(Fault.DELIVER_THEN_CUT, {}, DOUBT, id="delivered, line cut"),
    pytest.param(Fault.RESET, {}, DOUBT, id="line cut"),
    pytest.param(Fault.HANG, {}, DOUBT, id="no answer"),
    pytest.param(Fault.DRIP, {"seconds": 0.5}, DOUBT, id="an answer that drips"),
]


@pytest.mark.parametrize("with_status", [False, True], ids=["over 200", "over its own status"])
@pytest.mark.parametrize(("fault", "details", "failure"), TABLE)
async def test_each_fault_is_one_failure_and_shows_no_secret(
    fault: Fault, details: dict[str, Any], failure: Failure, with_status: bool, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    hurried = fault in (Fault.HANG, Fault.DRIP)
    async with line(with_status=with_status, read_seconds=0.05 if hurried else 5.0) as (server, channel):
        server.fault("sendMessage", fault, **details)

        with pytest.raises(SendError) as raised:
            await channel.send(LAN, Out(text="chuyện riêng"))

        assert raised.value.failure is failure
        shown = f"{raised.value!r} {raised.value.reason} {raised.value.__cause__!r} {channel!r} {caplog.text}"
        for secret in (server.token, server.token.split(":")[1], LAN, "chuyện riêng", "<html>"):
            assert secret not in shown


async def test_a_refusal_that_repeats_ids_is_told_without_them() -> None:
    async with line() as (server, channel):
        said = f"Bad Request: chat {LAN} of bot {server.token} takes at most 2000"
        server.fault("sendMessage", Fault.ERROR, code=400, description=said)
        with pytest.raises(SendError) as raised:
            await channel.send(LAN, Out(text="x"))

    assert LAN not in raised.value.reason
    assert server.token.split(":")[1] not in raised.value.reason
    assert raised.value.reason.endswith("takes at most 2000")


async def test_a_pause_that_is_named_is_kept_and_an_absurd_one_bounded() -> None:
    async with line() as (server, channel):
        for seconds, kept in ((7, timedelta(seconds=7)), (10**12, timedelta(days=1)), ("soon", None), (-1, None)):
            server.fault("getMe", Fault.ERROR, code=429, parameters={"retry_after": seconds})
            with pytest.raises(SendError) as raised:
                await channel._client.call("getMe")
            assert raised.value.retry_after == kept


async def test_a_quota_that_is_used_up_holds_back_the_whole_bot() -> None:
    limiter = Limiter(per_second=10_000, private_seconds=0.0)
    async with line(limiter=limiter, quota=1) as (server, channel):
        other = server.user("b" * 20)
        assert other.chat
        await channel.send(LAN, Out(text="một"))
        with pytest.raises(SendError) as raised:
            await channel.send(LAN, Out(text="hai"))
        server.methods.quota = None
        began = asyncio.get_running_loop().time()
        await channel.send(other.id, Out(text="ba"))

        assert raised.value.failure is Failure.THROTTLED
        assert asyncio.get_running_loop().time() - began >= 0.9
        assert other.heard == ["ba"]


async def test_a_line_that_is_down_has_delivered_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        url = f"http://127.0.0.1:{unused.getsockname()[1]}"
        channel = ZaloChannel("123:token-that-is-secret", url, limiter=Limiter(private_seconds=0.0))
        await channel.open()
        with pytest.raises(SendError) as raised:
            await channel.send(LAN, Out(text="x"))
        with pytest.raises(SendError) as asked:
            await channel.reach(LAN)
        await channel.close()

    assert raised.value.failure is asked.value.failure is Failure.UNREACHABLE
    assert "secret" not in repr(raised.value)


async def test_a_message_in_doubt_may_have_arrived_and_one_cut_off_before_has_not() -> None:
    async with line() as (server, channel):
        for fault, text in ((Fault.DELIVER_THEN_CUT, "đến rồi"), (Fault.RESET, "chưa đến")):
            server.fault("sendMessage", fault)
            with pytest.raises(SendError):
                await channel.send(LAN, Out(text=text))

        assert server.user(LAN).heard == ["đến rồi"]


async def test_what_may_not_go_has_not_left() -> None:
    async with line() as (server, channel):
        with pytest.raises(SendError) as raised:
            await channel.send(LAN, Out(text="x"), may_go=lambda: False)
        await channel.send(LAN, Out(text="y"), may_go=lambda: True)

        assert raised.value.failure is Failure.FENCED
        assert [call.values["text"] for call in server.called("sendMessage")] == ["y"]


async def test_the_gate_is_asked_after_all_waiting() -> None:
    asked: list[float] = []
    async with line(limiter=Limiter(private_seconds=0.3)) as (_, channel):
        await channel.send(LAN, Out(text="một"))
        sent_at = asyncio.get_running_loop().time()

        def may_go() -> bool:
            asked.append(asyncio.get_running_loop().time() - sent_at)
            return True

        await channel.send(LAN, Out(text="hai"), may_go=may_go)

    assert len(asked) == 1
    assert asked[0] >= 0.29


@pytest.mark.parametrize(
    ("fault", "details", "failure"),
    [
        pytest.param(Fault.HANG, {}, AGAIN, id="asking in vain leaves no doubt"),
        error(401, KEY, "401"),
        error(400, GONE, "no such chat", "chat not found"),
    ],
)
async def test_a_chat_can_be_asked_after_without_a_word(
    fault: Fault, details: dict[str, Any], failure: Failure
) -> None:
    async with line(read_seconds=0.05 if fault is Fault.HANG else 5.0) as (server, channel):
        await channel.reach(LAN)
        server.fault("sendChatAction", fault, **details)
        with pytest.raises(SendError) as raised:
            await channel.reach(LAN)

        assert raised.value.failure is failure
        assert server.user(LAN).heard == []
        assert {call.values["action"] for call in server.called("sendChatAction")} == {"typing"}


async def test_a_person_who_left_is_gone_and_heals_by_coming_back() -> None:
    async with line() as (server, channel):
        server.user(LAN).leaves()
        with pytest.raises(SendError) as gone:
            await channel.send(LAN, Out(text="x"))
        server.user(LAN).comes_back()
        await channel.send(LAN, Out(text="y"))

    assert gone.value.failure is Failure.CHAT_GONE


@pytest.mark.parametrize(
    ("handle", "code", "failure"),
    [
        pytest.param("{url}/media/anh-0.jpg", 404, AGAIN, id="its address has run out"),
        pytest.param("{url}/media/anh-0.jpg", 502, AGAIN, id="502"),
        pytest.param("ftp://127.0.0.1/anh", 0, AGAIN, id="no web address"),
        pytest.param("file:///etc/passwd", 0, AGAIN, id="a file of ours"),
        pytest.param("http://", 0, AGAIN, id="half an address"),
        pytest.param("{url}/media/anh-0.jpg", 0, NEVER, id="too large"),
    ],
)
async def test_a_picture_that_cannot_be_fetched(handle: str, code: int, failure: Failure) -> None:
    async with line() as (server, channel):
        server.user(LAN).sends_photo(b"x" * 200_000)
        if code:
            server.fault("media", Fault.ERROR, code=code)
        with pytest.raises(SendError) as raised:
            await channel.fetch(
                Attachment(handle=handle.format(url=server.url), name="a", media="", size=0), limit=100_000
            )

    assert raised.value.failure is failure
    assert server.url not in raised.value.reason


async def test_a_picture_comes_by_https_only_where_zalo_itself_does() -> None:
    channel = ZaloChannel("1:a", limiter=Limiter())
    with pytest.raises(SendError, match="https"):
        await channel.fetch(Attachment(handle="http://127.0.0.1:1/a.jpg", name="a", media="", size=0), limit=10)


@pytest.mark.parametrize(
    ("text", "texts"),
    [
        pytest.param("Biểu đồ tuần 39", 1, id="in one message"),
        pytest.param("", 1, id="nothing else to say"),
        pytest.param("x" * 1990, 2, id="a text that leaves no room"),
    ],
)
async def test_a_file_becomes_a_sentence_that_says_where_it_is(tmp_path: Path, text: str, texts: int) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"PNG")
    async with line() as (server, channel):
        sent = await channel.send(LAN, Out(text=text, file=File(path=str(path), name="tuần 39.png", media="image/png")))
        heard = server.user(LAN).heard

        assert len(heard) == texts
        assert heard[0].startswith(text)
        assert "«tuần 39.png»" in heard[-1]
        assert "Zalo không nhận tệp" in heard[-1]
        assert sent.message_id == server.user(LAN).chat.messages[0]["message_id"]
        assert server.refusals == []


async def test_sends_that_are_cancelled_leave_the_channel_usable() -> None:
    async with line() as (server, channel):
        server.fault("sendMessage", Fault.HANG)
        task = asyncio.create_task(channel.send(LAN, Out(text="bỏ dở")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        server.faults.clear()

        await channel.send(LAN, Out(text="tiếp"))

        assert server.user(LAN).heard == ["tiếp"]
