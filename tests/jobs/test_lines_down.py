"""A channel that is down as a whole: one probe at a time, nobody's tries burnt, and everything goes when it works."""

from datetime import timedelta

import pytest

from bot.domain.delivery import Failure
from bot.ports import SendError
from bot.store import Store, lines, outbox
from bot.store.notices import NoticeKind
from bot.store.outbox import Lane
from tests.jobs.office import Office
from tests.store.builders import MINUTE, NOW, SECOND, joined, letter, posted

CHATS = [f"c{number}" for number in range(20)]


@pytest.fixture
def office(store: Store) -> Office:
    return Office(store)


def fails(failure: Failure, times: int) -> list[SendError]:
    return [SendError(failure, "no line") for _ in range(times)]


def is_down(office: Office) -> bool:
    return "fake" in office.store.read(lines.down_since)


def tries(office: Office) -> dict[str, int]:
    return {key: row[0] for key, row in office.rows("attempts").items()}


async def test_five_chats_that_fail_in_a_row_are_the_channel_and_the_others_keep_their_tries(office: Office) -> None:
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS))
    office.channel.script.extend(fails(Failure.UNREACHABLE, 99))

    await office.deliver()
    tried = len(office.channel.tried)
    await office.passes(2 * MINUTE)

    assert is_down(office)
    assert 5 <= tried <= 8  # what was in the air already
    assert len(office.channel.tried) - tried == 4  # 5, 10, 20 and 40 s after each other
    assert sum(tries(office).values()) <= tried
    assert {state for state, _ in office.states().values()} == {"waiting"}
    assert office.notices() == [(NoticeKind.CHANNEL_DOWN, {"channel": "fake", "reason": "unreachable"})]


async def test_when_it_works_again_all_go_on(office: Office) -> None:
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS))
    office.channel.script.extend(fails(Failure.UNREACHABLE, 8))

    await office.deliver()
    assert is_down(office)
    await office.passes(6 * SECOND)

    assert not is_down(office)
    assert sorted(out.text for _, out in office.channel.sent) == sorted(CHATS)
    assert office.notices() == []


@pytest.mark.parametrize(
    ("failed", "waiting", "expected"),
    [
        pytest.param(2, 0, False, id="two"),
        pytest.param(3, 0, True, id="three, and nobody else waits"),
        pytest.param(4, 1, False, id="four, and somebody else waits"),
        pytest.param(5, 1, True, id="five"),
    ],
)
async def test_how_many_chats_are_the_channel(office: Office, failed: int, waiting: int, expected: bool) -> None:
    posted(office.store, *(letter(chat, chat_id=chat, lane=Lane.ANSWER) for chat in CHATS[:failed]))
    if waiting:  # by day, behind the answers
        office.is_open = False
        posted(office.store, letter("other", chat_id="other"))
    office.channel.script.extend(fails(Failure.UNREACHABLE, failed))

    await office.deliver()

    assert is_down(office) is expected


async def test_one_chat_that_fails_again_and_again_is_not_the_channel(office: Office) -> None:
    office.channel.script.extend(fails(Failure.UNREACHABLE, 9))
    posted(office.store, letter("k"))

    await office.passes(5 * MINUTE)

    assert not is_down(office)
    assert len(office.channel.tried) >= 5


async def test_a_success_between_failures_begins_the_count_anew(office: Office) -> None:
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS[:9]))
    office.channel.script.extend([*fails(Failure.UNREACHABLE, 4), None, *fails(Failure.UNREACHABLE, 4)])
    for _ in range(9):
        await office.deliver_one()

    assert not is_down(office)


@pytest.mark.parametrize("failure", [Failure.THROTTLED, Failure.CHAT_GONE])
async def test_a_network_that_answers_is_not_down_whatever_it_says(office: Office, failure: Failure) -> None:
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS))
    office.channel.script.extend(fails(failure, 20))

    await office.deliver()

    assert not is_down(office)


async def test_a_refused_token_is_enough_once_and_a_probe_that_is_let_in_ends_it(office: Office) -> None:
    office.channel.script.extend(fails(Failure.UNAUTHORIZED, 2))
    posted(office.store, letter("k"))

    await office.deliver()
    assert office.notices() == [(NoticeKind.CHANNEL_DOWN, {"channel": "fake", "reason": "unauthorized"})]
    await office.passes(20 * SECOND)

    assert [moment - NOW for moment in office.moments] == [0 * SECOND, 5 * SECOND, 15 * SECOND]
    assert office.states() == {"k": ("sent", "")}
    assert tries(office) == {"k": 2}  # the first and the last; the probe between was none of its own
    assert not is_down(office)


async def test_a_line_that_swallows_everything_is_down_before_a_whole_wave_is_in_doubt(office: Office) -> None:
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS))
    office.channel.script.extend(fails(Failure.IN_DOUBT, 99))

    await office.deliver()

    assert is_down(office)
    doubted = [key for key, (state, _) in office.states().items() if state == "in_doubt"]
    assert len(doubted) <= 8


async def test_the_process_after_knows_that_a_channel_is_down(office: Office) -> None:
    office.store.write(lambda tx: lines.mark_down(tx, "fake", reason="unreachable", now=NOW))
    office.channel.script.extend(fails(Failure.UNREACHABLE, 1))
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS))

    office.deliverer = office.another()
    await office.deliver()

    assert len(office.channel.tried) == 1


async def test_while_a_probe_is_on_its_way_no_other_follows(office: Office) -> None:
    office.store.write(lambda tx: lines.mark_down(tx, "fake", reason="unreachable", now=NOW))
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS))
    gate = office.channel.hold(CHATS[0])

    for _ in range(3):
        await office.deliverer.send_waiting()
        office.clock.set(office.clock.now() + 2 * SECOND)
    await office.channel.until(lambda: office.channel.in_the_air == 1)
    assert len(office.channel.tried) == 1
    gate.set()
    await office.deliver()

    assert len(office.channel.sent) == len(CHATS)


async def test_with_nothing_to_send_somebodys_chat_is_asked_silently(office: Office) -> None:
    office.store.write(lambda tx: joined(tx, "a"))
    office.store.write(lambda tx: lines.mark_down(tx, "fake", reason="unreachable", now=NOW))
    office.channel.unreachable["a"] = SendError(Failure.UNREACHABLE, "no line")

    await office.deliver()
    assert is_down(office)
    office.channel.unreachable.clear()
    await office.passes(30 * SECOND)

    assert not is_down(office)
    assert office.channel.tried == []


async def test_what_a_channel_brings_shows_that_it_works(office: Office) -> None:
    posted(office.store, *(letter(chat, chat_id=chat) for chat in CHATS))
    office.channel.script.extend(fails(Failure.UNREACHABLE, 8))
    await office.deliver()
    office.channel.script.clear()

    office.deliverer.heard("fake")
    await office.deliver()

    assert not is_down(office)
    assert len(office.channel.sent) == len(CHATS)


async def test_another_channel_goes_on_meanwhile(office: Office) -> None:
    office.store.write(lambda tx: lines.mark_down(tx, "other", reason="unreachable", now=NOW))
    posted(office.store, letter("here"), letter("there", channel="other"))

    await office.deliver()

    assert office.channel.texts("a") == ["here"]
    assert office.states()["there"][0] == "waiting"


async def test_a_clock_set_back_does_not_put_off_the_probes(office: Office) -> None:
    office.store.write(lambda tx: lines.mark_down(tx, "fake", reason="unreachable", now=NOW))
    office.channel.script.extend(fails(Failure.UNREACHABLE, 1))
    posted(office.store, letter("k"))
    await office.deliver()

    office.clock.set(NOW - timedelta(days=1))
    posted(office.store, letter("l", chat_id="b"), now=office.clock.now())
    await office.deliver()

    assert office.channel.texts("b") == ["l"]


async def test_a_press_of_a_message_settles_nothing_that_waits(office: Office) -> None:
    posted(office.store, letter("k"))

    office.store.write(lambda tx: outbox.settle_pressed(tx, channel="fake", chat_id="a", action="x", now=NOW))

    assert office.states() == {"k": ("waiting", "")}
