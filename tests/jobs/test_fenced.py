"""Only who holds the lease claims and sends; what is rejected is reported; a part that failed is sent again alone."""

import asyncio
from dataclasses import dataclass, field, replace

import pytest

from bot.domain.delivery import Failure
from bot.jobs.air import AT_THE_GATE, HELD_UP
from bot.ports import Button, MayGo, Out, SendError, Sent, always
from bot.store import Store, lease, outbox
from bot.store.notices import NoticeKind
from bot.store.outbox import Lane, letters
from tests.fakes.channel import CAPS, FakeChannel
from tests.jobs.office import Office
from tests.store.builders import DAY, MINUTE, NOW, SECOND, letter, posted


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def takes_lease(office: Office, holder: str = "we") -> None:
    office.fence.epoch = office.store.write(lambda tx: lease.take(tx, holder=holder, life=MINUTE, by_force=True)) or -1


async def test_who_does_not_hold_the_lease_sends_nothing(office: Office) -> None:
    office.fence.is_held = False
    posted(office.store, letter("k"))

    await office.deliver()

    assert office.channel.tried == []
    assert office.states() == {"k": ("waiting", "")}


async def test_a_claim_is_refused_where_the_database_knows_of_a_newer_holder(office: Office) -> None:
    takes_lease(office)
    office.store.write(lambda tx: lease.take(tx, holder="another", life=MINUTE, by_force=True))
    posted(office.store, letter("k"))

    await office.deliver()

    assert office.channel.tried == []
    assert office.states() == {"k": ("waiting", "")}


async def test_the_holder_sends_under_its_epoch(office: Office) -> None:
    takes_lease(office)
    posted(office.store, letter("k"))

    await office.deliver()

    assert office.rows("epoch", "state") == {"k": (office.fence.epoch, "sent")}


async def test_what_lost_its_lease_on_the_way_is_not_sent_and_goes_back_untried(office: Office) -> None:
    gate = office.channel.hold("a")
    posted(office.store, letter("k"))
    await office.deliverer.send_waiting()
    await office.channel.until(lambda: office.channel.in_the_air == 1)

    office.fence.is_held = False
    gate.set()
    await office.deliverer.land()

    assert office.channel.sent == []
    assert office.rows("state", "attempts") == {"k": ("waiting", 0)}
    office.fence.is_held = True
    await office.deliver()
    assert office.channel.texts("a") == ["k"]


async def test_what_was_claimed_under_an_older_lease_is_not_sent_under_a_newer_one(office: Office) -> None:
    takes_lease(office)
    gate = office.channel.hold("a")
    posted(office.store, letter("k"))
    await office.deliverer.send_waiting()
    await office.channel.until(lambda: office.channel.in_the_air == 1)

    takes_lease(office, "we, later")  # meanwhile another may have had it, and declared the claim in doubt
    gate.set()
    await office.deliverer.land()

    assert office.channel.sent == []


async def test_who_takes_over_declares_in_doubt_what_the_other_was_sending_and_repeats_what_may_not_be_lost(
    office: Office,
) -> None:
    takes_lease(office, "another")
    posted(office.store, letter("remind"), letter("escalate", chat_id="b", lane=Lane.ESCALATION))
    office.store.write(lambda tx: outbox.claim(tx, now=NOW, limit=9, slowest=Lane.SUMMARY, epoch=office.fence.epoch))

    takes_lease(office)
    await office.deliver()

    assert office.states() == {
        "remind": ("in_doubt", "process_ended"),
        "escalate": ("sent", "repeated"),
        "escalate!": ("sent", ""),
    }


async def test_what_is_still_in_our_own_air_is_not_in_doubt_however_the_clock_leaps(office: Office) -> None:
    gate = office.channel.hold("a")
    posted(office.store, letter("k"))
    await office.deliverer.send_waiting()
    await office.channel.until(lambda: office.channel.in_the_air == 1)

    office.clock.set(NOW + DAY)
    await office.deliverer.send_waiting()
    assert office.states() == {"k": ("claimed", "")}
    gate.set()
    await office.deliver()

    assert office.states() == {"k": ("sent", "")}


async def test_a_claim_left_behind_by_this_very_epoch_is_found_when_its_time_is_past(office: Office) -> None:
    takes_lease(office)
    posted(office.store, letter("k"))
    claimed = {"limit": 1, "slowest": Lane.SUMMARY, "epoch": office.fence.epoch, "life": MINUTE}
    office.store.write(lambda tx: outbox.claim(tx, now=NOW, **claimed))

    await office.deliver()
    assert office.states() == {"k": ("claimed", "")}
    office.clock.set(NOW + MINUTE + SECOND)
    await office.deliver()

    assert office.states() == {"k": ("in_doubt", "process_ended")}


async def test_a_message_that_is_rejected_is_told_to_the_admins_once_a_day_without_saying_to_whom(
    office: Office,
) -> None:
    office.channel.script.extend(SendError(Failure.REJECTED, "Button_data_invalid") for _ in range(3))
    ids = posted(office.store, *(letter(key, chat_id=f"chat of {key}") for key in ("k", "l", "m")))

    await office.deliver()

    words = {"outbox": str(ids["k"]), "channel": "fake", "reason": "Button_data_invalid"}
    assert office.notices() == [(NoticeKind.MESSAGE_REJECTED, words)]
    assert office.states()["k"] == ("failed", "rejected: Button_data_invalid")


async def test_a_part_that_fails_is_sent_again_alone_and_in_its_place(office: Office) -> None:
    out = Out(text="Một câu. " * 30, buttons=((Button(text="Đã xong", action="s1"),),))
    rows = letters(replace(letter("k"), out=out), caps=replace(CAPS, max_text=100))
    assert len(rows) > 2
    posted(office.store, *rows)
    office.channel.script.extend([None, SendError(Failure.UNREACHABLE, "no line")])

    await office.passes(10 * SECOND)

    assert [out for _, out in office.channel.sent] == [row.out for row in rows]
    assert len(office.channel.tried) == len(rows) + 1
    assert [bool(out.buttons) for _, out in office.channel.sent] == [False] * (len(rows) - 1) + [True]


@dataclass
class SlowToAnswer(FakeChannel):
    """A network far away: messages leave at once, and nobody says for a while whether they arrived."""

    answers: asyncio.Event = field(default_factory=asyncio.Event)

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        assert may_go()
        self.tried.append((chat_id, out))
        await self._say_so()
        await self.answers.wait()
        return await super().send(chat_id, out)


async def test_who_is_past_the_gate_makes_room_for_the_next(office: Office) -> None:
    answers = asyncio.Event()
    office.channel = SlowToAnswer(answers=answers)
    office.deliverer = office.another()
    posted(office.store, *(letter(f"c{number}", chat_id=f"c{number}") for number in range(3 * AT_THE_GATE)))
    running = asyncio.create_task(office.deliverer.run(every=60))

    await office.channel.until(lambda: len(office.channel.tried) == 3 * AT_THE_GATE)

    assert office.channel.sent == []  # all of them wait for their answers at once
    answers.set()
    await office.channel.until(lambda: len(office.channel.sent) == 3 * AT_THE_GATE)
    running.cancel()
    await asyncio.wait([running])


async def test_who_waits_long_for_its_own_chat_stands_in_nobodys_way(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    chats = [f"c{number}" for number in range(AT_THE_GATE + 1)]
    gates = [office.channel.hold(chat) for chat in chats[:-1]]
    posted(office.store, *(letter(chat, chat_id=chat) for chat in chats))
    await office.deliverer.send_waiting()
    assert await office.deliverer.send_waiting() == 0

    loop = asyncio.get_running_loop()
    later = loop.time() + HELD_UP + 1
    monkeypatch.setattr(loop, "time", lambda: later)
    took_off = await office.deliverer.send_waiting()
    monkeypatch.undo()

    assert took_off == 1
    for gate in gates:
        gate.set()
    await office.deliverer.land()
    assert len(office.channel.sent) == len(chats)
