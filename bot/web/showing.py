"""What the page reads: phones, transcripts, files, the clock."""

from http import HTTPStatus
from typing import Any
from urllib.parse import quote

from aiohttp import web

from bot.channels.local import MAX_TEXT
from bot.channels.news import Event, EventKind
from bot.web import words
from bot.web.guards import refusal
from bot.web.host import Jump, Phone
from bot.web.keys import DEMO, HOST, LOCAL, MAX_UPLOAD
from bot.web.phones import OWN, all_phones, find_phone, keep_chat_id, new_chat_id, own_chat_id
from bot.web.shapes import clock_json, entry_json, is_inline, phone_json
from bot.web.speaking import read_object

SHOWN = 200
"""How many entries of a chat the page shows, the newest."""


async def start(request: web.Request) -> web.Response:
    """Return all that a page needs at first: kind of house, limits, clock, phones."""
    return web.json_response(await _start(request, await all_phones(request)))


async def join(request: web.Request) -> web.Response:
    """Give a browser that has none a phone of its own, and return the same as `start`. A demo gives none."""
    if request.app[DEMO] or own_chat_id(request):
        return await start(request)
    chat_id = new_chat_id()
    response = web.json_response(await _start(request, [(OWN, await request.app[HOST].phone(chat_id))]))
    keep_chat_id(request, response, chat_id)
    return response


async def transcript(request: web.Request) -> web.Response:
    """Return a phone with the newest entries of its chat, oldest first."""
    phone = await find_phone(request)
    if phone is None:
        return refusal(HTTPStatus.NOT_FOUND, words.NO_PHONE)
    entries = await request.app[HOST].transcript(phone.chat_id, limit=SHOWN)
    shown = _phone(request, request.match_info["phone"], phone)
    return web.json_response({**shown, "entries": [entry_json(entry) for entry in entries]})


async def download(request: web.Request) -> web.StreamResponse:
    """Return a file of a transcript: our own pictures to be shown, everything else to be saved."""
    phone = await find_phone(request)
    stored = await request.app[HOST].file(phone.chat_id, request.match_info["file"]) if phone else None
    if stored is None:
        return refusal(HTTPStatus.NOT_FOUND, words.NO_FILE)
    shown = is_inline(stored.ref)
    way = "inline" if shown else "attachment"
    return web.FileResponse(
        stored.path,
        headers={
            # RFC 5987: the name as UTF-8, which no quoting in the plain form can carry.
            "Content-Disposition": f"{way}; filename*=UTF-8''{quote(stored.ref.name, safe='')}",
            "Content-Type": stored.ref.media if shown else "application/octet-stream",
            "Cache-Control": "private, max-age=3600" if shown else "no-store",
        },
    )


async def clock(request: web.Request) -> web.Response:
    """Return the clock."""
    return web.json_response(clock_json(await request.app[HOST].clock()))


async def move_clock(request: web.Request) -> web.Response:
    """Move the simulated clock by {"jump": "hour" | "day" | "next"}, return it, and tell every page."""
    host = request.app[HOST]
    body = await read_object(request)
    try:
        jump = Jump(str((body or {}).get("jump")))
    except ValueError:
        return refusal(HTTPStatus.BAD_REQUEST, words.BAD_SHAPE)
    if not (await host.clock()).is_simulated or not request.app[DEMO]:
        return refusal(HTTPStatus.CONFLICT, words.CLOCK_FIXED)
    moved = await host.jump(jump)
    request.app[LOCAL].tell(Event(kind=EventKind.CLOCK))
    return web.json_response(clock_json(moved))


async def _start(request: web.Request, phones: list[tuple[str, Phone]]) -> dict[str, Any]:
    return {
        "demo": request.app[DEMO],
        "max_text": MAX_TEXT,
        "max_upload": request.app[MAX_UPLOAD],
        "clock": clock_json(await request.app[HOST].clock()),
        "phones": [_phone(request, key, phone) for key, phone in phones],
    }


def _phone(request: web.Request, key: str, phone: Phone) -> dict[str, Any]:
    return phone_json(key, phone, request.app[LOCAL].menu(phone.chat_id))
