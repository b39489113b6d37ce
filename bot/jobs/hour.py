"""The first hour of office hours after an edit, with it and without it."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from bot.catalogue import Catalogue
from bot.domain.calendar import local_day
from bot.jobs.chase import Chase
from bot.jobs.keep import HORIZON
from bot.jobs.rehearse import Rehearsal, Stage
from bot.jobs.turns import Turn
from bot.store import Tx, replanning
from bot.store.occurrences import Kept


class Hour:
    """Gathers the occurrences that an edit gives another state, as far as a tick looks at them within the hour."""

    def __init__(self, tx: Tx, *, old: Catalogue, new: Catalogue, chase: Chase, now: datetime, until: datetime) -> None:
        self._tx, self._old, self._new, self._chase, self._now = tx, old, new, chase, now
        self.until = until
        self._horizon = local_day(now + HORIZON)  # what is due later is not stored yet
        self._replaced: set[int] = set()
        self._line: list[tuple[Kept, datetime]] = []

    def put(self, turn: Turn) -> None:
        """Take an occurrence as the edit leaves it."""
        if turn.kept is None:
            if turn.new is not None:
                self.gain(turn.task, turn.period, (turn.unit,), turn.new)
            return
        self._replaced.add(turn.kept.id)
        if turn.new is None:
            return
        next_at = self._chase.next_at(
            turn.task, due_at=turn.new, known_at=turn.kept.known_at, handled_until=turn.handled_until
        )
        if next_at is not None and next_at <= self.until:
            after = replace(turn.kept, due_at=turn.new, handled_until=turn.handled_until, ended_at=None)
            self._line.append((after, next_at))

    def gain(self, task_id: str, period: str, units: Sequence[str], due_at: datetime) -> None:
        """Take occurrences that are not stored yet, as they will be."""
        if local_day(due_at) > self._horizon:
            return
        new = Kept(
            id=0,
            task=task_id,
            unit="",
            period=period,
            due_at=due_at,
            original_due_at=due_at,
            known_at=self._now,
            handled_until=None,
            ended_at=None,
            report_id=None,
            word=None,
        )
        next_at = self._chase.next_at(task_id, due_at=due_at, known_at=self._now, handled_until=None)
        if next_at is not None and next_at <= self.until:
            for unit in units:
                self._line.append((replace(new, id=-len(self._line) - 1, unit=unit), next_at))

    def play(self) -> tuple[Rehearsal, Rehearsal]:
        """Return what the hour comes to without the edit, and with it."""
        there = [
            (each.kept, each.next_step_at)
            for each in replanning.looked_at_by(self._tx, self.until)
            if each.next_step_at is not None
        ]
        staying = [(kept, at) for kept, at in there if kept.id not in self._replaced]
        without = Stage(self._tx, self._old.plan, self._old.calendar, now=self._now)
        with_it = Stage(self._tx, self._new.plan, self._new.calendar, now=self._now)
        return without.play(there, until=self.until), with_it.play(staying + self._line, until=self.until)
