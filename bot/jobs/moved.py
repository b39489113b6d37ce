"""Tells people of the dues that a plan edit moved: one letter each, in office hours."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime

from bot.catalogue import Catalogue
from bot.domain.calendar import local_day
from bot.domain.plan import Plan
from bot.domain.standing import CLOSED, standing
from bot.jobs.keep import Moved
from bot.jobs.who_is_asked import WhoIsAsked
from bot.ports import Caps
from bot.store import Tx, outbox, replanning
from bot.store.contacts import Addressee
from bot.store.occurrences import Kept
from bot.store.outbox import Lane, Letter, letters
from bot.store.views import review_of
from bot.texts import changes


def tell_moved(
    tx: Tx, moved: Sequence[Moved], *, catalogue: Catalogue, name: str, caps: Mapping[str, Caps], now: datetime
) -> int:
    """Write a letter for everybody who is asked about an open occurrence that was moved; return how many letters.

    `name` begins their keys. Who is finished with all that moved, and who is not linked, is told nothing.
    """
    if not moved:
        return 0
    plan = catalogue.plan
    asked = WhoIsAsked(tx, plan=plan, on=local_day(now))
    theirs: dict[Addressee, list[tuple[Kept, Moved]]] = defaultdict(list)
    for kept, each in _open(tx, plan, moved, now=now):
        for person in asked.of(kept.unit).people:
            theirs[person].append((kept, each))
    written: list[Letter] = []
    for person, pairs in theirs.items():
        letter = Letter(
            key=f"{name}:{person.person_id}",
            channel=person.channel,
            chat_id=person.chat_id,
            person_id=person.person_id,
            language=person.language,
            out=changes.moved_dues(person.language, [_said(plan, *pair) for pair in pairs], name=person.name),
            lane=Lane.ESCALATION,  # no later step covers it: in doubt it is sent once more, marked
            not_before=catalogue.calendar.next_open(now),
        )
        written += letters(letter, caps=caps[person.channel])
    if written:
        outbox.post(tx, written, now=now)
    return len(theirs)


def _open(tx: Tx, plan: Plan, moved: Sequence[Moved], *, now: datetime) -> Iterator[tuple[Kept, Moved]]:
    by_id = {each.id: each for each in moved}
    for kept in replanning.of_ids(tx, list(by_id)):
        stands = standing(kept.word, due_at=kept.due_at, now=now, review=review_of(plan, kept.task))
        if stands not in CLOSED:
            yield kept, by_id[kept.id]


def _said(plan: Plan, kept: Kept, each: Moved) -> changes.Moved:
    return changes.Moved(
        task=kept.task,
        title=plan.tasks[kept.task].title,
        unit=plan.unit_name(kept.unit),
        period=kept.period,
        old=each.old,
        new=each.new,
    )
