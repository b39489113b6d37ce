"""A real PostgreSQL of our own: started in a temporary folder on a unix socket, quick because nothing must survive."""

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

import psycopg
from sqlalchemy import URL, make_url

_ROOT = Path("/usr/lib/postgresql")
_ICU_SINCE = 15  # before, initdb could not choose how to sort
_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=", "max_connections=60")
_LASTING = "synchronous_commit=on"  # a commit outlives the server's own sudden end


class Server:
    """A running server that makes databases."""

    def __init__(self, folder: Path, control: Sequence[str | Path], options: Sequence[str]) -> None:
        self._socket = str(folder)
        self._control = control
        self._start = ["-l", folder / "log", "-o", " ".join(f"-c {option}" for option in options), "start"]
        self.start()
        self._numbers = count(1)
        self._emptying = ""

    def start(self) -> None:
        """Start it, and return when it answers."""
        _run([*self._control, *self._start])
        self._connection = psycopg.connect(host=self._socket, user="postgres", dbname="postgres", autocommit=True)

    def stop(self) -> None:
        """Let it end at once, as in a crash: what is open is cut off."""
        self._connection.close()
        _run([*self._control, "-m", "immediate", "stop"])

    def create(self) -> str:
        """Create a database and return its URL."""
        name = f"test{next(self._numbers)}"
        self._connection.execute(f"CREATE DATABASE {name}")  # names are our own, never typed
        return URL.create(
            "postgresql+psycopg", username="postgres", database=name, query={"host": self._socket}
        ).render_as_string(hide_password=False)

    def empty(self, url: str) -> None:
        """Take every row out of a database and count ids from 1 again: a millisecond, where a new one takes a hundred."""
        with psycopg.connect(
            host=self._socket, user="postgres", dbname=make_url(url).database, autocommit=True
        ) as connection:
            connection.execute(
                "SET lock_timeout = '5s'"
            )  # a transaction that a test left open is named, not waited for
            connection.execute(self._emptying or self._how_to_empty(connection))

    def _how_to_empty(self, connection: psycopg.Connection[tuple[str]]) -> str:
        tables = connection.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        ids = connection.execute("SELECT sequencename FROM pg_sequences WHERE schemaname = 'public'").fetchall()
        deletes = [f"DELETE FROM {table}" for (table,) in tables if table != "alembic_version"]  # noqa: S608  (our own names)
        self._emptying = ";".join(
            [
                "SET session_replication_role = replica",
                *deletes,
                *(f"SELECT setval('{each}', 1, false)" for (each,) in ids),
            ]
        )
        return self._emptying


def is_installed() -> bool:
    """Return whether Debian's PostgreSQL is on this machine."""
    return _programs() is not None


@contextmanager
def started(*, is_lasting: bool = False) -> Iterator[Server]:
    """Start a server and stop it at the end; one that `is_lasting` keeps what was committed when it is stopped."""
    programs = _programs()
    assert programs is not None
    folder = Path(tempfile.mkdtemp(prefix="nhacviec-pg-"))  # short: a unix socket's path has 107 bytes at most
    try:
        _own(folder)
        # Sorted as Vietnamese is, and by letters before signs as many servers do: a rule that only holds where text is
        # compared byte by byte must show here.
        sorting = ["--locale-provider=icu", "--icu-locale=vi-u-ka-shifted"] if _version(programs) >= _ICU_SINCE else []
        _run([programs / "initdb", "-D", folder / "db", "-U", "postgres", "-A", "trust", "-E", "UTF8", "-N",
              "--locale=C.UTF-8", *sorting])  # fmt: skip
        quick = [option for option in _QUICK if not (is_lasting and option.startswith("synchronous_commit"))]
        options = [*quick, *([_LASTING] if is_lasting else []), f"unix_socket_directories={folder}"]
        server = Server(folder, [programs / "pg_ctl", "-D", folder / "db", "-w"], options)
        try:
            yield server
        finally:
            if (folder / "db" / "postmaster.pid").exists():  # else a test left it stopped
                server.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _programs() -> Path | None:
    found = [path for path in _ROOT.glob("*/bin") if (path / "initdb").is_file()]
    return max(found, key=_version, default=None)


def _version(programs: Path) -> int:
    return int(programs.parent.name.partition(".")[0])


def _own(folder: Path) -> None:
    if os.getuid() == 0:  # PostgreSQL refuses to run as root
        postgres = pwd.getpwnam("postgres")
        os.chown(folder, postgres.pw_uid, postgres.pw_gid)


def _run(command: Sequence[str | Path]) -> None:
    user = ["runuser", "-u", "postgres", "--"] if os.getuid() == 0 else []
    words = [*user, *map(str, command)]
    done = subprocess.run(
        words, cwd="/", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
    )
    assert done.returncode == 0, done.stdout.decode(errors="replace")
