"""What the admins must know: raised where it is found, told once while it lasts, cleared when it is over.

No name of a person, no chat id and nothing that somebody wrote ever stands in a notice: units, tasks and row numbers do.
Only what is wrong with the catalogue's files quotes them, as the check does.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, delete, func, select, update

from bot.store.engine import Tx, insert_new
from bot.store.tables import notice


class NoticeKind(StrEnum):
    """Every kind of matter. Closed: each has its sentence in every language (`notice.<kind>`)."""

    MESSAGE_REJECTED = "message_rejected"  # the network refused a message: our own fault
    HANDLER_QUARANTINED = "handler_quarantined"  # something heard that no handler could handle
    CONTACT_GONE = "contact_gone"  # a chat of somebody cannot be written to any more
    UNIT_UNREACHABLE = "unit_unreachable"  # nobody of a unit can be written to
    CHANNEL_DOWN = "channel_down"  # a channel as a whole stands still
    CATALOGUE_REFUSED = "catalogue_refused"  # the files on disk fail their check
    CALL_SHEET = "call_sheet"  # people must be called by telephone
    SHADOW_STAYS = "shadow_stays"  # the day of a trial run is past, and it goes on
    SHADOW_LIVE = "shadow_live"  # a trial run is over
    AUDIT = "audit"  # the auditor found something


WORDS: Mapping[NoticeKind, frozenset[str]] = {
    NoticeKind.MESSAGE_REJECTED: frozenset({"outbox", "channel"}),  # the row's number
    NoticeKind.HANDLER_QUARANTINED: frozenset({"inbox"}),  # the row's number
    NoticeKind.CONTACT_GONE: frozenset({"unit", "role", "channel", "reason"}),  # a Role; why, of a closed list
    NoticeKind.UNIT_UNREACHABLE: frozenset({"unit"}),
    NoticeKind.CHANNEL_DOWN: frozenset({"channel", "reason"}),  # a Failure
    NoticeKind.CATALOGUE_REFUSED: frozenset({"count", "lines"}),  # the first problems, each with its place
    NoticeKind.CALL_SHEET: frozenset({"count"}),  # how many tasks
    NoticeKind.SHADOW_STAYS: frozenset({"until", "count", "units", "long"}),  # units by name, messages too long
    NoticeKind.SHADOW_LIVE: frozenset(),
    NoticeKind.AUDIT: frozenset({"check"}),  # and what that check's own sentence names
}
"""The words without which the sentence of a kind cannot be said."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Notice:
    """One matter: `key` names it, `words` fill the sentence of its kind. `told_at` is when the admins were written to."""

    key: str
    kind: NoticeKind
    words: Mapping[str, str]
    since: datetime
    told_at: datetime | None


def raise_notice(tx: Tx, *, key: str, kind: NoticeKind, words: Mapping[str, str], now: datetime) -> bool:
    """Note a matter; False where it is noted already, and then nothing changes.

    Raises ValueError where a word is missing that its sentence needs.
    """
    if missing := WORDS[kind] - set(words):
        raise ValueError(f"a notice {kind} needs {sorted(missing)}")
    statement = insert_new(tx, "notice").values(key=key, kind=kind, words=dict(words), since=now, told_at=None)
    done = tx.execute(statement.on_conflict_do_nothing(index_elements=["key"]).returning(notice.c.id))
    return done.first() is not None


def reword(tx: Tx, key: str, words: Mapping[str, str]) -> None:
    """Give a matter that lasts its words of now; who was told of it is not told again."""
    tx.execute(update(notice).where(notice.c.key == key).values(words=dict(words)))


def clear(tx: Tx, key: str) -> bool:
    """Take a matter off the list because it is over; return whether it was on it. Should it come again, it is told again."""
    return tx.execute(delete(notice).where(notice.c.key == key)).rowcount > 0


def clear_except(tx: Tx, prefix: str, keys: Collection[str]) -> None:
    """Take every matter off the list whose key begins with `prefix`, but these."""
    # By letters and not as a range: PostgreSQL compares by the rules of a language. The list is short.
    begins = func.substr(notice.c.key, 1, len(prefix)) == prefix
    tx.execute(delete(notice).where(begins, notice.c.key.not_in(list(keys))))


def untold(tx: Tx) -> tuple[Notice, ...]:
    """Return what the admins have not been told yet, oldest first."""
    return _read(tx.execute(select(notice).where(notice.c.told_at.is_(None)).order_by(notice.c.id)).all())


def standing(tx: Tx) -> tuple[Notice, ...]:
    """Return everything that lasts, told or not, oldest first."""
    return _read(tx.execute(select(notice).order_by(notice.c.id)).all())


def tell(tx: Tx, keys: Collection[str], *, now: datetime) -> None:
    """Record that the admins were told of these."""
    tx.execute(update(notice).where(notice.c.key.in_(list(keys))).values(told_at=now))


def _read(rows: Sequence[Row[Any]]) -> tuple[Notice, ...]:
    return tuple(
        Notice(
            key=row.key,
            kind=NoticeKind(row.kind),
            words={name: str(word) for name, word in row.words.items()},
            since=row.since,
            told_at=row.told_at,
        )
        for row in rows
    )
