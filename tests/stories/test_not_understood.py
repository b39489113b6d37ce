"""Nobody is told "not understood" without end: after the fifth time a person is named who helps, then there is silence."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from bot.store import bafflement, reports
from tests.world import World

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""

HELPER = {"BOT_HELP__NAME": "ông Trần Văn Bình, Văn phòng Sở", "BOT_HELP__PHONE": "0235 3852 739"}
RIDDLES = ("trời hôm nay đẹp", "alo", "có ai không", "sao không trả lời", "???", "bao giờ có bão")


async def reminded(begin: Callable[..., World], **environment: str) -> World:
    """Return a world on the morning of the first reminder, which lan has read."""
    world = begin("2022-09-30 07:30", tasks=ONE, **environment)
    await world.joins("lan", unit="snv", role="focal")
    await world.until("2022-09-30 08:00")
    world.hears("lan", "R5")
    return world


async def baffles(world: World, who: str, times: int = 5, said: tuple[str, ...] = RIDDLES) -> str:
    """Let somebody say what cannot be understood; return the last answer."""
    last = ""
    for number in range(times):
        await world.says(who, said[number % len(said)])
        last = world.hears(who).whole
    return last


def silent(world: World) -> int:
    return world.store.read(lambda tx: bafflement.silent(tx, now=world.clock.now()))


async def test_the_fifth_answer_names_who_helps_and_after_it_there_is_silence(begin: Callable[..., World]) -> None:
    world = await reminded(begin, **HELPER)

    assert "Trần Văn Bình" not in await baffles(world, "lan", 4)
    await world.says("lan", RIDDLES[4])
    world.hears("lan", "đề nghị liên hệ ông Trần Văn Bình, Văn phòng Sở, 0235 3852 739", "/nhiemvu")
    for words in RIDDLES:
        await world.says("lan", words)

    world.nobody_hears_more()
    assert silent(world) == 1


async def test_where_nobody_is_named_the_office_is(begin: Callable[..., World]) -> None:
    world = await reminded(begin)

    assert "đề nghị liên hệ Sở Nội vụ" in await baffles(world, "lan")


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        pytest.param("R5 2", "Đã ghi nhận", id="a report"),
        pytest.param("/nhiemvu", "R5", id="a command"),
    ],
)
async def test_what_is_understood_ends_the_silence(begin: Callable[..., World], said: str, heard: str) -> None:
    world = await reminded(begin, **HELPER)
    await baffles(world, "lan")
    await world.says("lan", "alo")

    await world.says("lan", said)

    world.hears("lan", heard)
    assert silent(world) == 0
    assert "Trần Văn Bình" not in await baffles(world, "lan", 4)
    assert "Trần Văn Bình" in await baffles(world, "lan", 1)


async def test_a_press_ends_the_silence(begin: Callable[..., World]) -> None:
    world = begin("2022-09-30 07:30", tasks=ONE, **HELPER)
    await world.joins("lan", unit="snv", role="focal")
    await world.until("2022-09-30 08:00")
    reminder = world.hears("lan", "R5")
    await baffles(world, "lan")

    await world.presses(reminder, "Đang thực hiện")

    world.hears("lan", "Đã ghi nhận")
    assert len(world.store.read(reports.history)) == 1
    assert silent(world) == 0


async def test_what_is_understood_in_between_begins_the_count_anew(begin: Callable[..., World]) -> None:
    world = await reminded(begin, **HELPER)
    await baffles(world, "lan", 4)

    await world.says("lan", "/nhiemvu")
    world.hears("lan", "R5")

    assert "Trần Văn Bình" not in await baffles(world, "lan", 4)


async def test_a_day_later_there_are_answers_again(begin: Callable[..., World]) -> None:
    world = await reminded(begin, **HELPER)
    await baffles(world, "lan")

    world.clock.set(world.clock.now() + timedelta(hours=23, minutes=59))
    await world.says("lan", "alo")
    world.nobody_hears_more()
    world.clock.set(world.clock.now() + timedelta(minutes=1))

    assert "Trần Văn Bình" not in await baffles(world, "lan", 1)


async def test_a_stranger_who_keeps_typing_is_met_with_silence_and_still_gets_in(begin: Callable[..., World]) -> None:
    world = begin("2022-09-30 07:30", tasks=ONE, **HELPER)
    world.knows("lan")
    last = await baffles(world, "lan")
    assert "mã liên kết" in last
    assert "Trần Văn Bình" in last
    for words in RIDDLES:
        await world.says("lan", words)
    world.nobody_hears_more()

    await world.joins("lan", unit="snv", role="focal")

    assert silent(world) == 0


async def test_wrong_codes_are_counted_with_the_rest(begin: Callable[..., World]) -> None:
    world = begin("2022-09-30 07:30", tasks=ONE, **HELPER)
    world.knows("lan")

    await baffles(world, "lan", 2, ("K7QP-2M9X-RTVB",))
    last = await baffles(world, "lan", 3)

    assert "Trần Văn Bình" in last


async def test_wrong_answers_to_a_question_are_counted_and_the_right_one_is_still_taken(
    begin: Callable[..., World],
) -> None:
    world = await reminded(begin, **HELPER)
    await world.says("lan", "R5 4")
    world.hears("lan")
    assert "Trần Văn Bình" in await baffles(world, "lan", said=("chưa biết",))
    await world.says("lan", "chưa biết")

    await world.says("lan", "15/10")

    world.hears("lan", "Đã ghi nhận")
    assert silent(world) == 0


@pytest.mark.parametrize(
    "says",
    [
        pytest.param(lambda heard: heard, id="an echo"),
        pytest.param(lambda _: "Cảm ơn bạn!", id="one that always thanks"),
        pytest.param(lambda _: "Tin nhắn tự động: tôi đang đi vắng", id="one that is away"),
        pytest.param(lambda _: "hủy", id="one that always leaves"),
        pytest.param(lambda _: "xong", id="one that always reports the same"),
        pytest.param(lambda _: "vướng: tôi đang nghỉ phép", id="one that always gives the same reason"),
        pytest.param(lambda _: "đang làm 60%", id="one that always gives the same figure"),
    ],
)
async def test_two_programs_that_answer_each_other_end(begin: Callable[..., World], says: Callable[[str], str]) -> None:
    world = await reminded(begin, **HELPER)
    heard = "Xin chào"

    turns = 0
    while turns < 50:
        await world.says("lan", says(heard))
        if not world._unread("lan"):
            break
        heard = world.hears("lan").out.text
        turns += 1

    assert turns <= 2 * bafflement.LIMIT
