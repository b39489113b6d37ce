"""How long the event loop was kept from everything else."""

import asyncio
import contextlib
from time import perf_counter
from types import TracebackType
from typing import Self

BEAT = 0.001


class Heartbeat:
    """Asks for a turn every millisecond; `worst` is the longest it waited beyond that, in seconds."""

    worst = 0.0
    worst_until = 0.0  # when that wait ended, on the performance counter

    async def __aenter__(self) -> Self:
        self._beating = asyncio.create_task(self._beat())
        await asyncio.sleep(10 * BEAT)
        self.worst = 0.0
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await asyncio.sleep(2 * BEAT)  # one more beat, or what blocked last would not be seen
        self._beating.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._beating

    async def _beat(self) -> None:
        while True:
            asked = perf_counter()
            await asyncio.sleep(BEAT)
            ended = perf_counter()
            if ended - asked - BEAT > self.worst:
                self.worst, self.worst_until = ended - asked - BEAT, ended
