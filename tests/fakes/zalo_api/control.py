"""Steering the server from another process: JSON over POST and GET under /_control/.

POST say          {"user": "a1b2…", "name": "Lan", "text": "R18 1"}                       -> {"message_id": "…"}
POST photo        {"user": "a1b2…", "base64": "…", "caption": ""}                         -> {"message_id": "…"}
POST sticker      {"user": "a1b2…"}
POST leave        {"user": "a1b2…"}      POST come_back {"user": "a1b2…"}
POST fault        {"method": "sendMessage", "fault": "error", "times": 1, "code": 429, "description": "", "seconds": 1.0}
POST clear_faults {}                     POST start_over {}
GET  calls[?method=sendMessage]          [{"method", "values", "code"}]
GET  refusals                            [{"method", "code", "reason"}]
GET  messages?chat=a1b2…                 [{"by_bot", "text", "message_id"}]
GET  pending                             {"events": 0, "lost": 0}
"""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.fakes.zalo_api.faults import Fault

if TYPE_CHECKING:
    from tests.fakes.zalo_api.people import User
    from tests.fakes.zalo_api.server import FakeZaloApi

Body = dict[str, Any]


class Control:
    """The steering wheel of one server."""

    def __init__(self, server: "FakeZaloApi") -> None:
        self.server = server

    def say(self, body: Body) -> Any:
        return {"message_id": self._user(body).says(body["text"])["message_id"]}

    def photo(self, body: Body) -> Any:
        content = base64.b64decode(body["base64"])
        return {"message_id": self._user(body).sends_photo(content, caption=body.get("caption", ""))["message_id"]}

    def sticker(self, body: Body) -> Any:
        return {"message_id": self._user(body).sends_sticker()["message_id"]}

    def leave(self, body: Body) -> Any:
        self._user(body).leaves()
        return {}

    def come_back(self, body: Body) -> Any:
        self._user(body).comes_back()
        return {}

    def fault(self, body: Body) -> Any:
        details = {name: body[name] for name in ("seconds", "description", "code", "parameters") if name in body}
        self.server.fault(body["method"], Fault(body["fault"]), times=body.get("times", 1), **details)
        return {}

    def clear_faults(self, body: Body) -> Any:
        self.server.faults.clear()
        return {}

    def start_over(self, body: Body) -> Any:
        self.server.start_over()
        return {}

    def _user(self, body: Body) -> "User":
        return self.server.user(body["user"], body.get("name", "Lan"))


def routes(server: "FakeZaloApi") -> list[web.RouteDef]:
    """Return the routes that steer a server."""
    control = Control(server)
    verbs = (
        control.say,
        control.photo,
        control.sticker,
        control.leave,
        control.come_back,
        control.fault,
        control.clear_faults,
        control.start_over,
    )
    posts = [web.post(f"/_control/{verb.__name__}", _doing(verb)) for verb in verbs]
    views = {"calls": _calls, "refusals": _refusals, "messages": _messages, "pending": _pending}
    return [*posts, *(web.get(f"/_control/{name}", _showing(server, view)) for name, view in views.items())]


def _doing(verb: Callable[[Body], Any]) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(verb(await request.json()))

    return handle


def _showing(
    server: "FakeZaloApi", view: Callable[["FakeZaloApi", web.Request], Any]
) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def handle(request: web.Request) -> web.Response:
        return web.json_response(view(server, request))

    return handle


def _calls(server: "FakeZaloApi", request: web.Request) -> Any:
    wanted = request.query.get("method")
    return [asdict(call) for call in server.calls if wanted in (None, call.method)]


def _refusals(server: "FakeZaloApi", request: web.Request) -> Any:
    return [asdict(refusal) for refusal in server.refusals]


def _messages(server: "FakeZaloApi", request: web.Request) -> Any:
    chat = server.state.chats.get(request.query["chat"])
    return chat.messages if chat else []


def _pending(server: "FakeZaloApi", request: web.Request) -> Any:
    return {"events": len(server.state.events), "lost": len(server.lost)}
