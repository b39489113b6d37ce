"""Ninety days in which lines, database and process fail give what ninety good days give, but for what is in doubt."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app import hearing
from bot.jobs import sending
from bot.store import Tx, exports, ledger
from bot.store.tables import outbox
from tests.equivalence.faults import Faults, Ill
from tests.equivalence.quarter import BEGIN, TASKS, play
from tests.equivalence.shaky import ShakyWorld
from tests.world import SMALL_PLAN, local

Said = tuple[str, str, str]  # chat, heading, text
PLANNED = ("remind:", "escalate:", "summary:")
MARK = "(Gửi lại, có thể trùng) "


@dataclass(frozen=True, slots=True)
class Row:
    """A message as the outbox ends with it."""

    chat_id: str
    text: str
    state: str
    reason: str


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a quarter leaves behind: what people have, and what the records say."""

    arrived: Counter[Said]
    rows: dict[str, Row]
    reports: list[tuple[object, ...]]
    standings: list[tuple[object, ...]]
    fates: list[tuple[object, ...]]


@pytest.fixture(scope="module")
def good(tmp_path_factory: pytest.TempPathFactory) -> Outcome:
    """The quarter in which nothing fails."""
    return quarter(tmp_path_factory.mktemp("good"), None)


@pytest.fixture(autouse=True)
def no_pauses(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hearing, "PAUSE", 0.0)  # real seconds, of which the simulated quarter has none
    monkeypatch.setattr(sending, "RECORD_PAUSE", 0.0)


def quarter(folder: Path, faults: Faults | None) -> Outcome:
    async def passes() -> Outcome:
        world = ShakyWorld(folder=folder, start=local(BEGIN), plan=SMALL_PLAN + TASKS, faults=faults)
        try:
            await play(world)
            return outcome(world)
        finally:
            world.close()

    return asyncio.run(passes())


def outcome(world: ShakyWorld) -> Outcome:
    def read(tx: Tx) -> Outcome:
        plan, now = world.house.plan, world.clock.now()
        columns = (outbox.c.key, outbox.c.chat_id, outbox.c.text, outbox.c.state, outbox.c.reason)
        return Outcome(
            arrived=Counter((chat_id, out.heading, out.text) for chat_id, out in world.arrived),
            rows={row.key: Row(row.chat_id, row.text, row.state, row.reason) for row in tx.execute(select(*columns))},
            reports=sorted(exports.EXPORTS["reports"](tx, plan, now)[1], key=repr),
            standings=sorted(exports.EXPORTS["standing"](tx, plan, now)[1], key=repr),
            fates=sorted((each.task, each.unit, each.period, each.step, each.fate) for each in ledger.lines(tx)),
        )

    return world.store.read(read)


@pytest.mark.parametrize("seed", [3, 11])
def test_restarts_refusals_duplicates_and_a_failing_database_change_nothing(
    good: Outcome, tmp_path: Path, seed: int
) -> None:
    faults = Faults(seed=seed, doubts=False)

    found = quarter(tmp_path, faults)

    assert {Ill.BAD_GATEWAY, Ill.THROTTLED, "database", "restart", "duplicate"} <= set(faults.happened)
    assert found.arrived == good.arrived, f"seed {seed}"
    assert found.reports == good.reports
    assert found.standings == good.standings
    assert found.fates == good.fates


@pytest.mark.parametrize("seed", [5, 8])
def test_cut_lines_and_killed_processes_change_nothing_but_what_they_left_in_doubt(
    good: Outcome, tmp_path: Path, seed: int
) -> None:
    faults = Faults(seed=seed, doubts=True)

    found = quarter(tmp_path, faults)

    assert {*Ill, "commit unheard"} <= set(faults.happened)
    assert found.reports == good.reports, f"seed {seed}"
    assert found.standings == good.standings
    assert {fate[:4] for fate in found.fates} == {fate[:4] for fate in good.fates}
    planned = {key: row for key, row in found.rows.items() if key.startswith(PLANNED) and not key.endswith("!")}
    assert set(planned) == {key for key in good.rows if key.startswith(PLANNED)}
    doubted = {key: row for key, row in found.rows.items() if row.state != "sent"}
    assert {(row.chat_id, row.text) for row in doubted.values()} <= faults.doubted
    assert {row.state for row in doubted.values()} == {"in_doubt"}
    for key, row in planned.items():
        if key.startswith("remind:"):  # a page or a letter upward may say of doubts that there are some
            assert row.text == good.rows[key].text
    nothing_twice_unmarked(found, good)
    nothing_lost_but_what_is_in_doubt(found, good, faults)


def nothing_twice_unmarked(found: Outcome, good: Outcome) -> None:
    twice = {said: count for said, count in found.arrived.items() if count > max(1, good.arrived[said])}
    assert not twice


def nothing_lost_but_what_is_in_doubt(found: Outcome, good: Outcome, faults: Faults) -> None:
    there = {(chat_id, text) for chat_id, _, text in found.arrived}
    lost = {
        (row.chat_id, row.text)
        for row in found.rows.values()
        if row.state == "sent" and row.reason != "pressed" and (row.chat_id, row.text) not in there
    }
    assert not lost, "recorded as sent, and nobody has it"
    derived = {said for said in good.arrived if said[0] in ("ha", "hai", "phuc")}  # may speak of doubts
    missing = {(chat_id, text) for chat_id, _, text in set(good.arrived) - derived} - there
    assert missing <= faults.doubted
