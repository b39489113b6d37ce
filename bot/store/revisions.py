"""Catalogues that were applied, whole: the last good one runs on when a newer file is wrong."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select

from bot.store.engine import Tx
from bot.store.tables import revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision:
    """An applied catalogue: the texts of its files by name, and when it began to count."""

    digest: str
    texts: dict[str, str]
    applied_at: datetime


def add(tx: Tx, *, digest: str, texts: dict[str, str], now: datetime) -> None:
    """Remember a catalogue that is applied now."""
    tx.execute(insert(revision).values(digest=digest, texts=texts, effects={}, applied_at=now))


def latest(tx: Tx) -> Revision | None:
    """Return the catalogue applied last."""
    row = tx.execute(select(revision).order_by(revision.c.id.desc()).limit(1)).first()
    return None if row is None else Revision(digest=row.digest, texts=row.texts, applied_at=row.applied_at)


def began_by(tx: Tx, moment: datetime) -> bool:
    """Return whether any catalogue was already applied at a moment."""
    return tx.execute(select(revision.c.id).where(revision.c.applied_at <= moment).limit(1)).first() is not None
