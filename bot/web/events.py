"""Live events to open pages (server-sent events, WHATWG HTML 9.2)."""

import asyncio
import json
from http import HTTPStatus

from aiohttp import web

from bot.channels.news import Event, EventKind, Subscription
from bot.web import words
from bot.web.guards import refusal
from bot.web.host import Host
from bot.web.keys import DEMO, HOST, LOCAL
from bot.web.phones import OWN, own_chat_id
from bot.web.shapes import clock_json

HEARTBEAT = 15.0  # seconds; proxies cut a silent line after 30 or 60
MAX_PAGES = 500

OPEN_PAGES: web.AppKey[set[Subscription]] = web.AppKey("open_pages", set[Subscription])


async def events(request: web.Request) -> web.StreamResponse:
    """Stream what happens in the visitor's phones until either side leaves; begins with `hello`."""
    chat_id = None if request.app[DEMO] else own_chat_id(request)
    if chat_id is None and not request.app[DEMO]:
        return refusal(HTTPStatus.NOT_FOUND, words.NO_PHONE)
    pages = request.app[OPEN_PAGES]
    if len(pages) >= MAX_PAGES:
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, words.TOO_MANY_PAGES)
    subscription = request.app[LOCAL].subscribe(chat_id)
    pages.add(subscription)
    try:
        return await _stream(request, subscription)
    finally:
        pages.discard(subscription)
        request.app[LOCAL].unsubscribe(subscription)


async def end_streams(app: web.Application) -> None:
    """Let every open stream end, so that the server can stop."""
    pages = app[OPEN_PAGES]
    for subscription in tuple(pages):
        subscription.end()


async def _stream(request: web.Request, subscription: Subscription) -> web.StreamResponse:
    response = web.StreamResponse(headers={"Content-Type": "text/event-stream", "X-Accel-Buffering": "no"})
    await response.prepare(request)
    try:
        await response.write(b"retry: 1000\n" + _line("hello", {}))
        while True:
            try:
                event = await asyncio.wait_for(subscription.next(), HEARTBEAT)
            except TimeoutError:
                await response.write(b": still here\n\n")
                continue
            if event is None:
                break
            await response.write(await _told(request.app[HOST], event, is_demo=request.app[DEMO]))
        await response.write_eof()
    except ConnectionError:
        pass  # the page is gone, which is how every stream ends
    return response


async def _told(host: Host, event: Event, *, is_demo: bool) -> bytes:
    if event.kind is EventKind.CLOCK:
        return _line(event.kind, clock_json(await host.clock()))
    if event.kind is EventKind.RESYNC:
        return _line(event.kind, {})
    phone = event.chat_id if is_demo else OWN
    return _line(event.kind, {"phone": phone, "text": event.text, "about": event.about})


def _line(kind: str, told: dict[str, object]) -> bytes:
    return f"event: {kind}\ndata: {json.dumps(told, ensure_ascii=False)}\n\n".encode()
