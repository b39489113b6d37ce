"""What stands behind a week's figures: the grid, occurrences, reports and deliveries as of its moment, and past weeks."""

from collections.abc import Iterator
from datetime import datetime

from bot.domain.compliance import WeekFigures, week_from_json
from bot.domain.grid import Grid, grid_of
from bot.domain.plan import Plan
from bot.domain.situations import Counted
from bot.domain.tallies import Classes
from bot.reports.behind import Records
from bot.reports.tables import Cell
from bot.store import Tx, exports, ledger, people, summaries, weeks
from bot.texts import period_name, say
from bot.texts.admin import channel_name
from bot.texts.fates import fate_words, step_words

_VI = "vi"  # files are read by everybody, and so in one language

Row = tuple[Cell, ...]


def behind(tx: Tx, plan: Plan, *, as_of: datetime) -> Records:
    """Return what the figures of `as_of` were counted from; a report's verdict is the one it has now.

    Holds a row for each in memory: meant for a file on request, not for a clock.
    """
    counted = list(weeks.counted(tx, plan, as_of=as_of))
    return Records(
        grid=grid_of(counted, plan=plan, as_of=as_of),
        occurrences=tuple(_occurrence(plan, each) for each in counted if each.task in plan.tasks),
        reports=tuple(_reports(tx, plan, as_of)),
        deliveries=tuple(_deliveries(tx, plan, as_of)),
    )


def grid(tx: Tx, plan: Plan, *, as_of: datetime) -> Grid:
    """Return units against tasks as they stood at `as_of`."""
    return grid_of(weeks.counted(tx, plan, as_of=as_of), plan=plan, as_of=as_of)


def rated(tx: Tx, figures: WeekFigures, *, most: int) -> tuple[tuple[str, Classes], ...]:
    """Return the classes of these figures and of the weeks published before them, oldest first, `most` at most."""
    before = summaries.latest_before(tx, figures.week, most=most - 1)
    past = [(each.week, week_from_json(each.figures).total.classes) for each in reversed(before)]
    return (*past, (figures.week, figures.total.classes))


def _occurrence(plan: Plan, each: Counted) -> Row:
    what = each.what
    return (
        each.task,
        plan.tasks[each.task].title,
        plan.unit_name(each.unit),
        what.due_at,
        what.original_due_at,
        say(_VI, f"standing.{what.standing}"),
        say(_VI, f"answer.{what.status}") if what.status else "",
        each.note,
    )


def _reports(tx: Tx, plan: Plan, as_of: datetime) -> Iterator[Row]:
    header, rows = exports.report_rows(tx, plan, as_of)
    at = {name: place for place, name in enumerate(header)}
    for row in rows:
        if not _is_by(row[at["at"]], as_of):
            continue
        verdict = str(row[at["verdict"]] or "")
        yield (
            row[at["task"]],
            plan.unit_name(str(row[at["unit"]])),
            period_name(str(row[at["period"]]), _VI),
            row[at["person"]],
            channel_name(str(row[at["channel"]])),
            say(_VI, f"answer.{row[at['status']]}"),
            row[at["figures"]],
            row[at["note"]],
            say(_VI, f"verdict.{verdict}") if verdict else "",
            row[at["at"]],
        )


def _is_by(at: Cell, as_of: datetime) -> bool:
    return isinstance(at, datetime) and at <= as_of


def _deliveries(tx: Tx, plan: Plan, as_of: datetime) -> Iterator[Row]:
    named = people.names(tx)
    for line in ledger.lines(tx):
        if line.at <= as_of:
            yield (
                line.task,
                plan.unit_name(line.unit),
                period_name(line.period, _VI),
                step_words(_VI, line.step),
                line.due_at,
                line.planned_at,
                fate_words(_VI, line.fate, line.reason),
                named.get(line.person_id, ""),
                channel_name(line.channel),
                line.at,
            )
