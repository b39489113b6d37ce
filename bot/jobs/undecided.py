"""Chases the office as it chases the units: who has not decided on a report for three working days is told so."""

from collections.abc import Mapping
from datetime import date, datetime

from bot.domain.calendar import Calendar, local_day
from bot.domain.heirs import holder
from bot.domain.plan import Plan, Role
from bot.domain.standing import asks_for_decision
from bot.ports import Caps
from bot.store import Tx, contacts, occurrences, outbox, summaries
from bot.store.occurrences import Kept
from bot.store.outbox import Lane, Letter, letters
from bot.store.views import pending, review_of
from bot.texts import say
from bot.texts.review import queue

WORKING_DAYS = 3  # for a decision, and between two letters about those that are late
_CHASED = "office chased"  # the day of the last letter


def chase_office(tx: Tx, *, plan: Plan, calendar: Calendar, caps: Mapping[str, Caps], now: datetime) -> int:
    """Put a list of what waits longest into the outbox for each person of the office; return how many reports it names.

    Once when the first report has waited for three working days, then every third working day while any has. Asked again
    on one day it writes nothing more. In office hours only.
    """
    if not calendar.is_open(now):
        return 0
    today = local_day(now)
    told_on = summaries.recall(tx, _CHASED)
    if told_on and today < calendar.add_working_days(date.fromisoformat(told_on), WORKING_DAYS):
        return 0
    late = [each for each in _waiting(tx, plan) if _since(each, calendar) <= today]
    office = contacts.addressees(tx, Role.OFFICE).get(holder(plan, plan.office, today), ())
    if not late or not office:
        return 0
    named = pending(tx, plan, late, now=now)
    for person in office:
        language = person.language
        heading = say(language, "queue.heading_late", days=WORKING_DAYS, count=len(named))
        letter = Letter(
            key=f"undecided:{today}:{person.person_id}",
            channel=person.channel,
            chat_id=person.chat_id,
            person_id=person.person_id,
            language=language,
            out=queue(language, named, now=now, last=[say(language, "queue.late_ask")], heading=heading),
            lane=Lane.ESCALATION,
        )
        outbox.put(tx, letters(letter, caps=caps[person.channel]), now=now)
    summaries.remember(tx, _CHASED, today.isoformat())
    return len(named)


def _waiting(tx: Tx, plan: Plan) -> list[Kept]:
    """Return what waits for a decision, what has waited longest first."""
    found = occurrences.awaiting_decision(tx)
    return [each for each in found if each.word and asks_for_decision(each.word, review=review_of(plan, each.task))]


def _since(each: Kept, calendar: Calendar) -> date:
    """Return the day on which a report has waited long enough to be chased."""
    if each.word is None:
        raise ValueError("only a report waits for a decision")
    return calendar.add_working_days(local_day(each.word.at), WORKING_DAYS)
