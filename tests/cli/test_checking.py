"""`check`, as it is typed: what it says of a plan, and of one with many problems."""

import json
from pathlib import Path
from shutil import copytree

import pytest
from click.testing import CliRunner

from bot.cli import main
from tests.world import ROOT, SMALL_PLAN

WRONG = 120


@pytest.fixture
def home(tmp_path: Path) -> Path:
    copytree(ROOT / "config", tmp_path / "config")
    return tmp_path


def checked(home: Path, *tasks: str, words: tuple[str, ...] = ()) -> tuple[int, str]:
    lines = "".join(f"  - {{id: R{turn}, {task}}}\n" for turn, task in enumerate(tasks, start=1))
    (home / "plan_tasks.yaml").write_text(SMALL_PLAN + lines, encoding="utf-8")
    done = CliRunner().invoke(main, ["--home", str(home), "check", *words])
    return done.exit_code, done.output


def test_a_plan_without_fault_is_read_back_task_by_task(home: Path) -> None:
    code, out = checked(
        home,
        "title: a, owners: [hoian], due: Quý IV/2022, due_note: đề xuất",
        "title: b, owners: [toan-tinh], due: 20 ngày kể từ ngày ban hành",
    )

    assert code == 0
    lines = out.splitlines()
    assert lines[0] == "Không có lỗi: 2 nhiệm vụ, 39 việc được giao."
    assert [line for line in lines if line.startswith("  R")] == [
        "  R1: hết ngày 31/12/2022 (đề xuất)",
        "  R2: 20 ngày kể từ ngày ban hành; chờ ngày của sự kiện",
    ]


def test_the_same_fault_of_many_tasks_is_one_line(home: Path) -> None:
    code, out = checked(home, *["title: a, owners: [hoi-an], due: Quý IV/2022"] * WRONG)

    lines = out.splitlines()
    assert (code, len(lines)) == (1, 3)  # with a hint, without one, and how many
    assert "nhiệm vụ R1: không có đơn vị, loại hay nhóm «hoi-an»; có phải «hoian»?" in lines[0]
    assert "(và 99 chỗ nữa: dòng " in lines[0]
    assert "(và 19 chỗ nữa: dòng " in lines[1]
    assert lines[2] == f"Có {WRONG} chỗ cần sửa."


def test_of_many_different_faults_the_first_fifty_are_shown_and_the_rest_counted(home: Path) -> None:
    tasks = [f"title: a, owners: [la{turn}], due: Quý IV/2022" for turn in range(WRONG)]
    code, out = checked(home, *tasks)

    lines = out.splitlines()
    assert (code, len(lines)) == (1, 52)
    assert lines[50] == "… và 70 chỗ khác; sửa các chỗ trên rồi kiểm tra lại, hoặc thêm --all để xem hết."


@pytest.mark.parametrize("word", ["--all", "--json"])
def test_every_fault_is_told_where_all_are_asked_for(home: Path, word: str) -> None:
    code, out = checked(home, *["title: a, owners: [hoi-an], due: Quý IV/2022"] * WRONG, words=(word,))

    told = len(json.loads(out)["problems"]) if word == "--json" else out.count("plan_tasks.yaml:")
    assert (code, told) == (1, WRONG)


def test_fifty_faults_are_told_one_by_one(home: Path) -> None:
    code, out = checked(home, *["title: a, owners: [hoi-an], due: Quý IV/2022"] * 50)

    assert (code, out.count("plan_tasks.yaml:")) == (1, 50)
