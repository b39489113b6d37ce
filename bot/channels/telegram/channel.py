"""Telegram behind our Channel protocol."""

import asyncio
import json
import logging
from collections.abc import Coroutine
from http import HTTPStatus
from typing import Any, TypeVar
from urllib.parse import urlencode

from telegram import BotCommand, BotCommandScopeChat
from telegram.error import TelegramError
from telegram.ext import ExtBot
from telegram.helpers import create_deep_linked_url

from bot.channels.limiter import Limiter
from bot.channels.line import Pause, State
from bot.channels.telegram.failures import send_error
from bot.channels.telegram.message import MAX_ANSWER, MAX_TEXT, shortened
from bot.channels.telegram.outgoing import UNREADABLE, Outgoing, chat_number
from bot.channels.telegram.poller import Line, poll
from bot.channels.telegram.reading import CHANNEL, read_update
from bot.channels.telegram.request import AiohttpRequest, TooLargeError
from bot.channels.telegram.webhook import WebHook
from bot.domain.delivery import Failure
from bot.ports import Attachment, Caps, Inbound, MayGo, Out, Raw, SendError, Sent, Sink, always

log = logging.getLogger(__name__)

API_URL = "https://api.telegram.org"
POLL_SECONDS = 50
HEARD = ("message", "callback_query", "my_chat_member")
MAX_DOWNLOAD = 20_000_000  # bytes; https://core.telegram.org/bots/api#getfile

T = TypeVar("T")


class TelegramChannel:
    """One bot. With a web hook, `listen` only registers it: our web server brings the updates to the sink."""

    caps = Caps(name=CHANNEL, max_text=MAX_TEXT, buttons=True, upload=True, groups=True, menu=True, deep_link=True)

    def __init__(
        self,
        token: str,
        api_url: str = API_URL,
        *,
        limiter: Limiter | None = None,
        web_hook: WebHook | None = None,
        poll_seconds: int = POLL_SECONDS,
        read_seconds: float = 20.0,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._request = AiohttpRequest(read_seconds=read_seconds)
        self._bot: ExtBot[None] = ExtBot(
            token,
            base_url=f"{api_url.rstrip('/')}/bot",
            base_file_url=f"{api_url.rstrip('/')}/file/bot",
            request=self._request,
            get_updates_request=self._request,
        )
        self._limiter = limiter or Limiter()
        self._outgoing = Outgoing(self._bot, self._request, self._limiter)
        self._web_hook = web_hook
        self._poll_seconds = poll_seconds
        self._line = Line(pause)
        self._username: str | None = None
        self._ready = False  # web hook set, or removed

    def __repr__(self) -> str:
        """Return who this is, without the token that the library's own repr shows."""
        return f"TelegramChannel(state={self.state})"

    @property
    def polls(self) -> bool:
        """Say whether `listen` asks Telegram for updates; a second asker would be refused (409)."""
        return self._web_hook is None

    @property
    def state(self) -> State:
        """Say how the line stands as `listen` last saw it; UNREACHABLE until Telegram has answered once."""
        return self._line.state

    @property
    def quiet_seconds(self) -> float | None:
        """Say how long ago Telegram last answered our asking; None with a web hook, where it asks us."""
        return self._line.quiet_seconds if self._web_hook is None else None

    async def open(self) -> None:
        """Learn our own name; a network that is down is no error, `listen` asks again."""
        self._limiter.begin()
        await self._ensure_me()

    async def listen(self, sink: Sink) -> None:
        """Poll for ever; or, with a web hook, register it and wait."""
        if self._web_hook is None:
            await poll(self._ask, sink, self._line, on_answer=self._ensure_me)
        while not self._ready:
            try:
                await self._prepare()
            except TelegramError as error:
                await self._line.down(error)
        self._line.up()
        await self._ensure_me()
        await asyncio.Event().wait()

    async def close(self) -> None:
        """Let go of connections."""
        await self._request.shutdown()

    def read(self, raw: Raw) -> Inbound | None:
        """Return what an update says, None where it is of no concern; raise ValueError where it cannot be read."""
        return read_update(raw, username=self._username)

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        """Send one message at the pace Telegram allows, its file with it.

        A text too long for a caption goes ahead of its file and holds the buttons; its id is the one returned. When it
        arrived and the file did not, the file's failure is raised: trying again repeats the text.
        """
        return await self._outgoing.send(chat_id, out, may_go=may_go)

    async def reach(self, chat_id: str) -> None:
        """Return if the chat takes messages; a question that was never answered leaves nothing in doubt, it is UNREACHABLE."""
        try:
            await self._outgoing.reach(chat_id)
        except SendError as error:
            raise _of_reading(error) from None

    async def answer_press(self, ack: str, text: str) -> None:
        """Answer a pressed button, with at most 200 characters; failures are swallowed (the press is stored anyway)."""
        said = {"callback_query_id": ack} | ({"text": short} if (short := shortened(text, MAX_ANSWER)) else {})
        call = self._request.call(f"{self._bot.base_url}/answerCallbackQuery", said)
        await self._try("answer_press", call)

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return the file's bytes; SendError REJECTED when it is larger than `limit` bytes or Telegram's own 20 MB."""
        limit = min(limit, MAX_DOWNLOAD)
        if attachment.size > limit:
            raise SendError(Failure.REJECTED, "the file is too large")
        try:
            file = await self._bot.get_file(attachment.handle)
            if (file.file_size or 0) > limit or not file.file_path:
                raise SendError(Failure.REJECTED, "the file is too large")
            status, content = await self._request.download(file.file_path, limit=limit)
        except TooLargeError:
            raise SendError(Failure.REJECTED, "the file is too large") from None
        except TelegramError as error:
            raise _of_reading(send_error(error)) from None
        except UNREADABLE:
            raise SendError(Failure.UNREACHABLE, "the answer could not be read") from None
        if status != HTTPStatus.OK:
            failure = Failure.UNREACHABLE if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Failure.REJECTED
            raise SendError(failure, f"download refused ({status})")
        return content

    async def set_menu(self, chat_id: str, commands: tuple[tuple[str, str], ...]) -> None:
        """Show these commands in this chat; a failure is logged and the menu stays as it was."""
        await self._try("set_menu", self._set_menu(chat_id, commands))

    def invite_link(self, code: str) -> str | None:
        """Return the deep link that types "/start CODE"; None until our name is known, or where no link can hold it."""
        if self._username is None:
            return None
        try:
            return create_deep_linked_url(self._username, code)
        except ValueError:
            return None

    async def _ensure_me(self) -> None:
        if self._username is None:
            me = await self._try("get_me", self._bot.get_me())
            self._username = me.username if me else None

    async def _set_menu(self, chat_id: str, commands: tuple[tuple[str, str], ...]) -> bool:
        scope = BotCommandScopeChat(chat_number(chat_id))
        return await self._bot.set_my_commands([BotCommand(*command) for command in commands], scope=scope)

    async def _prepare(self) -> None:
        hook = self._web_hook
        try:
            if hook is None:
                await self._bot.delete_webhook()
            else:
                await self._bot.set_webhook(hook.url, secret_token=hook.secret, allowed_updates=list(HEARD))
        except UNREADABLE:
            raise TelegramError("Invalid server response") from None
        self._ready = True

    async def _ask(self, offset: int | None) -> Any:
        if not self._ready:  # a web hook left behind would refuse every question
            await self._prepare()
        asked: dict[str, str | int] = {"timeout": self._poll_seconds, "allowed_updates": json.dumps(HEARD)}
        if offset is not None:
            asked["offset"] = offset
        # Raw JSON, not Update objects: one update the library cannot parse would hold up all behind it.
        url = f"{self._bot.base_url}/getUpdates?{urlencode(asked)}"
        try:
            updates = await self._request.post(url, read_timeout=self._poll_seconds + 10)
        except KeyError:
            raise TelegramError("Invalid server response") from None
        if not isinstance(updates, list):
            raise TelegramError("Invalid server response")
        return updates

    async def _try(self, what: str, call: Coroutine[Any, Any, T]) -> T | None:
        try:
            return await call
        except TelegramError as error:
            log.info("telegram call failed what=%s reason=%s", what, send_error(error))
        except SendError as error:
            log.info("telegram call failed what=%s reason=%s", what, error)
        except UNREADABLE:
            log.info("telegram call failed what=%s reason=the answer could not be read", what)
        return None


def _of_reading(error: SendError) -> SendError:
    # Asking once more changes nothing, so there is no doubt to keep.
    return SendError(Failure.UNREACHABLE, error.reason) if error.failure is Failure.IN_DOUBT else error
