"""Every occurrence as it stood at a past moment, for the weekly figures; set-based, streamed, one pass."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, String, and_, case, func, or_, select, type_coerce

from bot.domain.calendar import local_day
from bot.domain.figuring import Asking, Counted, Said, Situation
from bot.domain.plan import Plan
from bot.domain.situations import SILENT
from bot.domain.standing import Standing, Status, Verdict, Word, standing
from bot.domain.steps import Fate, Reason
from bot.store.engine import Tx
from bot.store.handovers import Handovers
from bot.store.occurrences import BY_EXTENSION
from bot.store.outbox import SETTLED_BY_MORE
from bot.store.tables import decision, due_change, ledger, occurrence, outbox, remark, report

BATCH = 5_000  # rows fetched at a time
NOT_SENT = "shadowed"  # the state of what went to the admins alone: nobody was asked by it

_HOW_FAR = {8: Asking.ASKED, 4: Asking.IN_DOUBT, 2: Asking.FAILED, 1: Asking.NO_CONTACT}
_OWN = 4  # columns that no two occurrences need share; what follows them makes the situation


def counted(tx: Tx, plan: Plan, *, as_of: datetime, decided_by: datetime | None = None) -> Iterator[Counted]:
    """Yield every occurrence that was known and not ended at `as_of`, with reports, decisions, dues and sends up to then.

    With `decided_by`, what was decided up to that later moment on the reports of then counts too: reports accepted or
    returned, extensions agreed. Occurrences that stood alike share one `Situation`, so that a million of them cost a tuple
    each.
    """
    by = decided_by or as_of
    notes = _notes(tx, as_of)
    handed = Handovers(tx, plan, as_of=as_of)
    shared: dict[tuple[Any, ...], Situation] = {}
    streamed = tx.execute(_statement(as_of, by).execution_options(yield_per=BATCH))
    for rows in streamed.partitions():
        for row in rows:
            key = row[_OWN:]
            what = shared.get(key)
            if what is None:
                if row.task not in plan.tasks:
                    continue
                what = shared[key] = _situation(row, plan, as_of)
            said = _said(row, notes) if row[1] is not None else SILENT
            unit = handed.unit_of(row[0], report_id=row[1], stands=what.standing) if row[0] in handed.ended else row[0]
            yield Counted(unit, what, said)


def in_doubt(tx: Tx, *, since: datetime, as_of: datetime) -> int:
    """Return how many messages of the span left without an answer."""
    still = and_(outbox.c.state == "in_doubt", outbox.c.settled_at > since, outbox.c.settled_at <= as_of)
    then = and_(_was_in_doubt(as_of), outbox.c.not_before > since)
    return tx.execute(select(func.count()).select_from(outbox).where(or_(still, then))).scalar_one()


def _was_in_doubt(as_of: datetime) -> ColumnElement[bool]:
    """Return the condition of a doubt that was settled only after `as_of`."""
    settled_by_more = outbox.c.reason.in_(SETTLED_BY_MORE)
    return and_(outbox.c.state == "sent", settled_by_more, outbox.c.settled_at > as_of, outbox.c.not_before <= as_of)


def _statement(as_of: datetime, by: datetime) -> Select[Any]:
    # Each part is looked up by an index: grouping whole tables first took longer, and the memory of all of them.
    decided = and_(decision.c.report_id == report.c.id, decision.c.at <= by)
    due_at = func.coalesce(due_change.c.due_at, occurrence.c.original_due_at)
    done_at = func.coalesce(report.c.done_since, report.c.at)
    return (
        select(
            occurrence.c.unit,
            report.c.id.label("report_id"),
            report.c.note,
            _raw(report.c.wanted_due_at),
            occurrence.c.task,
            _raw(due_at).label("due_at"),
            _raw(occurrence.c.original_due_at).label("original_due_at"),
            report.c.status,
            decision.c.verdict,
            (done_at <= due_at).label("in_time"),
            (done_at <= occurrence.c.original_due_at).label("in_first_time"),
            case((report.c.id.is_not(None), 8), else_=_how_far(as_of)).label("how_far"),
        )
        .select_from(occurrence)
        .join(report, report.c.id == _last_report(as_of), isouter=True)
        .join(decision, decided, isouter=True)
        .join(due_change, due_change.c.id == _last_due(as_of, by), isouter=True)
        .where(occurrence.c.known_at <= as_of, or_(occurrence.c.ended_at.is_(None), occurrence.c.ended_at > as_of))
        .order_by(occurrence.c.id)
    )


def _raw(moment: ColumnElement[datetime]) -> ColumnElement[Any]:
    # As the driver has it: a million moments are a few hundred different ones, and reading them takes half the time.
    return type_coerce(moment, String())


def _moment(raw: str | datetime) -> datetime:
    if isinstance(raw, str):
        return datetime.fromisoformat(raw).replace(tzinfo=UTC)
    return raw.astimezone(UTC)


def _last_report(as_of: datetime) -> Any:
    newest = select(func.max(report.c.id)).where(report.c.occurrence_id == occurrence.c.id, report.c.at <= as_of)
    return newest.correlate(occurrence).scalar_subquery()


def _last_due(as_of: datetime, by: datetime) -> Any:
    known = due_change.c.at <= as_of
    if by > as_of:
        known = or_(known, and_(due_change.c.at <= by, due_change.c.cause == BY_EXTENSION))
    newest = select(func.max(due_change.c.id)).where(due_change.c.occurrence_id == occurrence.c.id, known)
    return newest.correlate(occurrence).scalar_subquery()


def _how_far(as_of: datetime) -> Any:
    """Return how far the asking came: the best that became of the steps of an occurrence, as `_HOW_FAR` reads it."""
    settled = outbox.c.settled_at <= as_of
    best = case(
        (ledger.c.reason == Reason.NO_CONTACT, 1),
        (ledger.c.fate != Fate.HANDED, 0),
        (and_(outbox.c.state == "sent", settled), 8),
        (or_(and_(outbox.c.state == "in_doubt", settled), _was_in_doubt(as_of)), 4),
        (outbox.c.state == NOT_SENT, 0),
        else_=2,
    )
    return (
        select(func.max(best))
        .select_from(ledger)
        .join(outbox, outbox.c.id == ledger.c.outbox_id, isouter=True)
        .where(ledger.c.occurrence_id == occurrence.c.id, ledger.c.at <= as_of)
        .correlate(occurrence)
        .scalar_subquery()
    )


def _notes(tx: Tx, as_of: datetime) -> dict[int, list[str]]:
    found: dict[int, list[str]] = {}
    for row in tx.execute(select(remark.c.report_id, remark.c.text).where(remark.c.at <= as_of).order_by(remark.c.id)):
        found.setdefault(row.report_id, []).append(row.text)
    return found


def _said(row: Row[Any], notes: dict[int, list[str]]) -> Said:
    report_id, note, wanted_due_at = row[1:_OWN]
    if not note and wanted_due_at is None and report_id not in notes:
        return SILENT
    words = "; ".join(part for part in [note or "", *notes.get(report_id or 0, [])] if part)
    return Said(words, _moment(wanted_due_at) if wanted_due_at is not None else None)


def _situation(row: Row[Any], plan: Plan, as_of: datetime) -> Situation:
    task = plan.tasks[row.task]
    verdict = Verdict(row.verdict) if row.verdict else None
    due_at, first_due_at = _moment(row.due_at), _moment(row.original_due_at)

    def stands(due_at: datetime, *, in_time: bool) -> Standing:
        # `standing` asks of the moment of the work only whether it was in time: any such moment does for all of them.
        at = due_at if in_time else due_at + timedelta(seconds=1)
        word = Word(status=Status(row.status), at=at, verdict=verdict) if row.status else None
        return standing(word, due_at=due_at, now=as_of, review=task.review)

    return Situation(
        task=row.task,
        due_at=due_at,
        standing=stands(due_at, in_time=bool(row.in_time)),
        original_due_at=first_due_at,
        by_original=stands(first_due_at, in_time=bool(row.in_first_time)),
        status=Status(row.status) if row.status else None,
        undecided=row.status is not None and verdict is None,
        paused=task.pause is not None and local_day(as_of) <= task.pause.until,
        asking=_HOW_FAR.get(row.how_far, Asking.NOT_YET),
    )
