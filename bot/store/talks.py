"""What the handling of anything heard begins with, in one look: who speaks, and what is open in their chat."""

from dataclasses import dataclass

from sqlalchemy import and_, bindparam, exists, select

from bot.domain.plan import Role
from bot.store.engine import Tx
from bot.store.people import Membership, Person
from bot.store.tables import bafflement, contact, membership, outbox, person, question


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    """Who speaks (None: a stranger, or somebody without rights), and what their chat may need.

    Each of the four is False only where a look showed that there is nothing: it saves a statement, and decides nothing.
    """

    person: Person | None
    may_be_gone: bool = True  # the chat is marked as one that cannot be written to
    may_be_in_doubt: bool = True  # it is not known of some message whether it arrived there
    may_be_asked: bool = True  # a question is open, or was
    may_be_baffled: bool = True  # the last thing said there was not understood


_HERE = (contact.c.channel == bindparam("channel"), contact.c.chat_id == bindparam("user_id"))
_LOOK = (
    select(
        person.c.id,
        person.c.name,
        person.c.language,
        membership.c.unit,
        membership.c.role,
        contact.c.gone_at,
        exists()
        .where(
            outbox.c.channel == bindparam("channel"),
            outbox.c.chat_id == bindparam("chat_id"),
            outbox.c.state == "in_doubt",
        )
        .label("in_doubt"),
        exists()
        .where(question.c.channel == bindparam("channel"), question.c.chat_id == bindparam("chat_id"))
        .label("asked"),
        exists()
        .where(bafflement.c.channel == bindparam("channel"), bafflement.c.chat_id == bindparam("chat_id"))
        .label("baffled"),
    )
    .select_from(contact)
    .join(person, person.c.id == contact.c.person_id)
    .join(membership, and_(membership.c.person_id == person.c.id, membership.c.ended_at.is_(None)), isouter=True)
    .where(*_HERE, person.c.revoked_at.is_(None))
    .order_by(membership.c.id)
)


def look(tx: Tx, *, channel: str, chat_id: str, user_id: str) -> Talk:
    """Return who speaks and how their chat stands."""
    rows = tx.execute(_LOOK, {"channel": channel, "chat_id": chat_id, "user_id": user_id}).all()
    if not rows:
        return Talk(person=None)
    first = rows[0]
    held = tuple(Membership(unit=row.unit, role=Role(row.role)) for row in rows if row.unit is not None)
    return Talk(
        person=Person(id=first.id, name=first.name, language=first.language, memberships=held),
        may_be_gone=chat_id != user_id or first.gone_at is not None,
        may_be_in_doubt=first.in_doubt,
        may_be_asked=first.asked,
        may_be_baffled=first.baffled,
    )
