"""One message on its way: plain text, at its turn, sent, and what became of it.

A bot of Zalo has no buttons and takes no files: texts carry their answers as numbers, and a file is named, not sent.
"""

import asyncio
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.channels.limiter import Limiter
from bot.channels.zalo.client import ZaloClient
from bot.domain.delivery import Failure
from bot.ports import MayGo, Out, SendError, Sent, always
from bot.texts import say
from bot.texts.lengths import text_length

MAX_TEXT = 2000
MAX_ACTION = 64  # bytes; a button is not shown here, but a message that no other network takes is refused here as well


class Outgoing:
    """Sends messages of one bot at the limiter's pace. `language` is that of the sentence in a file's place."""

    def __init__(self, client: ZaloClient, limiter: Limiter, *, language: str) -> None:
        self._client = client
        self._limiter = limiter
        self._language = language

    async def send(self, chat_id: str, out: Out, *, may_go: MayGo = always) -> Sent:
        """Send one message; SendError and nothing else. `may_go` is asked before the first request only."""
        first, *rest = compose(out, self._language)
        if out.file is not None and not await asyncio.to_thread(Path(out.file.path).is_file):
            raise SendError(Failure.REJECTED, "the file to send is gone")
        sent = await self._say(chat_id, first, may_go)
        for text in rest:
            await self._say(chat_id, text, always)
        return sent

    async def reach(self, chat_id: str) -> None:
        """Ask whether a chat takes messages, by the sign that somebody is typing; SendError and nothing else."""
        await self._in_turn(chat_id, "sendChatAction", {"action": "typing"}, always)

    async def _say(self, chat_id: str, text: str, may_go: MayGo) -> Sent:
        result = await self._in_turn(chat_id, "sendMessage", {"text": text}, may_go)
        message_id = result.get("message_id") if isinstance(result, dict) else None
        if not isinstance(message_id, str):
            raise SendError(Failure.IN_DOUBT, "the answer could not be read")
        return Sent(message_id=message_id)

    async def _in_turn(self, chat_id: str, method: str, params: dict[str, str], may_go: MayGo) -> Any:
        async with self._limiter.turn(chat_id):
            try:
                return await self._client.call(method, {"chat_id": chat_id, **params}, may_go=may_go)
            except SendError as error:
                if error.failure is Failure.THROTTLED:  # a quota is the bot's, not a chat's
                    self._limiter.halt((error.retry_after or timedelta(seconds=1)).total_seconds())
                raise


def compose(out: Out, language: str) -> list[str]:
    """Return the texts that a message becomes, nearly always one; SendError REJECTED where Zalo would refuse it."""
    text = "\n".join(part for part in (_clean(out.heading), _clean(out.text)) if part)
    if not text and out.file is None:
        raise SendError(Failure.REJECTED, "the message is empty")
    if text_length(text) > MAX_TEXT:
        raise SendError(Failure.REJECTED, f"the text is longer than {MAX_TEXT}")
    if any(not 1 <= len(button.action.encode()) <= MAX_ACTION for row in out.buttons for button in row):
        raise SendError(Failure.REJECTED, f"a button's action has 1 to {MAX_ACTION} bytes")
    if out.file is None:
        return [text]
    elsewhere = say(language, "zalo.file", name=_clean(out.file.name)[:200])
    whole = f"{text}\n\n{elsewhere}".strip()
    return [whole] if text_length(whole) <= MAX_TEXT else [text, elsewhere]


def _clean(text: str) -> str:
    # Half a surrogate pair cannot be written as UTF-8; it would surface as an error of the transport.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").strip()
