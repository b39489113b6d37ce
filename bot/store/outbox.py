"""Everything to be said, once each. A row precedes every request on the wire."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from zlib import crc32

from sqlalchemy import exists, func, select, update

from bot.domain.actions import base36
from bot.ports import Button, File, Out
from bot.store.engine import Tx, insert_new
from bot.store.tables import outbox
from bot.texts import say
from bot.texts.lengths import parts

_AGAIN = "!"  # ends the key of a repeat


class Lane(IntEnum):
    """Who goes first when many wait."""

    ANSWER = 0
    ESCALATION = 1
    LAST_CALL = 2
    REMINDER = 3
    SUMMARY = 4


LIFE = {  # how long a message of a lane is worth sending
    Lane.ANSWER: timedelta(hours=1),
    Lane.ESCALATION: timedelta(days=4),  # a long weekend: it leaves in office hours only
    Lane.LAST_CALL: timedelta(hours=12),  # by night the next step covers it
    Lane.REMINDER: timedelta(hours=12),
    Lane.SUMMARY: timedelta(days=3),
}


REPEATED = frozenset({Lane.ESCALATION, Lane.LAST_CALL, Lane.SUMMARY})
"""Lanes whose messages are sent once more, visibly marked, when it is in doubt whether they arrived.

An ordinary reminder is not: the next step covers it. An answer is not: whoever waits for it asks again.
"""


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
    language: str = "vi"
    not_before: datetime | None = None


def reference(key: str) -> str:
    """Return the short reference that a message and its repeat both carry: "1K9F2A"."""
    logical = key.removesuffix(_AGAIN).partition("#")[0]
    return base36(crc32(logical.encode())).upper()


def letters(letter: Letter, *, max_text: int) -> list[Letter]:
    """Return a letter as the rows it needs: one, or one for each part that the channel takes, keys numbered.

    A part that fails is then repeated alone. What may be repeated names its reference at the end.
    """
    out = letter.out
    if letter.lane in REPEATED and out.file is None:
        named = say(letter.language, "letter.reference", reference=reference(letter.key))
        out = replace(out, text=f"{out.text}\n\n{named}")
    outs = parts(out, max_text)
    if len(outs) == 1:
        return [replace(letter, out=out)]
    return [replace(letter, key=f"{letter.key}#{number}", out=out) for number, out in enumerate(outs, start=1)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this process and no other is about to send. `reason` is why the last try failed, if one did."""

    id: int
    key: str
    channel: str
    chat_id: str
    person_id: int | None
    out: Out
    lane: Lane
    attempts: int
    reason: str
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
        found |= {
            row.key: row.id for row in tx.execute(select(outbox.c.key, outbox.c.id).where(outbox.c.key.in_(chunk)))
        }
    return found


def claim(tx: Tx, *, now: datetime, limit: int, slowest: Lane) -> tuple[Claimed, ...]:
    """Take up to `limit` messages of the lanes up to `slowest` that may go now, by lane and then oldest first.

    What is past its time fails. In a chat, nothing overtakes an older message of its lane: while one waits or is on its
    way, the next is not taken. The claim is committed before any request leaves.
    """
    tx.execute(
        update(outbox)
        .where(outbox.c.state == State.WAITING, outbox.c.expires_at < now)
        .values(state=State.FAILED, reason="expired", settled_at=now)
    )
    older = outbox.alias()
    ahead = exists().where(
        older.c.channel == outbox.c.channel,
        older.c.chat_id == outbox.c.chat_id,
        older.c.lane == outbox.c.lane,
        older.c.id < outbox.c.id,
        older.c.state.in_([State.WAITING, State.CLAIMED]),
    )
    ready = (
        select(outbox.c.id)
        .where(outbox.c.state == State.WAITING, outbox.c.lane <= slowest, outbox.c.not_before <= now, ~ahead)
        .order_by(outbox.c.lane, outbox.c.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=outbox)
    )
    ids = tx.execute(ready).scalars().all()
    if not ids:
        return ()
    rows = tx.execute(update(outbox).where(outbox.c.id.in_(ids)).values(state=State.CLAIMED).returning(outbox)).all()
    return tuple(
        Claimed(
            id=row.id,
            key=row.key,
            channel=row.channel,
            chat_id=row.chat_id,
            person_id=row.person_id,
            out=read_out(row.heading, row.text, row.buttons, row.file),
            lane=Lane(row.lane),
            attempts=row.attempts,
            reason=row.reason,
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


def repeat(tx: Tx, letter_id: int, *, mark: str, now: datetime) -> bool:
    """Put a message in doubt into line once more, headed by `mark`; False where it is not to be, or was before."""
    row = tx.execute(select(outbox).where(outbox.c.id == letter_id)).one()
    if Lane(row.lane) not in REPEATED or row.key.endswith(_AGAIN) or row.expires_at <= now:
        return False
    heading = f"{mark} {row.heading}".rstrip()
    values = {name: value for name, value in row._mapping.items() if name != "id"} | {
        "key": row.key + _AGAIN,
        "heading": heading,
        "state": State.WAITING,
        "reason": "",
        "attempts": 0,
        "epoch": 0,
        "created_at": now,
        "not_before": now,
        "settled_at": None,
    }
    tx.execute(insert_new(tx, "outbox").values(**values).on_conflict_do_nothing(index_elements=["key"]))
    return True


def settle_repeated(tx: Tx, key: str, *, now: datetime) -> None:
    """Settle the doubt about a message whose repeat is known to have arrived: its people were told."""
    if key.endswith(_AGAIN):
        first = (outbox.c.key == key.removesuffix(_AGAIN), outbox.c.state == State.IN_DOUBT)
        tx.execute(update(outbox).where(*first).values(state=State.SENT, reason="repeated", settled_at=now))


def settle_pressed(tx: Tx, *, channel: str, chat_id: str, action: str, now: datetime) -> None:
    """Settle the doubt about a message in this chat one of whose buttons was pressed: it has arrived."""
    here = (outbox.c.channel == channel, outbox.c.chat_id == chat_id, outbox.c.state == State.IN_DOUBT)
    for row in tx.execute(select(outbox.c.id, outbox.c.buttons).where(*here)).all():
        if any(action == pressed for buttons in row.buttons for _, pressed in buttons):
            values = {"state": State.SENT, "reason": "pressed", "settled_at": now}
            tx.execute(update(outbox).where(outbox.c.id == row.id).values(**values))


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


def doubt_claimed(tx: Tx, *, now: datetime) -> tuple[int, ...]:
    """Declare every claimed message in doubt: its process died between request and record. Return their ids."""
    statement = update(outbox).where(outbox.c.state == State.CLAIMED)
    doubted = statement.values(state=State.IN_DOUBT, reason="process_ended", settled_at=now).returning(outbox.c.id)
    return tuple(tx.execute(doubted).scalars())


def people_told(tx: Tx, prefix: str) -> frozenset[int]:
    """Return the people to whom a letter with a key of this prefix was written."""
    keys = (outbox.c.key >= prefix, outbox.c.key < prefix + "\uffff")  # a range, because LIKE would not use the index
    return frozenset(tx.execute(select(outbox.c.person_id).where(*keys, outbox.c.person_id.is_not(None))).scalars())


def person_of(tx: Tx, letter_id: int) -> int | None:
    """Return whom a message is for, None for a group."""
    return tx.execute(select(outbox.c.person_id).where(outbox.c.id == letter_id)).scalar()


def next_moment(tx: Tx, *, after: datetime | None = None) -> datetime | None:
    """Return when the next waiting message may go, of those that may not before `after` where given; None for none."""
    waiting = select(func.min(outbox.c.not_before)).where(outbox.c.state == State.WAITING)
    return tx.execute(waiting if after is None else waiting.where(outbox.c.not_before > after)).scalar()


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
        "epoch": 0,
        "created_at": now,
        "not_before": letter.not_before or now,
        "expires_at": (letter.not_before or now) + LIFE[letter.lane],
        "message_id": "",
    }
