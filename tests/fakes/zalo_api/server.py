"""The server itself: HTTP in, checked, played, recorded."""

import asyncio
import json
from collections.abc import Callable
from typing import Any, Self

import aiohttp
from aiohttp import web

from tests.fakes.zalo_api import faults
from tests.fakes.zalo_api.control import routes
from tests.fakes.zalo_api.faults import Fault, Faults, Ordered
from tests.fakes.zalo_api.methods import Methods, checked
from tests.fakes.zalo_api.people import User
from tests.fakes.zalo_api.state import Call, Refusal, RefusedError, State, bad

TOKEN = "1459232241454765289:FakeTokenForTestsOnly_0123456789abcdef"
IDLE = 408


class FakeZaloApi:
    """A Zalo Bot server for one bot.

    `quota`: so many messages are taken, then 429; `chat_seconds` between two to a chat; `second`: how long a second of
    a poll lasts, so that no test waits for an idle one.
    """

    def __init__(
        self,
        *,
        port: int = 0,
        token: str = TOKEN,
        with_status: bool = False,
        wrapped: bool = False,
        local_hooks: bool = False,
        quota: int | None = None,
        chat_seconds: float = 0.0,
        second: float = 1.0,
    ) -> None:
        self.token = token
        self.url = ""
        self.with_status = with_status
        self.wrapped = wrapped
        self._limits = {"local_hooks": local_hooks, "quota": quota, "chat_seconds": chat_seconds, "second": second}
        self._port = port
        self._runner: web.AppRunner | None = None
        self._poster: asyncio.Task[None] | None = None
        self._stopping = asyncio.Event()
        self._begin()

    async def __aenter__(self) -> Self:
        app = web.Application(client_max_size=10_000_000)
        app.add_routes(routes(self))
        app.router.add_route("*", "/bot{token}/{method}", self._call)
        app.router.add_get("/media/{name}", self._media)
        # A poll whose asker has gone goes on, and takes the next event with it: so it is at Zalo.
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.1, handler_cancellation=False)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self._port).start()
        self._port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self._port}"
        self._poster = asyncio.create_task(self._post_events())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._stopping.set()
        if self._poster is not None:
            self._poster.cancel()
            await asyncio.wait([self._poster])
        if self._runner is not None:
            await self._runner.cleanup()

    def start_over(self) -> None:
        """Forget everything: chats, events, calls, refusals, faults. People are to be made anew."""
        self._begin()

    def _begin(self) -> None:
        self.state = State()
        self.faults = Faults()
        self.methods = Methods(self.state, **self._limits)  # type: ignore[arg-type]  # four of three kinds

    @property
    def calls(self) -> list[Call]:
        """Return every call that came, oldest first."""
        return self.state.calls

    @property
    def refusals(self) -> list[Refusal]:
        """Return every call that the real server would have refused."""
        return self.state.refusals

    @property
    def lost(self) -> list[Any]:
        """Return every event that was handed to a line nobody read any more."""
        return self.state.lost

    def called(self, method: str) -> list[Call]:
        """Return every call of one method."""
        return [call for call in self.calls if call.method == method]

    def user(self, user_id: str, name: str = "Lan") -> User:
        """Return a person; the bot may write to them once they wrote or their `chat` was looked at."""
        return User(self.state, user_id, name, self.url)

    def fault(self, method: str, fault: Fault, *, times: int | None = 1, **details: Any) -> None:
        """Let the next calls of a method ("*": any, "media": a picture) meet a fault; None: until `faults.clear()`."""
        self.faults.order(method, Ordered(fault, times, **details))

    async def until(self, holds: Callable[[], object], *, seconds: float = 5.0) -> None:
        """Wait until something holds that depends on what the server has seen; TimeoutError otherwise."""
        async with asyncio.timeout(seconds), self.state.changed:
            await self.state.changed.wait_for(holds)

    async def _call(self, request: web.Request) -> web.StreamResponse:
        method, values, code = request.match_info["method"], {}, 200
        drip = 0.0
        result: Any = None
        try:
            values = await _values(request)
            self._let_in(request.match_info["token"])
            checked(method, values)
            ordered = self.faults.next(method)
            status, body, drip = await self._play(method, values, ordered)
            if method == "getUpdates" and isinstance(body, dict) and body.get("ok") is True:
                result = body["result"]
        except RefusedError as refused:
            code = refused.code
            status, body = self._refuse(method, refused)
        finally:
            self.state.calls.append(Call(method=method, values=values, code=code))
            self.state.notify()
        if result is not None and (request.transport is None or request.transport.is_closing()):
            self.state.lost.append(result)
        return await _respond(request, status, body, drip)

    async def _play(self, method: str, values: dict[str, Any], ordered: Ordered | None) -> tuple[int, object, float]:
        fault = ordered.fault if ordered else None
        if ordered and fault is Fault.HANG:
            await self._stopping.wait()
            return 200, None, 0.0
        if fault is Fault.RESET:
            return 200, None, 0.0
        if ordered and fault is Fault.SLOW:
            await asyncio.sleep(ordered.seconds)
        elif ordered and fault not in (Fault.DELIVER_THEN_CUT, Fault.DRIP):
            return *faults.answer(ordered, with_status=self.with_status), 0.0
        result = await self.methods.play(method, values)
        if fault is Fault.DELIVER_THEN_CUT:
            return 200, None, 0.0
        drip = ordered.seconds if ordered and fault is Fault.DRIP else 0.0
        return 200, {"ok": True} if result is None else {"ok": True, "result": result}, drip

    def _let_in(self, token: str) -> None:
        if token != self.token:
            raise RefusedError(401, "Unauthorized")

    def _refuse(self, method: str, refused: RefusedError) -> tuple[int, dict[str, Any]]:
        if refused.code != IDLE:
            self.state.refusals.append(Refusal(method=method, code=refused.code, reason=refused.description))
        status = refused.code if self.with_status else 200
        return status, {"ok": False, "error_code": refused.code, "description": refused.description}

    async def _media(self, request: web.Request) -> web.StreamResponse:
        ordered = self.faults.next("media")
        content = self.state.media.get(request.match_info["name"].removesuffix(".jpg"))
        if ordered:
            return web.Response(status=ordered.code or 502)
        return web.Response(body=content) if content is not None else web.Response(status=404)

    async def _post_events(self) -> None:
        """Post events to the web hook, one at a time, each until it is taken."""
        async with aiohttp.ClientSession() as session:
            while True:
                await self._post_one(session, self.state)

    async def _post_one(self, session: aiohttp.ClientSession, state: State) -> None:
        async with state.changed:
            await state.changed.wait_for(
                lambda: state is not self.state or (state.hook_url.startswith("http://127.") and state.events)
            )
        if state is not self.state:  # started over meanwhile
            return
        event = {"ok": True, "result": state.events[0]} if self.wrapped else state.events[0]
        headers = {"X-Bot-Api-Secret-Token": state.hook_secret, "User-Agent": "Java/17.0.2"}
        try:
            async with session.post(state.hook_url, json=event, headers=headers) as answer:
                taken = answer.status // 100 == 2
        except aiohttp.ClientError:
            taken = False
        if taken:
            state.events.pop(0)
            state.notify()
        else:
            await asyncio.sleep(0.05)


async def _values(request: web.Request) -> dict[str, Any]:
    body = await request.read()
    if not body:
        return dict(request.query)
    try:
        values = json.loads(body)
    except ValueError:
        raise bad("can't parse JSON") from None
    if not isinstance(values, dict):
        raise bad("an object is expected")
    return values


async def _respond(request: web.Request, status: int, body: object, drip: float) -> web.StreamResponse:
    if body is None:
        if request.transport is not None:
            request.transport.abort()
        return web.Response()
    text = body if isinstance(body, str) else json.dumps(body)
    media = "text/html" if isinstance(body, str) else "application/json"
    if not drip:
        return web.Response(status=status, text=text, content_type=media)
    response = web.StreamResponse(status=status, headers={"Content-Type": media})
    await response.prepare(request)
    for letter in text.encode():
        await response.write(bytes([letter]))
        await asyncio.sleep(drip)
    return response
