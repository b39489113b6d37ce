"""What a message offers to choose, where a channel has no buttons: numbers to type, and words.

The buttons that are stored with a message stay its truth: number 3 is its third choice, and means what a press means.
"""

import re
from collections.abc import Iterator, Sequence

from bot.domain.actions import ANSWERS, Action, Verb, read_action
from bot.ports import Button, Out
from bot.texts import say, shortened

LABEL_LENGTH = 80
_NUMBERED = re.compile(r"(\d+)\. (.+)", re.DOTALL)  # a label that names the item of a list that it is about

_WORDS = {  # what is typed as a word, and the sentences that say so; the first of them is written where none stands
    Verb.NONE: ("ask.none_too",),
    Verb.SKIP: ("ask.skip",),
    Verb.CANCEL: ("ask.cancel", "event.sure"),
}
_SAYS_NUMBERS = ("answers.by_number", "event.sure")  # sentences that give the numbers of a message themselves


def choices(rows: Sequence[Sequence[Button]]) -> tuple[Button, ...]:
    """Return what the numbers of a message stand for, from 1 on; none where it takes codes with numbers, or words only."""
    return tuple(button for button, _ in _choices(rows))


def says_numbers(rows: Sequence[Sequence[Button]]) -> bool:
    """Return whether a message shows its reader numbers to answer with, be it after a task's code."""
    return any(action is None or action.verb not in _WORDS for _, action in _read(rows))


def written_out(language: str, out: Out) -> str:
    """Return the lines that say how to choose without buttons, "" where the text says all of it already."""
    lines = [*_numbers(language, out), *_words(language, out)]
    whole = "\n".join(lines)
    return "" if whole in out.text else whole


def _numbers(language: str, out: Out) -> list[str]:
    found = choices(out.buttons)
    named = [_NUMBERED.fullmatch(button.text) for button in found]
    are_listed = all(name is not None and int(name[1]) == at for at, name in enumerate(named, start=1))
    if not found or are_listed or any(say(language, key) in out.text for key in _SAYS_NUMBERS):
        return []
    number = 1
    lines = [say(language, "menu.how")]
    for row in out.buttons:
        theirs = [button for button in row if button in found]
        lines += _row(language, theirs, number)
        number += len(theirs)
    return lines


def _row(language: str, row: Sequence[Button], first: int) -> list[str]:
    """Return the choices of a row, one a line; those about an item of a list together, after its number."""
    items = [_NUMBERED.fullmatch(button.text) for button in row]
    about = {item[1] if item else "" for item in items}
    if len(about) != 1 or "" in about:
        return [f"{at}. {shortened(button.text, LABEL_LENGTH)}" for at, button in enumerate(row, start=first)]
    words = " · ".join(f"{at} {shortened(item[2], LABEL_LENGTH)}" for at, item in enumerate(items, start=first) if item)
    return [say(language, "menu.item", number=about.pop(), choices=words)]


def _words(language: str, out: Out) -> Iterator[str]:
    verbs = [action.verb for _, action in _read(out.buttons) if action is not None]
    for verb, keys in _WORDS.items():
        if verb in verbs and not any(say(language, key) in out.text for key in keys):
            yield say(language, keys[0])


def _choices(rows: Sequence[Sequence[Button]]) -> list[tuple[Button, Action | None]]:
    found = [(button, action) for button, action in _read(rows) if action is None or action.verb not in _WORDS]
    answered = {action.subject for _, action in found if action is not None and action.verb in ANSWERS}
    return found if len(answered) < 2 else []  # a bundle of several tasks is answered by code and number


def _read(rows: Sequence[Sequence[Button]]) -> list[tuple[Button, Action | None]]:
    return [(button, read_action(button.action)) for row in rows for button in row]
