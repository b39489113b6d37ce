"""Catalogues that were applied, each whole: the newest is the one that runs, whatever the files on disk say meanwhile."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select

from bot.store.engine import Tx, returned_id
from bot.store.tables import revision


@dataclass(frozen=True, slots=True, kw_only=True)
class Applied:
    """When a catalogue began to count and through whom. `effects` as they were foreseen then, empty where none were."""

    id: int
    digest: str
    applied_at: datetime
    who: str  # an admin by name, or the account at the machine; empty: the bot by itself
    cause: str  # start, command, chat, auto, rollback
    effects: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Revision(Applied):
    """An applied catalogue: the texts of its files by name (plan, units, calendar)."""

    texts: Mapping[str, str]


_ABOUT = tuple(revision.c[name] for name in ("id", "digest", "applied_at", "who", "cause", "effects"))


def add(
    tx: Tx,
    *,
    digest: str,
    texts: Mapping[str, str],
    now: datetime,
    who: str = "",
    cause: str = "start",
    effects: Mapping[str, Any] | None = None,
) -> int:
    """Remember a catalogue that is applied now; return its number."""
    values = {"digest": digest, "texts": dict(texts), "effects": dict(effects or {})}
    return returned_id(tx, insert(revision).values(applied_at=now, who=who, cause=cause, **values))


def latest(tx: Tx) -> Revision | None:
    """Return the catalogue applied last."""
    row = tx.execute(select(*_ABOUT, revision.c.texts).order_by(revision.c.id.desc()).limit(1)).first()
    return None if row is None else Revision(**row._mapping)


def latest_about(tx: Tx) -> Applied | None:
    """Return what is known of the catalogue applied last, without its texts."""
    row = tx.execute(select(*_ABOUT).order_by(revision.c.id.desc()).limit(1)).first()
    return None if row is None else Applied(**row._mapping)


def latest_id(tx: Tx) -> int | None:
    """Return the number of the catalogue applied last."""
    return tx.execute(select(revision.c.id).order_by(revision.c.id.desc()).limit(1)).scalar()


def get(tx: Tx, number: int) -> Revision | None:
    """Return an applied catalogue by its number."""
    row = tx.execute(select(*_ABOUT, revision.c.texts).where(revision.c.id == number)).first()
    return None if row is None else Revision(**row._mapping)


def history(tx: Tx) -> tuple[Applied, ...]:
    """Return everything that was applied, newest first, without the texts."""
    rows = tx.execute(select(*_ABOUT).order_by(revision.c.id.desc()))
    return tuple(Applied(**row._mapping) for row in rows)


def began_by(tx: Tx, moment: datetime) -> bool:
    """Return whether any catalogue was already applied at a moment."""
    return tx.execute(select(revision.c.id).where(revision.c.applied_at <= moment).limit(1)).first() is not None
