"""The steps of stored occurrences under one catalogue; what many share is worked out once."""

from collections.abc import Collection, Sequence
from datetime import datetime
from itertools import groupby

from bot.domain.calendar import Calendar
from bot.domain.plan import Plan
from bot.domain.steps import Step, next_step_at, steps_of

Alike = tuple[str, datetime, datetime]  # policy, due, known since


class Chase:
    """Asked again and again for tasks, dues and the moments since which they are known."""

    def __init__(self, plan: Plan, calendar: Calendar) -> None:
        self._plan, self._calendar = plan, calendar
        self._steps: dict[Alike, tuple[Step, ...]] = {}
        self._next: dict[tuple[Alike, datetime | None], datetime | None] = {}

    def steps(self, task_id: str, *, due_at: datetime, known_at: datetime) -> Sequence[Step]:
        """Return every step of a task's occurrence in the order they are planned."""
        policy = self._plan.policy_of(self._plan.tasks[task_id])
        alike = (policy.id, due_at, known_at)
        if alike not in self._steps:
            self._steps[alike] = steps_of(policy, due_at=due_at, known_at=known_at, calendar=self._calendar)
        return self._steps[alike]

    def next_at(
        self, task_id: str, *, due_at: datetime, known_at: datetime, handled_until: datetime | None
    ) -> datetime | None:
        """Return when the first step after `handled_until` comes due, None where none does."""
        alike = ((self._plan.tasks[task_id].policy, due_at, known_at), handled_until)
        if alike not in self._next:
            steps = self.steps(task_id, due_at=due_at, known_at=known_at)
            self._next[alike] = next_step_at(steps, handled_until=handled_until)
        return self._next[alike]

    def ahead(
        self, task_id: str, *, due_at: datetime, known_at: datetime, handled_until: datetime | None
    ) -> Sequence[Step]:
        """Return the steps after `handled_until`."""
        steps = self.steps(task_id, due_at=due_at, known_at=known_at)
        return [step for step in steps if handled_until is None or step.planned_at > handled_until]


def behind(ahead: Sequence[Step], handed: Collection[str], *, handled_until: datetime | None) -> datetime | None:
    """Return until when steps are done with, where another rhythm has planned some anew that were handed on already.

    Those at the head of the line are passed over, so that nobody hears the same again; a step that was not handed on
    stays ahead, and what stands behind it.
    """
    until = handled_until
    for planned_at, together in groupby(ahead, key=lambda step: step.planned_at):
        if not all(step.key in handed for step in together):
            break
        until = planned_at
    return until
