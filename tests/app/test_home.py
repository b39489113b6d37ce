"""The home folder: one bot at a time, and what only the owner may read."""

import subprocess
import sys
from pathlib import Path

import pytest

from bot.app.home import Home, HomeError
from bot.catalogue import PLAN_FILE


@pytest.fixture
def home(tmp_path: Path) -> Home:
    (tmp_path / PLAN_FILE).touch()
    return Home(tmp_path)


HOLD = (
    "import sys; from pathlib import Path; from bot.app.home import Home\n"
    "with Home(Path(sys.argv[1])).locked():\n"
    "    print('held', flush=True); sys.stdin.read()"
)


def test_a_second_bot_is_told_which_process_has_the_home(home: Home) -> None:
    command = [sys.executable, "-c", HOLD, str(home.root)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout is not None
        assert first.stdout.readline() == "held\n"

        with pytest.raises(HomeError, match=rf"\b{first.pid}\b"), home.locked():
            pass
        first.kill()  # a bot that was killed leaves no lock behind
        first.wait()

    with home.locked():
        pass


def test_a_home_is_held_until_it_is_let_go(home: Home) -> None:
    with home.locked(), pytest.raises(HomeError), home.locked():
        pass

    with home.locked():
        assert (home.data / "run.pid").read_text().isdigit()


def test_a_folder_without_a_plan_is_no_home_and_stays_as_it_was(tmp_path: Path) -> None:
    with pytest.raises(HomeError, match=PLAN_FILE), Home(tmp_path).locked():
        pass

    assert list(tmp_path.iterdir()) == []


def test_only_the_owner_can_read_what_the_bot_writes(tmp_path: Path) -> None:
    home = Home(tmp_path / "home")

    home.make()
    home.make()

    assert home.data.stat().st_mode & 0o077 == 0
    assert {home.evidence.parent, home.summaries.parent, home.spool.parent} == {home.data}


def test_a_home_that_cannot_be_made_is_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(HomeError, match="Không tạo được thư mục"):
        Home(tmp_path / "file").make()


def test_the_database_is_where_the_setting_says_or_at_home(tmp_path: Path) -> None:
    home = Home(tmp_path)

    assert home.database_url("") == f"sqlite:///{tmp_path.resolve()}/data/nhacviec.db"
    assert home.database_url("postgresql+psycopg://x/y") == "postgresql+psycopg://x/y"
