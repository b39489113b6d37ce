"""The strict Bot API server, far away, as a process of its own; steered over its control."""

import asyncio
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from tests.bench.children import ROOT, environment

AWAY = 0.05  # seconds there and back
JITTER = 0.04


class Server:
    """What a soak asks of the server."""

    def __init__(self, url: str, session: aiohttp.ClientSession) -> None:
        self.url = url
        self._session = session

    async def post(self, verb: str, **body: Any) -> Any:
        """Steer."""
        async with self._session.post(f"{self.url}/_control/{verb}", json=body) as answer:
            return await answer.json()

    async def get(self, view: str, **query: Any) -> Any:
        """Look."""
        async with self._session.get(f"{self.url}/_control/{view}", params=query) as answer:
            return await answer.json()


@asynccontextmanager
async def far_server() -> AsyncIterator[Server]:
    """Run the server while a block lasts."""
    process = await spawned("tests.fakes.bot_api", "--bucket", "--away", AWAY, "--jitter", JITTER)
    try:
        url = await line_of(process)
        async with aiohttp.ClientSession() as session:
            yield Server(url, session)
    finally:
        process.kill()
        await process.wait()


async def spawned(module: str, *words: object, **settings: str) -> Process:
    """Start a module of the tests as a process."""
    return await asyncio.create_subprocess_exec(
        *(sys.executable, "-W", "ignore", "-m", module, *map(str, words)),
        cwd=ROOT,
        env=environment() | settings,
        stdin=PIPE,
        stdout=PIPE,
        limit=2**24,
    )


async def line_of(process: Process) -> str:
    """Return the next line a process prints."""
    assert process.stdout is not None
    line = await process.stdout.readline()
    assert line, "the process ended"
    return line.decode().strip()
