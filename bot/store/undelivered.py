"""What no channel can bring: letters stranded on a channel that is down, steps of units of which nobody can be asked."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, and_, exists, or_, select

from bot.domain.delivery import Failure
from bot.domain.plan import Role
from bot.domain.steps import Reason
from bot.store.engine import Tx
from bot.store.occurrences import Kept, kept, read_kept
from bot.store.outbox import Lane, State
from bot.store.tables import contact, ledger, occurrence, outbox, person

LOST = (Failure.UNREACHABLE, Failure.UNAUTHORIZED, "expired")
"""Reasons of a failed letter that are its channel's fault, or that it could not leave in time."""

CHUNK = 5000  # ids in one IN list; SQLite takes 32,766


@dataclass(frozen=True, slots=True, kw_only=True)
class Undelivered:
    """A letter to a person that no channel can bring, about one occurrence; None where it tells of a decision."""

    person_id: int
    channel: str
    occurrence_id: int | None
    heading: str
    text: str


def letters(tx: Tx, *, down: Mapping[str, datetime], up: Collection[str], before: datetime) -> tuple[Undelivered, ...]:
    """Return the letters of people without a chat on a channel that is `up`: waiting since `before`, or lost in the outage.

    `down` has since when each channel is down. Of those that are about no occurrence, only what a person is told of a
    decision: nothing else would say it.
    """
    if not down:
        return ()
    elsewhere = contact.alias()
    reached = exists().where(
        elsewhere.c.person_id == outbox.c.person_id, elsewhere.c.gone_at.is_(None), elsewhere.c.channel.in_(list(up))
    )
    is_about = ledger.c.occurrence_id.is_not(None)
    is_told = and_(ledger.c.id.is_(None), outbox.c.lane == Lane.ESCALATION, outbox.c.key.startswith("heard:"))
    chosen = select(
        outbox.c.person_id, outbox.c.channel, ledger.c.occurrence_id, outbox.c.heading, outbox.c.text
    ).distinct()
    rows = tx.execute(
        chosen.join(ledger, ledger.c.outbox_id == outbox.c.id, isouter=True)
        .join(person, person.c.id == outbox.c.person_id)
        .where(_lost(down, before), outbox.c.lane > Lane.ANSWER, person.c.revoked_at.is_(None), ~reached)
        .where(or_(is_about, is_told))
    )
    return tuple(Undelivered(**row._mapping) for row in rows)


def unasked(tx: Tx, *, since: datetime) -> tuple[Kept, ...]:
    """Return the occurrences of which a step since then had nobody to go to; reports up the line do not count."""
    upward = [ledger.c.step.startswith(f"{role}+") for role in (Role.HEAD, Role.OFFICE)]
    nobody = select(ledger.c.occurrence_id).where(
        ledger.c.at > since, ledger.c.reason == Reason.NO_CONTACT, ~or_(*upward)
    )
    return tuple(map(read_kept, tx.execute(kept().where(occurrence.c.id.in_(nobody)).order_by(occurrence.c.id))))


def occurrences(tx: Tx, ids: Iterable[int]) -> dict[int, Kept]:
    """Return those of the occurrences that have not ended, by id."""
    wanted = sorted(set(ids))
    found: dict[int, Kept] = {}
    for start in range(0, len(wanted), CHUNK):
        chunk = wanted[start : start + CHUNK]
        found |= {row.id: read_kept(row) for row in tx.execute(kept().where(occurrence.c.id.in_(chunk)))}
    return found


def _lost(down: Mapping[str, datetime], before: datetime) -> ColumnElement[bool]:
    waits = and_(outbox.c.state == State.WAITING, outbox.c.created_at <= before)
    conditions = []
    for channel, since in down.items():
        failed = and_(outbox.c.state == State.FAILED, outbox.c.reason.in_(LOST), outbox.c.settled_at >= since)
        stuck = waits if since <= before else failed
        conditions.append(and_(outbox.c.channel == channel, or_(stuck, failed)))
    return or_(*conditions)
