"""Which phone a request speaks for: in a demo any that is laid out, in a run only the browser's own.

In a run the chat id is a secret of 128 random bits. It lives in a cookie that no script can read, and never stands in
an address, so that neither history nor logs hold it; the page calls its phone "me".
"""

import re
import secrets

from aiohttp import web

from bot.web.host import Phone
from bot.web.keys import DEMO, HOST

COOKIE = "nhacviec_phone"
OWN = "me"

_SECRET = re.compile(r"[0-9a-f]{32}")
_MAX_AGE = 400 * 24 * 3600  # seconds; browsers keep no cookie longer


async def find_phone(request: web.Request) -> Phone | None:
    """Return the phone named in the address, None where the visitor has no such phone."""
    key = request.match_info["phone"]
    if request.app[DEMO]:
        return next((phone for phone in await request.app[HOST].phones() if phone.chat_id == key), None)
    chat_id = own_chat_id(request)
    return await request.app[HOST].phone(chat_id) if chat_id and key == OWN else None


async def all_phones(request: web.Request) -> list[tuple[str, Phone]]:
    """Return every phone that the visitor may use, with the key for addresses."""
    if request.app[DEMO]:
        return [(phone.chat_id, phone) for phone in await request.app[HOST].phones()]
    chat_id = own_chat_id(request)
    return [(OWN, await request.app[HOST].phone(chat_id))] if chat_id else []


def own_chat_id(request: web.Request) -> str | None:
    """Return the chat id that the browser holds, None where it has none of our form."""
    held = request.cookies.get(COOKIE, "")
    return held if _SECRET.fullmatch(held) else None


def new_chat_id() -> str:
    """Return a chat id that nobody can guess."""
    return secrets.token_hex(16)


def keep_chat_id(request: web.Request, response: web.Response, chat_id: str) -> None:
    """Have the browser keep its chat id for as long as browsers do."""
    is_secure = request.secure or request.headers.get("X-Forwarded-Proto") == "https"
    response.set_cookie(COOKIE, chat_id, max_age=_MAX_AGE, httponly=True, samesite="Strict", secure=is_secure, path="/")
