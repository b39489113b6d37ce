"""What every channel promises about hearing."""

import asyncio
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.delivery import Failure
from bot.ports import Button, Inbound, InboundKind, Out, Raw, SendError
from tests.channels.rig import RIGS, Inbox, OpenRig, Rig, listening

pytestmark = pytest.mark.parametrize("open_rig", RIGS)


async def hear(rig: Rig, inbox: Inbox, count: int = 1) -> list[Inbound | None]:
    async with listening(rig.channel, inbox):
        await inbox.until(count)
    return [rig.channel.read(raw) for _, raw in inbox.stored]


@pytest.mark.parametrize("text", ["Đã xong 😀", "/start K7Q2-abc", "<b>&amp;", "1"])
async def test_a_text_is_heard_as_it_was_typed(open_rig: OpenRig, text: str) -> None:
    async with open_rig() as rig:
        rig.says(text)

        [heard] = await hear(rig, Inbox())

        assert heard is not None
        assert (heard.kind, heard.text, heard.chat_id) == (InboundKind.TEXT, text, rig.chat_id)
        assert heard.channel == rig.channel.caps.name
        assert heard.user_id
        assert not heard.is_group


async def test_a_press_names_its_action_its_message_and_a_way_to_answer(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        if not rig.channel.caps.buttons:
            pytest.skip("this network has no buttons")
        sent = await rig.channel.send(
            rig.chat_id, Out(text="?", buttons=((Button(text="Đã xong", action="r:1:done"),),))
        )
        rig.presses(sent.message_id, "Đã xong")
        [heard] = await hear(rig, Inbox())

        assert heard is not None
        await rig.channel.answer_press(heard.ack, "Đã ghi nhận " + "😀" * 300)
        await rig.channel.answer_press(heard.ack, "twice")
        await rig.channel.answer_press("unknown", "x")

        assert (heard.kind, heard.action, heard.message_id) == (InboundKind.PRESS, "r:1:done", sent.message_id)
        [answer] = rig.answered()
        assert answer is not None
        assert answer.startswith("Đã ghi nhận")


async def test_a_file_can_be_fetched_up_to_the_limit(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        name = rig.sends_file("minh chứng.pdf", b"%PDF" * 50, "Công văn 12")
        [heard] = await hear(rig, Inbox())

        assert heard is not None
        [attachment] = heard.files
        assert (heard.kind, heard.text, attachment.name) == (InboundKind.FILE, "Công văn 12", name)
        assert await rig.channel.fetch(attachment, limit=200) == b"%PDF" * 50
        with pytest.raises(SendError) as raised:
            await rig.channel.fetch(attachment, limit=199)
        assert raised.value.failure is Failure.REJECTED


async def test_updates_come_in_order_each_under_an_id_of_its_own(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        for number in range(10):
            rig.says(str(number))
        inbox = Inbox()

        heard = await hear(rig, inbox, 10)

        assert [one.text for one in heard if one] == [str(number) for number in range(10)]
        assert len({update_id for update_id, _ in inbox.stored}) == 10


@pytest.mark.parametrize("fails", [1, 3])
async def test_what_could_not_be_stored_comes_again_under_the_same_id(open_rig: OpenRig, fails: int) -> None:
    async with open_rig() as rig:
        rig.says("một")
        rig.says("hai")
        inbox = Inbox(fails=fails)

        heard = await hear(rig, inbox, 2)

        assert [one.text for one in heard if one] == ["một", "hai"]


async def test_what_was_being_stored_when_we_were_stopped_comes_again(open_rig: OpenRig) -> None:
    async with open_rig() as rig:
        begun = asyncio.Event()

        async def stuck(_update_id: str, _raw: Raw) -> None:
            begun.set()
            await asyncio.Event().wait()

        rig.says("đang ghi thì tắt máy")
        task = asyncio.create_task(rig.channel.listen(stuck))
        await asyncio.wait_for(begun.wait(), 5)
        task.cancel()
        await asyncio.wait([task])

        [heard] = await hear(rig, Inbox())

        assert task.cancelled()
        assert heard is not None
        assert heard.text == "đang ghi thì tắt máy"


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=8,
)


@settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(garbage=st.lists(JSON, min_size=1, max_size=20), spoil=JSON, where=st.integers(0, 30))
def test_garbage_is_a_value_error_or_nothing(open_rig: OpenRig, garbage: list[Any], spoil: Any, where: int) -> None:
    async def read_all() -> None:
        async with open_rig() as rig:
            for raw in [*garbage, *await _spoiled(rig, spoil, where)]:
                try:
                    rig.channel.read(raw)
                except ValueError:
                    continue

    asyncio.run(read_all())


async def _spoiled(rig: Rig, spoil: Any, where: int) -> list[Any]:
    rig.says("/x@y")
    rig.sends_file("a", b"a", "")
    inbox = Inbox()
    await hear(rig, inbox, 2)
    return [_with_one_part_replaced(raw, spoil, where)[0] for _, raw in inbox.stored]


def _with_one_part_replaced(value: Any, spoil: Any, where: int) -> tuple[Any, int]:
    """Return the value with its `where`-th part, counted depth first, replaced."""
    if where == 0:
        return spoil, -1
    where -= 1
    if isinstance(value, dict):
        copy = {}
        for name, item in value.items():
            copy[name], where = _with_one_part_replaced(item, spoil, where) if where >= 0 else (item, where)
        return copy, where
    return value, where
