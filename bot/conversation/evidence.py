"""Takes files as proof of a report."""

from datetime import timedelta

from bot.conversation.reporting import REPORTERS, may_report
from bot.conversation.turn import Kept, Turn
from bot.domain.calendar import local_day
from bot.domain.replies import read_reply
from bot.ports import Out
from bot.store import occurrences, reports
from bot.store.reports import NewEvidence

RECENT = timedelta(hours=24)  # a file that follows a report without a word belongs to it


def take_files(turn: Turn) -> None:
    """Add the files that came to the report they are meant for, or say what was wrong with each."""
    report_id = _meant(turn)
    found = reports.get(turn.tx, report_id) if report_id is not None else None
    if found is None:
        turn.answer(Out(text=turn.say("recorded.evidence_which")))
        return
    kept = may_report(turn, found.occurrence_id)
    if kept is None:
        return
    turn.answer(Out(text="\n".join(_take(turn, file, found.id, kept.task) for file in turn.files)))


def _take(turn: Turn, file: Kept, report_id: int, task: str) -> str:
    if file.refused or turn.person is None:
        reason = turn.say(file.refused or "refused.lost", limit=turn.desk.file_limit_mb)
        return turn.say("recorded.evidence_refused", reason=reason)
    reports.add_evidence(
        turn.tx,
        NewEvidence(
            report_id=report_id,
            person_id=turn.person.id,
            name=file.name,
            media=file.media,
            size=file.size,
            sha256=file.sha256,
            path=file.path,
        ),
        now=turn.now,
    )
    turn.close_question()
    return turn.say("recorded.evidence", name=file.name, task=task)


def _meant(turn: Turn) -> int | None:
    """Return the report a file is meant for: of the open question, of the task in its caption, else the one just made."""
    asked = turn.open_question()
    if asked is not None and "report" in asked.subject:
        return int(asked.subject["report"])
    units = turn.person.units_as(*REPORTERS) if turn.person else ()
    codes = frozenset(turn.desk.plan.tasks)
    code = read_reply(turn.inbound.text, today=local_day(turn.now), codes=codes).task
    if code:
        reported = [each.report_id for each in occurrences.of_task(turn.tx, code, units) if each.report_id is not None]
        return max(reported, default=None)
    if turn.person is None:
        return None
    return reports.latest_of(turn.tx, person_id=turn.person.id, since=turn.now - RECENT)
