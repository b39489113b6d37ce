"""What went wrong, from the library's errors to our closed list."""

import re
from datetime import timedelta

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.domain.delivery import Failure
from bot.ports import SendError

# 400 answers that speak of the person or the group and not of the message; compared in lower case.
_GONE = (
    "chat not found",
    "user not found",
    "user is deactivated",
    "peer_id_invalid",
    "user_is_blocked",
    "group chat was deactivated",
    "chat_write_forbidden",
    "not enough rights to send",
    "need administrator rights in the channel chat",
)
_NUMBER = re.compile(r"\d{5,}")  # a chat id; a limit such as 4096 stays readable


def send_error(error: TelegramError) -> SendError:  # noqa: PLR0911  # one line per error of the library
    """Return the failure an error of the library stands for, without token, address, body or chat id."""
    match error:
        case RetryAfter():
            return SendError(Failure.THROTTLED, "too many requests", retry_after=_pause(error))
        case ChatMigrated():
            return SendError(Failure.CHAT_MOVED, "the group has another id", moved_to=str(error.new_chat_id))
        case Forbidden():
            return SendError(Failure.CHAT_GONE, _plain(error))
        case InvalidToken():
            return SendError(Failure.UNAUTHORIZED, "the token is refused")
        case Conflict():
            return SendError(Failure.UNREACHABLE, "another program uses this bot")
        case BadRequest():  # a NetworkError by inheritance, so it is asked for first
            return SendError(_refusal(error), _plain(error))
        case TimedOut():  # the same
            return SendError(Failure.IN_DOUBT, "no answer came")
        case NetworkError():
            return _network(error)
    return SendError(Failure.IN_DOUBT, "the answer could not be read")


def _pause(error: RetryAfter) -> timedelta:
    pause = error.retry_after
    return pause if isinstance(pause, timedelta) else timedelta(seconds=pause)


def _refusal(error: BadRequest) -> Failure:
    said = error.message.lower()
    return Failure.CHAT_GONE if any(words in said for words in _GONE) else Failure.REJECTED


def _network(error: NetworkError) -> SendError:
    said = error.message.lower()
    if said.startswith("no connection"):
        return SendError(Failure.UNREACHABLE, _plain(error))
    if "too many requests" in said:  # a 429 that names no pause
        return SendError(Failure.THROTTLED, "too many requests")
    if "(413)" in said or "entity too large" in said:
        return SendError(Failure.REJECTED, "too large")
    return SendError(Failure.UNREACHABLE, "the server answered with an error")


def _plain(error: TelegramError) -> str:
    return _NUMBER.sub("…", error.message)[:200]
