"""Zalo's Bot API over one aiohttp session: what was asked, what was answered, and whether it may have left."""

import json
from collections.abc import Mapping
from contextvars import ContextVar
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import aiohttp
from aiohttp.connector import Connection

from bot.channels.proxies import Proxies
from bot.channels.zalo.failures import Refusal, ZaloError, zalo_error
from bot.domain.delivery import Failure
from bot.ports import MayGo, SendError, always

API_URL = "https://bot-api.zaloplatforms.com"
CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
POLL_GRACE = 10.0  # seconds an answer to a poll may be late
CONNECTIONS = 64
MAX_ANSWER = 1_000_000  # bytes; the longest answer, a text of 2000 letters, has a hundredth of it

# What aiohttp raises while it still has no connection; all else it raises after the first byte may have left.
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)
_MAY_GO: ContextVar[MayGo] = ContextVar("zalo_may_go", default=always)


class _GatedRequest(aiohttp.ClientRequest):
    # Making a connection takes up to ten seconds, in which a lease can end: asked any earlier, the answer is worth less.
    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if not _MAY_GO.get()():
            raise SendError(Failure.FENCED, "not ours to send any more")
        return await super().send(conn)


class ZaloClient:
    """One bot's calls. Every failure is a SendError without the address, for the address holds the token."""

    def __init__(self, token: str, api_url: str = API_URL, *, read_seconds: float = READ_SECONDS) -> None:
        self._root = f"{api_url.rstrip('/')}/bot{token}"
        self._media_schemes = {"https", api_url.partition(":")[0]}
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None
        self._proxies = Proxies()

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
            proxy, timeout = self._proxies.of(url), self._timeout(self._read_seconds)
            async with self._open().get(url, timeout=timeout, allow_redirects=False, proxy=proxy) as answer:
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
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _ask(
        self, method: str, params: Mapping[str, object], *, read_seconds: float, may_go: MayGo = always
    ) -> Mapping[str, Any] | Refusal:
        proxy, timeout = self._proxies.of(self._root), self._timeout(read_seconds)
        before = _MAY_GO.set(may_go)
        try:
            async with self._open().post(
                f"{self._root}/{method}", json=params, timeout=timeout, allow_redirects=False, proxy=proxy
            ) as answer:
                return _judged(answer.status, await _read(answer, MAX_ANSWER))
        except _NEVER_LEFT as error:
            raise ZaloError(Failure.UNREACHABLE, f"no connection: {type(error).__name__}") from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise ZaloError(Failure.IN_DOUBT, f"no answer: {type(error).__name__}") from None
        finally:
            _MAY_GO.reset(before)

    def _timeout(self, read_seconds: float) -> aiohttp.ClientTimeout:
        # The total bounds an answer that comes drop by drop, each drop in time.
        return aiohttp.ClientTimeout(
            total=CONNECT_SECONDS + read_seconds, connect=CONNECT_SECONDS, sock_read=read_seconds
        )

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_GatedRequest,
            )
        return self._session


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
