"""The real program with one point armed at which it kills itself, as a power cut would, the n-th time it comes there.

`python -m tests.kills.child POINT NTH -- run --home …`; the point "" arms nothing. Points of the store look at the
statements that reach the database and at commits, so that code may move about without them.
"""

import os
import re
import shutil
import signal
import sqlite3
import sys
import threading
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import partial, wraps
from pathlib import Path
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.engine.default import DefaultDialect

Trap = Callable[[], None]
Seen = Callable[[str, Any], bool]  # does this statement, with its parameters, mark the point?


def trap(nth: int) -> Trap:
    """Return what ends this process at the n-th call: no handler, no flush, no goodbye."""
    left = nth
    lock = threading.Lock()

    def spring() -> None:
        nonlocal left
        with lock:
            left -= 1
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)

    return spring


def begins(*words: str) -> Seen:
    """Return whether a statement begins with one of these, whatever lines it stands on."""
    return lambda statement, _: statement.strip().startswith(words)


def moves_to(table: str, state: str) -> Seen:
    """Return whether a statement gives a row of the outbox, or of another table, this state, on either kind of database."""
    return lambda statement, parameters: (
        statement.startswith(f"UPDATE {table} SET")
        and any(
            _new_state(statement, each) == state
            for each in (parameters if isinstance(parameters, list) else [parameters])
        )
    )


outbox_to = partial(moves_to, "outbox")


def remembers(name: str, word: str) -> Seen:
    """Return whether a statement remembers a word that begins so under a name."""

    def look(statement: str, parameters: Any) -> bool:
        values = list(map(str, parameters.values() if isinstance(parameters, Mapping) else parameters))
        return statement.startswith("INSERT INTO mark") and name in values and any(map(starts, values))

    def starts(value: str) -> bool:
        return value.startswith(word)

    return look


def _new_state(statement: str, parameters: Any) -> object:
    if isinstance(parameters, Mapping):
        named = re.search(r"\bstate=%\((\w+)\)s", statement)
        return parameters[named[1]] if named else None
    assert isinstance(parameters, Sequence)
    before, found, _ = statement.partition("state=?")
    return parameters[before.count("?")] if found and " WHERE " not in before else None


def inside(seen: Seen, then: Seen) -> Callable[[Trap], None]:
    """Return what arms a point right after a statement, in a transaction that holds another one before it."""

    def arm(spring: Trap) -> None:
        _note(seen)

        def look(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if connection.info.get("seen", False) and then(statement, parameters):
                spring()

        event.listen(Engine, "after_cursor_execute", look)
        event.listen(Engine, "commit", lambda connection: connection.info.pop("seen", None))

    return arm


def at_statement(name: str, seen: Seen) -> Callable[[Trap], None]:
    """Return what arms a point at a statement: "before_cursor_execute" or "after_cursor_execute"."""

    def arm(spring: Trap) -> None:
        def look(_connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
            if seen(statement, parameters):
                spring()

        event.listen(Engine, name, look)

    return arm


def before_commit(seen: Seen) -> Callable[[Trap], None]:
    """Return what arms a point after all the statements of a transaction that holds such a one, before its commit."""

    def arm(spring: Trap) -> None:
        _note(seen)
        event.listen(Engine, "commit", lambda connection: spring() if connection.info.pop("seen", False) else None)

    return arm


def after_commit(seen: Seen) -> Callable[[Trap], None]:
    """Return what arms a point right after the commit of a transaction that holds such a statement."""

    def arm(spring: Trap) -> None:
        _note(seen)
        commit = DefaultDialect.do_commit

        def committed(self: DefaultDialect, connection: Any) -> None:
            commit(self, connection)
            if connection.info.pop("seen", False):
                spring()

        DefaultDialect.do_commit = committed  # type: ignore[method-assign, assignment]

    return arm


def _note(seen: Seen) -> None:
    """Remember of a transaction that it holds such a statement; one that is rolled back is forgotten."""

    def look(connection: Any, _cursor: Any, statement: str, parameters: Any, *_: Any) -> None:
        if seen(statement, parameters):
            connection.info["seen"] = True

    event.listen(Engine, "before_cursor_execute", look)
    event.listen(Engine, "rollback", lambda connection: connection.info.pop("seen", None))


def at_send(*, after: bool) -> Callable[[Trap], None]:
    """Return what arms a point right before a message is given to Telegram, or right after its answer has come."""

    def arm(spring: Trap) -> None:
        from bot.channels.telegram import TelegramChannel

        send = TelegramChannel.send

        @wraps(send)
        async def sent(self: TelegramChannel, *given: Any, **named: Any) -> Any:
            if not after:
                spring()
            result = await send(self, *given, **named)
            if after:
                spring()
            return result

        TelegramChannel.send = sent  # type: ignore[method-assign]

    return arm


def in_a_file(folder: str, ending: str) -> Callable[[Trap], None]:
    """Return what arms a point in the middle of writing a file of such a name into such a folder."""

    def arm(spring: Trap) -> None:
        write = Path.write_bytes

        def half(self: Path, content: bytes) -> int:
            if self.parent.name == folder and ending in self.name:
                write(self, content[: len(content) // 2])
                spring()
            return write(self, content)

        Path.write_bytes = half  # type: ignore[method-assign, assignment]

    return arm


def in_the_copy_of_a_database(spring: Trap) -> None:
    """Arm a point at each page of an online copy."""

    class Slow(sqlite3.Connection):
        def backup(self, target: sqlite3.Connection, **_: Any) -> None:  # type: ignore[override]
            super().backup(target, pages=1, progress=lambda *_: spring())

    connect = sqlite3.connect
    sqlite3.connect = partial(connect, factory=Slow)


def in_the_copy_of_a_file(spring: Trap) -> None:
    """Arm a point in the middle of each file that is copied."""
    copyfile = shutil.copyfile

    def half(source: Any, target: Any, **named: Any) -> Any:
        content = Path(source).read_bytes()
        Path(target).write_bytes(content[: len(content) // 2])
        spring()
        return copyfile(source, target, **named)

    shutil.copyfile = half


def at_the_name(*, after: bool) -> Callable[[Trap], None]:
    """Return what arms a point before or after something whole is given its name."""

    def arm(spring: Trap) -> None:
        replace = Path.replace

        def named(self: Path, target: Any) -> Path:
            if not after:
                spring()
            found = replace(self, target)
            if after:
                spring()
            return found

        Path.replace = named  # type: ignore[method-assign, assignment]

    return arm


POINTS: dict[str, Callable[[], Callable[[Trap], None]]] = {
    "": lambda: lambda _: None,
    "before claim": lambda: at_statement("before_cursor_execute", outbox_to("claimed")),
    "claimed, not committed": lambda: before_commit(outbox_to("claimed")),
    "claimed, committed": lambda: after_commit(outbox_to("claimed")),
    "before request": lambda: at_send(after=False),
    "after egress": lambda: at_send(after=True),
    "recorded, not committed": lambda: before_commit(outbox_to("sent")),
    "recorded, committed": lambda: after_commit(outbox_to("sent")),
    "inbox, not committed": lambda: before_commit(begins("INSERT INTO inbox")),
    "inbox, not confirmed": lambda: after_commit(begins("INSERT INTO inbox")),
    "in a handler": lambda: at_statement("after_cursor_execute", begins("INSERT INTO report")),
    "handled, not committed": lambda: before_commit(begins("INSERT INTO report")),
    "handled, not answered": lambda: after_commit(begins("INSERT INTO report")),
    "decided, not committed": lambda: before_commit(begins("INSERT INTO decision")),
    "reminded, not committed": lambda: before_commit(begins("INSERT INTO ledger")),
    "reminded, committed": lambda: after_commit(begins("INSERT INTO ledger")),
    "before the revision": lambda: at_statement("before_cursor_execute", begins("INSERT INTO revision")),
    "revision, no letters": lambda: inside(begins("INSERT INTO revision"), begins("INSERT INTO due_change")),
    "revision and a letter": lambda: inside(begins("INSERT INTO revision"), begins("INSERT INTO outbox")),
    "agreed, not committed": lambda: before_commit(moves_to("proposal", "agreed")),
    "agreed, committed": lambda: after_commit(moves_to("proposal", "agreed")),
    "catalogue, not committed": lambda: before_commit(begins("INSERT INTO revision")),
    "catalogue, committed": lambda: after_commit(begins("INSERT INTO revision")),
    "in keeping step": lambda: at_statement("after_cursor_execute", begins("INSERT INTO occurrence")),
    "dues moved, not committed": lambda: before_commit(begins("INSERT INTO due_change")),
    "dues moved, committed": lambda: after_commit(begins("INSERT INTO due_change")),
    "in shading": lambda: at_statement("after_cursor_execute", outbox_to("shadowed")),
    "shaded, not committed": lambda: before_commit(outbox_to("shadowed")),
    "shaded, committed": lambda: after_commit(outbox_to("shadowed")),
    "going live, not committed": lambda: before_commit(remembers("shadow", "live")),
    "going live, committed": lambda: after_commit(remembers("shadow", "live")),
    "in the picture": lambda: in_a_file("summaries", ".png"),
    "in the workbook": lambda: in_a_file("summaries", ".xlsx"),
    "summary, not committed": lambda: before_commit(begins("INSERT INTO summary")),
    "summary, committed": lambda: after_commit(begins("INSERT INTO summary")),
    "in a migration": lambda: at_statement("after_cursor_execute", begins("ALTER", "CREATE")),
    "migrated, not committed": lambda: before_commit(begins("UPDATE alembic_version")),
    "in the copied database": lambda: in_the_copy_of_a_database,
    "in a copied file": lambda: in_the_copy_of_a_file,
    "before the name": lambda: at_the_name(after=False),
    "after the name": lambda: at_the_name(after=True),
}


def _stand_still(moment: datetime) -> None:
    """Let the machine's clock stand at a moment, for commands, which ask no other."""
    from bot.app.clock import RealClock

    RealClock.now = lambda _: moment  # type: ignore[method-assign]


def main() -> None:
    """Arm the point and run the program."""
    point, nth, words = sys.argv[1], int(sys.argv[2]), sys.argv[4:]
    POINTS[point]()(trap(nth))
    if moment := os.environ.get("KILLS_NOW"):
        _stand_still(datetime.fromisoformat(moment))
    from bot.cli import main as nhacviec

    nhacviec(words, prog_name="nhacviec")


if __name__ == "__main__":
    main()
