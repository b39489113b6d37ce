"""How often one visitor may speak."""

from collections import OrderedDict

MAX_KEYS = 10_000


class Pace:
    """A bucket for each key that holds `burst` goes and refills at `per_second`. Times are monotonic seconds."""

    def __init__(self, *, burst: int, per_second: float) -> None:
        self._burst = burst
        self._per_second = per_second
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def allows(self, key: str, *, now: float) -> bool:
        """Take one go for `key` and return True, or return False where none is left."""
        left, at = self._buckets.pop(key, (float(self._burst), now))
        left = min(float(self._burst), left + (now - at) * self._per_second)
        allowed = left >= 1
        self._buckets[key] = (left - 1 if allowed else left, now)
        if len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)  # the one longest silent, whose bucket is the fullest
        return allowed
