"""Group commit: what waits to be written shares a transaction, and so the disk is waited for once."""

import asyncio
import contextlib
import threading
from collections import deque
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager
from dataclasses import dataclass
from time import monotonic
from typing import Any, TypeVar

from sqlalchemy import Connection

GROUP_SECONDS = 0.03  # a group that has worked so long begins with nothing further: whoever is in it is waiting

T = TypeVar("T")


@dataclass(slots=True)
class _Waiting:
    """A piece of work, and who waits for it."""

    work: Callable[[Connection], Any]
    alone: bool
    waiter: asyncio.Future[Any]
    result: Any = None
    error: BaseException | None = None


class Commits:
    """One writer thread. What was asked for while it was busy is done next, in the order asked, in one transaction.

    Each work of a group has a savepoint: one that raises is undone by itself and raises where it was asked for, the
    others stand. Nobody is told before the commit; when that fails, nothing of the group happened and all are told so.
    """

    def __init__(self, begin: Callable[[], AbstractContextManager[Connection]]) -> None:
        self._begin = begin
        self._thread = ThreadPoolExecutor(max_workers=1, thread_name_prefix="store-write")
        self._queue: deque[_Waiting] = deque()
        self._lock = threading.Lock()
        self._busy = False
        self._is_closed = False

    async def run(self, work: Callable[[Connection], T], *, alone: bool) -> T:
        """Do `work` and return what it returned once it is committed; `alone`: in a transaction of its own.

        Cancelled before its turn, it is not done; cancelled later, it is, and nobody hears of it.
        """
        loop = asyncio.get_running_loop()
        waiter: asyncio.Future[T] = loop.create_future()
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the store is closed")
            self._queue.append(_Waiting(work, alone, waiter))
        loop.call_soon(self._go)  # what else is asked for in this turn of the loop comes along
        return await waiter

    def close(self) -> None:
        """Finish what was asked for."""
        self._go()
        with self._lock:
            self._is_closed = True
        self._thread.shutdown()

    def _go(self) -> None:
        with self._lock:
            if self._queue and not self._busy and not self._is_closed:
                self._busy = True
                self._thread.submit(self._drain)

    def _drain(self) -> None:
        while group := self._next_group():
            done: list[_Waiting] = []
            try:
                self._commit(group, done)
            except BaseException as error:  # told to whoever waits, as a thread of its own would
                for each in done:
                    each.result, each.error = None, error
            _tell(done)

    def _next_group(self) -> deque[_Waiting]:
        """Return what is to be done next, all of it or one that wants to be alone; nothing when there is nothing."""
        with self._lock:
            group: deque[_Waiting] = deque()
            while self._queue and not (group and (group[0].alone or self._queue[0].alone)):
                group.append(self._queue.popleft())
            self._busy = bool(group)
            return group

    def _commit(self, group: deque[_Waiting], done: list[_Waiting]) -> None:
        """Do a group in one transaction; what there was no time for goes back to the head of the queue."""
        began = monotonic()
        alone = len(group) == 1
        try:
            with self._begin() as tx:
                while group and (not done or monotonic() - began < GROUP_SECONDS):
                    each = group.popleft()
                    if each.waiter.cancelled():
                        continue
                    done.append(each)
                    if alone:
                        each.result = each.work(tx)
                    else:
                        _do(each, tx)
        except BaseException:
            if not done:  # there was no transaction to be had: the database is away, and all who wait hear so
                done.extend(group)
                group.clear()
            raise
        finally:
            with self._lock:
                self._queue.extendleft(reversed(group))


def _do(each: _Waiting, tx: Connection) -> None:
    """Do one work of a group; its own failure undoes it alone, and any other ends the group."""
    _say(tx, "SAVEPOINT work")
    try:
        each.result = each.work(tx)
    except BaseException as error:  # raised again where the work was asked for
        each.error = error
        _say(tx, "ROLLBACK TO SAVEPOINT work")
    _say(tx, "RELEASE SAVEPOINT work")


def _say(tx: Connection, words: str) -> None:
    # Past SQLAlchemy, whose way costs as much as a statement that does something. It fails where the database has ended
    # the transaction by itself (disk full, line cut): then nothing of the group may count as done.
    with contextlib.closing(tx.connection.cursor()) as cursor:
        cursor.execute(words)


def _tell(done: Iterable[_Waiting]) -> None:
    """Wake each loop once for all its waiters: a wake costs more than a small transaction."""
    by_loop: dict[asyncio.AbstractEventLoop, list[_Waiting]] = {}
    for each in done:
        by_loop.setdefault(each.waiter.get_loop(), []).append(each)
    for loop, told in by_loop.items():
        with contextlib.suppress(RuntimeError):  # the loop is closed: nobody waits any more
            loop.call_soon_threadsafe(_settle, told)


def _settle(told: list[_Waiting]) -> None:
    for each in told:
        if each.waiter.done():  # cancelled meanwhile
            continue
        if each.error is None:
            each.waiter.set_result(each.result)
        else:
            each.waiter.set_exception(each.error)
