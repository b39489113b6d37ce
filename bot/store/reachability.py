"""Whether people can still be written to, asked silently week by week; units of which nobody can."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, or_, select, update

from bot.domain.calendar import local_day
from bot.store.contacts import ASKED
from bot.store.engine import Tx
from bot.store.tables import absence, contact, membership, person


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkable:
    """A chat that is to be checked."""

    id: int
    channel: str
    chat_id: str


def next_to_check(tx: Tx, *, since: datetime, after: int, channels: Collection[str]) -> Checkable | None:
    """Return the first chat past the id `after` that was not checked since then, of somebody who is written to."""
    held = exists().where(membership.c.person_id == contact.c.person_id, membership.c.ended_at.is_(None))
    row = tx.execute(
        select(contact.c.id, contact.c.channel, contact.c.chat_id)
        .join(person, person.c.id == contact.c.person_id)
        .where(
            contact.c.id > after,
            contact.c.gone_at.is_(None),
            contact.c.channel.in_(list(channels)),
            or_(contact.c.checked_at.is_(None), contact.c.checked_at < since),
            and_(person.c.revoked_at.is_(None), held),
        )
        .order_by(contact.c.id)
        .limit(1)
    ).first()
    return None if row is None else Checkable(**row._mapping)


def checked(tx: Tx, contact_id: int, *, now: datetime) -> None:
    """Remember that a chat was checked."""
    tx.execute(update(contact).where(contact.c.id == contact_id).values(checked_at=now))


def lost_units(tx: Tx, *, as_of: datetime) -> frozenset[str]:
    """Return the units that had somebody to ask and of which nobody could be asked any more at `as_of`: gone or away."""
    held = (membership.c.since <= as_of, or_(membership.c.ended_at.is_(None), membership.c.ended_at > as_of))
    gone: dict[str, list[bool]] = defaultdict(list)
    rows = tx.execute(
        select(membership.c.unit, membership.c.person_id, contact.c.gone_at)
        .join(contact, contact.c.person_id == membership.c.person_id)
        .where(membership.c.role.in_(ASKED), *held)
    )
    away = _away(tx, as_of)
    for row in rows:
        gone[row.unit].append(row.person_id in away or (row.gone_at is not None and row.gone_at <= as_of))
    return frozenset(unit for unit, chats in gone.items() if all(chats))


def _away(tx: Tx, as_of: datetime) -> frozenset[int]:
    day = local_day(as_of)
    spans = (absence.c.first_day <= day, absence.c.last_day >= day, absence.c.at <= as_of)
    lasts = or_(absence.c.ended_at.is_(None), absence.c.ended_at > as_of)
    return frozenset(tx.execute(select(absence.c.person_id).where(*spans, lasts)).scalars())
