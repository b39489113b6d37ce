"""Health, metrics and web hooks."""

import pytest

from bot.web.host import Check
from tests.web.serving import Site

SECRET = "X-Telegram-Bot-Api-Secret-Token"


async def test_a_live_process_says_so(demo: Site) -> None:
    assert (await demo.get("/healthz")).status == 200


async def test_ready_lists_every_condition(demo: Site) -> None:
    answer = await demo.get("/readyz")

    assert answer.status == 200
    assert await answer.json() == {
        "ready": True,
        "checks": [{"name": "database", "ok": True, "words": "Cơ sở dữ liệu đọc được."}],
    }


async def test_one_condition_that_fails_makes_all_unready(demo: Site) -> None:
    demo.host.checks += (Check(name="tick", is_ok=False, words="Nhịp nhắc việc chậm 5 phút."),)

    answer = await demo.get("/readyz")

    assert answer.status == 503
    assert (await answer.json())["checks"][1]["words"] == "Nhịp nhắc việc chậm 5 phút."


async def test_metrics_are_prometheus_text(demo: Site) -> None:
    answer = await demo.get("/metrics")

    assert answer.headers["Content-Type"].startswith("text/plain; version=0.0.4")
    assert await answer.read() == b"nhacviec_outbox_waiting 0\n"


@pytest.mark.parametrize(
    ("secret", "body", "status"),
    [
        pytest.param("right", b'{"update_id": 1}', 200, id="stored"),
        pytest.param("wrong", b'{"update_id": 1}', 403, id="another secret"),
        pytest.param(None, b'{"update_id": 1}', 403, id="no secret"),
        pytest.param("right", b"no json", 400, id="no update"),
        pytest.param("right", b"{" + b" " * 1_000_000, 413, id="too large"),
    ],
)
async def test_a_web_hook_answers_by_what_became_of_the_update(
    run: Site, secret: str | None, body: bytes, status: int
) -> None:
    headers = {SECRET: secret} if secret else {}

    answer = await run.send("/telegram/webhook", body, **headers)

    assert answer.status == status
    assert run.host.hooked == ([body] if status == 200 else [])


async def test_a_network_may_call_by_our_public_name(run: Site) -> None:
    headers = {SECRET: "right", "Host": "nhacviec.quangnam.gov.vn"}

    assert (await run.send("/telegram/webhook", b"{}", **headers)).status == 200


async def test_zalo_shows_its_secret_in_a_header_of_its_own(run: Site) -> None:
    statuses = [
        (await run.send("/zalo/webhook", b"{}", **{header: "right"})).status
        for header in ("X-Bot-Api-Secret-Token", SECRET)
    ]

    assert statuses == [200, 403]


async def test_a_network_we_do_not_know_has_no_web_hook(run: Site) -> None:
    answer = await run.send("/viber/webhook", b"{}", **{SECRET: "right"})

    assert answer.status == 404
