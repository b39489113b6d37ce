"""Shows things: my tasks, one task, what waits for the office, the last weekly summary."""

from datetime import timedelta

from bot.conversation import eventing
from bot.conversation.reporting import REPORTERS, may_report, show, show_again
from bot.conversation.turn import Turn
from bot.domain.compliance import week_from_json
from bot.domain.plan import Role
from bot.domain.standing import CLOSED, asks_for_decision
from bot.ports import File, Out
from bot.store import occurrences, reports, summaries
from bot.store.views import pending, review_of, views
from bot.texts.events import waiting_lines
from bot.texts.review import queue
from bot.texts.tasks import answer_buttons, card, listing
from bot.texts.week import heading, text

BINARY = "application/octet-stream"
AHEAD = timedelta(days=31)  # a task further off than a month is not yet anybody's worry
BEHIND = timedelta(days=45)  # a closed one older than this is history


def show_mine(turn: Turn) -> None:
    """Answer with the speaker's tasks, open ones first."""
    own = turn.person.units_as(*REPORTERS) if turn.person else ()
    units = turn.units_as(*REPORTERS)
    kept = occurrences.of_units(turn.tx, units, due_until=turn.now + AHEAD) if units else ()
    found = views(turn.tx, turn.desk.plan, kept, now=turn.now)
    shown = [view for view in found if view.is_open or view.due_at > turn.now - BEHIND]
    names = ", ".join(dict.fromkeys(turn.desk.plan.unit_name(unit) for unit in own))
    last = waiting_lines(turn.language, eventing.awaited_by(turn, own))
    several = len(set(own)) > 1 or any(view.formerly for view in shown)
    turn.answer(listing(turn.language, shown, units=names or "—", several_units=several, last=last))


def show_one(turn: Turn, occurrence_id: int) -> None:
    """Answer with one occurrence, if the speaker may see it."""
    kept = occurrences.get(turn.tx, occurrence_id)
    if kept is None or kept.ended_at is not None or kept.task not in turn.desk.plan.tasks:
        turn.ack = turn.say("press.gone")
        turn.answer(Out(text=turn.say("press.gone")))
        return
    if kept.unit not in turn.units_as(*REPORTERS):
        turn.ack = turn.say("press.foreign")
        turn.answer(Out(text=turn.say("press.foreign")))
        return
    turn.ack = turn.say("press.ok")
    turn.close_question()
    show_again(turn, occurrence_id)


def show_to_correct(turn: Turn, occurrence_id: int) -> None:
    """Answer with the five answers afresh for an occurrence whose report is not settled."""
    kept = may_report(turn, occurrence_id)
    if kept is None:
        return
    view = show(turn, kept)
    turn.close_question()
    out = card(turn.language, view, now=turn.now)
    if view.standing in CLOSED:
        turn.answer(out)
    else:
        again = Out(heading=out.heading, text=out.text, buttons=answer_buttons(turn.language, view))
        turn.ask("status", {"occurrence": view.id}, again)


def show_queue(turn: Turn) -> None:
    """Answer with the reports that wait for a decision, if the speaker is of the office."""
    if turn.person is None or not turn.person.is_a(Role.OFFICE):
        turn.answer(Out(text=turn.say("press.foreign")))
        return
    waiting = [
        each
        for each in occurrences.awaiting_decision(turn.tx)
        if each.word is not None and asks_for_decision(each.word, review=review_of(turn.desk.plan, each.task))
    ]
    last = waiting_lines(turn.language, eventing.awaited_by(turn))
    last += [turn.say("event.ask_office")] if last else []
    turn.answer(queue(turn.language, pending(turn.tx, turn.desk.plan, waiting, now=turn.now), now=turn.now, last=last))


def send_files(turn: Turn, report_id: int) -> None:
    """Answer with the files of a report, if the speaker is of the office or of the unit that made it."""
    found = reports.get(turn.tx, report_id)
    kept = occurrences.get(turn.tx, found.occurrence_id) if found else None
    if turn.person is None or kept is None:
        turn.ack = turn.say("press.gone")
        turn.answer(Out(text=turn.ack))
    elif not turn.person.is_a(Role.OFFICE) and kept.unit not in turn.units_as(*REPORTERS):
        turn.ack = turn.say("press.foreign")
        turn.answer(Out(text=turn.ack))
    else:
        for each in reports.files_of(turn.tx, report_id):
            text = turn.say("evidence.of", task=kept.task, unit=turn.desk.plan.unit_name(kept.unit))
            # A picture somebody sent goes out as a file: what a network makes of it is no longer what was sent.
            turn.answer(Out(text=text, file=File(path=each.path, name=each.name, media=BINARY)))


def show_summary(turn: Turn) -> None:
    """Answer with the last published summary, if the speaker may read it."""
    readers = (Role.MANAGER, Role.OFFICE, Role.ADMIN)
    if turn.person is None or not any(turn.person.is_a(role) for role in readers):
        turn.answer(Out(text=turn.say("press.foreign")))
        return
    published = summaries.before(turn.tx, "9999")
    if published is None:
        turn.answer(Out(text=turn.say("week.never")))
        return
    figures = week_from_json(published.figures)
    turn.answer(Out(heading=heading(turn.language, figures), text=text(turn.language, figures)))
