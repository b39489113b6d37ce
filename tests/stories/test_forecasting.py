"""A forecast is a rehearsal by what sends: played by the bot itself without events, it comes true row by row."""

import random
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from sqlalchemy import select

from bot.app.forecasting import PastError, Rehearsal, copy_of, paces
from bot.app.home import Home
from bot.app.outlook import outlook
from bot.domain.actions import Action, Verb, write_action
from bot.domain.calendar import LOCAL
from bot.domain.pace import Pace
from bot.store import Store, Tx
from bot.store.forecasts import Said
from bot.store.tables import decision, ledger, occurrence, outbox, report
from tests.world import World, local

DAY = timedelta(days=1)
MONTH = timedelta(days=30)
START = "2022-09-26 07:30"

TASKS = """
  - id: R1
    title: Rà soát thủ tục hành chính
    owners: [hoian, tamky, snv]
    due: 2022-10-07
    result: {kind: done}
  - id: R2
    title: Báo cáo hằng tuần
    owners: [hoian, tamky, dienban]
    due: {every: week, on: thứ sáu}
    result: {kind: percent}
  - id: R3
    title: Công khai tiến độ hằng tháng
    owners: [hoian, dienban]
    due: {every: month, day: 5}
    result: {kind: done}
    review: none
  - id: R4
    title: Việc đang tạm dừng
    owners: [tamky]
    due: 2022-10-20
    result: {kind: done}
    pause: {until: 2022-10-14, reason: chờ hướng dẫn}
"""
PEOPLE = [("lan", "hoian", "focal"), ("lan", "tamky", "focal"), ("minh", "tamky", "head"), ("van", "snv", "office")]
PEOPLE += [("ha", "snv", "manager"), ("quan", "snv", "admin"), ("hung", "snv", "head")]  # dienban: nobody

Row = tuple[object, ...]


async def begun(begin: Callable[..., World], moment: str = START, *, tasks: str | None = TASKS) -> World:
    world = begin(moment, tasks=tasks)
    for who, unit, role in PEOPLE:
        await world.joins(who, unit=unit, role=role)
    await world.works()
    return world


def rows(tx: Tx) -> list[Row]:
    """Return the ledger as it is to come true: which step of what, when it was due, whom it reached, what became of it."""
    statement = (
        select(
            occurrence.c.task, occurrence.c.unit, occurrence.c.period, ledger.c.step, ledger.c.due_at,
            ledger.c.planned_at, ledger.c.person_id, ledger.c.fate, ledger.c.reason, outbox.c.state, ledger.c.at,
        )
        .join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
        .join(outbox, outbox.c.id == ledger.c.outbox_id, isouter=True)
    )  # fmt: skip
    return sorted(map(tuple, tx.execute(statement)), key=str)


def rehearsal(world: World, store: Store, *, start: datetime | None = None) -> Rehearsal:
    return Rehearsal(
        store,
        catalogue=world.house.catalogues.current(),
        settings=world.settings,
        caps=world.house.caps,
        paces=paces(world.settings),
        start=start or world.clock.now(),
    )


async def forecast(world: World, *, until: datetime) -> tuple[list[Row], tuple[Said, ...]]:
    """Return the ledger as it is foretold, and what is said on the way."""
    with copy_of(Home(world.root), world.settings) as store:
        said = await rehearsal(world, store).until(until)
        return store.read(rows), said


async def lives(world: World, end: datetime) -> None:
    """Let time pass as a bot lives through it that ticks every few seconds: it is there when the office opens."""
    opening = (world.clock.now() - DAY).astimezone(LOCAL).replace(hour=13, minute=30, second=0)
    while (opening := opening + timedelta(hours=6 if opening.hour == 7 else 18)) < end:
        if opening <= world.clock.now():
            continue
        await world.until(f"{opening:%Y-%m-%d %H:%M}")
    await world.until(f"{end.astimezone(LOCAL):%Y-%m-%d %H:%M}")


def hear_all(world: World) -> None:
    for who in {who for who, _, _ in PEOPLE}:
        world._unread(who)
        world._read[who] = 10**9


def difference(foretold: list[Row], came: list[Row]) -> str:
    return "\n".join(
        f"{sign} {row}"
        for sign, some in (("-", set(foretold) - set(came)), ("+", set(came) - set(foretold)))
        for row in sorted(some, key=str)
    )


async def test_without_events_the_month_comes_as_it_was_foretold(begin: Callable[..., World]) -> None:
    world = await begun(begin)
    start, end = world.clock.now(), world.clock.now() + MONTH

    foretold, said = await forecast(world, until=end)
    await lives(world, end)
    hear_all(world)
    came = world.store.read(rows)

    assert foretold == came, difference(foretold, came)
    assert len(came) > 40
    assert {row[9] for row in came} == {None, "sent"}
    assert {each.kind for each in said} == {"remind", "escalate", "summary"}

    def sent(tx: Tx) -> list[tuple[datetime, str, int | None]]:
        chosen = select(outbox.c.settled_at, outbox.c.key, outbox.c.person_id)
        late = tx.execute(chosen.where(outbox.c.settled_at > start, outbox.c.lane > 0).order_by(outbox.c.id))
        return sorted((row.settled_at, row.key.partition(":")[0], row.person_id) for row in late)

    letters = {each.letter: each for each in said if each.letter is not None}
    assert sorted((each.at, each.kind, each.person_id) for each in letters.values()) == world.store.read(sent)


@pytest.mark.parametrize("seed", range(2))
async def test_what_differs_belongs_to_an_occurrence_that_something_happened_to(
    begin: Callable[..., World], seed: int
) -> None:
    world = await begun(begin)
    chance = random.Random(seed)
    end = world.clock.now() + MONTH

    foretold, _ = await forecast(world, until=end)
    moment = world.clock.now()
    while (moment := moment + timedelta(hours=chance.randrange(9, 60))) < end:
        await lives(world, moment)
        await something_happens(world, chance)
    await lives(world, end)
    hear_all(world)

    came, touched = world.store.read(rows), world.store.read(events)
    assert touched
    assert foretold != came
    for row in set(foretold) ^ set(came):
        when = touched.get(row[:3])
        assert when is not None, f"nothing happened to {row}\n{difference(foretold, came)}"
        assert row[10] >= when, f"{row} differs before what happened at {when}"


def events(tx: Tx) -> dict[Row, datetime]:
    """Return, of each occurrence that something was reported or decided of, when first."""
    found: dict[Row, datetime] = {}
    for each in (report, decision):
        chosen = select(occurrence.c.task, occurrence.c.unit, occurrence.c.period, each.c.at)
        for row in tx.execute(chosen.join(each, each.c.occurrence_id == occurrence.c.id)):
            which = tuple(row)[:3]
            found[which] = min(row.at, found.get(which, row.at))
    return found


async def something_happens(world: World, chance: random.Random) -> None:
    hear_all(world)
    if chance.random() < 0.6:
        task = chance.choice(["R1", "R2", "R3"])
        await world.says(
            "lan", f"{task} {chance.choice(['xong', 'đang làm 40%', 'vướng: thiếu máy', 'xin lùi 20/10'])}"
        )
        hear_all(world)
        await world.says("lan", "hủy")
    else:
        waiting = world.store.read(
            lambda tx: tx.execute(
                select(report.c.id, report.c.status)
                .join(decision, decision.c.report_id == report.c.id, isouter=True)
                .where(decision.c.id.is_(None), report.c.status.in_(["done", "extension"]))
            ).all()
        )
        if waiting:
            made = chance.choice(waiting)
            verb = {"done": Verb.ACCEPT, "extension": Verb.EXTEND}[made.status]
            await world.presses_action("van", write_action(Action(verb=verb, subject=made.id)))
    hear_all(world)


async def test_what_came_due_by_night_is_foretold_for_the_morning(begin: Callable[..., World]) -> None:
    world = await begun(begin, "2022-09-26 05:00")
    end = world.clock.now() + DAY

    foretold, _ = await forecast(world, until=end)
    await lives(world, end)
    hear_all(world)

    came = world.store.read(rows)
    assert foretold == came, difference(foretold, came)
    assert {row[10] for row in came} == {local("2022-09-26 08:00")}


async def test_the_home_is_left_as_it_was(begin: Callable[..., World]) -> None:
    world = await begun(begin)
    kept = world.house.folder / "evidence"
    kept.mkdir(parents=True, exist_ok=True)
    (kept / "a.pdf").write_bytes(b"%PDF")
    before = (world.store.read(everything), files(world.root))

    await forecast(world, until=world.clock.now() + MONTH)

    assert (world.store.read(everything), files(world.root)) == before


def everything(tx: Tx) -> list[list[Row]]:
    return [
        list(map(tuple, tx.execute(select(table).order_by(*table.primary_key))))
        for table in outbox.metadata.sorted_tables
    ]


def files(root: Path) -> dict[str, bytes]:
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


async def test_a_home_without_people_says_what_each_unit_would_be_told(begin: Callable[..., World]) -> None:
    world = begin(START, tasks=TASKS)

    _, said = await forecast(world, until=world.clock.now() + MONTH)

    assert {each.letter for each in said} == {None}
    assert {each.unit for each in said} == {"hoian", "tamky", "snv", "dienban"}
    total = outlook(said, {})
    assert (total.messages, total.peaks) == (0, ())
    assert sum(total.silent.values()) == len(said)


async def test_a_new_home_is_rehearsed_without_being_made(begin: Callable[..., World], tmp_path: Path) -> None:
    world = begin(START, tasks=TASKS)
    empty = tmp_path / "empty"
    empty.mkdir()
    (empty / "plan_tasks.yaml").write_text("", encoding="utf-8")
    settings = replace(world.settings, database_url="")

    with copy_of(Home(empty), settings) as store:
        said = await rehearsal(world, store).until(world.clock.now() + MONTH)

    assert said
    assert files(empty) == {"plan_tasks.yaml": b""}


async def test_nothing_is_foretold_from_before_what_was_done(begin: Callable[..., World]) -> None:
    world = await begun(begin)

    with copy_of(Home(world.root), world.settings) as store, pytest.raises(PastError):
        await rehearsal(world, store, start=world.clock.now() - timedelta(hours=1)).until(world.clock.now() + MONTH)


async def test_a_wave_leaves_at_the_pace_of_its_channel(begin: Callable[..., World]) -> None:
    world = begin(START, tasks=TASKS.replace("[hoian, tamky, snv]", "[so-ban-nganh, huyen]"))
    units = list(world.house.plan.tasks["R1"].units)
    for unit in units:
        await world.joins(f"p-{unit}", unit=unit, role="focal")
    with copy_of(Home(world.root), world.settings) as store:
        store.write(lambda tx: tx.exec_driver_sql("UPDATE contact SET channel = 'zalo'"))
        slow = Rehearsal(
            store,
            catalogue=world.house.catalogues.current(),
            settings=world.settings,
            caps=world.house.caps,
            paces={"zalo": Pace(per_second=2, chat_seconds=1)},
            start=world.clock.now(),
        )
        said = await slow.until(local("2022-09-30 09:00"))

    wave = sorted(
        {each.letter: each.at for each in said if each.letter and each.at < local("2022-09-30 08:30")}.values()
    )
    assert len(wave) >= len(units)
    apart = [after - before for before, after in pairwise(wave)]
    assert max(gap for gap in apart if gap < timedelta(minutes=5)) == timedelta(seconds=0.5)
    peak = outlook(said, {"zalo": Pace(per_second=2, chat_seconds=1)}).peaks[0]
    assert (peak.channel, peak.limit) == ("zalo", 120)
    assert peak.messages == len(units)


def test_a_chat_rests_and_a_group_has_its_minute() -> None:
    pace = Pace(per_second=10, chat_seconds=1, group_per_minute=3)
    start = local("2022-09-26 08:00")

    private = [(pace.leave("a", start) - start).total_seconds() for _ in range(3)]
    group = [(pace.leave("-5", start, is_group=True) - start).total_seconds() for _ in range(4)]

    assert private == [0, 1, 2]
    assert group[3] - group[0] == 60
