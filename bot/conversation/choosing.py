"""What people choose for themselves: the language they are spoken to in, the channel that is tried first."""

from dataclasses import replace

from bot.conversation.turn import Turn
from bot.ports import Out
from bot.store import contacts, people
from bot.texts import LANGUAGES
from bot.texts.admin import channel_name
from bot.texts.preferences import ask_channel, ask_language


def hear_language(turn: Turn) -> None:
    """Handle "/ngonngu en" and "/ngonngu", which asks."""
    wanted = turn.inbound.text.lower().split()[1:]
    if turn.person is None or wanted[:1] not in ([language] for language in LANGUAGES):
        turn.answer(ask_language(turn.language))
        return
    _speak(turn, wanted[0])


def choose_language(turn: Turn, place: int) -> None:
    """Speak the language of this place in the list from now on."""
    if place >= len(LANGUAGES):
        turn.ack = turn.say("press.old")
        turn.answer(Out(text=turn.ack))
        return
    _speak(turn, list(LANGUAGES)[place])


def hear_channels(turn: Turn) -> None:
    """Answer with the speaker's channels, first choice first, and which else may be first."""
    if turn.person is None:
        return
    found = contacts.chats_of(turn.tx, turn.person.id)
    chats = [(each.id, channel_name(each.channel), each.gone_at is None) for each in found]
    turn.answer(ask_channel(turn.language, chats))


def choose_channel(turn: Turn, chat: int) -> None:
    """Write to this chat of the speaker's first from now on; the others are what is fallen back on."""
    if turn.person is None or not contacts.put_first(turn.tx, turn.person.id, chat):
        turn.ack = turn.say("press.foreign")
        turn.answer(Out(text=turn.ack))
        return
    names = [channel_name(each.channel) for each in contacts.chats_of(turn.tx, turn.person.id)]
    turn.answer(Out(text=turn.say("channels.chosen", name=names[0], others=", ".join(names[1:]) or names[0])))


def _speak(turn: Turn, language: str) -> None:
    if turn.person is None:
        raise ValueError("only somebody who joined chooses a language")
    people.set_language(turn.tx, person_id=turn.person.id, language=language)
    turn.person = replace(turn.person, language=language)
    turn.menu_for = turn.person
    turn.answer(Out(text=turn.say("language.set")))
