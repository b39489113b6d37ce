"""What the server refuses, and what every answer carries."""

import pytest
from aiohttp import web
from yarl import URL

from bot.web import AddressError, make_app, serve
from bot.web.guards import host_name
from tests.web.fake_host import FakeHost
from tests.web.serving import Site

TEXT = {"id": "a1", "text": "xong"}


@pytest.mark.parametrize("path", ["/", "/static/page.js", "/api/start", "/api/none", "/metrics", "/healthz"])
async def test_every_answer_forbids_foreign_scripts_and_guessing_of_types(demo: Site, path: str) -> None:
    answer = await demo.get(path)

    assert "default-src 'none'" in answer.headers["Content-Security-Policy"]
    assert "unsafe" not in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert answer.headers["Referrer-Policy"] == "no-referrer"


async def test_the_page_has_nothing_inline_that_the_policy_would_stop(demo: Site) -> None:
    page = await (await demo.get("/")).text()

    assert "style=" not in page
    assert "onclick" not in page
    assert page.count("<script") == page.count('<script type="module" src=')


@pytest.mark.parametrize(
    ("host", "status"),
    [
        pytest.param("localhost:1234", 200, id="our name on any port"),
        pytest.param("LOCALHOST.", 200, id="our name as resolvers may write it"),
        pytest.param("[::1]:8080", 200, id="our name in version 6"),
        pytest.param("evil.example", 421, id="a name turned to our address"),
        pytest.param("127.0.0.1.evil.example", 421, id="a name that begins like ours"),
        pytest.param("localhost@evil.example", 421, id="a name behind ours"),
        pytest.param("[", 421, id="no name"),
    ],
)
async def test_only_our_own_host_names_are_served(demo: Site, host: str, status: int) -> None:
    answer = await demo.get("/api/start", Host=host)

    assert answer.status == status


async def test_a_probe_may_ask_by_any_name_whether_we_live(demo: Site) -> None:
    assert (await demo.get("/healthz", Host="10.0.0.7")).status == 200
    assert (await demo.get("/readyz", Host="10.0.0.7")).status == 421


@pytest.mark.parametrize(
    "headers",
    [
        pytest.param({"Origin": "http://evil.example"}, id="another origin"),
        pytest.param({"Origin": "http://127.0.0.1:1"}, id="another port of this machine"),
        pytest.param({"Origin": "null"}, id="a sandboxed page"),
        pytest.param({"Sec-Fetch-Site": "cross-site"}, id="said by the browser"),
        pytest.param({"Sec-Fetch-Site": "same-site"}, id="a neighbour"),
    ],
)
async def test_a_post_from_a_foreign_page_changes_nothing(demo: Site, headers: dict[str, str]) -> None:
    answer = await demo.post("/api/phones/snv/text", TEXT, **headers)

    assert answer.status == 403
    assert demo.host.stored == {}


async def test_a_plain_form_cannot_post(demo: Site) -> None:
    answer = await demo.send("/api/phones/snv/text", b'{"id":"a1","text":"xong"}')

    assert answer.status == 403
    assert demo.host.stored == {}


async def test_our_own_page_may_post(demo: Site) -> None:
    answer = await demo.post("/api/phones/snv/text", TEXT, **{"Origin": demo.url, "Sec-Fetch-Site": "same-origin"})

    assert answer.status == 200


async def test_a_fault_is_told_in_a_sentence_and_not_in_its_own_words(
    demo: Site, caplog: pytest.LogCaptureFixture
) -> None:
    demo.host.is_broken = True

    answer = await demo.get("/api/phones/snv")

    assert answer.status == 500
    assert (await answer.json())["error"].startswith("Hệ thống chưa thực hiện được")
    assert "snv" not in "".join(record.getMessage() for record in caplog.records)


@pytest.mark.parametrize(
    "path", ["/static/../server.py", "/static/%2e%2e/server.py", "/static/..%2fserver.py", "/static/fonts/"]
)
async def test_static_files_end_at_their_folder(demo: Site, path: str) -> None:
    answer = await demo.get(URL(demo.url + path, encoded=True))

    assert answer.status in (403, 404)


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", "192.168.1.5", "example.org"])  # noqa: S104  (refused)
async def test_a_demo_listens_on_this_machine_only(house: FakeHost, address: str) -> None:
    app = make_app(house, house.local, demo=True)

    with pytest.raises(AddressError, match=r"127\.0\.0\.1"):
        await serve(app, address, 0)


@pytest.mark.parametrize("address", ["127.0.0.1", "localhost", "127.0.0.2"])
async def test_a_demo_may_listen_on_any_loopback_address(house: FakeHost, address: str) -> None:
    runner: web.AppRunner = await serve(make_app(house, house.local, demo=True), address, 0)

    assert runner.addresses
    await runner.cleanup()


@pytest.mark.parametrize(
    ("host", "name"),
    [("Example.ORG:80", "example.org"), ("[::1]:80", "::1"), ("", ""), ("[x", ""), ("a.", "a")],
)
def test_a_host_header_is_read_without_its_port(host: str, name: str) -> None:
    assert host_name(host) == name
