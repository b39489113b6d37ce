"""What the methods do, each parameter checked."""

import asyncio
import ipaddress
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from tests.fakes.zalo_api.state import RefusedError, State, bad

Values = dict[str, Any]

# Names, and whether they are required.
PARAMETERS: dict[str, dict[str, bool]] = {
    "getMe": {},
    "getUpdates": {"timeout": False},
    "setWebhook": {"url": True, "secret_token": True},
    "deleteWebhook": {},
    "getWebhookInfo": {},
    "sendMessage": {"chat_id": True, "text": True, "parse_mode": False, "text_styles": False},
    "sendChatAction": {"chat_id": True, "action": True},
}


def checked(method: str, values: Values) -> Values:
    """Return a call's values, their names checked; refuse an unknown method (any spelling but its own) or name."""
    if method not in PARAMETERS:
        raise RefusedError(404, "Not Found")
    known = PARAMETERS[method]
    for name in values:
        if name not in known:
            raise bad(f"unknown parameter {name}")
    for name, is_required in known.items():
        if is_required and name not in values:
            raise bad(f"missing parameter {name}")
    return values


class Methods:
    """The methods, by name. `local_hooks`: a test's own web hook on this machine is taken."""

    def __init__(
        self, state: State, *, local_hooks: bool, quota: int | None, chat_seconds: float, second: float
    ) -> None:
        self.state = state
        self.quota = quota
        self.local_hooks = local_hooks
        self.verifies = True
        self._chat_seconds = chat_seconds
        self._second = second
        self._written_at: dict[str, float] = {}
        self.is_polled = False

    async def play(self, method: str, values: Values) -> Any:
        """Return a method's result; None for the one that has none."""
        return await getattr(self, f"do_{method}")(values)

    async def do_getMe(self, values: Values) -> Any:  # noqa: N802
        return self.state.me

    async def do_getUpdates(self, values: Values) -> Any:  # noqa: N802
        seconds = values.get("timeout", 30)
        if not str(seconds).isdigit() or not 1 <= int(seconds) <= 30:
            raise bad("timeout")
        if self.state.hook_url:
            raise bad("can't use getUpdates while a webhook is set")
        if self.is_polled:  # undefined at Zalo; here it is a fault of ours
            raise RefusedError(409, "Conflict")
        self.is_polled = True
        self.state.notify()
        try:
            async with asyncio.timeout(int(seconds) * self._second), self.state.changed:
                await self.state.changed.wait_for(lambda: self.state.events)
                return self.state.events.pop(0)  # handed over and forgotten, whether anybody reads it or not
        except TimeoutError:
            raise RefusedError(408, "Request timeout") from None
        finally:
            self.is_polled = False

    async def do_setWebhook(self, values: Values) -> Any:  # noqa: N802
        url, secret = values["url"], values["secret_token"]
        if not isinstance(secret, str) or not 8 <= len(secret) <= 256:
            raise bad("secret_token has 8 to 256 characters")
        if not (self.local_hooks and is_private(url)) and (not url.startswith("https://") or is_private(url)):
            raise bad("url must be a public https address")
        self.state.hook_url, self.state.hook_secret = url, secret
        self.state.notify()
        return {**self._hook(), "verification": await self._verified(url, secret)}

    async def do_deleteWebhook(self, values: Values) -> Any:  # noqa: N802
        self.state.hook_url = self.state.hook_secret = ""
        return self._hook()

    async def do_getWebhookInfo(self, values: Values) -> Any:  # noqa: N802
        return self._hook()

    async def do_sendMessage(self, values: Values) -> Any:  # noqa: N802
        text = values["text"]
        if not isinstance(text, str) or not text.strip():
            raise bad("text is empty")
        if len(text.encode("utf-16-le")) // 2 > 2000:
            raise bad("text is longer than 2000 characters")
        chat = self.state.chat_to_write_to(values["chat_id"])
        self._pace(chat.id)
        stamp = self.state.stamp()
        chat.messages.append({"by_bot": True, "text": text, "message_id": stamp["message_id"]})
        self.state.notify()
        return stamp

    async def do_sendChatAction(self, values: Values) -> Any:  # noqa: N802
        if values["action"] != "typing":
            raise bad("action")
        self.state.chat_to_write_to(values["chat_id"])

    def _hook(self) -> dict[str, Any]:
        return {"url": self.state.hook_url, "updated_at": 1_664_150_400_000}

    def _pace(self, chat_id: str) -> None:
        now = asyncio.get_running_loop().time()
        if self.quota is not None:
            if self.quota <= 0:
                raise RefusedError(429, "Quota exceeded")
            self.quota -= 1
        # Reckoned from the answer of one to the arrival of the next: a hundredth is the timers' own.
        if now - self._written_at.get(chat_id, -1e9) < self._chat_seconds - 0.01:
            raise RefusedError(429, "Too many requests")
        self._written_at[chat_id] = now

    async def _verified(self, url: str, secret: str) -> dict[str, Any]:
        ok, outcome = self.verifies, "webhook.ok" if self.verifies else "webhook.http.404"
        if is_private(url):
            headers = {"X-Bot-Api-Secret-Token": secret, "User-Agent": "Java/17.0.2"}
            try:
                async with aiohttp.ClientSession() as session, session.post(url, headers=headers) as answer:
                    ok = answer.status == 200
                    outcome = "webhook.ok" if ok else f"webhook.http.{answer.status}"
            except aiohttp.ClientError:
                ok, outcome = False, "webhook.err.unreachable"
        return {"ok": ok, "url": url, "outcome": outcome, "hint": ""}


def is_private(url: str) -> bool:
    """Say whether an address is on this machine or in a private network, by its looks."""
    host = urlsplit(url).hostname or ""
    if host == "localhost" or host.endswith(".local"):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False
