"""Chats over the wire: who may use which, what is stored, files, events, the clock."""

import asyncio
import json
from pathlib import Path
from urllib.parse import quote

import aiohttp
import pytest

from bot.ports import Button, File, Out
from bot.web.host import Phone
from bot.web.pace import Pace
from tests.web.fake_host import START, FakeHost
from tests.web.serving import Site, served


async def test_a_demo_lays_out_every_phone(demo: Site) -> None:
    start = await (await demo.get("/api/start")).json()

    assert [phone["phone"] for phone in start["phones"]] == ["snv", "tamky", "head", "office", "manager", "admin"]
    assert start["clock"]["now"] == START.isoformat()
    assert start["demo"] is True


async def test_a_text_is_stored_under_the_chat_and_the_page_s_id(demo: Site) -> None:
    await demo.post("/api/phones/snv/text", {"id": "a1", "text": "đang làm 60%"})

    assert demo.host.stored["snv:a1"]["text"] == "đang làm 60%"
    assert demo.host.local.read(demo.host.stored["snv:a1"]).user_name == "Nguyễn Thị Lan"


async def test_the_same_text_sent_again_after_a_lost_answer_is_one(demo: Site) -> None:
    for _ in range(2):
        assert (await demo.post("/api/phones/snv/text", {"id": "a1", "text": "xong"})).status == 200

    assert len(demo.host.entries["snv"]) == 1


async def test_a_press_is_stored_with_its_words_and_answered(demo: Site) -> None:
    message = await demo.host.say("snv", Out(text="?", buttons=((Button(text="Đã xong", action="1:s1:2f:0"),),)))

    pressed = {"id": "p1", "message_id": message, "action": "1:s1:2f:0", "label": "Đã xong"}
    await demo.post("/api/phones/snv/press", pressed)

    shown = await (await demo.get("/api/phones/snv")).json()
    assert [entry["kind"] for entry in shown["entries"]] == ["message", "press"]
    assert shown["entries"][1]["text"] == "Đã xong"
    assert shown["entries"][0]["buttons"] == [[{"text": "Đã xong", "action": "1:s1:2f:0"}]]


@pytest.mark.parametrize(
    ("kind", "body", "status"),
    [
        pytest.param("text", {"id": "a1", "text": ""}, 400, id="nothing said"),
        pytest.param("text", {"id": "a1", "text": 5}, 400, id="no text"),
        pytest.param("text", {"id": "a1", "text": "\ud800"}, 400, id="half a letter"),
        pytest.param("text", {"id": "a1", "text": "a\0b"}, 400, id="a zero"),
        pytest.param("text", {"text": "xong"}, 400, id="no id"),
        pytest.param("text", {"id": "../x", "text": "xong"}, 400, id="an id of another form"),
        pytest.param("text", [], 400, id="no object"),
        pytest.param("text", {"id": "a1", "text": "x" * 4096}, 200, id="as long as it may be"),
        pytest.param("text", {"id": "a1", "text": "x" * 4097}, 413, id="one too long"),
        pytest.param("press", {"id": "a1", "action": ""}, 400, id="no button"),
        pytest.param("press", {"id": "a1", "action": "x" * 65}, 400, id="no button of ours"),
        pytest.param("press", {"id": "a1", "action": "x", "label": ["y"]}, 400, id="a label that is none"),
        pytest.param("shout", {"id": "a1", "text": "xong"}, 404, id="no such way of speaking"),
    ],
)
async def test_only_what_the_page_would_say_is_taken(demo: Site, kind: str, body: object, status: int) -> None:
    answer = await demo.post(f"/api/phones/snv/{kind}", body)

    assert answer.status == status
    assert bool(demo.host.stored) == (status == 200)
    assert status == 200 or (await answer.json())["error"]


async def test_deeply_nested_json_is_refused_and_not_a_fault(demo: Site) -> None:
    headers = {"X-Nhac-Viec": "1", "Content-Type": "application/json"}

    answer = await demo.send("/api/phones/snv/text", b"[" * 60_000, **headers)

    assert answer.status == 400


async def test_an_upload_comes_back_byte_for_byte_under_its_name(demo: Site) -> None:
    name = 'Báo cáo "1234"\r\n; của SNV.pdf'
    headers = {"X-Nhac-Viec": "1", "X-Id": "f1", "X-Name": quote(name), "Content-Type": "text/html"}

    answer = await demo.send("/api/phones/snv/file", b"<script>", **headers)
    assert answer.status == 200

    file = (await (await demo.get("/api/phones/snv")).json())["entries"][0]["file"]
    back = await demo.get(f"/api/phones/snv/files/{file['id']}")
    assert await back.read() == b"<script>"
    assert back.headers["Content-Type"] == "application/octet-stream"
    assert back.headers["Content-Disposition"].startswith(
        "attachment; filename*=UTF-8''B%C3%A1o%20c%C3%A1o%20%221234%22"
    )
    assert file["name"] == 'Báo cáo "1234"; của SNV.pdf'
    assert file["inline"] is False


@pytest.mark.parametrize(
    ("size", "status"), [pytest.param(1000, 200, id="at the limit"), pytest.param(1001, 413, id="one more")]
)
async def test_an_upload_is_bounded(demo: Site, size: int, status: int) -> None:
    headers = {"X-Nhac-Viec": "1", "X-Id": "f1", "X-Name": "../../etc/passwd"}

    answer = await demo.send("/api/phones/snv/file", b"x" * size, **headers)

    assert answer.status == status
    assert len(list(demo.host.spool.iterdir())) == (1 if status == 200 else 0)


async def test_an_upload_without_a_length_is_bounded_as_well(demo: Site) -> None:
    async def endless() -> object:
        for _ in range(100):
            yield b"x" * 100

    headers = {"X-Nhac-Viec": "1", "X-Id": "f1", "X-Name": "a"}
    answer = await demo.send("/api/phones/snv/file", endless(), **headers)

    assert answer.status == 413
    assert list(demo.host.spool.iterdir()) == []


async def test_an_upload_that_is_refused_leaves_no_file(demo: Site) -> None:
    headers = {"X-Nhac-Viec": "1", "X-Id": "no id", "X-Name": "a"}

    answer = await demo.send("/api/phones/snv/file", b"x", **headers)

    assert answer.status == 400
    assert list(demo.host.spool.iterdir()) == []


async def test_our_own_picture_is_shown_and_nobody_else_s(demo: Site, tmp_path: Path) -> None:
    picture = tmp_path / "p.png"
    picture.write_bytes(b"\x89PNG")
    drawing = tmp_path / "d.svg"
    drawing.write_bytes(b"<svg/>")

    await demo.host.say("manager", Out(text="", file=File(path=str(picture), name="Biểu đồ.png", media="image/png")))
    await demo.host.say("manager", Out(text="", file=File(path=str(drawing), name="d.svg", media="image/svg+xml")))

    shown = [await demo.get(f"/api/phones/manager/files/f{number}") for number in (0, 1)]
    assert shown[0].headers["Content-Type"] == "image/png"
    assert shown[0].headers["Content-Disposition"].startswith("inline; ")
    assert shown[1].headers["Content-Disposition"].startswith("attachment; ")
    assert (await demo.get("/api/phones/snv/files/f0")).status == 404


async def test_a_picture_that_somebody_sent_is_saved_and_not_shown(demo: Site) -> None:
    headers = {"X-Nhac-Viec": "1", "X-Id": "f1", "X-Name": "a.png", "Content-Type": "image/png"}
    await demo.send("/api/phones/snv/file", b"<script>", **headers)

    file = (await (await demo.get("/api/phones/snv")).json())["entries"][0]["file"]
    back = await demo.get(f"/api/phones/snv/files/{file['id']}")

    assert back.headers["Content-Disposition"].startswith("attachment; ")
    assert back.headers["Content-Type"] == "application/octet-stream"


async def test_the_clock_moves_and_every_page_is_told(demo: Site) -> None:
    async with demo.client.get(f"{demo.url}/events") as stream:
        moved = await (await demo.post("/api/clock", {"jump": "day"})).json()
        told = await _event(stream, "clock")

    assert moved["now"] == "2022-09-27T00:55:00+00:00"
    assert told == moved


@pytest.mark.parametrize("jump", ["year", None, 5, [], {}])
async def test_a_jump_of_no_known_length_moves_nothing(demo: Site, jump: object) -> None:
    answer = await demo.post("/api/clock", {"jump": jump})

    assert answer.status == 400
    assert demo.host.now == START


async def test_the_real_clock_cannot_be_moved(run: Site) -> None:
    assert (await run.post("/api/clock", {"jump": "day"})).status == 409


async def test_open_pages_hear_of_news_and_answered_presses(demo: Site) -> None:
    async with demo.client.get(f"{demo.url}/events") as stream:
        await demo.post("/api/phones/snv/press", {"id": "p1", "action": "x"})

        assert await _event(stream, "toast") == {"phone": "snv", "text": "Đã nhận.", "about": "p1"}
        assert (await _event(stream, "news"))["phone"] == "snv"


async def test_open_pages_do_not_hold_up_the_end(house: FakeHost) -> None:
    async with served(house, demo=True) as site, site.client.get(f"{site.url}/events") as stream:
        async with asyncio.timeout(1):
            await site.runner.cleanup()

        assert (await stream.read()).endswith(b"event: hello\ndata: {}\n\n")


async def test_in_a_run_a_visitor_has_nothing_until_they_join(run: Site) -> None:
    assert (await (await run.get("/api/start")).json())["phones"] == []
    assert (await run.get("/api/phones/me")).status == 404
    assert (await run.get("/events")).status == 404


async def test_in_a_run_a_browser_gets_a_chat_that_no_script_and_no_address_holds(run: Site) -> None:
    answer = await run.post("/api/join", {})

    cookie = answer.cookies["nhacviec_phone"]
    assert len(cookie.value) == 32
    assert cookie["httponly"]
    assert cookie["samesite"] == "Strict"
    assert cookie.value not in await answer.text()
    assert (await run.post("/api/phones/me/text", {"id": "a1", "text": "K7QP-2M9X-RTVB"})).status == 200
    assert run.host.stored[f"{cookie.value}:a1"]["chat_id"] == cookie.value


async def test_in_a_run_joining_twice_keeps_the_chat(run: Site) -> None:
    await run.post("/api/join", {})

    assert "nhacviec_phone" not in (await run.post("/api/join", {})).cookies


@pytest.mark.parametrize("phone", ["snv", "0" * 32])
async def test_in_a_run_another_s_phone_cannot_be_named(run: Site, phone: str) -> None:
    await run.post("/api/join", {})

    assert (await run.get(f"/api/phones/{phone}")).status == 404
    assert (await run.post(f"/api/phones/{phone}/text", {"id": "a1", "text": "xong"})).status == 404


async def test_in_a_run_a_page_hears_only_of_its_own_chat(run: Site) -> None:
    own = (await run.post("/api/join", {})).cookies["nhacviec_phone"].value

    async with run.client.get(f"{run.url}/events") as stream:
        await run.host.say("1" * 32, Out(text="của người khác"))
        message = await run.host.say(own, Out(text="của tôi"))

        assert await _event(stream, "news") == {"phone": "me", "text": "", "about": message}


async def test_in_a_run_files_are_taken_only_from_who_has_joined(run: Site) -> None:
    own = (await run.post("/api/join", {})).cookies["nhacviec_phone"].value
    headers = {"X-Nhac-Viec": "1", "X-Id": "f1", "X-Name": "a"}

    before = await run.send("/api/phones/me/file", b"x", **headers)
    run.host.linked[own] = Phone(chat_id=own, name="Lan", title="Đầu mối", is_linked=True)
    after = await run.send("/api/phones/me/file", b"x", **headers)

    assert (before.status, after.status) == (403, 200)


async def test_in_a_run_a_stranger_who_guesses_fast_is_slowed(run: Site) -> None:
    await run.post("/api/join", {})

    answers = [await run.post("/api/phones/me/text", {"id": f"a{n}", "text": "mã"}) for n in range(25)]

    assert [answer.status for answer in answers].count(429) >= 4


async def test_a_silent_house_asks_to_come_again(tmp_path: Path) -> None:
    house = FakeHost(tmp_path / "spool")
    async with served(house, demo=True) as site:
        house.local._sink = None

        answer = await site.post("/api/phones/snv/text", {"id": "a1", "text": "xong"})

    assert answer.status == 503


def test_a_pace_lets_a_burst_through_and_then_so_many_a_second() -> None:
    pace = Pace(burst=2, per_second=0.5)

    assert [pace.allows("a", now=at) for at in (0, 0, 0, 1, 2, 2)] == [True, True, False, False, True, False]
    assert pace.allows("b", now=2)


async def _event(stream: aiohttp.ClientResponse, kind: str) -> dict[str, object]:
    async with asyncio.timeout(2):
        heard = ""
        async for line in stream.content:
            word, _, rest = line.decode().rstrip("\n").partition(": ")
            if word == "event":
                heard = rest
            elif word == "data" and heard == kind:
                told: dict[str, object] = json.loads(rest)
                return told
    raise AssertionError(f"no {kind} came")
