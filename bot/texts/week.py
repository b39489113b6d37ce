"""The weekly summary in words: one page, every number with what it is a part of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.domain.compliance import Line, WeekFigures
from bot.domain.figuring import Asking
from bot.texts import clock, day, due, percent, say, shortened

LIST_LINES = 10
UNIT_LINES = 12

_WHY = {
    Asking.NO_CONTACT: "why.no_contact",
    Asking.FAILED: "why.failed",
    Asking.IN_DOUBT: "why.in_doubt",
}


def heading(language: str, figures: WeekFigures) -> str:
    """Return the summary's heading: "TỔNG HỢP TUẦN 39 (26/09/2022–02/10/2022)"."""
    number = int(figures.week.partition("-W")[2])
    return say(language, "week.heading", week=number, starts=day(figures.starts), ends=day(figures.ends))


def text(language: str, figures: WeekFigures) -> str:
    """Return the summary's text, section by section; "Không có." where a section is empty."""
    lines = [*_overview(language, figures), "", say(language, "week.units"), *_units(language, figures)]
    for key, found in (("week.blocked", figures.blocked), ("week.extensions", figures.extensions)):
        lines += ["", say(language, key), *_listed(language, [_noted(language, line) for line in found])]
    lines += ["", say(language, "week.next"), *_listed(language, list(_next(language, figures.next_week)))]
    silent = list(_by_unit(language, figures.unanswered))
    lines += ["", say(language, "week.unanswered"), *_listed(language, silent)]
    lines += ["", say(language, "week.undeliverable"), *_listed(language, list(_why(language, figures.undeliverable)))]
    return "\n".join(lines)


def _overview(language: str, figures: WeekFigures) -> Iterator[str]:
    total = figures.total
    yield say(language, "week.as_of", as_of=f"{clock(figures.as_of)}/{figures.as_of.year}", plan=figures.plan)
    coverage = say(language, "week.coverage", asked=figures.asked_units, total=figures.units_total)
    if figures.in_doubt:
        coverage += " " + say(language, "week.coverage_doubt", count=figures.in_doubt)
    yield coverage
    yield ""
    yield say(language, "week.overview")
    yield say(
        language,
        "week.counts",
        given=figures.given,
        due=total.due,
        done=total.done,
        on_time=total.on_time,
        late=total.late,
        waiting=total.waiting,
        overdue=total.overdue,
    )
    if total.not_asked:
        yield say(language, "week.not_asked", count=total.not_asked)
    before = figures.previous
    yield say(
        language,
        "week.rate_done",
        done=total.done,
        due=total.due,
        share=percent(total.done_share),
        change=_change(language, total.done_share, before.done_share if before else None),
    )
    yield say(
        language,
        "week.rate_on_time",
        on_time=total.on_time,
        due=total.due,
        share=percent(total.on_time_share),
        change=_change(language, total.on_time_share, before.on_time_share if before else None),
    )


def _change(language: str, share: float | None, before: float | None) -> str:
    if share is None or before is None:
        return ""
    points = f"{(share - before) * 100:+.1f}".replace(".", ",")
    return say(language, "week.change", change=points)


def _units(language: str, figures: WeekFigures) -> list[str]:
    late = [unit for unit in figures.units if unit.overdue]
    lines = [
        say(
            language,
            "week.unit",
            number=number,
            unit=unit.name,
            overdue=unit.overdue,
            days=unit.days_late,
            done=unit.done,
            due=unit.due,
        )
        for number, unit in enumerate(late, start=1)
    ]
    return _listed(language, lines, most=UNIT_LINES)


def _noted(language: str, line: Line) -> str:
    note = f": {shortened(line.note, 160)}" if line.note else ""
    return say(language, "week.line", task=line.task, unit=line.unit, note=note.rstrip("."))


def _next(language: str, lines: Sequence[Line]) -> Iterator[str]:
    units: dict[tuple[str, str], int] = defaultdict(int)
    titles = {line.task: line.title for line in lines}
    for line in lines:
        units[line.task, due(line.due_at)] += 1
    for (task, when), count in units.items():
        title = shortened(titles[task], 90)
        yield say(language, "week.next_line", task=task, count=count, due=when, title=title)


def _by_unit(language: str, lines: Sequence[Line]) -> Iterator[str]:
    tasks: dict[str, list[str]] = defaultdict(list)
    for line in lines:
        tasks[line.unit].append(line.task)
    for unit, codes in sorted(tasks.items(), key=lambda item: (-len(item[1]), item[0])):
        yield say(language, "week.unit_tasks", unit=unit, tasks=", ".join(dict.fromkeys(codes)))


def _why(language: str, lines: Sequence[Line]) -> Iterator[str]:
    tasks: dict[tuple[str, str], list[str]] = defaultdict(list)
    for line in lines:
        tasks[line.unit, line.note].append(line.task)
    for (unit, why), codes in tasks.items():
        named = f"{', '.join(dict.fromkeys(codes))} ({say(language, _WHY[Asking(why)])})"
        yield say(language, "week.unit_tasks", unit=unit, tasks=named)


def _listed(language: str, lines: Sequence[str], *, most: int = LIST_LINES) -> list[str]:
    if not lines:
        return [say(language, "week.none")]
    rest = [say(language, "week.more", count=len(lines) - most)] if len(lines) > most else []
    return [*lines[:most], *rest]
