"""Every command as the operator runs it: a process, its exit code, its words, what it prints for programs."""

import asyncio
import csv
import io
import os
import re
from pathlib import Path

import aiohttp
import openpyxl
import pypdf
import pytest
from click.testing import CliRunner

from bot import __version__
from bot.cli import main
from bot.web.guards import MARK
from tests.system.process import Bot, Ended, nhacviec, running

pytestmark = pytest.mark.process

PNG = b"\x89PNG\r\n\x1a\n"
CODE = re.compile(r"[2-9A-HJKMNP-Z]{4}(-[2-9A-HJKMNP-Z]{4}){2}")
OWING = 38  # units that the shipped plan gives work
VIETNAMESE = re.compile(r"[à-ỹÀ-Ỹđ]")
CLOCK = ("--clock", "2022-09-26T07:55")
LOCAL = {"BOT_WEB__PORT": "0"}


def assert_refused(ended: Ended, *fragments: str) -> None:
    """It ended with 1, and a Vietnamese sentence that holds these words, on standard error, and no traceback."""
    assert ended.code == 1, ended.said
    assert "Traceback" not in ended.said
    assert VIETNAMESE.search(ended.err), ended.said
    for fragment in fragments:
        assert fragment in ended.err, f"«{fragment}» is not in:\n{ended.err}"


def called(*words: object, home: Path | None = None) -> Ended:
    """Call a command within this process: a tenth of the time, for tables whose rows differ only in their words."""
    where = [] if home is None else ["--home", str(home)]
    result = CliRunner().invoke(main, [*where, *map(str, words)])
    return Ended(code=result.exit_code, out=result.stdout, err=result.stderr)


# What each prints.


async def test_it_says_its_version_and_its_commands() -> None:
    version, overview = await asyncio.gather(nhacviec("--version"), nhacviec("--help"))
    assert (version.code, version.out) == (0, f"nhacviec, version {__version__}\n")
    assert overview.code == 0
    for name in main.list_commands(None):  # type: ignore[arg-type]  # it looks at nothing
        assert re.search(rf"^  {name} +\S", overview.out, re.MULTILINE), name


def test_every_command_explains_itself() -> None:
    names: list[str] = main.list_commands(None)  # type: ignore[arg-type]  # it looks at nothing
    assert len(names) >= 15
    for name in names:
        ended = called(name, "--help")
        assert ended.code == 0, name
        assert VIETNAMESE.search(ended.out), name


async def test_check_finds_no_fault_in_the_shipped_plan(home: Path) -> None:
    spoken, written = await asyncio.gather(nhacviec("check", home=home), nhacviec("check", "--json", home=home))
    assert (spoken.code, written.code) == (0, 0), spoken.said
    assert "Không có lỗi: 23 nhiệm vụ" in spoken.out
    assert written.json == {"ok": True, "problems": []}
    assert not (home / "data").exists(), "a check touches nothing"


async def test_due_and_read_try_a_phrase_without_any_home() -> None:
    due, read, nonsense = await asyncio.gather(
        nhacviec("due", "Hằng tháng, trước ngày 25", "--from", "2022-09-01", "--to", "2022-10-31", "--json"),
        nhacviec("read", "đang làm 60%", "--now", "2022-09-26", "--json"),
        nhacviec("due", "hằng xyz"),
    )
    assert (due.code, read.code) == (0, 0)
    assert len(due.json["due"]) == 2
    assert read.json["percent"] == 60
    assert_refused(nonsense, "hằng xyz")


async def test_an_invitation_is_made_used_listed_and_revoked(home: Path) -> None:
    async with running("run", *CLOCK, home=home, **LOCAL) as bot:
        made = await nhacviec("invite", "--unit", "snv", "--role", "focal", "--name", "Lan", "--json", home=home)
        assert made.code == 0, made.said
        assert {"unit", "role"} <= set(made.json)
        assert made.json["link"] is None, "without Telegram there is no link"
        assert CODE.fullmatch(made.json["code"])
        await types_a_code(bot, made.json["code"])
        [lan] = await people(home)
        assert [lan[name] for name in ("name", "unit", "role", "channels")] == ["Lan", "snv", "focal", ["local"]]
        revoked = await nhacviec("revoke", lan["id"], home=home)
        assert (revoked.code, revoked.out) == (0, f"Đã thu hồi quyền của người số {lan['id']}.\n")
        assert await people(home) == []
        assert_refused(await nhacviec("revoke", lan["id"], home=home), "Không có người nào")
        assert await bot.stop() == 0


async def test_a_province_is_invited_at_once_with_a_sheet_to_print(home: Path, tmp_path: Path) -> None:
    sheet = tmp_path / "sheet.pdf"
    everybody = ("invite", "--all-units", "--role", "focal")
    listed, table = await asyncio.gather(
        nhacviec(*everybody, "--json", "--qr", sheet, home=home), nhacviec(*everybody, "--csv", home=home)
    )
    assert (listed.code, table.code) == (0, 0), listed.said + table.said
    codes = [each["code"] for each in listed.json]
    rows = list(csv.DictReader(io.StringIO(table.out.removeprefix("\ufeff"))))
    assert len({*codes, *(row["code"] for row in rows)}) == 2 * OWING
    assert [row["unit"] for row in rows] == [each["unit"] for each in listed.json]
    assert {each["role"] for each in listed.json} == {"focal"}
    printed = "".join(page.extract_text() for page in pypdf.PdfReader(sheet).pages)
    assert not [code for code in codes if code not in printed]


async def test_a_week_is_printed_in_every_form(home: Path, tmp_path: Path) -> None:
    picture, workbook = tmp_path / "week.png", tmp_path / "week.xlsx"
    week = ("summary", "--week", "2022-W39")
    spoken, written = await asyncio.gather(
        nhacviec(*week, home=home), nhacviec(*week, "--json", "--png", picture, "--xlsx", workbook, home=home)
    )
    assert (spoken.code, written.code) == (0, 0), spoken.said + written.said
    assert "TỔNG HỢP TUẦN 39" in spoken.out
    assert "(chưa phát hành)" in spoken.out
    assert (written.json["week"], written.json["published_at"]) == ("2022-W39", None)
    assert picture.read_bytes().startswith(PNG)
    assert "Tổng hợp" in openpyxl.load_workbook(workbook).sheetnames


async def test_records_are_exported_in_every_form(home: Path, tmp_path: Path) -> None:
    async with running("run", "--clock", "2022-09-26T08:05", home=home, **LOCAL) as bot:  # decides the first steps
        assert await bot.stop() == 0
    assert_same_rows(
        *await asyncio.gather(
            nhacviec("export", "ledger", home=home),
            nhacviec("export", "ledger", "--format", "csv", home=home),
            nhacviec("export", "ledger", "--format", "xlsx", "-o", tmp_path / "ledger.xlsx", home=home),
        ),
        tmp_path / "ledger.xlsx",
        some=True,
    )
    for what in ("reports", "standing"):
        written, table = called("export", what, home=home), called("export", what, "--format", "csv", home=home)
        book = called("export", what, "--format", "xlsx", "-o", tmp_path / f"{what}.xlsx", home=home)
        assert_same_rows(written, table, book, tmp_path / f"{what}.xlsx", some=what == "standing")


def assert_same_rows(written: Ended, table: Ended, book: Ended, workbook: Path, *, some: bool) -> None:
    """JSON, CSV and workbook hold the same columns and as many rows."""
    assert (written.code, table.code, book.code) == (0, 0, 0), written.err + table.err + book.err
    header, *rows = csv.reader(io.StringIO(table.out.removeprefix("\ufeff")))
    [sheet] = openpyxl.load_workbook(workbook).worksheets
    assert [cell.value for cell in sheet[1]] == header
    assert (len(rows) > 0) == some
    assert len(written.json) == len(rows)
    assert sheet.max_row == 1 + max(1, len(rows))  # an empty table has an empty row
    assert all(list(row) == header for row in written.json)


async def test_explain_tells_the_steps_of_a_task_in_local_time(home: Path) -> None:
    async with running("run", "--clock", "2022-09-26T08:05", home=home, **LOCAL) as bot:
        assert await bot.stop() == 0
    ended = await nhacviec("explain", "r16", "--unit", "snv", home=home)
    assert ended.code == 0, ended.said
    assert "- 26/09 08:05 không nhắc: " in ended.out
    assert ", hạn 25/09/2022:" in ended.out
    assert "không có người liên hệ được" in ended.out


async def test_doctor_names_what_is_missing_and_migrate_makes_the_database(home: Path) -> None:
    migrated = await nhacviec("migrate", home=home)
    assert (migrated.code, migrated.out) == (0, "Cơ sở dữ liệu ở phiên bản 0004.\n")
    ended = await nhacviec("doctor", "--json", home=home)
    assert ended.code == 1
    assert {"ok": False, "text": f"Đầu mối nhận được tin: 0/{OWING} đơn vị."} in ended.json
    assert {"ok": True, "text": "Danh mục: 23 nhiệm vụ."} in ended.json


async def test_a_backup_of_a_running_bot_is_restored_into_an_empty_home(home: Path, tmp_path: Path) -> None:
    copy, other = tmp_path / "bản sao #1", tmp_path / "other"
    async with running("run", "--clock", "2022-09-30T09:00", home=home, **LOCAL) as bot:
        assert await bot.stop() == 0  # a plan counts from here: nothing is summed up of a time before it
    async with running("run", "--clock", "2022-09-30T15:59", "--speed", "60", home=home, **LOCAL) as bot:
        await bot.until_it_logs("published week")
        kept = await nhacviec("backup", copy, home=home)
        assert (kept.code, kept.out) == (0, f"Đã sao lưu vào {copy}.\n"), kept.said
        assert_refused(await nhacviec("backup", copy, home=home), str(copy))
        assert await bot.stop() == 0
    restored = await nhacviec("restore", copy, home=other)
    assert restored.code == 0, restored.said
    week = ("summary", "--week", "2022-W39", "--json")
    before, after = await asyncio.gather(nhacviec(*week, home=home), nhacviec(*week, home=other))
    assert before.json["published_at"] is not None
    assert before.json == after.json
    assert_refused(await nhacviec("restore", copy, home=home), str(home))
    async with running("run", "--clock", "2022-09-30T16:30", home=other, **LOCAL) as bot:
        assert await bot.stop() == 0


async def test_the_demo_plays_on_this_machine_only(home: Path) -> None:
    async with running("demo", "--no-open", "--port", "0", home=home) as bot:
        async with aiohttp.ClientSession() as session, session.get(bot.address) as answer:
            assert answer.status == 200
            assert "Nhắc Việc" in await answer.text()
        assert await bot.stop() == 0
    assert_refused(await nhacviec("demo", "--no-open", "--host", "0.0.0.0", home=home), "0.0.0.0")  # noqa: S104


# What each refuses.

NO_SERVER = "postgresql+psycopg://u:mat-khau@127.0.0.1:1/x"


@pytest.mark.parametrize(
    "words",
    [
        pytest.param(("frobnicate",), id="unknown command"),
        pytest.param(("invite", "--role", "focal"), id="neither a unit nor all"),
        pytest.param(("invite", "--unit", "snv", "--all-units", "--role", "focal"), id="a unit and all"),
        pytest.param(("invite", "--unit", "snv", "--role", "king"), id="unknown role"),
        pytest.param(("revoke", "Lan"), id="a name for a number"),
        pytest.param(("export", "people"), id="unknown export"),
        pytest.param(("run", "--speed", "0"), id="a clock that stands"),
    ],
)
def test_a_wrong_call_ends_with_2(home: Path, words: tuple[str, ...]) -> None:
    ended = called(*words, home=home)
    assert (ended.code, ended.out) == (2, "")
    assert "Usage:" in ended.err
    assert "Traceback" not in ended.err


async def test_a_backup_that_has_no_place_is_refused_with_it(home: Path) -> None:
    assert (await nhacviec("migrate", home=home)).code == 0

    assert_refused(await nhacviec("backup", "/dev/null/b", home=home), "/dev/null")


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        pytest.param(("invite", "--unit", "zz", "--role", "focal"), "«zz»", id="unknown unit"),
        pytest.param(("summary", "--week", "tuần này"), "2022-W39", id="no week"),
        pytest.param(("summary", "--week", "2022-W60"), "2022-W60", id="week 60"),
        pytest.param(("summary", "--week", "0001-W01"), "0001-W01", id="the first week there is"),
        pytest.param(("summary", "--week", "9999-W52"), "9999-W52", id="the last week there is"),
        pytest.param(("summary", "--png", "/dev/null/a.png"), "/dev/null/a.png", id="no place for a picture"),
        pytest.param(("export", "ledger", "--format", "xlsx"), "-o", id="a workbook on the screen"),
        pytest.param(("export", "ledger", "-o", "/dev/null/a.json"), "/dev/null/a.json", id="no place for an export"),
        pytest.param(("backup", "sao-luu"), "chưa có gì để sao lưu", id="nothing to back up yet"),
        pytest.param(("restore", "config"), "config", id="no backup"),
        pytest.param(("run", "--clock", "hôm qua"), "2022-09-26T07:55", id="no moment"),
    ],
)
async def test_what_cannot_be_done_is_refused_with_a_sentence(
    home: Path, words: tuple[str, ...], fragment: str
) -> None:
    # `run` sets up the process's logging, which is not to be this one's.
    ended = await nhacviec(*words, home=home) if words[0] == "run" else called(*words, home=home)
    assert_refused(ended, fragment)


NEEDS_A_PLAN = [
    ("run",),
    ("people",),
    ("invite", "--all-units", "--role", "focal"),
    ("summary",),
    ("export", "standing"),
    ("explain", "R1"),
    ("revoke", "1"),
]


@pytest.mark.parametrize("words", NEEDS_A_PLAN, ids=" ".join)
async def test_a_home_without_its_files_is_refused_by_name(tmp_path: Path, words: tuple[str, ...]) -> None:
    ended = await nhacviec(*words, home=tmp_path) if words == ("run",) else called(*words, home=tmp_path)
    assert_refused(ended, "không có plan_tasks.yaml", "--home")
    assert next(os.scandir(tmp_path), None) is None  # a mistyped folder is left as it was


@pytest.mark.parametrize("words", NEEDS_A_PLAN[:2], ids=" ".join)
async def test_a_broken_plan_is_refused_with_its_place(home: Path, words: tuple[str, ...]) -> None:
    (home / "plan_tasks.yaml").write_text("plan:\n  id: [thu\n", encoding="utf-8")
    assert_refused(await nhacviec(*words, home=home, **LOCAL), "plan_tasks.yaml:")


async def test_check_and_doctor_name_what_is_broken(home: Path) -> None:
    (home / "plan_tasks.yaml").write_text("plan: [\n", encoding="utf-8")
    checked, written, examined = await asyncio.gather(
        nhacviec("check", home=home), nhacviec("check", "--json", home=home), nhacviec("doctor", home=home)
    )
    assert [each.code for each in (checked, written, examined)] == [1, 1, 1]
    assert "plan_tasks.yaml:" in checked.out
    assert written.json["ok"] is False
    assert written.json["problems"][0]["file"] == "plan_tasks.yaml"
    assert "CẦN SỬA" in examined.out
    assert "Traceback" not in checked.said + written.said + examined.said


@pytest.mark.parametrize(
    ("environment", "fragment"),
    [
        pytest.param({"BOT_WEB__PORT": "nhiều"}, "BOT_WEB__PORT", id="no port"),
        pytest.param({"BOT_WEB_PORT": "0"}, "BOT_WEB__PORT", id="a slip in a name, with the right one"),
        pytest.param({"BOT_TELEGRAM__TOKEN_FILE": "/dev/null/t"}, "BOT_TELEGRAM__TOKEN_FILE", id="no secret's file"),
        pytest.param(
            {"BOT_DATABASE_URL": "postgresql+psycopg://u:mat-khau@127.0.0.1:1/x"}, "database_url", id="no server"
        ),
    ],
)
async def test_a_wrong_setting_is_named_and_no_secret_repeated(
    home: Path, environment: dict[str, str], fragment: str
) -> None:
    ended = await nhacviec("people", home=home, **environment)
    assert_refused(ended, fragment)
    assert "mat-khau" not in ended.said


async def test_a_second_bot_on_the_same_home_is_told_which_process_has_it(home: Path) -> None:
    async with running("run", *CLOCK, home=home, **LOCAL) as bot:
        assert_refused(await nhacviec("run", *CLOCK, home=home, **LOCAL), f"tiến trình {bot.pid} ", str(home))
        assert await bot.stop() == 0
    async with running("run", *CLOCK, home=home, **LOCAL) as bot:
        await bot.kill()
    async with running("run", *CLOCK, home=home, **LOCAL) as bot:  # what a power cut left behind keeps nobody out
        assert await bot.stop() == 0


async def test_a_port_that_is_taken_is_named(home: Path) -> None:
    server = await asyncio.start_server(lambda _reader, _writer: None, "127.0.0.1", 0)
    async with server:
        port = server.sockets[0].getsockname()[1]
        ended = await nhacviec("run", *CLOCK, home=home, BOT_WEB__PORT=str(port))
    assert_refused(ended, f"cổng {port}", "cổng khác")


async def test_a_rehearsal_never_reaches_the_real_telegram(home: Path) -> None:
    token = "5610000:AAFakeTokenForTestsOnly_0123456789abcdef"
    ended = await nhacviec("run", *CLOCK, home=home, BOT_TELEGRAM__TOKEN=token, **LOCAL)
    assert_refused(ended, "telegram.api_url")
    assert token.partition(":")[2] not in ended.said


async def people(home: Path) -> list[dict[str, object]]:
    ended = await nhacviec("people", "--json", home=home)
    assert ended.code == 0, ended.said
    listed: list[dict[str, object]] = ended.json
    return listed


async def types_a_code(bot: Bot, code: str) -> None:
    """Join on the bot's own page, and wait until it shows who this is."""
    jar = aiohttp.CookieJar(unsafe=True)  # cookies of an address without a name
    async with aiohttp.ClientSession(bot.address, cookie_jar=jar, headers={MARK: "1"}, raise_for_status=True) as page:
        await page.post("api/join", json={})
        async with page.get("events") as news:
            await page.post("api/phones/me/text", json={"id": "first", "text": code})
            async with asyncio.timeout(20):
                while not (await (await page.get("api/phones/me")).json())["linked"]:
                    await news.content.readline()
