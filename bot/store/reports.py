"""Reports, what is added to them, and the decisions on them. Nothing here is ever changed, only added."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, func, insert, select, update

from bot.domain.standing import Status, Verdict
from bot.store.engine import Tx, insert_new, returned_id
from bot.store.tables import decision, evidence, occurrence, person, remark, report

CHUNK = 5000


@dataclass(frozen=True, slots=True, kw_only=True)
class NewReport:
    """What a unit says, ready to be stored."""

    occurrence_id: int
    person_id: int
    channel: str
    status: Status
    figures: dict[str, Any]
    note: str
    wanted_due_at: datetime | None
    done_since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """A stored report with everything that was added to it. `note` holds the remarks too, one a line."""

    id: int
    occurrence_id: int
    person_id: int
    person: str
    channel: str
    status: Status
    figures: dict[str, Any]
    note: str
    wanted_due_at: datetime | None
    at: datetime
    files: tuple[str, ...]
    verdict: Verdict | None
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class NewEvidence:
    """A file that proves a report, already on our disk."""

    report_id: int
    person_id: int
    name: str
    media: str
    size: int
    sha256: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A stored file: where it lies and what to call it."""

    id: int
    name: str
    media: str
    path: str


_ADD = insert(report)
_LATEST = update(occurrence).where(occurrence.c.id == bindparam("on")).values(last_report_id=bindparam("latest"))


def add(tx: Tx, new: NewReport, *, now: datetime) -> int:
    """Store a report as the latest word on its occurrence; return its id."""
    values = {name: getattr(new, name) for name in NewReport.__slots__}
    report_id = returned_id(tx, _ADD, {**values, "at": now})
    tx.execute(_LATEST, {"on": new.occurrence_id, "latest": report_id})
    return report_id


def as_stored(new: NewReport, report_id: int, *, person: str, now: datetime) -> Report:
    """Return a report just added as `get` would: nothing was added to it yet, and nobody has decided."""
    return Report(
        id=report_id,
        occurrence_id=new.occurrence_id,
        person_id=new.person_id,
        person=person,
        channel=new.channel,
        status=new.status,
        figures=new.figures,
        note=new.note,
        wanted_due_at=new.wanted_due_at,
        at=now,
        files=(),
        verdict=None,
        reason="",
    )


def add_remark(tx: Tx, *, report_id: int, person_id: int, text: str, now: datetime) -> None:
    """Add a note to a report."""
    tx.execute(insert(remark).values(report_id=report_id, person_id=person_id, text=text, at=now))


def add_evidence(tx: Tx, new: NewEvidence, *, now: datetime) -> int:
    """Add a file to a report; return its id."""
    values = {name: getattr(new, name) for name in NewEvidence.__slots__}
    return returned_id(tx, insert(evidence).values(at=now, **values))


def decide(
    tx: Tx,
    *,
    report_id: int,
    occurrence_id: int,
    person_id: int,
    verdict: Verdict,
    reason: str,
    due_at: datetime | None,
    now: datetime,
) -> bool:
    """Store the decision on a report; False where somebody decided first."""
    statement = insert_new(tx, "decision").values(
        report_id=report_id,
        occurrence_id=occurrence_id,
        person_id=person_id,
        verdict=verdict,
        reason=reason,
        due_at=due_at,
        at=now,
    )
    done = tx.execute(statement.on_conflict_do_nothing(index_elements=["report_id"]).returning(decision.c.id))
    return done.first() is not None


def decided_by(tx: Tx, report_id: int) -> tuple[str, datetime]:
    """Return who decided on a report, and when; LookupError where nobody has."""
    row = tx.execute(
        select(person.c.name, decision.c.at)
        .join(person, person.c.id == decision.c.person_id)
        .where(decision.c.report_id == report_id)
    ).first()
    if row is None:
        raise LookupError(report_id)
    return str(row.name), row.at


def get(tx: Tx, report_id: int) -> Report | None:
    """Return a report with its remarks, files and decision."""
    found = _read(tx, report.c.id == report_id)
    return found[0] if found else None


def many(tx: Tx, report_ids: Sequence[int]) -> dict[int, Report]:
    """Return these reports by id."""
    found: dict[int, Report] = {}
    for start in range(0, len(report_ids), CHUNK):
        found |= {each.id: each for each in _read(tx, report.c.id.in_(report_ids[start : start + CHUNK]))}
    return found


def history(tx: Tx, *, occurrence_id: int | None = None) -> tuple[Report, ...]:
    """Return every report, of one occurrence where given, in the order they were made."""
    return _read(tx, report.c.occurrence_id == occurrence_id if occurrence_id is not None else report.c.id > 0)


def extensions(tx: Tx, occurrence_id: int) -> int:
    """Return how many extensions were granted for an occurrence."""
    granted = (decision.c.occurrence_id == occurrence_id, decision.c.verdict == Verdict.EXTEND)
    return tx.execute(select(func.count()).where(*granted)).scalar_one()


def requests(tx: Tx, occurrence_id: int) -> int:
    """Return how many times an extension was asked for."""
    asked = (report.c.occurrence_id == occurrence_id, report.c.status == Status.EXTENSION)
    return tx.execute(select(func.count()).where(*asked)).scalar_one()


def asked_often(tx: Tx, *, as_of: datetime, least: int) -> tuple[tuple[str, str, datetime], ...]:
    """Return the task, unit and due of every occurrence for which an extension was asked for so many times by then."""
    asked = (report.c.status == Status.EXTENSION, report.c.at <= as_of)
    often = select(report.c.occurrence_id).where(*asked).group_by(report.c.occurrence_id).having(func.count() >= least)
    chosen = select(occurrence.c.task, occurrence.c.unit, occurrence.c.due_at).where(occurrence.c.id.in_(often))
    return tuple((row.task, row.unit, row.due_at) for row in tx.execute(chosen))


def latest_of(tx: Tx, *, person_id: int, since: datetime) -> int | None:
    """Return the id of the last report a person made since a moment."""
    mine = (report.c.person_id == person_id, report.c.at >= since)
    return tx.execute(select(func.max(report.c.id)).where(*mine)).scalar()


def files_of(tx: Tx, report_id: int) -> tuple[Evidence, ...]:
    """Return the files of a report, oldest first."""
    rows = tx.execute(select(evidence).where(evidence.c.report_id == report_id).order_by(evidence.c.id))
    return tuple(Evidence(id=row.id, name=row.name, media=row.media, path=row.path) for row in rows)


def _read(tx: Tx, which: Any) -> tuple[Report, ...]:
    rows = tx.execute(
        select(report, person.c.name.label("person"), decision.c.verdict, decision.c.reason.label("decided_why"))
        .join(person, person.c.id == report.c.person_id, isouter=True)
        .join(decision, decision.c.report_id == report.c.id, isouter=True)
        .where(which)
        .order_by(report.c.id)
    ).all()
    notes: dict[int, list[str]] = {}
    for row in tx.execute(select(remark.c.report_id, remark.c.text).join(report).where(which).order_by(remark.c.id)):
        notes.setdefault(row.report_id, []).append(row.text)
    files: dict[int, list[str]] = {}
    for row in tx.execute(select(evidence.c.report_id, evidence.c.name).join(report).where(which)):
        files.setdefault(row.report_id, []).append(row.name)
    return tuple(
        Report(
            id=row.id,
            occurrence_id=row.occurrence_id,
            person_id=row.person_id,
            person=row.person or "",
            channel=row.channel,
            status=Status(row.status),
            figures=row.figures,
            note="\n".join(part for part in [row.note, *notes.get(row.id, [])] if part),
            wanted_due_at=row.wanted_due_at,
            at=row.at,
            files=tuple(files.get(row.id, ())),
            verdict=Verdict(row.verdict) if row.verdict else None,
            reason=row.decided_why or "",
        )
        for row in rows
    )
