"""The catalogue on the demo's page, as the server answers for it."""

import io
import json
from datetime import datetime, timedelta, timezone

import aiohttp
import pytest

from bot.web.catalogue import MAX_BODY, MAX_FILE
from tests.web.fake_editor import BRAKE, EFFECTS
from tests.web.serving import Site

EDIT = {"texts": {"plan": "tasks:\n  - R1: 05/10/2022\n"}}
VIETNAM = timezone(timedelta(hours=7))


async def sent(site: Site, path: str, body: object) -> aiohttp.ClientResponse:
    """Post a body of any size, as a stream."""
    content = io.BytesIO(json.dumps(body).encode())
    return await site.send(path, content, **{"X-Nhac-Viec": "1", "Content-Type": "application/json"})


async def test_the_page_reads_what_runs(demo: Site) -> None:
    answer = await demo.get("/api/catalogue")

    assert await answer.json() == {
        "revision": 1,
        "since": "2022-09-19T00:30:00+00:00",
        "texts": {"plan": "tasks:\n  - R1\n", "units": "units:\n", "calendar": "days:\n"},
    }


async def test_an_edit_is_answered_by_what_it_would_do(demo: Site) -> None:
    answer = await demo.post("/api/catalogue/check", {"texts": {"plan": "một thay đổi lớn"}})

    assert await answer.json() == {
        "over": 1,
        "count": 0,
        "problems": [],
        "effects": list(EFFECTS),
        "brakes": [BRAKE],
        "nothing": False,
    }
    assert demo.host.editor.revision == 1


async def test_a_wrong_edit_is_answered_by_its_places(demo: Site) -> None:
    answer = await demo.post("/api/catalogue/check", {"texts": {"units": "đúng\n  sai"}})

    assert (await answer.json())["problems"] == [
        {"file": "units", "line": 2, "column": 3, "words": "«sai» không phải là hạn"}
    ]


async def test_of_very_many_problems_the_first_are_shown_and_all_counted(demo: Site) -> None:
    told = await (await demo.post("/api/catalogue/check", {"texts": {"plan": "sai\n" * 999}})).json()

    assert (told["count"], len(told["problems"])) == (999, 200)


async def test_an_edit_is_applied_over_what_it_was_compared_with(demo: Site) -> None:
    answer = await demo.post("/api/catalogue/apply", {**EDIT, "over": 1})

    assert await answer.json() == {"revision": 2, "words": "Đã áp dụng. Bản số 2 đang chạy."}
    assert demo.host.editor.texts["plan"] == EDIT["texts"]["plan"]


@pytest.mark.parametrize(
    ("opens", "words"),
    [
        pytest.param(None, "38 người được báo thay đổi hạn ngay bây giờ.", id="in office hours"),
        pytest.param(
            datetime(2022, 9, 27, 7, 30, tzinfo=VIETNAM),
            "38 người sẽ được báo thay đổi hạn từ 07:30 27/09/2022.",
            id="in the evening",
        ),
    ],
)
async def test_who_is_told_of_moved_dues_is_said_with_the_revision(
    demo: Site, opens: datetime | None, words: str
) -> None:
    demo.host.editor.letters, demo.host.editor.letters_from = 38, opens

    answer = await demo.post("/api/catalogue/apply", {**EDIT, "over": 1})

    assert (await answer.json())["words"] == f"Đã áp dụng. Bản số 2 đang chạy. {words}"


@pytest.mark.parametrize(
    ("body", "status", "sentence"),
    [
        pytest.param({**EDIT, "over": 7}, 409, "một bản khác vừa được áp dụng", id="something else runs by now"),
        pytest.param({"texts": {"plan": "sai"}, "over": 1}, 422, "Còn chỗ sai", id="it does not pass the check"),
        pytest.param({"texts": {"plan": "lớn"}, "over": 1}, 409, "xác nhận thêm một lần", id="a large one, said once"),
        pytest.param(
            {"texts": {"plan": "lớn"}, "over": 1, "sure": "yes"}, 409, "xác nhận thêm", id="said twice, not in JSON"
        ),
        pytest.param(EDIT, 400, "Không đọc được", id="compared with nothing"),
    ],
)
async def test_what_is_not_applied_says_why(demo: Site, body: object, status: int, sentence: str) -> None:
    answer = await demo.post("/api/catalogue/apply", body)

    assert answer.status == status
    assert sentence in (await answer.json())["error"]
    assert demo.host.editor.revision == 1


async def test_a_large_change_said_twice_is_applied(demo: Site) -> None:
    answer = await demo.post("/api/catalogue/apply", {"texts": {"plan": "lớn"}, "over": 1, "sure": True})

    assert (answer.status, demo.host.editor.revision) == (200, 2)


@pytest.mark.parametrize("path", ["/api/catalogue/check", "/api/catalogue/apply"])
@pytest.mark.parametrize(
    ("body", "status"),
    [
        pytest.param([], 400, id="no object"),
        pytest.param({"over": 1}, 400, id="no texts"),
        pytest.param({"texts": ["plan"], "over": 1}, 400, id="texts without names"),
        pytest.param({"texts": {"settings": "token: x"}, "over": 1}, 400, id="a file that is none of the catalogue's"),
        pytest.param({"texts": {"plan": 5}, "over": 1}, 400, id="no text"),
        pytest.param({"texts": {"plan": "\ud800"}, "over": 1}, 400, id="half a letter"),
        pytest.param({"texts": {"plan": "ế" * (MAX_FILE // 3 + 1)}, "over": 1}, 413, id="a file over the limit"),
        pytest.param({"texts": {"plan": "x" * MAX_BODY}, "over": 1}, 413, id="a body over the limit"),
    ],
)
async def test_what_is_no_edit_is_refused_before_it_is_judged(demo: Site, path: str, body: object, status: int) -> None:
    answer = await sent(demo, path, body)

    assert answer.status == status
    assert demo.host.editor.judged == []


async def test_a_file_of_just_the_limit_is_judged(demo: Site) -> None:
    answer = await sent(demo, "/api/catalogue/check", {"texts": {"plan": "x" * MAX_FILE}})

    assert answer.status == 200


async def test_a_plan_that_is_too_large_for_a_page_is_not_shown(demo: Site) -> None:
    demo.host.editor.texts["plan"] = "x" * (MAX_FILE + 1)

    answer = await demo.get("/api/catalogue")

    assert answer.status == 413
    assert "nhacviec apply" in (await answer.json())["error"]


@pytest.mark.parametrize("path", ["/api/catalogue/check", "/api/catalogue/apply"])
async def test_another_page_can_neither_check_nor_apply(demo: Site, path: str) -> None:
    unmarked = await demo.send(path, b"{}")
    foreign = await demo.post(path, {**EDIT, "over": 1}, Origin="http://evil.example")

    assert (unmarked.status, foreign.status) == (403, 403)
    assert demo.host.editor.judged == []


async def test_a_run_has_no_catalogue_on_its_page(run: Site) -> None:
    answers = [
        await run.get("/api/catalogue"),
        await run.post("/api/catalogue/check", EDIT),
        await run.post("/api/catalogue/apply", {**EDIT, "over": 1}),
    ]

    assert [answer.status for answer in answers] == [404, 404, 404]
    assert run.host.editor.judged == []
    assert run.host.editor.revision == 1
