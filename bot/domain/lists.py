"""The lists of a summary: what is blocked, wants an extension, is late, comes next, is silent, was not delivered."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.calendar import END_OF_DAY, local_day, local_moment
from bot.domain.plan import Plan, code_order
from bot.domain.situations import Asking, Counted, Situation, days_between, judge
from bot.domain.spans import Week
from bot.domain.standing import Standing, Status
from bot.domain.tallies import Line

MOST = 5_000  # lines of a list; a province of 44 units has some hundreds, and a million are read by nobody
NAMES = ("blocked", "extensions", "overdue", "next_week", "unanswered", "undeliverable")

_OPEN = frozenset({Standing.OPEN, Standing.WORKING, Standing.OVERDUE})
_UNDELIVERED = frozenset({Asking.NO_CONTACT, Asking.FAILED, Asking.IN_DOUBT})

_Key = tuple[datetime, tuple[tuple[int, str], ...], str, str, str]


def lists_of(what: Situation, week: Week) -> tuple[str, ...]:
    """Return the names of the lists in which an occurrence that is not released stands."""
    is_open = what.standing in _OPEN
    asked = what.asking is Asking.ASKED
    stands = {
        "blocked": is_open and what.status is Status.BLOCKED,
        "extensions": what.status is Status.EXTENSION and what.undecided,
        "overdue": judge(what, week.as_of).among == "overdue",
        "next_week": is_open and week.as_of <= what.due_at <= _end_of_next(week),
        "unanswered": is_open and what.status is None and asked and not what.paused,
        "undeliverable": is_open and what.asking in _UNDELIVERED,
    }
    return tuple(name for name in NAMES if stands[name])


class Lists:
    """Collects the entries of each list and keeps the first of them: by due, task and unit name."""

    def __init__(self, plan: Plan, week: Week) -> None:
        self._plan = plan
        self._as_of = week.as_of
        self._kept: dict[str, list[tuple[_Key, Counted]]] = {name: [] for name in NAMES}
        self._seen = dict.fromkeys(NAMES, 0)
        self._codes = {task: code_order(task) for task in plan.tasks}

    def add(self, name: str, each: Counted) -> None:
        """Put an occurrence into a list."""
        entries = self._kept[name]
        unit, what, said = each
        entries.append(((what.due_at, self._codes[what.task], self._plan.unit_name(unit), unit, said.note), each))
        self._seen[name] += 1
        if len(entries) >= 2 * MOST:
            self._cut(name)

    def made(self) -> dict[str, tuple[Line, ...]]:
        """Return the lines of every list, `MOST` at most."""
        for name in NAMES:
            self._cut(name)
        return {name: tuple(self._line(name, each) for _, each in self._kept[name]) for name in NAMES}

    def beyond(self) -> Mapping[str, int]:
        """Return of how many lines each list is short."""
        return {name: seen - MOST for name, seen in self._seen.items() if seen > MOST}

    def _cut(self, name: str) -> None:
        self._kept[name].sort(key=lambda entry: entry[0])
        del self._kept[name][MOST:]

    def _line(self, name: str, each: Counted) -> Line:
        return Line(
            task=each.task,
            title=self._plan.tasks[each.task].title,
            unit=self._plan.unit_name(each.unit),
            due_at=each.due_at,
            note=str(each.asking) if name == "undeliverable" else _note(each),
            days=days_between(each.due_at, self._as_of),
        )


def _note(each: Counted) -> str:
    if each.status is Status.EXTENSION and each.wanted_due_at is not None:
        wanted = f"{local_day(each.wanted_due_at):%d/%m/%Y}"
        return f"→ {wanted}; {each.note}" if each.note else f"→ {wanted}"
    return each.note


def _end_of_next(week: Week) -> datetime:
    return local_moment(week.ends + timedelta(weeks=1), END_OF_DAY)
