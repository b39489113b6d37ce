"""Takes absences: "/vang 3/10-14/10 thay: Trần Văn Minh" of a focal point or head, and "/vang xong" when they are back."""

from collections.abc import Collection, Sequence
from datetime import date

from bot.conversation.reporting import REPORTERS
from bot.conversation.turn import Turn
from bot.domain.away import Away, matching, read_away
from bot.domain.calendar import local_day
from bot.domain.folding import fold
from bot.domain.plan import Role
from bot.ports import Out
from bot.store import absences, people
from bot.store.contacts import Addressee
from bot.store.people import Person
from bot.store.questions import Question
from bot.texts import say
from bot.texts.absence import ask_who, overview, span, stored, unread

WHO = "deputy"  # the kind of the question who stands in
NAME_LENGTH = 80
_BACK = frozenset({"xong", "het", "da ve", "tro lai", "done", "end", "back"})


def hear_away(turn: Turn) -> None:
    """Handle "/vang" (what is known), "/vang xong" (back again) and "/vang 3/10-14/10 thay: …"."""
    person = turn.person
    if person is None or not person.units_as(*REPORTERS):
        turn.answer(Out(text=turn.say("away.not_yours")))
        return
    said = turn.inbound.text.partition(" ")[2].strip()
    if not said:
        turn.answer(overview(turn.language, _coming(turn, person)))
    elif fold(said).strip(" .!") in _BACK:
        _end(turn, person)
    elif (away := read_away(said, today=local_day(turn.now))) is None:
        turn.answer_baffled(overview(turn.language, (), first=unread(turn.language)))
    else:
        _take(turn, person, away)


def take_deputy(turn: Turn, asked: Question, text: str) -> None:
    """Take a number of the list of who may stand in, or a name."""
    person = turn.person
    if person is None or not person.units_as(*REPORTERS):
        turn.close_question()
        turn.answer(Out(text=turn.say("away.not_yours")))
        return
    away = Away(first=date.fromisoformat(asked.subject["first"]), last=date.fromisoformat(asked.subject["last"]))
    listed = [int(each) for each in asked.subject["people"]]
    there = {each.person_id: each for each in _candidates(turn, person, away)}
    said = text.strip(" .")
    if said.isdecimal() and int(said) == len(listed) + 1:
        _store(turn, person, away, None)
    elif said.isdecimal() and 0 < int(said) <= len(listed) and listed[int(said) - 1] in there:
        _store(turn, person, away, there[listed[int(said) - 1]])
    else:
        _take(turn, person, Away(first=away.first, last=away.last, deputy=said), is_again=True)


def _take(turn: Turn, person: Person, away: Away, *, is_again: bool = False) -> None:
    """Store an absence where it is sure who stands in; else ask."""
    if not away.deputy and not is_again:
        _store(turn, person, away, None)
        return
    candidates = _candidates(turn, person, away)
    places, is_sure = matching(away.deputy, [each.name for each in candidates])
    if is_sure:
        _store(turn, person, away, candidates[places[0]])
        return
    shown = [candidates[place] for place in places] or candidates
    subject = {
        "first": away.first.isoformat(),
        "last": away.last.isoformat(),
        "people": [each.person_id for each in shown],
    }
    names = [each.name for each in shown]
    said = away.deputy[:NAME_LENGTH]
    out: Out | None = ask_who(turn.language, (away.first, away.last), names, said=said, several=bool(places))
    if is_again:
        out = turn.baffled(ask_who(turn.language, (away.first, away.last), names, said=said, several=bool(places)))
    if out is not None:
        turn.ask(WHO, subject, out)


def _candidates(turn: Turn, person: Person, away: Away) -> list[Addressee]:
    """Return who of the person's units may stand in: who can be written to, and is not away on one of these days."""
    found: dict[int, Addressee] = {}
    everybody = absences.deputies_of(turn.tx)
    for unit in person.units_as(*REPORTERS):
        for each in everybody.get(turn.holder(unit), ()):
            if each.person_id != person.id and not _is_away(turn, each.person_id, away):
                found.setdefault(each.person_id, each)
    return sorted(found.values(), key=lambda each: (fold(each.name), each.person_id))


def _is_away(turn: Turn, person_id: int, away: Away) -> bool:
    return any(each.first <= away.last for each in absences.coming(turn.tx, person_id, today=away.first))


def _store(turn: Turn, person: Person, away: Away, deputy: Addressee | None) -> None:
    turn.close_question()
    replaced = absences.add(
        turn.tx,
        person_id=person.id,
        first=away.first,
        last=away.last,
        deputy=None if deputy is None else deputy.person_id,
        now=turn.now,
    )
    days = (away.first, away.last)
    name = "" if deputy is None else deputy.name
    asked = _asked_meanwhile(turn, person, away.first)
    turn.answer(stored(turn.language, days, name, asked=asked, is_new=not replaced))
    _tell_back(turn, person, {each.deputy for each in replaced} - {deputy.person_id if deputy else None})
    if deputy is not None:
        units = ", ".join(turn.desk.plan.unit_name(unit) for unit in dict.fromkeys(person.units_as(*REPORTERS)))
        said = {"name": person.name, "units": units, "days": span(days)}
        _tell(turn, deputy, say(deputy.language, "away.told", **said))


def _end(turn: Turn, person: Person) -> None:
    ended = absences.end(turn.tx, person.id, today=local_day(turn.now), now=turn.now)
    turn.close_question()
    turn.answer(Out(text=turn.say("away.back" if ended else "away.none")))
    _tell_back(turn, person, {each.deputy for each in ended})


def _tell_back(turn: Turn, person: Person, deputies: Collection[int | None]) -> None:
    everybody = {each.person_id: each for theirs in absences.deputies_of(turn.tx).values() for each in theirs}
    for deputy in sorted(each for each in deputies if each is not None):
        if deputy in everybody:
            there = everybody[deputy]
            _tell(turn, there, say(there.language, "away.told_back", name=person.name))


def _tell(turn: Turn, to: Addressee, words: str) -> None:
    turn.tell(to, Out(heading=say(to.language, "away.heading"), text=words))


def _asked_meanwhile(turn: Turn, person: Person, on: date) -> list[str]:
    """Return the names of who is asked for the person's units on a day; empty where of some unit nobody is."""
    focals, heads = (absences.present(turn.tx, role, on_day=on) for role in (Role.FOCAL, Role.HEAD))
    found: list[str] = []
    for unit in dict.fromkeys(turn.holder(each) for each in person.units_as(*REPORTERS)):
        those = focals.get(unit) or heads.get(unit) or ()
        if not those:
            return []
        found += [each.name for each in those]
    return list(dict.fromkeys(found))


def _coming(turn: Turn, person: Person) -> Sequence[tuple[tuple[date, date], str]]:
    names = people.names(turn.tx)
    found = absences.coming(turn.tx, person.id, today=local_day(turn.now))
    return [((each.first, each.last), names.get(each.deputy, "") if each.deputy else "") for each in found]
