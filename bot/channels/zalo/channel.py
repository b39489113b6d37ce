"""Zalo behind our Channel protocol."""

import asyncio
import logging
from http import HTTPStatus

from bot.channels.limiter import Limiter
from bot.channels.line import Line, Pause, State
from bot.channels.zalo.client import API_URL, ZaloClient
from bot.channels.zalo.failures import ZaloError
from bot.channels.zalo.outgoing import MAX_TEXT, Outgoing
from bot.channels.zalo.poller import Poller, state_of
from bot.channels.zalo.reading import CHANNEL, read_event
from bot.channels.zalo.webhook import WebHook
from bot.domain.delivery import Failure
from bot.ports import Attachment, Caps, Inbound, MayGo, Out, Raw, SendError, Sent, Sink, always

log = logging.getLogger(__name__)

# Zalo allows 25, but a question is never cut short, and a process that is told to stop has ten seconds.
POLL_SECONDS = 5
LANDING_SECONDS = POLL_SECONDS + 2.0  # for the last poll to end, and for the event in it to be stored
MAX_DOWNLOAD = 20_000_000  # bytes
_NOTHING_TO_DELETE = frozenset({HTTPStatus.BAD_REQUEST, HTTPStatus.NOT_FOUND})


class ZaloChannel:
    """One bot. With a web hook, `listen` only registers it: our web server brings the events to the sink.

    Polling is for trying out: Zalo forgets an event as it hands it over, so what a killed process held is lost.
    """

    caps = Caps(name=CHANNEL, max_text=MAX_TEXT, buttons=False, upload=False, groups=False, menu=False, deep_link=False)

    def __init__(
        self,
        token: str,
        api_url: str = API_URL,
        *,
        limiter: Limiter,
        language: str = "vi",
        web_hook: WebHook | None = None,
        poll_seconds: int = POLL_SECONDS,
        landing_seconds: float = LANDING_SECONDS,
        read_seconds: float = 20.0,
        pause: Pause = asyncio.sleep,
    ) -> None:
        self._client = ZaloClient(token, api_url, read_seconds=read_seconds)
        self._limiter = limiter
        self._outgoing = Outgoing(self._client, limiter, language=language)
        self._web_hook = web_hook
        self._poll_seconds = poll_seconds
        self._line = Line(CHANNEL, pause)
        self._poller = Poller(self._ask, self._line, landing_seconds=landing_seconds)
        self._is_ready = False  # web hook removed

    def __repr__(self) -> str:
        """Return who this is, without the token."""
        return f"ZaloChannel(state={self.state})"

    @property
    def polls(self) -> bool:
        """Say whether `listen` asks Zalo for events."""
        return self._web_hook is None

    @property
    def state(self) -> State:
        """Say how the line stands as `listen` last saw it; UNREACHABLE until Zalo has answered once."""
        return self._line.state

    @property
    def quiet_seconds(self) -> float | None:
        """Say how long ago Zalo last answered our asking; None with a web hook, where it asks us."""
        return self._line.quiet_seconds if self._web_hook is None else None

    async def open(self) -> None:
        """Get ready to send."""
        self._limiter.begin()

    async def listen(self, sink: Sink) -> None:
        """Poll until cancelled; or, with a web hook, register it and wait. A cancelled poll is let to its end."""
        if self._web_hook is None:
            await self._poller.run(sink)
        else:
            await self._register(self._web_hook)
            await asyncio.Event().wait()

    async def close(self) -> None:
        """Let go of connections."""
        await self._client.close()

    def read(self, raw: Raw) -> Inbound | None:
        """Return what an event says, None where it is of no concern; raise ValueError where it cannot be read."""
        return read_event(raw)

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        """Send one message as plain text. Buttons are left out; a file is named in a sentence that says where it is."""
        return await self._outgoing.send(chat_id, out, may_go=may_go)

    async def reach(self, chat_id: str) -> None:
        """Return if the chat takes messages; a question that was never answered leaves nothing in doubt, it is UNREACHABLE."""
        try:
            await self._outgoing.reach(chat_id)
        except SendError as error:
            if error.failure is Failure.IN_DOUBT:
                raise SendError(Failure.UNREACHABLE, error.reason) from None
            raise

    async def answer_press(self, ack: str, text: str) -> None:
        """Do nothing: there is nothing to press."""

    async def fetch(self, attachment: Attachment, *, limit: int) -> bytes:
        """Return a picture's bytes; SendError REJECTED when it is larger than `limit` bytes."""
        return await self._client.download(attachment.handle, limit=min(limit, MAX_DOWNLOAD))

    async def set_menu(self, chat_id: str, commands: tuple[tuple[str, str], ...]) -> None:
        """Do nothing: there are no menus."""

    def invite_link(self, code: str) -> str | None:  # noqa: ARG002  (the protocol's name)
        """Return None: here a code is typed."""
        return None

    async def _ask(self) -> object:
        if not self._is_ready:  # a web hook left behind would refuse every question
            await self._remove_hook()
        try:
            return await self._client.poll(self._poll_seconds)
        except SendError as error:
            self._is_ready = state_of(error) is not State.CONFLICT  # somebody may have set one meanwhile
            raise

    async def _remove_hook(self) -> None:
        try:
            await self._client.call("deleteWebhook")
        except ZaloError as error:
            if error.code not in _NOTHING_TO_DELETE:
                raise
        self._is_ready = True

    async def _register(self, hook: WebHook) -> None:
        while True:
            try:
                await self._set_hook(hook)
            except SendError as error:
                await self._line.failed(state_of(error), reason=error.reason)
            else:
                self._line.up()
                return

    async def _set_hook(self, hook: WebHook) -> None:
        result = await self._client.call("setWebhook", {"url": hook.url, "secret_token": hook.secret})
        # Zalo calls the address at once and keeps it however that went. It goes wrong once when our own server opens
        # a moment later than this, and for ever where the address is not ours.
        verified = result.get("verification") if isinstance(result, dict) else None
        if isinstance(verified, dict) and verified.get("ok") is False:
            raise SendError(Failure.UNREACHABLE, f"the web hook's address was not reached: {verified.get('outcome')}")
