"""What comes in through our own web server when Telegram calls us."""

import hmac
import json
from dataclasses import dataclass, field

from bot.ports import Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class WebHook:
    """Where Telegram is to call, and the secret it shows in `X-Telegram-Bot-Api-Secret-Token`.

    The secret has 1 to 256 of A-Z a-z 0-9 _ and -; https://core.telegram.org/bots/api#setwebhook
    """

    url: str
    secret: str = field(repr=False)


def telegram_webhook_ok(shown: str | None, secret: str) -> bool:
    """Say whether a caller showed the secret, in a time that tells nothing about it. An empty secret is never shown."""
    given = (shown or "").encode("utf-8", "surrogateescape")  # headers may hold any bytes
    return bool(secret) and hmac.compare_digest(given, secret.encode())


def webhook_update(body: bytes) -> tuple[str, Raw]:
    """Return (id, update) for the sink; ValueError when the body is no update."""
    update = json.loads(body)
    if not isinstance(update, dict):
        raise ValueError("an update is an object")  # noqa: TRY004  # bad input, no bad call
    update_id = update.get("update_id")
    if type(update_id) is not int:  # bool is an int to isinstance
        raise ValueError("an update has an update_id")
    return str(update_id), update
