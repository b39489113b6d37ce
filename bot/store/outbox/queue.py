"""Putting letters in, and looking at what is there."""

from collections.abc import Sequence
from datetime import datetime
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, Executable, bindparam, func, literal_column, select

from bot.ports import Button, File, Out
from bot.store.engine import Tx, insert_for
from bot.store.outbox.letters import LIFE, Lane, Letter, State
from bot.store.tables import outbox, served

CHUNK = 5000  # keys in one IN list; SQLite takes 32,766
# `served_at` of a chat that was never served: its turn is first. As text, for as a value it is converted for each row.
NEVER: ColumnElement[Any] = literal_column("'1970-01-01 00:00:00.000000'")


def put(tx: Tx, letters: Sequence[Letter], *, now: datetime) -> dict[str, int]:
    """Store the letters whose keys are new; return the id of each of those keys."""
    if not letters:
        return {}
    post(tx, letters, now=now)
    found: dict[str, int] = {}
    keys = [letter.key for letter in letters]
    for start in range(0, len(keys), CHUNK):
        chunk = keys[start : start + CHUNK]
        found |= {
            row.key: row.id for row in tx.execute(select(outbox.c.key, outbox.c.id).where(outbox.c.key.in_(chunk)))
        }
    return found


def post(tx: Tx, letters: Sequence[Letter], *, now: datetime) -> None:
    """Store the letters whose keys are new, where nobody needs to know their ids."""
    tx.execute(_post(tx.dialect.name), [_row(letter, now) for letter in letters])


@cache
def _post(dialect: str) -> Executable:
    last = select(served.c.at).where(
        served.c.channel == bindparam("to_channel"), served.c.chat_id == bindparam("to_chat")
    )
    statement = insert_for(dialect, "outbox").values(served_at=func.coalesce(last.scalar_subquery(), NEVER))
    return statement.on_conflict_do_nothing(index_elements=["key"])


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
    begins = letter.not_before or now
    waits_its_turn = letter.lane > Lane.ANSWER  # answers go by age alone
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
        "not_before": begins,
        "expires_at": letter.expires_at or begins + LIFE[letter.lane],
        "message_id": "",
        "to_channel": letter.channel if waits_its_turn else None,
        "to_chat": letter.chat_id if waits_its_turn else None,
    }
