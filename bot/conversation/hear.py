"""The one door in: who said it, in which form, and so which room answers."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from bot.conversation import (
    absence,
    asking,
    choosing,
    deciding,
    eventing,
    evidence,
    explaining,
    groups,
    joining,
    listing,
    menus,
    proposing,
    reading,
)
from bot.conversation.reporting import REPORTERS, Claim, report
from bot.conversation.turn import Desk, Kept, Turn
from bot.domain.actions import ANSWERS, Action, Verb, read_action
from bot.domain.standing import CHOICES, Verdict
from bot.ports import Inbound, InboundKind, Out
from bot.store import Tx, bafflement, contacts, inbox, outbox, people, talks
from bot.store.people import Person
from bot.store.questions import Question


@dataclass(frozen=True, slots=True, kw_only=True)
class Handled:
    """What is left to do outside the transaction: answer the press at once, show a new person their commands."""

    ack: str = ""
    menu_for: Person | None = None


def hear(
    tx: Tx, desk: Desk, inbound: Inbound, *, heard_id: int, now: datetime, files: tuple[Kept, ...] = ()
) -> Handled:
    """Handle one thing heard, once: that it was handled is recorded in the same transaction as all it led to."""
    if not inbox.done(tx, heard_id, chat_id=inbound.chat_id):
        return Handled()
    # No text column of PostgreSQL takes a NUL, and nobody means one.
    said = {name: getattr(inbound, name).replace("\0", "") for name in ("text", "user_name", "chat_title")}
    inbound = replace(inbound, **said)
    here = {"channel": inbound.channel, "chat_id": inbound.chat_id}
    talk = talks.look(tx, **here, user_id=inbound.user_id)
    turn = Turn(tx=tx, desk=desk, inbound=inbound, heard_id=heard_id, now=now, files=files, person=talk.person)
    turn.may_be_asked = talk.may_be_asked
    if not _hear_about_chat(turn):
        if talk.may_be_gone:
            contacts.mark_back(tx, **here)
        if talk.may_be_in_doubt:
            _settle_doubt(turn)
        if inbound.is_group:
            groups.hear_group(turn)
        else:
            _hear_person(turn)
            if talk.may_be_baffled and not turn.was_baffled:
                bafflement.forget(tx, **here)
    return Handled(ack=turn.ack, menu_for=turn.menu_for)


def _settle_doubt(turn: Turn) -> None:
    """Settle the doubt about messages that a press on them, or their reference in a text, shows to have arrived."""
    inbound = turn.inbound
    here = {"channel": inbound.channel, "chat_id": inbound.chat_id}
    if inbound.kind is InboundKind.PRESS:
        outbox.settle_pressed(turn.tx, **here, action=inbound.action, now=turn.now)
    elif inbound.kind is InboundKind.TEXT:
        outbox.settle_named(turn.tx, **here, text=inbound.text, now=turn.now)


def apologise(tx: Tx, desk: Desk, inbound: Inbound, *, heard_id: int, now: datetime) -> None:
    """Answer that something could not be handled, and should be sent again."""
    person = people.by_chat(tx, channel=inbound.channel, user_id=inbound.user_id)
    turn = Turn(tx=tx, desk=desk, inbound=inbound, heard_id=heard_id, now=now, person=person)
    turn.answer(Out(text=turn.say("failed")))


def _hear_about_chat(turn: Turn) -> bool:
    """Handle what the network says about the chat itself; return whether that is what it was."""
    here = {"channel": turn.inbound.channel, "chat_id": turn.inbound.chat_id}
    match turn.inbound.kind:
        case InboundKind.GONE:
            contacts.mark_gone(turn.tx, **here, why="left", now=turn.now)
        case InboundKind.BACK:
            contacts.mark_back(turn.tx, **here)
        case InboundKind.MOVED:
            contacts.move_chat(turn.tx, channel=here["channel"], old=here["chat_id"], new=turn.inbound.text)
        case _:
            return False
    return True


def _hear_person(turn: Turn) -> None:
    inbound = turn.inbound
    code = joining.read_code(inbound.text) if inbound.kind is InboundKind.TEXT else None
    if code is not None and not (turn.person and _reports_something(turn)):  # "R3 dang xem xet" has a code's letters
        joining.join(turn, code)
    elif turn.person is None or not turn.person.memberships:
        turn.ack = turn.say("press.foreign")
        joining.greet_stranger(turn)
    elif inbound.kind is InboundKind.PRESS:
        _press(turn, read_action(inbound.action))
    elif inbound.kind is InboundKind.FILE:
        if _reports_something(turn):  # "R18 xong" as a file's caption: the report first, then what proves it
            reading.read(turn, inbound.text)
        evidence.take_files(turn)
    elif inbound.kind is InboundKind.TEXT:
        _text(turn, inbound.text.strip())
    else:
        turn.answer_baffled(Out(text=turn.say("other" if turn.has_buttons else "other.plain")))


def _text(turn: Turn, text: str) -> None:
    command = text.split(maxsplit=1)[0].lower().partition("@")[0] if text else ""
    handler = _COMMANDS.get(command)
    asked = turn.open_question()
    if handler is not None:
        turn.close_question()
        handler(turn)
    elif asking.is_leaving(text):
        asking.leave(turn)
    elif menus.take(turn, asked, text, _press):
        pass
    elif asked is not None and asked.kind != "status" and not _is_about_task(turn, asked, text):
        asking.take(turn, asked, text)
    elif turn.person is not None and turn.person.units_as(*REPORTERS):
        reading.read(turn, text)
    else:
        turn.answer_baffled(joining.help_out(turn))


def _is_about_task(turn: Turn, asked: Question, text: str) -> bool:
    """Return whether a message is a report whatever question is open: "R18 1", from somebody who reports.

    The reason of a return, or which event is meant, may begin with a task's code as well: there only a bare number after
    it makes a report.
    """
    if turn.person is None or not turn.person.units_as(*REPORTERS) or not _names_task(turn, text):
        return False
    return asked.kind not in _ANSWERED_WITH_CODE or text.split(maxsplit=1)[1:] in (["1"], ["2"], ["3"], ["4"], ["5"])


def _names_task(turn: Turn, text: str) -> bool:
    """Return whether a message begins with a task's code."""
    first = text.split(maxsplit=1)[0].rstrip(":.,").upper() if text else ""
    return first in {task.upper() for task in turn.desk.plan.tasks}


def _reports_something(turn: Turn) -> bool:
    rest = turn.inbound.text.split(maxsplit=1)[1:]
    return bool(rest) and _names_task(turn, turn.inbound.text)


def _press(turn: Turn, action: Action | None) -> None:
    if action is None:
        turn.ack = turn.say("press.old")
        turn.answer(Out(text=turn.say("press.old")))
    elif action.verb in ANSWERS:
        status = CHOICES[ANSWERS.index(action.verb)]
        report(turn, Claim(occurrence_id=action.subject, status=status, seen=action.seen))
    elif action.verb is Verb.EVENT_DAY:
        eventing.settle(turn, action.subject, action.seen)
    elif action.verb in _VERDICTS:
        deciding.decide(turn, action.subject, _VERDICTS[action.verb])
    else:
        turn.ack = turn.say("press.ok")
        _PRESSES[action.verb](turn, action.subject)


def _help(turn: Turn) -> None:
    turn.answer(joining.help_out(turn))


_ANSWERED_WITH_CODE = ("return", "refuse", "event_which")

_COMMANDS: dict[str, Callable[[Turn], None]] = {
    "/nhiemvu": listing.show_mine,
    "/vang": absence.hear_away,
    "/choduyet": listing.show_queue,
    "/tonghop": listing.show_summary,
    "/apdung": proposing.show_waiting,
    "/giaithich": explaining.hear_explain,
    "/sukien": eventing.hear_event,
    "/ngonngu": choosing.hear_language,
    "/kenh": choosing.hear_channels,
    "/trogiup": _help,
    "/help": _help,
    "/start": _help,
}

_VERDICTS = {
    Verb.ACCEPT: Verdict.ACCEPT,
    Verb.RETURN: Verdict.RETURN,
    Verb.EXTEND: Verdict.EXTEND,
    Verb.REFUSE: Verdict.REFUSE,
}

_PRESSES: dict[Verb, Callable[[Turn, int], None]] = {
    Verb.OPEN: listing.show_one,
    Verb.CORRECT: listing.show_to_correct,
    Verb.NOTE: lambda turn, report_id: asking.ask_addition(turn, "note", report_id),
    Verb.EVIDENCE: lambda turn, report_id: asking.ask_addition(turn, "evidence", report_id),
    Verb.NONE: asking.take_none,
    Verb.SKIP: asking.take_skip,
    Verb.CANCEL: lambda turn, _: asking.leave(turn),
    Verb.FILES: listing.send_files,
    Verb.MINE: lambda turn, _: listing.show_mine(turn),
    Verb.QUEUE: lambda turn, _: listing.show_queue(turn),
    Verb.EVENT: eventing.ask_event,
    Verb.LANGUAGE: choosing.choose_language,
    Verb.CHANNEL: choosing.choose_channel,
    Verb.AGREE: lambda turn, number: proposing.answer(turn, number, says_yes=True),
    Verb.DISAGREE: lambda turn, number: proposing.answer(turn, number, says_yes=False),
}
