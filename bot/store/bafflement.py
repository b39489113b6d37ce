"""How often in a row somebody was answered that they were not understood: after the fifth time, a person is to help."""

from datetime import datetime, timedelta

from sqlalchemy import bindparam, delete, func, select

from bot.store.engine import Tx, insert_new
from bot.store.tables import bafflement

LIMIT = 5
"""Answers in a row. Two programs that answer each other end after as many."""

REST = timedelta(hours=24)
"""After so long since the last answer it is begun anew."""

_HERE = (bafflement.c.channel == bindparam("channel"), bafflement.c.chat_id == bindparam("chat_id"))
_FOUND = select(bafflement.c.times, bafflement.c.at).where(*_HERE)
_FORGET = delete(bafflement).where(*_HERE)


def count(tx: Tx, *, channel: str, chat_id: str, now: datetime) -> int | None:
    """Count one more answer of this kind and return which in the row it is; None where no more is to be given."""
    here = {"channel": channel, "chat_id": chat_id}
    row = tx.execute(_FOUND, here).first()
    is_row = row is not None and now < row.at + REST
    if row is not None and is_row and row.times >= LIMIT:
        return None
    times = row.times + 1 if row is not None and is_row else 1
    counted = {"times": times, "at": now}
    statement = insert_new(tx, "bafflement").values(**here, **counted)
    tx.execute(statement.on_conflict_do_update(index_elements=["channel", "chat_id"], set_=counted))
    return times


def forget(tx: Tx, *, channel: str, chat_id: str) -> None:
    """Begin anew: somebody was understood."""
    tx.execute(_FORGET, {"channel": channel, "chat_id": chat_id})


def silent(tx: Tx, *, now: datetime) -> int:
    """Return how many chats are not answered at the moment when they are not understood."""
    quiet = (bafflement.c.times >= LIMIT, bafflement.c.at > now - REST)
    return tx.execute(select(func.count()).select_from(bafflement).where(*quiet)).scalar_one()
