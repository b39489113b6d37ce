"""A message that left and was never answered: said again only where nothing else would say it, and then marked."""

import re
from collections.abc import Callable

from bot.channels.local import CHANNEL
from bot.domain.delivery import Failure
from bot.ports import MayGo, Out, SendError, Sent, always
from bot.store import ledger
from tests.world import World

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""


class Doubtful:
    """The page's channel, whose answers get lost: what it is given arrives, but it says it does not know."""

    def __init__(self, world: World, *, losing: int) -> None:
        self._inner = world.house.local
        self._losing = losing
        self.arrived: list[Out] = []
        self.caps = self._inner.caps
        channels = world.house.channels
        assert isinstance(channels, dict)
        channels[CHANNEL] = self

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        if self._losing:
            self._losing -= 1
            self.arrived.append(out)
            raise SendError(Failure.IN_DOUBT, "no answer")
        return await self._inner.send(chat_id, out, may_go=may_go)


def fates(world: World) -> list[tuple[str, str, str]]:
    return [(line.step, line.fate, line.reason) for line in world.store.read(ledger.lines)]


async def asked(begin: Callable[..., World], moment: str) -> World:
    world = begin(moment, tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    return world


async def test_an_ordinary_reminder_in_doubt_is_left_to_the_next_step(begin: Callable[..., World]) -> None:
    world = await asked(begin, "2022-09-30 07:30")
    channel = Doubtful(world, losing=1)

    await world.until("2022-10-03 17:00")
    world.nobody_hears_more()
    await world.until("2022-10-04 08:00")

    assert len(channel.arrived) == 1
    assert "có thể trùng" not in world.hears("lan", "còn 3 ngày").whole
    assert fates(world) == [("-7d", "in_doubt", "in_doubt"), ("-3d", "sent", "")]


async def test_the_last_reminder_in_doubt_is_sent_once_more_marked_with_the_same_reference(
    begin: Callable[..., World],
) -> None:
    world = await asked(begin, "2022-10-07 07:30")
    channel = Doubtful(world, losing=1)

    await world.until("2022-10-07 12:00")

    again = world.hears("lan", "có thể trùng", "đến hạn hôm nay")
    reference = re.search(r"Mã tin: (\w+)", channel.arrived[0].text)
    assert reference is not None
    assert f"Mã tin: {reference[1]}" in again.whole
    assert "có thể trùng" not in channel.arrived[0].heading
    assert fates(world)[-1] == ("0d", "sent", "repeated")


async def test_a_repeat_in_doubt_is_not_repeated_again(begin: Callable[..., World]) -> None:
    world = await asked(begin, "2022-10-07 07:30")
    channel = Doubtful(world, losing=2)

    await world.until("2022-10-07 17:00")

    assert len(channel.arrived) == 2
    assert fates(world)[-1] == ("0d", "in_doubt", "in_doubt")


async def test_a_press_shows_that_a_message_in_doubt_had_arrived(begin: Callable[..., World]) -> None:
    world = await asked(begin, "2022-09-30 07:30")
    channel = Doubtful(world, losing=1)
    await world.until("2022-09-30 08:00")
    (arrived,) = channel.arrived

    await world.presses_action("lan", arrived.buttons[0][1].action)

    world.hears("lan", "Đã ghi nhận", "Đang thực hiện")
    assert fates(world) == [("-7d", "sent", "pressed")]


async def test_a_unit_of_which_all_is_in_doubt_is_not_called_late_and_the_summary_says_so(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-10-07 07:30", tasks=ONE)
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.joins("lan", unit="snv", role="focal")
    Doubtful(world, losing=99)
    await world.until("2022-10-14 15:00")
    Doubtful(world, losing=0)

    await world.until("2022-10-14 16:00")

    world.reads_week(
        "phuc",
        41,
        "Đã hỏi được 0/1 đơn vị",
        "chưa xác định đã đến hay chưa",
        "quá hạn chưa hoàn thành 0",
        "Chưa hỏi được: 1 nhiệm vụ",
    )


async def test_a_reference_that_is_typed_shows_that_its_message_had_arrived(begin: Callable[..., World]) -> None:
    world = await asked(begin, "2022-10-07 07:30")
    channel = Doubtful(world, losing=2)
    await world.until("2022-10-07 17:00")
    number = channel.arrived[0].text.rpartition(" ")[2].strip(" .")

    await world.says("lan", f"đã nhận {number.lower()}")

    world.hears("lan")
    assert fates(world)[-1] == ("0d", "sent", "named")
