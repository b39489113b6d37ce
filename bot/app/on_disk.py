"""What the catalogue's files say, read when they have changed and lie still."""

from dataclasses import dataclass
from pathlib import Path

from bot.catalogue import (
    CALENDAR_FILE,
    PLAN_FILE,
    UNITS_FILE,
    Catalogue,
    CatalogueError,
    CatalogueTexts,
    Problem,
    parse_catalogue,
    read_texts,
)

Stamp = tuple[int, int, int] | None


@dataclass(frozen=True, slots=True, kw_only=True)
class OnDisk:
    """What the files say: a catalogue with its texts, or all that is wrong."""

    catalogue: Catalogue | None = None
    texts: CatalogueTexts | None = None
    problems: tuple[Problem, ...] = ()


class Files:
    """Reads the files when they have changed and lie still: an editor may be in the middle of saving them."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._paths = [root / name for name in (PLAN_FILE, UNITS_FILE, CALENDAR_FILE)]
        self._seen: tuple[Stamp, ...] | None = None
        self._read: OnDisk | None = None  # of what was seen

    def look(self, running: Catalogue) -> OnDisk | None:
        """Return what they say, None where they have changed since the last look. Blocks for as long as a parse takes."""
        seen = self._stamps()
        if seen != self._seen:
            self._seen, self._read = seen, None
            return None
        if self._read is None:
            found = self._parsed(running)
            if self._stamps() == seen:
                self._read = found
        return self._read

    def again(self) -> None:
        """Take what was seen as changed: it is to be judged by another catalogue, and may be about to change with it."""
        self._seen = None

    def _stamps(self) -> tuple[Stamp, ...]:
        return tuple(_stamp(path) for path in self._paths)

    def _parsed(self, running: Catalogue) -> OnDisk:
        try:
            texts = read_texts(self._root)
            same = texts.digest == running.digest
            return OnDisk(catalogue=running if same else parse_catalogue(texts), texts=texts)
        except CatalogueError as error:
            return OnDisk(problems=error.problems)


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino
