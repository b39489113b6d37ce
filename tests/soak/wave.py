"""Watches a wave from the server's side, presses buttons meanwhile, and says how it went."""

import asyncio
import random
from collections import defaultdict
from dataclasses import dataclass, field
from statistics import quantiles
from typing import Any

import psutil

from tests.soak.server import Server
from tests.soak.town import FIRST_CHAT

IDEAL = 28.5  # messages a second: with 40 ms of jitter the highest even pace a strict server never refuses
EVERY = 1.5  # seconds between two presses
QUIET = 6.0  # seconds without a further message: the wave has passed
STILL = 2  # looks at which nobody new had been reached
LONGEST = 400.0


@dataclass(kw_only=True)
class Wave:
    """What was seen of one wave."""

    sends: list[dict[str, Any]] = field(default_factory=list)
    pressed: list[tuple[int, float]] = field(default_factory=list)  # chat, the server's seconds
    resident: list[float] = field(default_factory=list)  # MB, one a look

    @property
    def taken(self) -> list[dict[str, Any]]:
        """The messages that arrived."""
        return [send for send in self.sends if send["status"] == 200]

    @property
    def refused(self) -> int:
        """How many were answered 429."""
        return sum(send["status"] == 429 for send in self.sends)

    @property
    def seconds(self) -> float:
        """From the first message that arrived to the last that was the first of its chat: then only answers follow."""
        return float(self._passed[-1]["at"] - self.taken[0]["at"])

    @property
    def share_of_ideal(self) -> float:
        """Messages a second over what an even pace that is never refused would bring."""
        return (len(self._passed) - 1) / self.seconds / IDEAL

    @property
    def _passed(self) -> list[dict[str, Any]]:
        reached: dict[int, int] = {}
        for number, send in enumerate(self.taken):
            reached.setdefault(send["chat"], number)
        return self.taken[: max(reached.values()) + 1]

    def waited(self) -> list[float]:
        """Return how long each press waited for its answer's arrival, in seconds; unanswered ones count to the end."""
        by_chat = defaultdict(list)
        for send in self.taken:
            by_chat[send["chat"]].append(send["at"])
        end = self.taken[-1]["at"]
        return [next((at for at in by_chat[chat] if at > pressed), end) - pressed for chat, pressed in self.pressed]

    def p95(self) -> float:
        """Return the 95th percentile of the waiting for an answer."""
        waited = self.waited()
        return quantiles(waited, n=20)[-1] if len(waited) > 1 else max(waited, default=0.0)

    def grown(self) -> float:
        """Return by how many MB the process grew after the wave's first quarter."""
        return max(self.resident) - self.resident[len(self.resident) // 4]


async def watched(server: Server, *, people: int, pid: int, button: str) -> Wave:
    """Watch until the wave has passed, pressing `button` in chats that have their message for some seconds."""
    wave = Wave()
    process, chance = psutil.Process(pid), random.Random(5610)
    fresh = set(range(FIRST_CHAT, FIRST_CHAT + people))
    count, quiet, reached, still = 0, 0.0, 0, 0
    ready: list[tuple[int, int]] = []  # chats and their messages as they were one look ago
    async with asyncio.timeout(LONGEST):
        while quiet < QUIET or not count:
            await asyncio.sleep(EVERY)
            wave.resident.append(process.memory_info().rss / 1e6)
            if ready and still < STILL:  # nobody new is reached: the wave is over, only answers still go
                chat, message = ready.pop(chance.randrange(len(ready)))
                pressed = await server.post("press", user=chat, message_id=message, button=button)
                wave.pressed.append((chat, pressed["at"]))
            latest = await server.get("served")
            quiet = quiet + EVERY if latest["number"] == count else 0.0
            count = latest["number"]
            still = 0 if latest["chats"] > reached else still + 1
            reached = latest["chats"]
            ready = [(chat, message) for chat, message in latest["last"] if chat in fresh]
            fresh -= {chat for chat, _ in wave.pressed}
    wave.sends = await server.get("sends")
    return wave
