"""The schema: what migrations build is what tables.py says, and a database that is up to date costs nothing."""

import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta, timezone
from importlib import resources
from itertools import count
from pathlib import Path
from threading import Barrier, get_ident

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import create_engine, func, insert, inspect, select

from bot.store import Store, Tx, inbox, schema, tables
from tests.store.builders import NOW, at_once

_NUMBERS = count(1)


@pytest.fixture
def empty_url(request: pytest.FixtureRequest, store_url: str) -> str:
    """The URL of a database of the same kind that has nothing in it."""
    if store_url.startswith("sqlite"):
        return store_url.replace("nhacviec.db", "empty.db")
    return request.getfixturevalue("postgres_server").create()


def test_migrations_build_exactly_the_tables_of_the_code(empty_url: str) -> None:
    with Store(empty_url) as store:
        before = store.schema_version()
        did_something = store.migrate()
        after = store.schema_version()

        engine = create_engine(empty_url)
        with engine.connect() as connection:
            names = set(inspect(connection).get_table_names())
            context = MigrationContext.configure(connection, opts={"compare_type": True})
            drift = compare_metadata(context, tables.METADATA)
        engine.dispose()

    assert (before, did_something, after) == (None, True, schema.HEAD)
    assert names == set(tables.METADATA.tables) | {"alembic_version"}
    assert drift == []


def test_a_second_upgrade_does_nothing(empty_url: str) -> None:
    with Store(empty_url) as store:
        assert store.migrate()

        assert not store.migrate()


def test_head_names_the_newest_migration() -> None:
    folder = resources.files("bot.store") / "migrations" / "versions"
    versions = sorted(each.name.partition("_")[0] for each in folder.iterdir() if each.name[0].isdigit())

    assert versions[-1] == schema.HEAD


def test_a_start_on_an_up_to_date_database_does_not_load_alembic(store_url: str) -> None:
    program = (
        "import sys; from bot.store import Store\n"
        f"with Store({store_url!r}) as store: print(store.migrate(), 'alembic' in sys.modules)"
    )

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)

    assert done.stdout.split() == ["False", "False"]


def test_the_address_of_a_database_is_not_shown() -> None:
    with Store("postgresql+psycopg://bot:secret-word@127.0.0.1/nhacviec") as store:
        assert "secret-word" not in repr(store)


ZONES = st.integers(-14 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2100, 1, 1), timezones=ZONES)  # noqa: DTZ001


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(moment=MOMENTS)
def test_a_moment_comes_back_as_the_same_moment(store: Store, moment: datetime) -> None:
    def there_and_back(tx: Tx) -> datetime:
        key = tx.execute(insert(tables.guess).values(channel="c", chat_id="a", at=moment)).inserted_primary_key
        assert key is not None
        return tx.execute(select(tables.guess.c.at).where(tables.guess.c.id == key[0])).scalar_one()

    back = store.write(there_and_back)

    assert back == moment
    assert back.utcoffset() == timedelta()


def test_a_moment_without_a_zone_is_refused(store: Store) -> None:
    naive = NOW.replace(tzinfo=None)

    with pytest.raises(Exception, match="timezone"):
        store.write(lambda tx: tx.execute(insert(tables.guess).values(channel="c", chat_id="a", at=naive)))


def test_a_transaction_that_raises_leaves_nothing(store: Store) -> None:
    def half(tx: Tx) -> None:
        inbox.put(tx, channel="c", external_id="1", raw={}, now=NOW)
        raise LookupError("half-way")

    with pytest.raises(LookupError):
        store.write(half)

    assert store.read(inbox.counts) == {}


def test_writers_that_read_first_wait_for_each_other(store: Store) -> None:
    def count_and_add(tx: Tx) -> None:
        number = tx.execute(select(func.count()).select_from(tables.mark)).scalar_one()
        tx.execute(insert(tables.mark).values(name=f"{number} {get_ident()}", word=""))

    for _ in range(5):
        at_once(store, *[count_and_add] * 4)

    assert store.read(lambda tx: tx.execute(select(func.count()).select_from(tables.mark)).scalar_one()) == 20


def test_a_read_sees_one_state_whatever_is_written_meanwhile(store: Store) -> None:
    def look_twice(tx: Tx) -> tuple[object, object]:
        before = inbox.counts(tx)
        store.write(lambda other: inbox.put(other, channel="c", external_id="1", raw={}, now=NOW))
        return before, inbox.counts(tx)

    before, after = store.read(look_twice)

    assert before == after == {}


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec=None)))
def test_any_json_that_a_network_can_send_comes_back(store: Store, text: str) -> None:
    raw = {"text": text, text: [1, None, {"đ": "ệ"}]}

    def there_and_back(tx: Tx) -> object:
        inbox.put(tx, channel="c", external_id=str(next(_NUMBERS)), raw=raw, now=NOW)
        return inbox.waiting(tx, after=0, limit=1000)[-1].raw

    assert store.write(there_and_back) == raw


@pytest.mark.parametrize("text", ["\ud83d", "đủ \ud83d rồi", "\x00", "\u2028"], ids=ascii)
def test_halves_of_letters_are_kept_too(store: Store, text: str) -> None:
    def there_and_back(tx: Tx) -> object:
        inbox.put(tx, channel="c", external_id="1", raw={"text": text}, now=NOW)
        return inbox.waiting(tx, after=0, limit=1)[0].raw

    assert store.write(there_and_back) == {"text": text}


def test_several_that_make_the_same_new_file_at_once_all_get_in(tmp_path: Path) -> None:
    """Two commands on a new home: turning its journal to WAL locks out the other, and SQLite does not wait there."""
    for number in range(10):
        url = f"sqlite:///{tmp_path / f'{number}.db'}"
        ready = Barrier(4)

        def get_in(url: str = url, ready: Barrier = ready) -> str | None:
            ready.wait()
            with Store(url) as store:
                store.migrate()
                return store.schema_version()

        with ThreadPoolExecutor(4) as together:
            assert [each.result() for each in [together.submit(get_in) for _ in range(4)]] == [schema.HEAD] * 4
