"""A tap on the wire between a bot and the Bot API server: tells when getUpdates was first asked."""

import asyncio
import contextlib
from time import perf_counter
from types import TracebackType
from typing import Self


class Tap:
    """Passes every byte both ways. `url` is where a bot is to turn to."""

    url = ""

    def __init__(self, host: str, port: int) -> None:
        self._beyond = (host, port)
        self.first_poll: asyncio.Future[float]

    async def __aenter__(self) -> Self:
        self.forget()
        self._server = await asyncio.start_server(self._pass, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()

    def forget(self) -> None:
        """Wait for the next bot's first getUpdates."""
        self.first_poll = asyncio.get_running_loop().create_future()

    async def _pass(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        far_reader, far_writer = await asyncio.open_connection(*self._beyond)
        there = asyncio.create_task(self._copy(reader, far_writer))
        await self._copy(far_reader, writer)
        there.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await there

    async def _copy(self, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        with contextlib.suppress(ConnectionError):
            while piece := await source.read(65_536):
                if b"/getUpdates" in piece and not self.first_poll.done():
                    self.first_poll.set_result(perf_counter())
                target.write(piece)
                await target.drain()
        target.close()
