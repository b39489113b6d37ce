"""`forecast` and `explain`, as they are typed."""

import csv
import io
import json
from pathlib import Path
from shutil import copytree
from time import perf_counter

import pytest
from click.testing import CliRunner

from bot.app.home import Home
from bot.app.opening import open_store
from bot.cli import main
from bot.domain.plan import Role
from bot.settings import load_settings
from bot.store import people
from tests.world import ROOT, SMALL_PLAN, local

TASKS = """
  - {id: R1, title: Kế hoạch thực hiện, owners: [hoian], due: 30/9/2022}
  - {id: R2, title: Báo cáo, owners: [hoian, tamky], due: 7/10/2022}
"""
SPAN = ("--from", "2022-09-26", "--to", "2022-10-25")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "plan_tasks.yaml").write_text(SMALL_PLAN + TASKS, encoding="utf-8")
    return tmp_path


def run(*words: str, home: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), *words])
    return done.exit_code, done.output


def lan_joins(home: Path, name: str = "Nguyễn Thị Lan") -> None:
    with open_store(Home(home), load_settings(home, {})) as store:
        named = {"name": name, "unit": "hoian", "role": Role.FOCAL, "now": local("2022-09-24 09:00")}
        store.write(lambda tx: people.join(tx, channel="telegram", user_id="777001", **named))


def test_a_home_without_people_is_told_what_each_unit_would_hear(home: Path) -> None:
    code, out = run("forecast", *SPAN, home=home)

    assert code == 0
    assert out.startswith("Dự báo từ 00:00 26/09/2022 đến 23:59 25/10/2022: 0 tin.\n")
    assert "CHÚ Ý  2 đơn vị chưa có người nhận" in out
    assert "chưa có người liên kết – đầu mối UBND thành phố Hội An: nhắc trước hạn 3 ngày R1" in out
    assert not (home / "data").exists()  # a forecast makes nothing


def test_who_is_told_what_and_when_is_said_with_the_totals(home: Path) -> None:
    lan_joins(home)
    before = {path: path.read_bytes() for path in (home / "data").iterdir() if path.is_file()}

    code, out = run("forecast", *SPAN, "--unit", "hội an", "--json", home=home)

    found = json.loads(out)
    assert code == 0
    first = found["rows"][0]
    assert (first["name"], first["role"], first["unit"], first["task"]) == ("Nguyễn Thị Lan", "focal", "hoian", "R1")
    assert (first["step"], first["step_words"], first["kind"]) == ("-7d", "nhắc trước hạn 7 ngày", "remind")
    assert {row["unit"] for row in found["rows"]} == {"hoian"}
    assert found["messages"] == sum(each["messages"] for each in found["days"]) > 3
    assert found["peaks"][0]["channel"] == "telegram"
    assert found["peaks"][0]["limit"] == 28 * 60
    assert any("chưa có mã bot" in each for each in found["warnings"])
    after = {path: path.read_bytes() for path in (home / "data").iterdir() if path.suffix == ".db"}
    assert after == {path: kept for path, kept in before.items() if path.suffix == ".db"}


def test_the_table_is_safe_to_open_in_a_spreadsheet(home: Path) -> None:
    lan_joins(home, name="=cmd|' /C calc'!A0")

    code, out = run("forecast", *SPAN, "--csv", home=home)

    rows = list(csv.DictReader(io.StringIO(out.removeprefix("\ufeff"))))
    assert code == 0
    assert any(row["name"] == "'=cmd|' /C calc'!A0" for row in rows)
    assert any(row["name"] == "chưa có người liên kết" for row in rows)
    assert all(row["step"].startswith(("'", "head", "office", "0")) for row in rows if row["step"])


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        pytest.param(("--from", "2098-12-01", "--to", "2099-01-01"), "nhiều nhất 400 ngày", id="too far"),
        pytest.param(("--from", "2022-01-01", "--to", "2023-12-31"), "dài quá 400 ngày", id="too long"),
        pytest.param(("--from", "2022-10-01", "--to", "2022-09-01"), "trước khi bắt đầu", id="backwards"),
        pytest.param(("--from", "mai"), "mai", id="no day"),
        pytest.param(("--unit", "xyz"), "Không có đơn vị «xyz»", id="no unit"),
    ],
)
def test_what_cannot_be_foretold_is_a_sentence(home: Path, words: tuple[str, ...], fragment: str) -> None:
    code, out = run("forecast", *words, home=home)

    assert code == 1
    assert fragment in out
    assert "Traceback" not in out


def test_nothing_is_foretold_from_before_what_was_done(home: Path) -> None:
    lan_joins(home)
    code, out = run("forecast", "--from", "2022-09-20", "--to", "2022-10-20", home=home)

    assert code == 1
    assert "đã ghi nhận việc đến 09:00 24/09/2022" in out


def test_a_province_s_month_takes_seconds(home: Path) -> None:
    (home / "plan_tasks.yaml").write_bytes((ROOT / "plan_tasks.yaml").read_bytes())
    began = perf_counter()

    code, out = run("forecast", *SPAN, "--json", home=home)

    assert code == 0
    assert len(json.loads(out)["rows"]) > 1000
    assert perf_counter() - began < 30  # measured 2 s alone; here on a machine that does much else


@pytest.mark.parametrize(
    ("words", "fragment"),
    [
        pytest.param(("R3",), "Không có nhiệm vụ «R3» trong danh mục. Mã gần nhất: R", id="no task"),
        pytest.param(("R1", "--unit", "xyz"), "Không có đơn vị «xyz»", id="no unit"),
    ],
)
def test_what_cannot_be_explained_is_a_sentence(home: Path, words: tuple[str, ...], fragment: str) -> None:
    code, out = run("explain", *words, home=home)

    assert code == 1
    assert fragment in out


def test_a_task_that_has_not_begun_is_explained_as_such(home: Path) -> None:
    code, out = run("explain", "r1", "--unit", "Hội An", home=home)

    assert (code, out) == (0, "R1: Kế hoạch thực hiện\nChưa có bước nhắc nào đến lượt.\n")
    assert json.loads(run("explain", "R1", "--json", home=home)[1]) == []
