"""What the rules say of the occurrences that came due: the fate of each step, and when the next one comes."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, time

from bot.domain.calendar import DAY, Calendar, local_day, local_moment
from bot.domain.holds import held, hold_of, warned_of
from bot.domain.plan import Plan, Policy
from bot.domain.standing import Word
from bot.domain.steps import Ruling, Step, next_step_at, ripe, rule, steps_of, why_quiet
from bot.store.occurrences import Kept


@dataclass(kw_only=True)
class Rules:
    """The rules applied to stored occurrences at one moment; many stand alike, and each kind is ruled once."""

    plan: Plan
    calendar: Calendar
    now: datetime
    _steps: dict[tuple[str, datetime, datetime], tuple[Step, ...]] = field(default_factory=dict)
    _ruled: dict[tuple[str, datetime, datetime, datetime | None], tuple[Ruling, ...]] = field(default_factory=dict)
    _warned: dict[tuple[str, datetime, datetime, str, Word | None], Step | None] = field(default_factory=dict)
    _following: dict[tuple[str, datetime, datetime], datetime | None] = field(default_factory=dict)

    def early(self, found: Sequence[Kept]) -> dict[int, datetime]:
        """Return occurrences that wait for their policy's hour of today: what was missed joins this morning's bundle."""
        hours = {each.id: self._policy(each).at for each in found if each.task in self.plan.tasks}
        moments = {hour: self._moment(hour) for hour in set(hours.values()) if self._comes_today(hour)}
        return {occurrence_id: moments[hour] for occurrence_id, hour in hours.items() if hour in moments}

    def fates(self, each: Kept) -> tuple[Ruling, ...]:
        """Return what becomes of every step of an occurrence that came due."""
        if each.word is not None:
            return self._ruled_anew(each)
        alike = (each.task, each.due_at, each.known_at, each.handled_until)
        if alike not in self._ruled:  # a task's units mostly stand alike: ten thousand cost a handful
            self._ruled[alike] = self._ruled_anew(each)
        return self._ruled[alike]

    def warned_of(self, each: Kept, step: Step) -> Step | None:
        """Return the report upward of which the unit is warned with a step, while a working day lies between."""
        alike = (each.task, each.due_at, each.known_at, step.key, each.word)
        if alike not in self._warned:
            steps = self._steps_of(each)
            hold = hold_of(each.word, steps, calendar=self.calendar)
            self._warned[alike] = warned_of(step, steps, hold=hold, calendar=self.calendar)
        found = self._warned[alike]
        return found if found is not None and local_day(self.now) < local_day(found.planned_at) else None

    def next_step_at(self, each: Kept) -> datetime | None:
        """Return when the first step that lies ahead comes due; None where none does."""
        alike = (each.task, each.due_at, each.known_at)
        if alike not in self._following:
            self._following[alike] = next_step_at(self._steps_of(each), handled_until=self.now)
        return self._following[alike]

    def next_morning(self) -> datetime:
        """Return when the next working day's reminders leave."""
        day = self.calendar.working_day_on_or_after(local_day(self.now) + DAY)
        hour = self.calendar.hour_on(day, self.plan.policies["default"].at)
        return self.calendar.next_open(local_moment(day, hour)).astimezone(self.now.tzinfo)

    def _ruled_anew(self, each: Kept) -> tuple[Ruling, ...]:
        task = self.plan.tasks.get(each.task)
        if task is None:  # the plan has just dropped it; `keep_in_step` archives it
            return ()
        came_due = ripe(self._steps_of(each), handled_until=each.handled_until, now=self.now)
        quiet = why_quiet(each.word, pause=task.pause, review=task.review, due_at=each.due_at, now=self.now)
        rulings = rule(came_due, quiet=quiet, due_at=each.due_at, stop=self._policy(each).stop, now=self.now)
        return held(rulings, hold_of(each.word, self._steps_of(each), calendar=self.calendar))

    def _comes_today(self, hour: time) -> bool:
        """Return whether an hour is still to come today, and leaves something of office hours: else it never came."""
        today = local_day(self.now)
        at = local_moment(today, hour)
        return self.now < at and local_day(self.calendar.next_open(at)) == today

    def _moment(self, hour: time) -> datetime:
        return local_moment(local_day(self.now), hour).astimezone(self.now.tzinfo)

    def _policy(self, each: Kept) -> Policy:
        return self.plan.policy_of(self.plan.tasks[each.task])

    def _steps_of(self, each: Kept) -> tuple[Step, ...]:
        if each.task not in self.plan.tasks:
            return ()
        policy = self._policy(each)
        known = (policy.id, each.due_at, each.known_at)
        if known not in self._steps:  # many occurrences share a policy and a due: ten thousand cost a handful
            self._steps[known] = steps_of(policy, due_at=each.due_at, known_at=each.known_at, calendar=self.calendar)
        return self._steps[known]
