"""What we say, in Telegram's terms: text with entities, keyboards, and the limits of both."""

from dataclasses import dataclass
from typing import Any

from bot.domain.delivery import Failure
from bot.ports import Button, Out, SendError

MAX_TEXT = 4096  # UTF-16 units; https://core.telegram.org/bots/api#sendmessage
MAX_CAPTION = 1024  # https://core.telegram.org/bots/api#senddocument
MAX_ANSWER = 200  # https://core.telegram.org/bots/api#answercallbackquery
MAX_ACTION = 64  # bytes; https://core.telegram.org/bots/api#inlinekeyboardbutton


@dataclass(frozen=True, slots=True, kw_only=True)
class Composed:
    """Text as it is sent, its marks and keys in the API's own shape: the library's classes only lead back to it.

    No parse mode: the bold heading is an entity, so nothing a person wrote can be markup.
    """

    text: str
    entities: tuple[dict[str, Any], ...] = ()
    keyboard: dict[str, Any] | None = None

    def under(self, *, text: str, entities: str) -> dict[str, Any]:
        """Return the parameters that carry it, text and entities under these names; without what is empty."""
        given = {text: self.text, entities: list(self.entities), "reply_markup": self.keyboard}
        return {name: value for name, value in given.items() if value}

    @property
    def fits_caption(self) -> bool:
        """Say whether the text may stand under a file."""
        return units(self.text) <= MAX_CAPTION


def compose(out: Out) -> Composed:
    """Return a message ready to send; SendError REJECTED where Telegram would refuse it, without asking it."""
    heading, body = _clean(out.heading).strip(), _clean(out.text).strip()
    text = "\n".join(part for part in (heading, body) if part)
    if not text and out.file is None:
        raise SendError(Failure.REJECTED, "the message is empty")
    if units(text) > MAX_TEXT:
        raise SendError(Failure.REJECTED, f"the text is longer than {MAX_TEXT}")
    bold = ({"type": "bold", "offset": 0, "length": units(heading)},) if heading else ()
    return Composed(text=text, entities=bold, keyboard=_keyboard(out.buttons))


def units(text: str) -> int:
    """Return the length as Telegram counts it, in UTF-16 units: most emoji are two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def shortened(text: str, limit: int) -> str:
    """Return the text, or as much of its beginning as fits with an ellipsis."""
    text = _clean(text)
    if units(text) <= limit:
        return text
    # A cut through a pair leaves half a character, which is dropped.
    return text.encode("utf-16-le")[: 2 * (limit - 1)].decode("utf-16-le", "ignore") + "…"


def _keyboard(rows: tuple[tuple[Button, ...], ...]) -> dict[str, Any] | None:
    if any(not 1 <= len(button.action.encode()) <= MAX_ACTION for row in rows for button in row):
        raise SendError(Failure.REJECTED, f"a button's action has 1 to {MAX_ACTION} bytes")
    keys = [[_key(button) for button in row] for row in rows if row]
    return {"inline_keyboard": keys} if keys else None


def _key(button: Button) -> dict[str, str]:
    return {"text": _clean(button.text), "callback_data": button.action}


def _clean(text: str) -> str:
    # Half a surrogate pair cannot be written as UTF-8; it would surface as an error of the transport.
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
