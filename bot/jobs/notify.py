"""Tells the admins what they must know: everything new in one letter each, in office hours, each matter once."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from bot.domain.calendar import Calendar
from bot.domain.plan import Role
from bot.ports import Caps
from bot.store import Tx, contacts, notices, outbox, summaries
from bot.store.contacts import Addressee
from bot.store.notices import Notice, NoticeKind
from bot.store.outbox import Lane, Letter, letters
from bot.texts.admin import Matter, told_together

_LETTER = "notice letter"  # the number of the last one; row numbers come again once their rows are gone


def notify(
    tx: Tx,
    *,
    calendar: Calendar,
    caps: Mapping[str, Caps],
    now: datetime,
    office: str = "",
    unit_name: Callable[[str], str] = str,
) -> int:
    """Put one letter with all that is untold for each admin into the outbox; return how many matters it names.

    Where nobody can be written to, everything stays untold until an admin has joined. What is over is not told of.
    The people of the unit `office` hear of the call sheet too. `unit_name` says what a unit is called.
    """
    if not calendar.is_open(now):
        return 0
    new = notices.untold(tx)
    if not new:
        return 0
    reading = _readers(tx, new, office)
    if not reading:
        return 0
    number = int(summaries.recall(tx, _LETTER) or 0) + 1
    for person, theirs in reading:
        matters = [matter_of(each, unit_name) for each in theirs]
        letter = Letter(
            key=f"notice:{number}:{person.person_id}",
            channel=person.channel,
            chat_id=person.chat_id,
            person_id=person.person_id,
            language=person.language,
            out=told_together(person.language, matters, name=person.name),
            lane=Lane.ESCALATION,
        )
        outbox.put(tx, letters(letter, caps=caps[person.channel]), now=now)
    told = {each.key for _, theirs in reading for each in theirs}
    notices.tell(tx, told, now=now)
    summaries.remember(tx, _LETTER, str(number))
    return len(told)


def matter_of(each: Notice, unit_name: Callable[[str], str] = str) -> Matter:
    """Return a notice as its sentence is made of it, its unit by name."""
    words = {name: unit_name(word) if name == "unit" else word for name, word in each.words.items()}
    return Matter(kind=each.kind, words=words, since=each.since)


def _readers(tx: Tx, new: Sequence[Notice], office: str) -> list[tuple[Addressee, Sequence[Notice]]]:
    """Return who is told of what: the admins of everything, each once, and the office of whom to call."""
    found: dict[int, tuple[Addressee, Sequence[Notice]]] = {}
    for unit in contacts.addressees(tx, Role.ADMIN).values():
        for person in unit:  # an admin of two units reads it once
            found[person.person_id] = (person, new)
    calls = [each for each in new if each.kind is NoticeKind.CALL_SHEET]
    for person in contacts.addressees(tx, Role.OFFICE).get(office, ()) if calls else ():
        found.setdefault(person.person_id, (person, calls))
    return list(found.values())
