"""One message on its way: composed, at its turn, sent, and what became of it."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from pathlib import Path
from typing import Any, TypeVar

from telegram import Bot
from telegram.constants import ChatAction
from telegram.error import TelegramError

from bot.channels.limiter import Limiter, is_group
from bot.channels.telegram.failures import send_error
from bot.channels.telegram.message import Composed, compose
from bot.channels.telegram.request import AiohttpRequest, FencedError
from bot.channels.wire import gated
from bot.domain.delivery import Failure
from bot.ports import File, MayGo, Out, SendError, Sent, always

MAX_UPLOAD = 50_000_000  # bytes; https://core.telegram.org/bots/api#senddocument
MAX_PHOTO = 10_000_000  # bytes; https://core.telegram.org/bots/api#sendphoto
PHOTOS = {"image/png", "image/jpeg", "image/webp"}  # other images (SVG, TIFF …) are shown only as documents

# What can go wrong in reading an answer that has another shape than promised. The request had arrived.
UNREADABLE = (KeyError, TypeError, ValueError, AttributeError)

T = TypeVar("T")
Call = Callable[[], Coroutine[Any, Any, T]]


class Outgoing:
    """Sends messages of one bot at the limiter's pace."""

    def __init__(self, bot: Bot, request: AiohttpRequest, limiter: Limiter) -> None:
        self._bot = bot
        self._request = request
        self._limiter = limiter

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        """Send one message, its file with it; SendError and nothing else. `may_go` is asked before the first request only."""
        message, chat = compose(out), chat_number(chat_id)
        if out.file is None:
            return await self._say(chat_id, self._text(chat, message), may_go)
        content = await asyncio.to_thread(_content, out.file)
        if message.fits_caption:
            return await self._say(chat_id, self._file(chat, out.file, content, message), may_go)
        sent = await self._say(chat_id, self._text(chat, message), may_go)
        await self._say(chat_id, self._file(chat, out.file, content, Composed(text="")))
        return sent

    async def reach(self, chat_id: str) -> None:
        """Ask whether a chat takes messages, by the sign that somebody is typing; SendError and nothing else."""
        chat = chat_number(chat_id)
        await self._in_turn(chat_id, lambda: self._bot.send_chat_action(chat, ChatAction.TYPING))

    def _text(self, chat: int, message: Composed) -> Call[int]:
        said = {"chat_id": chat, "link_preview_options": {"is_disabled": True}}
        said |= message.under(text="text", entities="entities")

        async def call() -> int:
            sent = await self._request.call(f"{self._bot.base_url}/sendMessage", said)
            return int(sent["message_id"])

        return call

    def _file(self, chat: int, file: File, content: bytes, message: Composed) -> Call[int]:
        under = message.under(text="caption", entities="caption_entities")

        async def call() -> int:
            if file.media in PHOTOS and len(content) <= MAX_PHOTO:
                sent = await self._bot.send_photo(chat, content, filename=file.name, api_kwargs=under)
            else:
                sent = await self._bot.send_document(chat, content, filename=file.name, api_kwargs=under)
            return sent.message_id

        return call

    async def _say(self, chat_id: str, call: Call[int], may_go: MayGo = always) -> Sent:
        async def sent() -> Sent:
            with gated(may_go):
                return Sent(message_id=str(await call()))

        return await self._in_turn(chat_id, sent)

    async def _in_turn(self, chat_id: str, call: Call[T]) -> T:
        async with self._limiter.turn(chat_id):
            try:
                return await call()
            except FencedError as error:
                raise SendError(Failure.FENCED, error.message) from None
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
