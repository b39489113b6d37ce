"""What is owed and what became of it: catalogue, occurrences, reports, decisions, steps, published weeks."""

from datetime import date, datetime
from typing import Any

from sqlalchemy import Index, UniqueConstraint
from sqlmodel import Field, SQLModel

from bot.store.tables.columns import json_column


class RevisionRow(SQLModel, table=True):
    """A catalogue that passed its check and was applied, whole."""

    __tablename__ = "revision"
    id: int | None = Field(default=None, primary_key=True)
    digest: str
    texts: dict[str, str] = Field(sa_column=json_column())
    applied_at: datetime
    who: str = ""  # the admin by name, or the account at the machine; empty: nobody, the bot itself
    cause: str = "start"  # start | command | chat | auto | rollback
    effects: dict[str, Any] = Field(sa_column=json_column())


class ProposalRow(SQLModel, table=True):
    """An edited catalogue that passed its check and waits for the admins' word.

    `state`: open, agreed, applied, refused, superseded.
    """

    __tablename__ = "proposal"
    __table_args__ = (Index("ix_proposal_state", "state"),)
    id: int | None = Field(default=None, primary_key=True)
    digest: str
    texts: dict[str, str] = Field(sa_column=json_column())
    effects: dict[str, Any] = Field(sa_column=json_column())
    over: int = 0  # the revision it was compared with
    needs: int = 1  # how many admins must say yes
    state: str = "open"
    proposed_at: datetime
    settled_at: datetime | None = None


class ConsentRow(SQLModel, table=True):
    """What an admin said to a proposal: one word a person."""

    __tablename__ = "consent"
    __table_args__ = (UniqueConstraint("proposal_id", "person_id"),)
    id: int | None = Field(default=None, primary_key=True)
    proposal_id: int = Field(foreign_key="proposal.id")
    person_id: int
    word: str  # yes | no
    at: datetime


class EventDateRow(SQLModel, table=True):
    """The day a task's due counts from, as somebody entered it; the newest of a task counts."""

    __tablename__ = "event_date"
    __table_args__ = (Index("ix_event_date_task_id", "task", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    task: str
    day: date
    person_id: int | None = None  # None: entered at the machine
    at: datetime


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
    figures: dict[str, Any] = Field(sa_column=json_column())
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


class SummaryRow(SQLModel, table=True):
    """A published weekly summary, frozen."""

    __tablename__ = "summary"
    week: str = Field(primary_key=True)
    as_of: datetime
    published_at: datetime
    figures: dict[str, Any] = Field(sa_column=json_column())
    text: str
    digest: str
