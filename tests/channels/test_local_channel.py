"""The page as a channel."""

import asyncio
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.local import LocalChannel, NotListeningError
from bot.channels.news import Event, EventKind, Subscription
from bot.domain.delivery import Failure
from bot.ports import Attachment, Button, File, InboundKind, Out, Raw, SendError

TEXT = {"kind": "text", "chat_id": "snv", "user_id": "snv", "text": "xong"}
HANDLE = "0123456789abcdef" * 2


@pytest.fixture
async def local(tmp_path: Path) -> LocalChannel:
    channel = LocalChannel(tmp_path / "spool")
    await channel.open()
    return channel


async def test_every_message_has_its_own_id_and_is_announced_with_it(local: LocalChannel) -> None:
    listener = local.subscribe()

    sent = [await local.send("snv", Out(text="như nhau")) for _ in range(2)]

    assert sent[0].message_id != sent[1].message_id
    assert await listener.next() == Event(kind=EventKind.NEWS, chat_id="snv", about=sent[0].message_id)


@pytest.mark.parametrize(
    "out",
    [
        pytest.param(Out(text=""), id="nothing to say"),
        pytest.param(Out(text="x" * 4097), id="one too long"),
        pytest.param(Out(text="😀" * 2049), id="one too long as the networks count"),
        pytest.param(Out(text="?", buttons=((Button(text="A", action="ă" * 33),),)), id="an action over 64 bytes"),
        pytest.param(Out(text="?", file=File(path="/nowhere/x", name="x", media="a/b")), id="a file that is gone"),
    ],
)
async def test_what_no_channel_would_take_is_rejected(local: LocalChannel, out: Out) -> None:
    with pytest.raises(SendError) as refused:
        await local.send("snv", out)

    assert refused.value.failure is Failure.REJECTED


async def test_the_longest_text_is_taken(local: LocalChannel) -> None:
    assert (await local.send("snv", Out(text="x" * 4096))).message_id


async def test_what_is_heard_goes_to_the_sink_before_anybody_is_told(local: LocalChannel) -> None:
    stored: list[tuple[str, Raw]] = []
    listener = local.subscribe()

    async def sink(external_id: str, raw: Raw) -> None:
        assert listener.waiting == 0
        stored.append((external_id, raw))

    listening = asyncio.create_task(local.listen(sink))
    await asyncio.sleep(0)
    await local.hear("a1", TEXT)
    listening.cancel()

    assert stored == [("snv:a1", TEXT)]
    assert (await listener.next()) == Event(kind=EventKind.NEWS, chat_id="snv")


async def test_a_sink_that_fails_is_no_success(local: LocalChannel) -> None:
    async def full(external_id: str, raw: Raw) -> None:
        raise OSError("the disk is full")

    listening = asyncio.create_task(local.listen(full))
    await asyncio.sleep(0)

    with pytest.raises(OSError, match="full"):
        await local.hear("a1", TEXT)
    listening.cancel()


async def test_before_anybody_listens_nothing_is_taken(local: LocalChannel) -> None:
    with pytest.raises(NotListeningError):
        await local.hear("a1", TEXT)


async def test_a_press_is_answered_in_the_chat_it_came_from(local: LocalChannel) -> None:
    listener, other = local.subscribe("snv"), local.subscribe("tamky")
    raw = {"kind": "press", "chat_id": "snv", "user_id": "snv", "press_id": "p1", "action": "1:s1:2f:0"}

    await local.answer_press(local.read(raw).ack, "Đã nhận.")

    assert await listener.next() == Event(kind=EventKind.TOAST, chat_id="snv", text="Đã nhận.", about="p1")
    assert other.waiting == 0


async def test_an_answer_to_no_press_is_swallowed(local: LocalChannel) -> None:
    await local.answer_press("", "Đã nhận.")


@pytest.mark.parametrize(
    "changed",
    [
        pytest.param({"kind": "gone"}, id="what no page says"),
        pytest.param({"kind": "shout"}, id="no kind"),
        pytest.param({"kind": None}, id="no text for a kind"),
        pytest.param({"chat_id": ""}, id="no chat"),
        pytest.param({"chat_id": "../x"}, id="a chat like a path"),
        pytest.param({"chat_id": "a:b"}, id="a chat that would split an ack"),
        pytest.param({"user_id": 5}, id="a number for a user"),
        pytest.param({"text": ""}, id="nothing said"),
        pytest.param({"text": "x" * 4097}, id="too much said"),
        pytest.param({"text": "a\0"}, id="a zero"),
        pytest.param({"text": "\ud83d"}, id="half a letter"),
        pytest.param({"kind": "press", "press_id": "p1"}, id="a press of nothing"),
        pytest.param({"kind": "press", "action": "x"}, id="a press without an id"),
        pytest.param({"kind": "file"}, id="no file"),
        pytest.param({"kind": "file", "files": "x"}, id="files that are text"),
        pytest.param({"kind": "file", "files": ["x"]}, id="a file that is text"),
        pytest.param({"kind": "file", "files": [{"handle": "../x", "size": 1}]}, id="a file like a path"),
        pytest.param({"kind": "file", "files": [{"handle": HANDLE, "size": True}]}, id="a size that is none"),
        pytest.param({"kind": "file", "files": [{"handle": HANDLE, "size": -1}]}, id="a size below nothing"),
    ],
)
def test_garbage_cannot_be_read(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError):  # noqa: PT011  (any reason will do)
        LocalChannel(Path("spool")).read({**TEXT, **changed})


@settings(deadline=None)  # the first run under load is slow
@given(
    st.dictionaries(
        st.sampled_from(["kind", "chat_id", "user_id", "text", "action", "press_id", "files", "label"]),
        st.recursive(
            st.none()
            | st.booleans()
            | st.integers()
            | st.text(max_size=8)
            | st.sampled_from(["text", "press", "file"]),
            lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=4), inner, max_size=2),
        ),
    )
)
def test_anything_at_all_is_read_or_refused(raw: dict[str, object]) -> None:
    try:
        inbound = LocalChannel(Path("spool")).read(raw)
    except ValueError:
        return

    assert inbound.kind in (InboundKind.TEXT, InboundKind.PRESS, InboundKind.FILE)


async def test_an_upload_is_fetched_as_it_was_kept(local: LocalChannel) -> None:
    kept = await local.keep(b"abc", name="../../Báo cáo.pdf", media="application/pdf")

    assert await local.fetch(kept, limit=3) == b"abc"
    assert "/" not in kept.handle


@pytest.mark.parametrize("handle", ["../secret", "{outside}/secret", "", "0" * 32])
async def test_only_uploads_of_ours_are_fetched(local: LocalChannel, tmp_path: Path, handle: str) -> None:
    (tmp_path / "secret").write_bytes(b"abc")
    handle = handle.format(outside=tmp_path)

    with pytest.raises(SendError) as refused:
        await local.fetch(Attachment(handle=handle, name="x", media="x", size=1), limit=10)

    assert refused.value.failure is Failure.REJECTED


async def test_an_upload_over_the_limit_is_not_fetched(local: LocalChannel) -> None:
    kept = await local.keep(b"abc", name="a", media="b")

    with pytest.raises(SendError):
        await local.fetch(kept, limit=2)


async def test_a_dropped_upload_is_gone(local: LocalChannel) -> None:
    kept = await local.keep(b"abc", name="a", media="b")

    await local.drop(kept)

    with pytest.raises(SendError):
        await local.fetch(kept, limit=10)


async def test_a_menu_is_remembered_for_its_chat(local: LocalChannel) -> None:
    await local.set_menu("snv", (("nhiemvu", "Xem nhiệm vụ"),))

    assert local.menu("snv") == (("nhiemvu", "Xem nhiệm vụ"),)
    assert local.menu("tamky") == ()


async def test_a_slow_listener_is_told_to_look_again_and_holds_no_more_than_its_share() -> None:
    slow = Subscription(None, size=3)

    for number in range(4):
        slow.tell(Event(kind=EventKind.NEWS, chat_id=f"c{number}"))

    assert slow.waiting == 1
    assert await slow.next() == Event(kind=EventKind.RESYNC)


async def test_closing_ends_every_listener(local: LocalChannel) -> None:
    listener = local.subscribe()
    await local.send("snv", Out(text="một"))

    await local.close()

    assert [event async for event in listener] == []


async def test_who_left_is_told_nothing(local: LocalChannel) -> None:
    listener = local.subscribe()

    local.unsubscribe(listener)
    await local.send("snv", Out(text="một"))

    assert listener.waiting == 0


async def test_a_code_is_typed_here(local: LocalChannel) -> None:
    assert local.invite_link("K7QP-2M9X-RTVB") is None
