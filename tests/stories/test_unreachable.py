"""People who cannot be reached: others are asked instead, the admins hear of it, and one message mends it."""

from collections.abc import Callable

from bot.channels.local import CHANNEL
from bot.domain.delivery import Failure
from bot.ports import MayGo, Out, SendError, Sent, always
from bot.store import Tx, contacts, ledger, notices, people
from bot.store.notices import NoticeKind
from tests.world import World

ONE = """
  - id: R5
    title: Quán triệt kỷ luật, kỷ cương hành chính
    owners: [snv]
    due: 07/10/2022
"""


class Blocked:
    """The page's channel, on which some have blocked the bot."""

    def __init__(self, world: World, *who: str) -> None:
        self._inner = world.house.local
        self.who = set(who)
        self.caps = self._inner.caps
        channels = world.house.channels
        assert isinstance(channels, dict)
        channels[CHANNEL] = self

    def __getattr__(self, name: str) -> object:
        return getattr(self._inner, name)

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        self._refuse(chat_id)
        return await self._inner.send(chat_id, out, may_go=may_go)

    async def reach(self, chat_id: str) -> None:
        self._refuse(chat_id)

    def _refuse(self, chat_id: str) -> None:
        if chat_id in self.who:
            raise SendError(Failure.CHAT_GONE, "Forbidden: bot was blocked by the user")


def fates(world: World) -> list[tuple[str, str, str]]:
    return [(line.step, line.fate, line.reason) for line in world.store.read(ledger.lines)]


def standing(world: World) -> list[NoticeKind]:
    return [each.kind for each in world.store.read(notices.standing)]


async def test_the_head_is_asked_while_no_focal_point_can_be_reached_and_is_told_why(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-30 07:31", tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("son", unit="snv", role="head")
    Blocked(world, "lan")
    await world.until("2022-09-30 09:00")  # found out by the first reminder
    world.nobody_hears_more()

    await world.until("2022-10-04 08:01")

    asked = world.hears("son", "Kính gửi đồng chí son", "không gửi được tới đầu mối của đơn vị", "R5", "còn 3 ngày")
    assert fates(world) == [("-7d", "failed", "chat_gone"), ("-3d", "sent", "")]
    await world.presses(asked, "Đang thực hiện")
    world.hears("son", "Đã ghi nhận", "Đang thực hiện")


async def test_the_head_is_not_asked_instead_while_one_focal_point_can_be_reached(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-10-04 07:31", tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("mai", unit="snv", role="focal")
    await world.joins("son", unit="snv", role="head")
    world.store.write(
        lambda tx: contacts.mark_gone(tx, channel=CHANNEL, chat_id="lan", why="left", now=world.clock.now())
    )

    await world.until("2022-10-04 08:01")

    assert "không gửi được" not in world.hears("mai", "R5").whole


async def test_a_message_from_the_person_mends_it_and_the_focal_point_is_asked_again(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-30 07:31", tasks=ONE)
    await world.joins("lan", unit="snv", role="focal")
    await world.joins("son", unit="snv", role="head")
    channel = Blocked(world, "lan")
    await world.until("2022-09-30 09:00")
    assert standing(world) == [NoticeKind.CONTACT_GONE]

    channel.who.clear()
    await world.says("lan", "/nhiemvu")
    world.hears("lan", "R5")
    await world.until("2022-10-04 08:01")

    world.hears("lan", "R5", "còn 3 ngày")
    assert standing(world) == []


async def test_the_admins_hear_once_of_whoever_is_gone_by_unit_and_role_and_never_by_name(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-09-30 07:31", tasks=ONE)
    await world.joins("quan", unit="vpubnd", role="admin")
    await world.joins("nguyenthilan", unit="snv", role="focal")
    Blocked(world, "nguyenthilan")

    await world.until("2022-09-30 17:00")

    told = world.hears("quan", "Sở Nội vụ", "đầu mối", "đã chặn kênh", "30/09/2022")
    assert "nguyenthilan" not in told.whole
    await world.until("2022-10-03 17:00")
    world.nobody_hears_more()


async def test_of_a_unit_with_nobody_left_the_admins_hear_once_until_somebody_joins(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-10-04 07:31", tasks=ONE)
    await world.joins("quan", unit="vpubnd", role="admin")
    await world.joins("lan", unit="snv", role="focal")
    revoke(world, "lan")

    await world.until("2022-10-06 09:00")  # two steps had nobody to go to

    world.hears("quan", "Sở Nội vụ không còn ai nhận được tin")
    world.nobody_hears_more()
    assert fates(world)[1:] == [("-3d", "suppressed", "no_contact"), ("-1d", "suppressed", "no_contact")]
    await world.joins("son", unit="snv", role="head")
    assert standing(world) == []
    await world.until("2022-10-07 08:30")
    world.hears("son", "R5", "đến hạn hôm nay", "không gửi được tới đầu mối")


async def test_a_unit_that_has_not_joined_yet_is_no_news_to_the_admins(begin: Callable[..., World]) -> None:
    world = begin("2022-10-04 07:31", tasks=ONE)
    await world.joins("quan", unit="vpubnd", role="admin")

    await world.until("2022-10-06 09:00")

    assert standing(world) == []
    assert fates(world)[1:] == [("-3d", "suppressed", "no_contact"), ("-1d", "suppressed", "no_contact")]


def revoke(world: World, who: str) -> None:
    def work(tx: Tx) -> None:
        person = people.by_chat(tx, channel=CHANNEL, user_id=who)
        assert person is not None
        people.revoke(tx, person_id=person.id, now=world.clock.now())

    world.store.write(work)


async def test_a_unit_whose_head_was_asked_counts_as_asked(begin: Callable[..., World]) -> None:
    world = begin("2022-10-07 07:31", tasks=ONE)
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.joins("son", unit="snv", role="head")

    await world.until("2022-10-07 16:00")

    world.hears("son", "R5", "đến hạn hôm nay")
    page = world.reads_week("phuc", 40, "Đã hỏi được 1/1 đơn vị")
    assert "hiện không còn ai nhận được tin" not in page.whole


async def test_who_blocked_the_bot_is_found_out_silently_and_named_in_the_next_summary(
    begin: Callable[..., World],
) -> None:
    world = begin("2022-10-03 07:31", tasks=ONE.replace("07/10/2022", "31/10/2022"))
    await world.joins("phuc", unit="vpubnd", role="manager")
    await world.joins("lan", unit="snv", role="focal")
    Blocked(world, "lan")
    await world.until("2022-10-03 08:59")
    assert not await world.house.reacher.round()
    await world.until("2022-10-03 09:00")
    while await world.house.reacher.round():
        pass

    assert standing(world) == [NoticeKind.CONTACT_GONE]
    await world.until("2022-10-07 16:00")

    world.reads_week("phuc", 40, "7. Chưa gửi được\n- Sở Nội vụ: hiện không còn ai nhận được tin.")
