"""The other side of the server: people who write, press, block; groups they are in."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.bot_api.state import Chat, State


@dataclass(frozen=True, slots=True)
class User:
    """A person with a private chat with the bot, which exists once they wrote."""

    state: State
    shape: dict[str, Any]

    @property
    def id(self) -> int:
        """Return the user's id, which is their private chat's too."""
        return int(self.shape["id"])

    @property
    def chat(self) -> Chat:
        """Return the private chat, opened by this."""
        place = {"id": self.id, "type": "private", "first_name": self.shape["first_name"]}
        return self.state.chats.setdefault(self.id, Chat(place))

    @property
    def heard(self) -> list[str]:
        """Return the texts and captions the bot sent here, oldest first."""
        return heard(self.state, self.chat)

    def says(self, text: str, *, chat: Chat | None = None) -> dict[str, Any]:
        """Write a text (in the private chat unless another is named) and return the message."""
        content: dict[str, Any] = {"text": text}
        if text.startswith("/"):
            content["entities"] = [{"type": "bot_command", "offset": 0, "length": len(text.split(maxsplit=1)[0])}]
        return self._sends(content, chat)

    def sends_file(self, name: str, content: bytes, *, caption: str = "", chat: Chat | None = None) -> dict[str, Any]:
        """Send a document."""
        document = {**self.state.add_file(name, content), "file_name": name, "mime_type": _media(name)}
        return self._sends({"document": document, "caption": caption}, chat)

    def sends_photo(self, content: bytes, *, caption: str = "", chat: Chat | None = None) -> dict[str, Any]:
        """Send a photo, in two sizes as Telegram makes them."""
        small = {**self.state.add_file("", content[:10]), "width": 90, "height": 67}
        large = {**self.state.add_file("", content), "width": 800, "height": 600}
        return self._sends({"photo": [small, large], "caption": caption}, chat)

    def sends_sticker(self, *, chat: Chat | None = None) -> dict[str, Any]:
        """Send a sticker."""
        kind = {"type": "regular", "width": 512, "height": 512, "is_animated": False, "is_video": False}
        return self._sends({"sticker": {**self.state.add_file("", b"webp"), **kind}}, chat)

    def presses(self, message_id: int, button: str, *, chat: Chat | None = None) -> str:
        """Press a button by its text, or forge one by its data; return the press's id."""
        place = chat or self.chat
        message = place.message(message_id)
        rows = (message or {}).get("reply_markup", {}).get("inline_keyboard", [])
        action = next((key["callback_data"] for row in rows for key in row if key["text"] == button), button)
        # What is not there any more is shown without content and with date 0.
        shown = message or {"message_id": message_id, "date": 0, "chat": place.shape}
        press_id = self.state.add_press()
        query = {"id": press_id, "from": self.shape, "message": shown, "chat_instance": "1", "data": action}
        self.state.add_update({"callback_query": query})
        return press_id

    def blocks(self) -> None:
        """Block the bot."""
        self.chat.blocked = True
        self._changes("member", "kicked")

    def unblocks(self) -> None:
        """Let the bot in again."""
        self.chat.blocked = False
        self._changes("kicked", "member")

    def _sends(self, content: dict[str, Any], chat: Chat | None) -> dict[str, Any]:
        message = self.state.add_message(chat or self.chat, self.shape, content)
        self.state.add_update({"message": message})
        return message

    def _changes(self, old: str, new: str) -> None:
        self.state.add_update({"my_chat_member": membership(self.state, self.chat, self.shape, old, new)})


@dataclass(frozen=True, slots=True)
class Group:
    """A group the bot is in."""

    state: State
    chat: Chat

    @property
    def id(self) -> int:
        """Return the chat's id, negative."""
        return self.chat.id

    @property
    def heard(self) -> list[str]:
        """Return the texts and captions the bot sent here, oldest first."""
        return heard(self.state, self.chat)

    def removes_bot(self, by: User) -> None:
        """Put the bot out."""
        self.chat.blocked = True
        self.state.add_update({"my_chat_member": membership(self.state, self.chat, by.shape, "member", "kicked")})

    def moves(self, new_id: int, by: User) -> None:
        """Become a supergroup with another id; the old one takes nothing any more."""
        message = self.state.add_message(self.chat, by.shape, {"migrate_to_chat_id": new_id})
        del self.state.chats[self.id]
        self.state.chats[new_id] = Chat({**self.chat.shape, "id": new_id, "type": "supergroup"})
        self.state.add_update({"message": message})


def heard(state: State, chat: Chat) -> list[str]:
    """Return what the bot said in a chat."""
    mine = (message for message in chat.messages if message["from"] == state.me)
    return [message.get("text") or message.get("caption") or "" for message in mine]


def membership(state: State, chat: Chat, by: dict[str, Any], old: str, new: str) -> dict[str, Any]:
    """Return a my_chat_member change."""
    members = [{"user": state.me, "status": status} | _until(status) for status in (old, new)]
    head = {"chat": chat.shape, "from": by, "date": 1_664_150_400}
    return {**head, "old_chat_member": members[0], "new_chat_member": members[1]}


def _until(status: str) -> dict[str, Any]:
    return {"until_date": 0} if status == "kicked" else {}


def _media(name: str) -> str:
    kinds = {"pdf": "application/pdf", "png": "image/png", "txt": "text/plain"}
    return kinds.get(name.rsplit(".", 1)[-1].lower(), "application/octet-stream")
