"""Reads what people type freely: codes and numbers, a few words, or something that needs asking back."""

import re
from dataclasses import replace

from bot.conversation.listing import AHEAD
from bot.conversation.reporting import ASK_WHY, REPORTERS, Claim, needs_figures, offer, report, show
from bot.conversation.turn import NOTE_LENGTH, Turn
from bot.domain.calendar import DAY, local_day
from bot.domain.figures import FigureProblem, Figures, read_figures
from bot.domain.plan import ResultKind
from bot.domain.replies import Intent, Reading, read_replies
from bot.domain.standing import CHOICES, Status
from bot.ports import Out
from bot.store import occurrences
from bot.store.occurrences import Kept
from bot.store.views import views
from bot.texts.tasks import View, card

_CODE = re.compile(r"([A-Za-z]{1,3}\d{1,4})\b[\s:.,-]")  # how a task is named at the head of a message

_STATUS = {
    Intent.DONE: Status.DONE,
    Intent.NOT_APPLICABLE: Status.DONE,
    Intent.IN_PROGRESS: Status.IN_PROGRESS,
    Intent.BLOCKED: Status.BLOCKED,
    Intent.EXTENSION: Status.EXTENSION,
    Intent.NOT_OURS: Status.NOT_OURS,
}


def read(turn: Turn, text: str) -> None:
    """Understand a typed message of somebody who reports, and answer it."""
    today = local_day(turn.now)
    stray = _CODE.match(text)
    if stray and stray[1].upper() not in {task.upper() for task in turn.desk.plan.tasks}:
        turn.answer_baffled(Out(text=turn.say("unread.no_task", task=stray[1])))
        return
    readings = read_replies(text, today=today, codes=frozenset(turn.desk.plan.tasks))
    if len(readings) > 1:
        _read_several(turn, readings, text)
        return
    [reading] = readings
    if reading.intent is Intent.ACK and not reading.choice:
        turn.answer_baffled(Out(text=turn.say("ack")))  # understood, but a program could be thanked for ever
        return
    view = _meant(turn, reading)
    claim = None if view is None else _claim(view, reading, text)
    if claim is not None:
        report(turn, claim)
    else:
        _ask_back(turn, view, reading, text)


def _read_several(turn: Turn, readings: tuple[Reading, ...], text: str) -> None:
    """Take the reports of a message that names several tasks; of those that need asking back, ask about the first.

    Only one question is open in a chat, so what is complete is stored before it, and of the rest it is said how to go on.
    """
    open_ones: list[tuple[View | None, Reading, Claim | None]] = []
    for reading in readings:
        view = _meant(turn, reading)
        claim = None if view is None else _claim(view, reading, reading.note)
        if claim is not None and claim.status in ASK_WHY and not claim.note:
            claim = replace(claim, note=text[:NOTE_LENGTH])  # the reason may stand anywhere in the message
        asks = claim is None or (claim.status is Status.EXTENSION and claim.until is None)
        if claim is None or view is None or asks or needs_figures(view.task, claim):
            open_ones.append((view, reading, claim))
        else:
            report(turn, claim)
    if rest := [reading.task for _, reading, _ in open_ones[1:]]:
        turn.answer(Out(text=turn.say("several.left", tasks=", ".join(rest), task=rest[0])))
    for view, reading, claim in open_ones[:1]:
        if claim is not None:
            report(turn, claim)
        else:
            _ask_back(turn, view, reading, text)


def _ask_back(turn: Turn, view: View | None, reading: Reading, text: str) -> None:
    """Ask which task is meant, or how it stands; what was said becomes the note of the answer."""
    if view is None:
        _ask_which(turn, reading)
        return
    if text.strip(" .,:;").upper() == view.task.id.upper():  # its code alone opens a task
        offer(turn, view, card(turn.language, view, now=turn.now))
        return
    first = turn.say("unread.long" if len(text.split()) > 3 else "unread", task=view.task.id)
    out = turn.baffled(card(turn.language, view, now=turn.now, first=first))
    if out is not None:
        is_worth_keeping = len(text.split()) > 3
        offer(turn, view, out, said=text[:NOTE_LENGTH] if is_worth_keeping else "")


def _claim(view: View, reading: Reading, text: str) -> Claim | None:
    """Return what a reading claims of an occurrence, None where it must be asked back first."""
    status = CHOICES[reading.choice - 1] if reading.choice else _STATUS.get(reading.intent)
    if status is None or not (reading.sure or reading.choice):
        return None
    until = reading.until
    if reading.days is not None:  # «gia hạn 5 ngày» counts from the due, or from today where that has passed
        until = None if reading.until is None else max(reading.until, local_day(view.due_at) + reading.days * DAY)
    return Claim(
        occurrence_id=view.id,
        status=status,
        figures=_figures(view, reading, status, text),
        note=reading.note,
        until=until,
    )


def _figures(view: View, reading: Reading, status: Status, text: str) -> Figures | None:
    """Return the figures a message carries for the task's kind of result, None where it carries none."""
    if reading.intent is Intent.NOT_APPLICABLE:
        return Figures(none=True)
    if status not in (Status.DONE, Status.IN_PROGRESS):
        return None
    if reading.done is not None and reading.total is not None:
        return Figures(done=reading.done, total=reading.total)
    if reading.percent is not None and (status is Status.IN_PROGRESS or view.task.result.kind is ResultKind.PERCENT):
        return Figures(percent=reading.percent)
    if status is Status.DONE and view.task.result.kind in (ResultKind.DOCUMENT, ResultKind.LINK):
        found = read_figures(text, view.task.result.kind)
        return None if isinstance(found, FigureProblem) else found
    return None


def _meant(turn: Turn, reading: Reading) -> View | None:
    """Return the occurrence a message is about: of its code, of the open question, else the only one there is."""
    asked = turn.open_question()
    if not reading.task and asked is not None and asked.kind == "status":
        kept = occurrences.get(turn.tx, int(asked.subject["occurrence"]))
        units = turn.units_as(*REPORTERS)  # they may be of another unit by now
        is_there = kept is not None and kept.ended_at is None and kept.task in turn.desk.plan.tasks
        return show(turn, kept) if kept is not None and is_there and kept.unit in units else None
    mine = _mine(turn, reading.task)
    opened = [view for view in mine if view.is_open]
    if reading.task:
        found = opened or mine[::-1]
        return found[0] if found else None
    return opened[0] if len(opened) == 1 else None


def _mine(turn: Turn, code: str) -> list[View]:
    units = turn.units_as(*REPORTERS)
    if not units:
        return []
    kept: tuple[Kept, ...]
    if code:
        # What comes due soonest is meant first; a period that is far off only when there is no other.
        kept = occurrences.of_task(turn.tx, code, units)
        kept = tuple(each for each in kept if each.due_at <= turn.now + AHEAD) or kept[:1]
    else:
        kept = occurrences.of_units(turn.tx, units, due_until=turn.now + AHEAD)
    return list(views(turn.tx, turn.desk.plan, kept, now=turn.now))


def _ask_which(turn: Turn, reading: Reading) -> None:
    if reading.task:
        turn.answer_baffled(Out(text=turn.say("unread.no_task", task=reading.task)))
        return
    opened = [view for view in _mine(turn, "") if view.is_open]
    example = opened[0].task.id if opened else next(iter(turn.desk.plan.tasks))
    if (reading.choice or reading.intent is not Intent.UNKNOWN) and opened:
        choice = reading.choice or 1
        turn.answer_baffled(Out(text=turn.say("ask.confirm_code", count=len(opened), task=example, choice=choice)))
        return
    answers = turn.say("answers.by_number")
    turn.answer_baffled(Out(text=f"{turn.say('unread')} {turn.say('unread.how', task=example, answers=answers)}"))
