"""Takes reports: from a press, a number or a few words to exactly one stored report and a sensible sentence."""

from dataclasses import dataclass, field, replace
from datetime import date, datetime

from bot.conversation.turn import Turn
from bot.domain.calendar import END_OF_DAY, local_moment
from bot.domain.figures import Figures, figures_to_json
from bot.domain.plan import ResultKind, Role, Task
from bot.domain.standing import CLOSED, Status, Verdict, Word, done_since
from bot.ports import Out
from bot.store import occurrences, reports
from bot.store.occurrences import Kept
from bot.store.reports import NewReport
from bot.store.views import view, views
from bot.texts import clock, due, in_period
from bot.texts.tasks import View, ask, ask_figures, card, recorded

REPORTERS = (Role.FOCAL, Role.HEAD)

ASK_WHY = {Status.BLOCKED: "ask.blocked", Status.NOT_OURS: "ask.not_ours", Status.EXTENSION: "ask.why_extend"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Claim:
    """What somebody says of an occurrence. `seen`: the report they had before their eyes (0 none); None where they typed.

    `figures` None: not given (yet). `skipped`: figures were asked for and passed over.
    """

    occurrence_id: int
    status: Status
    seen: int | None = None
    figures: Figures | None = None
    note: str = ""
    until: date | None = None
    skipped: bool = field(default=False)


def report(turn: Turn, claim: Claim) -> None:
    """Store a report if the speaker may and it says something new; ask for what is missing; answer in every case."""
    claim = _with_words(turn, claim)
    kept = may_report(turn, claim.occurrence_id)
    if kept is None or _is_settled(turn, kept) or _is_stale(turn, kept, claim):
        return
    task = turn.desk.plan.tasks[kept.task]
    if needs_figures(task, claim):
        subject = {"occurrence": kept.id, "seen": kept.report_id or 0, "note": claim.note}
        turn.ask("figures", subject, ask_figures(turn.language, show(turn, kept)))
        return
    if claim.status is Status.EXTENSION and _has_request(turn, kept):
        return
    wanted = _wanted_due(kept, claim)
    if claim.status is Status.EXTENSION and wanted is None:
        _ask_until(turn, kept, claim, "ask.until")
        return
    if wanted is not None and not wanted > max(kept.due_at, turn.now):
        _ask_until(turn, kept, claim, "wrong.not_later")
        return
    _store(turn, kept, claim, wanted)


def _with_words(turn: Turn, claim: Claim) -> Claim:
    """Return a claim with what its speaker had said in words, and was asked back about, as its note."""
    asked = None if claim.note else turn.open_question()
    if asked is None or asked.kind != "status" or asked.subject.get("occurrence") != claim.occurrence_id:
        return claim
    return replace(claim, note=str(asked.subject.get("said", "")))


def may_report(turn: Turn, occurrence_id: int) -> Kept | None:
    """Return the occurrence, locked, if the speaker may report on it; else answer why not."""
    kept = occurrences.get(turn.tx, occurrence_id, lock=True)
    if kept is None or kept.ended_at is not None or kept.task not in turn.desk.plan.tasks:
        turn.ack = turn.say("press.gone")
        turn.answer(Out(text=turn.say("press.gone")))
        return None
    if kept.unit not in turn.units_as(*REPORTERS):
        turn.ack = turn.say("press.foreign")
        turn.answer(Out(text=turn.say("press.foreign")))
        return None
    return kept


def show(turn: Turn, kept: Kept) -> View:
    """Return an occurrence as it is shown."""
    return views(turn.tx, turn.desk.plan, [kept], now=turn.now)[0]


def offer(turn: Turn, view: View, out: Out, *, said: str = "") -> None:
    """Answer with a card; while the unit owes something, a bare number from 1 to 5 then answers it.

    What was `said`, and could not be read for sure, becomes the note of that answer.
    """
    if view.is_open:
        turn.ask("status", {"occurrence": view.id} | ({"said": said} if said else {}), out)
    else:
        turn.answer(out)


def show_again(turn: Turn, occurrence_id: int, *, first: str = "") -> None:
    """Answer with an occurrence's card as it stands now."""
    kept = occurrences.get(turn.tx, occurrence_id)
    if kept is not None and kept.ended_at is None and kept.task in turn.desk.plan.tasks:
        view = show(turn, kept)
        offer(turn, view, card(turn.language, view, now=turn.now, first=first))


def is_accepted(turn: Turn, kept: Kept) -> bool:
    """Answer, and return True, where the office has accepted the latest report: nothing is added behind its back."""
    if kept.word is None or kept.word.verdict is not Verdict.ACCEPT:
        return False
    return _is_settled(turn, kept)


def _is_settled(turn: Turn, kept: Kept) -> bool:
    view = show(turn, kept)
    if view.standing not in CLOSED:
        return False
    turn.ack = turn.say("press.ok")
    turn.answer(
        Out(
            text=turn.say(
                "recorded.closed",
                task=view.task.id,
                period=in_period(view.period, turn.language),
                standing=turn.say(f"standing.{view.standing}"),
                office=turn.desk.office,
            )
        )
    )
    turn.close_question()
    return True


def _is_stale(turn: Turn, kept: Kept, claim: Claim) -> bool:
    """Answer, and return True, where the claim says nothing new or speaks of what has changed meanwhile."""
    word = kept.word
    if word is None:
        return False
    view = show(turn, kept)
    # The same answer again, given with the report before one's eyes, is how its figures are corrected.
    corrects = claim.seen == kept.report_id and needs_figures(view.task, claim)
    says_nothing_new = (
        word.status is claim.status
        and word.verdict not in (Verdict.RETURN, Verdict.REFUSE, Verdict.EXTEND)
        and claim.until is None
        and _adds_nothing(view, claim)
        and not corrects
    )
    changed = claim.seen is not None and claim.seen != (kept.report_id or 0)
    if not (says_nothing_new or changed):
        return False
    if says_nothing_new and view.said is not None:
        first = turn.say(
            "recorded.already",
            task=view.task.id,
            status=turn.say(f"answer.{view.said.status}"),
            person=view.said.person,
            at=clock(view.said.at),
        )
    else:
        first = turn.say("press.changed")
    turn.ack = turn.say("press.ok") if says_nothing_new else turn.say("press.changed")
    turn.close_question()
    out: Out | None = card(turn.language, view, now=turn.now, first=first)
    if claim.seen is None:  # typed, and nothing came of it: an automatic reply would say it again for ever
        out = turn.baffled(card(turn.language, view, now=turn.now, first=first))
    if out is not None:
        offer(turn, view, out)
    return True


def _adds_nothing(view: View, claim: Claim) -> bool:
    """Return whether figures and note are those of the latest report, or not given."""
    said = view.said
    if said is None:
        return False
    is_same = claim.figures is None or figures_to_json(claim.figures) == said.figures
    return is_same and said.note.startswith(claim.note)


def _ask_until(turn: Turn, kept: Kept, claim: Claim, key: str) -> None:
    subject = {"occurrence": kept.id, "seen": kept.report_id or 0, "note": claim.note}
    turn.ask("until", subject, ask(turn.language, key, view=show(turn, kept), due=due(kept.due_at)))


def _has_request(turn: Turn, kept: Kept) -> bool:
    """Answer, and return True, where an extension was asked for and is not decided on: there is one request at a time."""
    word = kept.word
    if word is None or word.status is not Status.EXTENSION or word.verdict is not None or kept.report_id is None:
        return False
    found = reports.get(turn.tx, kept.report_id)
    wanted = due(found.wanted_due_at) if found is not None and found.wanted_due_at is not None else "—"
    view = show(turn, kept)
    turn.ack = turn.say("press.ok")
    turn.close_question()
    first = turn.say("recorded.one_request", task=kept.task, wanted=wanted)
    out = turn.baffled(card(turn.language, view, now=turn.now, first=first))
    if out is not None:
        offer(turn, view, out)
    return True


def needs_figures(task: Task, claim: Claim) -> bool:
    """Return whether a claim lacks the figures that its task asks for."""
    if claim.status is not Status.DONE or task.result.kind is ResultKind.DONE:
        return False
    return claim.figures is None and not claim.skipped


def _wanted_due(kept: Kept, claim: Claim) -> datetime | None:
    if claim.status is not Status.EXTENSION or claim.until is None:
        return None
    return local_moment(claim.until, END_OF_DAY).astimezone(kept.due_at.tzinfo)


def _store(turn: Turn, kept: Kept, claim: Claim, wanted: datetime | None) -> None:
    if turn.person is None:
        raise ValueError("only somebody who joined can report")
    before = show(turn, kept).said
    new = NewReport(
        occurrence_id=kept.id,
        person_id=turn.person.id,
        channel=turn.inbound.channel,
        status=claim.status,
        figures=figures_to_json(claim.figures or Figures()),
        note=claim.note,
        wanted_due_at=wanted,
        done_since=done_since(kept.word, status=claim.status, at=turn.now),
    )
    said = reports.as_stored(new, reports.add(turn.tx, new, now=turn.now), person=turn.person.name, now=turn.now)
    turn.ack = turn.say("press.ok")
    turn.close_question()
    lines = []
    if wanted is not None:  # said back: a day may have been given in words
        lines.append(turn.say("recorded.wanted", wanted=due(wanted), due=due(kept.due_at)))
    if before is not None:
        status = turn.say(f"answer.{before.status}")
        lines.append(turn.say("recorded.replaced", status=status, person=before.person, at=clock(before.at)))
    word = Word(status=new.status, at=turn.now, done_since=new.done_since)
    told = view(turn.desk.plan, replace(kept, report_id=said.id, word=word), said, now=turn.now)
    _answer_recorded(turn, told, said.id, claim, "\n".join(lines))


def _answer_recorded(turn: Turn, told: View, report_id: int, claim: Claim, first: str) -> None:
    key = "" if claim.note else ASK_WHY.get(claim.status, "")
    question = turn.say(key) if key else ""
    out = recorded(turn.language, told, office=turn.desk.office, first=first, ask=question)
    if key:
        turn.ask("why", {"report": report_id, "occurrence": told.id}, out)
    else:
        turn.answer(out)
