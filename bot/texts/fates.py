"""What became of a step, in plain sentences: the ledger as it is read out in the chat and by the command."""

import re
from dataclasses import dataclass
from datetime import date, datetime

from bot.domain.calendar import LOCAL, local_day
from bot.domain.plan import Role
from bot.domain.steps import Fate, Reason
from bot.texts import LANGUAGES, say
from bot.texts.admin import channel_name

_STEP = re.compile(r"(?P<to>head|office)?(?P<amount>[+-]?\d+)(?P<unit>d|wd)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A fate with what its sentence needs.

    `at` is when the bot dealt with the step, `settled_at` when its message reached its end. `moved_from` is the day the
    policy names, where that was off; `said_on` the day of the report or the wish that kept it quiet, or the last day of a
    pause; `by` the step that covers it; `to` who was told, `is_instead` because no focal point could be.
    """

    at: datetime
    step: str
    planned_at: datetime
    due_at: datetime
    fate: str
    reason: str
    to: Role | None = None
    is_instead: bool = False
    channel: str = ""
    settled_at: datetime | None = None
    moved_from: date | None = None
    said_on: date | None = None
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coming:
    """The next step of an occurrence: when, or why it would be kept quiet; `step` is "" where none is left."""

    step: str
    due_at: datetime
    planned_at: datetime | None = None
    moved_from: date | None = None
    reason: str = ""
    said_on: date | None = None


def fate_words(language: str, fate: str, reason: str) -> str:
    """Return a fate with its reason as a phrase; a word that is not known stays as it is stored.

    A reason's own details follow it after a colon, in the network's words.
    """
    said = say(language, f"fate.{fate}") if f"fate.{fate}" in LANGUAGES[language] else fate
    why = reason_words(language, reason)
    return f"{said} ({why})" if why else said


def reason_words(language: str, reason: str) -> str:
    """Return a stored reason as a phrase, its details after a colon; "" for none."""
    known, colon, details = reason.partition(": ")
    if f"fate_why.{known}" in LANGUAGES[language]:
        known = say(language, f"fate_why.{known}")
    return f"{known}{colon}{details}" if known else ""


def step_words(language: str, step: str) -> str:
    """Return a step by its key ("-3d", "head+3wd") as a phrase: "nhắc trước hạn 3 ngày"."""
    found = _STEP.fullmatch(step)
    if found is None:
        return step
    amount, unit = int(found["amount"]), found["unit"]
    days = say(language, f"step.{unit}_one") if abs(amount) == 1 else say(language, f"step.{unit}", count=abs(amount))
    if found["to"]:
        return say(language, "step.up", role=say(language, f"role.{found['to']}"), days=days)
    if amount == 0:
        return say(language, "step.on_the_day")
    return say(language, "step.before" if amount < 0 else "step.after", days=days)


def told(language: str, each: Told) -> str:
    """Return the sentence of one fate: "07/10 08:00 không nhắc: đã báo cáo ngày 06/10 (nhắc quá hạn 1 ngày)"."""
    step = [step_words(language, each.step)]
    if each.moved_from is not None:
        step.append(say(language, "step.moved", day=_day(each.moved_from, each.due_at)))
    if local_day(each.planned_at) < local_day(each.at):
        step.append(say(language, "step.late", when=_when(each.planned_at, each.due_at)))
    when = _when(each.at, each.due_at)
    return say(language, "told.line", when=when, said=_said(language, each), step="; ".join(step))


def coming(language: str, each: Coming) -> str:
    """Return the sentence of what comes next: "sắp tới: 03/10 08:00 nhắc trước hạn 3 ngày"."""
    if each.reason:
        return say(language, "told.next_quiet", why=_why(language, each.reason, each.said_on, each.due_at))
    if each.planned_at is None:
        return say(language, "told.no_more")
    step = step_words(language, each.step)
    if each.moved_from is not None:
        step += f" ({say(language, 'step.moved', day=_day(each.moved_from, each.due_at))})"
    return say(language, "told.next", when=_when(each.planned_at, each.due_at), step=step)


def _said(language: str, each: Told) -> str:
    if each.fate == Fate.SUPPRESSED:
        return say(language, "told.quiet", why=_why(language, each.reason, each.said_on, each.due_at))
    if each.to is None:
        by = each.by and each.reason == Reason.NEWER_STEP
        if by:
            return say(language, "told.covered", step=step_words(language, each.by))
        return fate_words(language, each.fate, each.reason)
    whom = say(language, f"role.{each.to}")
    if each.is_instead:
        whom = say(language, "told.instead", role=whom)
    channel = channel_name(each.channel)
    if each.fate == "sent" and each.settled_at is not None:
        same_day = local_day(each.settled_at) == local_day(each.at)
        local = each.settled_at.astimezone(LOCAL)
        when = f"{local:%H:%M}" if same_day else _when(each.settled_at, each.due_at)
        said = say(language, "told.sent", role=whom, when=when, channel=channel)
        return f"{said} ({reason_words(language, each.reason)})" if each.reason else said
    return say(language, "told.carried", role=whom, channel=channel, fate=fate_words(language, each.fate, each.reason))


def _why(language: str, reason: str, said_on: date | None, due_at: datetime) -> str:
    if said_on is not None and f"told.why_{reason}" in LANGUAGES[language]:
        return say(language, f"told.why_{reason}", day=_day(said_on, due_at))
    return reason_words(language, reason)


def _when(moment: datetime, due_at: datetime) -> str:
    local = moment.astimezone(LOCAL)
    return f"{_day(local.date(), due_at)} {local:%H:%M}"


def _day(day: date, due_at: datetime) -> str:
    """Return a day without its year where that is the due's."""
    return f"{day:%d/%m}" if day.year == local_day(due_at).year else f"{day:%d/%m}/{day.year:04d}"
