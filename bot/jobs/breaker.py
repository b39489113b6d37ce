"""Which channels are down, as the sender knows it: nothing but a probe is sent on them."""

from collections import defaultdict
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import datetime

from bot.domain.delivery import LONGEST_PROBE, next_attempt_at

Chance = Callable[[], float]


@dataclass(slots=True)
class _Line:
    probe_at: datetime
    tries: int = 1
    is_tried: bool = False  # a probe is on its way


class Breaker:
    """In memory; `bot.store.lines` keeps what must outlive the process. Probes go one at a time, 5 s to a minute apart."""

    def __init__(self, chance: Chance) -> None:
        self._chance = chance
        self._suspects: dict[str, set[str]] = defaultdict(set)
        self._down: dict[str, _Line] = {}

    @property
    def down(self) -> frozenset[str]:
        """Return the channels that are down."""
        return frozenset(self._down)

    def is_suspect(self, channel: str) -> bool:
        """Say whether the last thing a channel did was to fail."""
        return channel in self._down or channel in self._suspects

    def agree(self, down: Collection[str], *, now: datetime) -> None:
        """Take over what the store says: another process, or the one before us, may have found it out."""
        for channel in down:
            self._down.setdefault(channel, _Line(probe_at=now))
        for channel in self._down.keys() - set(down):
            self.works(channel)

    def failed(self, channel: str, chat_id: str) -> frozenset[str]:
        """Return the chats in which a channel has failed since it last worked, this one among them."""
        self._suspects[channel].add(chat_id)
        return frozenset(self._suspects[channel])

    def trust(self, channel: str) -> bool:
        """Forget at once the failures before a success; return whether the channel was suspected or is down."""
        return self._suspects.pop(channel, None) is not None or channel in self._down

    def works(self, channel: str) -> None:
        """Know that a channel works."""
        self._suspects.pop(channel, None)
        self._down.pop(channel, None)

    def opens(self, channel: str, *, now: datetime) -> None:
        """Know that a channel is down."""
        self._down.setdefault(channel, _Line(probe_at=self._after(1, now)))

    def retry_at(self, channel: str) -> datetime:
        """Return when a channel that is down is tried again."""
        return self._down[channel].probe_at

    def to_probe(self, now: datetime) -> tuple[str, ...]:
        """Return the channels whose next probe is due."""
        far = now + 2 * LONGEST_PROBE  # only a clock that was set back makes a probe so late
        due = (name for name, line in self._down.items() if not now < line.probe_at < far)
        return tuple(name for name in due if not self._down[name].is_tried)

    def probes(self, channel: str) -> None:
        """Know that a probe is on its way."""
        self._down[channel].is_tried = True

    def probe_failed(self, channel: str, *, now: datetime) -> None:
        """Know that a probe came back without good news: the next one goes later."""
        if channel in self._down:
            tries = self._down[channel].tries + 1
            self._down[channel] = _Line(probe_at=self._after(tries, now), tries=tries)

    def _after(self, tries: int, now: datetime) -> datetime:
        return next_attempt_at(now=now, attempts=tries, chance=self._chance(), longest=LONGEST_PROBE)
