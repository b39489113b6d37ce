"""What every channel promises about its last moment: a message that may not go any more has not left."""

import asyncio
from pathlib import Path

import pytest

from bot.channels.telegram import Limiter, TelegramChannel
from bot.domain.delivery import Failure
from bot.ports import File, Out, SendError
from tests.channels.rig import RIGS, OpenRig
from tests.fakes.bot_api import FakeBotApi, Limits

each_channel = pytest.mark.parametrize("open_rig", RIGS)


@each_channel
async def test_what_may_not_go_is_fenced_and_nothing_arrives(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        with pytest.raises(SendError) as caught:
            await rig.channel.send(rig.chat_id, Out(text="không ai được đọc"), may_go=lambda: False)

        assert caught.value.failure is Failure.FENCED
        assert rig.heard() == []
        await rig.channel.send(rig.chat_id, Out(text="tiếp"))
        assert [heard.text for heard in rig.heard()] == ["tiếp"]


@each_channel
async def test_the_gate_is_asked_once_a_message(open_rig: OpenRig) -> None:
    asked = []

    def may_go() -> bool:
        asked.append(True)
        return True

    async with open_rig() as rig:
        await rig.channel.send(rig.chat_id, Out(text="một"), may_go=may_go)
        await rig.channel.send(rig.chat_id, Out(text="hai"))

        assert len(rig.heard()) == 2
    assert asked == [True]


@each_channel
async def test_asking_after_a_chat_shows_nothing_to_anybody(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        await rig.channel.reach(rig.chat_id)

        assert rig.heard() == []


@each_channel
async def test_a_chat_that_nobody_has_cannot_be_reached(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        with pytest.raises(SendError) as caught:
            await rig.channel.reach(rig.unknown_chat_id())

        assert caught.value.failure in {Failure.CHAT_GONE, Failure.REJECTED}


async def test_a_text_with_its_file_is_asked_for_before_the_first_of_its_two_requests_only(tmp_path: Path) -> None:
    path = tmp_path / "f.pdf"
    path.write_bytes(b"%PDF-1.4")
    answers = [True, False]
    async with FakeBotApi(limits=Limits.none()) as server:
        an = server.user(1001)
        assert an.chat
        channel = TelegramChannel(server.token, server.url, limiter=Limiter(per_second=10_000, private_seconds=0.0))
        out = Out(text="x" * 1100, file=File(path=str(path), name="f.pdf", media="application/pdf"))

        await channel.send("1001", out, may_go=lambda: answers.pop(0))
        await channel.close()

        assert [call.method for call in server.calls] == ["sendMessage", "sendDocument"]
    assert answers == [False]


async def test_the_gate_is_asked_after_the_wait_for_ones_turn() -> None:
    async with FakeBotApi(limits=Limits.none()) as server:
        assert server.user(1001).chat
        channel = TelegramChannel(server.token, server.url, limiter=Limiter(per_second=10_000, private_seconds=0.2))
        holds = [True]
        await channel.send("1001", Out(text="một"), may_go=lambda: bool(holds))
        waiting = asyncio.create_task(channel.send("1001", Out(text="hai"), may_go=lambda: bool(holds)))
        await asyncio.sleep(0)  # it stands in its chat's queue
        holds.clear()

        with pytest.raises(SendError) as caught:
            await waiting
        await channel.close()

        assert caught.value.failure is Failure.FENCED
        assert server.user(1001).heard == ["một"]


async def test_the_gate_is_asked_after_the_connection_was_made() -> None:
    """A line that takes seconds to open outlives a lease: nothing may have been written when the answer is no."""
    ended = asyncio.Event()
    read: list[bytes] = []

    async def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        read.append(await reader.read(1))
        writer.close()
        await writer.wait_closed()
        ended.set()

    server = await asyncio.start_server(accept, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    channel = TelegramChannel("1:" + "a" * 35, f"http://127.0.0.1:{port}", limiter=Limiter(private_seconds=0.0))

    async with server:
        with pytest.raises(SendError) as caught:
            await channel.send("1001", Out(text="x"), may_go=lambda: False)
        await channel.close()
        async with asyncio.timeout(5):
            await ended.wait()

    assert caught.value.failure is Failure.FENCED
    assert read == [b""]  # a line was opened, and nothing said on it
