"""`nhacviec import`, as a person uses it."""

import json
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from bot.cli import main
from tests.imports.annexes import ROOT, Line, workbook
from tests.imports.official import official

ROWS: list[Line] = [
    ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Thời hạn"],
    ["1", "Báo cáo kết quả", "Sở Nội vụ", "Quý IV/2022"],
    ["2", "Việc khác", "Đài PT-TH", "khi nào xong"],
    ["", "Tổng cộng", "", ""],
]


@pytest.fixture
def annex(tmp_path: Path) -> Path:
    path = tmp_path / "phụ lục.xlsx"
    path.write_bytes(workbook(ROWS))
    return path


def run(*words: str | Path) -> Result:
    return CliRunner().invoke(main, ["--home", str(ROOT), "import", *map(str, words)])


def test_it_tells_what_it_read_wrote_and_left_out(annex: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"

    done = run(annex, "-o", plan)

    assert done.exit_code == 0, done.output
    assert done.output.splitlines()[:2] == [
        "Đã đọc 3 dòng của «Phụ lục»: 2 nhiệm vụ, 0 dòng tên nhóm, 0 dòng nối tiếp.",
        "  bỏ qua dòng 4: dòng tổng: «Tổng cộng»",
    ]
    assert "10 chỗ cần kiểm tra" in done.output
    assert f"  {plan}:24: chưa nhận ra «Đài PT-TH» trong config/units.yaml" in done.output.splitlines()
    assert done.output.splitlines()[-1].endswith(f"nhacviec check {plan}")


def test_the_check_names_every_place_left_open(annex: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    run(annex, "-o", plan)

    checked = CliRunner().invoke(main, ["--home", str(ROOT), "check", str(plan), "--json"])

    problems = json.loads(checked.output)["problems"]
    lines = plan.read_text(encoding="utf-8").splitlines()
    assert len(problems) == 9
    assert all("# kiểm tra:" in lines[each["line"] - 1] for each in problems)


def test_it_counts_for_programs_too(annex: Path, tmp_path: Path) -> None:
    found = json.loads(run(annex, "-o", tmp_path / "plan.yaml", "--json").output)

    assert {key: found[key] for key in ("tables", "rows", "tasks", "groups", "continued")} == {
        "tables": ["Phụ lục"], "rows": 3, "tasks": 2, "groups": 0, "continued": 0,
    }  # fmt: skip
    assert [each["place"] for each in found["skipped"]] == ["dòng 4"]
    assert len(found["doubts"]) == 10


def test_it_never_writes_over_a_file_unasked(annex: Path, tmp_path: Path) -> None:
    plan = tmp_path / "plan.yaml"
    plan.write_text("của tôi", encoding="utf-8")

    refused = run(annex, "-o", plan)
    kept = plan.read_text(encoding="utf-8")
    forced = run(annex, "-o", plan, "--force")

    assert (refused.exit_code, kept, forced.exit_code) == (1, "của tôi", 0)
    assert "--force" in refused.output
    assert plan.read_text(encoding="utf-8") != kept


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [("x.xlsx", b"PK\x03\x04rest", "đã hỏng"), ("x.doc", b"abc", "không phải tệp"), ("x.xlsx", None, "No such file")],
    ids=["broken", "foreign", "missing"],
)
def test_a_bad_file_ends_with_its_name_and_a_sentence(
    tmp_path: Path, name: str, content: bytes | None, said: str
) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)

    done = run(path, "-o", tmp_path / "plan.yaml")

    assert done.exit_code == 1
    assert str(path) in done.output
    assert said in done.output
    assert not (tmp_path / "plan.yaml").exists()


def test_a_home_without_units_is_told(annex: Path, tmp_path: Path) -> None:
    done = CliRunner().invoke(main, ["--home", str(tmp_path), "import", str(annex), "-o", str(tmp_path / "plan.yaml")])

    assert done.exit_code == 1
    assert done.output.startswith("config/units.yaml:1:1: không đọc được tệp này")


def test_a_long_list_of_doubts_is_cut_on_the_screen_only(tmp_path: Path) -> None:
    annex, plan = tmp_path / "a.xlsx", tmp_path / "plan.yaml"
    annex.write_bytes(workbook(official()))

    done = run(annex, "-o", plan)

    assert "  … và " in done.output
    assert plan.read_text(encoding="utf-8").count("# kiểm tra:") > 40
