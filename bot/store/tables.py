"""Every table. Rows never leave the store; other rooms see the frozen values of the sibling modules.

Moments are aware UTC. Enumerations are stored as their words, so that an export can be read without this code.
"""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Column, Index, MetaData, String, Table, UniqueConstraint
from sqlmodel import Field, SQLModel

SQLModel.metadata.naming_convention = {  # batch migrations drop constraints by name
    "ix": "ix_%(table_name)s_%(column_0_N_name)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


def _json() -> Column[Any]:
    return Column(JSON, nullable=False)


def _bytewise(*, unique: bool = False) -> Column[Any]:
    """Text that is searched by its beginning, as a range: that holds only where it is compared byte by byte."""
    kind = String().with_variant(String(collation="C"), "postgresql")  # whose order else follows the server's language
    return Column(kind, nullable=False, unique=unique)


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
    gone_at: datetime | None = None
    gone_why: str = ""


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


class RevisionRow(SQLModel, table=True):
    """A catalogue that passed its check and was applied, whole."""

    __tablename__ = "revision"
    id: int | None = Field(default=None, primary_key=True)
    digest: str
    texts: dict[str, str] = Field(sa_column=_json())
    applied_at: datetime


class OccurrenceRow(SQLModel, table=True):
    """A task of a unit in a period. `next_step_at` is an index for the tick, recomputable from the rest."""

    __tablename__ = "occurrence"
    __table_args__ = (
        UniqueConstraint("task", "unit", "period"),
        Index("ix_occurrence_next_step_at", "next_step_at"),
        Index("ix_occurrence_unit_due_at", "unit", "due_at"),
        Index("ix_occurrence_due_at", "due_at"),
    )
    id: int | None = Field(default=None, primary_key=True)
    task: str
    unit: str
    period: str
    original_due_at: datetime
    plan_due_at: datetime
    due_at: datetime
    known_at: datetime
    handled_until: datetime | None = None
    next_step_at: datetime | None = None
    last_report_id: int | None = None
    ended_at: datetime | None = None


class DueChangeRow(SQLModel, table=True):
    """Every move of a due, so that any past week can be judged by the dues of its time."""

    __tablename__ = "due_change"
    id: int | None = Field(default=None, primary_key=True)
    occurrence_id: int = Field(foreign_key="occurrence.id", index=True)
    at: datetime
    due_at: datetime
    cause: str


class ReportRow(SQLModel, table=True):
    """What a unit said; only added."""

    __tablename__ = "report"
    __table_args__ = (Index("ix_report_occurrence_id_id", "occurrence_id", "id"), Index("ix_report_at", "at"))
    id: int | None = Field(default=None, primary_key=True)
    occurrence_id: int = Field(foreign_key="occurrence.id")
    person_id: int
    channel: str
    status: str
    figures: dict[str, Any] = Field(sa_column=_json())
    note: str = ""
    wanted_due_at: datetime | None = None
    done_since: datetime | None = None
    at: datetime


class RemarkRow(SQLModel, table=True):
    """A note added to a report after it was made."""

    __tablename__ = "remark"
    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    person_id: int
    text: str
    at: datetime


class EvidenceRow(SQLModel, table=True):
    """A file that proves a report. `name` is theirs, `path` under the home's evidence folder is ours."""

    __tablename__ = "evidence"
    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", index=True)
    person_id: int
    name: str
    media: str
    size: int
    sha256: str
    path: str
    at: datetime


class DecisionRow(SQLModel, table=True):
    """What the office decided on a report: one decision a report, whoever presses first."""

    __tablename__ = "decision"
    id: int | None = Field(default=None, primary_key=True)
    report_id: int = Field(foreign_key="report.id", unique=True)
    occurrence_id: int = Field(foreign_key="occurrence.id", index=True)
    person_id: int
    verdict: str
    reason: str = ""
    due_at: datetime | None = None
    at: datetime


class LedgerRow(SQLModel, table=True):
    """The fate of a step that came due, per person told (0: nobody); only added. HANDED: see the outbox row."""

    __tablename__ = "ledger"
    __table_args__ = (
        UniqueConstraint("occurrence_id", "step", "due_at", "person_id"),
        Index("ix_ledger_outbox_id", "outbox_id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    occurrence_id: int = Field(foreign_key="occurrence.id")
    step: str
    due_at: datetime
    person_id: int = 0
    planned_at: datetime
    fate: str
    reason: str = ""
    outbox_id: int | None = None
    at: datetime


class OutboxRow(SQLModel, table=True):
    """What is to be said, once each: `key` is unique. `place` orders the parts of one message."""

    __tablename__ = "outbox"
    __table_args__ = (
        Index("ix_outbox_state_lane_id", "state", "lane", "id"),
        Index("ix_outbox_channel_chat_id_id", "channel", "chat_id", "id"),
    )
    id: int | None = Field(default=None, primary_key=True)
    key: str = Field(sa_column=_bytewise(unique=True))
    channel: str
    chat_id: str
    person_id: int | None = None
    lane: int
    heading: str = ""
    text: str
    buttons: list[Any] = Field(sa_column=_json())
    file: dict[str, str] = Field(sa_column=_json())
    state: str = "waiting"
    reason: str = ""
    attempts: int = 0
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
    external_id: str = Field(sa_column=_bytewise())
    chat_id: str = ""
    raw: dict[str, Any] = Field(sa_column=_json())
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
    subject: dict[str, Any] = Field(sa_column=_json())
    asked_at: datetime
    expires_at: datetime


class SummaryRow(SQLModel, table=True):
    """A published weekly summary, frozen."""

    __tablename__ = "summary"
    week: str = Field(primary_key=True)
    as_of: datetime
    published_at: datetime
    figures: dict[str, Any] = Field(sa_column=_json())
    text: str
    digest: str


class MarkRow(SQLModel, table=True):
    """A named moment or word the bot must remember over a restart."""

    __tablename__ = "mark"
    name: str = Field(primary_key=True)
    word: str


METADATA: MetaData = SQLModel.metadata


def table(name: str) -> Table:
    """Return the Core table of this name, for set-based statements."""
    return METADATA.tables[name]


person = table("person")
contact = table("contact")
membership = table("membership")
invite = table("invite")
guess = table("guess")
group_chat = table("group_chat")
revision = table("revision")
occurrence = table("occurrence")
due_change = table("due_change")
report = table("report")
remark = table("remark")
evidence = table("evidence")
decision = table("decision")
ledger = table("ledger")
outbox = table("outbox")
inbox = table("inbox")
question = table("question")
summary = table("summary")
mark = table("mark")
