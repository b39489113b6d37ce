"""Takes a file that somebody sent: bounded, of a kind that offices send, stored under a name of our own."""

import asyncio
import hashlib
import mimetypes
import secrets
from pathlib import Path, PurePosixPath

from bot.app.home import EVIDENCE
from bot.conversation.turn import Kept
from bot.domain.delivery import Failure
from bot.ports import Attachment, Channel, SendError

MEGABYTE = 1_000_000
NAME_LENGTH = 120
_TEXTS = (".pdf", ".doc", ".docx", ".odt", ".txt", ".ppt", ".pptx", ".odp")
_TABLES = (".xls", ".xlsx", ".ods", ".csv")
_PICTURES = (".jpg", ".jpeg", ".png", ".gif", ".webp", ".heic", ".tif", ".tiff")
_ARCHIVES = (".zip", ".rar", ".7z")
ACCEPTED = frozenset(_TEXTS + _TABLES + _PICTURES + _ARCHIVES)  # nothing that a double click would run


async def receive(channel: Channel, attachment: Attachment, folder: Path, *, limit_mb: int) -> Kept:
    """Fetch a file and store it under the data `folder`; what cannot be taken comes back with the reason."""
    name = _short_name(attachment.name)
    limit = limit_mb * MEGABYTE
    if attachment.size > limit:
        return Kept(name=name, refused="refused.too_large")
    ending = PurePosixPath(name).suffix.lower() or (mimetypes.guess_extension(attachment.media) or "")
    if ending not in ACCEPTED:
        return Kept(name=name, refused="refused.kind")
    try:
        content = await channel.fetch(attachment, limit=limit)
    except SendError as error:
        too_large = error.failure is Failure.REJECTED
        return Kept(name=name, refused="refused.too_large" if too_large else "refused.lost")
    path = Path(EVIDENCE) / f"{secrets.token_hex(16)}{ending}"
    await asyncio.to_thread(_write, folder / path, content)
    digest = hashlib.sha256(content).hexdigest()
    return Kept(name=name, media=attachment.media, size=len(content), sha256=digest, path=str(path))


def _short_name(name: str) -> str:
    """Return a file's name without folders or invisible letters, at most NAME_LENGTH long, its ending kept."""
    # A line break would write lines of its own into our messages; a turned direction shows another ending.
    bare = PurePosixPath("".join(letter for letter in name.replace("\\", "/") if letter.isprintable()))
    ending = bare.suffix[:NAME_LENGTH]
    return (bare.stem[: NAME_LENGTH - len(ending)] + ending) or "tep"


def _write(path: Path, content: bytes) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    path.write_bytes(content)
