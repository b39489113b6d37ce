"""An admin answers whether an edited catalogue is to be applied: their word is noted here, the next tick applies it."""

from bot.conversation.turn import Turn
from bot.domain.effects import brakes, from_json
from bot.domain.plan import Role
from bot.ports import Out
from bot.store import contacts, proposals
from bot.store.people import Person
from bot.store.proposals import Proposal, ProposalState
from bot.texts.changes import effects_text
from bot.texts.proposals import became, proposal

_IS = {
    ProposalState.AGREED: "proposal.is_agreed",
    ProposalState.APPLIED: "proposal.is_applied",
    ProposalState.REFUSED: "proposal.is_refused",
    ProposalState.SUPERSEDED: "proposal.is_superseded",
}


def answer(turn: Turn, number: int, *, says_yes: bool) -> None:
    """Take an admin's word on a proposal, or say why it counts no more. One no ends it; enough yeses make it agreed."""
    person = _admin(turn)
    found = proposals.get(turn.tx, number, lock=True)  # two admins at once take turns
    if person is None:
        _reply(turn, turn.say("press.foreign"))
        return
    if found is None or found.state is not ProposalState.OPEN:
        _reply(turn, turn.say(_IS[found.state if found else ProposalState.SUPERSEDED]))
        return
    said = proposals.consent_to(turn.tx, number, person_id=person.id, says_yes=says_yes, now=turn.now)
    if not says_yes:
        proposals.settle(turn.tx, number, ProposalState.REFUSED, now=turn.now)
        _reply(turn, turn.say("proposal.said_no", revision=found.over))
        _tell_others(turn, person, "proposal.told_no")
    elif said < found.needs:
        _reply(turn, turn.say("proposal.said_yes_first"))
        _tell_others(turn, person, "proposal.told_yes_first")
    else:
        proposals.settle(turn.tx, number, ProposalState.AGREED, now=turn.now)
        _reply(turn, turn.say("proposal.said_yes"))


def show_waiting(turn: Turn) -> None:
    """Show an admin the proposal that waits, with its answers, or say that none does."""
    if _admin(turn) is None:
        turn.answer(Out(text=turn.say("press.foreign")))
        return
    waiting = proposals.waiting(turn.tx)
    if waiting is None:
        turn.answer(Out(text=turn.say("proposal.none")))
    elif waiting.state is not ProposalState.OPEN:
        turn.answer(Out(text=turn.say(_IS[waiting.state])))
    else:
        _show(turn, waiting)


def _show(turn: Turn, waiting: Proposal) -> None:
    desk, effects = turn.desk, from_json(waiting.effects)
    share, least = desk.brake
    out = proposal(
        turn.language,
        effects_text(turn.language, effects, unit_name=desk.plan.unit_name),
        name=turn.person.name if turn.person else "",
        number=waiting.id,
        brakes=brakes(effects, share=share, least=least),
        needs=waiting.needs,
    )
    turn.answer(out)


def _admin(turn: Turn) -> Person | None:
    return turn.person if turn.person is not None and turn.person.is_a(Role.ADMIN) else None


def _reply(turn: Turn, words: str) -> None:
    turn.ack = words
    turn.answer(Out(text=words))


def _tell_others(turn: Turn, person: Person, key: str) -> None:
    for other in contacts.admins(turn.tx):
        if other.person_id != person.id:
            turn.tell(other, became(other.language, key, person=person.name))
