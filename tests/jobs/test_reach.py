"""The weekly silent check: everybody once a week, in office hours, without anybody seeing anything."""

from datetime import date, datetime, timedelta

import pytest

from bot.domain.calendar import Calendar
from bot.domain.delivery import Failure
from bot.jobs.reach import REST, Reacher, week_begins
from bot.ports import SendError
from bot.store import Store, contacts, lines, notices, people, reachability
from bot.store.tables import contact
from tests.builders import local
from tests.fakes.channel import FakeChannel
from tests.store.builders import DAY, HOUR, NOW, joined
from tests.world import HandClock

MONDAY = NOW + HOUR  # 09:00
BLOCKED = SendError(Failure.CHAT_GONE, "Forbidden: bot was blocked by the user")
SUNDAY = NOW - DAY


class Shut:
    """The fence of a process that does not lead."""

    epoch = 1

    def holds(self) -> bool:
        return False


class Check:
    """A store with two people, a channel, a clock, and who checks."""

    def __init__(self, store: Store, *chats: str) -> None:
        self.store = store
        self.clock = HandClock(MONDAY)
        self.channel = FakeChannel()
        for chat in chats:
            store.write(lambda tx, c=chat: joined(tx, c, now=SUNDAY))
        self.begin()

    def begin(self, **settings: object) -> None:
        calendar = settings.pop("calendar", Calendar())
        self.reacher = Reacher(
            self.store, {"fake": self.channel}, self.clock.now, calendar=lambda: calendar, **settings
        )

    async def all(self) -> list[str]:
        before = len(self.channel.reached)
        while await self.reacher.round():
            pass
        return self.channel.reached[before:]

    def gone(self) -> dict[str, str]:
        chosen = contact.select().where(contact.c.gone_at.is_not(None))
        return {row.chat_id: row.gone_why for row in self.store.read(lambda tx: tx.execute(chosen).all())}


@pytest.fixture
def check(store: Store) -> Check:
    return Check(store, "a", "b")


async def test_everybody_is_asked_after_once_a_week(check: Check) -> None:
    assert await check.all() == ["a", "b"]
    check.clock.set(MONDAY + 4 * DAY)
    assert await check.all() == []
    check.clock.set(MONDAY + 7 * DAY)
    assert await check.all() == ["a", "b"]
    assert check.channel.sent == []


async def test_after_a_restart_it_goes_on_where_it_was(check: Check) -> None:
    await check.reacher.round()
    check.begin()

    assert await check.all() == ["b"]


@pytest.mark.parametrize(
    "moment",
    [
        pytest.param("2022-09-26 08:59", id="before nine on Monday"),
        pytest.param("2022-09-26 12:00", id="at noon"),
        pytest.param("2022-09-27 17:30", id="after work"),
        pytest.param("2022-10-01 09:00", id="on Saturday"),
    ],
)
async def test_nobody_is_asked_after_outside_its_hours(check: Check, moment: str) -> None:
    check.clock.set(local(moment))

    assert await check.all() == []


def test_the_week_begins_on_its_first_working_day() -> None:
    off = Calendar(days_off=frozenset({date(2022, 9, 26), date(2022, 9, 27)}))

    assert week_begins(Calendar(), NOW + 3 * DAY) == MONDAY
    assert week_begins(off, NOW) == MONDAY + 2 * DAY


async def test_a_chat_that_is_gone_is_marked_and_the_admins_hear_of_it(check: Check) -> None:
    check.channel.unreachable["a"] = BLOCKED

    await check.all()

    assert check.gone() == {"a": "silent check: Forbidden: bot was blocked by the user"}
    (notice,) = check.store.read(notices.standing)
    assert notice.words["reason"] == contacts.Gone.BLOCKED
    check.clock.set(MONDAY + 7 * DAY)
    assert await check.all() == ["b"]


@pytest.mark.parametrize("failure", [each for each in Failure if each is not Failure.CHAT_GONE])
async def test_any_other_failure_says_nothing_of_the_chat_and_is_asked_again_later(
    check: Check, failure: Failure
) -> None:
    check.channel.unreachable["a"] = SendError(failure, "no")

    assert await check.all() == ["a", "b"]

    assert check.gone() == {}
    assert await check.all() == []
    check.channel.unreachable.clear()
    check.clock.set(MONDAY + REST)
    assert await check.all() == ["a"]


async def test_a_channel_that_breaks_its_promise_stops_nobody(check: Check) -> None:
    check.channel.unreachable["a"] = ValueError("oh")  # type: ignore[assignment]

    assert await check.all() == ["a", "b"]
    assert check.gone() == {}


async def test_a_channel_that_is_down_is_left_alone(check: Check) -> None:
    check.store.write(lambda tx: lines.mark_down(tx, "fake", reason=Failure.UNREACHABLE, now=NOW))

    assert await check.all() == []


async def test_only_the_process_that_leads_asks(check: Check) -> None:
    check.begin(fence=Shut())

    assert await check.all() == []


async def test_nobody_is_asked_after_who_is_not_written_to(check: Check) -> None:
    first = check.store.write(lambda tx: joined(tx, "a", now=SUNDAY))
    check.store.write(lambda tx: people.revoke(tx, person_id=first, now=NOW))
    check.store.write(lambda tx: joined(tx, "c", channel="another", now=SUNDAY))

    assert await check.all() == ["b"]


async def test_who_joined_since_is_known_to_be_there(check: Check) -> None:
    check.clock.set(MONDAY + DAY)
    check.store.write(lambda tx: joined(tx, "c", now=MONDAY + HOUR))

    assert await check.all() == ["a", "b"]


async def test_no_transaction_is_open_while_the_network_is_asked(sqlite_store: Store) -> None:
    check = Check(sqlite_store, "a")

    class Looking(FakeChannel):
        async def reach(self, chat_id: str) -> None:
            check.store.write(lambda tx: people.set_language(tx, person_id=1, language="en"))  # waits for nobody
            await super().reach(chat_id)

    check.channel = Looking()
    check.begin()

    assert await check.all() == ["a"]


def lost(store: Store, as_of: datetime) -> frozenset[str]:
    return store.read(lambda tx: reachability.lost_units(tx, as_of=as_of))


def test_a_unit_is_lost_once_the_last_who_is_asked_for_it_is_gone(store: Store) -> None:
    for chat, unit in (("a", "stc"), ("b", "stc"), ("c", "snv")):
        store.write(lambda tx, c=chat, u=unit: joined(tx, c, unit=u, now=SUNDAY))
    for chat, after in (("a", 0), ("b", 1)):
        moment = NOW + timedelta(hours=after)
        store.write(lambda tx, c=chat, m=moment: contacts.mark_gone(tx, channel="fake", chat_id=c, why="", now=m))

    assert lost(store, NOW) == frozenset()
    assert lost(store, NOW + HOUR) == {"stc"}
    store.write(lambda tx: contacts.mark_back(tx, channel="fake", chat_id="a"))
    assert lost(store, NOW + HOUR) == frozenset()
