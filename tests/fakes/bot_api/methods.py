"""What the methods do once a call has the right shape."""

from collections.abc import Awaitable, Callable
from typing import Any

from tests.fakes.bot_api import markup
from tests.fakes.bot_api.limits import Windows
from tests.fakes.bot_api.refused import RefusedError, bad
from tests.fakes.bot_api.state import Chat, State, WebHookSetting

MAX_DOWNLOAD = 20_000_000
MAX_UPLOAD = 50_000_000
MAX_PHOTO = 10_000_000

Values = dict[str, Any]
Files = dict[str, tuple[str, bytes]]
Method = Callable[[Values, Files], Awaitable[Any]]


class Methods:
    """The methods that are played, by name."""

    def __init__(self, state: State, windows: Windows) -> None:
        self.state = state
        self.windows = windows

    def find(self, name: str) -> Method:
        """Return a method, or refuse what is not played here."""
        found = getattr(self, f"do_{name}", None)
        if found is None:
            raise RefusedError(501, f"Not Implemented: {name} is not played by this server")
        return found  # type: ignore[no-any-return]  # looked up by name

    async def do_getMe(self, values: Values, files: Files) -> Any:  # noqa: N802
        return self.state.me

    async def do_sendMessage(self, values: Values, files: Files) -> Any:  # noqa: N802
        text, entities = markup.read(values, "text", "entities", limit=4096)
        keyboard = _keyboard(values)
        chat = self._open(values)
        return self._add(chat, {"text": text, "entities": entities, "reply_markup": keyboard})

    async def do_sendPhoto(self, values: Values, files: Files) -> Any:  # noqa: N802
        return self._send_file("photo", values, files, most=MAX_PHOTO)

    async def do_sendDocument(self, values: Values, files: Files) -> Any:  # noqa: N802
        return self._send_file("document", values, files, most=MAX_UPLOAD)

    async def do_sendChatAction(self, values: Values, files: Files) -> Any:  # noqa: N802
        self.state.chat_to_write_to(values["chat_id"])
        return True

    async def do_editMessageText(self, values: Values, files: Files) -> Any:  # noqa: N802
        text, entities = markup.read(values, "text", "entities", limit=4096)
        message = self._own_message(values)
        return self._edit(message, {"text": text, "entities": entities, "reply_markup": _keyboard(values)})

    async def do_editMessageReplyMarkup(self, values: Values, files: Files) -> Any:  # noqa: N802
        return self._edit(self._own_message(values), {"reply_markup": _keyboard(values)})

    async def do_deleteMessage(self, values: Values, files: Files) -> Any:  # noqa: N802
        chat = self.state.chat_to_write_to(values["chat_id"])
        message = chat.message(values["message_id"])
        if message is None:
            raise bad("message to delete not found")
        chat.messages.remove(message)
        return True

    async def do_answerCallbackQuery(self, values: Values, files: Files) -> Any:  # noqa: N802
        text = values.get("text", "")
        if markup.units(text) > 200:
            raise bad("MESSAGE_TOO_LONG")
        press_id = values["callback_query_id"]
        if self.state.presses.get(press_id, "unknown") is not None:
            raise bad("query is too old and response timeout expired or query ID is invalid")
        self.state.presses[press_id] = text
        self.state.notify()
        return True

    async def do_getFile(self, values: Values, files: Files) -> Any:  # noqa: N802
        file_id = values["file_id"]
        if file_id not in self.state.files:
            raise bad("invalid file_id")
        _, content = self.state.files[file_id]
        if len(content) > MAX_DOWNLOAD:
            raise bad("file is too big")
        shape = {"file_id": file_id, "file_unique_id": f"u{file_id}", "file_size": len(content)}
        return {**shape, "file_path": f"documents/{file_id}"}

    async def do_setMyCommands(self, values: Values, files: Files) -> Any:  # noqa: N802
        for command in values["commands"]:
            name = command["command"]
            if not (
                1 <= len(name) <= 32 and name.isascii() and name.replace("_", "a").isalnum() and name == name.lower()
            ):
                raise bad("BOT_COMMAND_INVALID")
            if not 1 <= len(command["description"]) <= 256:
                raise bad("BOT_COMMAND_DESCRIPTION_INVALID")
        if len(values["commands"]) > 100:
            raise bad("BOT_COMMANDS_TOO_MUCH")
        scope = values.get("scope") or {}
        if "chat_id" in scope:
            self.state.chat_to_write_to(scope["chat_id"]).menu = values["commands"]
        self.state.notify()
        return True

    async def do_setWebhook(self, values: Values, files: Files) -> Any:  # noqa: N802
        url = values["url"]
        if not url.startswith(("https://", "http://127.0.0.1", "http://localhost")):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        secret = values.get("secret_token", "")
        if secret and not (
            len(secret) <= 256 and secret.isascii() and secret.replace("_", "a").replace("-", "a").isalnum()
        ):
            raise bad("secret token contains unallowed characters")
        self.state.web_hook = WebHookSetting(url=url, secret=secret)
        self.state.allowed = values.get("allowed_updates") or self.state.allowed
        self.state.notify()
        return True

    async def do_deleteWebhook(self, values: Values, files: Files) -> Any:  # noqa: N802
        self.state.web_hook = WebHookSetting()
        if values.get("drop_pending_updates"):
            self.state.updates.clear()
        return True

    async def do_getWebhookInfo(self, values: Values, files: Files) -> Any:  # noqa: N802
        url = self.state.web_hook.url
        return {"url": url, "has_custom_certificate": False, "pending_update_count": len(self.state.updates)}

    def _open(self, values: Values) -> Chat:
        chat = self.state.chat_to_write_to(values["chat_id"])
        self.windows.take(chat.id)
        return chat

    def _add(self, chat: Chat, content: Values) -> Values:
        return self.state.add_message(chat, self.state.me, content)

    def _send_file(self, kind: str, values: Values, files: Files, *, most: int) -> Values:
        caption, entities = markup.read(values, "caption", "caption_entities", limit=1024)
        keyboard = _keyboard(values)
        name, content = files.get(kind) or self.state.files.get(str(values.get(kind)), ("", b""))
        if not content:
            raise bad("file must be non-empty")
        if len(content) > most:
            raise RefusedError(413, "Request Entity Too Large")
        chat = self._open(values)
        stored = self.state.add_file(name, content)
        shape: Any = [{**stored, "width": 800, "height": 600}] if kind == "photo" else {**stored, "file_name": name}
        return self._add(
            chat, {kind: shape, "caption": caption, "caption_entities": entities, "reply_markup": keyboard}
        )

    def _own_message(self, values: Values) -> Values:
        chat = self.state.chat_to_write_to(values.get("chat_id"))
        message = chat.message(values.get("message_id", 0))
        if message is None:
            raise bad("message to edit not found")
        if message["from"] != self.state.me:
            raise bad("message can't be edited")
        return message

    def _edit(self, message: Values, changes: Values) -> Values:
        edited = {**message, **changes}
        kept = {name: value for name, value in edited.items() if value}
        if kept == message:
            raise bad("message is not modified: specified new message content and reply markup are exactly the same")
        message.clear()
        message.update(kept)
        self.state.notify()
        return message


def _keyboard(values: Values) -> Values | None:
    markup_given: Values | None = values.get("reply_markup")
    rows = (markup_given or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for button in buttons:
        if not button["text"].strip():
            raise bad("text buttons must have non-empty text")
        if sum(name in button for name in ("url", "callback_data", "web_app", "login_url", "copy_text", "pay")) != 1:
            raise bad("inline keyboard button must have exactly one of the optional fields")
        if not 1 <= len(button.get("callback_data", "x").encode()) <= 64:
            raise bad("BUTTON_DATA_INVALID")
    return markup_given if buttons else None
