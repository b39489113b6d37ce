"""What a unit's word holds back of its chase for a while, and of which step upward the unit is warned before."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from bot.domain.calendar import LOCAL, Calendar, local_day, local_moment
from bot.domain.plan import Role
from bot.domain.standing import Status, Word
from bot.domain.steps import Fate, Reason, Ruling, Step, StepKind

QUIET_WORKING_DAYS = 3  # that «đang thực hiện» is taken at its word


@dataclass(frozen=True, slots=True, kw_only=True)
class Hold:
    """Steps planned up to and with `until` are not handed on, but for those `spared` by their keys."""

    until: datetime
    reason: Reason
    spared: frozenset[str] = frozenset()


def hold_of(word: Word | None, steps: Sequence[Step], *, calendar: Calendar) -> Hold | None:
    """Return what the latest word holds back of an occurrence's steps, None for nothing.

    «Đang thực hiện» holds the nag: the focal point is not asked again for three working days from that hour, or until the
    next step, whichever is later. It never reaches past the last call before the due, and neither the warning of a report
    upward nor that report itself is held: who says so every third day is still reported.

    An extension asked for and not decided on holds everything up to one step upward, the first after the request; where
    none is planned, the next step alone. After it the chase goes on.
    """
    if word is None or word.verdict is not None:
        return None
    if word.status is Status.IN_PROGRESS:
        return _acknowledged(word.at, steps, calendar)
    return _asked(word.at, steps) if word.status is Status.EXTENSION else None


def held(rulings: Sequence[Ruling], hold: Hold | None) -> tuple[Ruling, ...]:
    """Return the rulings with what the hold keeps back suppressed for its reason; other fates stay."""
    if hold is None:
        return tuple(rulings)
    return tuple(
        replace(each, fate=Fate.SUPPRESSED, reason=hold.reason) if each.fate is Fate.HANDED and _is_held(each.step, hold)
        else each
        for each in rulings
    )  # fmt: skip


def why_held(step: Step, hold: Hold | None) -> Reason | None:
    """Return why a step that lies ahead would not be handed on, None where it would."""
    return hold.reason if hold is not None and _is_held(step, hold) else None


def warned_of(step: Step, steps: Sequence[Step], *, hold: Hold | None = None, calendar: Calendar) -> Step | None:
    """Return the report upward that a step to the focal point warns of, None where it warns of none.

    The first report that is not held is warned of once, by the last message that comes at least a working day before it.
    """
    first = _first_upward(steps, hold)
    return first if first is not None and step == _warner(first, steps, calendar) else None


def _is_held(step: Step, hold: Hold) -> bool:
    return step.planned_at <= hold.until and step.key not in hold.spared


def _acknowledged(at: datetime, steps: Sequence[Step], calendar: Calendar) -> Hold:
    local = at.astimezone(LOCAL)
    day = calendar.add_working_days(local.date(), QUIET_WORKING_DAYS)
    until = local_moment(day, local.time()).astimezone(at.tzinfo)
    last_call = max((step.planned_at for step in steps if step.is_last_call), default=None)
    if last_call is not None and at <= last_call:
        until = min(until, last_call)
    spared = {step.key for step in steps if step.is_last_call or step.kind is StepKind.ESCALATE}
    spared |= {step.key for step in steps if warned_of(step, steps, calendar=calendar) is not None}
    return Hold(until=until, reason=Reason.ACKNOWLEDGED, spared=frozenset(spared))


def _asked(at: datetime, steps: Sequence[Step]) -> Hold | None:
    ahead = [step for step in steps if step.planned_at > at]
    upward = [step for step in ahead if step.kind is StepKind.ESCALATE] or ahead
    if not upward:
        return None
    until = min(step.planned_at for step in upward)
    return Hold(until=until, reason=Reason.EXTENSION_ASKED)


def _first_upward(steps: Sequence[Step], hold: Hold | None) -> Step | None:
    return next((step for step in steps if step.kind is StepKind.ESCALATE and why_held(step, hold) is None), None)


def _warner(first: Step, steps: Sequence[Step], calendar: Calendar) -> Step | None:
    latest = calendar.add_working_days(local_day(first.planned_at), -1)
    before = [step for step in steps if step.to is Role.FOCAL and local_day(step.planned_at) <= latest]
    return before[-1] if before else None
