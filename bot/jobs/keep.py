"""Keeps the stored occurrences in step with the plan: new ones in, moved dues moved, what the plan dropped archived."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.domain.calendar import Calendar, local_day
from bot.domain.occurrences import Occurrence, occurrences
from bot.domain.plan import Plan
from bot.domain.steps import next_step_at, steps_of
from bot.store import Tx
from bot.store import occurrences as stored

HORIZON = timedelta(days=62)  # how far ahead occurrences exist: twice the longest reminder anyone sets, and a month


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What keeping in step did, in occurrences."""

    added: int
    moved: int
    archived: int


def keep_in_step(tx: Tx, *, plan: Plan, calendar: Calendar, now: datetime) -> Kept:
    """Make the stored occurrences those of the plan up to the horizon. Done twice it changes nothing."""
    there = stored.dues(tx)
    wanted = {
        (each.task, each.unit, each.period): each
        for each in occurrences(plan, until=local_day(now + HORIZON), calendar=calendar)
    }
    new = [each for identity, each in wanted.items() if identity not in there]
    stored.add(tx, _with_first_steps(new, plan=plan, calendar=calendar, now=now), now=now)
    moved = 0
    for identity, (occurrence_id, plan_due_at, is_archived) in there.items():
        each = wanted.get(identity)
        if each is not None and (each.due_at != plan_due_at or is_archived):
            _move(tx, occurrence_id, each, plan=plan, calendar=calendar, now=now)
            moved += 1
    # A clock set back shortens the horizon: what lies past it is not gone, only not looked at.
    looked_until = now + HORIZON - timedelta(days=1)
    gone = [
        occurrence_id
        for identity, (occurrence_id, plan_due_at, is_archived) in there.items()
        if identity not in wanted and not is_archived and plan_due_at <= looked_until
    ]
    stored.archive(tx, gone, now=now)
    return Kept(added=len(new), moved=moved, archived=len(gone))


def _with_first_steps(new: list[Occurrence], *, plan: Plan, calendar: Calendar, now: datetime) -> list[stored.New]:
    first: dict[tuple[str, datetime], datetime | None] = {}  # many units share a task and a due
    found = []
    for each in new:
        policy = plan.policy_of(plan.tasks[each.task])
        known = (policy.id, each.due_at)
        if known not in first:
            steps = steps_of(policy, due_at=each.due_at, known_at=now, calendar=calendar)
            first[known] = next_step_at(steps, handled_until=None)
        found.append(stored.New(occurrence=each, next_step_at=first[known]))
    return found


def _move(tx: Tx, occurrence_id: int, each: Occurrence, *, plan: Plan, calendar: Calendar, now: datetime) -> None:
    policy = plan.policy_of(plan.tasks[each.task])
    steps = steps_of(policy, due_at=each.due_at, known_at=now, calendar=calendar)
    stored.move_due(
        tx,
        occurrence_id,
        due_at=each.due_at,
        next_step_at=next_step_at(steps, handled_until=now),
        now=now,
        cause="plan",
    )
