"""What the bot stands on and cannot mend itself: disk, clock, lines to the networks."""

import contextlib
import shutil
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from pathlib import Path

from sqlalchemy import URL

from bot.jobs.audit import Finding, Trouble
from bot.ports import Channel

MEGABYTE = 1_000_000
LEAST_FREE_MB = 200
SILENT_SECONDS = 180.0  # a question to a network lasts 50 s at most, and the pause after a failure 30
JUMP = timedelta(minutes=5)
_PROBE = ".probe"
_STATES = {
    "unauthorized": Trouble.CHANNEL_UNAUTHORIZED,
    "conflict": Trouble.CHANNEL_CONFLICT,
}


def disk(folder: Path) -> list[Finding]:
    """Return what is wrong with the disk under the data folder, by a small file that is written and taken away."""
    try:
        probe = folder / _PROBE
        probe.write_bytes(bytes(4096))
        probe.unlink()
        free = shutil.disk_usage(folder).free // MEGABYTE
    except OSError:
        with contextlib.suppress(OSError):
            (folder / _PROBE).unlink(missing_ok=True)
        return [Finding(trouble=Trouble.DISK_UNWRITABLE)]
    return [Finding(trouble=Trouble.DISK_FULL, words={"count": str(free)})] if free < LEAST_FREE_MB else []


def ears(channels: Mapping[str, Channel]) -> list[Finding]:
    """Return which channels are not heard: those that say so, and those that have not asked for news for some minutes."""
    found = []
    for name, channel in channels.items():
        state = str(getattr(channel, "state", "ok"))
        quiet = getattr(channel, "quiet_seconds", None)  # None: its network calls us, silence means nothing
        words = {"channel": name, "setting": f"{name}.token"}
        if state != "ok":
            found.append(Finding(trouble=_STATES.get(state, Trouble.CHANNEL_UNREACHABLE), words=words, where=name))
        elif quiet is not None and quiet > SILENT_SECONDS:
            words["count"] = str(int(quiet // 60))
            found.append(Finding(trouble=Trouble.CHANNEL_SILENT, words=words, where=name))
    return found


class FileWatch:
    """Remembers which file the database was opened as: one that is taken away goes on taking rows that nobody will find."""

    def __init__(self, url: URL) -> None:
        is_file = url.get_backend_name() == "sqlite" and url.database
        self._path = Path(url.database) if is_file and url.database else None
        self._first = self._number()

    def look(self) -> list[Finding]:
        """Return whether the file is another one by now, or none."""
        return [] if self._number() == self._first else [Finding(trouble=Trouble.DATABASE_GONE)]

    def _number(self) -> int | None:
        if self._path is None:
            return None
        try:
            return self._path.stat().st_ino
        except OSError:
            return 0


class ClockWatch:
    """Compares the wall clock with the time that really went by since it was last looked at."""

    def __init__(self, now: Callable[[], datetime], monotonic: Callable[[], float]) -> None:
        self._now, self._monotonic = now, monotonic
        self._before: tuple[datetime, float] | None = None

    def look(self, *, ticked_at: datetime | None) -> list[Finding]:
        """Return by how much the clock jumped, or how far in the future the last tick lies; a few seconds are nothing."""
        now, passed = self._now(), self._monotonic()
        off = timedelta()
        if self._before is not None:
            off = abs(now - self._before[0] - timedelta(seconds=passed - self._before[1]))
        if ticked_at is not None:
            off = max(off, ticked_at - now)
        self._before = (now, passed)
        return [Finding(trouble=Trouble.CLOCK, words={"count": str(off // timedelta(minutes=1))})] if off > JUMP else []
