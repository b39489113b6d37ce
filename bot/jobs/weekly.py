"""A week's figures from the database: counted, beside the weeks before, with what an outage and later decisions changed."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime, time

from bot.domain.calendar import local_day, local_moment
from bot.domain.comparing import corrections, earlier, silent
from bot.domain.compliance import Rates, WeekFigures, week_from_json
from bot.domain.figuring import figure, week_of, weeks_between
from bot.domain.heirs import holder
from bot.domain.plan import Plan
from bot.domain.spans import week_a_month_before
from bot.domain.tallies import Corrections, Line
from bot.store import Tx, measures, notices, outages, reachability, reports, revisions, summaries, weeks
from bot.store.notices import NoticeKind
from bot.texts import say
from bot.texts.review import OFTEN


def figures_of(tx: Tx, plan: Plan, *, day: date, as_of: datetime, now: datetime | None = None) -> WeekFigures:
    """Return the figures of the week that holds `day`, counted as of a moment; nothing is stored.

    What an outage kept from being told is told once: in the first summary published after it was found (by `now`). What
    the network left unanswered counts from the last published moment, so that nothing falls between two summaries.
    """
    week = week_of(day, as_of=as_of)
    before = summaries.latest_before(tx, week.name, most=2)
    published = before[0] if before else None
    weeks_before = [week_from_json(each.figures) for each in before]
    last = weeks_before[0] if weeks_before else None
    in_doubt = weeks.in_doubt(tx, since=last.as_of if last else local_moment(week.starts, time.min), as_of=as_of)
    previous = Rates(done_share=last.total.done_share, on_time_share=last.total.on_time_share) if last else None
    figures = figure(week, weeks.counted(tx, plan, as_of=as_of), plan=plan, previous=previous, in_doubt=in_doubt)
    told_by = published.published_at if published is not None else None
    return replace(
        figures,
        missed=outages.missed(tx, since=told_by, until=now or as_of),
        skipped=weeks_between(published.week, week.name) if published is not None else (),
        unreachable=_unreachable(tx, plan, figures),
        extensions=_marked(tx, plan, figures),
        results=measures.results(tx, plan, as_of=as_of),
        silent=silent(plan, measures.heard(tx, plan, as_of=as_of), as_of=as_of),
        earlier=earlier(weeks_before, month=_month_before(tx, day, [each.week for each in before])),
        corrections=_corrections(tx, plan, last, decided_by=as_of),
        revision=_revision(tx),
        catalogue_since=_good_since(tx),
    )


def _corrections(tx: Tx, plan: Plan, last: WeekFigures | None, *, decided_by: datetime) -> Corrections | None:
    """Return what the decisions since the last published week changed in it; two passes where there is one."""
    if last is None or not last.tasks or decided_by <= last.as_of:
        return None
    then = weeks.counted(tx, plan, as_of=last.as_of, decided_by=decided_by)
    week = week_of(last.starts, as_of=last.as_of)
    return corrections(last, figure(week, then, plan=plan, previous=None, in_doubt=0))


def _marked(tx: Tx, plan: Plan, figures: WeekFigures) -> tuple[Line, ...]:
    """Return the extensions asked for, marked where it is not the first or second time."""
    on = local_day(figures.as_of)
    found = reports.asked_often(tx, as_of=figures.as_of, least=OFTEN) if figures.extensions else ()
    often = {(task, plan.unit_name(holder(plan, unit, on)), due_at) for task, unit, due_at in found}
    return tuple(_mark(line) if (line.task, line.unit, line.due_at) in often else line for line in figures.extensions)


def _mark(line: Line) -> Line:
    wanted, colon, note = line.note.partition("; ")
    return replace(
        line, note=f"{wanted}; {say('vi', 'week.often')}{colon}{note}"
    )  # as notes are: in their own language


def _month_before(tx: Tx, day: date, known: Sequence[str]) -> WeekFigures | None:
    """Return the published week at the same place in the month before, unless it is one of those known already."""
    week = week_a_month_before(day)
    found = summaries.get(tx, week) if week not in known else None
    return week_from_json(found.figures) if found else None


def _revision(tx: Tx) -> str:
    latest = revisions.latest_about(tx)
    return latest.digest if latest else ""


def _good_since(tx: Tx) -> datetime | None:
    is_refused = any(each.kind is NoticeKind.CATALOGUE_REFUSED for each in notices.standing(tx))
    latest = revisions.latest_about(tx) if is_refused else None
    return latest.applied_at if latest else None


def _unreachable(tx: Tx, plan: Plan, figures: WeekFigures) -> tuple[str, ...]:
    lost = reachability.lost_units(tx, as_of=figures.as_of)
    on = local_day(figures.as_of)
    lost = frozenset(
        unit for unit in lost if holder(plan, unit, on) == unit
    )  # nobody has to write to one that has ended
    return tuple(sorted(unit.name for unit in figures.units if unit.unit_id in lost))
