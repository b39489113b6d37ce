"""What machines ask: is it alive, is it ready, how is it doing; and the networks' web hooks."""

from http import HTTPStatus

from aiohttp import web

from bot.web import words
from bot.web.guards import refusal
from bot.web.host import HookAnswer
from bot.web.keys import HOST
from bot.web.shapes import checks_json
from bot.web.speaking import read_bytes

MAX_UPDATE = 1_000_000  # bytes
HOOKS = {"telegram": "X-Telegram-Bot-Api-Secret-Token", "zalo": "X-Bot-Api-Secret-Token"}
"""The channels that call us, and the header in which each shows its secret."""

_ANSWERS = {
    HookAnswer.STORED: HTTPStatus.OK,
    HookAnswer.PROBED: HTTPStatus.OK,
    HookAnswer.REFUSED: HTTPStatus.FORBIDDEN,
    HookAnswer.UNREADABLE: HTTPStatus.BAD_REQUEST,
    HookAnswer.CLOSED: HTTPStatus.NOT_FOUND,
}


async def healthz(_: web.Request) -> web.Response:
    """Answer as long as the process turns its loop."""
    return web.json_response({"alive": True})


async def readyz(request: web.Request) -> web.Response:
    """Return every condition of being ready; 503 while one does not hold."""
    checks = checks_json(tuple(await request.app[HOST].ready()))
    return web.json_response(checks, status=HTTPStatus.OK if checks["ready"] else HTTPStatus.SERVICE_UNAVAILABLE)


async def metrics(request: web.Request) -> web.Response:
    """Return the metrics for Prometheus."""
    body = await request.app[HOST].metrics()
    return web.Response(body=body, headers={"Content-Type": "text/plain; version=0.0.4; charset=utf-8"})


async def webhook(request: web.Request) -> web.Response:
    """Hand an update to the house; 200 only when it is stored."""
    channel = request.match_info["channel"]
    if channel not in HOOKS:
        return refusal(HTTPStatus.NOT_FOUND, words.BY_STATUS[HTTPStatus.NOT_FOUND])
    body = await read_bytes(request, MAX_UPDATE)
    if body is None:
        return refusal(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, words.BY_STATUS[HTTPStatus.REQUEST_ENTITY_TOO_LARGE])
    answer = await request.app[HOST].webhook(channel, secret=request.headers.get(HOOKS[channel]), body=body)
    return web.json_response({"answer": str(answer)}, status=_ANSWERS[answer])
