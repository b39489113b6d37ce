"""What every channel promises about sending."""

from pathlib import Path

import pytest

from bot.domain.delivery import Failure
from bot.ports import Button, File, Out, SendError
from tests.channels.rig import RIGS, OpenRig

pytestmark = pytest.mark.parametrize("open_rig", RIGS)

MARKUP = "<b>*_`[x](y) & 5 < 6 — «đúng hạn» 😀"
TWO = ((Button(text="Đã xong", action="r:1"), Button(text="Đang làm", action="r:2")),)


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("Nhắc việc: còn 3 ngày", id="Vietnamese"),
        pytest.param(MARKUP, id="what would be markup elsewhere"),
        pytest.param("dòng một\n\ndòng ba", id="lines"),
        pytest.param("👩‍👩‍👧‍👦 " * 20 + ".", id="characters of many units"),
    ],
)
async def test_a_text_arrives_as_it_was_written(open_rig: OpenRig, text: str) -> None:
    async with open_rig() as rig:
        sent = await rig.channel.send(rig.chat_id, Out(text=text))

        [heard] = rig.heard()
        assert (heard.message_id, heard.text) == (sent.message_id, text)


async def test_a_heading_stands_before_its_text_and_is_no_markup(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        await rig.channel.send(rig.chat_id, Out(heading=MARKUP, text="Hạn 25/9"))

        [heard] = rig.heard()
        assert heard.text.startswith(MARKUP)
        assert heard.text.endswith("Hạn 25/9")


async def test_buttons_arrive_in_their_order_where_the_channel_has_any(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        await rig.channel.send(rig.chat_id, Out(text="Thế nào?", buttons=TWO))

        [heard] = rig.heard()
        assert heard.buttons == (("Đã xong", "Đang làm") if rig.channel.caps.buttons else ())


async def test_messages_arrive_in_the_order_they_were_sent(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        for number in range(5):
            await rig.channel.send(rig.chat_id, Out(text=f"tin {number}"))

        assert [heard.text for heard in rig.heard()] == [f"tin {number}" for number in range(5)]


@pytest.mark.parametrize(
    ("name", "media"),
    [pytest.param("báo cáo.csv", "text/csv", id="document"), pytest.param("bieu-do.png", "image/png", id="picture")],
)
async def test_a_file_arrives_whole_with_its_words(open_rig: OpenRig, tmp_path: Path, name: str, media: str) -> None:
    path = tmp_path / "f"
    path.write_bytes(b"\x89PNG\x00\xff" * 100)
    async with open_rig() as rig:
        if not rig.channel.caps.upload:
            pytest.skip("this network takes no files")
        await rig.channel.send(rig.chat_id, Out(text="Tuần 39", file=File(path=str(path), name=name, media=media)))

        heard = rig.heard()
        assert [one.file for one in heard if one.file is not None] == [path.read_bytes()]
        assert any("Tuần 39" in one.text for one in heard)


async def test_the_longest_text_arrives_and_one_unit_more_is_rejected(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        most = rig.channel.caps.max_text
        await rig.channel.send(rig.chat_id, Out(text="😀" * (most // 2)))
        with pytest.raises(SendError) as raised:
            await rig.channel.send(rig.chat_id, Out(text="😀" * (most // 2) + "."))

        assert raised.value.failure is Failure.REJECTED
        assert len(rig.heard()) == 1


@pytest.mark.parametrize(
    "out",
    [
        pytest.param(Out(text=""), id="nothing"),
        pytest.param(Out(text=" \n"), id="only spaces"),
        pytest.param(Out(text="x", buttons=((Button(text="b", action="a" * 65),),)), id="action of 65 bytes"),
        pytest.param(
            Out(text="x", file=File(path="/nowhere/at/all", name="x", media="text/plain")),
            id="a file that is not there",
        ),
    ],
)
async def test_what_no_network_takes_is_rejected(open_rig: OpenRig, out: Out) -> None:
    async with open_rig() as rig:
        with pytest.raises(SendError) as raised:
            await rig.channel.send(rig.chat_id, out)

        assert raised.value.failure is Failure.REJECTED


async def test_nobody_at_the_other_end_is_a_contact_that_is_gone(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        with pytest.raises(SendError) as raised:
            await rig.channel.send(rig.unknown_chat_id(), Out(text="x"))

        assert raised.value.failure is Failure.CHAT_GONE
        assert rig.unknown_chat_id() not in str(raised.value)


async def test_a_menu_that_cannot_be_set_is_no_error(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        await rig.channel.set_menu(rig.chat_id, (("nhiemvu", "Việc của tôi"),))
        await rig.channel.set_menu(rig.unknown_chat_id(), (("nhiemvu", "Việc của tôi"),))
        await rig.channel.set_menu(rig.chat_id, (("Not A Command", ""),))


async def test_what_may_not_go_has_not_left(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        with pytest.raises(SendError) as raised:
            await rig.channel.send(rig.chat_id, Out(text="x"), may_go=lambda: False)
        await rig.channel.send(rig.chat_id, Out(text="y"), may_go=lambda: True)

        assert raised.value.failure is Failure.FENCED
        assert [heard.text for heard in rig.heard()] == ["y"]


async def test_a_chat_can_be_asked_after_without_a_word(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        await rig.channel.reach(rig.chat_id)
        with pytest.raises(SendError) as raised:
            await rig.channel.reach(rig.unknown_chat_id())

        assert raised.value.failure is Failure.CHAT_GONE
        assert rig.heard() == []
