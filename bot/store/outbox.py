"""Everything to be said, once each. A row precedes every request on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum

from sqlalchemy import func, select, update

from bot.ports import Button, File, Out
from bot.store.engine import Tx, insert_new
from bot.store.tables import outbox
from bot.texts.lengths import parts


class Lane(IntEnum):
    """Who goes first when many wait."""

    ANSWER = 0
    ESCALATION = 1
    LAST_CALL = 2
    REMINDER = 3
    SUMMARY = 4


LIFE = {  # how long a message of a lane is worth sending
    Lane.ANSWER: timedelta(hours=1),
    Lane.ESCALATION: timedelta(days=2),
    Lane.LAST_CALL: timedelta(hours=12),  # by night the next step covers it
    Lane.REMINDER: timedelta(hours=12),
    Lane.SUMMARY: timedelta(days=3),
}


class State(StrEnum):
    """Where a message is. IN_DOUBT left the machine and was never answered: it may have arrived."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    CANCELLED = "cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message on its way in. `key` makes twice once; it goes at `not_before` and is worth sending for its lane's life."""

    key: str
    channel: str
    chat_id: str
    out: Out
    lane: Lane
    person_id: int | None = None
    not_before: datetime | None = None


def letters(letter: Letter, *, max_text: int) -> list[Letter]:
    """Return a letter as the rows it needs: one, or one for each part that the channel takes, keys numbered.

    A part that fails is then repeated alone.
    """
    outs = parts(letter.out, max_text)
    if len(outs) == 1:
        return [letter]
    return [replace(letter, key=f"{letter.key}#{number}", out=out) for number, out in enumerate(outs, start=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this process and no other is about to send."""

    id: int
    channel: str
    chat_id: str
    out: Out
    lane: Lane
    attempts: int
    expires_at: datetime


def put(tx: Tx, letters: Sequence[Letter], *, now: datetime) -> dict[str, int]:
    """Store the letters whose keys are new; return the id of each of those keys."""
    if not letters:
        return {}
    statement = insert_new(tx, "outbox").on_conflict_do_nothing(index_elements=["key"])
    tx.execute(statement, [_row(letter, now) for letter in letters])
    found: dict[str, int] = {}
    keys = [letter.key for letter in letters]
    for start in range(0, len(keys), 5000):
        chunk = keys[start : start + 5000]
        found |= {row.key: row.id for row in tx.execute(select(outbox.c.key, outbox.c.id).where(outbox.c.key.in_(chunk)))}
    return found


def claim(tx: Tx, *, now: datetime, limit: int, slowest: Lane) -> tuple[Claimed, ...]:
    """Take up to `limit` messages of the lanes up to `slowest` that may go now, by lane and then oldest first.

    What is past its time fails.

    The claim is committed before any request leaves.
    """
    tx.execute(
        update(outbox)
        .where(outbox.c.state == State.WAITING, outbox.c.expires_at < now)
        .values(state=State.FAILED, reason="expired", settled_at=now)
    )
    ready = (
        select(outbox.c.id)
        .where(outbox.c.state == State.WAITING, outbox.c.lane <= slowest, outbox.c.not_before <= now)
        .order_by(outbox.c.lane, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    ids = tx.execute(ready).scalars().all()
    if not ids:
        return ()
    rows = tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=State.CLAIMED).returning(outbox)).all()
    return tuple(
        Claimed(
            id=row.id,
            channel=row.channel,
            chat_id=row.chat_id,
            out=read_out(row.heading, row.text, row.buttons, row.file),
            lane=Lane(row.lane),
            attempts=row.attempts,
            expires_at=row.expires_at,
        )
        for row in sorted(rows, key=lambda row: (row.lane, row.id))
    )


def settle(tx: Tx, letter_id: int, *, state: State, now: datetime, message_id: str = "", reason: str = "") -> None:
    """Record how the sending of a claimed message ended."""
    tx.execute(
        update(outbox)
        .where(outbox.c.id == letter_id)
        .values(state=state, settled_at=now, message_id=message_id, reason=reason, attempts=outbox.c.attempts + 1)
    )


def postpone(tx: Tx, letter_id: int, *, until: datetime, reason: str, chat_id: str | None = None) -> None:
    """Put a claimed message back for another try at `until`, to `chat_id` if the chat has moved."""
    values: dict[str, object] = {
        "state": State.WAITING,
        "not_before": until,
        "reason": reason,
        "attempts": outbox.c.attempts + 1,
    }
    if chat_id is not None:
        values["chat_id"] = chat_id
    tx.execute(update(outbox).where(outbox.c.id == letter_id).values(**values))


def doubt_claimed(tx: Tx, *, now: datetime) -> int:
    """Declare every claimed message in doubt: its process died between request and record. Return how many."""
    statement = update(outbox).where(outbox.c.state == State.CLAIMED)
    return tx.execute(statement.values(state=State.IN_DOUBT, reason="process_ended", settled_at=now)).rowcount


def people_told(tx: Tx, prefix: str) -> frozenset[int]:
    """Return the people to whom a letter with a key of this prefix was written."""
    keys = (outbox.c.key >= prefix, outbox.c.key < prefix + "\uffff")  # a range, because LIKE would not use the index
    return frozenset(tx.execute(select(outbox.c.person_id).where(*keys, outbox.c.person_id.is_not(None))).scalars())


def next_moment(tx: Tx) -> datetime | None:
    """Return when the next waiting message may go, None when none waits."""
    return tx.execute(select(func.min(outbox.c.not_before)).where(outbox.c.state == State.WAITING)).scalar()


def counts(tx: Tx) -> dict[tuple[str, str], int]:
    """Return how many messages there are by channel and state."""
    rows = tx.execute(select(outbox.c.channel, outbox.c.state, func.count()).group_by(outbox.c.channel, outbox.c.state))
    return {(channel, state): number for channel, state, number in rows}


def read_out(heading: str, text: str, buttons: list[list[list[str]]], file: dict[str, str]) -> Out:
    """Return a stored message as it is sent."""
    return Out(
        heading=heading,
        text=text,
        buttons=tuple(tuple(Button(text=label, action=action) for label, action in row) for row in buttons),
        file=File(**file) if file else None,
    )


def _row(letter: Letter, now: datetime) -> dict[str, object]:
    file = letter.out.file
    return {
        "key": letter.key,
        "channel": letter.channel,
        "chat_id": letter.chat_id,
        "person_id": letter.person_id,
        "lane": int(letter.lane),
        "heading": letter.out.heading,
        "text": letter.out.text,
        "buttons": [[[button.text, button.action] for button in row] for row in letter.out.buttons],
        "file": {"path": file.path, "name": file.name, "media": file.media} if file else {},
        "state": State.WAITING,
        "reason": "",
        "attempts": 0,
        "created_at": now,
        "not_before": letter.not_before or now,
        "expires_at": (letter.not_before or now) + LIFE[letter.lane],
        "message_id": "",
    }
