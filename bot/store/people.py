"""People, what they are to which unit, and the groups they registered; their chats are in `contacts`."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update

from bot.domain.plan import Role
from bot.store import contacts
from bot.store.engine import Tx, insert_new, returned_id
from bot.store.tables import contact, group_chat, invite, membership, outbox, person


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """What somebody is to a unit."""

    unit: str
    role: Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody who joined, with all they are."""

    id: int
    name: str
    language: str
    memberships: tuple[Membership, ...]

    def units_as(self, *roles: Role) -> tuple[str, ...]:
        """Return the units in which the person has one of these roles."""
        return tuple(held.unit for held in self.memberships if held.role in roles)

    def is_a(self, role: Role) -> bool:
        """Return whether the person has this role anywhere."""
        return any(held.role is role for held in self.memberships)


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """A line of the list of people: one for each thing a person is. `reachable` is whether a chat of theirs works."""

    person_id: int
    name: str
    unit: str
    role: Role
    channels: tuple[str, ...]
    reachable: bool
    since: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class GroupChat:
    """A group registered for the weekly summary."""

    channel: str
    chat_id: str
    title: str


def by_chat(tx: Tx, *, channel: str, user_id: str) -> Person | None:
    """Return who writes from this chat, None for a stranger or somebody whose rights were revoked."""
    row = tx.execute(
        select(person.c.id, person.c.name, person.c.language)
        .join(contact, contact.c.person_id == person.c.id)
        .where(contact.c.channel == channel, contact.c.chat_id == user_id, person.c.revoked_at.is_(None))
    ).first()
    return None if row is None else _person(tx, row)


def chats_on(tx: Tx, channel: str) -> dict[str, Person]:
    """Return everybody with rights who has a chat on this channel, by chat."""
    rows = tx.execute(
        select(contact.c.chat_id, person.c.id, person.c.name, person.c.language)
        .join(person, person.c.id == contact.c.person_id)
        .where(contact.c.channel == channel, person.c.revoked_at.is_(None))
    ).all()
    return {row.chat_id: _person(tx, row) for row in rows}


def by_id(tx: Tx, person_id: int) -> Person | None:
    """Return a person by id, revoked or not."""
    row = tx.execute(select(person.c.id, person.c.name, person.c.language).where(person.c.id == person_id)).first()
    return None if row is None else _person(tx, row)


def names(tx: Tx) -> dict[int, str]:
    """Return everybody's name by id."""
    return {int(row.id): str(row.name) for row in tx.execute(select(person.c.id, person.c.name))}


def join(
    tx: Tx, *, channel: str, user_id: str, name: str, unit: str, role: Role, now: datetime, language: str = "vi"
) -> Person:
    """Give whoever writes from this chat a role in a unit, making their acquaintance where they are new."""
    known = tx.execute(
        select(contact.c.person_id).where(contact.c.channel == channel, contact.c.chat_id == user_id)
    ).scalar()
    if known is None:
        known = returned_id(tx, insert(person).values(name=name, language=language, created_at=now))
        chat = {"channel": channel, "chat_id": user_id, "checked_at": now}
        tx.execute(insert(contact).values(person_id=known, place=0, gone_why="", **chat))
    else:
        tx.execute(update(person).where(person.c.id == known).values(revoked_at=None))
    held = tx.execute(
        select(membership.c.id).where(
            membership.c.person_id == known,
            membership.c.unit == unit,
            membership.c.role == role,
            membership.c.ended_at.is_(None),
        )
    ).first()
    if held is None:
        tx.execute(insert(membership).values(person_id=known, unit=unit, role=role, since=now))
    contacts.mark_back(tx, channel=channel, chat_id=user_id)
    contacts.clear_unreachable(tx, known)
    found = by_id(tx, known)
    if found is None:
        raise LookupError("a person that was just written is not there")
    return found


def revoke(tx: Tx, *, person_id: int, now: datetime) -> bool:
    """Take every right from a person; return whether there were any. What they reported stays.

    What still waits to be told to them is not sent, and a code for a further chat of theirs is worth nothing.
    """
    open_rights = (membership.c.person_id == person_id, membership.c.ended_at.is_(None))
    ended = tx.execute(update(membership).where(*open_rights).values(ended_at=now)).rowcount
    tx.execute(update(person).where(person.c.id == person_id).values(revoked_at=now))
    waiting = (outbox.c.person_id == person_id, outbox.c.state == "waiting")
    tx.execute(update(outbox).where(*waiting).values(state="cancelled", reason="revoked", settled_at=now))
    tx.execute(update(invite).where(invite.c.for_person == person_id).values(expires_at=now))
    contacts.forget_gone(tx, person_id)
    return ended > 0


def revoked_at(tx: Tx, *, channel: str, user_id: str) -> datetime | None:
    """Return since when whoever writes from this chat has no rights any more; None for strangers and who has some."""
    chosen = select(person.c.revoked_at).join(contact, contact.c.person_id == person.c.id)
    return tx.execute(chosen.where(contact.c.channel == channel, contact.c.chat_id == user_id)).scalar()


def set_language(tx: Tx, *, person_id: int, language: str) -> None:
    """Remember the language a person wants to be spoken to in."""
    tx.execute(update(person).where(person.c.id == person_id).values(language=language))


def listed(tx: Tx) -> tuple[Listed, ...]:
    """Return everybody who holds a right, by unit, role and name."""
    rows = tx.execute(
        select(person.c.id, person.c.name, membership.c.unit, membership.c.role, membership.c.since)
        .join(membership, membership.c.person_id == person.c.id)
        .where(membership.c.ended_at.is_(None), person.c.revoked_at.is_(None))
        .order_by(membership.c.unit, membership.c.role, person.c.name, person.c.id)
    ).all()
    chats: dict[int, list[tuple[str, bool]]] = defaultdict(list)
    by_choice = select(contact.c.person_id, contact.c.channel, contact.c.gone_at).order_by(
        contact.c.place, contact.c.id
    )
    for row in tx.execute(by_choice):
        chats[row.person_id].append((row.channel, row.gone_at is None))
    return tuple(
        Listed(
            person_id=row.id,
            name=row.name,
            unit=row.unit,
            role=Role(row.role),
            channels=tuple(channel for channel, _ in chats[row.id]),
            reachable=any(works for _, works in chats[row.id]),
            since=row.since,
        )
        for row in rows
    )


def register_group(tx: Tx, *, channel: str, chat_id: str, title: str, person_id: int, now: datetime) -> None:
    """Put a group on the list for the weekly summary; once more changes only its title."""
    values = {"title": title, "registered_by": person_id, "since": now, "ended_at": None}
    statement = insert_new(tx, "group_chat").values(channel=channel, chat_id=chat_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["channel", "chat_id"], set_=values))


def unregister_group(tx: Tx, *, channel: str, chat_id: str, now: datetime) -> bool:
    """Take a group off the list; return whether it was on it."""
    here = (group_chat.c.channel == channel, group_chat.c.chat_id == chat_id, group_chat.c.ended_at.is_(None))
    return tx.execute(update(group_chat).where(*here).values(ended_at=now)).rowcount > 0


def groups(tx: Tx) -> tuple[GroupChat, ...]:
    """Return the registered groups, oldest first."""
    rows = tx.execute(select(group_chat).where(group_chat.c.ended_at.is_(None)).order_by(group_chat.c.id))
    return tuple(GroupChat(channel=row.channel, chat_id=row.chat_id, title=row.title) for row in rows)


def _person(tx: Tx, row: Any) -> Person:
    held = tx.execute(
        select(membership.c.unit, membership.c.role)
        .where(membership.c.person_id == row.id, membership.c.ended_at.is_(None))
        .order_by(membership.c.id)
    )
    return Person(
        id=row.id,
        name=row.name,
        language=row.language,
        memberships=tuple(Membership(unit=unit, role=Role(role)) for unit, role in held),
    )
