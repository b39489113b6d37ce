"""Who may speak and where they are reached."""

from datetime import date, datetime

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel


class PersonRow(SQLModel, table=True):
    """Somebody who joined by a code."""

    __tablename__ = "person"
    id: int | None = Field(default=None, primary_key=True)
    name: str
    language: str = "vi"
    created_at: datetime
    revoked_at: datetime | None = None


class ContactRow(SQLModel, table=True):
    """A person's chat on a channel."""

    __tablename__ = "contact"
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    channel: str
    chat_id: str
    place: int = 0  # the person's first choice is the lowest
    gone_at: datetime | None = None
    gone_why: str = ""
    checked_at: datetime | None = None


class MembershipRow(SQLModel, table=True):
    """What a person is to a unit, from when until when."""

    __tablename__ = "membership"
    __table_args__ = (Index("ix_membership_role_unit", "role", "unit"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    unit: str
    role: str
    since: datetime
    ended_at: datetime | None = None


class AbsenceRow(SQLModel, table=True):
    """The days on which a person is away, both of them among these, and who stands in. Ended early: `ended_at`."""

    __tablename__ = "absence"
    __table_args__ = (Index("ix_absence_last_day", "last_day"),)
    id: int | None = Field(default=None, primary_key=True)
    person_id: int = Field(foreign_key="person.id", index=True)
    first_day: date
    last_day: date
    deputy_person: int | None = None
    at: datetime
    ended_at: datetime | None = None


class InviteRow(SQLModel, table=True):
    """A one-time code, as its hash."""

    __tablename__ = "invite"
    id: int | None = Field(default=None, primary_key=True)
    code_hash: str = Field(unique=True)
    unit: str
    role: str
    name: str = ""
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None = None
    used_by: int | None = None
    for_person: int | None = None  # then it gives no role: it links a further chat to this person


class GuessRow(SQLModel, table=True):
    """A wrong code, for slowing down whoever guesses."""

    __tablename__ = "guess"
    __table_args__ = (Index("ix_guess_at", "at"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat_id: str
    at: datetime


class GroupChatRow(SQLModel, table=True):
    """A group that an admin registered for the weekly summary."""

    __tablename__ = "group_chat"
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat_id: str
    title: str
    registered_by: int
    since: datetime
    ended_at: datetime | None = None


class BafflementRow(SQLModel, table=True):
    """How often in a row a chat was answered that it was not understood."""

    __tablename__ = "bafflement"
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat_id: str
    times: int
    at: datetime
