"""The outbox: each key once, claimed by one, by lane and age, and never sent past its time."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.ports import Button, File, Out
from bot.store import Store, Tx, outbox
from bot.store.outbox import LIFE, Claimed, Lane, Letter, State, letters
from bot.store.tables import outbox as table
from bot.texts.lengths import text_length
from tests.fakes.channel import CAPS
from tests.store.builders import DAY, HOUR, NOW, SECOND, at_once, posted
from tests.store.builders import letter as letter_to


def letter(key: str, *, chat_id: str = "", **words: Any) -> Letter:
    """Return a letter to a chat of its own: in one chat they would go one by one."""
    return letter_to(key, chat_id=chat_id or f"chat {key}", **words)


def claim(store: Store, *, now: datetime = NOW, limit: int = 100, slowest: Lane = Lane.SUMMARY) -> list[Claimed]:
    return list(store.write(lambda tx: outbox.claim(tx, now=now, limit=limit, slowest=slowest)))


def texts(claimed: list[Claimed]) -> list[str]:
    return [each.out.text for each in claimed]


def states(store: Store) -> dict[str, tuple[str, str]]:
    rows = store.read(lambda tx: tx.execute(select(table.c.key, table.c.state, table.c.reason)).all())
    return {row.key: (row.state, row.reason) for row in rows}


def test_a_key_is_said_once_in_its_first_words(store: Store) -> None:
    first = posted(store, letter("k", text="một"), letter("other", chat_id="b"))
    again = posted(store, letter("k", text="hai"))

    assert again == {"k": first["k"]}
    assert sorted(texts(claim(store))) == ["một", "other"]


def test_a_message_comes_out_as_it_went_in(store: Store) -> None:
    out = Out(
        heading="Nhắc việc “đặc biệt” 🎌",
        text="Đồng chí\n<b>&amp;</b>",
        buttons=(
            (Button(text="Đã xong", action="s1"), Button(text="Đang làm", action="s2")),
            (Button(text="x", action="x"),),
        ),
        file=File(path="summaries/a b.png", name="Biểu đồ.png", media="image/png"),
    )
    posted(store, Letter(key="k", channel="fake", chat_id="a", out=out, lane=Lane.SUMMARY))

    (claimed,) = claim(store)

    assert claimed.out == out
    assert (claimed.channel, claimed.chat_id, claimed.lane, claimed.attempts) == ("fake", "a", Lane.SUMMARY, 0)
    assert claimed.expires_at == NOW + LIFE[Lane.SUMMARY]


def test_answers_go_first_and_then_the_oldest(store: Store) -> None:
    lanes = [Lane.SUMMARY, Lane.REMINDER, Lane.ANSWER, Lane.ESCALATION, Lane.LAST_CALL, Lane.ANSWER]
    posted(store, *(letter(f"{number}", lane=lane, chat_id=f"{number}") for number, lane in enumerate(lanes)))

    assert texts(claim(store, limit=2)) == ["2", "5"]
    assert texts(claim(store)) == ["3", "4", "1", "0"]


def test_nothing_overtakes_an_older_message_of_its_lane_in_a_chat(store: Store) -> None:
    posted(
        store,
        letter("first", chat_id="a", not_before=NOW + HOUR),
        letter("second", chat_id="a"),
        letter("answer", chat_id="a", lane=Lane.ANSWER),
    )

    assert texts(claim(store)) == ["answer"]
    assert texts(claim(store, now=NOW + HOUR)) == ["first"]
    assert texts(claim(store, now=NOW + HOUR)) == []  # the first is on its way


def test_slow_lanes_can_be_left_out(store: Store) -> None:
    posted(store, letter("slow"), letter("answer", lane=Lane.ANSWER))

    assert texts(claim(store, slowest=Lane.ANSWER)) == ["answer"]
    assert texts(claim(store)) == ["slow"]


def test_a_message_that_failed_lets_the_next_of_its_chat_go(store: Store) -> None:
    rows = posted(
        store,
        letter("1", chat_id="a"),
        letter("2", chat_id="a"),
        letter("3", chat_id="b"),
        letter("4", chat_id="a", lane=Lane.ANSWER),
        letter("5", chat_id="a", channel="other"),
    )

    assert texts(claim(store)) == ["4", "1", "3", "5"]
    assert claim(store) == []
    store.write(lambda tx: outbox.postpone(tx, rows["1"], until=NOW + HOUR, reason="throttled"))
    assert claim(store, now=NOW + HOUR - SECOND) == []
    assert texts(claim(store, now=NOW + HOUR)) == ["1"]
    store.write(lambda tx: outbox.settle(tx, rows["1"], state=State.FAILED, now=NOW + HOUR))
    assert texts(claim(store, now=NOW + HOUR)) == ["2"]


def test_what_was_claimed_is_not_claimed_again(store: Store) -> None:
    posted(store, letter("k"))

    assert texts(claim(store)) == ["k"]
    assert claim(store) == []
    assert states(store) == {"k": ("claimed", "")}


def test_nothing_goes_before_its_time(store: Store) -> None:
    posted(store, letter("k", not_before=NOW + HOUR))

    assert claim(store, now=NOW + HOUR - SECOND) == []
    assert store.read(outbox.next_moment) == NOW + HOUR
    assert texts(claim(store, now=NOW + HOUR)) == ["k"]
    assert store.read(outbox.next_moment) is None


@pytest.mark.parametrize("lane", list(Lane), ids=lambda lane: lane.name.lower())
def test_nothing_goes_when_it_is_worth_nothing_any_more(store: Store, lane: Lane) -> None:
    begins = NOW + HOUR
    posted(store, letter("just", lane=lane, not_before=begins), letter("late", lane=lane, not_before=begins - SECOND))

    claimed = claim(store, now=begins + LIFE[lane])
    expired = store.write(lambda tx: outbox.expire(tx, now=begins + LIFE[lane]))

    assert texts(claimed) == ["just"]
    assert expired == 1
    assert states(store)["late"] == ("failed", "expired")


def test_claimers_side_by_side_never_share_a_message(store: Store) -> None:
    count, each_takes = 60, 7
    posted(store, *(letter(f"{number}", chat_id=f"{number}") for number in range(count)))

    def take(tx: Tx) -> list[int]:
        return [each.id for each in outbox.claim(tx, now=NOW, limit=each_takes, slowest=Lane.SUMMARY)]

    taken = [number for _ in range(3) for found in at_once(store, *[take] * 4) for number in found]

    assert len(taken) == len(set(taken))
    assert len(taken) <= count
    rest = [each.id for each in claim(store)]
    assert len(taken) + len(rest) == count
    assert not set(taken) & set(rest)


def test_a_sending_ends_in_a_record(store: Store) -> None:
    key = posted(store, letter("k"))["k"]
    claim(store)

    store.write(lambda tx: outbox.settle(tx, key, state=State.SENT, now=NOW + SECOND, message_id="m7"))

    row = store.read(lambda tx: tx.execute(select(table)).one())
    assert (row.state, row.message_id, row.attempts, row.settled_at) == ("sent", "m7", 1, NOW + SECOND)
    assert claim(store, now=NOW + HOUR) == []


def test_a_message_that_is_put_back_waits_and_may_go_elsewhere(store: Store) -> None:
    key = posted(store, letter("k"))["k"]
    claim(store)

    store.write(lambda tx: outbox.postpone(tx, key, until=NOW + HOUR, reason="chat_moved", chat_id="b"))

    assert claim(store, now=NOW + HOUR - SECOND) == []
    (again,) = claim(store, now=NOW + HOUR)
    assert (again.chat_id, again.attempts) == ("b", 1)
    assert posted(store, letter("k")) == {"k": key}


def test_what_was_on_its_way_when_the_process_died_is_in_doubt(store: Store) -> None:
    posted(store, letter("gone", lane=Lane.ANSWER), letter("waits"))
    claim(store, limit=1)

    assert store.write(lambda tx: len(outbox.doubt_stale(tx, now=NOW, epoch=0))) == 1

    assert states(store) == {"gone": ("in_doubt", "process_ended"), "waits": ("waiting", "")}
    assert store.write(lambda tx: len(outbox.doubt_stale(tx, now=NOW, epoch=0))) == 0
    assert texts(claim(store)) == ["waits"]


def test_whom_letters_of_a_kind_went_to_is_found_by_the_beginning_of_their_keys(store: Store) -> None:
    posted(
        store,
        letter("remind:2022-09-26:1", person_id=1),
        letter("remind:2022-09-26:2#1", person_id=2),
        letter("remind:2022-09-27:3", person_id=3),
        letter("REMIND:2022-09-26:4", person_id=4),
        letter("remind2022-09-26:5", person_id=5),
        letter("remind:2022-09-26:nobody"),
    )

    assert store.read(lambda tx: outbox.people_told(tx, "remind:2022-09-26:")) == {1, 2}
    assert store.read(lambda tx: outbox.people_told(tx, "remind:2022-09-25:")) == frozenset()


KEYS = st.text("ab:#-1zđ", max_size=6)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(keys=st.sets(KEYS, max_size=8), prefix=KEYS.filter(bool))
def test_the_beginning_of_a_key_means_the_same_on_every_database(store: Store, keys: set[str], prefix: str) -> None:
    rows = [letter(key, person_id=number) for number, key in enumerate(sorted(keys), start=1)]

    def put_and_look(tx: Tx) -> frozenset[int]:
        tx.execute(table.delete())
        outbox.put(tx, rows, now=NOW)
        return outbox.people_told(tx, prefix)

    found = store.write(put_and_look)

    assert found == {row.person_id for row in rows if row.key.startswith(prefix)}


def test_messages_are_counted_by_channel_and_state(store: Store) -> None:
    posted(store, letter("a"), letter("b"), letter("c", channel="other"))
    claim(store, limit=1)

    assert store.read(outbox.counts) == {("fake", "claimed"): 1, ("fake", "waiting"): 1, ("other", "waiting"): 1}


def test_a_long_message_goes_in_parts_of_which_the_last_has_the_buttons() -> None:
    out = Out(heading="Đầu", text="Một câu. " * 30, buttons=((Button(text="x", action="x"),),))
    whole = Letter(key="k", channel="fake", chat_id="a", out=out, lane=Lane.REMINDER)

    rows = letters(whole, caps=replace(CAPS, max_text=100))

    assert [row.key for row in rows] == [f"k#{number}" for number in range(1, len(rows) + 1)]
    assert all(text_length(row.out.heading) + text_length(row.out.text) <= 100 for row in rows)
    assert [row.out.buttons for row in rows] == [()] * (len(rows) - 1) + [out.buttons]
    assert letters(whole, caps=CAPS) == [whole]


def test_nothing_to_say_is_nothing_said(store: Store) -> None:
    assert posted(store) == {}
    assert claim(store, now=NOW + DAY) == []


def doubted(store: Store, lane: Lane, *, key: str = "k") -> int:
    """Leave a message with a button in doubt; return its id."""
    out = Out(text="Báo cáo đi", buttons=((Button(text="Đã xong", action="s1"),),))
    row = posted(store, Letter(key=key, channel="fake", chat_id="a", out=out, lane=lane))[key]
    store.write(lambda tx: outbox.settle(tx, row, state=State.IN_DOUBT, now=NOW, reason="in_doubt"))
    return row


def repeated(store: Store, row: int, *, now: datetime = NOW) -> bool:
    return store.write(lambda tx: outbox.repeat(tx, row, mark="(có thể trùng)", now=now))


@pytest.mark.parametrize("lane", list(Lane), ids=lambda lane: lane.name.lower())
def test_what_may_not_be_lost_is_said_once_more_and_marked(store: Store, lane: Lane) -> None:
    row = doubted(store, lane)

    is_repeated = repeated(store, row)
    repeated(store, row)

    again = claim(store)
    assert is_repeated is (lane in outbox.REPEATED)
    assert [(each.out.heading, each.out.text) for each in again] == [("(có thể trùng)", "Báo cáo đi")] * is_repeated


def test_a_repeat_in_doubt_is_not_repeated(store: Store) -> None:
    repeated(store, doubted(store, Lane.SUMMARY))
    (again,) = claim(store)

    assert not repeated(store, again.id)
    assert not repeated(store, doubted(store, Lane.SUMMARY, key="old"), now=NOW + LIFE[Lane.SUMMARY])


def test_a_repeat_that_arrived_settles_the_doubt(store: Store) -> None:
    doubted(store, Lane.SUMMARY)

    store.write(lambda tx: outbox.settle_repeated(tx, "other!", now=NOW))
    store.write(lambda tx: outbox.settle_repeated(tx, "k", now=NOW))
    assert states(store)["k"] == ("in_doubt", "in_doubt")
    store.write(lambda tx: outbox.settle_repeated(tx, "k!", now=NOW))

    assert states(store)["k"] == ("sent", "repeated")


def test_a_press_on_a_message_in_doubt_settles_it(store: Store) -> None:
    doubted(store, Lane.REMINDER)

    for chat_id, action in (("b", "s1"), ("a", "s2")):
        store.write(
            lambda tx, c=chat_id, a=action: outbox.settle_pressed(tx, channel="fake", chat_id=c, action=a, now=NOW)
        )
    assert states(store)["k"] == ("in_doubt", "in_doubt")
    store.write(lambda tx: outbox.settle_pressed(tx, channel="fake", chat_id="a", action="s1", now=NOW))

    assert states(store)["k"] == ("sent", "pressed")
