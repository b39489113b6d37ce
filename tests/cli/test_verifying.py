"""summary --verify: the page that went out, made again and compared."""

import json
from dataclasses import replace
from pathlib import Path
from shutil import copy, copytree

import pytest
from click.testing import CliRunner, Result

from bot.app.home import Home
from bot.app.opening import open_store
from bot.cli.showing import summary_command
from bot.jobs.summarise import freeze, sha256_of, write_files
from bot.settings import load_settings
from bot.store import summaries
from tests.builders import EMPTY_WEEK, local
from tests.world import ROOT


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return a home with one published week."""
    monkeypatch.delenv("BOT_DATABASE_URL", raising=False)
    copytree(ROOT / "config", tmp_path / "config")
    copy(ROOT / "plan_tasks.yaml", tmp_path)
    place = Home(tmp_path)
    week = replace(EMPTY_WEEK, form=2)
    files = write_files(week, place.data)
    week = replace(week, sha256={file.media: sha256_of(place.data / file.path) for file in files})
    with open_store(place, load_settings(tmp_path, {})) as store:
        store.migrate()
        store.write(lambda tx: summaries.publish(tx, freeze(week, now=local("2022-09-30 16:00"))))
    return tmp_path


def verified(home: Path, *words: str, week: str = "2022-W39") -> Result:
    return CliRunner().invoke(summary_command, ["--week", week, "--verify", *words], obj=home)


def test_a_week_that_is_as_it_was_published_is_said_to_be(home: Path) -> None:
    done = verified(home)

    assert done.exit_code == 0, done.output
    assert done.output.splitlines() == [
        "Số liệu: khớp từng byte.",
        "Văn bản: khớp từng byte.",
        "Biểu đồ: khớp từng byte.",
        "Biểu đồ (tệp đã gửi): khớp từng byte.",
        "Bảng tính: khớp từng byte.",
        "Bảng tính (tệp đã gửi): khớp từng byte.",
    ]


def test_a_file_that_was_changed_is_named_and_ends_with_an_error(home: Path) -> None:
    (home / "data" / "summaries" / "2022-W39.png").write_bytes(b"other")

    done = verified(home, "--json")

    assert done.exit_code == 1
    compared = {(each["what"], each["on_disk"]): each["found"] for each in json.loads(done.output)["compared"]}
    assert compared["image/png", True] == "other"
    assert compared["image/png", False] == "same"


def test_a_week_that_was_never_published_cannot_be_compared(home: Path) -> None:
    done = verified(home, week="2022-W40")

    assert done.exit_code == 1
    assert "2022-W40 chưa phát hành" in done.output
