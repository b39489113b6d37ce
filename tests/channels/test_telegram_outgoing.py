"""What goes over the wire to Telegram, and what slows down after it said "too fast"."""

from pathlib import Path

import pytest

from bot.channels.telegram import Limiter, TelegramChannel
from bot.domain.delivery import Failure
from bot.ports import Button, File, Out, SendError
from tests.fakes.bot_api import FakeBotApi, Fault, Limits

AN, GROUP = 1001, -100123


class Watched(Limiter):
    """A limiter that remembers the pauses it was told of."""

    def __init__(self) -> None:
        super().__init__(per_second=10_000, private_seconds=0.0)
        self.halts: list[tuple[float, str | None]] = []

    def halt(self, seconds: float, chat_id: str | None = None) -> None:
        self.halts.append((seconds, chat_id))


async def sent(server: FakeBotApi, *outs: Out, to: int = AN, limiter: Limiter | None = None) -> None:
    assert server.user(AN).chat
    assert server.group(GROUP).chat
    channel = TelegramChannel(server.token, server.url, limiter=limiter or Watched())
    try:
        for out in outs:
            await channel.send(str(to), out)
    finally:
        await channel.close()


async def test_a_heading_is_bold_over_exactly_its_utf16_units_and_there_is_no_parse_mode() -> None:
    async with FakeBotApi(limits=Limits.none()) as server:
        await sent(server, Out(heading="😀 Nhắc", text="<b>", buttons=((Button(text="Có", action="y"),), ())))

        [call] = server.calls
        assert call.values["entities"] == [{"type": "bold", "offset": 0, "length": 7}]
        assert call.values["link_preview_options"] == {"is_disabled": True}
        assert call.values["reply_markup"] == {"inline_keyboard": [[{"text": "Có", "callback_data": "y"}]]}
        assert "parse_mode" not in call.values


async def test_what_is_known_to_be_refused_is_never_asked() -> None:
    async with FakeBotApi(limits=Limits.none()) as server:
        with pytest.raises(SendError):
            await sent(server, Out(text="😀" * 2049))

        assert server.calls == []


async def test_half_a_character_is_replaced_and_the_rest_arrives() -> None:
    async with FakeBotApi(limits=Limits.none()) as server:
        await sent(server, Out(text="a\ud83db"))

        assert server.user(AN).heard == ["a\ufffdb"]


@pytest.mark.parametrize(
    ("length", "methods"),
    [
        pytest.param(1024, ["sendDocument"], id="the longest caption"),
        pytest.param(1025, ["sendMessage", "sendDocument"], id="one more: the text goes ahead"),
    ],
)
async def test_a_file_keeps_its_name_and_its_text(tmp_path: Path, length: int, methods: list[str]) -> None:
    path = tmp_path / "x"
    path.write_bytes(b"PK")
    file = File(path=str(path), name="báo cáo tuần 39.xlsx", media="application/octet-stream")
    async with FakeBotApi(limits=Limits.none()) as server:
        await sent(server, Out(text="x" * length, file=file))

        assert [call.method for call in server.calls] == methods
        assert server.user(AN).chat.messages[-1]["document"]["file_name"] == "báo cáo tuần 39.xlsx"
        assert "".join(server.user(AN).heard) == "x" * length


@pytest.mark.parametrize(
    ("to", "halts"),
    [
        pytest.param(AN, [(7.0, "1001"), (7.0, None)], id="a person: the bot as a whole was too fast"),
        pytest.param(GROUP, [(7.0, "-100123")], id="a group: it alone"),
    ],
)
async def test_too_fast_makes_us_pause(to: int, halts: list[tuple[float, str | None]]) -> None:
    limiter = Watched()
    async with FakeBotApi(limits=Limits.none()) as server:
        server.fault("sendMessage", Fault.TOO_MANY, seconds=7)
        with pytest.raises(SendError) as raised:
            await sent(server, Out(text="x"), to=to, limiter=limiter)

    assert raised.value.failure is Failure.THROTTLED
    assert limiter.halts == halts


async def test_a_reason_keeps_limits_and_hides_ids() -> None:
    async with FakeBotApi(limits=Limits.none()) as server:
        server.fault("sendMessage", Fault.BAD_REQUEST, description="no more than 4096 for chat -1001234567")
        with pytest.raises(SendError) as raised:
            await sent(server, Out(text="x"))

    assert "4096" in raised.value.reason
    assert "1001234567" not in raised.value.reason
