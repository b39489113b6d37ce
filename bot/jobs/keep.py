"""Keeps the stored occurrences in step with the plan: new ones in, moved dues moved, what the plan dropped archived."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from bot.domain.calendar import Calendar, local_day
from bot.domain.occurrences import Occurrence
from bot.domain.owed import Key, Owing
from bot.domain.plan import Plan
from bot.jobs.chase import Chase
from bot.store import Tx, events, replanning
from bot.store import occurrences as stored
from bot.store.occurrences import Due
from bot.store.replanning import Fates, Move

HORIZON = timedelta(days=62)  # how far ahead occurrences exist: twice the longest reminder anyone sets, and a month


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What keeping in step did, in occurrences."""

    added: int
    moved: int
    archived: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Moved:
    """An occurrence that was live and whose own due the plan moved."""

    id: int
    old: datetime
    new: datetime


@dataclass(kw_only=True)
class Keeping:
    """One plan brought into the store, task by task, so that a nation's plan is never in memory whole."""

    tx: Tx
    plan: Plan
    calendar: Calendar
    now: datetime
    added: int = 0
    changed: int = 0
    archived: int = 0
    moved: list[Moved] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.owing = Owing(self.plan, self.calendar, events.days(self.tx))
        self.chase = Chase(self.plan, self.calendar)
        self._until = local_day(self.now + HORIZON)
        self._granted = replanning.granted(self.tx)

    def keep(self, tasks: Iterable[str]) -> None:
        """Make the stored occurrences of these tasks those of the plan up to the horizon."""
        for task_id in tasks:
            self._keep(task_id)

    def archive_others(self) -> None:
        """Archive what is left of tasks the plan does not have."""
        self.archived += stored.archive_other_tasks(self.tx, list(self.plan.tasks), now=self.now)

    def _keep(self, task_id: str) -> None:
        there = stored.dues(self.tx, task_id)
        wanted = dict(self.owing.of(task_id, until=self._until).pairs())
        self._add(task_id, {key: due_at for key, due_at in wanted.items() if key not in there})
        further = self._further(task_id, there, wanted)
        gone = [
            known.id
            for key, known in there.items()
            if not known.is_archived and key not in wanted and key not in further
        ]
        stored.archive(self.tx, gone, now=self.now)
        self.archived += len(gone)
        wanted |= further
        self._move(task_id, [(known, wanted[key]) for key, known in there.items() if _is_other(known, wanted.get(key))])

    def _further(self, task_id: str, there: Mapping[Key, Due], wanted: Mapping[Key, datetime]) -> dict[Key, datetime]:
        """Return what is stored and owed only past the horizon: put off by an edit, or the clock was set back."""
        missing = [key for key, known in there.items() if key not in wanted and not known.is_archived]
        if not missing:
            return {}
        whole = dict(self.owing.of(task_id).pairs())
        return {key: whole[key] for key in missing if key in whole}

    def _add(self, task_id: str, new: Mapping[Key, datetime]) -> None:
        rows = (
            stored.New(
                occurrence=Occurrence(task=task_id, unit=unit, period=period, due_at=due_at),
                next_step_at=self.chase.next_at(task_id, due_at=due_at, known_at=self.now, handled_until=None),
            )
            for (unit, period), due_at in new.items()
        )
        self.added += stored.add(self.tx, rows, now=self.now)

    def _move(self, task_id: str, changed: list[tuple[Due, datetime]]) -> None:
        if not changed:
            return
        fates = replanning.fates(self.tx, task_id)
        moves = []
        for known, plan_due_at in changed:
            due_at, handled_until = moved_to(known, plan_due_at, self._granted.get(known.id), fates)
            next_at = self.chase.next_at(task_id, due_at=due_at, known_at=known.known_at, handled_until=handled_until)
            move = Move(
                id=known.id,
                plan_due_at=plan_due_at,
                due_at=due_at,
                handled_until=handled_until,
                next_step_at=next_at,
            )
            moves.append((move, due_at != known.due_at))
            if due_at != known.due_at and not known.is_archived:
                self.moved.append(Moved(id=known.id, old=known.due_at, new=due_at))
        replanning.move(self.tx, moves, now=self.now)
        self.changed += len(moves)


def keep_in_step(tx: Tx, *, plan: Plan, calendar: Calendar, now: datetime) -> Kept:
    """Make the stored occurrences those of the plan up to the horizon. Done twice it changes nothing."""
    keeping = Keeping(tx=tx, plan=plan, calendar=calendar, now=now)
    keeping.keep(plan.tasks)
    keeping.archive_others()
    return Kept(added=keeping.added, moved=keeping.changed, archived=keeping.archived)


def moved_to(
    known: Due, plan_due_at: datetime, granted: datetime | None, fates: Fates
) -> tuple[datetime, datetime | None]:
    """Return an occurrence's own due when the plan gives it one, and until when its steps are done with.

    An extension that was granted is never shortened by an edit: the later of both counts. What only comes back keeps the
    due it had. What already came due of a new due's steps is caught up with: the people hear of it in their next bundle.
    Of a due that was the occurrence's before, the steps that have their fate keep it.
    """
    if plan_due_at == known.plan_due_at:
        return known.due_at, known.handled_until
    due_at = plan_due_at if granted is None else max(plan_due_at, granted)
    if due_at == known.due_at:
        return due_at, known.handled_until
    return due_at, fates.settled.get((known.id, due_at))


def _is_other(known: Due, plan_due_at: datetime | None) -> bool:
    return plan_due_at is not None and (plan_due_at != known.plan_due_at or known.is_archived)
