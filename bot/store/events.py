"""The days that relative dues count from: entered by people, each entry kept, the newest of a task counting."""

from datetime import date, datetime

from sqlalchemy import func, insert, select

from bot.store.engine import Tx
from bot.store.tables import event_date


def enter(tx: Tx, *, task: str, day: date, now: datetime, person_id: int | None = None) -> None:
    """Remember the local day of the event that a task waits for; `person_id` None: entered at the machine."""
    tx.execute(insert(event_date).values(task=task, day=day, at=now, person_id=person_id))


def days(tx: Tx) -> dict[str, date]:
    """Return the day that counts for each task that has one."""
    rows = tx.execute(select(event_date.c.task, event_date.c.day).order_by(event_date.c.id))
    return {row.task: row.day for row in rows}


def entered(tx: Tx) -> int:
    """Return a number that changes with every entry."""
    return int(tx.execute(select(func.coalesce(func.max(event_date.c.id), 0))).scalar_one())
