"""What becomes of a message once its sending has ended, written down in one transaction."""

from datetime import datetime

from bot.domain.calendar import local_day
from bot.domain.delivery import BLAMELESS, RETRIED, Failure, is_channel_down, next_attempt_at
from bot.ports import SendError, Sent
from bot.store import Tx, contacts, lines, notices, outbox, people
from bot.store.notices import NoticeKind
from bot.store.outbox import Claimed, State
from bot.texts import say


class BrokenChannelError(SendError):
    """A channel broke its promise in the middle of a sending: nobody knows how far the message came."""

    def __init__(self, kind: str) -> None:
        super().__init__(Failure.IN_DOUBT, kind)


def land(tx: Tx, letter: Claimed, sent: Sent, *, is_suspect: bool, now: datetime) -> None:
    """Record that a message was taken; where its channel was suspected or down, that it works again."""
    outbox.settle(tx, letter.id, state=State.SENT, now=now, message_id=sent.message_id)
    outbox.settle_repeated(tx, letter.key, now=now)
    if is_suspect:
        works(tx, letter.channel, now=now)


def works(tx: Tx, channel: str, *, now: datetime) -> None:
    """Record that a channel works; what waited for it may go at once."""
    lines.mark_up(tx, channel, reasons=[*BLAMELESS], now=now)


def fail(tx: Tx, letter: Claimed, error: SendError, *, chance: float, now: datetime) -> None:
    """Record that a message was not taken, and all that follows from why."""
    if error.failure is Failure.CHAT_GONE:
        contacts.mark_gone(tx, channel=letter.channel, chat_id=letter.chat_id, why=error.reason, now=now)
    if error.failure is Failure.REJECTED or isinstance(error, BrokenChannelError):
        _tell_admins(tx, letter, error.reason, now=now)
    if error.failure is Failure.CHAT_MOVED and error.moved_to and letter.reason != Failure.CHAT_MOVED:
        contacts.move_chat(tx, channel=letter.channel, old=letter.chat_id, new=error.moved_to)
        outbox.postpone(tx, letter.id, until=now, reason=error.failure, chat_id=error.moved_to)
    elif error.failure is Failure.FENCED:
        outbox.postpone(tx, letter.id, until=now, reason=letter.reason, is_tried=False)
    elif error.failure in RETRIED:
        _try_again(tx, letter, error, chance=chance, now=now)
    elif error.failure is Failure.IN_DOUBT:
        outbox.settle(tx, letter.id, state=State.IN_DOUBT, now=now, reason=error.failure)
        say_again(tx, letter.id, now=now)
    else:
        why = f"{error.failure}: {error.reason}" if error.failure is Failure.REJECTED else str(error.failure)
        outbox.settle(tx, letter.id, state=State.FAILED, now=now, reason=why)


def goes_down(tx: Tx, letter: Claimed, error: SendError, *, failed_chats: frozenset[str], now: datetime) -> bool:
    """Return whether a failure shows that the channel as a whole is down, which is then recorded."""
    waits = lines.others_wait(tx, letter.channel, but=failed_chats, now=now)
    if not is_channel_down(failed_chats=len(failed_chats), others_wait=waits, failure=error.failure):
        return False
    lines.mark_down(tx, letter.channel, reason=error.failure, now=now)
    return True


def put_off(tx: Tx, letter: Claimed, error: SendError, *, until: datetime) -> None:
    """Put back what nobody took because its channel is down; that is no try of this message."""
    outbox.postpone(tx, letter.id, until=until, reason=error.failure, is_tried=False)


def doubt_stale(tx: Tx, *, epoch: int, flying: frozenset[int], now: datetime) -> None:
    """Declare in doubt what a sender left behind that is no more, and say again what must not be lost."""
    for letter_id in outbox.doubt_stale(tx, now=now, epoch=epoch, flying=flying):
        say_again(tx, letter_id, now=now)


def say_again(tx: Tx, letter_id: int, *, now: datetime) -> None:
    """Repeat a message in doubt, marked in its reader's language, where its lane asks for that."""
    person_id = outbox.person_of(tx, letter_id)
    person = people.by_id(tx, person_id) if person_id is not None else None
    outbox.repeat(tx, letter_id, mark=say(person.language if person else "vi", "letter.repeat"), now=now)


def _try_again(tx: Tx, letter: Claimed, error: SendError, *, chance: float, now: datetime) -> None:
    at = next_attempt_at(now=now, attempts=letter.attempts + 1, retry_after=error.retry_after, chance=chance)
    if at < letter.expires_at:
        outbox.postpone(tx, letter.id, until=at, reason=error.failure)
    else:
        outbox.settle(tx, letter.id, state=State.FAILED, now=now, reason=error.failure)


def _tell_admins(tx: Tx, letter: Claimed, reason: str, *, now: datetime) -> None:
    # One notice a day for one defect, or a wave of a thousand messages would be a letter of a thousand lines.
    key = f"rejected:{letter.channel}:{reason}:{local_day(now)}"
    words = {"outbox": str(letter.id), "channel": letter.channel, "reason": reason}
    notices.raise_notice(tx, key=key, kind=NoticeKind.MESSAGE_REJECTED, words=words, now=now)
