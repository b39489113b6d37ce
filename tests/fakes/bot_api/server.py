"""The server itself: HTTP in, checked, played, recorded."""

import asyncio
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.bot_api import faults, spec
from tests.fakes.bot_api.control import routes
from tests.fakes.bot_api.faults import Fault, Faults, Ordered
from tests.fakes.bot_api.limits import Limits, Windows
from tests.fakes.bot_api.methods import Methods
from tests.fakes.bot_api.people import Group, User
from tests.fakes.bot_api.polling import Polling
from tests.fakes.bot_api.refused import RefusedError, bad
from tests.fakes.bot_api.state import Call, Chat, Refusal, State

TOKEN = "5610:AAFakeTokenForTestsOnly_0123456789abcdef"


@dataclass(frozen=True, slots=True, kw_only=True)
class Distance:
    """How far away the server is: seconds there and back, each call up to `jitter` seconds nearer or farther."""

    seconds: float = 0.0
    jitter: float = 0.0
    chance: random.Random = field(default_factory=lambda: random.Random(5610))

    async def cross(self) -> None:
        """Be on the way, one way."""
        if self.seconds:
            await asyncio.sleep((self.seconds + self.chance.uniform(-self.jitter, self.jitter)) / 2)


class FakeBotApi:
    """A Bot API server for one bot."""

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        username: str = "NhacViecBot",
        limits: Limits | None = None,
        distance: Distance | None = None,
    ) -> None:
        self._distance = distance or Distance()
        self.token = token
        self.url = ""
        self._port = port
        self._username = username
        self._limits = limits or Limits()
        self._runner: web.AppRunner | None = None
        self._poster: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._begin()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=60_000_000)
        app.add_routes(routes(self))
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/file/bot{token}/{path:.+}", self._download)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=True)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", self._port)
        await site.start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._poster = asyncio.create_task(self._post_updates())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping.set()
        if self._poster is not None:
            self._poster.cancel()
            await asyncio.wait([self._poster])
        if self._runner is not None:
            await self._runner.cleanup()

    def start_over(self) -> None:
        """Forget everything: chats, updates, calls, refusals, faults. People and groups are to be made anew."""
        self._polling.end()
        self._begin()

    def _begin(self) -> None:
        self.state = State(self._username)
        self.faults = Faults()
        self.windows = Windows(self._limits)
        self._methods = Methods(self.state, self.windows)
        self._polling = Polling(self.state)

    @property
    def calls(self) -> list[Call]:
        """Return every call, oldest first."""
        return self.state.calls

    @property
    def refusals(self) -> list[Refusal]:
        """Return every call the real server would have refused."""
        return self.state.refusals

    def user(self, user_id: int, name: str = "An", *, language: str = "vi") -> User:
        """Return a person; their chat takes messages once they wrote."""
        return User(self.state, {"id": user_id, "is_bot": False, "first_name": name, "language_code": language})

    def group(self, chat_id: int, title: str = "Tổ CCHC") -> Group:
        """Return a group the bot is in."""
        shape = {"id": chat_id, "type": "supergroup", "title": title}
        return Group(self.state, self.state.chats.setdefault(chat_id, Chat(shape)))

    def fault(self, method: str, fault: Fault, *, times: int | None = 1, **details: Any) -> None:
        """Let the next calls of a method ("*": any) meet a fault; None: until `faults.clear()`."""
        self.faults.order(method, Ordered(fault, times, **details))

    async def until(self, holds: Callable[[], object], *, seconds: float = 5.0) -> None:
        """Wait until something holds that depends on what the server has seen; TimeoutError otherwise."""
        async with asyncio.timeout(seconds), self.state.changed:
            await self.state.changed.wait_for(holds)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method = request.match_info["method"]
        values: dict[str, Any] = {}
        files: dict[str, tuple[str, bytes]] = {}
        status = 200
        await self._distance.cross()
        at = asyncio.get_running_loop().time()
        try:
            self._let_in(request.match_info["token"])
            spec.method_name(method)
            given, files = await _form(request)
            values = spec.decoded(method, given, set(files))
            status, body = await self._play(method, values, files)
        except RefusedError as refused:
            status, body = self._refuse(request, method, refused)
        finally:
            contents = {name: content for name, (_, content) in files.items()}
            self.state.calls.append(Call(method=method, values=values, files=contents, status=status, at=at))
            self.state.notify()
        await self._distance.cross()
        if body is None:
            return _cut(request)
        if isinstance(body, str):
            return web.Response(status=status, text=body, content_type="text/html")
        return web.json_response(body, status=status)

    async def _play(
        self, method: str, values: dict[str, Any], files: dict[str, tuple[str, bytes]]
    ) -> tuple[int, str | dict[str, Any] | None]:
        ordered = self.faults.next(method)
        if ordered and ordered.fault is Fault.HANG:
            await self._stopping.wait()
            return 200, None
        if ordered and ordered.fault is Fault.SLOW:
            await asyncio.sleep(ordered.seconds)
        elif ordered and ordered.fault is not Fault.DELIVER_THEN_CUT:
            return faults.answer(ordered)
        if method == "getUpdates":
            result: Any = await self._polling.get_updates(values)
        else:
            result = await self._methods.find(method)(values, files)
        cut = ordered is not None and ordered.fault is Fault.DELIVER_THEN_CUT
        return 200, None if cut else {"ok": True, "result": result}

    def _let_in(self, token: str) -> None:
        if token != self.token:
            raise RefusedError(401, "Unauthorized")

    def _refuse(self, request: web.Request, method: str, refused: RefusedError) -> tuple[int, dict[str, Any]]:
        # A poller that has gone away is not told, and did nothing wrong.
        if request.transport is not None and not request.transport.is_closing():
            self.state.refusals.append(Refusal(method=method, status=refused.status, reason=refused.description))
        body = {"ok": False, "error_code": refused.status, "description": refused.description}
        return refused.status, body | ({"parameters": refused.parameters} if refused.parameters else {})

    async def _download(self, request: web.Request) -> web.StreamResponse:
        file_id = request.match_info["path"].removeprefix("documents/")
        if request.match_info["token"] != self.token or file_id not in self.state.files:
            return web.json_response({"ok": False, "error_code": 404, "description": "Not Found"}, status=404)
        ordered = self.faults.next("download")
        if ordered:
            status, body = faults.answer(ordered)
            return web.Response(status=status, text=str(body))
        return web.Response(body=self.state.files[file_id][1])

    async def _post_updates(self) -> None:
        """Post updates to the web hook, one at a time, each until it is taken."""
        async with aiohttp.ClientSession() as session:
            while True:
                await self._post_one(session, self.state)

    async def _post_one(self, session: aiohttp.ClientSession, state: State) -> None:
        async with state.changed:
            await state.changed.wait_for(lambda: state is not self.state or (state.web_hook.url and state.updates))
        if state is not self.state:  # started over meanwhile
            return
        hook = state.web_hook
        headers = {"X-Telegram-Bot-Api-Secret-Token": hook.secret} if hook.secret else {}
        try:
            async with session.post(hook.url, json=state.updates[0], headers=headers) as answer:
                taken = answer.status // 100 == 2
        except aiohttp.ClientError:
            taken = False
        if taken:
            state.updates.pop(0)
            state.notify()
        else:
            await asyncio.sleep(0.05)


async def _form(request: web.Request) -> tuple[dict[str, str], dict[str, tuple[str, bytes]]]:
    given = dict(request.query)
    files: dict[str, tuple[str, bytes]] = {}
    if request.content_type == "application/json":
        for name, value in json.loads(await request.read()).items():
            given[name] = value if isinstance(value, str) else json.dumps(value)
        return given, files
    for name, part in (await request.post()).items():
        if isinstance(part, web.FileField):
            files[name] = (part.filename, part.file.read())
        elif isinstance(part, bytes | bytearray):
            raise bad(f"{name}: neither text nor file")
        else:
            given[name] = part
    return given, files


def _cut(request: web.Request) -> web.StreamResponse:
    if request.transport is not None:
        request.transport.abort()
    return web.Response()
