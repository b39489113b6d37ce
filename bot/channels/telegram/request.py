"""python-telegram-bot's requests over one aiohttp session, with a clear answer to "did it leave?"."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import aiohttp
from aiohttp.connector import Connection
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.proxies import Proxies
from bot.ports import MayGo, always

CONNECT_SECONDS = 10.0
READ_SECONDS = 20.0
WRITE_SECONDS = 10.0
UPLOAD_SECONDS = 120.0  # 50 MB, the most a bot may send, on a line of 4 Mbit/s
CONNECTIONS = 64

# What aiohttp raises while it still has no connection; all else it raises after the first byte may have left.
_NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)


_MAY_GO: ContextVar[MayGo] = ContextVar("may_go", default=always)


class TooLargeError(Exception):
    """A download was stopped because it grew past its bound."""


class FencedError(TelegramError):
    """The gate said no: nothing left."""


@contextmanager
def gated(may_go: MayGo) -> Iterator[None]:
    """Let the requests made inside ask `may_go` once they have their connection, right before their first byte."""
    before = _MAY_GO.set(may_go)
    try:
        yield
    finally:
        _MAY_GO.reset(before)


class _GatedRequest(aiohttp.ClientRequest):
    # Making a connection takes up to ten seconds, in which a lease can end: asked any earlier, the answer is worth less.
    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if not _MAY_GO.get()():
            raise FencedError("not ours to send any more")
        return await super().send(conn)


@dataclass(frozen=True, slots=True)
class _Said:
    """Parameters in the API's own shape, as far as the library looks into its own final class for them."""

    parameters: dict[str, Any]
    contains_files: bool = False


class AiohttpRequest(BaseRequest):
    """The library's documented extension point; httpx, its default, reaches a half to a ninth of the throughput.

    NetworkError means that nothing left, TimedOut that the request may have arrived. Neither holds the address, for the
    address holds the token; that is also why causes are cut off (`from None`).
    """

    __slots__ = ("_proxies", "_read_seconds", "_session")

    def __init__(self, *, read_seconds: float = READ_SECONDS) -> None:
        self._read_seconds = read_seconds
        self._session: aiohttp.ClientSession | None = None
        self._proxies = Proxies()

    @property
    def read_timeout(self) -> float | None:
        """Return the seconds waited for an answer where a call names none."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Do nothing: the session is made by the first request, in the loop that makes it."""

    async def shutdown(self) -> None:
        """Close the session; a later request opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def call(self, url: str, parameters: dict[str, Any]) -> Any:
        """Return the result of a method of the API; errors as the library's. Through its classes a message costs twice."""
        return await self.post(url, cast(RequestData, _Said(parameters)))

    # The timeouts are `object` because the library's type for "not given" is private to it.
    async def do_request(  # noqa: PLR0917  # the library's signature
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,  # noqa: ARG002  # waiting for a free connection is part of connecting
    ) -> tuple[int, bytes]:
        """Return status and body of one request."""
        upload = request_data is not None and request_data.contains_files
        timeout = _timeout(
            connect=_seconds(connect_timeout, CONNECT_SECONDS),
            write=_seconds(write_timeout, UPLOAD_SECONDS if upload else WRITE_SECONDS),
            read=_seconds(read_timeout, self._read_seconds),
        )
        body, headers = _body(request_data)
        proxy = self._proxies.of(url)
        try:
            async with self._open().request(
                method, url, data=body, headers=headers, timeout=timeout, allow_redirects=False, proxy=proxy
            ) as answer:
                return answer.status, await answer.read()
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _said_plainly(error) from None

    async def download(self, url: str, *, limit: int) -> tuple[int, bytes]:
        """Return status and body of a file; TooLargeError as soon as there are more than `limit` bytes.

        The body of any answer but 200 is left unread.
        """
        timeout = _timeout(connect=CONNECT_SECONDS, write=UPLOAD_SECONDS, read=self._read_seconds)
        read = bytearray()
        try:
            proxy = self._proxies.of(url)
            async with self._open().get(url, timeout=timeout, allow_redirects=False, proxy=proxy) as answer:
                if answer.status != HTTPStatus.OK:
                    return answer.status, b""
                async for piece in answer.content.iter_chunked(65536):
                    read += piece
                    if len(read) > limit:
                        raise TooLargeError
                return answer.status, bytes(read)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _said_plainly(error) from None

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """Return the answer as an object; TelegramError for anything else. Unlike the original it logs no bodies."""
        try:
            answer = json.loads(payload)
        except ValueError:  # UnicodeDecodeError is one too
            raise TelegramError("Invalid server response") from None
        if not isinstance(answer, dict):
            raise TelegramError("Invalid server response")
        return answer

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_GatedRequest,
            )
        return self._session


def _seconds(given: object, default: float) -> float | None:
    if given is None:
        return None
    return float(given) if isinstance(given, int | float) else default


def _timeout(*, connect: float | None, write: float | None, read: float | None) -> aiohttp.ClientTimeout:
    # `sock_read` starts once the body is written: only the total bounds a line that takes no more bytes.
    parts = (connect, write, read)
    total = None if None in parts else sum(part for part in parts if part is not None)
    return aiohttp.ClientTimeout(total=total, connect=connect, sock_connect=connect, sock_read=read)


def _body(request_data: RequestData | None) -> tuple[bytes | aiohttp.FormData | None, dict[str, str]]:
    """Return the body and the headers of a request: JSON, which is quickly made, and a form where files go with it."""
    headers = {"User-Agent": BaseRequest.USER_AGENT}
    if not request_data:
        return None, headers
    if not request_data.contains_files:
        return json.dumps(request_data.parameters).encode(), {**headers, "Content-Type": "application/json"}
    # quote_fields off: Telegram reads file names as UTF-8 bytes, percent signs would be shown to people.
    form = aiohttp.FormData(quote_fields=False)
    for name, value in request_data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, media) in request_data.multipart_data.items():
        form.add_field(name, content, filename=filename, content_type=media)
    return form, headers


def _said_plainly(error: BaseException) -> NetworkError:
    kind = type(error).__name__
    if isinstance(error, _NEVER_LEFT):
        return NetworkError(f"no connection: {kind}")
    return TimedOut(f"no answer: {kind}")
