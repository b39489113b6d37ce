"""Why a message did not arrive, and what follows."""

from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)
LONGEST_PROBE = timedelta(minutes=1)
SPREAD = (
    0.2  # a pause is lengthened or shortened by up to this part, so that what failed together is not tried together
)

CHATS_DOWN = 5  # that fail in a row, each without a fault of its own: then it is the channel
FEW_CHATS_DOWN = 3  # the same where nobody else is waiting


class Failure(StrEnum):
    """Every way a channel can fail to take a message. Closed: a channel maps all it meets onto these."""

    UNREACHABLE = "unreachable"  # no connection was made, or the network said 5xx: not delivered, worth another try
    THROTTLED = "throttled"  # too fast; try again after the pause the network names
    IN_DOUBT = "in_doubt"  # the request left and no answer came: it may have been delivered
    REJECTED = "rejected"  # this message will never be taken: our own fault
    CHAT_GONE = "chat_gone"  # blocked, deactivated, left or deleted: this contact cannot be written to
    CHAT_MOVED = "chat_moved"  # the group got another id: once more, there
    UNAUTHORIZED = "unauthorized"  # the token is refused: the channel as a whole stands still
    FENCED = "fenced"  # another process sends by now: nothing left, and no try is counted


RETRIED = frozenset({Failure.UNREACHABLE, Failure.THROTTLED, Failure.UNAUTHORIZED})

BLAMELESS = frozenset({Failure.UNREACHABLE, Failure.UNAUTHORIZED, Failure.IN_DOUBT})
"""Failures that say nothing against one chat: many in a row speak against the channel as a whole."""

HEARD_FROM = frozenset({Failure.THROTTLED, Failure.CHAT_GONE, Failure.CHAT_MOVED})
"""Failures that only a network that works can tell of."""


def next_attempt_at(
    *,
    now: datetime,
    attempts: int,
    retry_after: timedelta | None = None,
    chance: float = 0.5,
    longest: timedelta = LONGEST_PAUSE,
) -> datetime:
    """Return when to try again after `attempts` (>= 1) failures: doubling from 5 s to `longest`, spread by ±20 %.

    `chance` in [0, 1) says where in the spread; 0.5 is its middle. Never before `retry_after`, counted from `now`.
    """
    doublings: int = 2 ** min(attempts - 1, 20)
    pause = min(FIRST_PAUSE * doublings, longest) * (1 - SPREAD + 2 * SPREAD * chance)
    return now + max(pause, retry_after or timedelta())


def is_channel_down(*, failed_chats: int, others_wait: bool, failure: Failure) -> bool:
    """Say whether it is the channel: so many chats in a row failed without a fault of theirs, or our token is refused."""
    if failure is Failure.UNAUTHORIZED or failed_chats >= CHATS_DOWN:
        return True
    return failed_chats >= FEW_CHATS_DOWN and not others_wait
