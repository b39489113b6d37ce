"""How much the server takes in a sliding window: overall, of a private chat, of a group."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass

from tests.fakes.bot_api.refused import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages and seconds of each window; the real ones by default."""

    overall: int = 30
    overall_seconds: float = 1.0
    private: int = 1
    private_seconds: float = 1.0
    group: int = 20
    group_seconds: float = 60.0

    @classmethod
    def none(cls) -> "Limits":
        """Return limits nothing reaches, for tests about other things."""
        return cls(overall=10**9, private=10**9, group=10**9)


class Windows:
    """What was taken lately. A refused message counts for nothing."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._taken: dict[int | None, deque[float]] = {}

    def take(self, chat_id: int) -> None:
        """Count one message to the chat, or refuse it with 429 and the whole seconds until it would be taken."""
        now = asyncio.get_running_loop().time()
        windows = [(None, self.limits.overall, self.limits.overall_seconds), self._of_chat(chat_id)]
        wait = max(self._wait(key, count, seconds, now) for key, count, seconds in windows)
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        for key, _, _ in windows:
            self._taken[key].append(now)

    def _of_chat(self, chat_id: int) -> tuple[int, int, float]:
        if chat_id < 0:
            return chat_id, self.limits.group, self.limits.group_seconds
        return chat_id, self.limits.private, self.limits.private_seconds

    def _wait(self, key: int | None, count: int, seconds: float, now: float) -> float:
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= now - seconds:
            taken.popleft()
        return taken[len(taken) - count] + seconds - now if len(taken) >= count else 0.0
