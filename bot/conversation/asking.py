"""Takes the answer to the question that is open in a chat."""

from bot.conversation import absence, deciding, eventing
from bot.conversation.reporting import Claim, is_accepted, may_report, report, show, show_again
from bot.conversation.turn import NOTE_LENGTH, Turn
from bot.domain.calendar import local_day
from bot.domain.dates import read_date
from bot.domain.figures import FigureProblem, Figures, read_figures
from bot.domain.folding import fold
from bot.domain.standing import Status
from bot.ports import Out
from bot.store import occurrences, reports
from bot.store.questions import Question
from bot.texts.tasks import ask, ask_figures

LEAVING = frozenset({"huy", "thoi", "huy bo", "cancel", "/huy"})
SKIPPING = frozenset({"bo qua", "skip"})
_NUMBERLESS = ("figures", "until", "note", "evidence", "return", "refuse", "event")  # their messages show no numbers


def is_leaving(text: str) -> bool:
    """Return whether somebody wants out of a question."""
    return fold(text).strip(" .!") in LEAVING


def leave(turn: Turn) -> None:
    """Close the open question, if any, and say so."""
    asked, menu = turn.open_question(), turn.open_menu()
    turn.close_question()
    # Out of a question that came of a list, one is back in the list; the five answers to one task are left with it.
    if menu is not None and not (asked is not None and asked.kind in _NUMBERLESS and menu.is_list):
        turn.end_menu(menu)
    turn.ack = turn.say("press.ok")
    if asked is not None or (menu is not None and menu.choices):
        turn.answer(Out(text=turn.say("recorded.cancelled")))
    else:
        turn.answer_baffled(Out(text=turn.say("recorded.nothing_open")))


def take(turn: Turn, asked: Question, text: str) -> None:
    """Take a typed answer to `asked`; what does not answer it is said so, and the question stays open."""
    match asked.kind:
        case "figures":
            take_figures(turn, asked, text)
        case "until":
            _take_until(turn, asked, text)
        case "why" | "note":
            _take_note(turn, asked, text)
        case "evidence":
            turn.answer_baffled(Out(text=turn.say("wrong.no_file")))
        case "return" | "refuse":
            deciding.take_reason(turn, asked, text)
        case absence.WHO:
            absence.take_deputy(turn, asked, text)
        case "event_which" | "event" | "event_sure":
            eventing.take(turn, asked, text)
        case _:
            turn.close_question()
            turn.answer(Out(text=turn.say("press.old")))


def take_figures(turn: Turn, asked: Question, text: str) -> None:
    """Take the figures of a done report."""
    kept = may_report(turn, int(asked.subject["occurrence"]))
    if kept is None:
        turn.close_question()
        return
    task = turn.desk.plan.tasks[kept.task]
    if not task.result.required and fold(text).strip(" .!") in SKIPPING:
        take_skip(turn, kept.id)
        return
    figures = read_figures(text, task.result.kind)
    if isinstance(figures, FigureProblem):
        again = ask_figures(turn.language, show(turn, kept))
        turn.answer_baffled(Out(heading=again.heading, text=turn.say(f"wrong.{figures}"), buttons=again.buttons))
        return
    note, seen = str(asked.subject.get("note", "")), int(asked.subject["seen"])
    report(turn, Claim(occurrence_id=kept.id, status=Status.DONE, seen=seen, figures=figures, note=note))


def take_none(turn: Turn, occurrence_id: int) -> None:
    """Take «không phát sinh» or «bỏ qua» pressed on the question for figures of this occurrence."""
    _answer_figures(turn, occurrence_id, Figures(none=True))


def take_skip(turn: Turn, occurrence_id: int) -> None:
    """Take «bỏ qua»: the report stands without figures, where the task lets it."""
    kept = occurrences.get(turn.tx, occurrence_id)
    task = turn.desk.plan.tasks.get(kept.task) if kept else None
    if task is not None and task.result.required:
        turn.ack = turn.say("press.old")
        return
    _answer_figures(turn, occurrence_id, None)


def ask_addition(turn: Turn, kind: str, report_id: int) -> None:
    """Ask for a note ("note") or a file ("evidence") to be added to a report of the speaker's unit."""
    found = reports.get(turn.tx, report_id)
    kept = may_report(turn, found.occurrence_id) if found else None
    if found is None or kept is None:
        turn.ack = turn.ack or turn.say("press.gone")
        return
    if is_accepted(turn, kept):
        return
    turn.ack = turn.say("press.ok")
    # To an old message too: what is added belongs to what the office sees, the latest report.
    subject = {"report": kept.report_id or report_id, "occurrence": kept.id}
    view = show(turn, kept)
    turn.ask(kind, subject, ask(turn.language, f"ask.{kind}", view=view, limit=turn.desk.file_limit_mb))


def _answer_figures(turn: Turn, occurrence_id: int, figures: Figures | None) -> None:
    asked = turn.open_question()
    if asked is None or asked.kind != "figures" or asked.subject.get("occurrence") != occurrence_id:
        turn.ack = turn.say("press.changed")
        show_again(turn, occurrence_id)
        return
    report(
        turn,
        Claim(
            occurrence_id=occurrence_id,
            status=Status.DONE,
            seen=int(asked.subject["seen"]),
            figures=figures,
            note=str(asked.subject.get("note", "")),
            skipped=figures is None,
        ),
    )


def _take_until(turn: Turn, asked: Question, text: str) -> None:
    span = read_date(text, today=local_day(turn.now))
    occurrence_id = int(asked.subject["occurrence"])
    if span is None:
        turn.answer_baffled(ask(turn.language, "wrong.not_date"))
        return
    claim = Claim(
        occurrence_id=occurrence_id,
        status=Status.EXTENSION,
        seen=int(asked.subject["seen"]),
        until=span.end,
        note=str(asked.subject.get("note", "")),
    )
    report(turn, claim)


def _take_note(turn: Turn, asked: Question, text: str) -> None:
    note = text.strip()[:NOTE_LENGTH]
    kept = may_report(turn, int(asked.subject["occurrence"]))
    if kept is None or turn.person is None or is_accepted(turn, kept):
        turn.close_question()
        return
    if not note:
        turn.answer(Out(text=turn.say("wrong.empty")))
        return
    report_id = kept.report_id or int(asked.subject["report"])  # somebody may have corrected it meanwhile
    reports.add_remark(turn.tx, report_id=report_id, person_id=turn.person.id, text=note, now=turn.now)
    turn.close_question()
    turn.answer(Out(text=turn.say("recorded.note", task=kept.task)))
