"""What a person says on the page: text, a pressed button, a file. Each is answered when it is stored."""

import asyncio
import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from aiohttp import web

from bot.channels.local import MAX_TEXT, NotListeningError
from bot.ports import Attachment
from bot.texts.lengths import text_length
from bot.web import words
from bot.web.guards import refusal
from bot.web.host import Phone
from bot.web.keys import ARRIVING, DEMO, LOCAL, MAX_UPLOAD, SPEAKING
from bot.web.phones import find_phone

MAX_BODY = 64 * 1024  # bytes of a JSON body; a text of 4096 units is at most 24 KB when escaped
MEGABYTE = 1_000_000

_SAID = {"text": ("text",), "press": ("message_id", "action", "label")}


async def say(request: web.Request) -> web.Response:
    """Store a text or a press: {"id", "text"} or {"id", "message_id", "action", "label"}, id made by the page."""
    phone = await find_phone(request)
    if phone is None:
        return refusal(HTTPStatus.NOT_FOUND, words.NO_PHONE)
    if not _may_speak(request, phone):
        return refusal(HTTPStatus.TOO_MANY_REQUESTS, words.TOO_FAST)
    body = await read_object(request)
    if body is None:
        return refusal(HTTPStatus.BAD_REQUEST, words.BAD_SHAPE)
    kind = request.match_info["kind"]
    if kind == "text" and _is_too_long(body.get("text")):
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.TOO_LONG.format(limit=MAX_TEXT))
    said = {name: body.get(name, "") for name in _SAID[kind]}
    return await _hear(request, phone, body.get("id"), {"kind": kind, **said})


async def upload(request: web.Request) -> web.Response:
    """Store one file: the body is its bytes, its name stands percent-encoded in X-Name, the page's id in X-Id."""
    phone = await find_phone(request)
    if phone is None:
        return refusal(HTTPStatus.NOT_FOUND, words.NO_PHONE)
    if not phone.is_linked:
        return refusal(HTTPStatus.FORBIDDEN, words.JOIN_FIRST)
    if not _may_speak(request, phone):
        return refusal(HTTPStatus.TOO_MANY_REQUESTS, words.TOO_FAST)
    limit = request.app[MAX_UPLOAD]
    content = await read_bytes(request, limit)
    if content is None:
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.TOO_LARGE.format(limit=limit // MEGABYTE))
    if not content:
        return refusal(HTTPStatus.BAD_REQUEST, words.EMPTY_FILE)
    local = request.app[LOCAL]
    kept = await local.keep(content, name=_shown_name(request), media=request.content_type)
    answer = await _hear(request, phone, request.headers.get("X-Id"), {"kind": "file", "files": [_file(kept)]})
    if answer.status != HTTPStatus.OK:
        await local.drop(kept)
    return answer


async def read_object(request: web.Request, *, limit: int = MAX_BODY) -> Mapping[str, Any] | None:
    """Return the JSON object in a body, None where there is none of at most `limit` bytes and sound text."""
    if request.content_type != "application/json":
        return None
    content = await read_bytes(request, limit)
    try:
        body = json.loads(content or b"")
    except (ValueError, RecursionError):
        return None
    return body if isinstance(body, dict) else None


async def read_bytes(request: web.Request, limit: int) -> bytes | None:
    """Return a body, None as soon as it is larger than `limit`."""
    if (request.content_length or 0) > limit:
        return None
    content = bytearray()
    async for chunk in request.content.iter_any():
        content += chunk
        if len(content) > limit:
            return None
    return bytes(content)


async def _hear(request: web.Request, phone: Phone, external_id: object, said: dict[str, Any]) -> web.Response:
    raw = {**said, "chat_id": phone.chat_id, "user_id": phone.chat_id, "user_name": phone.name, "press_id": external_id}
    try:
        await request.app[LOCAL].hear(external_id if isinstance(external_id, str) else "", raw)
    except ValueError:
        return refusal(HTTPStatus.BAD_REQUEST, words.BAD_SHAPE)
    except NotListeningError:
        return refusal(HTTPStatus.SERVICE_UNAVAILABLE, words.STARTING)
    return web.json_response({"stored": True})


def _is_too_long(text: object) -> bool:
    try:
        return isinstance(text, str) and text_length(text) > MAX_TEXT
    except UnicodeEncodeError:  # half a letter, which JSON can say: `hear` refuses it
        return False


def _may_speak(request: web.Request, phone: Phone) -> bool:
    if request.app[DEMO]:
        return True
    now = asyncio.get_running_loop().time()
    if not phone.is_linked and not request.app[ARRIVING].allows(request.remote or "", now=now):
        return False
    return request.app[SPEAKING].allows(phone.chat_id, now=now)


def _shown_name(request: web.Request) -> str:
    # Only ever shown: on our disk the file has a name of our own.
    name = unquote(request.headers.get("X-Name", "")).replace("\\", "/").rsplit("/", 1)[-1]
    return "".join(letter for letter in name if letter.isprintable()).strip()[-200:] or "tep"


def _file(kept: Attachment) -> dict[str, object]:
    return {"handle": kept.handle, "name": kept.name, "media": kept.media, "size": kept.size}
