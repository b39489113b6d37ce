"""What a letter is: its lane, how long it is worth sending, its states, its parts."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import IntEnum, StrEnum
from zlib import crc32

from bot.domain.actions import base36
from bot.ports import Caps, Out
from bot.texts import say
from bot.texts.choices import written_out
from bot.texts.lengths import parts

AGAIN = "!"  # ends the key of a repeat
PART = "#"  # stands before the number of a part


class Lane(IntEnum):
    """Who goes first when many wait. ANSWER is also for who joins."""

    ANSWER = 0
    ESCALATION = 1
    LAST_CALL = 2
    REMINDER = 3
    SUMMARY = 4


LIFE = {
    Lane.ANSWER: timedelta(minutes=1),  # who waits longer asks again
    Lane.ESCALATION: timedelta(days=4),  # a long weekend: it leaves in office hours only
    Lane.LAST_CALL: timedelta(hours=12),  # by night the next step covers it
    Lane.REMINDER: timedelta(hours=12),
    Lane.SUMMARY: timedelta(days=3),
}
"""How long a letter that names no end of its own is worth sending, from `not_before` on."""


REPEATED = frozenset({Lane.ESCALATION, Lane.LAST_CALL, Lane.SUMMARY})
"""Lanes whose messages are sent once more, visibly marked, when it is in doubt whether they arrived.

An ordinary reminder is not: the next step covers it. An answer is not: whoever waits for it asks again.
"""


class State(StrEnum):
    """Where a message is. IN_DOUBT left the machine and was never answered: it may have arrived."""

    WAITING = "waiting"
    CLAIMED = "claimed"
    SENT = "sent"
    FAILED = "failed"
    IN_DOUBT = "in_doubt"
    CANCELLED = "cancelled"
    SUPERSEDED = "superseded"  # it never left: a newer one says what it would have said
    SHADOWED = "shadowed"  # it never left: in a trial run the admins get a copy


ANSWERED = "answered"  # the network's answer came after all

SETTLED_BY_MORE = ("repeated", "pressed", "named", ANSWERED)
"""The reasons of a message sent that was in doubt before: by its repeat, a press on it, its reference, a late answer."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """A message on its way in. `key` makes twice once; it goes at `not_before` and is worth sending until `expires_at`.

    Without an end of its own it lives as long as its lane's letters do.
    """

    key: str
    channel: str
    chat_id: str
    out: Out
    lane: Lane
    person_id: int | None = None
    language: str = "vi"
    not_before: datetime | None = None
    expires_at: datetime | None = None


def logical(key: str) -> str:
    """Return the key of the whole message: what a part's or a repeat's key begins with."""
    return key.removesuffix(AGAIN).partition(PART)[0]


def reference(key: str) -> str:
    """Return the short reference that a message and its repeat both carry: "1K9F2A"."""
    return base36(crc32(logical(key).encode())).upper()


def letters(letter: Letter, *, caps: Caps) -> list[Letter]:
    """Return a letter as the rows it needs: one, or one for each part that the channel takes, keys numbered.

    A part that fails is then repeated alone. What may be repeated names its reference at the end. For a channel without
    buttons the last part ends with what they say, as numbers and words to type; it keeps them as what these mean.
    """
    out = letter.out
    if letter.lane in REPEATED and out.file is None:
        named = say(letter.language, "letter.reference", reference=reference(letter.key))
        out = replace(out, text=f"{out.text}\n\n{named}")
    outs = parts(out, caps.max_text, end="" if caps.buttons else written_out(letter.language, out))
    if len(outs) == 1:
        return [replace(letter, out=outs[0])]
    return [replace(letter, key=f"{letter.key}{PART}{number}", out=each) for number, each in enumerate(outs, start=1)]
