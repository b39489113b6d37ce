"""Backup and restore: whole while the bot writes, checked, and never over what is there."""

import shutil
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import create_engine, make_url, text

from bot.app.backup import DATABASE, back_up, check_copy, restore
from bot.app.home import Home, HomeError
from bot.app.opening import open_store
from bot.settings import Settings, load_settings
from bot.store import Store, inbox, people, schema
from tests.store.builders import NOW, joined

ROOT = Path(__file__).parent.parent.parent
FIRST = schema.versions()[0]


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


def test_a_backup_of_an_earlier_schema_is_restored_and_brought_up_at_the_next_start(home: Home, tmp_path: Path) -> None:
    at_first_schema(home)
    with Store(home.database_url("")) as old:
        back_up(home, old, tmp_path / "copy")
        assert old.schema_version() == FIRST  # a backup changes nothing
    restored = Home(tmp_path / "new")

    restore(restored, tmp_path / "copy")

    with Store(restored.database_url("")) as there:
        assert there.schema_version() == FIRST
    assert names_in(restored) == ["Người cũ"]
    with Store(restored.database_url("")) as there:
        assert there.schema_version() == schema.HEAD


def at_first_schema(home: Home) -> None:
    """Put a database of the first schema into a home, with one person."""
    config = Config()
    config.set_main_option("script_location", str(ROOT / "bot" / "store" / "migrations"))
    engine = create_engine(home.database_url(""))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, FIRST)
        connection.execute(
            text("INSERT INTO person (name, language, created_at) VALUES (:name, 'vi', :at)"),
            {"name": "Người cũ", "at": "2022-09-26 01:00:00.000000"},
        )
        connection.execute(
            text("INSERT INTO contact (person_id, channel, chat_id, gone_why) VALUES (1, 'fake', 'a', '')")
        )
    engine.dispose()


def test_a_backup_gets_its_name_when_all_of_it_is_there(
    home: Home, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(OSError, match="No space"):
        back_up(home, store, tmp_path / "half")
    monkeypatch.undo()

    with pytest.raises(HomeError, match="Không có tệp"):
        restore(Home(tmp_path / "target"), tmp_path / "half")
    assert not (tmp_path / "target").exists()


def test_a_home_without_a_database_has_nothing_to_back_up(home: Home, tmp_path: Path) -> None:
    with Store(home.database_url("")) as empty, pytest.raises(HomeError, match="chưa có gì để sao lưu"):
        back_up(home, empty, tmp_path / "copy")

    assert not (tmp_path / "copy").exists()
    assert not (home.data / DATABASE).exists()


def test_a_restore_that_was_cut_off_refuses_a_start_and_is_done_again(
    home: Home, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    back_up(home, store, tmp_path / "copy")
    target = Home(tmp_path / "target")

    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(shutil, "copytree", full)
    with pytest.raises(OSError, match="No space"):
        restore(target, tmp_path / "copy")
    monkeypatch.undo()
    with pytest.raises(HomeError, match=r"dở dang.*nhacviec restore"):
        open_store(target, settings_of(home))
    assert not (target.data / DATABASE).exists()

    restore(target, tmp_path / "copy")
    assert names_in(target) == ["Người a"]
    assert (target.evidence / "a.pdf").read_bytes() == b"%PDF"


def test_a_database_server_has_a_tool_of_its_own(home: Home, tmp_path: Path) -> None:
    with Store(make_url("postgresql+psycopg://bot@127.0.0.1/x")) as server, pytest.raises(HomeError, match="pg_dump"):
        back_up(home, server, tmp_path / "copy")

    assert not (tmp_path / "copy").exists()
