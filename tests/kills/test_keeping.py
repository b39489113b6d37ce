"""Backup, restore and `migrate` as real processes, killed on the way: what is half is known as half, the source is whole."""

import signal
from pathlib import Path

import pytest
from sqlalchemy import create_engine, insert, select

from bot.app.backup import back_up, restore
from bot.app.home import Home, HomeError
from bot.app.opening import open_store
from bot.settings import load_settings
from bot.store import Store, Tx, outbox, people, schema
from bot.store.tables import METADATA
from tests.kills.scene import MONDAY, Scene, Server
from tests.store.builders import letter

pytestmark = pytest.mark.process

BACKUP = [
    pytest.param("in the copied database", 5, id="in the middle of the database"),
    pytest.param("in a copied file", 1, id="in the first file"),
    pytest.param("in a copied file", 3, id="in the third file"),
    pytest.param("before the name", 1, id="before it has its name"),
]
RESTORE = [
    pytest.param("in a copied file", 1, id="in the middle of the database"),
    pytest.param("in a copied file", 2, id="in the plan"),
    pytest.param("in a copied file", 4, id="in the third file"),
    pytest.param("before the name", 1, id="before it has its name"),
]


@pytest.fixture
def scene(tmp_path: Path, server: Server) -> Scene:
    """A home with people, letters and a picture."""
    made = Scene(tmp_path / "home", server)
    with made.store() as store:
        letters = [letter(f"k{number}", channel="telegram", chat_id="1001") for number in range(200)]
        store.write(lambda tx: outbox.put(tx, letters, now=MONDAY))
    made.home.summaries.mkdir()
    (made.home.summaries / "2022-W39.png").write_bytes(b"png" * 1000)
    return made


def everything(tx: Tx) -> dict[str, list[tuple[object, ...]]]:
    return {table.name: [tuple(row) for row in tx.execute(select(table))] for table in METADATA.sorted_tables}


def all_of(home: Home) -> dict[str, list[tuple[object, ...]]]:
    with Store(home.database_url("")) as store:
        return store.read(everything)


async def ended(scene: Scene, *words: object, point: str = "", nth: int = 1, home: Path | None = None) -> int:
    """Run a command to its end; return its exit code."""
    process = await scene.command(*words, point=point, nth=nth, home=home)
    return await process.wait()


def opened(home: Home) -> Store:
    """Open a home as every command does, `run` among them."""
    return open_store(home, load_settings(home.root, {}))


@pytest.mark.parametrize(("point", "nth"), BACKUP)
async def test_a_backup_that_is_cut_off_is_no_backup_and_the_home_is_untouched(
    scene: Scene, tmp_path: Path, point: str, nth: int
) -> None:
    before = all_of(scene.home)

    assert await ended(scene, "backup", tmp_path / "half", point=point, nth=nth) == -signal.SIGKILL

    assert all_of(scene.home) == before
    new = Home(tmp_path / "new")
    with pytest.raises(HomeError, match="Không có tệp"):
        restore(new, tmp_path / "half")
    assert not new.root.exists()
    with scene.store() as store:
        with pytest.raises(HomeError, match="thư mục mới"):  # one with something in it is never written over
            back_up(scene.home, store, tmp_path / "half")
        back_up(scene.home, store, tmp_path / "whole")
    restore(new, tmp_path / "whole")
    assert all_of(new) == before


@pytest.mark.parametrize(("point", "nth"), RESTORE)
async def test_a_restore_that_is_cut_off_is_not_taken_for_a_home_and_is_done_again(
    scene: Scene, tmp_path: Path, point: str, nth: int
) -> None:
    before = all_of(scene.home)
    with scene.store() as store:
        back_up(scene.home, store, tmp_path / "copy")
    new = Home(tmp_path / "new")

    assert await ended(scene, "restore", tmp_path / "copy", point=point, nth=nth, home=new.root) == -signal.SIGKILL

    with pytest.raises(HomeError, match="dở dang"):
        opened(new)
    assert not (new.data / "nhacviec.db").exists()
    restore(new, tmp_path / "copy")
    assert all_of(new) == before
    assert (new.summaries / "2022-W39.png").read_bytes() == b"png" * 1000
    assert (new.root / "plan_tasks.yaml").read_bytes() == (scene.root / "plan_tasks.yaml").read_bytes()
    opened(new).close()


async def test_a_backup_or_restore_killed_after_the_name_was_given_is_whole(scene: Scene, tmp_path: Path) -> None:
    before = all_of(scene.home)

    assert await ended(scene, "backup", tmp_path / "copy", point="after the name") == -signal.SIGKILL
    restoring = await ended(scene, "restore", tmp_path / "copy", point="after the name", home=tmp_path / "new")
    assert restoring == -signal.SIGKILL

    assert all_of(Home(tmp_path / "new")) == before


@pytest.mark.parametrize(
    ("point", "nth"),
    [
        pytest.param("in the copied database", 5, id="while it copies the file"),
        pytest.param("before the name", 1, id="before the copy has its name"),
        pytest.param("in a migration", 1, id="after its first statement"),
        pytest.param("in a migration", 4, id="after its fourth statement"),
        pytest.param("migrated, not committed", 1, id="before its commit"),
    ],
)
async def test_a_migration_that_is_cut_off_is_done_by_the_next_start(
    scene: Scene, tmp_path: Path, point: str, nth: int
) -> None:
    old = Home(tmp_path / "old")
    at_first_schema(old, scene)

    assert await ended(scene, "migrate", point=point, nth=nth, home=old.root) == -signal.SIGKILL

    with Store(old.database_url("")) as store:
        assert store.schema_version() == schema.versions()[0]
    with opened(old) as store:
        assert store.schema_version() == schema.HEAD
        assert store.read(people.names) == {1: "Lan"}
    copy = old.data / f"nhacviec-before-{schema.HEAD}.db"
    assert [each.name for each in old.data.glob("*before*")] == [copy.name]  # and nothing half beside it
    with Store(f"sqlite:///{copy}") as store:
        assert store.schema_version() == schema.versions()[0]


def at_first_schema(home: Home, scene: Scene) -> None:
    """Make a home with a database of the first schema and one person."""
    from tests.store.test_migrations import build

    home.make()
    (home.root / "plan_tasks.yaml").write_bytes((scene.root / "plan_tasks.yaml").read_bytes())
    build(home.database_url(""), schema.versions()[0])
    engine = create_engine(home.database_url(""))
    with engine.begin() as connection:
        connection.execute(insert(METADATA.tables["person"]).values(name="Lan", language="vi", created_at=MONDAY))
    engine.dispose()
