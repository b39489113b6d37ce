"""Which catalogue runs: the newest that was applied; what the files say meanwhile is only wished for."""

import logging
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from bot.app import catalogues
from bot.app.catalogues import Catalogues, look, start, texts_to_store
from bot.app.home import Home
from bot.app.opening import open_store
from bot.catalogue import CatalogueError, CatalogueTexts, parse_catalogue, read_texts
from bot.settings import load_settings
from bot.store import Store, revisions
from tests.store.builders import DAY, NOW
from tests.system.process import new_home
from tests.world import SMALL_PLAN

PLAN = SMALL_PLAN + "  - {id: R1, title: Việc một, owners: [snv], due: 2022-09-30}\n"
EDITED = PLAN.replace("2022-09-30", "2022-10-14")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    root = new_home(tmp_path / "home")
    (root / "plan_tasks.yaml").write_text(PLAN, encoding="utf-8")
    return Home(root)


@pytest.fixture
def store(home: Home) -> Iterator[Store]:
    with open_store(home, load_settings(home.root, {})) as opened:
        yield opened


def write_plan(home: Home, text: str) -> None:
    (home.root / "plan_tasks.yaml").write_text(text, encoding="utf-8")


def texts_of(home: Home, plan: str) -> CatalogueTexts:
    there = read_texts(home.root)
    return CatalogueTexts(plan=plan.encode(), units=there.units, calendar=there.calendar)


def another_process_applies(home: Home, store: Store, plan: str, **about: Any) -> int:
    texts = texts_of(home, plan)
    values = {"digest": texts.digest, "texts": texts_to_store(texts), "now": NOW, **about}
    return store.write(lambda tx: revisions.add(tx, **values))


def test_the_first_start_applies_the_files_and_keeps_them_whole(home: Home, store: Store) -> None:
    running = start(home, store, now=NOW)

    kept = store.read(revisions.latest)
    assert kept is not None
    assert (kept.id, kept.digest) == (running.revision, running.catalogue.digest)
    assert (kept.applied_at, kept.who, kept.cause) == (NOW, "", "start")
    assert kept.texts["plan"] == PLAN
    assert parse_catalogue(catalogues.stored_texts(kept.texts)) == running.catalogue


def test_files_that_fail_are_refused_where_nothing_was_ever_applied(home: Home, store: Store) -> None:
    write_plan(home, "rubbish")

    for begin in (lambda: start(home, store, now=NOW), lambda: look(home, store)):
        with pytest.raises(CatalogueError):
            begin()

    assert store.read(revisions.latest) is None


def test_a_look_at_a_home_that_never_ran_applies_nothing(home: Home, store: Store) -> None:
    found = look(home, store)

    assert found.revision is None
    assert "R1" in found.catalogue.plan.tasks
    assert store.read(revisions.latest_id) is None


@pytest.mark.parametrize("on_disk", [PLAN, EDITED, "plan: [", None], ids=["the same", "edited", "wrong", "gone"])
def test_a_later_start_runs_what_was_applied_whatever_is_on_disk(
    home: Home, store: Store, monkeypatch: pytest.MonkeyPatch, on_disk: str | None
) -> None:
    first = start(home, store, now=NOW)
    (home.root / "plan_tasks.yaml").unlink()
    if on_disk is not None:
        write_plan(home, on_disk)
    parsed: list[str] = []

    def counted(texts: CatalogueTexts) -> Any:
        parsed.append(texts.digest)
        return parse_catalogue(texts)

    monkeypatch.setattr(catalogues, "parse_catalogue", counted)

    assert start(home, store, now=NOW + DAY) == look(home, store) == first
    assert parsed == [first.catalogue.digest] * 2, "each start parses once"
    assert [each.id for each in store.read(revisions.history)] == [first.revision]


def test_a_revision_that_this_version_cannot_read_gives_way_to_the_files(
    home: Home, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    start(home, store, now=NOW)
    another_process_applies(home, store, PLAN.replace("due:", "dew:"))

    running = start(home, store, now=NOW + DAY)

    assert "cannot be read" in caplog.text
    assert running.revision == store.read(revisions.latest_id) == 3
    assert "R1" in running.catalogue.plan.tasks


async def test_what_another_process_applied_runs_from_the_next_look_on(home: Home, store: Store) -> None:
    held = Catalogues(store, start(home, store, now=NOW))
    assert not await held.follow()

    number = another_process_applies(home, store, EDITED)

    assert await held.follow()
    assert held.running.revision == number
    assert held.current().digest == texts_of(home, EDITED).digest
    assert not await held.follow()


async def test_the_same_catalogue_under_another_number_is_not_parsed_again(
    home: Home, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    held = Catalogues(store, start(home, store, now=NOW))
    before = held.current()
    number = another_process_applies(home, store, PLAN)
    monkeypatch.setattr(catalogues, "parse_catalogue", None)

    assert await held.follow()
    assert held.running.revision == number
    assert held.current() is before


async def test_what_a_newer_version_applied_and_this_one_cannot_read_is_said_once(
    home: Home, store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    held = Catalogues(store, start(home, store, now=NOW))
    before = held.running
    another_process_applies(home, store, "plan: [")
    with caplog.at_level(logging.WARNING):
        assert [await held.follow() for _ in range(3)] == [False] * 3

    assert caplog.text.count("cannot be read") == 1
    assert held.running == before
