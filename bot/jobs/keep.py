"""Keeps the stored occurrences in step with the plan: new ones in, moved dues moved, what the plan dropped archived."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar import DAY, Calendar, local_day
from bot.domain.occurrences import Occurrence, occurrences_of
from bot.domain.plan import Plan, Policy, Task
from bot.domain.steps import next_step_at, steps_of
from bot.store import Tx, events, ledger
from bot.store import occurrences as stored

HORIZON = timedelta(days=62)  # how far ahead occurrences exist: twice the longest reminder anyone sets, and a month


@dataclass(frozen=True, slots=True, kw_only=True)
class Kept:
    """What keeping in step did, in occurrences."""

    added: int
    moved: int
    archived: int


def keep_in_step(tx: Tx, *, plan: Plan, calendar: Calendar, now: datetime) -> Kept:
    """Make the stored occurrences those of the plan up to the horizon. Done twice it changes nothing.

    One task after the other, so that a nation's plan is never in memory whole.
    """
    counted = events.days(tx)
    done = [
        _keep_task(tx, task, plan=plan, calendar=calendar, event_on=counted.get(task.id), now=now)
        for task in plan.tasks.values()
    ]
    dropped = stored.archive_other_tasks(tx, list(plan.tasks), now=now)
    return Kept(
        added=sum(each.added for each in done),
        moved=sum(each.moved for each in done),
        archived=sum(each.archived for each in done) + dropped,
    )


def _keep_task(tx: Tx, task: Task, *, plan: Plan, calendar: Calendar, event_on: date | None, now: datetime) -> Kept:
    there = stored.dues(tx, task.id)
    until = local_day(now + HORIZON)
    found = occurrences_of(plan, task, until=until, calendar=calendar, event_on=event_on)
    wanted = {(each.unit, each.period): each for each in found}
    policy = plan.policy_of(task)
    new = [each for key, each in wanted.items() if key not in there]
    first: dict[datetime, datetime | None] = {}  # a task's units share their dues
    for each in new:
        if each.due_at not in first:
            steps = steps_of(policy, due_at=each.due_at, known_at=now, calendar=calendar)
            first[each.due_at] = next_step_at(steps, handled_until=None)
    rows = (stored.New(occurrence=each, next_step_at=first[each.due_at]) for each in new)
    stored.add(tx, rows, now=now)
    changed = [
        (there[key], each)
        for key, each in wanted.items()
        if key in there and (each.due_at != there[key].plan_due_at or there[key].is_archived)
    ]
    for known, each in changed:
        _move(tx, known, each, policy=policy, calendar=calendar, now=now)
    # A clock set back shortens the horizon: what lies past it is not gone, only not looked at.
    looked_until = now + HORIZON - DAY
    gone = [
        known.id
        for key, known in there.items()
        if key not in wanted and not known.is_archived and known.plan_due_at <= looked_until
    ]
    stored.archive(tx, gone, now=now)
    return Kept(added=len(new), moved=len(changed), archived=len(gone))


def _move(tx: Tx, known: stored.Due, each: Occurrence, *, policy: Policy, calendar: Calendar, now: datetime) -> None:
    """Give an occurrence the plan's new due; one that only came back keeps the due it had, extensions included.

    What already came due of a new due's steps is caught up with: the people hear of it in their next bundle. Of a due
    that was the occurrence's before, the steps that have their fate keep it.
    """
    has_new_due = each.due_at != known.plan_due_at
    due_at = each.due_at if has_new_due else known.due_at
    steps = steps_of(policy, due_at=due_at, known_at=known.known_at, calendar=calendar)
    if has_new_due:
        until = ledger.settled_until(tx, known.id, due_at=due_at)
        next_at = next_step_at(steps, handled_until=until)
        stored.move_due(
            tx, known.id, due_at=due_at, handled_until=until, next_step_at=next_at, now=now, cause=stored.BY_PLAN
        )
    else:
        stored.revive(tx, known.id, next_step_at=next_step_at(steps, handled_until=known.handled_until))
