"""What is said about the events that relative dues count from: which are awaited, since when, and what follows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from zlib import crc32

from bot.domain.actions import Action, Verb, write_action
from bot.domain.due import After
from bot.domain.plan import Task
from bot.ports import Button, Out
from bot.texts import day, say, shortened

LISTED = 20
LIST_BUTTONS = 8
TITLE_LENGTH = 90

_RULES = {  # counted before the event or after it, in working days or not
    (False, False): "event.after",
    (False, True): "event.after_working",
    (True, False): "event.before",
    (True, True): "event.before_working",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaited:
    """A task whose due counts from an event; `day` is when that was, `due_on` what follows, None while nobody has said."""

    task: Task
    rule: After
    day: date | None = None
    due_on: date | None = None


def subject_of(task_id: str) -> int:
    """Return the number by which a button names a task: it outlives every edit of the plan but the task's own name."""
    return crc32(task_id.encode()) & 0x7FFFFFFF


def awaited_list(language: str, awaited: Sequence[Awaited], entered: Sequence[Awaited]) -> Out:
    """Return the tasks that wait for their event, then those whose event has its day, numbered through."""
    heading = say(language, "event.heading")
    if not awaited and not entered:
        return Out(heading=heading, text=say(language, "event.none"))
    shown = [*awaited, *entered][:LISTED]
    lines: list[str] = [] if awaited else [say(language, "event.none_waits")]
    for number, each in enumerate(shown, start=1):
        if number == 1 and awaited:
            lines.append(say(language, "event.waiting", count=len(awaited)))
        if number == len(awaited) + 1:
            lines.append(say(language, "event.entered", count=len(entered)))
        lines.append(f"{number}. {_item(language, each)}")
    lines += ["", say(language, "event.how", task=shown[0].task.id)]
    buttons = [
        Button(text=f"{number}. {each.task.id}", action=event_action(each.task.id))
        for number, each in enumerate(shown[:LIST_BUTTONS], start=1)
    ]
    rows = tuple(tuple(buttons[start : start + 4]) for start in range(0, len(buttons), 4))
    return Out(heading=heading, text="\n".join(lines), buttons=rows)


def event_action(task_id: str) -> str:
    """Return what a button carries that asks for the day of a task's event."""
    return write_action(Action(verb=Verb.EVENT, subject=subject_of(task_id)))


def ask_day(language: str, each: Awaited, *, first: str = "") -> Out:
    """Return the question for the day of an event; `first` says what was wrong with the last answer."""
    lines = [first] if first else []
    lines.append(say(language, "ask.event", event=each.rule.event))
    if each.day is not None and each.due_on is not None:
        lines.append(say(language, "event.known", day=day(each.day), due=day(each.due_on)))
    lines.append(say(language, "ask.cancel"))
    return Out(heading=_heading(language, each), text="\n".join(lines), buttons=((_cancel(language),),))


def confirm(language: str, each: Awaited, *, on: date, due_on: date, is_past: bool) -> Out:
    """Return what a day comes to, to be agreed to before it is stored."""
    words = {"event": each.rule.event, "day": day(on), "due": day(due_on), "units": len(each.task.units)}
    lines = [say(language, "event.confirm", **words)]
    if is_past:
        lines.append(say(language, "event.past"))
    if each.day is not None:
        lines.append(say(language, "event.replaces", day=day(each.day)))
    lines.append(say(language, "event.sure"))
    action = write_action(Action(verb=Verb.EVENT_DAY, subject=subject_of(each.task.id), seen=on.toordinal()))
    row = (Button(text=say(language, "button.enter"), action=action), _cancel(language))
    return Out(heading=_heading(language, each), text="\n".join(lines), buttons=(row,))


def stored(language: str, each: Awaited, *, on: date, due_on: date) -> Out:
    """Return the answer to a day that was stored."""
    words = {"task": each.task.id, "event": each.rule.event, "day": day(on), "due": day(due_on)}
    return Out(heading=say(language, "recorded.heading"), text=say(language, "event.stored", **words))


def waiting_lines(language: str, awaited: Sequence[Awaited]) -> list[str]:
    """Return the lines that a list of tasks ends with: those that begin only when somebody enters their event's day."""
    if not awaited:
        return []
    lines = [say(language, "event.waiting", count=len(awaited))]
    return lines + [f"- {_item(language, each)}" for each in awaited[:LISTED]]


def _item(language: str, each: Awaited) -> str:
    title = shortened(each.task.title, TITLE_LENGTH)
    if each.day is None or each.due_on is None:
        return say(language, "event.item", task=each.task.id, title=title, rule=_rule(language, each.rule))
    words = {"event": each.rule.event, "day": day(each.day), "due": day(each.due_on)}
    return say(language, "event.item_entered", task=each.task.id, title=title, **words)


def _rule(language: str, rule: After) -> str:
    key = _RULES[rule.days < 0, rule.working]
    return say(language, key, days=abs(rule.days), event=rule.event)


def _heading(language: str, each: Awaited) -> str:
    return say(language, "task.heading", task=each.task.id, title=shortened(each.task.title, TITLE_LENGTH))


def _cancel(language: str) -> Button:
    return Button(text=say(language, "button.cancel"), action=write_action(Action(verb=Verb.CANCEL)))
