"""What an edit of the catalogue would do, worked out from what the store holds, without doing it."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from bot.catalogue import Catalogue
from bot.domain.calendar import local_day
from bot.domain.edits import Edit, edit_of
from bot.domain.effects import LISTED, Effects, named
from bot.domain.loads import loads_of
from bot.domain.owed import Owed
from bot.domain.standing import CLOSED, Word, standing
from bot.domain.tally import Tally
from bot.jobs.hour import Hour
from bot.jobs.turns import Turn, Turns
from bot.jobs.who_is_asked import WhoIsAsked
from bot.store import Tx, replanning
from bot.store.views import review_of

HOUR = timedelta(hours=1)


def effects_of(tx: Tx, *, old: Catalogue | None, new: Catalogue, now: datetime) -> Effects:
    """Return what applying `new` in place of `old` (None: nothing ever ran) would do at `now`. Reads only."""
    if old is None:
        old = replace(new, plan=replace(new.plan, tasks={}))
    edit = edit_of(old.plan, old.calendar, new.plan, new.calendar)
    if edit.is_wording:
        return Effects()
    return _Foresight(tx, old=old, new=new, edit=edit, now=now).effects()


class _Foresight:
    """One look ahead; what it gathers are counts, and the occurrences of the next hour."""

    def __init__(self, tx: Tx, *, old: Catalogue, new: Catalogue, edit: Edit, now: datetime) -> None:
        self._tx, self._old, self._new, self._edit, self._now = tx, old, new, edit, now
        self._turns = Turns(tx, old=old, new=new, edit=edit, now=now)
        self._asked = WhoIsAsked(tx, plan=new.plan, on=local_day(now))
        self._hour_from = new.calendar.next_open(now)
        self._hour = Hour(tx, old=old, new=new, chase=self._turns.after, now=now, until=self._hour_from + HOUR)
        self._gained, self._lost, self._moved = Tally(), Tally(), Tally()
        self._changed: set[str] = {*edit.paced, *edit.asked}
        self._cancelled = self._repeated = 0
        self._units: set[str] = set()  # of which somebody hears something else
        self._told: set[str] = set()  # of which somebody is told that a due moved
        self._counted: set[int] = set()  # stored occurrences among gained, lost, moved
        self._others: set[int] = set()  # occurrences that are chased otherwise
        self._more: dict[date, set[str]] = defaultdict(set)

    def effects(self) -> Effects:
        """Return everything."""
        chased = dict.fromkeys(self._edit.chased)
        for task_id in self._edit.owing:
            was, will = self._turns.was.of(task_id), self._turns.will.of(task_id)
            if not was.is_like(will):
                self._changed.add(task_id)
                chased.pop(task_id, None)
                self._other_dues(task_id, was, will)
        for task_id, turns in self._turns.of_rhythm(list(chased)):
            self._changed.add(task_id)
            self._note(task_id, turns)
        return self._summed_up()

    def _other_dues(self, task_id: str, was: Owed, will: Owed) -> None:
        rows = self._turns.stored(task_id)
        if rows or was.dues or was.others:
            self._note(task_id, list(self._turns.of_dues(task_id, was, will, rows)))
            return
        together = {(period, due_at): [*will.units] for period, due_at in will.dues.items()}
        for (unit, period), due_at in will.others.items():
            together.setdefault((period, due_at), []).append(unit)
        for (period, due_at), units in together.items():
            self._all_gain(task_id, period, units, due_at)

    def _all_gain(self, task_id: str, period: str, units: Sequence[str], due_at: datetime) -> None:
        count = len(units)
        self._gained.add_group(task_id, period, units, count=count, are_open=count, new=due_at)
        self._more[local_day(due_at)].update(units)
        self._units.update(units)
        self._hour.gain(task_id, period, units, due_at)

    def _note(self, task_id: str, turns: Sequence[Turn]) -> None:
        moving = [turn for turn in turns if turn.old != turn.new]
        self._gained.add(task_id, (turn for turn in moving if turn.old is None))
        self._lost.add(task_id, (turn for turn in moving if turn.new is None))
        self._moved.add(task_id, (turn for turn in moving if turn.old is not None and turn.new is not None))
        for turn in moving:
            if turn.kept is not None:
                self._counted.add(turn.kept.id)
            if turn.new is not None:
                self._more[local_day(turn.new)].add(turn.unit)
            if turn.is_open:
                self._units.add(turn.unit)
            if turn.is_open and turn.is_live and turn.new is not None:
                self._told.add(turn.unit)
        for turn in turns:
            self._hour.put(turn)
            self._cancelled += turn.cancelled
            self._repeated += turn.repeated
            if turn.kept is not None and (turn.cancelled or turn.repeated):
                self._others.add(turn.kept.id)
                self._units.add(turn.unit)

    def _summed_up(self) -> Effects:
        was, will = self._hour.play()
        new = will.handed - was.handed
        for each in new | (was.handed - will.handed):
            self._units.add(each.unit)
            if each.id > 0:  # what is not stored yet is counted as gained
                self._others.add(each.id)
        people = self._people(self._units)
        letters = len(self._people(self._told))
        loads = loads_of(self._turns.will, self._coming(), people_of=self._ids_of)
        by_unit = sorted(
            ((unit, len(self._ids_of(unit))) for unit in self._units), key=lambda pair: (-pair[1], pair[0])
        )
        return Effects(
            tasks_gained=named(self._edit.gained),
            tasks_lost=named(self._edit.lost),
            tasks_changed=named(self._changed_tasks()),
            rules=self._edit.rules,
            gained=self._gained.dues(),
            lost=self._lost.dues(),
            moved=self._moved.dues(),
            people=len(people),
            units=len(self._units),
            people_by_unit=tuple(by_unit[:LISTED]),
            sent=sum(not each.is_escalation for each in new),
            cancelled=self._cancelled,
            repeated=self._repeated,
            escalations=sum(each.is_escalation for each in new),
            messages=will.messages_beyond(was) + letters,
            letters=letters,
            hour_from=self._hour_from,
            hour_until=self._hour.until,
            loads=tuple(loads[:LISTED]),
            load_count=len(loads),
            touched=self._gained.open + self._lost.open + self._moved.open + len(self._others - self._counted),
            occurrences=self._open_now(),
            linked=len(self._people(self._new.plan.units)),
        )

    def _changed_tasks(self) -> list[str]:
        before = self._old.plan.tasks
        return [each for each in self._new.plan.tasks if each in self._changed and each in before]

    def _coming(self) -> dict[date, set[str]]:
        today = local_day(self._now)
        return {day: units for day, units in self._more.items() if day >= today}

    def _ids_of(self, unit: str) -> tuple[int, ...]:
        return tuple(person.person_id for person in self._asked.of(unit).people)

    def _people(self, units: Iterable[str]) -> set[int]:
        return {person for unit in units for person in self._ids_of(unit)}

    def _open_now(self) -> int:
        """Return how many live occurrences are not finished."""
        finished = 0
        for task_id, status, verdict, count in replanning.last_words(self._tx):
            word = Word(status=status, at=self._now, verdict=verdict)
            stands = standing(word, due_at=self._now, now=self._now, review=review_of(self._old.plan, task_id))
            finished += count if stands in CLOSED else 0
        return replanning.live_count(self._tx) - finished
