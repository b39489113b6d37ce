"""What our web server asks before it believes a caller, and a whole round through the server's own posting."""

import pytest
from aiohttp import web

from bot.channels.telegram import Limiter
from bot.channels.zalo import WebHook, ZaloChannel, webhook_event, zalo_webhook_ok
from tests.channels.rig import Inbox, listening, no_pause
from tests.fakes.zalo_api import FakeZaloApi

SECRET = "khoa-du-dai-cua-zalo"


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
    assert zalo_webhook_ok(shown, secret) is ok


@pytest.mark.parametrize(
    "body", [b"", b"[]", b"{", b"\xff", b"5", b"null", b"[" * 100_000], ids=lambda body: repr(body[:8])
)
def test_what_is_no_event_is_a_value_error(body: bytes) -> None:
    with pytest.raises(ValueError, match=r".*"):
        webhook_event(body)


def test_an_event_is_its_id_and_itself_bare_or_wrapped() -> None:
    event = {"event_name": "message.text.received", "message": {"message_id": "m1"}}
    bare = b'{"event_name": "message.text.received", "message": {"message_id": "m1"}}'

    assert webhook_event(bare) == ("message.text.received:m1", event)
    assert webhook_event(b'{"ok": true, "result": ' + bare + b"}") == ("message.text.received:m1", event)


@pytest.mark.parametrize("wrapped", [False, True], ids=["bare", "wrapped"])
async def test_a_text_comes_in_through_the_web_hook_and_a_refused_post_comes_again(wrapped: bool) -> None:
    inbox, seen = Inbox(), []

    async def take(request: web.Request) -> web.Response:
        body = await request.read()
        if not body:
            return web.json_response({})
        seen.append(request.headers.get("X-Bot-Api-Secret-Token"))
        if len(seen) == 1:
            return web.Response(status=503)
        await inbox(*webhook_event(body))
        return web.json_response({})

    app = web.Application()
    app.add_routes([web.post("/zalo/webhook", take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    url = f"http://127.0.0.1:{runner.addresses[0][1]}/zalo/webhook"
    async with FakeZaloApi(local_hooks=True, wrapped=wrapped) as server:
        hook = WebHook(url=url, secret=SECRET)
        channel = ZaloChannel(server.token, server.url, limiter=Limiter(), web_hook=hook, pause=no_pause)
        async with listening(channel, Inbox()):
            server.user("a1b2c3d4").says("qua cửa")
            await inbox.until(1)
        await channel.close()
    await runner.cleanup()

    heard = channel.read(inbox.stored[0][1])
    assert heard is not None
    assert heard.text == "qua cửa"
    assert set(seen) == {SECRET}
    assert server.refusals == []
