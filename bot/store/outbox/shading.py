"""While a plan is only tried out: what must not leave ends here, and a copy of it goes to the admins."""

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, or_, select, update

from bot.domain.plan import Role
from bot.ports import Out
from bot.store.engine import Tx
from bot.store.outbox.letters import PART, Lane, Letter, State
from bot.store.outbox.queue import post, read_out
from bot.store.tables import membership, outbox, question

COPY = "shadow:"  # begins the key of every copy
ADMINS_OWN = ("notice:", "proposal:", "applied:")  # begin the keys of what admins are told about the bot itself
ASKS = ("remind:", "escalate:")  # and of what people are told about their tasks
NO_ADMIN = "no_admin"  # the reason of what nobody got a copy of

Copies = Callable[[Any, Out], Iterable[Letter]]
"""Makes the copies of a message, a row of the outbox, one for each admin."""


@cache
def must_stay() -> ColumnElement[bool]:
    """Return the condition of a message that must not leave in a trial run.

    All but answers to somebody who speaks, copies, and what admins are told about the bot itself.
    """
    admin = select(membership.c.person_id).where(membership.c.role == Role.ADMIN, membership.c.ended_at.is_(None))
    own = and_(or_(*map(_begins, ADMINS_OWN)), outbox.c.person_id.in_(admin))
    return and_(outbox.c.lane > Lane.ANSWER, ~_begins(COPY), or_(outbox.c.person_id.is_(None), ~own))


def shade(tx: Tx, copies: Copies, *, now: datetime) -> int:
    """End every waiting message that must not leave and put its copies into the outbox, in the order of the lanes.

    What such a message asked in its chat is not asked any more. Returns how many messages that were.
    """
    waits = (outbox.c.state == State.WAITING, must_stay())
    rows = tx.execute(select(outbox).where(*waits).order_by(outbox.c.lane, outbox.c.id).with_for_update()).all()
    for row in rows:
        made = list(copies(row, read_out(row.heading, row.text, row.buttons, row.file)))
        if made:
            post(tx, made, now=now)
        end = {"state": State.SHADOWED, "reason": "" if made else NO_ADMIN, "settled_at": now}
        tx.execute(update(outbox).where(outbox.c.id == row.id).values(**end))
        here = (question.c.channel == row.channel, question.c.chat_id == row.chat_id, question.c.kind == "status")
        tx.execute(delete(question).where(*here, question.c.asked_at >= row.created_at))
    return len(rows)


def too_long(tx: Tx, *, since: timedelta, now: datetime) -> int:
    """Return how many messages about tasks, shaded in this span, would not have been one message of their channel."""
    late = (outbox.c.state == State.SHADOWED, outbox.c.settled_at > now - since)
    asks = or_(*map(_begins, ASKS))
    last = outbox.c.key.contains(f"{PART}2", autoescape=True)  # each that was cut has a second part
    return int(tx.execute(select(func.count()).select_from(outbox).where(*late, asks, last)).scalar_one())


def _begins(prefix: str) -> ColumnElement[bool]:
    # A range, because LIKE would not use the index.
    return and_(outbox.c.key >= prefix, outbox.c.key < prefix + "\uffff")
