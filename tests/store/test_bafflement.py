"""Counting answers in a row: five, then none, until a day has passed or somebody was understood."""

from datetime import timedelta

from bot.store import Store, bafflement
from bot.store.bafflement import LIMIT, REST
from tests.store.builders import NOW, SECOND

HERE = {"channel": "fake", "chat_id": "a"}


def counted(store: Store, *, after: timedelta = timedelta()) -> int | None:
    return store.write(lambda tx: bafflement.count(tx, **HERE, now=NOW + after))


def silent(store: Store, *, after: timedelta = timedelta()) -> int:
    return store.read(lambda tx: bafflement.silent(tx, now=NOW + after))


def test_five_answers_are_counted_and_the_sixth_is_none(store: Store) -> None:
    assert [counted(store) for _ in range(7)] == [1, 2, 3, 4, 5, None, None]
    assert silent(store) == 1


def test_others_are_counted_by_themselves(store: Store) -> None:
    for _ in range(LIMIT):
        counted(store)

    assert store.write(lambda tx: bafflement.count(tx, channel="fake", chat_id="b", now=NOW)) == 1
    assert store.write(lambda tx: bafflement.count(tx, channel="other", chat_id="a", now=NOW)) == 1


def test_who_was_understood_is_counted_anew(store: Store) -> None:
    for _ in range(LIMIT):
        counted(store)

    store.write(lambda tx: bafflement.forget(tx, **HERE))

    assert silent(store) == 0
    assert counted(store) == 1


def test_a_day_after_the_last_answer_it_begins_anew_however_much_was_said_meanwhile(store: Store) -> None:
    for _ in range(LIMIT):
        counted(store)

    assert counted(store, after=REST - SECOND) is None
    assert silent(store, after=REST - SECOND) == 1
    assert silent(store, after=REST) == 0
    assert counted(store, after=REST) == 1
