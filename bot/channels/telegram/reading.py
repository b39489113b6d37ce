"""What an update says, read from the raw JSON so that a field of tomorrow breaks nothing."""

import re
from collections.abc import Mapping
from typing import Any

from bot.ports import Attachment, Inbound, InboundKind, Raw

CHANNEL = "telegram"
PHOTO_NAME = "anh.jpg"  # Telegram gives photos no name

_GONE = {"left", "kicked"}
_GROUPS = {"group", "supergroup"}
_COMMAND = re.compile(r"(/\w+)@(\w+)")
# Notices a chat writes by itself; nobody said anything to us.
_NOTICES = re.compile(
    r"new_chat_|left_chat_|delete_chat_photo|group_chat_created|supergroup_chat_created|channel_chat_created|pinned_message"
    r"|migrate_from_|message_auto_delete|forum_topic_|general_forum_topic_|video_chat_|boost_added|chat_background_set"
)


def read_update(raw: Raw, *, username: str | None = None) -> Inbound | None:
    """Return what an update says; None for kinds we did not ask for, for bots and for a chat's own notices.

    `username` is our own name where it is known: "/nhiemvu@OurBot" is read as "/nhiemvu".
    ValueError when the update has not the shape Telegram promises.
    """
    update = _mapping(raw, "update")
    if "message" in update:
        return _message(_mapping(update["message"], "message"), username)
    if "callback_query" in update:
        return _press(_mapping(update["callback_query"], "callback_query"))
    if "my_chat_member" in update:
        return _membership(_mapping(update["my_chat_member"], "my_chat_member"))
    return None


def _message(message: Mapping[str, Any], username: str | None) -> Inbound | None:
    if "migrate_to_chat_id" in message:
        sender = _mapping(message.get("from", {"id": 0}), "from")
        new_id = _id(message["migrate_to_chat_id"], "migrate_to_chat_id")
        return _inbound(InboundKind.MOVED, message, sender, text=new_id)
    if "from" not in message:  # a channel speaks, no person
        return None
    sender = _mapping(message["from"], "from")
    if sender.get("is_bot") is True or any(_NOTICES.match(str(key)) for key in message):
        return None
    files = _files(message)
    if files:
        return _inbound(InboundKind.FILE, message, sender, text=_text(message, "caption"), files=files)
    if "text" in message:
        return _inbound(InboundKind.TEXT, message, sender, text=_own_command(_text(message, "text"), username))
    return _inbound(InboundKind.OTHER, message, sender, text=_text(message, "caption"))


def _press(query: Mapping[str, Any]) -> Inbound | None:
    if "message" not in query or "data" not in query:  # pressed under an inline result or a game: we send neither
        return None
    message = _mapping(query["message"], "message")
    ack = _text(query, "id")
    if not ack:
        raise ValueError("callback_query.id is missing")
    return _inbound(
        InboundKind.PRESS, message, _mapping(query.get("from"), "from"), action=_text(query, "data"), ack=ack
    )


def _membership(change: Mapping[str, Any]) -> Inbound:
    member = _mapping(change.get("new_chat_member"), "new_chat_member")
    status = _text(member, "status")
    gone = status in _GONE or (status == "restricted" and member.get("is_member") is False)
    kind = InboundKind.GONE if gone else InboundKind.BACK
    return _inbound(kind, change, _mapping(change.get("from"), "from"))


def _inbound(
    kind: InboundKind,
    place: Mapping[str, Any],
    sender: Mapping[str, Any],
    *,
    text: str = "",
    action: str = "",
    ack: str = "",
    files: tuple[Attachment, ...] = (),
) -> Inbound:
    chat = _mapping(place.get("chat"), "chat")
    return Inbound(
        channel=CHANNEL,
        kind=kind,
        chat_id=_id(chat.get("id"), "chat.id"),
        user_id=_id(sender.get("id"), "from.id"),
        user_name=" ".join(part for part in (_text(sender, "first_name"), _text(sender, "last_name")) if part),
        language=_text(sender, "language_code"),
        text=text,
        action=action,
        ack=ack,
        message_id=_id(place["message_id"], "message_id") if "message_id" in place else "",
        is_group=_text(chat, "type") in _GROUPS,
        chat_title=_text(chat, "title"),
        files=files,
    )


def _files(message: Mapping[str, Any]) -> tuple[Attachment, ...]:
    if "photo" in message:
        sizes = message["photo"]
        if not isinstance(sizes, list) or not sizes:
            raise ValueError("photo is no list of sizes")
        largest = max((_mapping(size, "photo") for size in sizes), key=lambda size: _number(size, "width"))
        return (_attachment(largest, name=PHOTO_NAME, media="image/jpeg"),)
    if "document" in message:
        document = _mapping(message["document"], "document")
        name, media = _text(document, "file_name"), _text(document, "mime_type")
        return (_attachment(document, name=name or "tep", media=media or "application/octet-stream"),)
    return ()


def _attachment(file: Mapping[str, Any], *, name: str, media: str) -> Attachment:
    handle = _text(file, "file_id")
    if not handle:
        raise ValueError("file_id is missing")
    return Attachment(handle=handle, name=name, media=media, size=_number(file, "file_size"))


def _own_command(text: str, username: str | None) -> str:
    command = _COMMAND.match(text)
    if command is None or username is None or command[2].lower() != username.lower():
        return text
    return command[1] + text[command.end() :]


def _mapping(value: object, name: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise ValueError(f"{name} is no object")  # noqa: TRY004  # the one error `read` promises
    return value


def _text(holder: Mapping[str, Any], name: str) -> str:
    value = holder.get(name, "")
    if not isinstance(value, str):
        raise ValueError(f"{name} is no text")  # noqa: TRY004  # the same
    return value


def _number(holder: Mapping[str, Any], name: str) -> int:
    value = holder.get(name, 0)
    if type(value) is not int:  # bool is an int to isinstance
        raise ValueError(f"{name} is no whole number")
    return value


def _id(value: object, name: str) -> str:
    if type(value) is not int:
        raise ValueError(f"{name} is no id")
    return str(value)
