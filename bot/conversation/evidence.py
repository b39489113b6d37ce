"""Takes files as proof of a report."""

from datetime import timedelta

from bot.conversation.reporting import REPORTERS, is_accepted, may_report, show
from bot.conversation.turn import Kept, Turn
from bot.domain.calendar import local_day
from bot.domain.replies import read_reply
from bot.domain.standing import CLOSED
from bot.ports import Inbound, Out
from bot.store import Tx, occurrences, people, reports
from bot.store.reports import NewEvidence

RECENT = timedelta(hours=24)  # a file that follows a report without a word belongs to it


def take_files(turn: Turn) -> None:
    """Add the files that came to the report they are meant for, or say what was wrong with each."""
    report_id = _meant(turn)
    found = reports.get(turn.tx, report_id) if report_id is not None else None
    if found is None or not turn.files:
        turn.answer_baffled(Out(text=turn.say("recorded.evidence_which")))
        return
    kept = may_report(turn, found.occurrence_id)
    if kept is None or is_accepted(turn, kept):
        return
    latest = kept.report_id or found.id  # the office sees the files of the latest report, whoever made it
    turn.answer(Out(text="\n".join(_take(turn, file, latest, kept.task) for file in turn.files)))


def may_send_files(tx: Tx, inbound: Inbound) -> bool:
    """Return whether files of this sender, here, can prove anything; others are not even fetched."""
    person = people.by_chat(tx, channel=inbound.channel, user_id=inbound.user_id)
    return not inbound.is_group and person is not None and bool(person.units_as(*REPORTERS))


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


def _is_current(turn: Turn, each: occurrences.Kept) -> bool:
    """Return whether a file may be meant for this period: not for one that was settled before yesterday."""
    if each.word is None or each.task not in turn.desk.plan.tasks:
        return False
    return show(turn, each).standing not in CLOSED or each.word.at >= turn.now - RECENT


def _meant(turn: Turn) -> int | None:
    """Return the report a file is meant for: of the open question, of the task in its caption, else the one just made."""
    asked = turn.open_question()
    if asked is not None and "report" in asked.subject:
        return int(asked.subject["report"])
    units = turn.units_as(*REPORTERS)
    codes = frozenset(turn.desk.plan.tasks)
    code = read_reply(turn.inbound.text, today=local_day(turn.now), codes=codes).task
    if code:
        found = [each for each in occurrences.of_task(turn.tx, code, units) if _is_current(turn, each)]
        return max((each.report_id for each in found if each.report_id is not None), default=None)
    if turn.person is None or (asked is not None and asked.kind in ("figures", "until")):
        return None  # the report it proves is only being made
    return reports.latest_of(turn.tx, person_id=turn.person.id, since=turn.now - RECENT)
