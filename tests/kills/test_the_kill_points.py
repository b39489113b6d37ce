"""A real process, a real database file, a real SIGKILL; then a start without it, and everything is counted."""

import random
import signal
from asyncio.subprocess import Process
from pathlib import Path

import pytest

from bot.jobs.shadow import MARK
from bot.store import revisions, summaries
from tests.kills.halves import half_applied, half_shaded
from tests.kills.invariants import Expected, breaches, counts, unwritten
from tests.kills.offices import OF_THE_TRIAL, SON, AdminsScene, AgreeingScene, AutoScene, LastTrialScene, TrialScene
from tests.kills.scene import EDITED, FRIDAY, LAN, MINH, Scene, Server
from tests.world import SMALL_PLAN

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
IN_ITS_TRANSACTION = [
    pytest.param("before the revision", 1, id="before the first write"),
    pytest.param("revision, no letters", 1, id="between the revision and the letters"),
    pytest.param("revision and a letter", 1, id="after a letter"),
    pytest.param("catalogue, not committed", 1, id="before the commit"),
    pytest.param("catalogue, committed", 1, id="after the commit, before what runs is switched"),
]
AGREEING = [
    pytest.param("agreed, not committed", 1, id="before the consent is committed"),
    pytest.param("agreed, committed", 1, id="agreed to, before the tick"),
    *IN_ITS_TRANSACTION,
]
SHADING = [
    pytest.param("in shading", 1, id="in the middle of a claim that keeps back"),
    pytest.param("shaded, not committed", 1, id="kept back, not committed"),
    pytest.param("shaded, committed", 1, id="kept back, before its copy leaves"),
    pytest.param("after egress", 1, id="after the egress of a copy"),
]
GOING_LIVE = [
    pytest.param("going live, not committed", 1, id="not committed"),
    pytest.param("going live, committed", 1, id="committed"),
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
    assert halves(scene) == []
    await come_to_rest(scene)


def halves(scene: Scene) -> list[str]:
    """Return what is half done at this moment, as it is at a death."""
    delivered = scene.server.delivered()
    return scene.look(
        lambda tx: [*unwritten(tx, delivered), *half_applied(tx, now=scene.clock), *half_shaded(tx)],
    )


async def come_to_rest(scene: Scene, running: Process | None = None) -> None:
    began = scene.clock
    await scene.to_its_end(running or await scene.run())
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


@pytest.mark.parametrize(("point", "nth"), AGREEING)
async def test_an_agreed_edit_whose_applying_is_cut_off_is_applied_once_and_told_once(
    tmp_path: Path, server: Server, point: str, nth: int
) -> None:
    await applied_once(AgreeingScene(tmp_path / "home", server), point, nth)


@pytest.mark.postgres
@pytest.mark.parametrize(("point", "nth"), IN_ITS_TRANSACTION[1::3])
async def test_an_agreed_edit_whose_applying_is_cut_off_on_postgresql_is_applied_once(
    tmp_path: Path, server: Server, request: pytest.FixtureRequest, point: str, nth: int
) -> None:
    url = request.getfixturevalue("postgres_server").create()
    await applied_once(AgreeingScene(tmp_path / "home", server, url), point, nth)


async def applied_once(scene: AgreeingScene, point: str, nth: int) -> None:
    scene.plan(EDITED)

    await killed_and_back(scene, point, nth)

    assert scene.causes() == ["chat", "start"]
    assert scene.moved_dues_heard() == [(str(LAN), 1), (str(MINH), 1)]


@pytest.mark.parametrize(("point", "nth"), IN_ITS_TRANSACTION)
async def test_a_command_that_applies_and_is_cut_off_leaves_all_or_nothing_and_is_given_again(
    tmp_path: Path, server: Server, point: str, nth: int
) -> None:
    scene = AdminsScene(tmp_path / "home", server)
    scene.plan(EDITED)

    assert await ended(await scene.command("apply", "--yes", point=point, nth=nth)) == -signal.SIGKILL
    assert halves(scene) == []
    assert (scene.causes() == ["command", "start"]) == (point == "catalogue, committed")

    assert await ended(await scene.command("apply", "--yes")) == 0, scene.said
    await come_to_rest(scene)
    assert scene.causes() == ["command", "start"]
    assert scene.moved_dues_heard() == [(str(LAN), 1), (str(MINH), 1)]


async def test_a_bot_runs_on_while_a_command_that_applies_is_cut_off_and_follows_the_next(
    tmp_path: Path, server: Server
) -> None:
    scene = AdminsScene(tmp_path / "home", server)
    other = tmp_path / "other.yaml"
    other.write_text(SMALL_PLAN + EDITED, encoding="utf-8")
    bot = await scene.run()

    cut_off = await scene.command("apply", other, "--yes", point="revision and a letter")
    assert await ended(cut_off) == -signal.SIGKILL
    assert halves(scene) == []
    cut_off = await scene.command("apply", other, "--yes", point="after the name")
    assert await ended(cut_off) == -signal.SIGKILL  # it does not count, and the file on disk asks for it
    assert halves(scene) == []
    assert scene.catalogue.digest != scene.look(revisions.latest).digest

    assert await ended(await scene.command("apply", other, "--yes")) == 0, scene.said
    await come_to_rest(scene, bot)
    assert scene.causes() == ["command", "start"]
    assert scene.moved_dues_heard() == [(str(LAN), 1), (str(MINH), 1)]


async def ended(process: Process) -> int:
    """Return the exit code of a command."""
    return await process.wait()


@pytest.mark.parametrize("point", ["after the name", "catalogue, not committed", "catalogue, committed"])
async def test_a_command_that_is_cut_off_between_file_and_revision_is_never_taken_back(
    tmp_path: Path, server: Server, point: str
) -> None:
    scene = AutoScene(tmp_path / "home", server)
    other = tmp_path / "other.yaml"
    other.write_text(SMALL_PLAN + EDITED, encoding="utf-8")

    assert await ended(await scene.command("apply", other, "--yes", point=point)) == -signal.SIGKILL
    assert halves(scene) == []

    await come_to_rest(scene)
    assert scene.causes() == ["command" if point == "catalogue, committed" else "auto", "start"]
    assert scene.moved_dues_heard() == [(str(LAN), 1), (str(MINH), 1)]


@pytest.mark.parametrize(("point", "nth"), SHADING)
async def test_a_trial_run_that_is_cut_off_tells_nobody_but_the_admins_and_them_once(
    tmp_path: Path, server: Server, point: str, nth: int
) -> None:
    scene = TrialScene(tmp_path / "home", server)

    await killed_and_back(scene, point, nth)

    for each in server.delivered():
        assert each.chat_id == str(SON) or "Nhắc việc" not in each.text


@pytest.mark.parametrize(("point", "nth"), GOING_LIVE)
async def test_what_a_trial_run_kept_never_leaves_when_going_live_is_cut_off(
    tmp_path: Path, server: Server, point: str, nth: int
) -> None:
    scene = LastTrialScene(tmp_path / "home", server)

    await killed_and_back(scene, point, nth)

    assert scene.look(lambda tx: summaries.recall(tx, MARK)) == "live 2022-09-25"
    heard = [each.chat_id for each in server.delivered() if OF_THE_TRIAL in each.text]
    assert set(heard) <= {str(SON)}


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
