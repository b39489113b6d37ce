"""Stored occurrences as they are shown: with the plan's words and the latest report."""

from collections.abc import Sequence
from datetime import datetime

from bot.domain.calendar import local_day
from bot.domain.heirs import holder
from bot.domain.plan import Plan, Review
from bot.domain.standing import Verdict, standing
from bot.store import reports
from bot.store.engine import Tx
from bot.store.occurrences import Kept
from bot.store.reports import Report
from bot.texts.review import Pending
from bot.texts.tasks import Said, View


def views(tx: Tx, plan: Plan, kept: Sequence[Kept], *, now: datetime) -> tuple[View, ...]:
    """Return the occurrences as they stand at `now`; those of a task the plan no longer has are left out."""
    said = reports.many(tx, [each.report_id for each in kept if each.report_id is not None])
    return tuple(_view(plan, each, said, now) for each in kept if each.task in plan.tasks)


def view(plan: Plan, kept: Kept, said: Report | None, *, now: datetime) -> View:
    """Return an occurrence whose latest report is at hand."""
    return _view(plan, kept, {} if said is None else {said.id: said}, now)


def pending(tx: Tx, plan: Plan, kept: Sequence[Kept], *, now: datetime) -> tuple[Pending, ...]:
    """Return occurrences with what the office needs to decide on their latest reports."""
    said = reports.many(tx, [each.report_id for each in kept if each.report_id is not None])
    return tuple(
        Pending(
            view=_view(plan, each, said, now),
            wanted_due_at=said[each.report_id].wanted_due_at,
            extensions=reports.extensions(tx, each.id),
            requests=reports.requests(tx, each.id),
            files=said[each.report_id].files,
        )
        for each in kept
        if each.task in plan.tasks and each.report_id is not None
    )


def review_of(plan: Plan, task: str) -> Review:
    """Return who must accept reports of a task; the office for one the plan no longer has."""
    return plan.tasks[task].review if task in plan.tasks else Review.OFFICE


def _view(plan: Plan, each: Kept, said: dict[int, reports.Report], now: datetime) -> View:
    task = plan.tasks[each.task]
    holding = holder(plan, each.unit, local_day(now))
    found = said.get(each.report_id) if each.report_id is not None else None
    return View(
        id=each.id,
        task=task,
        unit=plan.unit_name(holding),
        formerly=plan.unit_name(each.unit) if holding != each.unit else "",
        short=plan.units[each.unit].short if each.unit in plan.units else "",
        period=each.period,
        due_at=each.due_at,
        original_due_at=each.original_due_at,
        standing=standing(each.word, due_at=each.due_at, now=now, review=task.review),
        said=None if found is None else _said(found),
    )


def _said(found: reports.Report) -> Said:
    returned = found.reason if found.verdict in (Verdict.RETURN, Verdict.REFUSE) else ""
    return Said(
        seen=found.id,
        status=found.status,
        figures=found.figures,
        person=found.person,
        at=found.at,
        note=found.note,
        returned=returned,
        verdict=found.verdict,
    )
