"""One aiohttp session to a network, opened when it is needed, with a gate that is asked right before the first byte."""

from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from contextvars import ContextVar
from typing import Any

import aiohttp
from aiohttp.connector import Connection

from bot.channels.proxies import Proxies
from bot.domain.delivery import Failure
from bot.ports import MayGo, SendError, always

CONNECT_SECONDS = 10.0
CONNECTIONS = 64

# What aiohttp raises while it still has no connection; all else it raises after the first byte may have left.
NEVER_LEFT = (
    aiohttp.ClientConnectorError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.ClientHttpProxyError,
    aiohttp.InvalidURL,
)

_MAY_GO: ContextVar[MayGo] = ContextVar("may_go", default=always)


@contextmanager
def gated(may_go: MayGo) -> Iterator[None]:
    """Let the requests made inside ask `may_go` once they have their connection; a no is SendError FENCED, nothing left."""
    before = _MAY_GO.set(may_go)
    try:
        yield
    finally:
        _MAY_GO.reset(before)


class _GatedRequest(aiohttp.ClientRequest):
    # Making a connection takes up to ten seconds, in which a lease can end: asked any earlier, the answer is worth less.
    async def send(self, conn: Connection) -> aiohttp.ClientResponse:
        if not _MAY_GO.get()():
            raise SendError(Failure.FENCED, "not ours to send any more")
        return await super().send(conn)


class Wire:
    """Makes requests: no cookies, no redirects, through the proxy of the environment."""

    def __init__(self) -> None:
        self._session: aiohttp.ClientSession | None = None
        self._proxies = Proxies()

    def request(
        self, method: str, url: str, *, timeout: aiohttp.ClientTimeout, **given: Any
    ) -> AbstractAsyncContextManager[aiohttp.ClientResponse]:
        """Return aiohttp's own context manager of an answer; it raises what aiohttp raises, and SendError at the gate."""
        if self._session is None:
            self._session = aiohttp.ClientSession(
                connector=aiohttp.TCPConnector(limit=CONNECTIONS),
                cookie_jar=aiohttp.DummyCookieJar(),
                request_class=_GatedRequest,
            )
        proxy = self._proxies.of(url)
        return self._session.request(method, url, timeout=timeout, allow_redirects=False, proxy=proxy, **given)

    async def close(self) -> None:
        """Close the session; a later request opens a new one."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()
