"""`due` and `event`, as they are typed."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.world import ROOT, SMALL_PLAN

TASKS = """
  - {id: R1, title: Kế hoạch thực hiện, owners: [hoian], due: 5 ngày làm việc kể từ ngày nhận văn bản}
  - {id: R2, title: Báo cáo, owners: [hoian], due: 30/11/2022}
"""


@pytest.fixture
def home(tmp_path: Path) -> Path:
    copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "plan_tasks.yaml").write_text(SMALL_PLAN + TASKS, encoding="utf-8")
    return tmp_path


def run(*words: str, home: Path) -> tuple[int, str]:
    done = CliRunner().invoke(main, ["--home", str(home), *words])
    return done.exit_code, done.output


def test_a_due_is_read_back_with_its_first_turn(home: Path) -> None:
    phrase = "Hằng tháng, trước ngày 25"
    code, out = run("due", phrase, "--from", "2022-08-24", "--to", "2022-10-31", "--json", home=home)

    assert code == 0
    assert json.loads(out) == {
        "reads": "mỗi tháng, hết ngày 25; kỳ đầu 25/09/2022",
        "kind": "month",
        "due": ["2022-09-25T23:59:59+07:00", "2022-10-25T23:59:59+07:00"],
    }


@pytest.mark.parametrize(
    ("phrase", "kind"),
    [
        ("Thường xuyên", "continuous"),
        ("20 ngày sau khi Tỉnh uỷ ban hành", "event"),
        ("khi có yêu cầu", "on_demand"),
        ("Theo tiến độ của cơ quan chủ trì soạn thảo", "undetermined"),
    ],
)
def test_what_has_no_due_says_why(home: Path, phrase: str, kind: str) -> None:
    code, out = run("due", phrase, "--from", "2022-08-24", "--json", home=home)

    found = json.loads(out)
    assert (code, found["kind"], found["due"]) == (0, kind, [])
    assert found["why"].endswith(".")


def test_days_off_of_the_home_count(home: Path) -> None:
    asked = ("due", "trước ngày làm việc cuối cùng của tháng", "--from", "2022-08-01", "--to", "2022-09-30")
    assert "31/08/2022" in run(*asked, home=home)[1]

    (home / "config" / "calendar.yaml").write_text(
        "country: VN\ndays_off: [{date: 2022-08-31, source: thử}]\n", encoding="utf-8"
    )

    assert "30/08/2022" in run(*asked, home=home)[1]


@pytest.mark.parametrize("words", [("31/9",), ("Quý V",), ("hằng tháng", "--from", "2022-09-01", "--to", "2022-08-01")])
def test_what_cannot_be_is_refused(home: Path, words: tuple[str, ...]) -> None:
    code, out = run("due", *words, home=home)

    assert code == 1
    assert out.strip().endswith(".")


def test_an_event_gets_its_day_and_the_doctor_no_longer_asks_for_it(home: Path) -> None:
    assert "R1 chờ ngày của sự kiện «nhận văn bản»" in run("doctor", home=home)[1]

    assert run("event", "R1", "2022-09-15", home=home) == (0, "R1: nhận văn bản ngày 15/09/2022; hạn 22/09/2022.\n")

    assert "chờ ngày" not in run("doctor", home=home)[1]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (("R9", "2022-09-15"), "Không có nhiệm vụ R9"),
        (("R2", "2022-09-15"), "không tính từ sự kiện nào"),
        (("R1", "2024-09-15"), "nằm ngoài thời gian của kế hoạch"),
    ],
)
def test_an_event_that_cannot_be_is_refused(home: Path, words: tuple[str, ...], sentence: str) -> None:
    code, out = run("event", *words, home=home)

    assert code == 1
    assert sentence in out


@pytest.mark.parametrize(
    ("phrase", "said"),
    [
        ("15/12/2020", "Không có hạn nào từ 24/08/2022 đến 31/12/2022."),
        ("hằng năm, trước ngày 15/3", "Không có hạn nào từ 24/08/2022 đến 31/12/2022."),
        ("Khi có yêu cầu", "Chỉ làm khi có yêu cầu; không có ngày nào để nhắc."),
    ],
)
def test_a_window_without_any_due_says_so(home: Path, phrase: str, said: str) -> None:
    code, out = run("due", phrase, "--from", "2022-08-24", "--to", "2022-12-31", home=home)

    assert (code, out.splitlines()[-1]) == (0, said)
