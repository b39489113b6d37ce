"""How much the server takes: overall by a sliding window and, where asked, by a token bucket too; of a chat; of a group."""

import asyncio
import math
from collections import deque
from dataclasses import dataclass

from tests.fakes.bot_api.refused import RefusedError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """Messages and seconds of each window; the real ones by default. `bucket`: a token bucket as large and as fast besides.

    Nobody outside Telegram knows which of the two it counts by; who passes both passes either.
    """

    overall: int = 30
    overall_seconds: float = 1.0
    private: int = 1
    private_seconds: float = 1.0
    group: int = 20
    group_seconds: float = 60.0
    bucket: bool = False

    @classmethod
    def none(cls) -> "Limits":
        """Return limits nothing reaches, for tests about other things."""
        return cls(overall=10**9, private=10**9, group=10**9)


class Windows:
    """What was taken lately. A refused message counts for nothing."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self._taken: dict[int | None, deque[float]] = {}
        self._tokens = float(limits.overall)
        self._filled_at = 0.0

    def take(self, chat_id: int) -> None:
        """Count one message to the chat, or refuse it with 429 and the whole seconds until it would be taken."""
        now = asyncio.get_running_loop().time()
        windows = [(None, self.limits.overall, self.limits.overall_seconds), self._of_chat(chat_id)]
        wait = max(self._wait(key, count, seconds, now) for key, count, seconds in windows)
        if self.limits.bucket:
            wait = max(wait, self._wait_for_token(now))
        if wait > 0:
            seconds = max(1, math.ceil(wait))
            raise RefusedError(429, f"Too Many Requests: retry after {seconds}", retry_after=seconds)
        self._tokens -= 1
        for key, _, _ in windows:
            self._taken[key].append(now)

    def _wait_for_token(self, now: float) -> float:
        rate = self.limits.overall / self.limits.overall_seconds
        self._tokens = min(self.limits.overall, self._tokens + (now - self._filled_at) * rate)
        self._filled_at = now
        return max(0.0, (1 - self._tokens) / rate)

    def _of_chat(self, chat_id: int) -> tuple[int, int, float]:
        if chat_id < 0:
            return chat_id, self.limits.group, self.limits.group_seconds
        return chat_id, self.limits.private, self.limits.private_seconds

    def _wait(self, key: int | None, count: int, seconds: float, now: float) -> float:
        taken = self._taken.setdefault(key, deque())
        while taken and taken[0] <= now - seconds:
            taken.popleft()
        return taken[len(taken) - count] + seconds - now if len(taken) >= count else 0.0
