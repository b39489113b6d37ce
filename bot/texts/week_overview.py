"""The first section of the weekly summary: coverage, the counts, both rates, how late, what was measured, points."""

from collections.abc import Iterator

from bot.domain.compliance import WeekFigures
from bot.domain.situations import EXTENSION, PAUSED, Asking
from bot.domain.tallies import Classes, ResultSum, Risk, UnitFigures
from bot.texts import days, minute, say, shortened
from bot.texts.numbers import change, decimal, number, percent, points

NOTE_LENGTH = 160
NAME_LENGTH = 120  # characters of a plan's name, a label, a criterion's source; official ones are shorter
MOST_PARTS = 3  # results and criteria named; the workbook has them all

WHY = {
    Asking.NOT_YET: "why.not_yet",
    Asking.NO_CONTACT: "why.no_contact",
    Asking.FAILED: "why.failed",
    Asking.IN_DOUBT: "why.in_doubt",
}


def overview(language: str, figures: WeekFigures) -> Iterator[str]:
    """Yield the lines from the as-of moment to the end of the first section."""
    total = figures.total
    plan = figures.plan if figures.form == 1 else shortened(figures.plan, NAME_LENGTH)
    yield say(language, "week.as_of", as_of=minute(figures.as_of), plan=plan)
    coverage = say(language, "week.coverage", asked=figures.asked_units, total=figures.units_total)
    if figures.in_doubt:
        coverage += " " + say(language, "week.coverage_doubt", count=figures.in_doubt)
    yield coverage
    if figures.catalogue_since is not None:
        yield say(language, "week.catalogue", since=minute(figures.catalogue_since))
    yield ""
    yield say(language, "week.overview")
    yield say(
        language,
        "week.counts",
        given=number(figures.given, language),
        due=number(total.due, language),
        done=number(total.done, language),
        on_time=number(total.on_time, language),
        late=number(total.late, language),
        waiting=number(total.waiting, language),
        overdue=number(total.overdue, language),
    )
    yield from _apart(language, total) if total.apart else _not_asked(language, total)
    yield from _outage(language, figures)
    yield from _rates(language, figures, total)
    if figures.form > 1:
        yield from _judged_otherwise(language, figures, total)


def _rates(language: str, figures: WeekFigures, total: UnitFigures) -> Iterator[str]:
    before = figures.previous
    yield say(
        language,
        "week.rate_done",
        done=number(total.done, language),
        due=number(total.due, language),
        share=percent(total.done_share, language),
        change=_change(language, total.done_share, before.done_share if before else None),
    )
    yield say(
        language,
        "week.rate_on_time",
        on_time=number(total.on_time, language),
        due=number(total.due, language),
        share=percent(total.on_time_share, language),
        change=_change(language, total.on_time_share, before.on_time_share if before else None),
    )


def _judged_otherwise(language: str, figures: WeekFigures, total: UnitFigures) -> Iterator[str]:
    """Yield the same week by its first dues, beside earlier ones, by age, by results and by points."""
    if total.original is not None and total.original != total.classes:
        yield _by_original(language, total.original)
    for past in figures.earlier:
        if past.why != "last":  # whose change stands with the rates
            yield say(
                language,
                "week.past_month" if past.why == "month" else "week.past",
                week=int(past.week.partition("-W")[2]),
                done=points(total.done_share, past.classes.done_share, language),
                on_time=points(total.on_time_share, past.classes.on_time_share, language),
            )
    if total.overdue and total.ages:
        yield _ages(language, total.ages)
    measured = [each for each in figures.results if each.total or each.count or each.aimed]
    if measured:
        yield say(language, "week.results", parts=_parts(language, [_result(language, each) for each in measured]))
    if figures.risks:
        yield say(language, "week.risks", parts=_parts(language, [_risk(language, each) for each in figures.risks]))
    if total.unassigned:
        yield say(language, "week.unassigned", count=number(total.unassigned, language))


def _not_asked(language: str, total: UnitFigures) -> Iterator[str]:
    if total.not_asked:
        yield say(language, "week.not_asked", count=number(total.not_asked, language))


def _apart(language: str, total: UnitFigures) -> Iterator[str]:
    silent = [(key, total.apart[why]) for why, key in WHY.items() if total.apart.get(why)]
    parts = []
    if silent:
        why = ", ".join(f"{say(language, key)} {number(count, language)}" for key, count in silent)
        count = number(sum(count for _, count in silent), language)
        parts.append(say(language, "week.apart_asked", count=count, why=why))
    for name, key in ((EXTENSION, "week.apart_extension"), (PAUSED, "week.apart_paused")):
        if total.apart.get(name):
            parts.append(say(language, key, count=number(total.apart[name], language)))
    yield say(language, "week.apart", parts=" ".join(parts))


def _outage(language: str, figures: WeekFigures) -> Iterator[str]:
    if figures.missed is not None:
        first, last = figures.missed.first_on, figures.missed.last_on
        yield say(
            language,
            "week.missed",
            count=number(figures.missed.steps, language),
            days=days(first, last) if first != last else f"{last:%d/%m/%Y}",
            tasks=shortened(", ".join(figures.missed.tasks), NOTE_LENGTH),
        )
    if figures.skipped:
        weeks = ", ".join(str(int(week.partition("-W")[2])) for week in figures.skipped)
        yield say(language, "week.skipped", weeks=weeks if figures.form == 1 else shortened(weeks, NOTE_LENGTH))


def _change(language: str, share: float | None, before: float | None) -> str:
    changed = change(share, before, language)
    return say(language, "week.change", change=changed) if changed else ""


def _by_original(language: str, original: Classes) -> str:
    return say(
        language,
        "week.original",
        done=number(original.done, language),
        on_time=number(original.on_time, language),
        due=number(original.due, language),
        done_share=percent(original.done_share, language),
        on_time_share=percent(original.on_time_share, language),
    )


def _ages(language: str, ages: tuple[int, ...]) -> str:
    hours, week, month, longer, longest = ages
    return say(
        language,
        "week.ages",
        hours=f"{say(language, 'week.ages_hours', count=number(hours, language))} · " if hours else "",
        week=number(week, language),
        month=number(month, language),
        longer=number(longer + longest, language),
        longest=number(longest, language),
    )


def _result(language: str, each: ResultSum) -> str:
    said = []
    if each.total:
        share = percent(each.done / each.total, language)
        said.append(f"{number(each.done, language)}/{number(each.total, language)} = {share}")
    elif each.count:
        said.append(number(each.count, language))
    if each.aimed:
        met = say(language, "week.result_met", met=number(each.met, language), aimed=number(each.aimed, language))
        said.append(met)
    label = shortened(each.label, NAME_LENGTH)
    return " ".join(say(language, "week.result", task=each.task, label=label, sum=", ".join(said)).split())


def _risk(language: str, each: Risk) -> str:
    return say(
        language,
        "week.risk",
        id=each.id,
        points=decimal(each.points, language),
        source=shortened(", ".join(dict.fromkeys((each.source, each.rule))), NAME_LENGTH),
        overdue=number(each.overdue, language),
        days=number(each.days, language),
    )


def _parts(language: str, parts: list[str]) -> str:
    left = len(parts) - MOST_PARTS
    more = [say(language, "week.more", count=left).rstrip(".")] if left > 0 else []
    return " · ".join([*parts[:MOST_PARTS], *more])
