"""The database itself: opening it, whole transactions in a worker thread, SQLite and PostgreSQL alike."""

import asyncio
import json
import re
import sqlite3
import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TypeVar

from sqlalchemy import URL, Connection, Engine, create_engine, event, make_url
from sqlalchemy.dialects import sqlite
from sqlalchemy.sql.dml import Insert

from bot.store import schema, tables
from bot.store.commits import Commits

if TYPE_CHECKING:
    from sqlalchemy.dialects import postgresql

WAL_TRIES = 200
WAL_PAUSE = 0.05  # seconds
IDLE_SECONDS = 9  # a lease's life: its end frees what its holder held

Tx = Connection
"""An open transaction. Work on it is synchronous: nobody can await the network while holding one."""

T = TypeVar("T")

_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode  # made once: 40 ms of 10,000 letters
_HALF = re.compile("[\ud800-\udfff]")  # half of a surrogate pair: JSON can carry it, UTF-8 cannot


class Store:
    """The database behind one door. `write` and `read` run whole transactions; `awrite` and `aread` do so off the event loop.

    What was written is on the disk when these return: it outlives the process, and the machine's power too. On SQLite that
    is `synchronous=FULL`, one wait for the disk a commit; with commits shared it took 10 % of the answers a second. On
    PostgreSQL it is the server's `synchronous_commit`, on unless somebody turned it off.
    """

    def __init__(self, url: str | URL) -> None:
        self.url = make_url(url)
        self._engine = _engine(self.url)
        self._writer = self._engine.execution_options(writes=True)
        self._reader = self._engine
        if self.url.get_backend_name() == "postgresql":  # whose default shows every statement another state
            self._reader = self._engine.execution_options(isolation_level="REPEATABLE READ")
        # One writer thread: SQLite has one writer anyway, and on PostgreSQL our own writes never wait for each other.
        self._commits = Commits(self._writer.begin)
        self._read_threads = ThreadPoolExecutor(max_workers=4, thread_name_prefix="store-read")

    def __repr__(self) -> str:
        return f"Store({self.url.get_backend_name()})"  # the URL may hold a password

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def migrate(self) -> bool:
        """Bring the schema up to date; return whether anything was to be done."""
        return schema.upgrade(self._engine)

    def schema_version(self) -> str | None:
        """Return the version the database stands at, None for an empty one."""
        return schema.version(self._engine)

    def write(self, work: Callable[[Tx], T]) -> T:
        """Run `work` in one transaction that may write; commit when it returns, roll back when it raises."""
        with self._writer.begin() as tx:
            return work(tx)

    def read(self, work: Callable[[Tx], T]) -> T:
        """Run `work` on one consistent view of the database."""
        with self._reader.begin() as tx:
            return work(tx)

    async def awrite(self, work: Callable[[Tx], T], *, alone: bool = False) -> T:
        """Run `work` in the writer thread; return when it is committed, alone or with others that waited.

        It must not hold on to the transaction's state: it may be undone by itself, or with its group. `alone` is for
        long work, so that nobody else waits for its commit.
        """
        return await self._commits.run(work, alone=alone)

    async def aread(self, work: Callable[[Tx], T]) -> T:
        """Run `read(work)` in a reader thread."""
        return await asyncio.get_running_loop().run_in_executor(self._read_threads, self.read, work)

    def close(self) -> None:
        """Finish what runs and close every connection."""
        self._commits.close()
        self._read_threads.shutdown()
        self._engine.dispose()


def insert_new(tx: Tx, name: str) -> "sqlite.Insert | postgresql.Insert":
    """Return an INSERT for this table that knows `on_conflict_do_nothing` on the database at hand."""
    return insert_for(tx.dialect.name, name)


def insert_for(dialect: str, name: str) -> "sqlite.Insert | postgresql.Insert":
    """Return the same for a database by its name, so that a statement can be built once and kept."""
    target = tables.table(name)
    if dialect == "postgresql":
        from sqlalchemy.dialects import postgresql  # noqa: PLC0415  (25 ms at start that SQLite has no use for)

        return postgresql.insert(target)
    return sqlite.insert(target)


def returned_id(tx: Tx, statement: Insert, values: Mapping[str, Any] | None = None) -> int:
    """Run an INSERT of one row and return its new id."""
    key = tx.execute(statement, values).inserted_primary_key
    if key is None:  # cannot be: every table that is inserted so has an integer key
        raise LookupError(statement.table.name)
    return int(key[0])


def _engine(url: URL) -> Engine:
    def serialise(value: object) -> str:
        text = _ENCODE(value)
        return _HALF.sub(lambda half: f"\\u{ord(half[0]):04x}", text)

    engine = create_engine(
        url,
        json_serializer=serialise,
        pool_pre_ping=url.get_backend_name() == "postgresql",
        hide_parameters=True,  # an error in the log must not tell what somebody wrote, nor who
    )
    if url.get_backend_name() == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    else:
        event.listen(engine, "connect", _prepare_postgresql)
    return engine


def _prepare_postgresql(connection: Any, _record: object) -> None:
    # A process that was suspended in the middle of a transaction must not keep its rows from whoever took over.
    connection.execute(f"SET idle_in_transaction_session_timeout = '{IDLE_SECONDS}s'")
    connection.commit()


def _prepare_sqlite(connection: Any, _record: object) -> None:
    connection.isolation_level = None  # our own BEGIN below; the driver's would come too late to be IMMEDIATE
    cursor = connection.cursor()
    for pragma in ("busy_timeout=10000", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    _turn_to_wal(cursor)
    cursor.close()


def _turn_to_wal(cursor: sqlite3.Cursor) -> None:
    """Turn the file's journal to WAL, which needs a new file to itself; there SQLite does not wait by the busy timeout."""
    for _ in range(WAL_TRIES):
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if "locked" not in str(error):
                raise
            threading.Event().wait(WAL_PAUSE)  # another process is making the same file
        else:
            return


def _begin_sqlite(connection: Connection) -> None:
    # A deferred writer that reads first fails with "database is locked" whatever the busy timeout: 60 of 80 measured.
    writes = connection.get_execution_options().get("writes", False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
