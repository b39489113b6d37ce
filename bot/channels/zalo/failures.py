"""What went wrong, from Zalo's answers to our closed list."""

import re
from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus

from bot.domain.delivery import Failure
from bot.ports import SendError

# Words of a refusal that speak of the person and not of the message; compared in lower case. Zalo publishes none of
# them: these are the ones that other networks use, and what is not among them fails the message and not the contact.
_GONE = (
    "chat not found",
    "user not found",
    "chat_id not found",
    "invalid chat_id",
    "blocked by the user",
    "user has blocked",
    "user is deactivated",
    "not a member of the chat",
)
_ID = re.compile(r"(?=\w*\d)\w{8,}")  # a chat or a message, or a piece of a token; a limit such as 2000 stays readable
_MAY_HAVE_ARRIVED = frozenset({HTTPStatus.REQUEST_TIMEOUT, HTTPStatus.GATEWAY_TIMEOUT})


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """An answer that is not "ok": Zalo's error code (the HTTP status where it gave none), its words, the pause asked for.

    `is_readable` is False for a body that is no answer of Zalo's at all: a proxy's page, half a line.
    """

    code: int
    said: str = ""
    retry_after: timedelta | None = None
    is_readable: bool = True


class ZaloError(SendError):
    """A failure that came as an answer; `code` is Zalo's error code, 0 where no answer came."""

    def __init__(self, failure: Failure, reason: str, *, code: int = 0, retry_after: timedelta | None = None) -> None:
        super().__init__(failure, reason, retry_after=retry_after)
        self.code = code


def zalo_error(refusal: Refusal) -> ZaloError:
    """Return the failure a refusal stands for, without token, chat id or body.

    The codes are those of https://docs.zaloplatforms.com/docs/BOT: 403 is Zalo's own internal error and no verdict on
    a person; 408 and 504 say that somebody behind the door did not answer in time, so the message may have gone out.
    """
    code = refusal.code
    if not refusal.is_readable and code < HTTPStatus.BAD_REQUEST:
        # A redirect was not followed, so nothing arrived; a page with 200 may come from in front of Zalo or behind it.
        failure = Failure.IN_DOUBT if code < HTTPStatus.MULTIPLE_CHOICES else Failure.UNREACHABLE
        return ZaloError(failure, "the answer could not be read", code=code)
    return ZaloError(_failure(refusal), _plain(refusal), code=code, retry_after=refusal.retry_after)


def _failure(refusal: Refusal) -> Failure:
    match refusal.code:
        case HTTPStatus.UNAUTHORIZED:
            return Failure.UNAUTHORIZED
        case HTTPStatus.TOO_MANY_REQUESTS:
            return Failure.THROTTLED
        case code if code in _MAY_HAVE_ARRIVED:
            return Failure.IN_DOUBT
        case code if not HTTPStatus.BAD_REQUEST <= code < HTTPStatus.INTERNAL_SERVER_ERROR:
            return Failure.UNREACHABLE
    if any(words in refusal.said.lower() for words in _GONE):
        return Failure.CHAT_GONE
    return Failure.UNREACHABLE if refusal.code == HTTPStatus.FORBIDDEN else Failure.REJECTED


def _plain(refusal: Refusal) -> str:
    said = _ID.sub("…", refusal.said)[:100]
    return f"{refusal.code} {said}".rstrip()
