"""Asks the admins about an edited catalogue, applies what they agreed to, tells them what became of it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.catalogue import Catalogue
from bot.domain.calendar import Calendar
from bot.domain.effects import Brake, Effects, brakes, from_json, to_json
from bot.jobs.apply import apply
from bot.ports import Caps, Out
from bot.store import Tx, contacts, outbox, proposals
from bot.store.contacts import Addressee
from bot.store.outbox import Lane, Letter, letters
from bot.store.proposals import Proposal, ProposalState
from bot.texts.changes import effects_text
from bot.texts.proposals import became, proposal


@dataclass(frozen=True, slots=True, kw_only=True)
class Edit:
    """A catalogue to be applied over another: the one that runs, its revision, the new one with its texts, the effects."""

    old: Catalogue
    over: int
    new: Catalogue
    texts: Mapping[str, str]
    effects: Effects


def put(tx: Tx, edit: Edit, *, needs: int, now: datetime) -> Proposal:
    """Propose an edit in place of what was proposed before it."""
    values = {"over": edit.over, "needs": needs}
    number = proposals.propose(
        tx, digest=edit.new.digest, texts=edit.texts, effects=to_json(edit.effects), **values, now=now
    )
    made = proposals.get(tx, number)
    if made is None:
        raise LookupError("a proposal that was just made is not there")
    return made


def reasons(waiting: Proposal, *, share: int, least: int) -> tuple[Brake, ...]:
    """Return why a proposal needs two admins, as far as it does."""
    return brakes(from_json(waiting.effects), share=share, least=least)


def unasked(tx: Tx, number: int) -> tuple[Addressee, ...]:
    """Return the admins whom nobody has asked about a proposal yet."""
    asked = outbox.people_told(tx, _asking(number))
    return tuple(person for person in contacts.admins(tx) if person.person_id not in asked)


def ask(
    tx: Tx,
    waiting: Proposal,
    *,
    brakes: Sequence[Brake],
    unit_name: Callable[[str], str],
    caps: Mapping[str, Caps],
    now: datetime,
) -> None:
    """Ask the admins who were not asked yet, those who joined meanwhile too."""
    effects = from_json(waiting.effects)
    for person in unasked(tx, waiting.id):
        out = proposal(
            person.language,
            effects_text(person.language, effects, unit_name=unit_name),
            name=person.name,
            number=waiting.id,
            brakes=brakes,
            needs=waiting.needs,
        )
        _post(tx, person, out, key=f"{_asking(waiting.id)}{person.person_id}", caps=caps, not_before=now, now=now)


def tell(
    tx: Tx, key: str, say_it: Callable[[str], Out], *, calendar: Calendar, caps: Mapping[str, Caps], now: datetime
) -> int:
    """Tell every admin once, in office hours, what `say_it` says in their language; return how many they are."""
    told = contacts.admins(tx)
    opens = calendar.next_open(now)
    for person in told:
        out = say_it(person.language)
        _post(tx, person, out, key=f"{key}:{person.person_id}", caps=caps, not_before=opens, now=now)
    return len(told)


def apply_agreed(tx: Tx, number: int, edit: Edit, *, caps: Mapping[str, Caps], now: datetime) -> int | None:
    """Apply the proposal that was agreed to and tell the admins; return the revision's number, None if it waits no more.

    Raises OvertakenError, and nothing is done, where another catalogue runs than the edit was compared with.
    """
    found = proposals.get(tx, number, lock=True)
    if found is None or found.state is not ProposalState.AGREED:
        return None
    people = ", ".join(proposals.agreed_by(tx, number))
    revision = _apply(tx, edit, who=people, cause="chat", caps=caps, now=now)
    proposals.settle(tx, number, ProposalState.APPLIED, now=now)

    def say_it(language: str) -> Out:
        return became(language, "proposal.told_applied", revision=revision, people=people)

    tell(tx, f"proposal:{number}:applied", say_it, calendar=edit.new.calendar, caps=caps, now=now)
    return revision


def apply_at_once(tx: Tx, edit: Edit, *, caps: Mapping[str, Caps], now: datetime) -> int:
    """Apply an edit that needs nobody's word, and report it if it does anything; return the revision's number.

    Raises OvertakenError as above.
    """
    proposals.supersede(tx, now=now)
    revision = _apply(tx, edit, who="", cause="auto", caps=caps, now=now)

    def say_it(language: str) -> Out:
        done = effects_text(language, edit.effects, unit_name=edit.new.plan.unit_name)
        return became(language, "proposal.told_auto", effects=done, revision=revision, before=edit.over)

    if not edit.effects.is_nothing:
        tell(tx, f"applied:{revision}", say_it, calendar=edit.new.calendar, caps=caps, now=now)
    return revision


def end_waiting(
    tx: Tx, waiting: Proposal, *, running: Catalogue, revision: int, caps: Mapping[str, Caps], now: datetime
) -> None:
    """End a proposal that the files or the catalogue that runs have overtaken; tell the admins where it runs by now."""
    if waiting.digest != running.digest:
        proposals.settle(tx, waiting.id, ProposalState.SUPERSEDED, now=now)
        return
    proposals.settle(tx, waiting.id, ProposalState.APPLIED, now=now)

    def say_it(language: str) -> Out:
        return became(language, "proposal.told_at_machine", revision=revision)

    tell(tx, f"proposal:{waiting.id}:applied", say_it, calendar=running.calendar, caps=caps, now=now)


def _apply(tx: Tx, edit: Edit, *, who: str, cause: str, caps: Mapping[str, Caps], now: datetime) -> int:
    values = {"who": who, "cause": cause}
    return apply(tx, old=edit.old, new=edit.new, texts=edit.texts, effects=edit.effects, **values, caps=caps, now=now)


def _asking(number: int) -> str:
    return f"proposal:{number}:ask:"


def _post(
    tx: Tx, person: Addressee, out: Out, *, key: str, caps: Mapping[str, Caps], not_before: datetime, now: datetime
) -> None:
    letter = Letter(
        key=key,
        channel=person.channel,
        chat_id=person.chat_id,
        person_id=person.person_id,
        language=person.language,
        out=out,
        lane=Lane.ESCALATION,
        not_before=not_before,
    )
    outbox.post(tx, letters(letter, caps=caps[person.channel]), now=now)
