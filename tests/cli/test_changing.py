"""The commands around an edited catalogue: what it would do, applying it, what was applied, and back."""

import getpass
import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from shutil import copytree

import click
import pytest
from click.testing import CliRunner, Result

from bot.app.clock import RealClock
from bot.app.home import Home
from bot.app.opening import open_store
from bot.catalogue import read_texts
from bot.cli import changing
from bot.cli.changing import apply_command, diff_command, history_command, rollback_command, show_command
from bot.domain.calendar import local_day
from bot.jobs.apply import OvertakenError
from bot.settings import load_settings
from bot.store import Store, revisions
from bot.store import occurrences as stored
from tests.world import ROOT, small_plan

TODAY = local_day(RealClock().now())
FIRST, LATER = (f"{TODAY + timedelta(days=days):%d/%m/%Y}" for days in (30, 45))
PLAN = (
    small_plan(starts=str(TODAY - timedelta(days=30)), ends=str(TODAY + timedelta(days=90)))
    + f"  - {{id: R5, title: Quán triệt kỷ luật, owners: [snv], due: {FIRST}}}\n"
    + f"  - {{id: R6, title: Rà soát thủ tục, owners: [snv, stc], due: {FIRST}}}\n"
)
EDITED = PLAN.replace(FIRST, LATER, 1)
BRAKES_EARLY = {"BOT_CATALOGUE__BRAKE_LEAST": "1"}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    copytree(ROOT / "config", tmp_path / "config")
    write(tmp_path, PLAN)
    return tmp_path


@pytest.fixture
def store(home: Path) -> Iterator[Store]:
    with open_store(Home(home), load_settings(home, {})) as opened:
        yield opened


@pytest.fixture
def applied(home: Path) -> Path:
    """A home whose plan was applied."""
    assert called(apply_command, home, "--yes").exit_code == 0
    return home


def write(home: Path, plan: str) -> None:
    (home / "plan_tasks.yaml").write_text(plan, encoding="utf-8")


def on_disk(home: Path) -> str:
    return (home / "plan_tasks.yaml").read_text(encoding="utf-8")


def called(command: click.Command, home: Path, *words: str, says: str = "", **environment: str) -> Result:
    return CliRunner().invoke(command, words, obj=home, input=says, env=environment)


def numbers(store: Store) -> list[int]:
    return [each.id for each in store.read(revisions.history)]


def test_a_home_that_never_ran_says_so_and_its_first_application_is_counted(home: Path, store: Store) -> None:
    seen = called(diff_command, home)
    assert seen.exit_code == 0, seen.output
    assert "Chưa áp dụng danh mục nào" in seen.output
    assert numbers(store) == []
    assert "Chưa áp dụng" in called(history_command, home).output

    done = called(apply_command, home, "--yes")

    assert done.exit_code == 0, done.output
    assert "Đã áp dụng (bản số 1)" in done.output
    kept = store.read(revisions.latest)
    assert kept is not None
    assert (kept.who, kept.cause, kept.texts["plan"]) == (getpass.getuser(), "command", PLAN)
    assert len(store.read(lambda tx: stored.dues(tx, "R6"))) == 2


def test_units_that_owe_alike_stand_on_one_line_however_long_they_live(home: Path) -> None:
    units = home / "config/units.yaml"
    ends = f"valid_to: {TODAY + timedelta(days=900)}"
    units.write_text(units.read_text(encoding="utf-8").replace("{id: stc,", f"{{id: stc, {ends},"), encoding="utf-8")
    assert ends in units.read_text(encoding="utf-8")

    seen = called(diff_command, home).output

    assert f"- R6: hạn {FIRST}; Sở Nội vụ, Sở Tài chính\n" in seen


def test_a_diff_says_what_would_happen_and_changes_nothing(applied: Path, store: Store) -> None:
    assert "đúng là bản đang chạy (bản số 1)" in called(diff_command, applied).output
    write(applied, EDITED)

    said, counted = called(diff_command, applied), called(diff_command, applied, "--json")

    assert (said.exit_code, counted.exit_code) == (0, 0), said.output
    for words in ("R5", FIRST, LATER):
        assert words in said.output
    found = json.loads(counted.stdout)
    assert (found["running"], found["same"], found["nothing"], found["needs_force"]) == (1, False, False, False)
    assert found["effects"]["moved"]["count"] == 1
    assert numbers(store) == [1]


def test_what_nobody_would_notice_is_nothing(applied: Path) -> None:
    write(applied, "# ghi chú\n" + PLAN.replace("Quán triệt", "Tiếp tục quán triệt"))

    assert json.loads(called(diff_command, applied, "--json").stdout)["nothing"] is True


@pytest.mark.parametrize("command", [diff_command, apply_command], ids=["diff", "apply"])
def test_a_file_that_fails_is_said_with_its_places(applied: Path, store: Store, command: click.Command) -> None:
    write(applied, PLAN.replace("due:", "dew:", 1))

    found = called(command, applied)

    assert found.exit_code == 1
    assert "plan_tasks.yaml:12:" in found.stderr
    assert numbers(store) == [1]


def test_it_asks_before_it_applies(applied: Path, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    write(applied, EDITED)
    nobody = called(apply_command, applied)
    assert nobody.exit_code == 2
    assert "--yes" in nobody.stderr

    monkeypatch.setattr(changing, "_is_somebody_there", lambda: True)
    no = called(apply_command, applied, says="n\n")
    assert (no.exit_code, "Chưa áp dụng gì" in no.output) == (0, True)
    assert numbers(store) == [1]

    yes = called(apply_command, applied, says="y\n")
    assert (yes.exit_code, "bản số 2" in yes.output) == (0, True)
    assert numbers(store) == [2, 1]


def test_above_the_brake_it_wants_force(applied: Path, store: Store) -> None:
    write(applied, EDITED)

    refused = called(apply_command, applied, "--yes", **BRAKES_EARLY)
    assert refused.exit_code == 1
    assert "--force" in refused.stderr
    assert numbers(store) == [1]
    assert json.loads(called(diff_command, applied, "--json", **BRAKES_EARLY).stdout)["needs_force"] is True

    assert called(apply_command, applied, "--yes", "--force", **BRAKES_EARLY).exit_code == 0
    assert numbers(store) == [2, 1]


def test_what_runs_already_is_not_applied_again(applied: Path, store: Store) -> None:
    again = called(apply_command, applied)

    assert again.exit_code == 0
    assert numbers(store) == [1]


def test_a_plan_from_elsewhere_takes_the_place_of_the_home_s_own(applied: Path, store: Store, tmp_path: Path) -> None:
    other = tmp_path / "moi.yaml"
    other.write_text(EDITED, encoding="utf-8")

    done = called(apply_command, applied, str(other), "--yes")

    assert done.exit_code == 0, done.output
    assert on_disk(applied) == EDITED
    assert [each.read_text(encoding="utf-8") for each in replaced(applied)] == [PLAN]
    assert str(replaced(applied)[0].parent) in done.output
    latest = store.read(revisions.latest)
    assert latest is not None
    assert latest.digest == read_texts(applied).digest


def replaced(home: Path) -> list[Path]:
    return sorted((home / "data" / "replaced").glob("*/*"))


def test_history_says_who_applied_what_and_show_prints_it(applied: Path) -> None:
    write(applied, EDITED)
    called(apply_command, applied, "--yes")

    said, rows = called(history_command, applied), json.loads(called(history_command, applied, "--json").stdout)

    assert said.exit_code == 0
    assert said.output.index("2  ") < said.output.index("1  ")
    assert getpass.getuser() in said.output
    assert [(row["revision"], row["who"], row["cause"]) for row in rows] == [
        (2, getpass.getuser(), "command"),
        (1, getpass.getuser(), "command"),
    ]
    assert rows[0]["effects"]["moved"]["count"] == 1
    assert called(show_command, applied, "1").stdout == PLAN
    assert called(show_command, applied, "2").stdout == EDITED
    for name in ("units", "calendar"):
        kept = called(show_command, applied, "1", "--file", name).stdout
        assert kept == (applied / "config" / f"{name}.yaml").read_text(encoding="utf-8")


@pytest.mark.parametrize("command", [show_command, rollback_command], ids=["show", "rollback"])
def test_a_revision_that_never_was_is_a_sentence(applied: Path, command: click.Command) -> None:
    found = called(command, applied, "9")

    assert found.exit_code == 1
    assert "Không có bản số 9" in found.stderr


def test_a_rollback_is_a_revision_of_its_own_and_the_files_follow(applied: Path, store: Store) -> None:
    write(applied, EDITED)
    called(apply_command, applied, "--yes")
    assert called(rollback_command, applied, "1").exit_code == 2  # it asks, and nobody is there

    done = called(rollback_command, applied, "1", "--yes")

    assert done.exit_code == 0, done.output
    assert "bản số 3" in done.output
    assert "tệp bị thay giữ tại" in done.output
    assert on_disk(applied) == PLAN
    assert [each.read_text(encoding="utf-8") for each in replaced(applied)] == [EDITED]
    latest = store.read(revisions.latest)
    assert latest is not None
    assert (latest.id, latest.cause, latest.texts["plan"]) == (3, "rollback", PLAN)
    assert not list(applied.glob(".*.new"))


def test_a_rollback_to_what_runs_brings_only_the_files_back(applied: Path, store: Store) -> None:
    write(applied, "plan: [")

    done = called(rollback_command, applied, "1")

    assert done.exit_code == 0, done.output
    assert on_disk(applied) == PLAN
    assert numbers(store) == [1]


def test_what_was_overtaken_changes_neither_revision_nor_files(
    applied: Path, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    write(applied, EDITED)
    called(apply_command, applied, "--yes")

    def overtaken(*_: object, **__: object) -> int:
        raise OvertakenError

    monkeypatch.setattr("bot.app.changing.apply", overtaken)
    found = called(rollback_command, applied, "1", "--yes")

    assert found.exit_code == 1
    assert "chưa làm gì" in found.stderr
    assert on_disk(applied) == EDITED
    assert not list(applied.glob(".*.new"))
    assert numbers(store) == [2, 1]
