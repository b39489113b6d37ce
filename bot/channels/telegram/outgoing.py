"""One message on its way: composed, at its turn, sent, and what became of it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any

from telegram import Bot, LinkPreviewOptions, Message
from telegram.error import TelegramError

from bot.channels.telegram.failures import send_error
from bot.channels.telegram.limiter import Limiter, is_group
from bot.channels.telegram.message import Composed, compose
from bot.domain.delivery import Failure
from bot.ports import File, Out, SendError, Sent

MAX_UPLOAD = 50_000_000  # bytes; https://core.telegram.org/bots/api#senddocument
MAX_PHOTO = 10_000_000  # bytes; https://core.telegram.org/bots/api#sendphoto
PHOTOS = {"image/png", "image/jpeg", "image/webp"}  # other images (SVG, TIFF …) are shown only as documents

# What can go wrong in reading an answer that has another shape than promised. The request had arrived.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)

Call = Callable[[], Coroutine[Any, Any, Message]]


class Outgoing:
    """Sends messages of one bot at the limiter's pace."""

    def __init__(self, bot: Bot, limiter: Limiter) -> None:
        self._bot = bot
        self._limiter = limiter

    async def send(self, chat_id: str, out: Out) -> Sent:
        """Send one message, its file with it; SendError and nothing else."""
        message, chat = compose(out), chat_number(chat_id)
        if out.file is None:
            return await self._say(chat_id, self._text(chat, message))
        content = await asyncio.to_thread(_content, out.file)
        if message.fits_caption:
            return await self._say(chat_id, self._file(chat, out.file, content, message))
        sent = await self._say(chat_id, self._text(chat, message))
        await self._say(chat_id, self._file(chat, out.file, content, Composed(text="", entities=(), keyboard=None)))
        return sent

    def _text(self, chat: int, message: Composed) -> Call:
        return lambda: self._bot.send_message(
            chat,
            message.text,
            entities=message.entities,
            reply_markup=message.keyboard,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
        )

    def _file(self, chat: int, file: File, content: bytes, message: Composed) -> Call:
        # Any: the library types each parameter, a mapping of them has one type.
        under: dict[str, Any] = {
            "caption": message.text or None,
            "caption_entities": message.entities,
            "reply_markup": message.keyboard,
            "filename": file.name,
        }
        if file.media in PHOTOS and len(content) <= MAX_PHOTO:
            return lambda: self._bot.send_photo(chat, content, **under)
        return lambda: self._bot.send_document(chat, content, **under)

    async def _say(self, chat_id: str, call: Call) -> Sent:
        async with self._limiter.turn(chat_id):
            try:
                return Sent(message_id=str((await call()).message_id))
            except TelegramError as error:
                failure = send_error(error)
                self._slow_down(chat_id, failure)
                raise failure from None
            except UNREADABLE:
                raise SendError(Failure.IN_DOUBT, "the answer could not be read") from None

    def _slow_down(self, chat_id: str, failure: SendError) -> None:
        if failure.failure is not Failure.THROTTLED:
            return
        pause = (failure.retry_after or timedelta(seconds=1)).total_seconds()
        self._limiter.halt(pause, chat_id)
        if not is_group(chat_id):  # at one message a second to a person, it is the bot as a whole that is too fast
            self._limiter.halt(pause)


def chat_number(chat_id: str) -> int:
    """Return the id as Telegram has it; SendError REJECTED for another network's."""
    try:
        return int(chat_id)
    except ValueError:
        raise SendError(Failure.REJECTED, "this is no chat of Telegram") from None


def _content(file: File) -> bytes:
    path = Path(file.path)
    try:
        if path.stat().st_size > MAX_UPLOAD:
            raise SendError(Failure.REJECTED, "the file is too large")
        return path.read_bytes()
    except OSError as error:
        raise SendError(Failure.REJECTED, f"the file cannot be read: {error.strerror}") from None
