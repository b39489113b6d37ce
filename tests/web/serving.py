"""A served page over a fake house, on loopback."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass
from typing import Any

import aiohttp
from aiohttp import web
from yarl import URL

from bot.web import make_app, serve
from tests.web.fake_host import FakeHost


@dataclass
class Site:
    """A running server: its house, where it is, and a client that speaks as the page does."""

    host: FakeHost
    client: aiohttp.ClientSession
    runner: web.AppRunner

    def __post_init__(self) -> None:
        self.port = int(self.runner.addresses[0][1])
        self.url = f"http://127.0.0.1:{self.port}"

    async def get(self, path: str | URL, **headers: str) -> aiohttp.ClientResponse:
        return await self._whole("GET", path, headers=headers)

    async def post(self, path: str, body: object, **headers: str) -> aiohttp.ClientResponse:
        return await self._whole("POST", path, json=body, headers={"X-Nhac-Viec": "1", **headers})

    async def send(self, path: str, data: object, **headers: str) -> aiohttp.ClientResponse:
        return await self._whole("POST", path, data=data, headers=headers)

    async def _whole(self, method: str, path: str | URL, **more: Any) -> aiohttp.ClientResponse:
        # Read to the end, which gives the connection back.
        answer = await self.client.request(method, self.url + path if isinstance(path, str) else path, **more)
        await answer.read()
        return answer


@contextlib.asynccontextmanager
async def served(host: FakeHost, *, demo: bool, max_upload: int = 1000, port: int = 0) -> AsyncIterator[Site]:
    """Serve the page of this house, on a free port unless one is named."""
    await host.local.open()
    listening = asyncio.create_task(host.local.listen(host.store))
    await asyncio.sleep(0)
    runner = await serve(make_app(host, host.local, demo=demo, max_upload=max_upload), "127.0.0.1", port)
    try:
        # Cookies of a bare address are refused by default.
        async with aiohttp.ClientSession(cookie_jar=aiohttp.CookieJar(unsafe=True)) as client:
            yield Site(host=host, client=client, runner=runner)
    finally:
        await runner.cleanup()
        listening.cancel()
