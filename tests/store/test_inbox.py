"""The inbox: an update twice is once, handled once, in the order it came."""

from bot.store import Store, inbox
from tests.store.builders import NOW, at_once


def put(store: Store, name: str, *, channel: str = "fake") -> bool:
    return store.write(
        lambda tx: inbox.put(tx, channel=channel, external_id=name, raw={"text": name, "đ": [1]}, now=NOW)
    )


def waiting(store: Store, *, after: int = 0, limit: int = 100) -> list[str]:
    return [each.raw["text"] for each in store.read(lambda tx: inbox.waiting(tx, after=after, limit=limit))]


def ids(store: Store) -> list[int]:
    return [each.id for each in store.read(lambda tx: inbox.waiting(tx, after=0, limit=100))]


def test_the_same_update_twice_is_one(store: Store) -> None:
    assert put(store, "1")
    assert not put(store, "1")
    assert put(store, "1", channel="other")

    assert waiting(store) == ["1", "1"]


def test_the_same_update_from_two_sides_at_once_is_one(store: Store) -> None:
    def take(tx):
        return inbox.put(tx, channel="fake", external_id="1", raw={"text": "1"}, now=NOW)

    assert sorted(at_once(store, take, take, take)) == [False, False, True]


def test_updates_wait_in_the_order_they_came(store: Store) -> None:
    for name in ("9", "10", "2"):
        put(store, name)

    assert waiting(store) == ["9", "10", "2"]
    assert waiting(store, limit=2) == ["9", "10"]
    assert waiting(store, after=ids(store)[1]) == ["2"]


def test_an_update_is_handled_once(store: Store) -> None:
    put(store, "1")
    (heard,) = ids(store)

    assert store.write(lambda tx: inbox.done(tx, heard, chat_id="a"))
    assert not store.write(lambda tx: inbox.done(tx, heard))
    assert waiting(store) == []
    assert not put(store, "1")


def test_two_who_handle_one_update_at_once_are_told_apart(store: Store) -> None:
    put(store, "1")
    (heard,) = ids(store)

    handled = at_once(store, *[lambda tx: inbox.done(tx, heard)] * 3)

    assert sorted(handled) == [False, False, True]


def test_a_try_that_failed_is_counted_and_the_update_stays(store: Store) -> None:
    put(store, "1")
    (heard,) = ids(store)

    for _ in range(2):
        store.write(lambda tx: inbox.failed_once(tx, heard, reason="x"))

    (found,) = store.read(lambda tx: inbox.waiting(tx, after=0, limit=1))
    assert (found.tries, found.channel, found.received_at) == (2, "fake", NOW)


def test_what_is_in_quarantine_waits_no_more_and_is_not_lost(store: Store) -> None:
    put(store, "1")
    put(store, "2")
    first, _ = ids(store)

    store.write(lambda tx: inbox.quarantine(tx, first, reason="unreadable"))

    assert waiting(store) == ["2"]
    assert store.read(inbox.counts) == {("fake", "quarantined"): 1, ("fake", "new"): 1}
    assert not store.write(lambda tx: inbox.done(tx, first))
