"""Every occurrence as it stood at a past moment, for the weekly figures; set-based, one pass."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Row, Select, and_, case, func, or_, select
from sqlalchemy.sql.selectable import Subquery

from bot.domain.calendar import local_day
from bot.domain.figuring import Asking, Counted
from bot.domain.plan import Plan
from bot.domain.standing import Status, Verdict, Word, standing
from bot.domain.steps import Fate, Reason
from bot.store.engine import Tx
from bot.store.outbox import SETTLED_BY_MORE
from bot.store.tables import decision, due_change, ledger, occurrence, outbox, remark, report


def counted(tx: Tx, plan: Plan, *, as_of: datetime) -> Iterator[Counted]:
    """Yield every occurrence that was known and not ended at `as_of`, with reports, decisions, dues and sends up to then."""
    notes = _notes(tx, as_of)
    for row in tx.execute(_statement(as_of)):
        if row.task in plan.tasks:
            yield _read(row, plan, notes, as_of)


def in_doubt(tx: Tx, *, since: datetime, as_of: datetime) -> int:
    """Return how many messages of the span left without an answer."""
    still = and_(outbox.c.state == "in_doubt", outbox.c.settled_at > since, outbox.c.settled_at <= as_of)
    then = and_(_was_in_doubt(as_of), outbox.c.not_before > since)
    return tx.execute(select(func.count()).select_from(outbox).where(or_(still, then))).scalar_one()


def _was_in_doubt(as_of: datetime) -> Any:
    """Return the condition of a doubt that was settled only after `as_of`."""
    settled_by_more = outbox.c.reason.in_(SETTLED_BY_MORE)
    return and_(outbox.c.state == "sent", settled_by_more, outbox.c.settled_at > as_of, outbox.c.not_before <= as_of)


def _statement(as_of: datetime) -> Select[Any]:
    last, moved, asked = _last_report(as_of), _last_due(as_of), _asked(as_of)
    decided = and_(decision.c.report_id == report.c.id, decision.c.at <= as_of)
    return (
        select(
            occurrence.c.task,
            occurrence.c.unit,
            func.coalesce(moved.c.due_at, occurrence.c.original_due_at).label("due_at"),
            report.c.id.label("report_id"),
            report.c.status,
            report.c.at,
            report.c.done_since,
            report.c.note,
            report.c.wanted_due_at,
            decision.c.verdict,
            asked.c.sent,
            asked.c.doubted,
            asked.c.handed,
            asked.c.nobody,
        )
        .select_from(occurrence)
        .join(last, last.c.occurrence_id == occurrence.c.id, isouter=True)
        .join(report, report.c.id == last.c.report_id, isouter=True)
        .join(decision, decided, isouter=True)
        .join(moved, moved.c.occurrence_id == occurrence.c.id, isouter=True)
        .join(asked, asked.c.occurrence_id == occurrence.c.id, isouter=True)
        .where(occurrence.c.known_at <= as_of, or_(occurrence.c.ended_at.is_(None), occurrence.c.ended_at > as_of))
        .order_by(occurrence.c.id)
    )


def _last_report(as_of: datetime) -> Subquery:
    newest = func.max(report.c.id).label("report_id")
    return (
        select(report.c.occurrence_id, newest).where(report.c.at <= as_of).group_by(report.c.occurrence_id).subquery()
    )


def _last_due(as_of: datetime) -> Subquery:
    last = select(func.max(due_change.c.id)).where(due_change.c.at <= as_of).group_by(due_change.c.occurrence_id)
    return select(due_change.c.occurrence_id, due_change.c.due_at).where(due_change.c.id.in_(last)).subquery()


def _asked(as_of: datetime) -> Subquery:
    """Return, per occurrence, how many of its steps were sent, left in doubt, handed on at all, or had nobody to go to."""
    settled = outbox.c.settled_at <= as_of

    def many(condition: Any) -> Any:
        return func.sum(case((condition, 1), else_=0))

    return (
        select(
            ledger.c.occurrence_id,
            many(and_(outbox.c.state == "sent", settled)).label("sent"),
            many(or_(and_(outbox.c.state == "in_doubt", settled), _was_in_doubt(as_of))).label("doubted"),
            many(ledger.c.fate == Fate.HANDED).label("handed"),
            many(ledger.c.reason == Reason.NO_CONTACT).label("nobody"),
        )
        .join(outbox, outbox.c.id == ledger.c.outbox_id, isouter=True)
        .where(ledger.c.at <= as_of)
        .group_by(ledger.c.occurrence_id)
        .subquery()
    )


def _notes(tx: Tx, as_of: datetime) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in tx.execute(select(remark.c.report_id, remark.c.text).where(remark.c.at <= as_of).order_by(remark.c.id)):
        found.setdefault(row.report_id, []).append(row.text)
    return found


def _read(row: Row[Any], plan: Plan, notes: dict[int, list[str]], as_of: datetime) -> Counted:
    task = plan.tasks[row.task]
    word = None
    if row.report_id is not None:
        verdict = Verdict(row.verdict) if row.verdict else None
        word = Word(status=Status(row.status), at=row.at, done_since=row.done_since, verdict=verdict)
    return Counted(
        task=row.task,
        unit=row.unit,
        due_at=row.due_at,
        standing=standing(word, due_at=row.due_at, now=as_of, review=task.review),
        status=word.status if word else None,
        note="; ".join(part for part in [row.note or "", *notes.get(row.report_id or 0, [])] if part),
        wanted_due_at=row.wanted_due_at,
        undecided=word is not None and word.verdict is None,
        paused=task.pause is not None and local_day(as_of) <= task.pause.until,
        asking=_asking(row),
    )


def _asking(row: Row[Any]) -> Asking:
    if row.sent or row.report_id is not None:
        return Asking.ASKED
    if row.doubted:
        return Asking.IN_DOUBT
    if row.handed:
        return Asking.FAILED
    return Asking.NO_CONTACT if row.nobody else Asking.NOT_YET
