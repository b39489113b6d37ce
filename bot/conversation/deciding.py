"""The office decides on reports: accept, return, extend, refuse. One decision a report, whoever presses first."""

from datetime import datetime

from bot.conversation.turn import Turn
from bot.domain.calendar import local_day
from bot.domain.plan import Role
from bot.domain.standing import Standing, Status, Verdict
from bot.domain.steps import next_step_at, steps_of
from bot.ports import Out
from bot.store import absences, contacts, occurrences, reports
from bot.store.occurrences import Kept
from bot.store.questions import Question
from bot.store.reports import Report
from bot.store.views import views
from bot.texts import clock, due, in_period, say, sentence
from bot.texts.tasks import View, answer_buttons, ask, days_late

REASON_LENGTH = 500
_FITS = {  # which decisions a report can have
    Verdict.ACCEPT: (Status.DONE, Status.NOT_OURS),
    Verdict.RETURN: (Status.DONE, Status.NOT_OURS),
    Verdict.EXTEND: (Status.EXTENSION,),
    Verdict.REFUSE: (Status.EXTENSION,),
}


def decide(turn: Turn, report_id: int, verdict: Verdict) -> None:
    """Decide on a report at once, or ask for the reason first where one is owed (return, refuse)."""
    found = _may_decide(turn, report_id, verdict)
    if found is None:
        return
    turn.ack = turn.say("press.ok")
    kept, _ = found
    if verdict in (Verdict.RETURN, Verdict.REFUSE):
        view = _view(turn, kept)
        turn.ask(str(verdict), {"report": report_id}, ask(turn.language, f"ask.{verdict}", view=view))
        return
    _decide(turn, *found, verdict=verdict, reason="")


def take_reason(turn: Turn, asked: Question, text: str) -> None:
    """Take the reason of a return or refusal, and with it decide."""
    reason = text.strip()[:REASON_LENGTH]
    if not reason:
        turn.answer(Out(text=turn.say("wrong.empty")))
        return
    verdict = Verdict(asked.kind)
    found = _may_decide(turn, int(asked.subject["report"]), verdict)
    turn.close_question()
    if found is not None:
        _decide(turn, *found, verdict=verdict, reason=reason)


def _may_decide(turn: Turn, report_id: int, verdict: Verdict) -> tuple[Kept, Report] | None:
    """Return what is to be decided on, locked, if the speaker may and it is still open; else answer why not."""
    seen = reports.get(turn.tx, report_id)
    kept = occurrences.get(turn.tx, seen.occurrence_id, lock=True) if seen else None
    # Read again behind the lock: somebody may have decided while we waited for it.
    found = reports.get(turn.tx, report_id)
    if turn.person is None or not turn.person.is_a(Role.OFFICE):
        _refuse(turn, turn.say("press.foreign"))
    elif found is None or kept is None or kept.ended_at is not None or kept.task not in turn.desk.plan.tasks:
        _refuse(turn, turn.say("press.gone"))
    elif found.verdict is not None:
        _refuse(turn, _already(turn, found))
    elif kept.report_id != report_id or found.status not in _FITS[verdict] or _would_shorten(kept, found, verdict):
        _refuse(turn, turn.say("press.newer"))
    elif found.person_id == turn.person.id:
        _refuse(turn, turn.say("press.own"))
    else:
        return kept, found
    return None


def _would_shorten(kept: Kept, found: Report, verdict: Verdict) -> bool:
    """Return whether the plan has meanwhile moved the due past what was asked for: granting it would take time away."""
    return verdict is Verdict.EXTEND and (found.wanted_due_at is None or found.wanted_due_at <= kept.due_at)


def _refuse(turn: Turn, words: str) -> None:
    turn.ack = words
    turn.answer(Out(text=words))


def _already(turn: Turn, found: Report) -> str:
    name, at = reports.decided_by(turn.tx, found.id)
    return turn.say("press.decided", verdict=turn.say(f"verdict.{found.verdict}"), person=name, at=clock(at))


def _decide(turn: Turn, kept: Kept, found: Report, *, verdict: Verdict, reason: str) -> None:
    if turn.person is None:
        raise ValueError("only the office decides")
    new_due = found.wanted_due_at if verdict is Verdict.EXTEND else None
    reports.decide(
        turn.tx,
        report_id=found.id,
        occurrence_id=kept.id,
        person_id=turn.person.id,
        verdict=verdict,
        reason=reason,
        due_at=new_due,
        now=turn.now,
    )
    if new_due is not None:
        _extend(turn, kept, new_due)
    after = occurrences.get(turn.tx, kept.id)
    if after is None:
        raise LookupError("an occurrence that was just decided on is not there")
    view = _view(turn, after)
    turn.answer(Out(text=_told_office(turn, view, verdict)))
    reported_at = (after.word.done_since or after.word.at) if after.word else turn.now
    _tell_unit(turn, kept.unit, view, verdict, reason, reported_at=reported_at)


def _extend(turn: Turn, kept: Kept, due_at: datetime) -> None:
    policy = turn.desk.plan.policy_of(turn.desk.plan.tasks[kept.task])
    steps = steps_of(policy, due_at=due_at, known_at=kept.known_at, calendar=turn.desk.calendar)
    occurrences.move_due(
        turn.tx,
        kept.id,
        due_at=due_at,
        handled_until=turn.now,  # the unit is told of its new due by the decision itself
        next_step_at=next_step_at(steps, handled_until=turn.now),
        now=turn.now,
        cause=occurrences.BY_EXTENSION,
    )


def _told_office(turn: Turn, view: View, verdict: Verdict) -> str:
    standing = turn.say(f"standing.{view.standing}").lower()
    key = {
        Verdict.ACCEPT: "decided.accepted",
        Verdict.RETURN: "decided.returned",
        Verdict.EXTEND: "decided.extended",
        Verdict.REFUSE: "decided.refused",
    }[verdict]
    return turn.say(key, task=view.task.id, unit=view.whose(turn.language), standing=standing, due=due(view.due_at))


def _tell_unit(turn: Turn, unit: str, view: View, verdict: Verdict, reason: str, *, reported_at: datetime) -> None:
    holding = turn.holder(unit)
    there = absences.present(turn.tx, Role.FOCAL, on_day=local_day(turn.now)).get(holding)
    for person in there or contacts.addressees(turn.tx, Role.FOCAL).get(holding, ()):
        language = person.language
        words = say(
            language,
            _told_key(view, verdict),
            task=view.task.id,
            period=in_period(view.period, language),
            unit=view.whose(language),
            office=turn.desk.office,
            standing=say(language, f"standing.{view.standing}").lower(),
            days=max(days_late(view.due_at, reported_at), 1),  # an hour late is a day
            reason=sentence(reason),
            due=due(view.due_at),
        )
        buttons = answer_buttons(language, view) if view.is_open else ()
        turn.tell(person, Out(heading=say(language, "told.heading"), text=words, buttons=buttons))


def _told_key(view: View, verdict: Verdict) -> str:
    if view.said is not None and view.said.status is Status.NOT_OURS:
        return "told.released" if verdict is Verdict.ACCEPT else "told.kept"
    match verdict:
        case Verdict.ACCEPT:
            return "told.accepted_late" if view.standing is Standing.DONE_LATE else "told.accepted"
        case Verdict.RETURN:
            return "told.returned"
        case Verdict.EXTEND:
            return "told.extended"
        case Verdict.REFUSE:
            return "told.refused"


def _view(turn: Turn, kept: Kept) -> View:
    return views(turn.tx, turn.desk.plan, [kept], now=turn.now)[0]
