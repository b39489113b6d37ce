"""Zalo's Bot API over one aiohttp session: what was asked, what was answered, and whether it may have left."""

import json
from collections.abc import Mapping
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp

from bot.channels.wire import CONNECT_SECONDS, NEVER_LEFT, Wire, gated
from bot.channels.zalo.failures import Refusal, ZaloError, zalo_error
from bot.domain.delivery import Failure
from bot.ports import MayGo, SendError, always

API_URL = "https://bot-api.zaloplatforms.com"
READ_SECONDS = 20.0
POLL_GRACE = 10.0  # seconds an answer to a poll may be late
MAX_ANSWER = 1_000_000  # bytes; the longest answer, a text of 2000 letters, has a hundredth of it


class ZaloClient:
    """One bot's calls. Every failure is a SendError without the address, for the address holds the token."""

    def __init__(self, token: str, api_url: str = API_URL, *, read_seconds: float = READ_SECONDS) -> None:
        self._root = f"{api_url.rstrip('/')}/bot{token}"
        self._media_schemes = {"https", api_url.partition(":")[0]}
        self._read_seconds = read_seconds
        self._wire = Wire()

    async def call(self, method: str, params: Mapping[str, object] | None = None, *, may_go: MayGo = always) -> Any:
        """Return a method's result, None where it has none."""
        found = await self._ask(method, params or {}, read_seconds=self._read_seconds, may_go=may_go)
        if isinstance(found, Refusal):
            raise zalo_error(found)
        return found.get("result")

    async def poll(self, seconds: int) -> object:
        """Return the next event, None where none came in time. Asked for is given away: Zalo does not repeat it."""
        found = await self._ask("getUpdates", {"timeout": seconds}, read_seconds=seconds + POLL_GRACE)
        if isinstance(found, Refusal):
            if found.code == HTTPStatus.REQUEST_TIMEOUT and found.is_readable:
                return None
            raise zalo_error(found)
        return found.get("result")

    async def download(self, url: str, *, limit: int) -> bytes:
        """Return a picture's bytes; SendError REJECTED as soon as there are more than `limit`."""
        if url.partition(":")[0] not in self._media_schemes:
            raise SendError(Failure.UNREACHABLE, "the picture has no https address")
        try:
            async with self._wire.request("GET", url, timeout=self._timeout(self._read_seconds)) as answer:
                if answer.status != HTTPStatus.OK:  # its address has run out, most likely
                    raise SendError(Failure.UNREACHABLE, f"the picture could not be fetched ({answer.status})")
                content = await _read(answer, limit)
        except (aiohttp.ClientError, TimeoutError, OSError, ValueError) as error:
            raise SendError(Failure.UNREACHABLE, f"no answer: {type(error).__name__}") from None
        if len(content) > limit:
            raise SendError(Failure.REJECTED, "the file is too large")
        return content

    async def close(self) -> None:
        """Close the session; a later call opens a new one."""
        await self._wire.close()

    async def _ask(
        self, method: str, params: Mapping[str, object], *, read_seconds: float, may_go: MayGo = always
    ) -> Mapping[str, Any] | Refusal:
        url, timeout = f"{self._root}/{method}", self._timeout(read_seconds)
        try:
            with gated(may_go):
                async with self._wire.request("POST", url, json=params, timeout=timeout) as answer:
                    return _judged(answer.status, await _read(answer, MAX_ANSWER))
        except NEVER_LEFT as error:
            raise ZaloError(Failure.UNREACHABLE, f"no connection: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ZaloError(Failure.IN_DOUBT, f"no answer: {type(error).__name__}") from None

    def _timeout(self, read_seconds: float) -> aiohttp.ClientTimeout:
        # The total bounds an answer that comes drop by drop, each drop in time.
        return aiohttp.ClientTimeout(
            total=CONNECT_SECONDS + read_seconds, connect=CONNECT_SECONDS, sock_read=read_seconds
        )


async def _read(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return the body, or somewhat more than `limit` bytes of it."""
    body = bytearray()
    async for piece in answer.content.iter_chunked(65536):
        body += piece
        if len(body) > limit:
            break
    return bytes(body)


def _judged(status: int, body: bytes) -> Mapping[str, Any] | Refusal:
    """Return the envelope of a success, else why it is none: `ok` counts, not the HTTP status."""
    try:
        envelope = json.loads(body)
    except (ValueError, RecursionError):  # UnicodeDecodeError is a ValueError too
        envelope = None
    if not isinstance(envelope, dict):
        return Refusal(code=status, is_readable=False)
    if envelope.get("ok") is True:
        return envelope
    if "event_name" in envelope:  # an event without its envelope, as web hooks bring it; refusing it would lose it
        return {"ok": True, "result": envelope}
    code = envelope.get("error_code", envelope.get("errorCode"))
    if type(code) is not int:
        if "ok" not in envelope:
            return Refusal(code=status, is_readable=False)
        code = status
    said = envelope.get("description")
    return Refusal(code=code, said=said if isinstance(said, str) else "", retry_after=_pause(envelope))


def _pause(envelope: Mapping[str, Any]) -> timedelta | None:
    # Zalo documents no pause; where it names one as other networks do, it is kept.
    parameters = envelope.get("parameters")
    seconds = parameters.get("retry_after") if isinstance(parameters, dict) else None
    return timedelta(seconds=min(seconds, 86_400)) if type(seconds) is int and seconds >= 0 else None
