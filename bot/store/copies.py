"""Copies of an SQLite file: online, of one state, whole or not there at all."""

import sqlite3
from contextlib import closing
from pathlib import Path
from urllib.parse import quote


def reading(path: Path) -> sqlite3.Connection:
    """Return a connection that only reads this file; sqlite3.Error where it cannot be opened."""
    # Quoted: a folder may have "#", "?" or "%" in its name.
    return sqlite3.connect(f"file:{quote(str(path))}?mode=ro", uri=True)


def copy(source: Path, target: Path) -> None:
    """Copy one state of a database that may be in use into a new file; sqlite3.Error where that fails."""
    with closing(reading(source)) as live, closing(sqlite3.connect(target)) as made:
        live.backup(made)
        made.execute("PRAGMA journal_mode=DELETE")  # one plain file, readable where nothing can be written beside it


def copy_whole(source: Path, target: Path) -> None:
    """Copy as `copy` does, under the name only when it is whole; what has that name is replaced."""
    partial = target.with_name(f"{target.name}.partial")
    for left in (partial, partial.with_name(f"{partial.name}-journal")):  # by a copy that was cut off
        left.unlink(missing_ok=True)
    copy(source, partial)
    partial.replace(target)
