"""What is written side by side shares a commit: in order, one failing alone, nobody told before it is on disk."""

import asyncio
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import pytest
from sqlalchemy import Connection, event, insert, select, text
from sqlalchemy.exc import IntegrityError

from bot.store import Store, Tx
from bot.store.commits import GROUP_SECONDS
from bot.store.tables import mark

Work = Callable[[Tx], str]


def writes(name: str) -> Work:
    """Return work that remembers a word; the same word twice breaks a rule of the database."""

    def work(tx: Tx) -> str:
        tx.execute(insert(mark).values(name=name, word=str(len(names(tx)))))
        return name

    return work


def breaks(tx: Tx) -> str:
    """Write a word, and fail after it."""
    writes("half done")(tx)
    raise ZeroDivisionError


def names(tx: Tx) -> list[str]:
    return [row.name for row in sorted(tx.execute(select(mark)), key=lambda row: int(row.word))]


class Commits:
    """Counts the commits of a store, and lets a chosen one fail."""

    def __init__(self, store: Store) -> None:
        self.count = 0
        self.falls = False
        event.listen(store._engine, "commit", self)

    def __call__(self, connection: Connection) -> None:
        if connection.get_execution_options().get("writes"):
            self.count += 1
            if self.falls:
                raise OSError("the disk is full")


@asynccontextmanager
async def held(store: Store) -> AsyncIterator[None]:
    """Keep the writer thread busy, so that everything asked for inside waits and is done together after it."""
    let_go, begun = threading.Event(), threading.Event()

    def waits(_: Tx) -> str:
        begun.set()
        assert let_go.wait(10)
        return ""

    first = asyncio.ensure_future(store.awrite(waits))
    assert await asyncio.to_thread(begun.wait, 10)
    yield
    await asyncio.sleep(0)  # what was asked for has come into the queue
    let_go.set()
    await first


async def together(store: Store, *works: Work) -> list[str | BaseException]:
    """Let the writer thread find all of these waiting; return what came of each."""
    async with held(store):
        asked = [asyncio.ensure_future(store.awrite(work)) for work in works]
    return await asyncio.gather(*asked, return_exceptions=True)


async def test_what_waits_is_written_in_one_commit_and_in_the_order_asked(store: Store) -> None:
    commits = Commits(store)
    asked = [f"w{number}" for number in range(20)]

    told = await together(store, *map(writes, asked))

    assert told == asked
    assert store.read(names) == asked
    assert commits.count == 2  # the one that kept the thread busy, and all the others


@pytest.mark.parametrize(
    ("broken", "error"),
    [
        pytest.param(breaks, ZeroDivisionError, id="by its own defect"),
        pytest.param(writes("a"), IntegrityError, id="by a rule of the database"),
        pytest.param(lambda tx: tx.execute(text("nonsense")), Exception, id="by a statement that is none"),
    ],
)
async def test_one_that_fails_is_undone_alone(store: Store, broken: Work, error: type[Exception]) -> None:
    told = await together(store, writes("a"), broken, writes("b"), broken, writes("c"))

    assert [each for each in told if isinstance(each, str)] == ["a", "b", "c"]
    assert [isinstance(each, error) for each in told] == [False, True, False, True, False]
    assert store.read(names) == ["a", "b", "c"]


async def test_one_alone_that_fails_leaves_nothing(store: Store) -> None:
    with pytest.raises(ZeroDivisionError):
        await store.awrite(breaks)

    assert store.read(names) == []


async def test_a_commit_that_fails_fails_for_all_and_leaves_nothing(store: Store) -> None:
    commits = Commits(store)

    def falls_from_here(tx: Tx) -> str:
        commits.falls = True
        return writes("a")(tx)

    told = await together(store, falls_from_here, writes("b"), breaks)

    assert [type(each) for each in told] == [OSError, OSError, OSError]
    commits.falls = False
    assert store.read(names) == []
    assert await store.awrite(writes("later")) == "later"


async def test_a_transaction_that_the_database_ended_by_itself_fails_for_all_in_it(store: Store) -> None:
    def ends_it(tx: Tx) -> str:
        tx.connection.rollback()  # as SQLite does when the disk is full
        raise OSError("the disk is full")

    told = await together(store, writes("a"), ends_it, writes("b"))

    assert not [each for each in told[:2] if isinstance(each, str)]
    # What had not begun in that group is done in another, or fails with it: never half.
    assert store.read(names) == [each for each in told if isinstance(each, str)]
    assert await store.awrite(writes("later")) == "later"


async def test_nobody_is_told_before_the_commit(store: Store) -> None:
    seen: list[list[str]] = []

    async def asks(name: str) -> None:
        await store.awrite(writes(name))
        seen.append(await store.aread(names))

    await asyncio.gather(asks("a"), asks("b"))

    assert [set(each) >= {name} for each, name in zip(seen, ["a", "b"], strict=True)] == [True, True]


async def test_one_who_stops_waiting_before_the_turn_undoes_only_their_own(store: Store) -> None:
    async with held(store):
        asked = [asyncio.ensure_future(store.awrite(writes(name))) for name in ("a", "b", "c")]
        await asyncio.sleep(0)
        asked[1].cancel()

    assert await asyncio.gather(asked[0], asked[2]) == ["a", "c"]
    assert store.read(names) == ["a", "c"]


async def test_one_who_stops_waiting_in_the_middle_harms_nobody(store: Store) -> None:
    begun, let_go = threading.Event(), threading.Event()

    def slow(tx: Tx) -> str:
        begun.set()
        assert let_go.wait(10)
        return writes("slow")(tx)

    first = asyncio.ensure_future(store.awrite(slow))
    await asyncio.to_thread(begun.wait, 10)
    other: Awaitable[str] = asyncio.ensure_future(store.awrite(writes("other")))
    first.cancel()
    let_go.set()

    assert await other == "other"
    assert store.read(names) == ["slow", "other"]


async def test_long_work_asked_for_alone_shares_its_commit_with_nobody(store: Store) -> None:
    commits = Commits(store)
    async with held(store):
        asked = [asyncio.ensure_future(store.awrite(writes(name), alone=name == "long")) for name in ("a", "long", "b")]
    await asyncio.gather(*asked)

    assert store.read(names) == ["a", "long", "b"]
    assert commits.count == 4


async def test_a_group_that_has_worked_long_commits_before_the_next_work(store: Store) -> None:
    commits = Commits(store)

    def slow(tx: Tx) -> str:
        threading.Event().wait(2 * GROUP_SECONDS)
        return writes("slow")(tx)

    assert await together(store, slow, writes("a"), writes("b")) == ["slow", "a", "b"]

    assert store.read(names) == ["slow", "a", "b"]
    assert commits.count == 3


async def test_a_closed_store_has_written_what_was_asked_and_takes_no_more(store_url: str) -> None:
    store = Store(store_url)
    asked = [asyncio.ensure_future(store.awrite(writes(name))) for name in ("a", "b")]
    await asyncio.sleep(0)

    store.close()

    assert await asyncio.gather(*asked) == ["a", "b"]
    with pytest.raises(RuntimeError):
        await store.awrite(writes("c"))
    with Store(store_url) as again:
        assert again.read(names) == ["a", "b"]
