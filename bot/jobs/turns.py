"""What an edit makes of each occurrence it touches: its due before and after, its steps before and after."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue import Catalogue
from bot.domain.calendar import local_day
from bot.domain.edits import Edit
from bot.domain.owed import Key, Owed, Owing
from bot.domain.plan import Pause
from bot.domain.standing import CLOSED, standing
from bot.domain.steps import Step, StepKind, why_quiet
from bot.domain.tally import Case
from bot.jobs.chase import Chase, behind
from bot.jobs.keep import moved_to
from bot.jobs.rhythm import change_of
from bot.store import Tx, events, replanning
from bot.store.occurrences import Due, Kept
from bot.store.replanning import Fates, Planned
from bot.store.views import review_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn(Case):
    """What becomes of an occurrence. `kept` is how it is stored, archived or not; `handled_until` its steps' end after.

    `cancelled` reminders lay ahead of it and will not come; `repeated` were handed on and come again for the new due.
    """

    task: str
    kept: Kept | None = None
    handled_until: datetime | None = None
    cancelled: int = 0
    repeated: int = 0

    @property
    def is_live(self) -> bool:
        """Whether it stands in the store and counts."""
        return self.kept is not None and self.kept.ended_at is None


class Turns:
    """An edit looked at task by task beside what is stored; a task's occurrences are in memory, never a plan's."""

    def __init__(self, tx: Tx, *, old: Catalogue, new: Catalogue, edit: Edit, now: datetime) -> None:
        self._tx, self._old, self._new, self._edit, self._now = tx, old, new, edit, now
        days = events.days(tx)
        self.was, self.will = Owing(old.plan, old.calendar, days), Owing(new.plan, new.calendar, days)
        self._before, self.after = Chase(old.plan, old.calendar), Chase(new.plan, new.calendar)
        self._granted = replanning.granted(tx)

    def stored(self, task_id: str) -> Mapping[Key, Planned]:
        """Return what is stored of a task, archived or not."""
        return replanning.of_task(self._tx, task_id)

    def of_dues(self, task_id: str, was: Owed, will: Owed, rows: Mapping[Key, Planned]) -> Iterator[Turn]:
        """Yield what becomes of every occurrence of a task whose dues or units are others. `rows`: what is stored of it."""
        fates = replanning.fates(self._tx, task_id) if rows else Fates()
        before, after = dict(was.pairs()), dict(will.pairs())
        for key in dict.fromkeys([*before, *after]):
            yield self._turn(task_id, key, row=rows.get(key), before=before.get(key), after=after.get(key), fates=fates)

    def of_rhythm(self, tasks: Sequence[str]) -> Iterator[tuple[str, list[Turn]]]:
        """Yield each of these tasks whose steps are others, or are taken otherwise, with the live occurrences they concern."""
        paused = {task_id for task_id in tasks if self._pause(self._old, task_id) != self._pause(self._new, task_id)}
        concerned: dict[str, set[tuple[datetime, datetime, datetime | None]]] = {}
        for group in replanning.alike(self._tx, tasks):
            if group.task in paused or change_of(group, old=self._before, new=self.after) is not None:
                marks = (group.due_at, group.known_at, group.handled_until)
                concerned.setdefault(group.task, set()).add(marks)
        for task_id, groups in concerned.items():
            fates = replanning.fates(self._tx, task_id)
            yield (
                task_id,
                [
                    self._turn(task_id, key, row=row, before=row.plan_due_at, after=row.plan_due_at, fates=fates)
                    for key, row in replanning.of_task(self._tx, task_id).items()
                    if row.kept.ended_at is None
                    and (row.kept.due_at, row.kept.known_at, row.kept.handled_until) in groups
                ],
            )

    def _turn(
        self,
        task_id: str,
        key: Key,
        *,
        row: Planned | None,
        before: datetime | None,
        after: datetime | None,
        fates: Fates,
    ) -> Turn:
        unit, period = key
        if row is None:
            return Turn(task=task_id, unit=unit, period=period, old=before, new=after, is_open=True)
        kept = row.kept
        new, until = self._state(row, after, fates)
        had, has = self._awaited(row, new, until)
        handed = {step for step, due_at in fates.handed.get(kept.id, ()) if due_at != new}
        return Turn(
            task=task_id,
            unit=unit,
            period=period,
            old=before if kept.ended_at is not None else kept.due_at,
            new=new,
            is_open=self._is_open(kept),
            kept=kept,
            handled_until=until,
            cancelled=len(had - has),
            repeated=len(has & handed) if new != kept.due_at else 0,
        )

    def _state(
        self, row: Planned, plan_due_at: datetime | None, fates: Fates
    ) -> tuple[datetime | None, datetime | None]:
        """Return an occurrence's due and the end of its steps as applying the edit leaves them."""
        if plan_due_at is None:
            return None, None
        kept = row.kept
        known = Due(
            id=kept.id,
            due_at=kept.due_at,
            plan_due_at=row.plan_due_at,
            known_at=kept.known_at,
            handled_until=kept.handled_until,
            is_archived=kept.ended_at is not None,
        )
        due_at, until = moved_to(known, plan_due_at, self._granted.get(kept.id), fates)
        if due_at == kept.due_at:
            handed = {step for step, of in fates.handed.get(kept.id, ()) if of == due_at}
            ahead = self.after.ahead(kept.task, due_at=due_at, known_at=kept.known_at, handled_until=until)
            until = behind(ahead, handed, handled_until=until)
        return due_at, until

    def _awaited(
        self, row: Planned, new: datetime | None, until: datetime | None
    ) -> tuple[frozenset[str], frozenset[str]]:
        """Return the reminders that lie ahead of an occurrence before and after, if nothing is reported."""
        kept = row.kept
        had: frozenset[str] = frozenset()
        has: frozenset[str] = frozenset()
        if kept.ended_at is None and kept.task in self._old.plan.tasks:
            had = self._reminders(self._old, self._before, kept, kept.due_at, kept.handled_until)
        if new is not None:
            has = self._reminders(self._new, self.after, kept, new, until)
        return had, has

    def _reminders(
        self, catalogue: Catalogue, chase: Chase, kept: Kept, due_at: datetime, until: datetime | None
    ) -> frozenset[str]:
        task = catalogue.plan.tasks[kept.task]
        quiet = why_quiet(kept.word, pause=None, review=task.review, due_at=due_at, now=self._now)
        if quiet is not None:
            return frozenset()
        ahead = chase.ahead(task.id, due_at=due_at, known_at=kept.known_at, handled_until=until)
        return _reminders(ahead, due_at=due_at, pause=task.pause, now=self._now)

    def _is_open(self, kept: Kept) -> bool:
        plan = self._new.plan if kept.task in self._new.plan.tasks else self._old.plan
        review = review_of(plan, kept.task)
        return standing(kept.word, due_at=kept.due_at, now=self._now, review=review) not in CLOSED

    @staticmethod
    def _pause(catalogue: Catalogue, task_id: str) -> Pause | None:
        return catalogue.plan.tasks[task_id].pause


def _reminders(ahead: Sequence[Step], *, due_at: datetime, pause: Pause | None, now: datetime) -> frozenset[str]:
    """Return the keys of the reminders that would be handed on: those before a due that is ahead, those after one past.

    Of several that came due, or come at one moment, the newest is.
    """
    kind = StepKind.OVERDUE if now > due_at else StepKind.REMIND
    newest: dict[datetime, str] = {}
    for step in ahead:
        if step.kind is kind and (pause is None or local_day(step.planned_at) > pause.until):
            newest[max(step.planned_at, now)] = step.key
    return frozenset(newest.values())
