"""python-telegram-bot's requests over one aiohttp session, with a clear answer to "did it leave?"."""

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, cast

import aiohttp
from telegram.error import NetworkError, TelegramError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.wire import CONNECT_SECONDS, NEVER_LEFT, Wire
from bot.ports import SendError

READ_SECONDS = 20.0
WRITE_SECONDS = 10.0
UPLOAD_SECONDS = 120.0  # 50 MB, the most a bot may send, on a line of 4 Mbit/s


class TooLargeError(Exception):
    """A download was stopped because it grew past its bound."""


class FencedError(TelegramError):
    """The gate said no: nothing left."""


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

    __slots__ = ("_read_seconds", "_wire")

    def __init__(self, *, read_seconds: float = READ_SECONDS) -> None:
        self._read_seconds = read_seconds
        self._wire = Wire()

    @property
    def read_timeout(self) -> float | None:
        """Return the seconds waited for an answer where a call names none."""
        return self._read_seconds

    async def initialize(self) -> None:
        """Do nothing: the session is made by the first request, in the loop that makes it."""

    async def shutdown(self) -> None:
        """Close the session; a later request opens a new one."""
        await self._wire.close()

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
        try:
            async with self._wire.request(method, url, data=body, headers=headers, timeout=timeout) as answer:
                return answer.status, await answer.read()
        except SendError as error:
            raise FencedError(error.reason) from None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            raise _said_plainly(error) from None

    async def download(self, url: str, *, limit: int) -> tuple[int, bytes]:
        """Return status and body of a file; TooLargeError as soon as there are more than `limit` bytes.

        The body of any answer but 200 is left unread.
        """
        timeout = _timeout(connect=CONNECT_SECONDS, write=UPLOAD_SECONDS, read=self._read_seconds)
        read = bytearray()
        try:
            async with self._wire.request("GET", url, timeout=timeout) as answer:
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
    if isinstance(error, NEVER_LEFT):
        return NetworkError(f"no connection: {kind}")
    return TimedOut(f"no answer: {kind}")
