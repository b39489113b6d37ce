"""The catalogue on the demo's page: read it, see what an edit would do, apply it."""

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from aiohttp import web

from bot.web import words
from bot.web.editor import FILES, Applied, Editor, Ruling
from bot.web.guards import refusal
from bot.web.keys import HOST
from bot.web.shapes import judged_json, moment_text
from bot.web.speaking import read_object

MAX_FILE = 1_000_000  # bytes of one text: a browser's text box is slow long before
MAX_BODY = 6_000_000  # of all three as JSON, where a line end takes two bytes

_REFUSED = {
    Ruling.WRONG: (HTTPStatus.UNPROCESSABLE_ENTITY, words.CATALOGUE_WRONG),
    Ruling.OVERTAKEN: (HTTPStatus.CONFLICT, words.CATALOGUE_OVERTAKEN),
    Ruling.BRAKED: (HTTPStatus.CONFLICT, words.CATALOGUE_BRAKED),
}


def catalogue_routes() -> list[web.AbstractRouteDef]:
    """Return the routes, which only a demo has: there is no password before them."""
    return [
        web.get("/api/catalogue", source),
        web.post("/api/catalogue/check", check),
        web.post("/api/catalogue/apply", apply),
    ]


async def source(request: web.Request) -> web.Response:
    """Return the texts that run, or why they are not to be edited here."""
    running = await _editor(request).source()
    if any(_size(text) > MAX_FILE for text in running.texts.values()):
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.CATALOGUE_TOO_LARGE)
    about = {"revision": running.revision, "since": moment_text(running.since)}
    return web.json_response({**about, "texts": {name: running.texts[name] for name in FILES}})


async def check(request: web.Request) -> web.Response:
    """Return what is wrong with {"texts": {"plan": …}} or what applying them would do; the others are as they run."""
    edit = await _edit(request)
    if isinstance(edit, web.Response):
        return edit
    return web.json_response(judged_json(await _editor(request).judge(edit["texts"])))


async def apply(request: web.Request) -> web.Response:
    """Apply {"texts", "over": the revision they were compared with, "sure": whether a large change was said twice}."""
    edit = await _edit(request)
    if isinstance(edit, web.Response):
        return edit
    over = edit.get("over")
    if not isinstance(over, int):
        return refusal(HTTPStatus.BAD_REQUEST, words.BAD_SHAPE)
    done = await _editor(request).apply(edit["texts"], over=over, is_sure=edit.get("sure") is True)
    if done.ruling in _REFUSED:
        return refusal(*_REFUSED[done.ruling])
    return web.json_response({"revision": done.revision, "words": _said(done)})


def _editor(request: web.Request) -> Editor:
    return request.app[HOST].editor


def _said(done: Applied) -> str:
    said = words.CATALOGUE_APPLIED.format(revision=done.revision)
    if not done.letters:
        return said
    if done.letters_from is None:
        return said + words.CATALOGUE_LETTERS.format(count=done.letters)
    return said + words.CATALOGUE_LETTERS_LATER.format(count=done.letters, at=f"{done.letters_from:%H:%M %d/%m/%Y}")


async def _edit(request: web.Request) -> Mapping[str, Any] | web.Response:
    """Return a body whose "texts" are those of a catalogue, or the refusal of one that is something else or too large."""
    if (request.content_length or 0) > MAX_BODY:
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.CATALOGUE_TOO_LARGE)
    body = await read_object(request, limit=MAX_BODY) or {}
    texts = body.get("texts")
    if not isinstance(texts, dict) or not texts.keys() <= set(FILES):
        return refusal(HTTPStatus.BAD_REQUEST, words.BAD_SHAPE)
    if not all(isinstance(text, str) and _size(text) >= 0 for text in texts.values()):
        return refusal(HTTPStatus.BAD_REQUEST, words.BAD_SHAPE)
    if any(_size(text) > MAX_FILE for text in texts.values()):
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.CATALOGUE_TOO_LARGE)
    return body


def _size(text: str) -> int:
    """Return the bytes of a text in UTF-8, -1 for half a letter, which JSON can say and UTF-8 cannot."""
    try:
        return len(text.encode())
    except UnicodeEncodeError:
        return -1
