"""The weekly summary in words: one page, every number with what it is a part of."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.domain.compliance import Line, UnitFigures, WeekFigures
from bot.domain.figuring import Asking
from bot.domain.tallies import Classes, Corrections
from bot.ports import Out
from bot.texts import days, due, say, sentence, shortened
from bot.texts.lengths import parts
from bot.texts.numbers import decimal, number
from bot.texts.week_overview import NOTE_LENGTH, WHY, overview

LIST_LINES = 10
UNIT_LINES = 12
ONE_MESSAGE = 4000  # UTF-16 units: a Telegram message of 4096 less the mark of one that is repeated
SHORT_MESSAGE, SHORT_MESSAGES = 1900, 3  # and of a Zalo one, likewise; a page may take three of those

_UNTIL = "→ "  # so begins the note of an extension asked for, as `figuring` counts it
_WHOLE = 100_000  # characters that no name has: what a first form leaves as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class _Size:
    """How much of each section is shown: lines of units and of lists, characters of a note, of a name and of codes."""

    units: int
    lines: int
    note: int
    name: int = 80
    codes: int = 120


_FIRST_FORM = _Size(units=UNIT_LINES, lines=LIST_LINES, note=NOTE_LENGTH, name=_WHOLE, codes=_WHOLE)
_SIZES = (
    _Size(units=UNIT_LINES, lines=LIST_LINES, note=NOTE_LENGTH),
    _Size(units=12, lines=8, note=120),
    _Size(units=10, lines=6, note=100, codes=80),
    _Size(units=10, lines=4, note=80, codes=80),
    _Size(units=8, lines=3, note=80, name=60, codes=60),
    _Size(units=6, lines=2, note=60, name=50, codes=40),
    _Size(units=3, lines=1, note=40, name=40, codes=30),
    _Size(units=1, lines=1, note=20, name=20, codes=20),
)


def heading(language: str, figures: WeekFigures) -> str:
    """Return the summary's heading: "TỔNG HỢP TUẦN 39 (26/09–02/10/2022)"."""
    week = int(figures.week.partition("-W")[2])
    return say(language, "week.heading", week=week, days=days(figures.starts, figures.ends))


def text(language: str, figures: WeekFigures) -> str:
    """Return the summary's text, section by section; "Không có." where a section is empty.

    It is cut to one Telegram message and three Zalo ones: sections lose lines, and say how many. Weeks of the first form
    come out as they were published.
    """
    if figures.form == 1:
        return _Page(language, figures, _FIRST_FORM).text()
    for size in _SIZES:
        page = _Page(language, figures, size).text()
        if _fits(Out(heading=heading(language, figures), text=page)):
            break
    return page


def _fits(out: Out) -> bool:
    return len(parts(out, ONE_MESSAGE)) == 1 and len(parts(out, SHORT_MESSAGE)) <= SHORT_MESSAGES


class _Page:
    """One page of one size in one language."""

    def __init__(self, language: str, figures: WeekFigures, size: _Size) -> None:
        self._language = language
        self._figures = figures
        self._size = size

    def text(self) -> str:
        """Return the whole page."""
        figures = self._figures
        lines = [*overview(self._language, figures), "", self._say("week.units"), *self._units()]
        blocked = [self._noted(line) for line in figures.blocked]
        lines += ["", self._say("week.blocked"), *self._listed(blocked, "blocked")]
        wanted = [self._wanted(line) for line in figures.extensions]
        lines += ["", self._say("week.extensions"), *self._listed(wanted, "extensions")]
        lines += ["", self._say("week.next"), *self._listed(list(self._next(figures.next_week)), "next_week")]
        silent = list(self._by_unit((line.unit, line.task) for line in figures.unanswered))
        lines += ["", self._say("week.unanswered"), *self._listed(silent, "unanswered")]
        lost = [*self._unreachable(), *self._why(figures.undeliverable)]
        lines += ["", self._say("week.undeliverable"), *self._listed(lost, "undeliverable")]
        if figures.form > 1:
            long = [
                (line.unit, self._say("week.silent_task", task=line.task, days=line.days)) for line in figures.silent
            ]
            lines += ["", self._say("week.silent"), *self._listed(list(self._by_unit(long)))]
            lines += ["", self._say("week.corrections"), *self._listed(list(self._corrected(figures.corrections)))]
        return "\n".join(lines)

    def _say(self, key: str, **values: object) -> str:
        return say(self._language, key, **values)

    def _name(self, unit: str) -> str:
        return unit if self._figures.form == 1 else shortened(unit, self._size.name)

    def _units(self) -> list[str]:
        late = [unit for unit in self._figures.units if unit.overdue]
        if not late and self._figures.form > 1:
            return [self._say("week.no_overdue")]
        lines = [self._unit(place, unit) for place, unit in enumerate(late[: self._size.units], start=1)]
        return self._cut(lines, left=len(late) - len(lines))

    def _unit(self, place: int, unit: UnitFigures) -> str:
        said = self._say(
            "week.unit",
            number=place,
            unit=self._name(unit.name),
            overdue=unit.overdue,
            days=unit.days_late,
            done=unit.done,
            due=unit.due,
        )
        if unit.points is None:
            return said
        return said + self._say("week.unit_points", points=decimal(unit.points, self._language))

    def _noted(self, line: Line) -> str:
        note = shortened(line.note, self._size.note)
        named = self._say("week.line", task=line.task, unit=self._name(line.unit), note=f": {note}" if note else "")
        return sentence(named, len(named))

    def _wanted(self, line: Line) -> str:
        wanted = shortened(line.note.removeprefix(_UNTIL), self._size.note)
        unit = self._name(line.unit)
        named = self._say("week.extension", task=line.task, unit=unit, due=due(line.due_at), wanted=wanted)
        return sentence(named, len(named))

    def _next(self, lines: Sequence[Line]) -> Iterator[str]:
        units: dict[tuple[str, str], int] = defaultdict(int)
        titles = {line.task: line.title for line in lines}
        for line in lines:
            units[line.task, due(line.due_at)] += 1
        for (task, when), count in units.items():
            title = shortened(titles[task], min(90, self._size.note))
            yield self._say("week.next_line", task=task, count=count, due=when, title=title)

    def _by_unit(self, pairs: "Iterator[tuple[str, str]] | list[tuple[str, str]]") -> Iterator[str]:
        tasks: dict[str, list[str]] = defaultdict(list)
        for unit, task in pairs:
            tasks[unit].append(task)
        for unit, codes in sorted(tasks.items(), key=lambda item: (-len(item[1]), item[0])):
            yield self._say("week.unit_tasks", unit=self._name(unit), tasks=self._codes(codes))

    def _why(self, lines: Sequence[Line]) -> Iterator[str]:
        tasks: dict[tuple[str, str], list[str]] = defaultdict(list)
        for line in lines:
            tasks[line.unit, line.note].append(line.task)
        for (unit, why), codes in tasks.items():
            named = f"{self._codes(codes)} ({self._say(WHY[Asking(why)])})"
            yield self._say("week.unit_tasks", unit=self._name(unit), tasks=named)

    def _codes(self, codes: Sequence[str]) -> str:
        named = ", ".join(dict.fromkeys(codes))
        return named if self._figures.form == 1 else shortened(named, self._size.codes)

    def _unreachable(self) -> Iterator[str]:
        figures = self._figures
        named = {line.unit for line in figures.undeliverable if line.note == Asking.NO_CONTACT}
        for unit in figures.unreachable:
            if unit not in named:
                yield self._say("week.unreachable", unit=self._name(unit))

    def _corrected(self, found: Corrections | None) -> Iterator[str]:
        if found is None:
            return
        changes = self._changes(found.before, found.after) or self._say("week.moved_only")
        yield self._say("week.corrected_week", week=int(found.week.partition("-W")[2]), changes=changes)
        for each in found.tasks:
            yield self._say("week.corrected_task", task=each.task, changes=self._changes(each.before, each.after))

    def _changes(self, before: Classes, after: Classes) -> str:
        sides = (
            ("week.class_on_time", before.on_time, after.on_time),
            ("week.class_late", before.late, after.late),
            ("week.class_waiting", before.waiting, after.waiting),
            ("week.class_overdue", before.overdue, after.overdue),
        )
        said = number
        return ", ".join(
            self._say(key, change=f"{said(old, self._language)} → {said(new, self._language)}")
            for key, old, new in sides
            if old != new
        )

    def _listed(self, lines: Sequence[str], name: str = "") -> list[str]:
        if not lines:
            return [self._say("week.none")]
        shown = self._cut(list(lines[: self._size.lines]), left=len(lines) - self._size.lines)
        beyond = self._figures.beyond.get(name, 0)
        return [*shown, self._say("week.beyond", count=number(beyond, self._language))] if beyond else shown

    def _cut(self, lines: list[str], *, left: int) -> list[str]:
        if not lines:
            return [self._say("week.none")]
        return [*lines, self._say("week.more", count=left)] if left > 0 else lines
