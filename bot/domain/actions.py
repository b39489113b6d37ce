"""What a button says, in at most 64 bytes: a verb, what it is about, and what the presser had before their eyes.

Nothing in it gives a right: a press is judged by who pressed. `seen` is the latest report shown with the button (0:
none); when another has come since, the press is about something that has changed and is answered with the new state.
"""

from dataclasses import dataclass
from enum import StrEnum

_VERSION = "1"
_DIGITS = "0123456789abcdefghijklmnopqrstuvwxyz"
_NUMBERS = range(36**12)  # twelve digits of base 36
_IDS = range(2**31)  # what every database holds in a key: PostgreSQL refuses to be asked for more


class Verb(StrEnum):
    """What a press means."""

    DONE = "s1"
    IN_PROGRESS = "s2"
    BLOCKED = "s3"
    EXTENSION = "s4"
    NOT_OURS = "s5"
    OPEN = "o"  # show the occurrence
    CORRECT = "c"  # offer the five answers afresh
    NOTE = "n"  # add a note to the report
    EVIDENCE = "e"  # add a file to the report
    NONE = "z"  # «không phát sinh», to the open question
    SKIP = "k"
    CANCEL = "x"
    ACCEPT = "a"
    RETURN = "r"
    EXTEND = "g"
    REFUSE = "f"
    FILES = "w"  # send me the files of the report
    MINE = "l"  # list my tasks
    QUEUE = "q"  # list what waits for a decision
    AGREE = "u"  # to a proposed catalogue
    DISAGREE = "v"
    EVENT = "y"  # ask for the day of the event that a task waits for
    EVENT_DAY = "d"  # it was on the day that `seen` counts (date.toordinal)
    LANGUAGE = "t"  # speak to me in the language of this place in our list
    CHANNEL = "h"  # write to this chat of mine first


ANSWERS = (Verb.DONE, Verb.IN_PROGRESS, Verb.BLOCKED, Verb.EXTENSION, Verb.NOT_OURS)
"""The verbs of the five answers, in the order of their numbers."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A verb on an occurrence or report (`subject`), 0 where it is about neither."""

    verb: Verb
    subject: int = 0
    seen: int = 0


def write_action(action: Action) -> str:
    """Return the action as a button carries it: "1:s1:2f:1c". Raises ValueError for an id outside 0 to 2^31 - 1."""
    if action.subject not in _IDS or action.seen not in _IDS:
        raise ValueError(f"no id of ours: {action.subject}, {action.seen}")
    return f"{_VERSION}:{action.verb}:{base36(action.subject)}:{base36(action.seen)}"


def read_action(text: str) -> Action | None:
    """Return what a button says, None for what we never wrote or no longer write."""
    parts = text.split(":")
    if len(parts) != 4 or parts[0] != _VERSION or len(text) > 64:
        return None
    try:
        found = Action(verb=Verb(parts[1]), subject=_number(parts[2]), seen=_number(parts[3]))
    except ValueError:
        return None
    return found if write_action(found) == text else None  # an action is written in one way only


def base36(number: int) -> str:
    """Return a whole number from 0 in digits and small letters. Raises ValueError past twelve digits."""
    if number not in _NUMBERS:
        raise ValueError(f"longer than twelve digits: {number}")
    digits = ""
    while number:
        number, digit = divmod(number, 36)
        digits = _DIGITS[digit] + digits
    return digits or "0"


def _number(text: str) -> int:
    if not text or any(letter not in _DIGITS for letter in text) or len(text) > 12:
        raise ValueError(text)
    number = int(text, 36)
    if number not in _IDS:
        raise ValueError(text)
    return number
