"""From every earlier schema up, with every row kept; cut off anywhere, nothing has happened. There is no way down."""

import asyncio
import signal
import sqlite3
import sys
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from importlib import import_module, resources
from pathlib import Path
from threading import Barrier
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import (
    JSON,
    Column,
    Date,
    DateTime,
    Engine,
    Integer,
    MetaData,
    String,
    Table,
    create_engine,
    event,
    insert,
    select,
    update,
)

from bot.store import Store, copies, outbox, schema, tables
from bot.store.schema import SchemaError
from tests.store.builders import HOUR, NOW

EARLIER = [each for each in schema.versions() if each != schema.HEAD]
ROWS = 3
STATES = ("waiting", "claimed", "sent", "failed", "in_doubt", "cancelled")


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, store_url: str) -> str:
    """The URL of a database of the same kind that has nothing in it."""
    if store_url.startswith("sqlite"):
        return store_url.replace("nhacviec.db", "empty.db")
    return str(request.getfixturevalue("postgres_server").create())


def build(url: str, version: str) -> None:
    """Build a database of an earlier schema, as that version's program did."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("bot.store") / "migrations"))
    engine = create_engine(url)
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, version)
    engine.dispose()


def fill(url: str) -> dict[str, list[dict[str, Any]]]:
    """Put rows into every table by what the database itself says of its columns; return them as they are read back."""
    engine = create_engine(url)
    with engine.begin() as connection:
        for table in reflected(engine).sorted_tables:
            for row in range(1, ROWS + 1):
                connection.execute(insert(table).values({each.name: value(each, row) for each in table.columns}))
    found = rows(engine)
    engine.dispose()
    assert all(len(each) == ROWS for each in found.values())
    return found


def value(column: Column[Any], row: int) -> Any:
    """Return something that tells this column and row from all others; the last row is empty where that is allowed."""
    if column.nullable and row == ROWS:
        return None
    if column.foreign_keys or (column.primary_key and isinstance(column.type, Integer)):
        return row
    number = row * 1000 + sum(map(ord, column.name))
    known: dict[type, Any] = {
        Integer: number,
        Date: date(2022, 9, 26) + timedelta(days=row),
        DateTime: datetime(2022, 9, 26, 1, 2, 3, 456789, tzinfo=UTC) + timedelta(seconds=number),
        JSON: {"đơn vị": [row, None, True, {"tên": f"{column.name} «{row}»"}]},
        String: f"{column.name} Quế Sơn 🏛 ' \" {row}",
    }
    return next(each for kind, each in known.items() if isinstance(column.type, kind))


def rows(engine: Engine) -> dict[str, list[dict[str, Any]]]:
    """Return all rows of all tables but the version's."""
    with engine.connect() as connection:
        return {
            table.name: [dict(row._mapping) for row in connection.execute(select(table).order_by(*table.primary_key))]
            for table in reflected(engine).sorted_tables
        }


def reflected(engine: Engine) -> MetaData:
    """Return the tables as the database has them."""
    found = MetaData()
    found.reflect(engine)
    found.remove(found.tables["alembic_version"])
    return found


def kept(before: Mapping[str, list[dict[str, Any]]], after: Mapping[str, list[dict[str, Any]]]) -> bool:
    """Return whether every old column of every old row is there with its old value."""
    return all(
        [{name: row[name] for name in old} for old, row in zip(olds, after[table], strict=True)] == olds
        for table, olds in before.items()
    )


def now_in(url: str) -> dict[str, list[dict[str, Any]]]:
    engine = create_engine(url)
    try:
        return rows(engine)
    finally:
        engine.dispose()


@pytest.mark.parametrize("version", EARLIER)
def test_every_row_of_every_earlier_schema_is_kept(empty_url: str, version: str) -> None:
    build(empty_url, version)
    before = fill(empty_url)

    with Store(empty_url) as store:
        assert store.schema_version() == version
        assert store.migrate()
        assert store.schema_version() == schema.HEAD

    assert kept(before, now_in(empty_url))


@pytest.mark.parametrize("version", EARLIER)
def test_an_earlier_schema_becomes_exactly_the_tables_of_the_code(empty_url: str, version: str) -> None:
    build(empty_url, version)
    fill(empty_url)

    with Store(empty_url) as store:
        store.migrate()

    engine = create_engine(empty_url)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        drift = compare_metadata(context, tables.METADATA)
    engine.dispose()
    assert drift == []


@pytest.mark.parametrize("version", EARLIER)
def test_a_full_outbox_goes_on_where_it_stood(empty_url: str, version: str) -> None:
    build(empty_url, version)
    engine = create_engine(empty_url)
    table = reflected(engine).tables["outbox"]
    with engine.begin() as connection:
        connection.execute(insert(table), [old_letter(table, number) for number in range(6000)])
    engine.dispose()

    with Store(empty_url) as store:
        store.migrate()
        counted = store.read(outbox.counts)
        claimed = store.write(
            lambda tx: tx.execute(select(tables.outbox).where(tables.outbox.c.state == "waiting")).all()
        )

    assert counted == {("fake", state): 1000 for state in STATES}
    assert [(row.key, row.text, row.epoch, row.claimed_until) for row in claimed] == [
        (f"k{number:05}", f"Việc {number}", 0, None) for number in range(6000) if STATES[number % 6] == "waiting"
    ]


def old_letter(table: Table, number: int) -> dict[str, Any]:
    """Return an outbox row as an earlier version wrote it."""
    given = {column.name: value(column, 1) for column in table.columns if column.name != "id"}
    said = {"key": f"k{number:05}", "channel": "fake", "chat_id": str(number), "text": f"Việc {number}"}
    when = {"not_before": NOW, "expires_at": NOW + HOUR, "lane": 0, "buttons": [], "file": {}}
    free = {name: word for name, word in (("epoch", 0), ("claimed_until", None)) if name in table.columns}
    return given | said | when | free | {"state": STATES[number % len(STATES)]}


def test_there_is_no_way_down() -> None:
    """What a newer version learned would be lost: the way back is the copy that was made before."""
    folder = resources.files("bot.store") / "migrations" / "versions"
    names = sorted(each.name.removesuffix(".py") for each in folder.iterdir() if each.name[0].isdigit())

    assert names
    for name in names:
        assert not hasattr(import_module(f"bot.store.migrations.versions.{name}"), "downgrade")


@pytest.mark.parametrize("version", EARLIER)
def test_several_that_bring_the_same_database_up_at_once_all_get_in(empty_url: str, version: str) -> None:
    build(empty_url, version)
    before = fill(empty_url)
    ready = Barrier(4)

    def get_in() -> bool:
        ready.wait()
        with Store(empty_url) as store:
            return store.migrate()

    with ThreadPoolExecutor(4) as together:
        did = [each.result() for each in [together.submit(get_in) for _ in range(4)]]

    assert sorted(did) == [False, False, False, True]
    assert kept(before, now_in(empty_url))


MIGRATE_AND_DIE = """
import os, signal, sys
from sqlalchemy import Engine, event
from bot.store import Store

url, nth = sys.argv[1], int(sys.argv[2])
seen = 0

@event.listens_for(Engine, "after_cursor_execute")
def die(connection, cursor, statement, parameters, context, many):
    global seen
    if statement.split()[0] in ("CREATE", "ALTER", "UPDATE"):
        seen += 1
        if seen == nth:
            os.kill(os.getpid(), signal.SIGKILL)

with Store(url) as store:
    store.migrate()
print(seen)
"""


async def migrate_and_die(url: str, nth: int) -> tuple[int | None, str]:
    """Run a migration as a process that kills itself after its nth changing statement; return its code and words."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", MIGRATE_AND_DIE, url, str(nth), stdout=asyncio.subprocess.PIPE
    )
    out, _ = await process.communicate()
    return process.returncode, out.decode()


def statements_of(url: str) -> int:
    """Return how many changing statements the way up from a database takes; it is gone that way afterwards."""
    seen: list[str] = []

    def note(*given: Any) -> None:
        seen.append(given[2].split()[0])

    event.listen(Engine, "after_cursor_execute", note)
    try:
        with Store(url) as store:
            store.migrate()
    finally:
        event.remove(Engine, "after_cursor_execute", note)
    return sum(word in ("CREATE", "ALTER", "UPDATE") for word in seen)


@pytest.mark.process
@pytest.mark.parametrize("moment", ["first", "middle", "last"])
@pytest.mark.parametrize("version", EARLIER)
async def test_a_migration_killed_anywhere_has_not_happened_and_the_next_one_does_it(
    empty_url: str, version: str, moment: str, tmp_path: Path
) -> None:
    build(f"sqlite:///{tmp_path / 'trial.db'}", version)
    number = statements_of(f"sqlite:///{tmp_path / 'trial.db'}")
    build(empty_url, version)
    before = fill(empty_url)

    nth = {"first": 1, "middle": number // 2, "last": number}[moment]
    code, _ = await migrate_and_die(empty_url, nth)

    assert code == -signal.SIGKILL
    with Store(empty_url) as store:
        assert store.schema_version() == version
        assert now_in(empty_url) == before
        assert store.migrate()
        assert store.schema_version() == schema.HEAD
    assert kept(before, now_in(empty_url))


@pytest.mark.parametrize("version", EARLIER)
def test_a_file_is_copied_before_it_is_brought_up(tmp_path: Path, version: str) -> None:
    url = f"sqlite:///{tmp_path / 'nhacviec.db'}"
    build(url, version)
    before = fill(url)

    with Store(url) as store:
        where = schema.copy_before(store.url)
        store.migrate()

    assert where == tmp_path / f"nhacviec-before-{schema.HEAD}.db"
    assert now_in(f"sqlite:///{where}") == before
    with closing(copies.reading(where)) as copy:
        assert copy.execute("SELECT version_num FROM alembic_version").fetchone() == (version,)
    assert not list(tmp_path.glob("*.partial*"))


def test_a_new_database_and_one_that_is_up_to_date_leave_no_copy(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'nhacviec.db'}") as store:
        store.migrate()
        store.migrate()

    assert not list(tmp_path.glob("*before*"))


@pytest.mark.parametrize("version", EARLIER)
def test_a_file_that_cannot_be_copied_is_not_brought_up(tmp_path: Path, version: str) -> None:
    url = f"sqlite:///{tmp_path / 'nhacviec.db'}"
    build(url, version)
    before = fill(url)
    (tmp_path / f"nhacviec-before-{schema.HEAD}.db").mkdir()  # its name is taken by something that cannot be replaced

    with Store(url) as store, pytest.raises(SchemaError, match="chỗ trống"):
        store.migrate()

    assert now_in(url) == before


@pytest.mark.parametrize("version", EARLIER)
def test_what_a_cut_off_copy_left_is_made_anew(tmp_path: Path, version: str) -> None:
    url = f"sqlite:///{tmp_path / 'nhacviec.db'}"
    build(url, version)
    before = fill(url)
    for left in (".partial", ".partial-journal"):
        (tmp_path / f"nhacviec-before-{schema.HEAD}.db{left}").write_bytes(b"half" * 4000)

    with Store(url) as store:
        store.migrate()

    assert now_in(f"sqlite:///{tmp_path}/nhacviec-before-{schema.HEAD}.db") == before


def test_a_database_from_the_future_is_refused_and_left_alone(store_url: str) -> None:
    engine = create_engine(store_url)
    with engine.begin() as connection:
        version = Table("alembic_version", MetaData(), Column("version_num", String))
        connection.execute(update(version).values(version_num="9999"))
    try:
        with Store(store_url) as store:
            with pytest.raises(SchemaError, match=r"9999.*mới hơn.*nhacviec restore"):
                store.migrate()
            assert store.schema_version() == "9999"
    finally:
        with engine.begin() as connection:  # the tests of a session share a server's database
            connection.execute(update(version).values(version_num=schema.HEAD))
        engine.dispose()


def test_the_statements_of_a_migration_are_one_transaction_on_sqlite(tmp_path: Path) -> None:
    """Alembic says of SQLite that its DDL is not transactional: in our own BEGIN IMMEDIATE it must not commit."""
    build(f"sqlite:///{tmp_path / 'nhacviec.db'}", EARLIER[0])
    said: list[str] = []
    with Store(f"sqlite:///{tmp_path / 'nhacviec.db'}") as store:
        event.listen(store._engine, "commit", lambda _: said.append("commit"))
        event.listen(store._engine, "before_cursor_execute", lambda *given: said.append(given[2].split()[0]))
        store.migrate()

    with closing(sqlite3.connect(tmp_path / "nhacviec.db")) as database:
        assert database.execute("SELECT version_num FROM alembic_version").fetchone() == (schema.HEAD,)
    since = said[said.index("ALTER") :]
    assert since.count("commit") == 1
    assert since[-1] == "commit"
