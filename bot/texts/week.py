"""The weekly summary in words: one page, every number with what it is a part of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence

from bot.domain.compliance import Line, WeekFigures
from bot.domain.figuring import Asking
from bot.texts import days, due, minute, say, sentence, shortened
from bot.texts.numbers import change, number, percent

LIST_LINES = 10
UNIT_LINES = 12
NOTE_LENGTH = 160

_UNTIL = "→ "  # so begins the note of an extension asked for, as `figuring` counts it

_WHY = {
    Asking.NO_CONTACT: "why.no_contact",
    Asking.FAILED: "why.failed",
    Asking.IN_DOUBT: "why.in_doubt",
}


def heading(language: str, figures: WeekFigures) -> str:
    """Return the summary's heading: "TỔNG HỢP TUẦN 39 (26/09–02/10/2022)"."""
    week = int(figures.week.partition("-W")[2])
    return say(language, "week.heading", week=week, days=days(figures.starts, figures.ends))


def text(language: str, figures: WeekFigures) -> str:
    """Return the summary's text, section by section; "Không có." where a section is empty."""
    lines = [*_overview(language, figures), "", say(language, "week.units"), *_units(language, figures)]
    blocked = [_noted(language, line) for line in figures.blocked]
    lines += ["", say(language, "week.blocked"), *_listed(language, blocked)]
    wanted = [_wanted(language, line) for line in figures.extensions]
    lines += ["", say(language, "week.extensions"), *_listed(language, wanted)]
    lines += ["", say(language, "week.next"), *_listed(language, list(_next(language, figures.next_week)))]
    silent = list(_by_unit(language, figures.unanswered))
    lines += ["", say(language, "week.unanswered"), *_listed(language, silent)]
    lost = [*_unreachable(language, figures), *_why(language, figures.undeliverable)]
    lines += ["", say(language, "week.undeliverable"), *_listed(language, lost)]
    return "\n".join(lines)


def _overview(language: str, figures: WeekFigures) -> Iterator[str]:
    total = figures.total
    yield say(language, "week.as_of", as_of=minute(figures.as_of), plan=figures.plan)
    coverage = say(language, "week.coverage", asked=figures.asked_units, total=figures.units_total)
    if figures.in_doubt:
        coverage += " " + say(language, "week.coverage_doubt", count=figures.in_doubt)
    yield coverage
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
    if total.not_asked:
        yield say(language, "week.not_asked", count=number(total.not_asked, language))
    yield from _outage(language, figures)
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
        yield say(language, "week.skipped", weeks=weeks)


def _change(language: str, share: float | None, before: float | None) -> str:
    changed = change(share, before, language)
    return say(language, "week.change", change=changed) if changed else ""


def _units(language: str, figures: WeekFigures) -> list[str]:
    late = [unit for unit in figures.units if unit.overdue]
    lines = [
        say(
            language,
            "week.unit",
            number=place,
            unit=unit.name,
            overdue=unit.overdue,
            days=unit.days_late,
            done=unit.done,
            due=unit.due,
        )
        for place, unit in enumerate(late, start=1)
    ]
    return _listed(language, lines, most=UNIT_LINES)


def _noted(language: str, line: Line) -> str:
    note = shortened(line.note, NOTE_LENGTH)
    named = say(language, "week.line", task=line.task, unit=line.unit, note=f": {note}" if note else "")
    return sentence(named, len(named))


def _wanted(language: str, line: Line) -> str:
    wanted = shortened(line.note.removeprefix(_UNTIL), NOTE_LENGTH)
    named = say(language, "week.extension", task=line.task, unit=line.unit, due=due(line.due_at), wanted=wanted)
    return sentence(named, len(named))


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


def _unreachable(language: str, figures: WeekFigures) -> Iterator[str]:
    named = {line.unit for line in figures.undeliverable if line.note == Asking.NO_CONTACT}
    yield from (say(language, "week.unreachable", unit=unit) for unit in figures.unreachable if unit not in named)


def _listed(language: str, lines: Sequence[str], *, most: int = LIST_LINES) -> list[str]:
    if not lines:
        return [say(language, "week.none")]
    rest = [say(language, "week.more", count=len(lines) - most)] if len(lines) > most else []
    return [*lines[:most], *rest]
