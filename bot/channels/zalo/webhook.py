"""What comes in through our own web server when Zalo calls us."""

import hmac
import json
from dataclasses import dataclass, field

from bot.channels.zalo.reading import event_id, unwrapped
from bot.ports import Raw


@dataclass(frozen=True, slots=True, kw_only=True)
class WebHook:
    """Where Zalo is to call (public, https), and the secret of 8 to 256 letters it shows in `X-Bot-Api-Secret-Token`."""

    url: str
    secret: str = field(repr=False)


def zalo_webhook_ok(shown: str | None, secret: str) -> bool:
    """Say whether a caller showed the secret, in a time that tells nothing about it. An empty secret is never shown."""
    given = (shown or "").encode("utf-8", "surrogateescape")  # headers may hold any bytes
    return bool(secret) and hmac.compare_digest(given, secret.encode())


def webhook_event(body: bytes) -> tuple[str, Raw]:
    """Return (id, event) for the sink; ValueError when the body is no event."""
    try:
        event = unwrapped(json.loads(body))
    except RecursionError:
        raise ValueError("an event is not nested so deeply") from None
    return event_id(event), event
