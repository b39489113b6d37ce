"""The server put together: routes, guards, and where it may listen."""

import ipaddress
from collections.abc import Iterable
from pathlib import Path

from aiohttp import web

from bot.channels.local import LocalChannel
from bot.web import events, operating, showing, speaking, words
from bot.web.catalogue import catalogue_routes
from bot.web.guards import add_headers, fault_guard, host_guard, host_name, origin_guard
from bot.web.host import Host
from bot.web.keys import ARRIVING, DEMO, HOST, LOCAL, MAX_UPLOAD, SPEAKING
from bot.web.pace import Pace

LOOPBACK_NAMES = frozenset({"127.0.0.1", "localhost", "::1"})
UPLOAD_LIMIT = 10_000_000  # bytes
SHUTDOWN_SECONDS = 3.0

_STATIC = Path(__file__).parent / "static"
_FONTS = Path(__file__).parent.parent / "reports" / "fonts"  # one copy of the font serves page and pictures


class AddressError(Exception):
    """The server was asked to listen where it must not; the text says where it may."""


def make_app(
    host: Host,
    local: LocalChannel,
    *,
    demo: bool,
    allowed_hosts: Iterable[str] = LOOPBACK_NAMES,
    max_upload: int = UPLOAD_LIMIT,
) -> web.Application:
    """Return the server's application. `allowed_hosts` are the names, without port, under which it may be called.

    With `demo` everybody who reaches the server may play every phone that the host lays out, and edit the catalogue.
    """
    names = frozenset(host_name(f"[{name}]" if ":" in name else name) for name in allowed_hosts) - {""}
    app = web.Application(middlewares=[fault_guard, host_guard(names), origin_guard])
    app[HOST], app[LOCAL], app[DEMO], app[MAX_UPLOAD] = host, local, demo, max_upload
    app[SPEAKING] = Pace(burst=20, per_second=1)
    app[ARRIVING] = Pace(burst=20, per_second=0.2)  # guesses at codes: the store throttles them as well
    app[events.OPEN_PAGES] = set()
    app.add_routes([*(catalogue_routes() if demo else ()), *_routes()])
    app.on_response_prepare.append(add_headers)
    app.on_shutdown.append(events.end_streams)
    return app


async def serve(app: web.Application, host: str, port: int) -> web.AppRunner:
    """Listen on an address and return the runner, whose `cleanup` ends it; port 0 lets the system choose.

    Raises AddressError for a demo anywhere but on this machine's own address, OSError where the port is taken.
    """
    if app[DEMO] and not _is_loopback(host):
        raise AddressError(words.DEMO_ADDRESS.format(address=host or "0.0.0.0"))  # noqa: S104  (named, not bound)
    # No access log: its lines would hold who spoke when.
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=SHUTDOWN_SECONDS)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError:
        await runner.cleanup()
        raise
    return runner


async def _page(_: web.Request) -> web.FileResponse:
    return web.FileResponse(_STATIC / "index.html", headers={"Cache-Control": "no-cache"})


def _routes() -> list[web.AbstractRouteDef]:
    return [
        web.get("/", _page),
        web.get("/healthz", operating.healthz),
        web.get("/readyz", operating.readyz),
        web.get("/metrics", operating.metrics),
        web.post("/{channel:[a-z]+}/webhook", operating.webhook),
        web.get("/events", events.events),
        web.get("/api/start", showing.start),
        web.post("/api/join", showing.join),
        web.get("/api/clock", showing.clock),
        web.post("/api/clock", showing.move_clock),
        web.get("/api/phones/{phone}", showing.transcript),
        web.post("/api/phones/{phone}/{kind:text|press}", speaking.say),
        web.post("/api/phones/{phone}/file", speaking.upload),
        web.get("/api/phones/{phone}/files/{file}", showing.download),
        web.static("/static/fonts", _FONTS),
        web.static("/static", _STATIC),
    ]


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
