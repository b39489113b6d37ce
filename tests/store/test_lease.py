"""The lease: one holder at a time, epochs that only grow, by the database's clock alone."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete

from bot.store import Store, lease
from bot.store.tables import lease as table

START = datetime(2026, 1, 1, tzinfo=UTC)
LIFE = timedelta(seconds=9)
SECOND = timedelta(seconds=1)


@dataclass
class DatabaseClock:
    """What time it is by the database, as the test says."""

    at: datetime = START


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> DatabaseClock:
    hand = DatabaseClock()
    monkeypatch.setattr(lease, "moment", lambda _: hand.at)
    return hand


def take(store: Store, holder: str) -> int | None:
    return store.write(lambda tx: lease.take(tx, holder=holder, life=LIFE))


def current(store: Store, epoch: int) -> bool:
    return store.write(lambda tx: lease.is_current(tx, epoch))


def test_the_first_to_ask_has_it_and_the_second_waits(store: Store, clock: DatabaseClock) -> None:
    assert (take(store, "a"), take(store, "b")) == (1, None)
    held = store.read(lease.holder)
    assert held is not None
    assert (held.holder, held.epoch, held.expires_at, held.is_living) == ("a", 1, START + LIFE, True)


def test_whoever_has_it_renews_it_under_the_same_epoch(store: Store, clock: DatabaseClock) -> None:
    epochs = []
    for _ in range(5):
        epochs.append(take(store, "a"))
        clock.at += LIFE - SECOND

    assert epochs == [1] * 5
    assert take(store, "b") is None


@pytest.mark.parametrize("holder", [pytest.param("b", id="another"), pytest.param("a", id="the one that had it")])
def test_one_that_ran_out_begins_anew_for_whoever_asks(store: Store, clock: DatabaseClock, holder: str) -> None:
    take(store, "a")
    clock.at += LIFE

    assert not current(store, 1)
    assert take(store, holder) == 2
    assert (current(store, 1), current(store, 2)) == (False, True)


def test_one_that_is_let_go_of_can_be_taken_at_once(store: Store, clock: DatabaseClock) -> None:
    take(store, "a")
    store.write(lambda tx: lease.release(tx, holder="a"))

    assert not current(store, 1)
    assert take(store, "b") == 2


def test_nobody_lets_go_of_what_another_holds(store: Store, clock: DatabaseClock) -> None:
    take(store, "a")
    store.write(lambda tx: lease.release(tx, holder="b"))

    assert current(store, 1)
    assert take(store, "b") is None


def test_who_knows_that_no_other_lives_takes_it_at_once_under_a_new_epoch(store: Store, clock: DatabaseClock) -> None:
    take(store, "a")

    assert store.write(lambda tx: lease.take(tx, holder="b", life=LIFE, by_force=True)) == 2
    assert not current(store, 1)


def test_a_lease_that_nobody_ever_took_is_nobodys(store: Store) -> None:
    assert store.read(lease.holder) is None
    assert not current(store, 0)
    assert not current(store, 1)


def test_the_moment_is_the_databases_and_goes_on_within_a_transaction(store: Store) -> None:
    def twice(tx: lease.Tx) -> list[datetime]:
        first = lease.moment(tx)
        threading.Event().wait(0.02)
        return [first, lease.moment(tx)]

    first, second = store.read(twice)

    assert first.tzinfo is not None
    assert timedelta(milliseconds=10) < second - first < timedelta(seconds=5)


def test_of_many_that_ask_at_once_one_has_it(store: Store) -> None:
    names = [f"replica{number}" for number in range(8)]
    start = threading.Barrier(len(names))

    def ask(name: str) -> int | None:
        start.wait()
        return take(store, name)

    with ThreadPoolExecutor(len(names)) as threads:
        answers = list(threads.map(ask, names))

    assert sorted(answer for answer in answers if answer is not None) == [1]


def test_nobody_takes_it_before_a_claim_that_asked_for_it_has_ended(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    if store.url.get_backend_name() == "sqlite":
        pytest.skip("SQLite has one writer at a time anyway")
    take(store, "a")
    late = START + timedelta(days=36500)
    order: list[str] = []
    asked = threading.Event()

    def claim(tx: lease.Tx) -> None:
        assert lease.is_current(tx, 1)
        asked.set()
        threading.Event().wait(0.2)  # another would have had it long since
        order.append("claimed")

    def usurp() -> None:
        asked.wait()
        monkeypatch.setattr(lease, "moment", lambda _: late)
        assert take(store, "b") == 2
        order.append("taken")

    with ThreadPoolExecutor(2) as threads:
        for done in [threads.submit(store.write, claim), threads.submit(usurp)]:
            done.result()

    assert order == ["claimed", "taken"]


ACTS: list[Callable[[Store, str], int | None]] = [
    take,
    lambda store, holder: store.write(lambda tx: lease.release(tx, holder=holder)),
]


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    acts=st.lists(
        st.tuples(st.sampled_from("abc"), st.sampled_from(ACTS), st.sampled_from([0, 1, 3, 8, 9, 10, 3600])),
        max_size=15,
    )
)
def test_two_never_have_it_and_epochs_only_grow(
    store: Store, clock: DatabaseClock, acts: list[tuple[str, Callable[[Store, str], int | None], int]]
) -> None:
    store.write(lambda tx: tx.execute(delete(table)))
    had: dict[int, str] = {}  # who ever had each epoch
    sure: dict[str, datetime] = {}  # until when each may believe that it has it
    for who, act, seconds in acts:
        clock.at += timedelta(seconds=seconds)
        epoch = act(store, who)
        if act is not take or epoch is None:
            sure.pop(who, None)
        else:
            assert had.setdefault(epoch, who) == who
            assert epoch == max(had)
            sure[who] = clock.at + LIFE
        assert sum(until > clock.at for until in sure.values()) <= 1
