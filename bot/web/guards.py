"""What every request must pass and every answer carries."""

import json
import logging
from http import HTTPStatus
from urllib.parse import urlsplit

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from bot.web import words

log = logging.getLogger(__name__)

MARK = "X-Nhac-Viec"
"""A header that a page of another origin cannot send without asking us first, which we never allow."""

_PROBE = "/healthz"  # called by whatever name the machine has just now
_HOOK = "/webhook"  # called by our public name, and guarded by a secret that no foreign page knows
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Server": "nhacviec",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}


def refusal(status: HTTPStatus, sentence: str) -> web.Response:
    """Return an answer that says in one sentence why not."""
    text = json.dumps({"error": sentence}, ensure_ascii=False)
    return web.Response(status=status, text=text, content_type="application/json")


async def add_headers(request: web.Request, response: web.StreamResponse) -> None:
    """Put the security headers on an answer of any kind, and keep what is private out of caches."""
    for name, value in _HEADERS.items():
        response.headers[name] = value
    # Our own files are asked for again by their tag each time: a new version shows at once.
    response.headers.setdefault("Cache-Control", "no-cache" if request.path.startswith("/static/") else "no-store")


def host_guard(allowed_hosts: frozenset[str]) -> Middleware:
    """Return a guard that serves these host names only, on any port.

    Another name may be an attacker's that was turned to our address (DNS rebinding).
    """

    @web.middleware
    async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
        is_open = request.path == _PROBE or request.path.endswith(_HOOK)
        if is_open or host_name(request.headers.get("Host", "")) in allowed_hosts:
            return await handler(request)
        return refusal(HTTPStatus.MISDIRECTED_REQUEST, words.FOREIGN_HOST)

    return guard


@web.middleware
async def origin_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Let a request that changes something through only from our own page (or a program, which no page can steer)."""
    if request.method in ("GET", "HEAD") or not request.path.startswith("/api/") or _is_our_page(request):
        return await handler(request)
    return refusal(HTTPStatus.FORBIDDEN, words.FOREIGN_PAGE)


@web.middleware
async def fault_guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer in one sentence whatever goes wrong; what was not foreseen is logged without the request's content."""
    try:
        return await handler(request)
    except web.HTTPException as error:
        status = HTTPStatus(error.status)
        return refusal(status, words.BY_STATUS.get(status, words.FAILED))
    except Exception:
        log.exception("request failed method=%s", request.method)
        return refusal(HTTPStatus.INTERNAL_SERVER_ERROR, words.FAILED)


def host_name(host: str) -> str:
    """Return the name in a Host header without its port, in lower case; "" for one that cannot be read."""
    try:
        return (urlsplit(f"//{host}").hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_our_page(request: web.Request) -> bool:
    if MARK not in request.headers or request.headers.get("Sec-Fetch-Site", "same-origin") != "same-origin":
        return False
    origin = request.headers.get("Origin")
    # The scheme is left out: behind a proxy that ends TLS we cannot know it.
    return origin is None or urlsplit(origin).netloc == request.headers.get("Host")
