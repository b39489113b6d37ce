"""What is to be said, what was heard, and who looks after it."""

from datetime import datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import bytewise_column, json_column


class OutboxRow(SQLModel, table=True):
    """What is to be said, once each: `key` is unique. While it is claimed: under which lease's epoch, until when.

    `served_at` is when its chat was last served, as `served` has it: kept here too so that the next turn is in an index.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_turn", "state", "lane", "served_at", "id"),
        Index("ix_outbox_chat", "channel", "chat_id", "state", "lane", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_column=bytewise_column(unique=True))
    channel: str
    chat_id: str
    person_id: int | None = None
    lane: int
    heading: str = ""
    text: str
    buttons: list[Any] = Field(sa_column=json_column())
    file: dict[str, str] = Field(sa_column=json_column())
    state: str = "waiting"
    reason: str = ""
    attempts: int = 0
    epoch: int = 0
    claimed_until: datetime | None = None
    served_at: datetime
    created_at: datetime
    not_before: datetime
    expires_at: datetime | None = None
    settled_at: datetime | None = None
    message_id: str = ""


class InboxRow(SQLModel, table=True):
    """What was heard, as the network gave it, before anything is done about it."""

    __tablename__ = "inbox"
    __table_args__ = (UniqueConstraint("channel", "external_id"), Index("ix_inbox_state_id", "state", "id"))
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    external_id: str = Field(sa_column=bytewise_column())
    chat_id: str = ""
    raw: dict[str, Any] = Field(sa_column=json_column())
    state: str = "new"
    tries: int = 0
    reason: str = ""
    received_at: datetime


class QuestionRow(SQLModel, table=True):
    """The one question open in a chat."""

    __tablename__ = "question"
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat_id: str
    kind: str
    subject: dict[str, Any] = Field(sa_column=json_column())
    asked_at: datetime
    expires_at: datetime


class MarkRow(SQLModel, table=True):
    """A named moment or word the bot must remember over a restart."""

    __tablename__ = "mark"
    name: str = Field(primary_key=True)
    word: str


class ServedRow(SQLModel, table=True):
    """When a chat was last sent something of a lane that waits its turn: the least recently served goes first."""

    __tablename__ = "served"
    __table_args__ = (UniqueConstraint("channel", "chat_id"),)
    id: int | None = Field(default=None, primary_key=True)
    channel: str
    chat_id: str
    at: datetime


class NoticeRow(SQLModel, table=True):
    """Something the admins must know: told once while it lasts. `key` names the matter, `words` fill its sentence."""

    __tablename__ = "notice"
    __table_args__ = (UniqueConstraint("key"),)
    id: int | None = Field(default=None, primary_key=True)
    key: str
    kind: str
    words: dict[str, Any] = Field(sa_column=json_column())
    since: datetime
    told_at: datetime | None = None


class LeaseRow(SQLModel, table=True):
    """Which process ticks and sends, until when. `epoch` grows with every new holder, and every claim carries it."""

    __tablename__ = "lease"
    name: str = Field(primary_key=True)
    holder: str
    epoch: int
    expires_at: datetime
