"""Renders a published week again and compares it, byte for byte, with what was frozen."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory

from bot.domain.compliance import week_from_json
from bot.jobs.summarise import freeze, sha256_of, write_files
from bot.store.summaries import Published


class Found(StrEnum):
    """What a comparison found."""

    SAME = "same"
    OTHER = "other"
    UNKNOWN = "unknown"  # no hash was stored: the week is older than that
    GONE = "gone"  # the file that went out is not there any more


@dataclass(frozen=True, slots=True, kw_only=True)
class Compared:
    """One comparison: of what ("figures", "text", or a file by its media type), made again or as it lies on the disk."""

    what: str
    found: Found
    on_disk: bool = False


def verify(published: Published, folder: Path) -> tuple[Compared, ...]:
    """Return how each part of a published week compares; `folder` is the data folder that holds its files.

    The picture and the workbook are made again in a folder of their own. Blocks while they are drawn.
    """
    figures = week_from_json(published.figures)
    again = freeze(figures, now=published.published_at)
    text = again.text == published.text and again.digest == published.digest
    found = [
        Compared(what="figures", found=Found.SAME if again.figures == published.figures else Found.OTHER),
        Compared(what="text", found=Found.SAME if text else Found.OTHER),
    ]
    with TemporaryDirectory() as place:
        for file in write_files(figures, Path(place)):
            stored = figures.sha256.get(file.media)
            found += _files(file.media, stored, Path(place) / file.path, folder / file.path)
    return tuple(found)


def _files(what: str, stored: str | None, again: Path, kept: Path) -> Iterator[Compared]:
    if stored is None:
        yield Compared(what=what, found=Found.UNKNOWN)
        return
    yield Compared(what=what, found=_same(again, stored))
    yield Compared(what=what, found=_same(kept, stored) if kept.is_file() else Found.GONE, on_disk=True)


def _same(path: Path, stored: str) -> Found:
    return Found.SAME if sha256_of(path) == stored else Found.OTHER
