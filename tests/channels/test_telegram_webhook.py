"""What our web server asks before it believes a caller, and a whole round through the server's own posting."""

import json

import pytest
from aiohttp import web

from bot.channels.telegram import TelegramChannel, WebHook, telegram_webhook_ok, webhook_update
from tests.channels.rig import Inbox, listening
from tests.fakes.bot_api import FakeBotApi


@pytest.mark.parametrize(
    ("shown", "secret", "ok"),
    [
        pytest.param("s3cret", "s3cret", True, id="the secret"),
        pytest.param("s3creT", "s3cret", False, id="another"),
        pytest.param("s3cret ", "s3cret", False, id="longer"),
        pytest.param("", "s3cret", False, id="empty"),
        pytest.param(None, "s3cret", False, id="none shown"),
        pytest.param("", "", False, id="an empty secret opens to nobody"),
        pytest.param("bí mật \udcff", "s3cret", False, id="any bytes"),
    ],
)
def test_only_the_secret_opens(shown: str | None, secret: str, ok: bool) -> None:
    assert telegram_webhook_ok(shown, secret) is ok


@pytest.mark.parametrize("body", [b"", b"[]", b"{", b"\xff", b"{}", b'{"update_id": "1"}', b'{"update_id": true}'])
def test_what_is_no_update_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        webhook_update(body)


def test_an_update_is_its_id_and_itself() -> None:
    assert webhook_update(b'{"update_id": 7, "message": {}}') == ("7", {"update_id": 7, "message": {}})


async def test_a_text_comes_in_through_the_web_hook_and_a_refused_post_comes_again() -> None:
    inbox, seen = Inbox(), []

    async def take(request: web.Request) -> web.Response:
        seen.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        if not telegram_webhook_ok(seen[-1], "s3cret"):
            return web.Response(status=403)
        if len(seen) == 1:
            return web.Response(status=503)
        await inbox(*webhook_update(await request.read()))
        return web.Response()

    app = web.Application()
    app.add_routes([web.post("/tg", take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/tg"
    async with FakeBotApi() as server:
        channel = TelegramChannel(server.token, server.url, web_hook=WebHook(url=url, secret="s3cret"))
        async with listening(channel, Inbox()):
            server.user(1).says("qua cửa")
            await inbox.until(1)
        await channel.close()
    await runner.cleanup()

    heard = channel.read(inbox.stored[0][1])
    assert heard is not None
    assert heard.text == "qua cửa"
    assert set(seen) == {"s3cret"}
    assert server.refusals == []
    assert json.dumps(inbox.stored)
