"""In groups the bot only registers them for the weekly summary; everything else there is none of its business."""

from bot.conversation.turn import Turn
from bot.domain.plan import Role
from bot.ports import InboundKind, Out
from bot.store import people
from bot.texts import shortened

TITLE_LENGTH = 80


def hear_group(turn: Turn) -> None:
    """Handle what was said in a group: an admin's /dangky or /huydangky; silence for the rest."""
    inbound = turn.inbound
    here = {"channel": inbound.channel, "chat_id": inbound.chat_id}
    words = inbound.text.split()
    command = words[0].lower().partition("@")[0] if words and inbound.kind is InboundKind.TEXT else ""
    if command not in ("/dangky", "/huydangky"):
        return
    if turn.person is None or not turn.person.is_a(Role.ADMIN):
        turn.answer(Out(text=turn.say("group.admin_only")))
    elif command == "/dangky":
        title = shortened(inbound.chat_title, TITLE_LENGTH)
        people.register_group(turn.tx, **here, title=title, person_id=turn.person.id, now=turn.now)
        turn.answer(Out(text=turn.say("group.registered", plan=turn.desk.plan_name)))
    else:
        was_on = people.unregister_group(turn.tx, **here, now=turn.now)
        turn.answer(Out(text=turn.say("group.removed" if was_on else "group.not_registered")))
