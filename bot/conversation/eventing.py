"""The days of events, entered by the office: a relative due begins with one, and moves with its correction."""

import re
from collections.abc import Collection
from datetime import date, timedelta

from bot.conversation.turn import Turn
from bot.domain.calendar import local_day
from bot.domain.chosen import read_number
from bot.domain.dates import read_date
from bot.domain.due import After, periods
from bot.domain.folding import fold
from bot.domain.heirs import heir
from bot.domain.plan import Role, Task
from bot.ports import Out
from bot.store import events
from bot.store.questions import Question
from bot.texts import day
from bot.texts.events import LISTED, Awaited, ask_day, awaited_list, confirm, stored, subject_of

_AGREED = frozenset({"co", "dung", "dong y", "ghi nhan", "ok", "vang", "yes"})
_YEARLESS = re.compile(r"(?:ngay )?\d{1,2}(?: ?[/.-] ?| thang )\d{1,2}")
_HALF_YEAR = timedelta(days=182)  # a day without its year is the nearest one, behind or ahead: events lie on both sides
_DAYS = range(1, date.max.toordinal() + 1)


def hear_event(turn: Turn) -> None:
    """Handle "/sukien" (the list), "/sukien R2" (the question) and "/sukien R2 12/09/2022" (what it comes to)."""
    if not _may_enter(turn):
        return
    words = turn.inbound.text.split(maxsplit=2)[1:]
    if not words:
        _show_list(turn)
    elif (task := _task_named(turn, words[0])) is None:
        turn.answer_baffled(Out(text=turn.say("event.unknown", task=words[0][:20])))
    elif len(words) == 1:
        _ask_day(turn, task)
    else:
        _take_day(turn, task, words[1])


def ask_event(turn: Turn, subject: int) -> None:
    """Ask for the day of the event of a task that a button names."""
    if not _may_enter(turn):
        return
    task = _task_of(turn, subject)
    if task is None:
        _say_gone(turn)
        return
    _ask_day(turn, task)


def settle(turn: Turn, subject: int, ordinal: int) -> None:
    """Store the day that a button agrees to, for the task it names."""
    if not _may_enter(turn):
        return
    task = _task_of(turn, subject)
    if task is None or ordinal not in _DAYS:
        _say_gone(turn)
        return
    turn.ack = turn.say("press.ok")
    _store(turn, task, date.fromordinal(ordinal))


def take(turn: Turn, asked: Question, text: str) -> None:
    """Take a typed answer: which task, which day, or that the day is right."""
    if not _may_enter(turn):
        turn.close_question()
        return
    if asked.kind == "event_which":
        _take_which(turn, asked, text)
        return
    task = turn.desk.plan.tasks.get(str(asked.subject["task"]))
    if task is None or not isinstance(task.due, After):
        turn.close_question()
        _say_gone(turn)
    elif asked.kind == "event_sure" and (read_number(text) == 1 or fold(text).strip(" .!") in _AGREED):
        _store(turn, task, date.fromisoformat(str(asked.subject["day"])))
    else:
        _take_day(turn, task, text)


def awaited_by(turn: Turn, units: Collection[str] | None = None) -> list[Awaited]:
    """Return the tasks that wait for the day of their event: those that these units will owe, or all."""
    plan, today = turn.desk.plan, local_day(turn.now)
    found = [
        task
        for task in plan.tasks.values()
        if isinstance(task.due, After)
        and (units is None or any(heir(plan, unit, today) in units for unit in task.units))
    ]
    known = events.days(turn.tx) if found else {}
    return [_awaited(turn, task, None) for task in found if task.id not in known]


def _show_list(turn: Turn) -> None:
    known = events.days(turn.tx)
    tasks = [task for task in turn.desk.plan.tasks.values() if isinstance(task.due, After)]
    waiting = [_awaited(turn, task, None) for task in tasks if task.id not in known]
    entered = [_awaited(turn, task, known[task.id]) for task in tasks if task.id in known]
    out = awaited_list(turn.language, waiting, entered)
    if not tasks:
        turn.answer(out)
        return
    shown = [each.task.id for each in [*waiting, *entered]][:LISTED]
    turn.ask("event_which", {"tasks": shown}, out)


def _take_which(turn: Turn, asked: Question, text: str) -> None:
    first, _, rest = text.strip().partition(" ")
    listed = [str(each) for each in asked.subject["tasks"]]
    whole = read_number(text)
    number = whole or (int(first.strip(".")) if first.strip(".").isdecimal() else 0)
    rest = "" if whole else rest
    task = _task_named(turn, listed[number - 1] if 0 < number <= len(listed) else first.strip(".,:"))
    if task is None:
        turn.answer_baffled(Out(text=turn.say("event.which")))
    elif rest.strip():
        _take_day(turn, task, rest)
    else:
        _ask_day(turn, task)


def _ask_day(turn: Turn, task: Task) -> None:
    known = events.days(turn.tx).get(task.id)
    turn.ask("event", {"task": task.id}, ask_day(turn.language, _awaited(turn, task, known)))


def _ask_again(turn: Turn, task: Task, why: str) -> None:
    known = events.days(turn.tx).get(task.id)
    out = turn.baffled(ask_day(turn.language, _awaited(turn, task, known), first=why))
    if out is not None:
        turn.ask("event", {"task": task.id}, out)


def _take_day(turn: Turn, task: Task, text: str) -> None:
    today = local_day(turn.now)
    folded = fold(text).strip(" .,;!")
    span = read_date(text, today=today - _HALF_YEAR if _YEARLESS.fullmatch(folded) else today)
    if span is None or span.start != span.end:
        _ask_again(turn, task, turn.say("wrong.event_date"))
        return
    due_on = _due_on(turn, task, span.end)
    if due_on is None:
        _ask_again(turn, task, _outside(turn, span.end))
        return
    each = _awaited(turn, task, events.days(turn.tx).get(task.id))
    if each.day == span.end:
        turn.close_question()
        turn.answer(Out(text=_same(turn, task, span.end, due_on)))
        return
    out = confirm(turn.language, each, on=span.end, due_on=due_on, is_past=due_on < today)
    turn.ask("event_sure", {"task": task.id, "day": span.end.isoformat()}, out)


def _store(turn: Turn, task: Task, on: date) -> None:
    if turn.person is None:
        raise ValueError("only somebody who joined enters a day")
    due_on = _due_on(turn, task, on)
    if due_on is None:  # the plan was edited since the question
        _ask_again(turn, task, _outside(turn, on))
        return
    turn.close_question()
    if events.days(turn.tx).get(task.id) == on:
        turn.answer(Out(text=_same(turn, task, on, due_on)))
        return
    events.enter(turn.tx, task=task.id, day=on, now=turn.now, person_id=turn.person.id)
    turn.answer(stored(turn.language, _awaited(turn, task, on), on=on, due_on=due_on))


def _may_enter(turn: Turn) -> bool:
    """Return whether the speaker is of the plan's office, or an admin; else answer that they may not."""
    office = turn.holder(turn.desk.plan.office)
    held = turn.person.memberships if turn.person else ()
    if any(each.role is Role.ADMIN or (each.role is Role.OFFICE and each.unit == office) for each in held):
        return True
    turn.ack = turn.say("press.foreign")
    turn.answer(Out(text=turn.ack))
    return False


def _say_gone(turn: Turn) -> None:
    turn.ack = turn.say("press.gone")
    turn.answer(Out(text=turn.ack))


def _task_named(turn: Turn, code: str) -> Task | None:
    tasks = turn.desk.plan.tasks.values()
    return next((task for task in tasks if task.id.upper() == code.upper() and isinstance(task.due, After)), None)


def _task_of(turn: Turn, subject: int) -> Task | None:
    tasks = turn.desk.plan.tasks.values()
    return next((task for task in tasks if isinstance(task.due, After) and subject_of(task.id) == subject), None)


def _awaited(turn: Turn, task: Task, on: date | None) -> Awaited:
    if not isinstance(task.due, After):
        raise TypeError(f"the due of {task.id} counts from no event")
    return Awaited(task=task, rule=task.due, day=on, due_on=None if on is None else _due_on(turn, task, on))


def _due_on(turn: Turn, task: Task, on: date) -> date | None:
    """Return the due day that follows from an event's day; None where it lies outside the plan."""
    plan, calendar = turn.desk.plan, turn.desk.calendar
    try:
        found = periods(task.due, starts=plan.starts, ends=plan.ends, calendar=calendar, event_on=on, roll=plan.roll)
    except OverflowError:  # a day at the end of all calendars
        return None
    return local_day(found[0].due_at) if found else None


def _outside(turn: Turn, on: date) -> str:
    plan = turn.desk.plan
    return turn.say("wrong.event_outside", day=day(on), starts=day(plan.starts), ends=day(plan.ends))


def _same(turn: Turn, task: Task, on: date, due_on: date) -> str:
    return turn.say("event.same", task=task.id, day=day(on), due=day(due_on))
