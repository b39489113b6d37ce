"""What every test stands on: no network but this machine's, and a store on SQLite and on a real PostgreSQL."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.store import Store
from tests.fakes.network import Watch, watch
from tests.fakes.postgres import Server, is_installed, started

_WATCH = watch()
_MISSING = "PostgreSQL is not installed (Debian: apt-get install postgresql)"
_skipped: set[str] = set()


@pytest.fixture(autouse=True)
def no_network_but_this_machine() -> Iterator[Watch]:
    """Refuse every connection that leaves this machine, and fail the test even where the refusal was swallowed."""
    _WATCH.refused.clear()
    yield _WATCH
    assert not _WATCH.refused, f"the test tried to reach {_WATCH.refused}"


@pytest.fixture(scope="session")
def postgres_server(request: pytest.FixtureRequest) -> Iterator[Server]:
    """A PostgreSQL of our own, stopped and removed at the end."""
    if not is_installed():
        if os.environ.get("CI") == "true":
            pytest.fail(_MISSING)
        _skipped.add(_MISSING)
        pytest.skip(_MISSING)
    with started() as server:
        yield server


@pytest.fixture(scope="session")
def postgres_url(postgres_server: Server) -> str:
    """The URL of an empty database that the tests of one session share."""
    return postgres_server.create()


@pytest.fixture(scope="session")
def _migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("sqlite") / "migrated.db"
    with Store(f"sqlite:///{path}") as store:
        store.migrate()
    return path


@pytest.fixture(scope="session")
def _migrated_postgres(postgres_server: Server) -> str:
    url = postgres_server.create()
    with Store(url) as store:
        store.migrate()
    return url


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def store_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of a fresh database of the current schema, once on each kind."""
    if request.param == "sqlite":
        path = tmp_path / "nhacviec.db"
        shutil.copyfile(request.getfixturevalue("_migrated_sqlite"), path)
        return f"sqlite:///{path}"
    url: str = request.getfixturevalue("_migrated_postgres")
    server: Server = request.getfixturevalue("postgres_server")
    server.empty(url)
    return url


@pytest.fixture
def store(store_url: str) -> Iterator[Store]:
    """An empty store, once on each kind of database."""
    with Store(store_url) as opened:
        yield opened


@pytest.fixture
def sqlite_store(tmp_path: Path, _migrated_sqlite: Path) -> Iterator[Store]:
    """An empty store on SQLite, for what does not depend on the database."""
    path = tmp_path / "nhacviec.db"
    shutil.copyfile(_migrated_sqlite, path)
    with Store(f"sqlite:///{path}") as opened:
        yield opened


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Say loudly what was not tested."""
    for sentence in _skipped:
        terminalreporter.write_line(f"NOT TESTED: {sentence}", red=True, bold=True)
