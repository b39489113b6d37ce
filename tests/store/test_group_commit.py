"""Works that wait together share a commit, and nothing else."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Event

import pytest
from sqlalchemy import Connection, insert, select
from sqlalchemy.exc import OperationalError

from bot.store import Store, Tx
from bot.store.commits import Commits
from bot.store.tables import mark


def note(name: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        tx.execute(insert(mark).values(name=name, word=""))
        return name

    return work


def spoil(name: str) -> Callable[[Tx], str]:
    def work(tx: Tx) -> str:
        note(name)(tx)
        raise LookupError(name)

    return work


def noted(store: Store) -> list[str]:
    return list(store.read(lambda tx: tx.execute(select(mark.c.name).order_by(mark.c.name)).scalars()))


async def test_one_that_fails_is_undone_alone_and_hears_of_it(store: Store) -> None:
    works = [note("a"), spoil("b"), note("c"), spoil("d"), note("e")]

    ended = await asyncio.gather(*map(store.awrite, works), return_exceptions=True)

    assert [str(each) for each in ended] == ["a", "b", "c", "d", "e"]
    assert [isinstance(each, LookupError) for each in ended] == [False, True, False, True, False]
    assert noted(store) == ["a", "c", "e"]


async def test_works_are_done_in_the_order_they_were_asked_for(store: Store) -> None:
    done: list[int] = []

    await asyncio.gather(*[store.awrite(lambda _, number=number: done.append(number)) for number in range(200)])

    assert done == list(range(200))


async def test_one_that_is_cancelled_while_it_waits_undoes_no_other(store: Store) -> None:
    waiting = [asyncio.ensure_future(store.awrite(note(name))) for name in "abcd"]
    await asyncio.sleep(0)
    waiting[2].cancel()
    await asyncio.gather(*waiting, return_exceptions=True)

    assert set(noted(store)) >= {"a", "b", "d"}


class Fickle:
    """Transactions of a store that cannot be begun, or not be committed, while they are told so."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self.begins = self.commits = True
        self.asked = 0

    @contextmanager
    def __call__(self) -> Iterator[Connection]:
        self.asked += 1
        if not self.begins:
            raise OperationalError("BEGIN", {}, Exception("gone"))
        with self._store._writer.begin() as tx:
            yield tx
            if not self.commits:
                raise OperationalError("COMMIT", {}, Exception("gone"))


@pytest.mark.parametrize("fails", ["begins", "commits"])
async def test_without_a_transaction_all_who_wait_hear_so_and_nothing_happened(store: Store, fails: str) -> None:
    fickle = Fickle(store)
    setattr(fickle, fails, False)
    commits = Commits(fickle)
    try:
        ended = await asyncio.gather(*[commits.run(note(name), alone=False) for name in "abc"], return_exceptions=True)
        setattr(fickle, fails, True)
        again = await commits.run(note("d"), alone=False)
    finally:
        commits.close()

    assert [type(each) for each in ended] == [OperationalError] * 3
    assert again == "d"
    assert noted(store) == ["d"]
    assert fickle.asked <= 4, "a database that is away is not asked without end"


async def test_what_wants_to_be_alone_shares_no_transaction_and_others_do(store: Store) -> None:
    fickle, started, go_on = Fickle(store), Event(), Event()

    def hold(_: Tx) -> None:
        started.set()
        go_on.wait(10)

    commits = Commits(fickle)
    try:
        first = asyncio.ensure_future(commits.run(hold, alone=True))
        await asyncio.to_thread(started.wait, 10)
        rest = [asyncio.ensure_future(commits.run(note(name), alone=name == "c")) for name in "abcde"]
        await asyncio.sleep(0)  # all of them stand in line
        go_on.set()
        await asyncio.gather(first, *rest)
    finally:
        commits.close()

    assert fickle.asked == 4, "the one that held, a with b, c, d with e"
    assert noted(store) == list("abcde")
