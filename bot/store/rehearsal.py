"""A copy of the database to try things on: whatever happens there, the original stays as it is."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory

from sqlalchemy import URL, Table, insert, make_url, select

from bot.store import copies, schema
from bot.store.engine import Store, Tx
from bot.store.tables import METADATA

AT_ONCE = 2000  # rows on their way from one database to the other
LEFT_OUT = frozenset({"inbox", "evidence", "invite", "guess", "bafflement", "lease"})
"""Tables that no tick reads: what was heard, files, codes."""


@contextmanager
def copied(url: str | URL) -> Iterator[Store]:
    """Open a copy of one state of a database for as long as the block lasts, as SQLite in a folder of its own.

    A database that does not exist yet is copied as an empty one; an SQLite file of an older schema is brought up to date
    in the copy. Raises SchemaError where another kind of database is not of this program's schema.
    """
    source = make_url(url)
    with TemporaryDirectory(prefix="nhacviec-") as folder:  # readable by its owner only: it holds names and chats
        target = Path(folder) / "rehearsal.db"
        is_file = source.get_backend_name() == "sqlite"
        if is_file and source.database and Path(source.database).exists():
            copies.copy(Path(source.database), target)
        with Store(f"sqlite:///{target}") as made:
            made.migrate()
            if not is_file:
                _carry(source, made)
            yield made


def _carry(source: URL, made: Store) -> None:
    with Store(source) as live:
        if live.schema_version() != schema.HEAD:
            raise schema.SchemaError(
                f"Cơ sở dữ liệu chưa ở phiên bản {schema.HEAD}; hãy chạy nhacviec migrate trước khi dự báo."
            )
        live.read(lambda here: made.write(lambda there: _carry_rows(here, there)))


def _carry_rows(here: Tx, there: Tx) -> None:
    for table in METADATA.sorted_tables:  # parents before their children
        if table.name not in LEFT_OUT:
            _carry_table(here, there, table)


def _carry_table(here: Tx, there: Tx, table: Table) -> None:
    rows = here.execute(select(table), execution_options={"stream_results": True, "yield_per": AT_ONCE})
    for some in rows.mappings().partitions(AT_ONCE):
        there.execute(insert(table), [dict(row) for row in some])
