"""What became of a task's steps and what comes next: the ledger in plain sentences, for the chat and for the command."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import Calendar, local_day
from bot.domain.holds import hold_of, why_held
from bot.domain.plan import OffsetUnit, Plan, Policy, Role
from bot.domain.steps import Reason, Step, next_step_at, steps_of, why_quiet
from bot.store import Tx, fates, occurrences
from bot.store.fates import Explained
from bot.store.occurrences import Kept
from bot.texts import due, in_period, say
from bot.texts import fates as words
from bot.texts.fates import Coming, Told

EXPLAINED = (
    "task",
    "unit",
    "period",
    "step",
    "due",
    "planned",
    "fate",
    "reason",
    "role",
    "channel",
    "said_on",
    "at",
    "settled",
    "sentence",
)
UPCOMING = "upcoming"  # the fate of a step that has not come due
Cell = str | date | datetime | None

NEXT_SHOWN = 4  # occurrences of which an answer says what comes next


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """What comes next for one occurrence."""

    kept: Kept
    coming: Coming


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """The ledger of a task, of some of its lines, and what comes next. `earlier` is how many lines came before these."""

    lines: tuple[tuple[Explained, Told], ...]
    earlier: int
    following: tuple[Next, ...]


def explain(
    tx: Tx, *, plan: Plan, calendar: Calendar, task: str, unit: str | None, now: datetime, last: int | None = None
) -> Explanation:
    """Return what became of the steps of a task that came due, of one unit where given, and what comes next for each."""
    lines = fates.explained(tx, task, unit=unit, last=last)
    every = len(lines) if last is None or len(lines) < last else fates.count(tx, task, unit=unit)
    units = [unit] if unit is not None else list(plan.tasks[task].units)
    live = occurrences.of_task(tx, task, units)
    steps = _Steps(plan=plan, calendar=calendar)
    return Explanation(
        lines=tuple((each, _told(each, plan, steps)) for each in lines),
        earlier=every - len(lines),
        following=tuple(Next(kept=each, coming=_coming(each, plan, steps, now)) for each in live),
    )


def sentences(language: str, found: Explanation, *, plan: Plan, at_most: int = NEXT_SHOWN) -> list[str]:
    """Return an explanation as lines: each occurrence with its fates, what comes next under it or, of many units, counted."""
    lines = [say(language, "explain.earlier", count=found.earlier)] if found.earlier else []
    following = {each.kept.id: each for each in found.following}
    groups: dict[int, list[tuple[Explained, Told]]] = {}
    for line in found.lines:
        groups.setdefault(line[0].occurrence_id, []).append(line)
    for occurrence_id, theirs in groups.items():
        first = theirs[-1][0]
        ahead = following.pop(occurrence_id, None)
        due_at = ahead.kept.due_at if ahead else first.due_at
        lines.append(_head(language, plan.unit_name(first.unit), first.period, due_at))
        lines += [f"- {words.told(language, told)}" for _, told in theirs]
        if ahead is not None:
            lines.append(f"- {words.coming(language, ahead.coming)}")
    if not found.lines:
        lines.append(say(language, "explain.empty"))
    return lines + _rest(language, list(following.values()), plan, at_most)


@dataclass(kw_only=True)
class _Steps:
    """The steps of occurrences, each kind computed once: a task's units mostly stand alike."""

    plan: Plan
    calendar: Calendar

    def __post_init__(self) -> None:
        self._known: dict[tuple[str, datetime, datetime], tuple[Step, ...]] = {}

    def of(self, each: Kept) -> tuple[Step, ...]:
        """Return the steps of an occurrence."""
        policy = self._policy(each.task)
        alike = (policy.id, each.due_at, each.known_at)
        if alike not in self._known:
            self._known[alike] = steps_of(policy, due_at=each.due_at, known_at=each.known_at, calendar=self.calendar)
        return self._known[alike]

    def moved_from(self, task: str, step: str, *, due_at: datetime, planned_at: datetime) -> date | None:
        """Return the day that the policy names for a step, where it is off and the step came on another."""
        if task not in self.plan.tasks:
            return None
        policy = self._policy(task)
        for offset in (*policy.remind, *policy.overdue):
            if str(offset) == step and offset.unit is OffsetUnit.DAYS:
                named = date.fromordinal(local_day(due_at).toordinal() + offset.amount)
                off = not self.calendar.is_working_day(named)
                return named if off and named != local_day(planned_at) else None
        return None

    def _policy(self, task: str) -> Policy:
        return self.plan.policy_of(self.plan.tasks[task])


def _told(each: Explained, plan: Plan, steps: _Steps) -> Told:
    to, is_instead = _whom(each)
    said_on = local_day(each.said_at) if each.said_at is not None else None
    task = plan.tasks.get(each.task)
    if each.reason == Reason.PAUSED and task is not None and task.pause is not None:
        said_on = task.pause.until if local_day(each.at) <= task.pause.until else None
    return Told(
        at=each.at,
        step=each.step,
        planned_at=each.planned_at,
        due_at=each.due_at,
        fate=each.fate,
        reason=each.reason,
        to=to,
        is_instead=is_instead,
        channel=each.channel,
        settled_at=each.settled_at,
        moved_from=steps.moved_from(each.task, each.step, due_at=each.due_at, planned_at=each.planned_at),
        said_on=said_on,
        by=each.by,
    )


def _whom(each: Explained) -> tuple[Role | None, bool]:
    if not each.was_told:
        return None, False
    for role in (Role.HEAD, Role.OFFICE):
        if each.step.startswith(role):
            return role, False
    is_instead = Role.FOCAL not in each.roles and Role.HEAD in each.roles
    return (Role.HEAD if is_instead else Role.FOCAL), is_instead


def _coming(each: Kept, plan: Plan, steps: _Steps, now: datetime) -> Coming:
    task = plan.tasks[each.task]
    at = next_step_at(steps.of(each), handled_until=each.handled_until)
    ahead = next((step for step in steps.of(each) if step.planned_at == at), None)
    quiet = why_quiet(each.word, pause=task.pause, review=task.review, due_at=each.due_at, now=now)
    said_on = local_day(each.word.at) if each.word is not None else None
    if quiet is Reason.PAUSED and task.pause is not None:
        said_on = task.pause.until
        if at is not None and local_day(at) > task.pause.until:
            quiet = None
    if at is None or ahead is None:
        return Coming(step="", due_at=each.due_at)
    quiet = quiet or why_held(ahead, hold_of(each.word, steps.of(each), calendar=steps.calendar))
    return Coming(
        step=ahead.key,
        due_at=each.due_at,
        planned_at=at,
        moved_from=steps.moved_from(each.task, ahead.key, due_at=each.due_at, planned_at=at),
        reason=quiet or "",
        said_on=said_on,
    )


def explained_rows(language: str, found: Explanation) -> list[tuple[Cell, ...]]:
    """Return an explanation as rows with the columns `EXPLAINED`: fates in the order they were written, then what comes."""
    rows: list[tuple[Cell, ...]] = [
        (
            each.task,
            each.unit,
            each.period,
            each.step,
            each.due_at,
            each.planned_at,
            each.fate,
            each.reason,
            str(told.to or ""),
            each.channel,
            told.said_on,
            each.at,
            each.settled_at,
            words.told(language, told),
        )
        for each, told in found.lines
    ]
    for ahead in found.following:
        kept, next_ = ahead.kept, ahead.coming
        which = (kept.task, kept.unit, kept.period, next_.step, kept.due_at, next_.planned_at)
        said = words.coming(language, next_)
        rows.append((*which, UPCOMING, next_.reason, "", "", next_.said_on, None, None, said))
    return rows


def _head(language: str, unit: str, period: str, due_at: datetime) -> str:
    return say(language, "explain.occurrence", unit=unit, period=in_period(period, language), due=due(due_at))


def _rest(language: str, following: Sequence[Next], plan: Plan, at_most: int) -> list[str]:
    """Return what comes next for occurrences without a line of their own; units that stand alike are counted."""
    alike: dict[tuple[str, datetime, str], list[Next]] = {}
    for each in following:
        alike.setdefault((each.kept.period, each.kept.due_at, words.coming(language, each.coming)), []).append(each)
    lines: list[str] = []
    for (period, due_at, said), theirs in list(alike.items())[:at_most]:
        units = {each.kept.unit for each in theirs}
        name = (
            plan.unit_name(next(iter(units))) if len(units) == 1 else say(language, "explain.units", count=len(units))
        )
        lines += [_head(language, name, period, due_at), f"- {said}"]
    left = sum(len(theirs) for theirs in list(alike.values())[at_most:])
    return [*lines, say(language, "explain.more", count=left)] if left else lines
