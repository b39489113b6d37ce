"""The lease: which one process ticks, sends and handles, for how long, and the epoch that every claim of it carries.

Its moments are real ones even where the house's clock is simulated, and one clock's for all: the database server's.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Row, func, select, text, update

from bot.store.engine import Tx, insert_new
from bot.store.tables import lease

NAME = "house"
_BEGINNING = 1

_SQLITE_NOW = text("SELECT strftime('%Y-%m-%dT%H:%M:%f+00:00', 'now')")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """Who had the lease last, under which epoch, and whether they still have it."""

    holder: str
    epoch: int
    expires_at: datetime
    is_living: bool


def take(tx: Tx, *, holder: str, life: timedelta, by_force: bool = False) -> int | None:
    """Take the lease or renew our own, for `life` from now; return its epoch, None while somebody else has it.

    One that ran out, our own too, begins anew under the next epoch. `by_force` is for who knows that no other process
    lives: whatever stands there is ended.
    """
    row = _row(tx)
    if row is None:
        return _begun(tx, holder, life)
    if not by_force and row.holder != holder and row.expires_at > moment(tx):
        return None  # most of what a follower ever asks: nothing locked, nothing written
    row = _row(tx, locked=True)
    now = moment(tx)  # after the lock, for which we may have waited
    if row is None:
        return None
    is_living = row.expires_at > now and not by_force
    if is_living and row.holder != holder:
        return None
    epoch: int = row.epoch if is_living else row.epoch + 1
    values = {"holder": holder, "epoch": epoch, "expires_at": now + life}
    tx.execute(update(lease).where(lease.c.name == NAME).values(**values))
    return epoch


def is_current(tx: Tx, epoch: int) -> bool:
    """Say whether this epoch's holder has the lease still; nobody can take it before this transaction ends."""
    row = _row(tx, locked=True)
    return row is not None and row.epoch == epoch and row.expires_at > moment(tx)


def release(tx: Tx, *, holder: str) -> None:
    """End our own lease now, so that the next need not wait for its end; another's is left alone."""
    tx.execute(update(lease).where(lease.c.name == NAME, lease.c.holder == holder).values(expires_at=moment(tx)))


def holder(tx: Tx) -> Held | None:
    """Return who had the lease last, None where nobody ever had."""
    row = _row(tx)
    if row is None:
        return None
    return Held(holder=row.holder, epoch=row.epoch, expires_at=row.expires_at, is_living=row.expires_at > moment(tx))


def moment(tx: Tx) -> datetime:
    """Return what time it is by the database's clock; on SQLite, this machine's."""
    if tx.dialect.name == "sqlite":
        return datetime.fromisoformat(tx.execute(_SQLITE_NOW).scalar_one())
    now: datetime = tx.execute(select(func.clock_timestamp())).scalar_one()  # now() is when the transaction began
    return now


def _begun(tx: Tx, holder: str, life: timedelta) -> int | None:
    values = {"name": NAME, "holder": holder, "epoch": _BEGINNING, "expires_at": moment(tx) + life}
    statement = insert_new(tx, "lease").values(**values).on_conflict_do_nothing(index_elements=["name"])
    row = tx.execute(statement.returning(lease.c.epoch)).first()
    return _BEGINNING if row is not None else None


def _row(tx: Tx, *, locked: bool = False) -> Row[Any, Any, Any] | None:
    wanted = select(lease.c.holder, lease.c.epoch, lease.c.expires_at).where(lease.c.name == NAME)
    return tx.execute(wanted.with_for_update() if locked else wanted).first()
