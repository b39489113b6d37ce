"""The calendar's version and the roll of dues, as `check` reads them back and `event` counts by them."""

from collections.abc import Callable
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.world import ROOT, SMALL_PLAN

TASKS = """
  - {id: R1, title: Kế hoạch thực hiện, owners: [hoian], due: 20 ngày sau khi nhận văn bản}
"""
Run = Callable[..., tuple[int, str]]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Return what runs a command in a home whose plan rolls dues so."""
    copytree(ROOT / "config", tmp_path / "config")

    def typed(*words: str, roll: str = "") -> tuple[int, str]:
        line = f"  office: snv\n  roll: {roll}\n" if roll else "  office: snv\n"
        plan = SMALL_PLAN.replace("  office: snv\n", line) + TASKS
        (tmp_path / "plan_tasks.yaml").write_text(plan, encoding="utf-8")
        done = CliRunner().invoke(main, ["--home", str(tmp_path), *words])
        return done.exit_code, done.output

    return typed


@pytest.mark.parametrize(
    ("roll", "said"),
    [
        pytest.param("", "Hạn rơi vào ngày nghỉ: giữ nguyên, nhắc vào ngày làm việc trước đó.", id="nothing said"),
        pytest.param("next", "Hạn rơi vào ngày nghỉ: lùi đến hết ngày làm việc tiếp theo (Bộ luật Dân sự", id="next"),
        pytest.param("previous", "Hạn rơi vào ngày nghỉ: đưa lên ngày làm việc liền trước.", id="previous"),
    ],
)
def test_check_says_which_calendar_runs_and_where_dues_go(run: Run, roll: str, said: str) -> None:
    code, out = run("check", roll=roll)

    assert code == 0
    assert "Lịch làm việc: 2026-1.\n" in out
    assert said in out


def test_a_calendar_without_a_version_is_said_so(run: Run, tmp_path: Path) -> None:
    file = tmp_path / "config" / "calendar.yaml"
    file.write_text(file.read_text(encoding="utf-8").replace("version: 2026-1\n", ""), encoding="utf-8")

    assert "Lịch làm việc: không ghi phiên bản" in run("check")[1]


@pytest.mark.parametrize(
    ("roll", "due"),
    [("none", "02/10/2022"), ("next", "03/10/2022"), ("previous", "30/09/2022")],
)
def test_an_event_says_the_due_as_the_plan_rolls_it(run: Run, roll: str, due: str) -> None:
    assert run("event", "R1", "2022-09-12", roll=roll) == (0, f"R1: nhận văn bản ngày 12/09/2022; hạn {due}.\n")


def test_a_phrase_that_is_tried_rolls_nowhere(run: Run) -> None:
    code, out = run("due", "25/09/2022", "--from", "2022-09-01", "--to", "2022-09-30", roll="next")

    assert (code, out.splitlines()[-1]) == (0, "  23:59 25/09/2022")
    assert "chưa tính khóa roll" in " ".join(run("due", "--help")[1].split())
