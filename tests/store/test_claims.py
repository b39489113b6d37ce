"""Claims: whose they are and until when, what becomes of those of the dead, and whose turn it is."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, select, text

from bot.store import Store, outbox
from bot.store.outbox import CLAIM_LIFE, Lane, State
from bot.store.tables import outbox as table
from tests.store.builders import DAY, HOUR, NOW, SECOND, letter, posted


def claim(store: Store, **words: Any) -> list[str]:
    given = {"now": NOW, "limit": 100, "slowest": Lane.SUMMARY} | words
    return [each.key for each in store.write(lambda tx: outbox.claim(tx, **given))]


def doubt(store: Store, **words: Any) -> int:
    return len(store.write(lambda tx: outbox.doubt_stale(tx, **({"now": NOW} | words))))


def row(store: Store, key: str) -> Any:
    return store.read(lambda tx: tx.execute(select(table).where(table.c.key == key)).one())


def test_a_claim_says_under_which_epoch_and_until_when_it_holds(store: Store) -> None:
    posted(store, letter("k"))

    (claimed,) = store.write(
        lambda tx: outbox.claim(tx, now=NOW, limit=1, slowest=Lane.SUMMARY, epoch=7, life=5 * SECOND)
    )

    found = row(store, "k")
    assert (claimed.epoch, found.epoch, found.claimed_until) == (7, 7, NOW + 5 * SECOND)


@pytest.mark.parametrize(
    ("epoch", "claimed_in", "later", "is_stale"),
    [
        pytest.param(0, 0, timedelta(), True, id="a lone process knows that its predecessor is dead"),
        pytest.param(3, 3, timedelta(), False, id="ours"),
        pytest.param(3, 2, timedelta(), True, id="of an older epoch"),
        pytest.param(3, 4, timedelta(), False, id="of a newer epoch: it is we who are late"),
        pytest.param(3, 3, CLAIM_LIFE, False, id="just in time"),
        pytest.param(3, 3, CLAIM_LIFE + SECOND, True, id="past its time"),
    ],
)
def test_whose_claims_are_stale(store: Store, epoch: int, claimed_in: int, later: timedelta, is_stale: bool) -> None:
    posted(store, letter("k"))
    claim(store, epoch=claimed_in)

    assert doubt(store, epoch=epoch, now=NOW + later) == is_stale
    assert row(store, "k").state == ("in_doubt" if is_stale else "claimed")


@pytest.mark.parametrize("epoch", [0, 3])
def test_what_we_are_sending_ourselves_is_never_stale_however_long_it_takes(store: Store, epoch: int) -> None:
    ids = posted(store, letter("k"))
    claim(store)

    assert doubt(store, epoch=epoch, flying=[ids["k"]], now=NOW + DAY) == 0


def test_a_late_answer_settles_a_doubt_and_no_news_undoes_an_end(store: Store) -> None:
    ids = posted(store, letter("late"), letter("sent", chat_id="b"), letter("back", chat_id="c"))
    claim(store)
    store.write(lambda tx: outbox.settle(tx, ids["sent"], state=State.SENT, now=NOW))
    doubt(store, epoch=0)

    store.write(lambda tx: outbox.settle(tx, ids["late"], state=State.SENT, now=NOW, message_id="m1"))
    store.write(lambda tx: outbox.settle(tx, ids["sent"], state=State.IN_DOUBT, now=NOW, reason="in_doubt"))
    store.write(lambda tx: outbox.postpone(tx, ids["back"], until=NOW, reason="fenced", is_tried=False))

    assert (row(store, "late").state, row(store, "late").reason) == ("sent", "answered")
    assert (row(store, "sent").state, row(store, "sent").reason) == ("sent", "")
    assert row(store, "back").state == "in_doubt"  # it may have been said again already


def test_what_was_no_try_is_not_counted_as_one(store: Store) -> None:
    ids = posted(store, letter("k"))
    claim(store)

    store.write(lambda tx: outbox.postpone(tx, ids["k"], until=NOW, reason="", is_tried=False))

    assert (row(store, "k").state, row(store, "k").attempts) == ("waiting", 0)
    assert claim(store) == ["k"]


def test_an_end_of_its_own_counts_instead_of_the_lanes(store: Store) -> None:
    own = [
        outbox.Letter(**_words(name), expires_at=NOW + ends) for name, ends in (("short", SECOND), ("long", 3 * DAY))
    ]
    store.write(lambda tx: outbox.put(tx, own, now=NOW))

    assert claim(store, now=NOW + 2 * DAY) == ["long"]
    assert store.write(lambda tx: outbox.expire(tx, now=NOW + 2 * DAY)) == 1
    assert (row(store, "short").state, row(store, "short").reason) == ("failed", "expired")


def _words(name: str) -> dict[str, Any]:
    plain = letter(name, chat_id=name)
    return {word: getattr(plain, word) for word in ("key", "channel", "chat_id", "out", "lane")}


def test_what_is_past_its_time_holds_up_nobody_behind_it(store: Store) -> None:
    posted(store, letter("late", not_before=NOW - DAY), letter("next"))

    assert claim(store) == ["next"]


def test_the_chat_served_least_recently_goes_first_and_a_new_one_before_all(store: Store) -> None:
    posted(store, *(letter(f"a{number}") for number in range(3)), letter("b0", chat_id="b"))
    served: list[str] = []

    def serve(moment: int) -> None:
        (key,) = claim(store, limit=1, now=NOW + moment * SECOND)
        served.append(key)
        store.write(lambda tx: outbox.settle(tx, row(store, key).id, state=State.SENT, now=NOW))

    serve(1)
    serve(2)
    posted(store, letter("b1", chat_id="b"), letter("new", chat_id="c"), now=NOW + 3 * SECOND)
    for moment in (4, 5, 6, 7):
        serve(moment)

    assert served == ["a0", "b0", "new", "a1", "b1", "a2"]


def test_turns_are_remembered_when_nothing_waits_any_more(store: Store) -> None:
    ids = posted(store, letter("a0"), letter("b0", chat_id="b"))
    for number, key in enumerate(("a0", "b0"), start=1):
        claim(store, limit=1, now=NOW + number * SECOND)
        store.write(lambda tx, k=key: outbox.settle(tx, ids[k], state=State.SENT, now=NOW))

    posted(store, letter("b1", chat_id="b"), letter("a1"), now=NOW + HOUR)

    assert claim(store, now=NOW + HOUR) == ["a1", "b1"]


def test_a_lane_goes_before_a_turn_and_answers_go_by_age(store: Store) -> None:
    posted(store, letter("first"))
    claim(store)
    posted(
        store,
        letter("summary", lane=Lane.SUMMARY, chat_id="new"),
        letter("reminder", lane=Lane.LAST_CALL),
        letter("answer 1", lane=Lane.ANSWER),
        letter("answer 2", lane=Lane.ANSWER, chat_id="new"),
    )

    assert claim(store, now=NOW + SECOND) == ["answer 1", "answer 2", "reminder", "summary"]


def test_an_answer_costs_nobody_a_turn(store: Store) -> None:
    posted(store, letter("answer", lane=Lane.ANSWER))
    claim(store)
    posted(store, letter("a"), letter("b", chat_id="b"))

    assert claim(store, now=NOW + SECOND) == ["a", "b"]


def test_a_channel_can_be_left_out_or_looked_at_alone(store: Store) -> None:
    posted(store, letter("here"), letter("there", channel="other"))

    assert claim(store, but=["fake"], limit=1) == ["there"]
    assert claim(store, only="other") == []
    assert claim(store, only="fake") == ["here"]


def test_a_claim_looks_at_no_more_than_it_takes_however_much_waits(sqlite_store: Store) -> None:
    posted(sqlite_store, letter("k"))
    said: list[tuple[str, Any]] = []

    def note(_connection: object, _cursor: object, statement: str, given: Any, *_: object) -> None:
        if statement.startswith(("SELECT", "UPDATE")):
            said.append((statement, given))

    event.listen(sqlite_store._engine, "before_cursor_execute", note)
    claim(sqlite_store)
    event.remove(sqlite_store._engine, "before_cursor_execute", note)

    def plan(statement: str, given: Any) -> str:
        rows = sqlite_store.read(lambda tx: tx.exec_driver_sql(f"EXPLAIN QUERY PLAN {statement}", given).all())
        return " | ".join(each.detail for each in rows)

    ready, taken, turns = (plan(*each) for each in said)
    assert "ix_outbox_turn (state=? AND lane<?)" in ready
    assert "ix_outbox_chat (channel=? AND chat_id=? AND state=? AND lane=? AND id<?)" in ready
    assert "B-TREE" not in ready  # the order is the index's: it stops at the limit
    assert "INTEGER PRIMARY KEY" in taken
    assert "ix_outbox_chat (channel=? AND chat_id=? AND state=?" in turns


def test_the_oldest_rows_of_a_database_that_was_upgraded_have_their_turn_too(store: Store) -> None:
    posted(store, letter("old"))
    default = "1970-01-01 00:00:00.000000"
    store.write(lambda tx: tx.execute(text("UPDATE outbox SET served_at = :at"), {"at": default}))

    assert claim(store) == ["old"]
