"""The catalogue's files are read when they have changed and lie still, and then once."""

import os
from pathlib import Path
from typing import Any

import pytest

from bot.app import on_disk
from bot.app.on_disk import Files, OnDisk
from bot.catalogue import CatalogueTexts, load_catalogue, parse_catalogue
from tests.system.process import new_home


@pytest.fixture
def home(tmp_path: Path) -> Path:
    return new_home(tmp_path / "home")


@pytest.fixture
def parsed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The digests that were parsed, in their order."""
    digests: list[str] = []

    def counted(texts: CatalogueTexts) -> Any:
        digests.append(texts.digest)
        return parse_catalogue(texts)

    monkeypatch.setattr(on_disk, "parse_catalogue", counted)
    return digests


def plan_of(home: Path) -> Path:
    return home / "plan_tasks.yaml"


def edit(home: Path, old: str, new: str) -> None:
    plan = plan_of(home)
    plan.write_text(plan.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")


def test_files_that_are_what_runs_are_not_parsed(home: Path, parsed: list[str]) -> None:
    running = load_catalogue(home)
    files = Files(home)

    assert files.look(running) is None
    found = files.look(running)

    assert found is not None
    assert found.catalogue is running
    assert files.look(running) is found
    assert parsed == []


def test_an_edit_is_read_when_it_lies_still_and_then_once(home: Path, parsed: list[str]) -> None:
    running = load_catalogue(home)
    files = Files(home)
    looks = [files.look(running), files.look(running)]
    for title in ("một", "hai", "ba"):  # somebody goes on saving
        edit(home, "title:", f"title: {title}")
        looks.append(files.look(running))
    assert [look is None for look in looks] == [True, False, True, True, True]

    edit(home, "title: ba", "title:")
    edit(home, "title: hai", "title:")
    edit(home, "title: một", "title: Mới ")
    assert files.look(running) is None
    found = files.look(running)

    assert found is not None
    assert found.catalogue is not None
    assert found.catalogue.digest != running.digest
    assert files.look(running) is found
    assert parsed == [found.catalogue.digest]


def test_what_is_wrong_is_found_once(home: Path, parsed: list[str]) -> None:
    running = load_catalogue(home)
    edit(home, "due:", "dew:")
    files = Files(home)
    files.look(running)

    found = files.look(running)

    assert found is not None
    assert len(found.problems) > 1
    assert files.look(running) is found
    assert len(parsed) == 1


@pytest.mark.parametrize("name", ["plan_tasks.yaml", "config/units.yaml", "config/calendar.yaml"])
def test_a_file_that_is_gone_is_wrong_until_it_is_back(home: Path, name: str) -> None:
    running = load_catalogue(home)
    files = Files(home)
    (home / name).rename(home / "elsewhere")
    files.look(running)
    gone = files.look(running)
    assert gone is not None
    assert [(each.file, each.line) for each in gone.problems] == [(name, 1)]

    (home / "elsewhere").rename(home / name)
    files.look(running)

    assert files.look(running) == OnDisk(catalogue=running, texts=files.look(running).texts)  # type: ignore[union-attr]


def test_a_file_that_changes_while_it_is_read_is_read_again(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    running = load_catalogue(home)
    files = Files(home)
    files.look(running)
    read = on_disk.read_texts

    def interrupted(root: Path) -> CatalogueTexts:
        found = read(root)
        edit(home, "title:", "title: Mới ")
        monkeypatch.setattr(on_disk, "read_texts", read)
        return found

    monkeypatch.setattr(on_disk, "read_texts", interrupted)

    assert files.look(running) is None
    assert files.look(running) is None
    found = files.look(running)
    assert found is not None
    assert found.catalogue is not running


def test_a_file_of_the_same_size_put_in_its_place_by_a_rename_is_noticed(home: Path) -> None:
    running = load_catalogue(home)
    files = Files(home)
    files.look(running)
    files.look(running)
    plan = plan_of(home)
    before = plan.stat()
    other = home / "new"
    other.write_text(plan.read_text(encoding="utf-8").replace("5610/KH-UBND", "5611/KH-UBND"), encoding="utf-8")
    os.utime(other, ns=(before.st_atime_ns, before.st_mtime_ns))
    other.replace(plan)
    assert (plan.stat().st_size, plan.stat().st_mtime_ns) == (before.st_size, before.st_mtime_ns)

    assert files.look(running) is None


def test_what_was_seen_is_looked_at_again_when_something_else_runs(home: Path) -> None:
    running = load_catalogue(home)
    files = Files(home)
    files.look(running)
    first = files.look(running)

    files.again()

    assert files.look(running) is None
    again = files.look(running)
    assert again is not first
    assert again == first
