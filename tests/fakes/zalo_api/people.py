"""The other side of the server: people who write to the bot."""

from dataclasses import dataclass
from typing import Any

from tests.fakes.zalo_api.state import Chat, State


@dataclass(frozen=True, slots=True)
class User:
    """A person; their chat with the bot has their own id, and exists once they wrote."""

    state: State
    id: str
    name: str
    url: str  # the server's, for pictures

    @property
    def chat(self) -> Chat:
        """Return the chat, opened by this."""
        return self.state.chats.setdefault(self.id, Chat(self.id))

    @property
    def heard(self) -> list[str]:
        """Return the texts the bot sent here, oldest first."""
        return [each["text"] for each in self.chat.messages if each["by_bot"]]

    def says(self, text: str) -> dict[str, Any]:
        """Write a text and return the message."""
        return self._sends("text", {"text": text})

    def sends_photo(self, content: bytes, *, caption: str = "", documented: bool = False) -> dict[str, Any]:
        """Send a picture, as real traffic has it or as the documents do."""
        number = f"anh-{len(self.state.media)}"
        self.state.media[number] = content
        field = "photo" if documented else "photo_url"
        content_of = {field: f"{self.url}/media/{number}.jpg", "caption": caption, "message_type": "CHAT_PHOTO"}
        return self._sends("image", content_of)

    def sends_sticker(self) -> dict[str, Any]:
        """Send a sticker."""
        return self._sends("sticker", {"sticker": "46b1c2", "url": f"{self.url}/media/sticker.png"})

    def sends_voice(self) -> dict[str, Any]:
        """Send a voice message."""
        return self._sends("voice", {"voice_url": f"{self.url}/media/v.aac", "message_type": "CHAT_VOICE"})

    def sends_unsupported(self, *, bare: bool = False) -> None:
        """Send something the platform does not pass on; `bare`: without even saying who."""
        if bare:
            self.state.add_event({"event_name": "message.unsupported.received"})
        else:
            self._sends("unsupported", {})

    def leaves(self) -> None:
        """Take no more messages from the bot; Zalo tells it nothing."""
        self.chat.is_gone = True

    def comes_back(self) -> None:
        """Take messages again."""
        self.chat.is_gone = False

    def _sends(self, kind: str, content: dict[str, Any]) -> dict[str, Any]:
        message = {
            **self.state.stamp(),
            "chat": {"chat_type": "PRIVATE", "id": self.id},
            "from": {"id": self.id, "is_bot": False, "display_name": self.name},
            **{name: value for name, value in content.items() if value},
        }
        self.chat.messages.append(
            {"by_bot": False, "text": content.get("text", ""), "message_id": message["message_id"]}
        )
        self.state.add_event({"event_name": f"message.{kind}.received", "message": message})
        return message
