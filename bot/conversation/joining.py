"""People join by a one-time code; strangers are told what this is and nothing more."""

from datetime import timedelta

from bot.conversation.turn import Turn
from bot.domain.plan import Role
from bot.ports import Out
from bot.store import contacts, invites, people
from bot.store.contacts import Link
from bot.store.invites import Invitation, Refusal
from bot.texts import shortened

NAME_LENGTH = 80
CODE_KEEPS = timedelta(hours=1)  # a code is good once: who is not welcomed cannot type it again


def read_code(text: str) -> str | None:
    """Return the code in "/start CODE" or in a message that is nothing but a code."""
    words = text.split(maxsplit=1)
    if words and words[0].lower() == "/start":
        return words[1] if len(words) > 1 else None
    return text if invites.looks_like_code(text) else None


def join(turn: Turn, code: str) -> None:
    """Redeem a code and welcome who typed it, or say that it did not work."""
    channel, user_id = turn.inbound.channel, turn.inbound.user_id
    found = invites.redeem(turn.tx, code=code, channel=channel, chat_id=user_id, now=turn.now)
    if isinstance(found, Refusal):
        out = turn.baffled(Out(text=turn.say(f"join.{found}")))
        if out is not None:
            turn.answer(out, keeps=CODE_KEEPS)
    elif found.for_person is not None:
        _link(turn, found, found.for_person)
    else:
        _enrol(turn, found)


def _enrol(turn: Turn, found: Invitation) -> None:
    """Give whoever typed the code its role, and welcome them."""
    channel, user_id = turn.inbound.channel, turn.inbound.user_id
    name = shortened(found.name or turn.inbound.user_name, NAME_LENGTH) or turn.say(f"role.{found.role}")
    turn.person = people.join(
        turn.tx,
        channel=channel,
        user_id=user_id,
        name=name,
        unit=found.unit,
        role=found.role,
        language=turn.desk.language,
        now=turn.now,
    )
    invites.set_user(turn.tx, invite_id=found.id, person_id=turn.person.id)
    turn.menu_for = turn.person
    unit, role = turn.desk.plan.unit_name(found.unit), turn.say(f"role.{found.role}")
    lines = [turn.say("join.done", unit=unit, role=role), turn.say(f"join.{found.role}")]
    lines += [turn.say("join.kept"), turn.say("join.secret")]
    turn.answer(Out(heading=turn.say("join.heading"), text="\n".join(lines)), keeps=CODE_KEEPS)


def _link(turn: Turn, found: Invitation, person_id: int) -> None:
    """Make this chat a further one of the person for whom the code was made."""
    channel, user_id = turn.inbound.channel, turn.inbound.user_id
    came = contacts.link(turn.tx, person_id=person_id, channel=channel, chat_id=user_id)
    if came not in (Link.LINKED, Link.MOVED):
        invites.give_back(turn.tx, found.id)  # it was made for somebody's own chat, who may still type it there
        turn.answer(Out(text=turn.say("join.foreign" if came is Link.FOREIGN else "join.unknown")), keeps=CODE_KEEPS)
        return
    invites.set_user(turn.tx, invite_id=found.id, person_id=person_id)
    turn.person = turn.menu_for = people.by_id(turn.tx, person_id)
    first = turn.say("join.moved" if came is Link.MOVED else "join.linked")
    lines = [first, turn.say("join.kept"), turn.say("join.secret")]
    turn.answer(Out(heading=turn.say("join.heading"), text="\n".join(lines)), keeps=CODE_KEEPS)


def greet_stranger(turn: Turn) -> None:
    """Say what this is to somebody who has not joined."""
    turn.answer_baffled(Out(text=turn.say("join.stranger", plan=turn.desk.plan_name)))


def help_out(turn: Turn) -> Out:
    """Return what this person can do here, by their roles."""
    roles = [held.role for held in turn.person.memberships] if turn.person else []
    keys = dict.fromkeys("focal" if role is Role.HEAD else str(role) for role in roles)
    example = next(iter(turn.desk.plan.tasks))
    answers = turn.say("answers.by_number")
    lines = [turn.say(f"help.{key}", task=example, answers=answers) for key in keys]
    if "focal" in keys:
        lines.append(turn.say("help.away"))
    lines.append(turn.say("help.explain", task=example))
    return Out(heading=turn.say("help.heading"), text="\n".join([*lines, turn.say("join.secret")]))
