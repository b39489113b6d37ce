"""What an event says, read from the raw JSON so that a field of tomorrow breaks nothing."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from bot.ports import Attachment, Inbound, InboundKind, Raw

CHANNEL = "zalo"
PHOTO_NAME = "anh.jpg"  # Zalo gives pictures no name, and shows them as JPEG
MAX_ID = 200

_TEXT, _IMAGE = "message.text.received", "message.image.received"
_NO_CONCERN = frozenset({"message.reaction.received"})  # a thumb is no status


def unwrapped(raw: object) -> Raw:
    """Return the event itself: Zalo brings it bare, its documents show it under `result`. ValueError where it is no object."""
    if isinstance(raw, Mapping) and "event_name" not in raw and isinstance(raw.get("result"), Mapping):
        raw = raw["result"]
    return _mapping(raw, "event")


def event_id(event: Raw) -> str:
    """Return an event's own id: its name with the message's id, else a hash of all it holds."""
    name, message = event.get("event_name"), event.get("message")
    number = message.get("message_id") if isinstance(message, Mapping) else None
    if isinstance(name, str) and isinstance(number, str) and name and number and len(name) + len(number) < MAX_ID:
        return f"{name}:{number}"
    body = json.dumps(event, sort_keys=True, default=str)
    return f"sha256:{hashlib.sha256(body.encode()).hexdigest()}"


def read_event(raw: Raw) -> Inbound | None:
    """Return what an event says; None for kinds that are no message, for bots and where nobody is named to answer.

    ValueError when the event has not the shape Zalo promises.
    """
    event = unwrapped(raw)
    name = _text(event, "event_name")
    if not name:
        raise ValueError("event_name is missing")
    if name in _NO_CONCERN or not name.startswith("message."):
        return None
    if "message" not in event:  # what a protected account sends comes without sender and chat
        return None
    message = _mapping(event["message"], "message")
    sender = _mapping(message.get("from"), "from")
    if sender.get("is_bot") is True:
        return None
    return _inbound(name, message, sender)


def _inbound(name: str, message: Mapping[str, Any], sender: Mapping[str, Any]) -> Inbound:
    chat = _mapping(message.get("chat"), "chat")
    text = _text(message, "text")
    kind = InboundKind.OTHER
    files: tuple[Attachment, ...] = ()
    if name == _IMAGE:
        kind, text, files = InboundKind.FILE, _text(message, "caption"), _picture(message)
    elif text:  # a kind of tomorrow that carries words is read by its words
        kind = InboundKind.TEXT
    elif name == _TEXT:
        raise ValueError("text is missing")
    return Inbound(
        channel=CHANNEL,
        kind=kind,
        chat_id=_id(chat, "id"),
        user_id=_id(sender, "id"),
        user_name=_text(sender, "display_name"),
        text=text,
        message_id=_text(message, "message_id"),
        is_group=_text(chat, "chat_type") == "GROUP",
        chat_title=_text(chat, "title"),
        files=files,
    )


def _picture(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    # `photo_url` in real traffic, `photo` in the documents.
    url = _text(message, "photo_url") or _text(message, "photo")
    if not url:
        raise ValueError("photo_url is missing")
    return (Attachment(handle=url, name=PHOTO_NAME, media="image/jpeg", size=0),)


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is no object")  # noqa: TRY004  # the one error `read` promises
    return value


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004  # the same
    # JSON may hold half a surrogate pair, which no database takes.
    return value.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _id(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name)
    if type(value) is int:
        return str(value)
    if not isinstance(value, str) or not 1 <= len(value) <= MAX_ID:
        raise ValueError(f"{name} is no id")
    return _text(holder, name)
