"""Tells the office about reports that came in, in office hours, each report once.

They are gathered for some minutes after the first: its note and files belong to it, and more reports may follow.
"""

from collections.abc import Mapping
from datetime import datetime, timedelta

from bot.domain.calendar import Calendar, local_day
from bot.domain.heirs import holder
from bot.domain.plan import Plan, Role
from bot.domain.standing import asks_for_decision
from bot.ports import Caps
from bot.store import Tx, contacts, occurrences, outbox, summaries
from bot.store.outbox import Lane, Letter, letters
from bot.store.views import pending, review_of
from bot.texts.review import queue

_ANNOUNCED = "announced report"  # the newest report the office was told of


def announce(
    tx: Tx, *, plan: Plan, calendar: Calendar, caps: Mapping[str, Caps], gather: timedelta, now: datetime
) -> int:
    """Put one list of new reports for each person of the office into the outbox; return how many reports it names."""
    if not calendar.is_open(now):
        return 0
    told_until = int(summaries.recall(tx, _ANNOUNCED) or 0)
    new = [
        each
        for each in occurrences.awaiting_decision(tx, after=told_until)
        if each.word is not None and asks_for_decision(each.word, review=review_of(plan, each.task))
    ]
    # The oldest one's note and files come within these minutes; a clock set back keeps nobody waiting.
    if not new or any(timedelta() <= now - each.word.at < gather for each in new[:1] if each.word):
        return 0
    office = contacts.addressees(tx, Role.OFFICE).get(holder(plan, plan.office, local_day(now)), ())
    if not office:  # the reports wait until somebody of the office has joined
        return 0
    named = pending(tx, plan, new, now=now)
    newest = max(each.report_id or 0 for each in new)
    for person in office:
        letter = Letter(
            key=f"announce:{newest}:{person.person_id}",
            channel=person.channel,
            chat_id=person.chat_id,
            person_id=person.person_id,
            language=person.language,
            out=queue(person.language, named),
            lane=Lane.ESCALATION,  # no later step covers it: in doubt it is sent once more, marked
        )
        outbox.put(tx, letters(letter, caps=caps[person.channel]), now=now)
    summaries.remember(tx, _ANNOUNCED, str(newest))
    return len(named)
