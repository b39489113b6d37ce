"""What time it is: the machine's clock, or a simulated one that runs faster and can be moved forward."""

import time
from datetime import UTC, datetime, timedelta
from typing import Protocol


class Clock(Protocol):
    """Tells the time, aware UTC."""

    speed: float
    is_simulated: bool

    def now(self) -> datetime:
        """Return what time it is."""


class RealClock:
    """The machine's clock."""

    speed = 1.0
    is_simulated = False

    def now(self) -> datetime:
        """Return what time it is."""
        return datetime.now(UTC)


class SimulatedClock:
    """A clock that starts at a moment, runs `speed` times as fast as the machine's, and can be set forward."""

    is_simulated = True

    def __init__(self, start: datetime, *, speed: float = 1.0) -> None:
        self.speed = speed
        self._base = start.astimezone(UTC)
        self._since = time.monotonic()

    def now(self) -> datetime:
        """Return the simulated time."""
        return self._base + timedelta(seconds=(time.monotonic() - self._since) * self.speed)

    def set_forward(self, to: datetime) -> None:
        """Go on from `to`; a moment that is past already changes nothing."""
        if to > self.now():
            self._base = to.astimezone(UTC)
            self._since = time.monotonic()
