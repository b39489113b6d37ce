"""The planned acts of the bot for one occurrence, and what becomes of those that came due."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from math import ceil

from bot.domain.calendar import DAY, Calendar, local_day, local_moment
from bot.domain.plan import Offset, OffsetUnit, Pause, Policy, Review, Role
from bot.domain.standing import CLOSED, Standing, Word, standing


class StepKind(StrEnum):
    """What a step does."""

    REMIND = "remind"  # before or on the due day
    OVERDUE = "overdue"  # after it
    ESCALATE = "escalate"  # tells the unit's head or the office


class Fate(StrEnum):
    """What became of a step. HANDED went into the outbox, whose row then says sent, failed or in doubt."""

    HANDED = "handed"
    SUPPRESSED = "suppressed"
    SUPERSEDED = "superseded"
    CANCELLED = "cancelled"


class Reason(StrEnum):
    """Why a step was not handed on."""

    REPORTED = "reported"
    EXTENSION_ASKED = "extension_asked"  # and not decided on: one step upward is held
    ACKNOWLEDGED = "acknowledged"  # «đang thực hiện» of the last days: the focal point is not asked again yet
    PAUSED = "paused"
    STOPPED = "stopped"  # further past due than the policy chases
    NEWER_STEP = "newer_step"
    PAST_DUE = "past_due"  # a reminder that would come after the due moment
    NO_CONTACT = "no_contact"  # nobody to tell: no linked, reachable person


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One planned act. `key` ("-3d", "+14d", "head+3wd") names it for ever within a due moment; `planned_at` is UTC."""

    key: str
    kind: StepKind
    to: Role
    planned_at: datetime
    is_last_call: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """What becomes of one ripe step, and why where it is not handed on."""

    step: Step
    fate: Fate
    reason: Reason | None = None


def steps_of(policy: Policy, *, due_at: datetime, known_at: datetime, calendar: Calendar) -> tuple[Step, ...]:
    """Return every step of an occurrence in the order they are planned.

    A reminder that falls on a day off comes on the working day before, so that it still comes before the due;
    everything after the due waits for the next working day. Escalations count from the later of due and `known_at`:
    nobody is reported upward for days on which nobody had asked.
    """
    due_day = local_day(due_at)
    found = [*_reminders(policy, due_at, calendar), *_overdue(policy, due_day, calendar)]
    start = max(due_day, local_day(known_at))
    for escalation in dict.fromkeys(policy.escalate):  # said twice it is one step
        day = calendar.working_day_on_or_after(_moved(start, escalation.after, calendar))
        found.append(
            Step(
                key=f"{escalation.to}{escalation.after}",
                kind=StepKind.ESCALATE,
                to=escalation.to,
                planned_at=_at(day, policy, calendar),
            )
        )
    return tuple(sorted(found, key=lambda step: step.planned_at))


def next_step_at(steps: Sequence[Step], *, handled_until: datetime | None) -> datetime | None:
    """Return when the first step planned after `handled_until` comes due; None when all are behind."""
    later = (step.planned_at for step in steps if handled_until is None or step.planned_at > handled_until)
    return min(later, default=None)


def ripe(steps: Sequence[Step], *, handled_until: datetime | None, now: datetime) -> tuple[Step, ...]:
    """Return the steps that came due since `handled_until` (exclusive) up to `now` (inclusive)."""
    return tuple(
        step for step in steps if step.planned_at <= now and (handled_until is None or step.planned_at > handled_until)
    )


def rule(
    came_due: Sequence[Step], *, quiet: Reason | None, due_at: datetime, stop: int, now: datetime
) -> tuple[Ruling, ...]:
    """Return the fate of each step that came due: the newest one is handed on, the ones before it are superseded.

    After an outage this is the coalesced catch-up. `quiet` is why the occurrence is not to be chased at all, if so.
    """
    if quiet is None and local_day(now) > local_day(due_at) + timedelta(days=stop):
        quiet = Reason.STOPPED
    if quiet is not None:
        return tuple(Ruling(step=step, fate=Fate.SUPPRESSED, reason=quiet) for step in came_due)
    newest = {_line(step): step.key for step in came_due}
    return tuple(_ruling(step, newest[_line(step)], due_at=due_at, now=now) for step in came_due)


def why_quiet(
    word: Word | None, *, pause: Pause | None, review: Review, due_at: datetime, now: datetime
) -> Reason | None:
    """Return why an occurrence is not to be chased now at all, None when it is; what is held for a while is in `holds`."""
    if pause is not None and local_day(now) <= pause.until:
        return Reason.PAUSED
    if word is None:
        return None
    stands = standing(word, due_at=due_at, now=now, review=review)
    if stands in CLOSED or stands is Standing.WAITING:
        return Reason.REPORTED
    return None


def _ruling(step: Step, newest: str, *, due_at: datetime, now: datetime) -> Ruling:
    if step.key != newest:
        return Ruling(step=step, fate=Fate.SUPERSEDED, reason=Reason.NEWER_STEP)
    if step.kind is StepKind.REMIND and now > due_at:
        return Ruling(step=step, fate=Fate.SUPERSEDED, reason=Reason.PAST_DUE)
    return Ruling(step=step, fate=Fate.HANDED)


def _line(step: Step) -> Role:
    # Reminders and overdue notices talk to the same people about the same thing: the newest covers the rest.
    return step.to


def _reminders(policy: Policy, due_at: datetime, calendar: Calendar) -> Iterator[Step]:
    due_day = local_day(due_at)
    # A due hour no later than the morning's reminder can leave (07:30) is reminded of on the working day before.
    latest = due_day if calendar.next_open(_at(due_day, policy, calendar)) < due_at else due_day - DAY
    days = {
        offset: calendar.working_day_on_or_before(min(day, latest))
        for day, offset in _by_day(policy.remind, due_day, calendar)
    }
    for offset, day in days.items():
        yield Step(
            key=str(offset),
            kind=StepKind.REMIND,
            to=Role.FOCAL,
            planned_at=_at(day, policy, calendar),
            is_last_call=day == max(days.values()),  # no other comes before the due to cover it
        )


def _overdue(policy: Policy, due_day: date, calendar: Calendar) -> Iterator[Step]:
    offsets = list(policy.overdue)
    if policy.every:
        first = max(map(_calendar_days, offsets), default=0)
        offsets += [Offset(amount=days) for days in range(first + policy.every, policy.stop + 1, policy.every)]
    for day, offset in _by_day(offsets, due_day, calendar):
        planned_at = _at(calendar.working_day_on_or_after(day), policy, calendar)
        yield Step(key=str(offset), kind=StepKind.OVERDUE, to=Role.FOCAL, planned_at=planned_at)


def _by_day(offsets: Sequence[Offset], due_day: date, calendar: Calendar) -> list[tuple[date, Offset]]:
    # Days off bring several to one morning, where the last is the newest: in whatever order the policy names them.
    return sorted(((_moved(due_day, each, calendar), each) for each in offsets), key=lambda pair: pair[0])


def _calendar_days(offset: Offset) -> int:
    # Seven days a week of five, whatever is off in it: keys must not change with the calendar.
    return offset.amount if offset.unit is OffsetUnit.DAYS else ceil(offset.amount * 7 / 5)


def _moved(day: date, offset: Offset, calendar: Calendar) -> date:
    if offset.unit is OffsetUnit.WORKING_DAYS:
        return calendar.add_working_days(day, offset.amount)
    return day + timedelta(days=offset.amount)


def _at(day: date, policy: Policy, calendar: Calendar) -> datetime:
    return local_moment(day, calendar.hour_on(day, policy.at)).astimezone(UTC)
