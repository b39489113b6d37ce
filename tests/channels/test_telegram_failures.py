"""Every way Telegram can fail to take a message, as our closed list has it; and no secret in any of them."""

import asyncio
import logging
import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import pytest

from bot.channels.telegram import Limiter, TelegramChannel
from bot.domain.delivery import Failure
from bot.ports import Attachment, Out, SendError
from tests.channels.rig import no_pause
from tests.fakes.bot_api import FakeBotApi, Fault, Limits

CHAT = 1001987


@asynccontextmanager
async def line(**kwargs: Any) -> AsyncIterator[tuple[FakeBotApi, TelegramChannel]]:
    async with FakeBotApi(limits=Limits.none()) as server:
        assert server.user(CHAT).chat
        limiter = Limiter(per_second=10_000, private_seconds=0.0)
        channel = TelegramChannel(server.token, server.url, limiter=limiter, pause=no_pause, **kwargs)
        try:
            yield server, channel
        finally:
            await channel.close()


GONE, AGAIN, DOUBT, NEVER = Failure.CHAT_GONE, Failure.UNREACHABLE, Failure.IN_DOUBT, Failure.REJECTED


@pytest.mark.parametrize(
    ("fault", "details", "failure"),
    [
        pytest.param(Fault.FORBIDDEN, {}, GONE, id="blocked"),
        pytest.param(Fault.FORBIDDEN, {"description": "Forbidden: user is deactivated"}, GONE, id="deactivated"),
        pytest.param(
            Fault.FORBIDDEN, {"description": "Forbidden: bot was kicked from the group chat"}, GONE, id="kicked"
        ),
        pytest.param(
            Fault.FORBIDDEN,
            {"description": "Forbidden: bot can't initiate conversation with a user"},
            GONE,
            id="never began",
        ),
        pytest.param(
            Fault.FORBIDDEN, {"description": "Forbidden: bot is not a member of the group chat"}, GONE, id="no member"
        ),
        pytest.param(Fault.BAD_REQUEST, {"description": "chat not found"}, GONE, id="chat not found"),
        pytest.param(Fault.BAD_REQUEST, {"description": "USER_IS_BLOCKED"}, GONE, id="blocked, in another word"),
        pytest.param(Fault.BAD_REQUEST, {"description": "group chat was deactivated"}, GONE, id="group deactivated"),
        pytest.param(Fault.BAD_REQUEST, {"description": "message thread not found"}, NEVER, id="no such thread"),
        pytest.param(Fault.BAD_REQUEST, {"description": "SOMETHING_NEW_OF_2031"}, NEVER, id="a 400 nobody knows"),
        pytest.param(Fault.BAD_REQUEST, {"description": "PEER_ID_INVALID"}, GONE, id="peer id invalid"),
        pytest.param(Fault.BAD_REQUEST, {"description": "message is too long"}, NEVER, id="too long"),
        pytest.param(Fault.BAD_REQUEST, {"description": "BUTTON_DATA_INVALID"}, NEVER, id="button"),
        pytest.param(Fault.BAD_REQUEST, {"description": "TOPIC_CLOSED"}, NEVER, id="topic closed"),
        pytest.param(Fault.TOO_LARGE, {}, NEVER, id="413"),
        pytest.param(Fault.MIGRATED, {"moved_to": -100777}, Failure.CHAT_MOVED, id="migrated"),
        pytest.param(Fault.TOO_MANY, {"seconds": 7}, Failure.THROTTLED, id="429"),
        pytest.param(Fault.TOO_MANY_BARE, {}, Failure.THROTTLED, id="429 that names no pause"),
        pytest.param(Fault.UNAUTHORIZED, {}, Failure.UNAUTHORIZED, id="401"),
        pytest.param(Fault.NOT_FOUND, {}, Failure.UNAUTHORIZED, id="404, a malformed token"),
        pytest.param(Fault.CONFLICT, {}, AGAIN, id="409"),
        pytest.param(Fault.HTML_502, {}, AGAIN, id="502 in HTML"),
        pytest.param(Fault.HTML_200, {}, DOUBT, id="200 in HTML"),
        pytest.param(Fault.NOT_OK_200, {}, DOUBT, id="200 that is not ok"),
        pytest.param(Fault.DELIVER_THEN_CUT, {}, DOUBT, id="delivered, line cut"),
        pytest.param(Fault.HANG, {}, DOUBT, id="no answer"),
    ],
)
async def test_each_fault_is_one_failure_and_shows_no_secret(
    fault: Fault, details: dict[str, Any], failure: Failure, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    async with line(read_seconds=0.05 if fault is Fault.HANG else 5.0) as (server, channel):
        server.fault("sendMessage", fault, **details)

        with pytest.raises(SendError) as raised:
            await channel.send(str(CHAT), Out(text="chuyện riêng"))

        error = raised.value
        assert error.failure is failure
        assert error.retry_after == (timedelta(seconds=7) if fault is Fault.TOO_MANY else None)
        assert error.moved_to == ("-100777" if fault is Fault.MIGRATED else None)
        shown = f"{error!r} {error.__cause__!r} {channel!r} {caplog.text}"
        for secret in (server.token, server.token.split(":")[1], str(CHAT), "chuyện riêng", "<html>"):
            assert secret not in shown


async def test_a_line_that_is_down_has_delivered_nothing() -> None:
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))  # bound and not listening: every connection is refused
        channel = TelegramChannel("1:token", f"http://127.0.0.1:{unused.getsockname()[1]}")
        with pytest.raises(SendError) as raised:
            await channel.send("1", Out(text="x"))
        await channel.open()
        await channel.answer_press("1", "x")
        await channel.close()

    assert raised.value.failure is Failure.UNREACHABLE
    assert "token" not in repr(raised.value)
    assert channel.invite_link("abc") is None


async def test_a_message_in_doubt_may_have_arrived_and_one_without_a_line_has_not() -> None:
    async with line() as (server, channel):
        server.fault("sendMessage", Fault.DELIVER_THEN_CUT)
        with pytest.raises(SendError):
            await channel.send(str(CHAT), Out(text="một lần"))

        assert server.user(CHAT).heard == ["một lần"]


async def test_a_person_who_blocks_is_gone_and_a_chat_of_another_network_is_rejected() -> None:
    async with line() as (server, channel):
        server.user(CHAT).blocks()
        with pytest.raises(SendError) as blocked:
            await channel.send(str(CHAT), Out(text="x"))
        with pytest.raises(SendError) as foreign:
            await channel.send("a1b2c3", Out(text="x"))

    assert blocked.value.failure is Failure.CHAT_GONE
    assert foreign.value.failure is Failure.REJECTED


@pytest.mark.parametrize(
    ("method", "fault", "failure"),
    [
        pytest.param("getFile", Fault.HANG, Failure.UNREACHABLE, id="asking in vain leaves no doubt"),
        pytest.param("getFile", Fault.HTML_502, Failure.UNREACHABLE, id="502"),
        pytest.param("getFile", Fault.NOT_OK_200, Failure.UNREACHABLE, id="200 that is not ok"),
        pytest.param("getFile", Fault.UNAUTHORIZED, Failure.UNAUTHORIZED, id="401"),
        pytest.param("download", Fault.HTML_502, Failure.UNREACHABLE, id="502 of the file"),
        pytest.param("download", Fault.NOT_FOUND, Failure.REJECTED, id="404 of the file"),
    ],
)
async def test_a_file_that_cannot_be_fetched(method: str, fault: Fault, failure: Failure) -> None:
    async with line(read_seconds=0.05 if fault is Fault.HANG else 5.0) as (server, channel):
        stored = server.state.add_file("a", b"abc")
        server.fault(method, fault)

        with pytest.raises(SendError) as raised:
            await channel.fetch(Attachment(handle=stored["file_id"], name="a", media="", size=3), limit=10)

    assert raised.value.failure is failure


async def test_a_download_larger_than_announced_is_stopped() -> None:
    async with line() as (server, channel):
        stored = server.state.add_file("a", b"x" * 200_000)
        with pytest.raises(SendError) as raised:
            await channel.fetch(Attachment(handle=stored["file_id"], name="a", media="", size=1), limit=100_000)

    assert raised.value.failure is Failure.REJECTED


async def test_sends_that_are_cancelled_leave_the_channel_usable() -> None:
    async with line() as (server, channel):
        server.fault("sendMessage", Fault.HANG)
        task = asyncio.create_task(channel.send(str(CHAT), Out(text="bỏ dở")))
        await asyncio.sleep(0)
        task.cancel()
        await asyncio.wait([task])
        server.faults.clear()

        await channel.send(str(CHAT), Out(text="tiếp"))

        assert server.user(CHAT).heard == ["tiếp"]
