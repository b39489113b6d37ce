"""The catalogue as the demo's page edits it, over a real house: judged, braked, applied, followed at once."""

import asyncio
import logging
from collections.abc import AsyncIterator
from functools import partial
from pathlib import Path
from shutil import copytree

import pytest

from bot.app import demo
from bot.app.changing import foresee, put_into_force
from bot.app.home import Home
from bot.app.house import House
from bot.app.opening import capabilities, open_house, open_store
from bot.catalogue import CatalogueTexts, parse_catalogue
from bot.settings import Settings, load_settings
from bot.store import Store, revisions
from bot.web.editor import Ruling
from tests.world import ROOT, SMALL_PLAN, HandClock, local

PLAN = SMALL_PLAN + "  - {id: R1, title: Việc một, owners: [snv], due: 2022-09-30}\n"
MOVED = PLAN.replace("2022-09-30", "2022-10-05")
WITHOUT = SMALL_PLAN + "  - {id: R2, title: Việc hai, owners: [stc], due: 2022-10-05}\n"
EVENING = local("2022-09-26 19:00")


@pytest.fixture
def home(tmp_path: Path) -> Home:
    copytree(ROOT / "config", tmp_path / "config")
    (tmp_path / "plan_tasks.yaml").write_text(PLAN, encoding="utf-8")
    return demo.fresh_home(Home(tmp_path))


@pytest.fixture
def settings(home: Home) -> Settings:
    return load_settings(home.root, {"BOT_CATALOGUE__BRAKE_LEAST": "1"})


@pytest.fixture
async def house(home: Home, settings: Settings) -> AsyncIterator[House]:
    """A demo on Monday the 26th at eight, with its people."""
    with open_store(home, settings) as store:
        clock = HandClock(local("2022-09-26 08:00"))
        catalogue = parse_catalogue(CatalogueTexts(**texts(home)))
        chats = demo.seat(store, catalogue.plan)
        house = open_house(home, settings, clock, store, demo_chats=chats, around=partial(demo.live, store))
        await house.tick()
        yield house


def texts(home: Home, plan: str = "") -> dict[str, bytes]:
    files = {"plan": "plan_tasks.yaml", "units": "config/units.yaml", "calendar": "config/calendar.yaml"}
    found = {name: (home.root / path).read_bytes() for name, path in files.items()}
    return {**found, "plan": plan.encode()} if plan else found


def at_the_machine(home: Home, settings: Settings, store: Store, house: House, plan: str) -> None:
    """Apply a plan as `nhacviec apply` does, in another process."""
    edited = CatalogueTexts(**texts(home, plan))
    now = house.clock.now()
    change = foresee(store, house.catalogues.running, parse_catalogue(edited), edited, settings=settings, now=now)
    put_into_force(home, store, change, who="root", cause="command", caps=capabilities(home, settings), now=now)


async def test_an_edit_is_judged_and_nothing_is_done(house: House) -> None:
    judged = await house.editor.judge({"plan": MOVED})

    assert "- R1: 30/09/2022 → 05/10/2022; Sở Nội vụ" in judged.effects
    assert judged.brakes
    assert (await house.editor.source()).revision == judged.over == 1


async def test_what_is_wrong_in_any_file_is_told_with_its_place(house: House) -> None:
    judged = await house.editor.judge({"plan": PLAN.replace("[snv]", "[snw]"), "units": "units: 5\n"})

    assert {each.file for each in judged.wrong} >= {"units"}
    assert all(each.line >= 1 and each.words for each in judged.wrong)


async def test_an_edit_beyond_the_brake_is_applied_when_it_is_said_twice(house: House, home: Home) -> None:
    once = await house.editor.apply({"plan": MOVED}, over=1, is_sure=False)
    twice = await house.editor.apply({"plan": MOVED}, over=1, is_sure=True)

    assert (once.ruling, twice.ruling, twice.revision) == (Ruling.BRAKED, Ruling.APPLIED, 2)
    assert (twice.letters, twice.letters_from) == (1, None)
    applied = house.store.read(revisions.latest)
    assert applied is not None
    assert (applied.cause, applied.texts["plan"]) == ("page", MOVED)
    assert (home.root / "plan_tasks.yaml").read_text(encoding="utf-8") == MOVED


async def test_in_the_evening_it_is_said_when_people_will_hear(house: House) -> None:
    house.clock.set(EVENING)  # type: ignore[attr-defined]  # a HandClock

    applied = await house.editor.apply({"plan": MOVED}, over=1, is_sure=True)

    assert applied.letters_from == local("2022-09-27 07:30")


async def test_what_is_applied_runs_from_the_same_moment_and_ticks_go_on_by_it(
    house: House, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.ERROR):
        applied = await house.editor.apply({"plan": WITHOUT}, over=1, is_sure=True)
        house.clock.set(local("2022-10-03 10:00"))  # type: ignore[attr-defined]
        await house.tick()

    assert applied.ruling is Ruling.APPLIED
    assert list(house.plan.tasks) == ["R2"]
    assert caplog.records == []


async def test_the_watcher_finds_nothing_to_propose_in_what_was_applied(house: House) -> None:
    await house.editor.apply({"plan": MOVED}, over=1, is_sure=True)

    for _ in range(4):
        await house.tick()

    assert house.store.read(revisions.latest_id) == 2


async def test_an_edit_of_what_no_more_runs_is_not_applied(house: House, home: Home, settings: Settings) -> None:
    at_the_machine(home, settings, house.store, house, WITHOUT)

    applied = await house.editor.apply({"plan": MOVED}, over=1, is_sure=True)

    assert (applied.ruling, applied.revision) == (Ruling.OVERTAKEN, 2)
    assert (await house.editor.source()).texts["plan"] == WITHOUT


async def test_what_does_not_pass_the_check_is_not_applied(house: House) -> None:
    applied = await house.editor.apply({"plan": "sai"}, over=1, is_sure=True)

    assert (applied.ruling, applied.revision) == (Ruling.WRONG, 1)


async def test_of_two_who_apply_at_once_one_does(house: House) -> None:
    done = await asyncio.gather(
        house.editor.apply({"plan": MOVED}, over=1, is_sure=True),
        house.editor.apply({"plan": WITHOUT}, over=1, is_sure=True),
    )

    assert {each.ruling for each in done} == {Ruling.APPLIED, Ruling.OVERTAKEN}
    assert house.store.read(revisions.latest_id) == 2


def test_every_demo_begins_with_the_files_of_its_home_and_none_of_its_secrets(tmp_path: Path, home: Home) -> None:
    (home.root / "plan_tasks.yaml").write_text(MOVED, encoding="utf-8")

    again = demo.fresh_home(Home(tmp_path))

    assert (again.root / "plan_tasks.yaml").read_text(encoding="utf-8") == PLAN
    assert not (again.root / "config" / "settings.yaml").exists()
