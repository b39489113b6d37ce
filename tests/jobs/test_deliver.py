"""Sending: a claim before every request, a record after it, nobody's answer behind a wave of reminders."""

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.domain.delivery import Failure
from bot.domain.plan import Role
from bot.jobs.air import AT_THE_GATE
from bot.jobs.deliver import Deliverer
from bot.ports import File, Out, SendError
from bot.store import Store, contacts, outbox, people
from bot.store.outbox import Lane
from bot.store.tables import outbox as table
from tests.fakes.channel import FakeChannel
from tests.jobs.office import FOLDER, Office
from tests.store.builders import HOUR, MINUTE, NOW, SECOND, joined, letter, posted


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


async def test_a_message_is_sent_and_recorded_with_its_id(office: Office) -> None:
    posted(office.store, letter("k"))

    await office.deliver()

    row = office.store.read(lambda tx: tx.execute(select(table)).one())
    assert office.channel.texts("a") == ["k"]
    assert (row.state, row.message_id, row.settled_at, row.attempts) == ("sent", "m1", NOW, 1)


async def test_outside_office_hours_only_answers_leave(office: Office) -> None:
    posted(office.store, *(letter(lane.name, lane=lane) for lane in Lane))
    office.is_open = False

    await office.deliver()
    by_night = office.channel.texts("a")
    office.is_open = True
    await office.deliver()

    assert by_night == [Lane.ANSWER.name]
    assert sorted(office.channel.texts("a")) == sorted(lane.name for lane in Lane)


async def test_a_claim_is_on_disk_before_the_request_leaves(office: Office) -> None:
    seen: list[tuple[str, str]] = []

    async def look(_chat: str, _out: Out) -> None:
        with Store(office.store.url) as other:  # another connection sees only what is committed
            seen.append(other.read(lambda tx: tx.execute(select(table.c.state, table.c.settled_at)).one()))

    office.channel.on_send = look
    posted(office.store, letter("k"))

    await office.deliver()

    assert [tuple(row) for row in seen] == [("claimed", None)]


async def test_a_file_is_sent_from_the_home_of_today(office: Office) -> None:
    file = File(path="summaries/2022-W39.png", name="Tuần 39.png", media="image/png")
    posted(office.store, replace(letter("k"), out=Out(text="Biểu đồ", file=file)))

    await office.deliver()

    ((_, out),) = office.channel.sent
    assert out == Out(text="Biểu đồ", file=replace(file, path=f"{FOLDER}/summaries/2022-W39.png"))


async def test_an_empty_outbox_sends_nothing(office: Office) -> None:
    assert await office.deliverer.send_waiting() == 0


async def test_a_chat_that_is_gone_is_marked_and_not_tried_again(office: Office) -> None:
    office.store.write(lambda tx: joined(tx, "a"))
    office.channel.script.append(SendError(Failure.CHAT_GONE, "blocked by the user"))
    posted(office.store, letter("k"))

    await office.deliver()
    office.clock.set(NOW + HOUR)
    await office.deliver()

    assert office.states() == {"k": ("failed", "chat_gone")}
    assert len(office.channel.tried) == 1
    assert office.store.read(lambda tx: contacts.addressees(tx, Role.FOCAL)) == {}


def group(store: Store, chat_id: str) -> None:
    store.write(lambda tx: people.register_group(tx, channel="fake", chat_id=chat_id, title="N", person_id=1, now=NOW))


def moved(to: str) -> SendError:
    return SendError(Failure.CHAT_MOVED, "the group was upgraded", moved_to=to)


async def test_a_group_that_moved_gets_the_same_letter_once_at_its_new_id(office: Office) -> None:
    group(office.store, "-1")
    office.channel.script.append(moved("-100"))
    before = posted(office.store, letter("k", chat_id="-1"))

    await office.deliver()

    assert [chat for chat, _ in office.channel.tried] == ["-1", "-100"]
    assert office.states() == {"k": ("sent", "chat_moved")} or office.states() == {"k": ("sent", "")}
    assert posted(office.store, letter("k", chat_id="-1")) == before
    assert [each.chat_id for each in office.store.read(people.groups)] == ["-100"]


async def test_a_group_that_keeps_moving_is_given_up(office: Office) -> None:
    office.channel.script.extend([moved("-2"), moved("-3"), moved("-4")])
    posted(office.store, letter("k", chat_id="-1"))

    await office.deliver()

    assert [chat for chat, _ in office.channel.tried] == ["-1", "-2"]
    assert office.states() == {"k": ("failed", "chat_moved")}


async def test_a_group_that_moved_after_another_failure_is_followed_too(office: Office) -> None:
    office.channel.script.extend([SendError(Failure.UNREACHABLE, "no line"), moved("-100")])
    posted(office.store, letter("k", chat_id="-1"))

    await office.deliver()
    office.clock.set(NOW + MINUTE)
    await office.deliver()

    assert office.channel.texts("-100") == ["k"]


async def test_a_group_known_already_under_its_new_id_is_followed_too(office: Office) -> None:
    group(office.store, "-1")
    group(office.store, "-100")
    office.channel.script.append(moved("-100"))
    posted(office.store, letter("k", chat_id="-1"))

    await office.deliver()

    assert office.channel.texts("-100") == ["k"]
    assert [each.chat_id for each in office.store.read(people.groups)] == ["-100"]


@pytest.mark.parametrize("failure", [Failure.THROTTLED, Failure.UNREACHABLE])
async def test_what_can_be_tried_again_waits_its_time(office: Office, failure: Failure) -> None:
    office.channel.script.append(SendError(failure, "later", retry_after=timedelta(minutes=3)))
    posted(office.store, letter("k"))

    await office.deliver()
    assert office.states() == {"k": ("waiting", str(failure))}
    office.clock.set(NOW + 3 * MINUTE - SECOND)
    await office.deliver()
    assert len(office.channel.tried) == 1
    office.clock.set(NOW + 3 * MINUTE)
    await office.deliver()

    assert office.channel.texts("a") == ["k"]


async def test_a_line_that_stays_dead_is_given_up_when_the_message_is_worth_nothing(office: Office) -> None:
    office.channel.script.extend([SendError(Failure.UNREACHABLE, "no line")] * 99)
    posted(office.store, letter("k", lane=Lane.ANSWER))

    for _ in range(100):
        await office.deliver()
        office.clock.set(office.clock.now() + SECOND)

    assert office.states() == {"k": ("failed", "unreachable")}
    assert [moment - NOW for moment in office.moments] == [0 * SECOND, 5 * SECOND, 15 * SECOND, 35 * SECOND]
    assert office.channel.sent == []


@pytest.mark.parametrize(
    ("failure", "state"),
    [(Failure.IN_DOUBT, ("in_doubt", "in_doubt")), (Failure.REJECTED, ("failed", "rejected: why"))],
)
async def test_what_may_have_arrived_or_never_will_is_not_sent_again(
    office: Office, failure: Failure, state: tuple[str, str]
) -> None:
    office.channel.script.append(SendError(failure, "why"))
    posted(office.store, letter("k"))

    for hours in range(4):
        office.clock.set(NOW + hours * HOUR)
        await office.deliver()

    assert len(office.channel.tried) == 1
    assert office.states() == {"k": state}


async def test_a_channel_that_was_switched_off_is_waited_for(office: Office) -> None:
    posted(office.store, letter("k", channel="zalo"))

    await office.deliver()

    assert office.states() == {"k": ("waiting", "unreachable")}


async def test_what_one_chat_is_sent_arrives_in_order_and_chats_do_not_wait_for_each_other(office: Office) -> None:
    gate = office.channel.hold("a")
    posted(office.store, *(letter(f"{chat}{number}", chat_id=chat) for number in range(3) for chat in "ab"))

    running = asyncio.create_task(office.deliverer.run(every=60))
    await office.channel.until(lambda: len(office.channel.texts("b")) == 3)
    assert office.channel.texts("a") == []
    gate.set()
    await office.channel.until(lambda: len(office.channel.texts("a")) == 3)
    running.cancel()
    await asyncio.wait([running])

    assert office.channel.texts("a") == ["a0", "a1", "a2"]
    assert office.channel.texts("b") == ["b0", "b1", "b2"]


async def test_a_letter_that_comes_while_others_of_its_chat_wait_their_turn_does_not_overtake(office: Office) -> None:
    gates = {f"a{number}": asyncio.Event() for number in range(4)}
    overlap: list[int] = []

    async def wait(_chat: str, out: Out) -> None:
        overlap.append(office.channel.in_the_air)
        await gates[out.text].wait()

    office.channel.on_send = wait
    posted(office.store, *(letter(f"a{number}") for number in range(3)))
    running = asyncio.create_task(office.deliverer.run(every=60))
    await office.channel.until(lambda: len(office.channel.tried) == 1)
    gates["a0"].set()
    await office.channel.until(lambda: len(office.channel.tried) == 2)  # the first has landed, the second is in the air

    posted(office.store, letter("a3"))
    office.deliverer.wake()
    for gate in gates.values():
        gate.set()
    await office.channel.until(lambda: len(office.channel.texts("a")) == 4)
    running.cancel()
    await asyncio.wait([running])

    assert office.channel.texts("a") == ["a0", "a1", "a2", "a3"]
    assert max(overlap) == 1


async def test_the_parts_of_a_message_stay_in_order_when_the_first_is_throttled(office: Office) -> None:
    office.channel.script.append(SendError(Failure.THROTTLED, "later", retry_after=10 * SECOND))
    posted(office.store, letter("k#1"), letter("k#2"))

    await office.deliver()
    office.clock.set(NOW + 10 * SECOND)
    await office.deliver()
    office.clock.set(NOW + MINUTE)
    await office.deliver()

    assert office.channel.texts("a") == ["k#1", "k#2"]


async def test_a_wave_of_reminders_leaves_room_for_answers(office: Office) -> None:
    chats = [f"c{number}" for number in range(3 * AT_THE_GATE)]
    gates = [office.channel.hold(chat) for chat in chats]
    posted(office.store, *(letter(chat, chat_id=chat) for chat in chats))
    while await office.deliverer.send_waiting():
        pass
    await office.channel.until(lambda: office.channel.in_the_air == AT_THE_GATE)

    posted(office.store, letter("answer", lane=Lane.ANSWER))
    await office.deliverer.send_waiting()
    await office.channel.until(lambda: office.channel.texts("a") == ["answer"])

    assert office.channel.in_the_air == AT_THE_GATE
    for gate in gates:
        gate.set()
    await office.deliver()
    assert len(office.channel.sent) == 3 * AT_THE_GATE + 1
    assert office.channel.most_in_the_air <= AT_THE_GATE + 1


async def test_at_a_shutdown_what_is_in_the_air_lands(office: Office) -> None:
    gate = office.channel.hold("a")
    posted(office.store, letter("k"))
    running = asyncio.create_task(office.deliverer.run(every=60))
    await office.channel.until(lambda: office.channel.in_the_air == 1)

    running.cancel()
    await asyncio.sleep(0)
    assert not running.done()
    gate.set()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert office.states() == {"k": ("sent", "")}


class SlowStore(Store):
    """A store whose claims wait for a gate after they are committed, as on a busy disk."""

    claimed: asyncio.Event
    gate: asyncio.Event

    async def awrite(self, work):
        found = await super().awrite(work)
        if isinstance(found, tuple) and found:
            self.claimed.set()
            await self.gate.wait()
        return found


async def test_a_shutdown_in_the_middle_of_a_claim_loses_nothing(sqlite_store: Store) -> None:
    with SlowStore(sqlite_store.url) as store:
        store.claimed, store.gate = asyncio.Event(), asyncio.Event()
        office = Office(store)
        posted(store, letter("k"))
        running = asyncio.create_task(office.deliverer.run(every=60))
        await store.claimed.wait()

        running.cancel()
        await asyncio.sleep(0)
        store.gate.set()
        with pytest.raises(asyncio.CancelledError):
            await running

        assert office.states()["k"][0] in ("sent", "waiting")


async def test_a_process_that_died_in_mid_air_leaves_a_doubt_and_no_second_message(office: Office) -> None:
    posted(office.store, letter("k"), letter("l", chat_id="b"))
    office.store.write(lambda tx: outbox.claim(tx, now=NOW, limit=1, slowest=Lane.SUMMARY))

    running = asyncio.create_task(office.deliverer.run(every=60))
    await office.channel.until(lambda: office.channel.texts("b") == ["l"])
    running.cancel()
    await asyncio.wait([running])

    assert office.states()["k"] == ("in_doubt", "process_ended")
    assert office.channel.texts("a") == []


async def test_new_letters_are_sent_when_the_deliverer_is_woken(office: Office) -> None:
    running = asyncio.create_task(office.deliverer.run(every=60))
    posted(office.store, letter("k"))

    office.deliverer.wake()
    await office.channel.until(lambda: office.channel.texts("a") == ["k"])

    running.cancel()
    await asyncio.wait([running])


class FallingChannel(FakeChannel):
    """A channel with a defect: it raises what the border does not allow."""

    async def send(self, chat_id: str, out: Out, **_: object):
        self.tried.append((chat_id, out))
        raise RuntimeError("a defect")


async def test_a_channel_with_a_defect_leaves_a_record_and_stops_nobody(office: Office) -> None:
    falling = FallingChannel()
    office.deliverer = Deliverer(
        office.store,
        {"fake": office.channel, "falling": falling},
        office.clock.now,
        folder=FOLDER,
        is_open=lambda _: True,
    )
    posted(office.store, letter("bad", channel="falling"), letter("good"))

    await office.deliver()

    assert office.channel.texts("a") == ["good"]
    assert office.states()["bad"][0] in ("failed", "in_doubt")


class HiccupStore(Store):
    """A store that is away once, as while a database server restarts: at its second writing, the first claim."""

    writings = 0

    async def awrite(self, work):
        self.writings += 1
        if self.writings == 2:
            raise OSError("the database is away")
        return await super().awrite(work)


async def test_a_database_that_was_away_for_a_moment_does_not_end_the_sending(
    sqlite_store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    with HiccupStore(sqlite_store.url) as store:
        office = Office(store)
        posted(store, letter("k"))
        running = asyncio.create_task(office.deliverer.run(every=0.01))

        arrived = asyncio.create_task(office.channel.until(lambda: office.channel.texts("a") == ["k"]))
        await asyncio.wait([running, arrived], return_when=asyncio.FIRST_COMPLETED)
        for task in (running, arrived):
            task.cancel()
        await asyncio.wait([running, arrived])

        assert office.states() == {"k": ("sent", "")}
