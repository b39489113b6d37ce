"""Why a message did not arrive, and what follows."""

from datetime import datetime, timedelta
from enum import StrEnum

FIRST_PAUSE = timedelta(seconds=5)
LONGEST_PAUSE = timedelta(minutes=15)


class Failure(StrEnum):
    """Every way a channel can fail to take a message. Closed: a channel maps all it meets onto these."""

    UNREACHABLE = "unreachable"  # no connection was made, or the network said 5xx: not delivered, worth another try
    THROTTLED = "throttled"  # too fast; try again after the pause the network names
    IN_DOUBT = "in_doubt"  # the request left and no answer came: it may have been delivered
    REJECTED = "rejected"  # this message will never be taken: our own fault
    CHAT_GONE = "chat_gone"  # blocked, deactivated, left or deleted: this contact cannot be written to
    CHAT_MOVED = "chat_moved"  # the group got another id: once more, there
    UNAUTHORIZED = "unauthorized"  # the token is refused: the channel as a whole stands still


RETRIED = frozenset({Failure.UNREACHABLE, Failure.THROTTLED, Failure.UNAUTHORIZED})


def next_attempt_at(*, now: datetime, attempts: int, retry_after: timedelta | None = None) -> datetime:
    """Return when to try again after `attempts` (>= 1) failures: doubling from 5 s to 15 min.

    Never before `retry_after`, which is counted from `now`.
    """
    doublings: int = 2 ** min(attempts - 1, 20)
    return now + max(min(FIRST_PAUSE * doublings, LONGEST_PAUSE), retry_after or timedelta())
