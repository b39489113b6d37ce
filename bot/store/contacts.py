"""The chats a person is reached in: one on each channel, tried in the order of their place; which of them work."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sqlalchemy import Select, delete, func, insert, select, update

from bot.domain.plan import Role
from bot.store import notices
from bot.store.engine import Tx
from bot.store.notices import NoticeKind
from bot.store.tables import contact, group_chat, membership, outbox, person

ASKED = (Role.FOCAL, Role.HEAD)
"""Who is asked about a unit's tasks: its focal points, or else its heads."""


class Gone(StrEnum):
    """Why a chat cannot be written to, as far as the network says."""

    BLOCKED = "blocked"
    DEACTIVATED = "deactivated"
    LEFT = "left"
    UNREACHABLE = "unreachable"  # not found, or in words that we do not know


_SIGNS = {  # in the networks' own words
    "block": Gone.BLOCKED,
    "deactivat": Gone.DEACTIVATED,
    "delet": Gone.DEACTIVATED,
    "kick": Gone.LEFT,
    "left": Gone.LEFT,
}


class Link(StrEnum):
    """What came of linking a further chat to somebody."""

    LINKED = "linked"
    MOVED = "moved"  # it takes the place of the one they had on this channel
    FOREIGN = "foreign"  # the chat is another person's
    NOBODY = "nobody"  # there is no such person, or they have no rights any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Addressee:
    """A person as somebody to write to."""

    person_id: int
    name: str
    language: str
    unit: str
    channel: str
    chat_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Chat:
    """One of a person's chats."""

    id: int
    channel: str
    chat_id: str
    gone_at: datetime | None


def addressees(tx: Tx, role: Role) -> dict[str, tuple[Addressee, ...]]:
    """Return everybody of a role who can be written to, by unit, one chat each.

    That is the first of their chats that is not gone: by place, then the one joined first.
    """
    found: dict[str, dict[int, Addressee]] = defaultdict(dict)
    by_choice = _addresses().where(membership.c.role == role).order_by(person.c.id, contact.c.place, contact.c.id)
    for row in tx.execute(by_choice):
        theirs = found[row.unit]
        if row.id not in theirs:
            theirs[row.id] = Addressee(
                person_id=row.id,
                name=row.name,
                language=row.language,
                unit=row.unit,
                channel=row.channel,
                chat_id=row.chat_id,
            )
    return {unit: tuple(people.values()) for unit, people in found.items()}


def admins(tx: Tx) -> tuple[Addressee, ...]:
    """Return every admin who can be written to; one of two units once."""
    everybody = (person for unit in addressees(tx, Role.ADMIN).values() for person in unit)
    return tuple({person.person_id: person for person in everybody}.values())


def chats_of(tx: Tx, person_id: int) -> tuple[Chat, ...]:
    """Return a person's chats, first choice first, those that are gone among them."""
    chosen = select(contact.c.id, contact.c.channel, contact.c.chat_id, contact.c.gone_at)
    rows = tx.execute(chosen.where(contact.c.person_id == person_id).order_by(contact.c.place, contact.c.id))
    return tuple(Chat(**row._mapping) for row in rows)


def put_first(tx: Tx, person_id: int, contact_id: int) -> bool:
    """Make a chat the first that is tried for a person, the others behind it as they were; False if it is not theirs."""
    others = [chat.id for chat in chats_of(tx, person_id)]
    if contact_id not in others:
        return False
    others.remove(contact_id)
    for place, number in enumerate([contact_id, *others]):
        tx.execute(update(contact).where(contact.c.id == number).values(place=place))
    return True


def link(tx: Tx, *, person_id: int, channel: str, chat_id: str) -> Link:
    """Link a chat to somebody known: behind those they have, or in place of the one they had on this channel."""
    rights = select(person.c.id).where(person.c.id == person_id, person.c.revoked_at.is_(None))
    if tx.execute(rights).first() is None:
        return Link.NOBODY
    here = (contact.c.channel == channel, contact.c.chat_id == chat_id)
    owner = tx.execute(select(contact.c.person_id).where(*here)).scalar()
    if owner is not None and owner != person_id:
        return Link.FOREIGN
    before = next((chat for chat in chats_of(tx, person_id) if chat.channel == channel), None)
    if before is None:
        last = tx.execute(select(func.max(contact.c.place)).where(contact.c.person_id == person_id)).scalar()
        values = {"person_id": person_id, "channel": channel, "chat_id": chat_id, "gone_why": ""}
        tx.execute(insert(contact).values(place=0 if last is None else last + 1, **values))
    elif before.chat_id != chat_id:  # one chat a channel: who has a new account there has left the old one
        tx.execute(update(contact).where(contact.c.id == before.id).values(chat_id=chat_id))
        waiting = (outbox.c.person_id == person_id, outbox.c.channel == channel, outbox.c.state == "waiting")
        tx.execute(update(outbox).where(*waiting, outbox.c.chat_id == before.chat_id).values(chat_id=chat_id))
    mark_back(tx, channel=channel, chat_id=chat_id)
    clear_unreachable(tx, person_id)
    return Link.LINKED if before is None or before.chat_id == chat_id else Link.MOVED


def mark_gone(tx: Tx, *, channel: str, chat_id: str, why: str, now: datetime) -> None:
    """Remember that this chat cannot be written to, and tell the admins; a registered group is taken off the list."""
    here = (contact.c.channel == channel, contact.c.chat_id == chat_id, contact.c.gone_at.is_(None))
    gone = update(contact).where(*here).values(gone_at=now, gone_why=why).returning(contact.c.id, contact.c.person_id)
    row = tx.execute(gone).first()
    if row is not None:
        _tell_admins(tx, row.id, row.person_id, channel=channel, why=why, now=now)
    group = (group_chat.c.channel == channel, group_chat.c.chat_id == chat_id)
    tx.execute(update(group_chat).where(*group).values(ended_at=now))


def mark_back(tx: Tx, *, channel: str, chat_id: str) -> None:
    """Remember that this chat works again: whoever writes can be written to."""
    here = (contact.c.channel == channel, contact.c.chat_id == chat_id, contact.c.gone_at.is_not(None))
    back = update(contact).where(*here).values(gone_at=None, gone_why="").returning(contact.c.id, contact.c.person_id)
    row = tx.execute(back).first()
    if row is not None:
        notices.clear(tx, _gone(row.id))
        clear_unreachable(tx, row.person_id)


def move_chat(tx: Tx, *, channel: str, old: str, new: str) -> None:
    """Remember that a group got another id; where it is known under that one already, the old entry is dropped."""
    for chats in (group_chat, contact):
        before = (chats.c.channel == channel, chats.c.chat_id == old)
        known = select(chats.c.id).where(chats.c.channel == channel, chats.c.chat_id == new)
        if tx.execute(known).first() is None:
            tx.execute(update(chats).where(*before).values(chat_id=new))
        elif old != new:
            tx.execute(delete(chats).where(*before))


def unit_notice(unit: str) -> str:
    """Return the key of the notice that nobody of a unit can be asked."""
    return f"unreachable:{unit}"


def ever_asked(tx: Tx) -> frozenset[str]:
    """Return the units that have, or had, somebody who is asked."""
    return frozenset(tx.execute(select(membership.c.unit).where(membership.c.role.in_(ASKED)).distinct()).scalars())


def clear_unreachable(tx: Tx, person_id: int) -> None:
    """Take back the notice that nobody can be asked, for every unit for which this person, who is reached, is."""
    asked = (membership.c.person_id == person_id, membership.c.ended_at.is_(None), membership.c.role.in_(ASKED))
    for unit in tx.execute(select(membership.c.unit).where(*asked).distinct()).scalars():
        notices.clear(tx, unit_notice(unit))


def forget_gone(tx: Tx, person_id: int) -> None:
    """Take back what the admins were told of this person's chats: they are written to no more."""
    for chat in chats_of(tx, person_id):
        notices.clear(tx, _gone(chat.id))


def _tell_admins(tx: Tx, contact_id: int, person_id: int, *, channel: str, why: str, now: datetime) -> None:
    held = (membership.c.person_id == person_id, membership.c.ended_at.is_(None))
    row = tx.execute(select(membership.c.unit, membership.c.role).where(*held).order_by(membership.c.id)).first()
    if row is None:  # somebody without rights is written to no more anyway
        return
    words = {"unit": row.unit, "role": row.role, "channel": channel, "reason": _reason(why)}
    notices.raise_notice(tx, key=_gone(contact_id), kind=NoticeKind.CONTACT_GONE, words=words, now=now)


def _reason(why: str) -> Gone:
    """Return the network's words as one of our own: a notice never repeats what we did not write."""
    said = why.lower()
    return next((reason for word, reason in _SIGNS.items() if word in said), Gone.UNREACHABLE)


def _gone(contact_id: int) -> str:
    return f"gone:{contact_id}"


def _addresses() -> Select[tuple[int, str, str, str, str, str]]:
    return (
        select(person.c.id, person.c.name, person.c.language, membership.c.unit, contact.c.channel, contact.c.chat_id)
        .join(membership, membership.c.person_id == person.c.id)
        .join(contact, contact.c.person_id == person.c.id)
        .where(membership.c.ended_at.is_(None), person.c.revoked_at.is_(None), contact.c.gone_at.is_(None))
    )
