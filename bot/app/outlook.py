"""What a forecast comes to: messages a day, the fullest minute of each channel, and what deserves a warning."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar import local_day
from bot.domain.pace import MINUTE, Pace
from bot.store.forecasts import Said

SLOW = timedelta(minutes=5)  # who waits longer for their turn is worth a warning


@dataclass(frozen=True, slots=True, kw_only=True)
class Peak:
    """The fullest minute of a channel, and the most it takes in one; None: no pace is set.

    `waited` is how long the last message of a wave waited for its turn at most.
    """

    channel: str
    at: datetime
    messages: int
    limit: int | None
    waited: timedelta

    @property
    def is_slow(self) -> bool:
        """Say whether a wave takes so long that somebody should know."""
        return self.waited > SLOW


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The totals of a forecast. `silent` has how many steps nobody of a unit would hear; `cut` how many need several messages."""

    messages: int
    days: tuple[tuple[date, int], ...]
    peaks: tuple[Peak, ...]
    silent: Mapping[str, int]
    cut: int


def outlook(said: Sequence[Said], paces: Mapping[str, Pace]) -> Outlook:
    """Return what these come to; the lines of one message count once, its parts each."""
    letters = {each.letter: each for each in said if each.letter is not None}
    days: Counter[date] = Counter()
    for each in letters.values():
        days[local_day(each.at)] += each.parts
    by_channel: dict[str, list[Said]] = {}
    for each in letters.values():
        by_channel.setdefault(each.channel, []).append(each)
    return Outlook(
        messages=sum(days.values()),
        days=tuple(sorted(days.items())),
        peaks=tuple(_peak(name, theirs, paces.get(name)) for name, theirs in sorted(by_channel.items())),
        silent=dict(sorted(Counter(each.unit for each in said if each.letter is None).items())),
        cut=sum(each.parts > 1 for each in letters.values()),
    )


def _peak(channel: str, said: Sequence[Said], pace: Pace | None) -> Peak:
    minutes: Counter[datetime] = Counter()
    for each in said:
        minutes[each.at.replace(second=0, microsecond=0)] += each.parts
    at, most = max(minutes.items(), key=lambda item: (item[1], -item[0].timestamp()))
    # What is ready by night waits for the morning, not for its turn.
    waves = [each.at - each.ready_at for each in said if each.at - each.ready_at < 60 * MINUTE]
    limit = None if pace is None else pace.per_minute
    return Peak(channel=channel, at=at, messages=most, limit=limit, waited=max(waves, default=timedelta()))
