"""How fast messages leave, by arithmetic alone: what a channel's limiter does in real time."""

from collections import deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta

BURST = 2  # at once, at most
MINUTE = timedelta(minutes=1)


@dataclass(kw_only=True)
class Pace:
    """A channel's pace: so many messages a second, seconds between two to one person, messages a minute to one group."""

    per_second: int
    chat_seconds: int
    group_per_minute: int = 20
    _due_at: datetime | None = None
    _chats: dict[str, deque[datetime]] = field(default_factory=dict)

    @property
    def per_minute(self) -> int:
        """How many messages a minute take at most."""
        return self.per_second * 60

    def leave(self, chat_id: str, at: datetime, *, is_group: bool = False) -> datetime:
        """Return when a message that is ready at `at` leaves, and keep that in mind for those that follow."""
        interval = timedelta(seconds=1) / self.per_second
        count, span = (self.group_per_minute, MINUTE) if is_group else (1, timedelta(seconds=self.chat_seconds))
        said = self._chats.setdefault(chat_id, deque(maxlen=count))
        free_at = at if self._due_at is None else max(at, self._due_at - (BURST - 1) * interval)
        if len(said) == count:
            free_at = max(free_at, said[0] + span)
        self._due_at = max(free_at, self._due_at or free_at) + interval
        said.append(free_at)
        return free_at
