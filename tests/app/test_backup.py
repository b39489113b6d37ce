"""Backup and restore: whole while the bot writes, checked, and never over what is there."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import make_url

from bot.app.backup import DATABASE, back_up, check_copy, restore
from bot.app.home import Home, HomeError
from bot.app.opening import open_store
from bot.settings import Settings, load_settings
from bot.store import Store, inbox, people
from tests.store.builders import NOW, joined

ROOT = Path(__file__).parent.parent.parent


def settings_of(home: Home) -> Settings:
    return load_settings(home.root, {})


@pytest.fixture(params=["home", "kế hoạch #1 100% (bản thử)"], ids=["plain", "odd letters"])
def home(request: pytest.FixtureRequest, tmp_path: Path) -> Home:
    """A home with a plan, a person, and a file."""
    root = tmp_path / request.param
    root.mkdir()
    shutil.copytree(ROOT / "config", root / "config")
    shutil.copy(ROOT / "plan_tasks.yaml", root)
    home = Home(root)
    home.make()
    home.evidence.mkdir()
    (home.evidence / "a.pdf").write_bytes(b"%PDF")
    home.summaries.mkdir()
    (home.summaries / "2022-W39.png").write_bytes(b"png")
    return home


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home, settings_of(home)) as opened:
        opened.write(lambda tx: joined(tx, "a"))
        yield opened


def files_under(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file())


def names_in(home: Home) -> list[str]:
    with open_store(home, settings_of(home)) as opened:
        return list(opened.read(people.names).values())


def test_what_was_backed_up_is_restored_whole(home: Home, store: Store, tmp_path: Path) -> None:
    back_up(home, store, tmp_path / "copy")
    restored = Home(tmp_path / "new")

    restore(restored, tmp_path / "copy")

    assert names_in(restored) == ["Người a"]
    assert (restored.evidence / "a.pdf").read_bytes() == b"%PDF"
    assert (restored.summaries / "2022-W39.png").read_bytes() == b"png"
    assert (restored.root / "plan_tasks.yaml").read_bytes() == (home.root / "plan_tasks.yaml").read_bytes()
    assert files_under(restored.root / "config") == files_under(home.root / "config")


def test_a_backup_is_one_plain_database_file_and_the_files(home: Home, store: Store, tmp_path: Path) -> None:
    back_up(home, store, tmp_path / "copy")

    found = [name for name in files_under(tmp_path / "copy") if not name.startswith("config/")]
    assert found == ["data/evidence/a.pdf", "data/summaries/2022-W39.png", DATABASE, "plan_tasks.yaml"]
    assert (tmp_path / "copy").stat().st_mode & 0o077 == 0


def test_a_backup_is_one_state_while_others_write(home: Home, store: Store, tmp_path: Path) -> None:
    """Two rows are written in each transaction: a copy with an odd number of them would be torn."""
    stop, begun = threading.Event(), threading.Event()

    def write() -> None:
        with Store(store.url) as other:
            number = 0
            while not stop.is_set():
                number += 1
                other.write(
                    lambda tx, n=number: [
                        inbox.put(tx, channel="c", external_id=f"{n}{half}", raw={"x": "y" * 2000}, now=NOW)
                        for half in "ab"
                    ]
                )
                begun.set()

    writer = threading.Thread(target=write)
    writer.start()
    try:
        assert begun.wait(10)
        for number in range(3):
            back_up(home, store, tmp_path / f"copy{number}")
    finally:
        stop.set()
        writer.join()

    for number in range(3):
        with closing(sqlite3.connect(tmp_path / f"copy{number}" / DATABASE)) as copy:
            rows = copy.execute("SELECT count(*) FROM inbox").fetchone()[0]
        assert rows > 0
        assert rows % 2 == 0


def test_a_backup_goes_into_a_new_or_empty_folder_only(home: Home, store: Store, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    back_up(home, store, tmp_path / "empty")

    for full in (tmp_path / "empty", home.root):
        before = files_under(full)
        with pytest.raises(HomeError, match="thư mục mới"):
            back_up(home, store, full)
        assert files_under(full) == before
    file = tmp_path / "file"
    file.touch()
    with pytest.raises(HomeError, match="thư mục mới"):
        back_up(home, store, file)


@pytest.mark.parametrize("left", [DATABASE, f"{DATABASE}-wal", f"{DATABASE}-journal"])
def test_a_restore_goes_into_a_home_without_a_database_only(
    home: Home, store: Store, tmp_path: Path, left: str
) -> None:
    back_up(home, store, tmp_path / "copy")
    target = Home(tmp_path / "target")
    target.make()
    (target.data / left).write_bytes(b"of another life")

    with pytest.raises(HomeError, match="đã có dữ liệu"):
        restore(target, tmp_path / "copy")

    assert files_under(target.root) == [f"data/{left}"]


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def scribbled(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[4096 : 4096 * 6] = b"\xff" * (4096 * 5)
    path.write_bytes(content)


def foreign(path: Path) -> None:
    path.unlink()
    with closing(sqlite3.connect(path)) as other:
        other.execute("CREATE TABLE thing (id INTEGER)")
        other.commit()


def from_the_future(path: Path) -> None:
    with closing(sqlite3.connect(path)) as copy:
        copy.execute("UPDATE alembic_version SET version_num = '9999'")
        copy.commit()


@pytest.mark.parametrize(
    ("damage", "words"),
    [
        pytest.param(cut, "bị hỏng", id="cut off"),
        pytest.param(scribbled, "bị hỏng", id="written over"),
        pytest.param(lambda path: path.write_bytes(b"not a database" * 1000), "bị hỏng", id="something else"),
        pytest.param(lambda path: path.write_bytes(b""), "bị hỏng", id="empty"),
        pytest.param(foreign, "không phải của Nhắc Việc", id="another program's"),
        pytest.param(from_the_future, "phiên bản mới hơn", id="of a newer version"),
        pytest.param(lambda path: path.unlink(), "Không có tệp", id="missing"),
    ],
)
def test_a_damaged_backup_is_refused_and_nothing_is_touched(
    home: Home, store: Store, tmp_path: Path, damage, words
) -> None:
    back_up(home, store, tmp_path / "copy")
    damage(tmp_path / "copy" / DATABASE)
    target = Home(tmp_path / "target")

    with pytest.raises(HomeError, match=words):
        restore(target, tmp_path / "copy")

    assert not target.root.exists()


def test_a_good_copy_passes_the_check(home: Home, store: Store, tmp_path: Path) -> None:
    back_up(home, store, tmp_path / "copy")

    check_copy(tmp_path / "copy" / DATABASE)


def test_a_database_server_has_a_tool_of_its_own(home: Home, tmp_path: Path) -> None:
    with Store(make_url("postgresql+psycopg://bot@127.0.0.1/x")) as server, pytest.raises(HomeError, match="pg_dump"):
        back_up(home, server, tmp_path / "copy")

    assert not (tmp_path / "copy").exists()
