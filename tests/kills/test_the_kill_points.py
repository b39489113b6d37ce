"""A real process, a real database file, a real SIGKILL; then a start without it, and everything is counted."""

import random
from pathlib import Path

import pytest

from tests.kills.invariants import Expected, breaches, counts, unwritten
from tests.kills.scene import EDITED, FRIDAY, Scene, Server

pytestmark = pytest.mark.process

DELIVERY = [
    pytest.param("before claim", 1, id="before claim"),
    pytest.param("claimed, not committed", 1, id="claimed, not committed"),
    pytest.param("claimed, committed", 1, id="claimed, before the request"),
    pytest.param("claimed, committed", 3, id="an answer claimed, before the request"),
    pytest.param("before request", 2, id="one on its way, before the next request"),
    pytest.param("after egress", 1, id="after egress, before record"),
    pytest.param("after egress", 3, id="after an answer's egress, before record"),
    pytest.param("recorded, not committed", 1, id="recorded, not committed"),
    pytest.param("recorded, committed", 1, id="after record"),
]
HEARING = [
    pytest.param("inbox, not committed", 1, id="before the inbox row is committed"),
    pytest.param("inbox, not confirmed", 1, id="between inbox row and confirmation"),
    pytest.param("inbox, not confirmed", 2, id="between the second inbox row and its confirmation"),
    pytest.param("in a handler", 1, id="in the middle of a handler"),
    pytest.param("handled, not committed", 1, id="at the end of a handler"),
    pytest.param("handled, not answered", 1, id="after a handler, before its answer"),
    pytest.param("handled, not answered", 2, id="after a second handler, before its answer"),
    pytest.param("decided, not committed", 1, id="in the middle of a decision"),
]
TICKING = [
    pytest.param("reminded, not committed", 1, id="in the middle of a tick"),
    pytest.param("reminded, committed", 1, id="after a tick, before its letters"),
]
APPLYING = [
    pytest.param("catalogue, not committed", 1, id="before the catalogue is kept"),
    pytest.param("catalogue, committed", 1, id="kept and applied, before the files are looked at again"),
    pytest.param("in keeping step", 1, id="in the middle of applying"),
    pytest.param("dues moved, not committed", 1, id="applied, not committed"),
    pytest.param("dues moved, committed", 1, id="applied, before the tick"),
]
SUMMING_UP = [
    pytest.param("in the picture", 1, id="in the picture"),
    pytest.param("in the workbook", 1, id="in the workbook"),
    pytest.param("summary, not committed", 1, id="frozen, not committed"),
    pytest.param("summary, committed", 1, id="frozen, before it is sent"),
    pytest.param("after egress", 3, id="in the middle of sending it"),
]


@pytest.fixture
def scene(tmp_path: Path, server: Server) -> Scene:
    return Scene(tmp_path / "home", server)


async def killed_and_back(scene: Scene, point: str, nth: int) -> None:
    """Kill the bot at a point, start it again, let the day go on, and count."""
    await scene.until_killed(await scene.run(point, nth))
    at_death = scene.look(lambda tx: list(unwritten(tx, scene.server.delivered())))
    assert at_death == []
    await come_to_rest(scene)


async def come_to_rest(scene: Scene) -> None:
    began = scene.clock
    await scene.to_its_end(await scene.run())
    did = scene.did
    expected = Expected(
        updates=sum(did.values()),
        reports=len({"report", "text"} & set(did)),
        decisions=did.get("accept", 0),
    )
    found = scene.look(
        lambda tx: breaches(
            tx,
            delivered=scene.server.delivered(),
            expected=expected,
            catalogue=scene.catalogue,
            until=began,
            data=scene.home.data,
        )
    )
    print(scene.look(counts))
    assert found == []
    assert scene.server.get("refusals") == []


@pytest.mark.parametrize(("point", "nth"), [*DELIVERY, *HEARING, *TICKING])
async def test_a_day_that_is_cut_off_ends_as_it_should(scene: Scene, point: str, nth: int) -> None:
    await killed_and_back(scene, point, nth)


@pytest.mark.postgres
@pytest.mark.parametrize(
    ("point", "nth"),
    [each for each in [*DELIVERY, *HEARING] if each.id in ("claimed, before the request", "after egress, before record",
     "after record", "between inbox row and confirmation", "in the middle of a handler")],
)  # fmt: skip
async def test_a_day_that_is_cut_off_on_postgresql_ends_as_it_should(
    tmp_path: Path, server: Server, request: pytest.FixtureRequest, point: str, nth: int
) -> None:
    url = request.getfixturevalue("postgres_server").create()
    await killed_and_back(Scene(tmp_path / "home", server, url), point, nth)


@pytest.mark.parametrize(("point", "nth"), APPLYING)
async def test_an_edited_plan_whose_applying_is_cut_off_is_applied_whole(scene: Scene, point: str, nth: int) -> None:
    scene.plan(EDITED)
    await killed_and_back(scene, point, nth)


@pytest.mark.parametrize(("point", "nth"), SUMMING_UP)
async def test_a_weekly_summary_that_is_cut_off_goes_out_once_and_whole(scene: Scene, point: str, nth: int) -> None:
    scene.clock = FRIDAY
    await killed_and_back(scene, point, nth)


@pytest.mark.parametrize("seed", [5610, 1149])
async def test_a_bot_killed_at_any_moment_loses_nothing_and_repeats_nothing_unmarked(scene: Scene, seed: int) -> None:
    chance = random.Random(seed)
    for _ in range(5):
        seconds = chance.uniform(0.7, 3.0)
        print(f"seed={seed} killed after {seconds:.3f} s at {scene.clock:%H:%M:%S}")
        process = await scene.run()
        scene.asks_for_help()
        await scene.killed_after(process, seconds)
    await come_to_rest(scene)
