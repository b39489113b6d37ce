"""The records as rows for spreadsheets and programs: reports, the ledger, standings. No chat ids, no phone numbers."""

from collections.abc import Callable, Sequence
from datetime import datetime

from sqlalchemy import select

from bot.domain.figures import figures_from_json, say_figures
from bot.domain.plan import Plan
from bot.domain.standing import standing
from bot.store import ledger, occurrences, people, reports
from bot.store.engine import Tx
from bot.store.tables import occurrence
from bot.store.views import review_of

Cell = str | int | float | bool | datetime | None
Rows = tuple[tuple[str, ...], list[tuple[Cell, ...]]]

REPORTS = (
    "task",
    "unit",
    "period",
    "person",
    "channel",
    "status",
    "figures",
    "note",
    "wanted_due",
    "files",
    "verdict",
    "at",
)
LEDGER = ("task", "unit", "period", "step", "due", "planned", "fate", "reason", "person", "channel", "at")
STANDINGS = ("task", "unit", "unit_name", "period", "due", "original_due", "standing", "status", "reported_at")


def report_rows(tx: Tx, plan: Plan, _now: datetime) -> Rows:
    """Return one row a report, in the order they were made."""
    which = {
        row.id: row
        for row in tx.execute(select(occurrence.c.id, occurrence.c.task, occurrence.c.unit, occurrence.c.period))
    }
    rows: list[tuple[Cell, ...]] = []
    for each in reports.history(tx):
        about = which[each.occurrence_id]
        task = plan.tasks.get(about.task)
        figures = say_figures(figures_from_json(each.figures), task.result) if task else str(each.figures)
        rows.append(
            (
                about.task,
                about.unit,
                about.period,
                each.person,
                each.channel,
                str(each.status),
                figures,
                each.note,
                each.wanted_due_at,
                ", ".join(each.files),
                str(each.verdict or ""),
                each.at,
            )
        )
    return REPORTS, rows


def ledger_rows(tx: Tx, _plan: Plan, _now: datetime) -> Rows:
    """Return one row a fate, in the order they were written."""
    named = people.names(tx)
    return LEDGER, [
        (
            line.task,
            line.unit,
            line.period,
            line.step,
            line.due_at,
            line.planned_at,
            line.fate,
            line.reason,
            named.get(line.person_id, ""),
            line.channel,
            line.at,
        )
        for line in ledger.lines(tx)
    ]


def standing_rows(tx: Tx, plan: Plan, now: datetime) -> Rows:
    """Return one row a live occurrence as it stands at `now`, by due."""
    units: Sequence[str] = tx.execute(select(occurrence.c.unit).distinct()).scalars().all()
    return STANDINGS, [
        (
            each.task,
            each.unit,
            plan.unit_name(each.unit),
            each.period,
            each.due_at,
            each.original_due_at,
            str(standing(each.word, due_at=each.due_at, now=now, review=review_of(plan, each.task))),
            str(each.word.status) if each.word else "",
            each.word.at if each.word else None,
        )
        for each in occurrences.of_units(tx, units)
    ]


EXPORTS: dict[str, Callable[[Tx, Plan, datetime], Rows]] = {
    "reports": report_rows,
    "ledger": ledger_rows,
    "standing": standing_rows,
}
