"""How the line to a network stands, and how long to wait after a failure."""

import logging
import time
from collections.abc import Awaitable, Callable
from enum import StrEnum

log = logging.getLogger(__name__)

Pause = Callable[[float], Awaitable[None]]

FIRST_PAUSE = 1.0
LONGEST_PAUSE = 30.0
LONGEST_PAUSE_UNAUTHORIZED = 300.0  # only a person can help, and a refused token asked often gets the address blocked


class State(StrEnum):
    """How the line to a network stands."""

    OK = "ok"
    UNREACHABLE = "unreachable"
    UNAUTHORIZED = "unauthorized"
    CONFLICT = "conflict"  # another program asks for the same bot's updates, or a web hook takes them


_LONGEST = {State.UNAUTHORIZED: LONGEST_PAUSE_UNAUTHORIZED}
_ADVICE = {
    State.UNREACHABLE: "trying again until it answers",
    State.UNAUTHORIZED: "the token is refused; set another one and start again",
    State.CONFLICT: "another program uses this bot; stop one of the two",
}


class Line:
    """Remembers how the line stands: says each change once in the log, and how long to wait after a failure."""

    def __init__(self, network: str, pause: Pause) -> None:
        self.state = State.UNREACHABLE  # until the network has answered once
        self._network = network
        self._pause = pause
        self._failures = 0
        self._answered_at = time.monotonic()

    @property
    def quiet_seconds(self) -> float:
        """How long ago the network last answered, or this line was made."""
        return time.monotonic() - self._answered_at

    def up(self) -> None:
        """Note an answer."""
        self._answered_at = time.monotonic()
        if self._failures:
            log.info("%s answers again after failures=%d", self._network, self._failures)
        self.state, self._failures = State.OK, 0

    async def failed(self, state: State, *, reason: str, least: float = 0.0) -> None:
        """Note a failure and wait: doubling from a second, never less than `least`, which the network asked for."""
        if not self._failures or state is not self.state:
            level = logging.WARNING if state is State.UNREACHABLE else logging.ERROR
            log.log(level, "%s state=%s: %s reason=%s", self._network, state, _ADVICE[state], reason)
            self._failures = 0
        self.state = state
        self._failures += 1
        await self.wait(self._failures, longest=_LONGEST.get(state, LONGEST_PAUSE), least=least)

    async def wait(self, failures: int, *, longest: float = LONGEST_PAUSE, least: float = 0.0) -> None:
        """Wait as long as so many failures in a row deserve."""
        await self._pause(max(least, min(FIRST_PAUSE * 2 ** min(failures - 1, 10), longest)))
