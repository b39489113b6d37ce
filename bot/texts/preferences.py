"""What somebody chooses for themselves: the language they are spoken to in, the channel that is tried first."""

from collections.abc import Sequence

from bot.domain.actions import Action, Verb, write_action
from bot.ports import Button, Out
from bot.texts import LANGUAGES, say


def ask_language(language: str) -> Out:
    """Return the question which language somebody wants."""
    row = tuple(
        Button(text=say(each, "language.name"), action=write_action(Action(verb=Verb.LANGUAGE, subject=place)))
        for place, each in enumerate(LANGUAGES)
    )
    return Out(text=say(language, "language.ask"), buttons=(row,))


def ask_channel(language: str, chats: Sequence[tuple[int, str, bool]]) -> Out:
    """Return somebody's chats (id, the channel's name, whether it works), first choice first, and which may be first."""
    lines = [_line(language, place, name, works=works) for place, (_, name, works) in enumerate(chats)]
    if len(chats) < 2:
        lines.append(say(language, "channels.one"))
    row = tuple(
        Button(
            text=say(language, "channels.choose", name=name),
            action=write_action(Action(verb=Verb.CHANNEL, subject=number)),
        )
        for number, name, _ in chats[1:]
    )
    return Out(heading=say(language, "channels.heading"), text="\n".join(lines), buttons=(row,) if row else ())


def _line(language: str, place: int, name: str, *, works: bool) -> str:
    key = "channels.gone" if not works else "channels.next" if place else "channels.first"
    return say(language, key, name=name)
