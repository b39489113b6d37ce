"""Steering the server from another process: JSON over POST and GET under /_control/.

POST say      {"user": 1001, "name": "An", "text": "/start K7Q2", "chat": -100…?}   -> {"message_id": 1}
POST file     {"user": 1001, "file_name": "a.pdf", "base64": "…", "caption": ""}     -> {"message_id": 2}
POST press    {"user": 1001, "message_id": 3, "button": "Đã xong", "chat": …?}       -> {"press_id": "…"}
POST block    {"user": 1001}      POST unblock {"user": 1001}
POST crowd    {"first": 1001, "number": 2000}      private chats that take messages, without an update each
POST group    {"id": -100123, "title": "Tổ CCHC"}
POST fault    {"method": "sendMessage", "fault": "502_html", "times": 1, "seconds": 1.0, "description": ""}
POST clear_faults {}              POST start_over {}
GET  calls[?method=sendMessage]   [{"method", "values", "files": {name: bytes}, "status"}]
GET  sends                        [{"chat", "text", "at", "status"}] of what was to be said; at: seconds of the server
GET  served                       {"number": 40, "chats": 38, "last": [[chat, message id]]} taken from the bot; served lately
GET  refusals                     [{"method", "status", "reason"}]
GET  messages?chat=1001           every message of a chat as Telegram has it, people's and the bot's
GET  presses                      {press_id: answer, null while it spins}
GET  pending                      {"updates": 0}
GET  file?id=file-1               the bytes of a file sent by anyone
"""

import asyncio
import base64
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.bot_api.faults import Fault

if TYPE_CHECKING:
    from tests.fakes.bot_api.people import User
    from tests.fakes.bot_api.server import FakeBotApi
    from tests.fakes.bot_api.state import Chat

Body = dict[str, Any]


class Control:
    """The steering wheel of one server."""

    def __init__(self, server: "FakeBotApi") -> None:
        self.server = server

    def say(self, body: Body) -> Any:
        message = self._user(body).says(body["text"], chat=self._chat(body))
        return {"message_id": message["message_id"]}

    def file(self, body: Body) -> Any:
        content = base64.b64decode(body["base64"])
        user, chat = self._user(body), self._chat(body)
        message = user.sends_file(body["file_name"], content, caption=body.get("caption", ""), chat=chat)
        return {"message_id": message["message_id"]}

    def press(self, body: Body) -> Any:
        press_id = self._user(body).presses(body["message_id"], body["button"], chat=self._chat(body))
        return {"press_id": press_id, "at": asyncio.get_running_loop().time()}

    def block(self, body: Body) -> Any:
        self._user(body).blocks()
        return {}

    def unblock(self, body: Body) -> Any:
        self._user(body).unblocks()
        return {}

    def crowd(self, body: Body) -> Any:
        for number in range(body["first"], body["first"] + body["number"]):
            _ = self.server.user(number).chat  # a chat is opened by being looked at
        return {}

    def group(self, body: Body) -> Any:
        return {"id": self.server.group(body["id"], body.get("title", "Tổ CCHC")).id}

    def fault(self, body: Body) -> Any:
        details = {name: body[name] for name in ("seconds", "description", "moved_to") if name in body}
        self.server.fault(body["method"], Fault(body["fault"]), times=body.get("times", 1), **details)
        return {}

    def clear_faults(self, body: Body) -> Any:
        self.server.faults.clear()
        return {}

    def start_over(self, body: Body) -> Any:
        self.server.start_over()
        return {}

    def _user(self, body: Body) -> "User":
        return self.server.user(body["user"], body.get("name", "An"), language=body.get("language", "vi"))

    def _chat(self, body: Body) -> "Chat | None":
        return self.server.state.chats[body["chat"]] if "chat" in body else None


def routes(server: "FakeBotApi") -> list[web.RouteDef]:
    """Return the routes that steer a server."""
    control = Control(server)
    verbs = (
        control.say,
        control.file,
        control.press,
        control.block,
        control.unblock,
        control.crowd,
        control.group,
        control.fault,
        control.clear_faults,
        control.start_over,
    )
    posts = [web.post(f"/_control/{verb.__name__}", _doing(verb)) for verb in verbs]
    views = {
        "calls": _calls,
        "sends": _sends,
        "served": _served,
        "refusals": _refusals,
        "messages": _messages,
        "presses": _presses,
        "pending": _pending,
    }
    gets = [web.get(f"/_control/{name}", _showing(server, view)) for name, view in views.items()]

    async def file(request: web.Request) -> web.Response:
        return web.Response(body=server.state.files[request.query["id"]][1])

    return [*posts, *gets, web.get("/_control/file", file)]


def _doing(verb: Callable[[Body], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(verb(await request.json()))

    return handle


def _showing(
    server: "FakeBotApi", view: Callable[["FakeBotApi", web.Request], Any]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(view(server, request))

    return handle


def _calls(server: "FakeBotApi", request: web.Request) -> Any:
    wanted = request.query.get("method")
    calls = [call for call in server.calls if wanted in (None, call.method)]
    return [{**asdict(call), "files": {name: len(content) for name, content in call.files.items()}} for call in calls]


def _sends(server: "FakeBotApi", request: web.Request) -> Any:
    return [
        {"chat": call.values["chat_id"], "text": call.values["text"], "at": call.at, "status": call.status}
        for call in server.calls
        if call.method == "sendMessage"
    ]


def _served(server: "FakeBotApi", request: web.Request) -> Any:
    sends = [call for call in server.calls if call.method == "sendMessage" and call.status == 200]
    rested = asyncio.get_running_loop().time() - 2
    chats = [server.state.chats[call.values["chat_id"]] for call in sends[-100:] if call.at < rested]
    reached = len({call.values["chat_id"] for call in sends})
    return {
        "number": len(sends),
        "chats": reached,
        "last": [[chat.id, chat.messages[-1]["message_id"]] for chat in chats],
    }


def _refusals(server: "FakeBotApi", request: web.Request) -> Any:
    return [asdict(refusal) for refusal in server.refusals]


def _messages(server: "FakeBotApi", request: web.Request) -> Any:
    chat = server.state.chats.get(int(request.query["chat"]))
    return chat.messages if chat else []


def _presses(server: "FakeBotApi", request: web.Request) -> Any:
    return server.state.presses


def _pending(server: "FakeBotApi", request: web.Request) -> Any:
    return {"updates": len(server.state.updates)}
