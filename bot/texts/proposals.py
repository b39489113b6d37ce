"""What the admins read of an edited catalogue: what it would do, whether it may, what became of it."""

from collections.abc import Sequence

from bot.domain.actions import Action, Verb, write_action
from bot.domain.effects import Brake
from bot.ports import Button, Out
from bot.texts import say
from bot.texts.changes import brake_lines


def proposal(language: str, effects: str, *, name: str, number: int, brakes: Sequence[Brake], needs: int) -> Out:
    """Return the question whether proposal `number` is to be applied; `effects` says what that would do."""
    lines = [say(language, "proposal.greeting", name=name), effects, ""]
    if needs > 1:
        lines += [*brake_lines(language, brakes), say(language, "proposal.brake")]
    lines.append(say(language, "proposal.ask"))
    return Out(heading=say(language, "proposal.heading"), text="\n".join(lines), buttons=_buttons(language, number))


def became(language: str, key: str, *, effects: str = "", **values: object) -> Out:
    """Return what became of a proposal, the sentence of this key, and what was done by it."""
    text = say(language, key, **values)
    return Out(heading=say(language, "proposal.heading_told"), text=f"{text}\n{effects}".strip())


def _buttons(language: str, number: int) -> tuple[tuple[Button, ...], ...]:
    answers = ((Verb.AGREE, "proposal.yes"), (Verb.DISAGREE, "proposal.no"))
    row = [
        Button(text=say(language, key), action=write_action(Action(verb=verb, subject=number))) for verb, key in answers
    ]
    return (tuple(row),)
