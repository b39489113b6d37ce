"""A channel's health as a whole: since when it is down, what waits for it, and whom it could be tried on."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import delete, select, update

from bot.store import notices
from bot.store.engine import Tx, insert_new
from bot.store.notices import NoticeKind
from bot.store.outbox import State
from bot.store.tables import contact, mark, outbox

_DOWN = "down:"  # begins the name of a channel's mark, and the key of its notice


def down_since(tx: Tx) -> dict[str, datetime]:
    """Return the channels that are down, each with the moment from which it was known to be."""
    rows = tx.execute(select(mark.c.name, mark.c.word).where(mark.c.name.startswith(_DOWN)))
    return {row.name.removeprefix(_DOWN): datetime.fromisoformat(row.word) for row in rows}


def mark_down(tx: Tx, channel: str, *, reason: str, now: datetime) -> bool:
    """Note that a channel is down and let the admins know; False where it was noted already, and then nothing changes."""
    statement = insert_new(tx, "mark").values(name=_DOWN + channel, word=now.isoformat())
    new = tx.execute(statement.on_conflict_do_nothing(index_elements=["name"]).returning(mark.c.name)).first()
    if new is None:
        return False
    words = {"channel": channel, "reason": reason}
    notices.raise_notice(tx, key=_DOWN + channel, kind=NoticeKind.CHANNEL_DOWN, words=words, now=now)
    return True


def mark_up(tx: Tx, channel: str, *, reasons: Collection[str], now: datetime) -> bool:
    """Note that a channel works again; False where it was not down.

    Letters that wait for another try because of one of these `reasons` may go at once.
    """
    if not tx.execute(delete(mark).where(mark.c.name == _DOWN + channel)).rowcount:
        return False
    notices.clear(tx, _DOWN + channel)
    put_off = (outbox.c.state == State.WAITING, outbox.c.channel == channel, outbox.c.reason.in_(list(reasons)))
    tx.execute(update(outbox).where(*put_off, outbox.c.not_before > now).values(not_before=now))
    return True


def others_wait(tx: Tx, channel: str, *, but: Collection[str], now: datetime) -> bool:
    """Return whether anything that may go now waits on a channel for other chats than these."""
    ready = (outbox.c.state == State.WAITING, outbox.c.channel == channel, outbox.c.not_before <= now)
    return (
        tx.execute(select(outbox.c.id).where(*ready, outbox.c.chat_id.not_in(list(but))).limit(1)).first() is not None
    )


def somebody_on(tx: Tx, channel: str) -> str | None:
    """Return a chat of a channel that is not known to be gone, None where there is none."""
    here = (contact.c.channel == channel, contact.c.gone_at.is_(None))
    return tx.execute(select(contact.c.chat_id).where(*here).order_by(contact.c.id).limit(1)).scalar()
