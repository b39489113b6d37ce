"""What was said and heard in one chat of our own page, from outbox and inbox."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select

from bot.ports import Out
from bot.store.engine import Tx
from bot.store.outbox import read_out
from bot.store.tables import inbox, outbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A message that was sent into the chat."""

    id: int
    at: datetime
    message_id: str
    out: Out


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An update that came from the chat, as the page gave it."""

    id: int
    at: datetime
    raw: dict[str, Any]


def transcript(tx: Tx, *, channel: str, chat_id: str, limit: int) -> tuple[Said | Told, ...]:
    """Return the last `limit` entries of a chat, oldest first. The page's update ids begin with their chat and a colon."""
    sent = tx.execute(
        select(outbox)
        .where(outbox.c.channel == channel, outbox.c.chat_id == chat_id, outbox.c.state == "sent")
        .order_by(outbox.c.settled_at.desc(), outbox.c.id.desc())
        .limit(limit)
    )
    found: list[Said | Told] = [
        Said(
            id=row.id,
            at=row.settled_at,
            message_id=row.message_id,
            out=read_out(row.heading, row.text, row.buttons, row.file),
        )
        for row in sent
    ]
    mine = (inbox.c.external_id >= f"{chat_id}:", inbox.c.external_id < f"{chat_id};")  # ";" follows ":"
    heard = tx.execute(
        select(inbox.c.id, inbox.c.received_at, inbox.c.raw)
        .where(inbox.c.channel == channel, *mine)
        .order_by(inbox.c.id.desc())
        .limit(limit)
    )
    found += [Told(id=row.id, at=row.received_at, raw=row.raw) for row in heard]
    found.sort(key=lambda entry: (entry.at, isinstance(entry, Said), entry.id))
    return tuple(found[-limit:])


def sent_file(tx: Tx, *, channel: str, chat_id: str, letter_id: int) -> Out | None:
    """Return the sent message of this id if it went into this chat."""
    row = tx.execute(
        select(outbox).where(outbox.c.id == letter_id, outbox.c.channel == channel, outbox.c.chat_id == chat_id)
    ).first()
    return None if row is None else read_out(row.heading, row.text, row.buttons, row.file)


def heard_update(tx: Tx, *, channel: str, chat_id: str, heard_id: int) -> dict[str, Any] | None:
    """Return the update of this id if it came from this chat."""
    row = tx.execute(
        select(inbox.c.raw, inbox.c.external_id).where(inbox.c.id == heard_id, inbox.c.channel == channel)
    ).first()
    return dict(row.raw) if row is not None and row.external_id.startswith(f"{chat_id}:") else None
