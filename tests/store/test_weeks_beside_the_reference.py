"""Whatever happened, the figures made of the database are those of a slow reference that shares no code with us."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import count
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert

from bot.domain.figuring import figure, week_of
from bot.domain.plan import Criterion, Pause, Plan, Review
from bot.domain.standing import Status, Verdict
from bot.domain.tallies import AGES, UnitFigures
from bot.store import Store, Tx, weeks
from bot.store.tables import decision, due_change, ledger, occurrence, outbox, report
from tests.domain.reference_figures import Facts, Rules, Said, reckon
from tests.store.builders import plan_of, task

CUT = datetime(2022, 9, 30, 3, tzinfo=UTC)  # 10:00 of a Friday
WEEK = week_of(date(2022, 9, 30), as_of=CUT)
UNITS = ("snv", "stc", "tamky")
HOURS = st.integers(-150 * 24, 20 * 24) | st.integers(-72, 24)
MOMENTS = st.sampled_from([CUT - timedelta(seconds=1), CUT, CUT + timedelta(seconds=1)]) | HOURS.map(
    lambda hours: CUT + timedelta(hours=hours)
)

PLAN = replace(
    plan_of(
        replace(task("R1"), criteria=("1",)),
        replace(task("R2", review=Review.NONE), criteria=("1", "2")),
        replace(task("R3"), pause=Pause(until=date(2022, 9, 30), reason="chờ")),
        replace(task("R4"), pause=Pause(until=date(2022, 9, 29), reason="chờ"), criteria=("3",)),
        units=UNITS,
    ),
    criteria={
        "1": Criterion(id="1", name="Chỉ đạo", points=8.5, source="QĐ"),
        "2": Criterion(id="2", name="Thể chế", points=0.25, source="QĐ"),
        "3": Criterion(id="3", name="Thủ tục"),
    },
    criteria_rule="QĐ 1149",
)
RULES = Rules(
    needs_office={"R1": True, "R2": False, "R3": True, "R4": True},
    paused_until={"R1": None, "R2": None, "R3": date(2022, 9, 30), "R4": date(2022, 9, 29)},
    points={"R1": {"1": 8.5}, "R2": {"1": 8.5, "2": 0.25}, "R3": {}, "R4": {}},
)


@st.composite
def said(draw: st.DrawFn) -> Said:
    """Draw a report, decided on or not."""
    # Mostly done and decided on at once: of all that is possible, most of what happens.
    at = draw(MOMENTS)
    status = str(draw(st.sampled_from([*Status, Status.DONE, Status.DONE, Status.DONE])))
    done_since = draw(st.none() | MOMENTS) if status == "done" else None
    verdict = draw(st.sampled_from([None, *map(str, Verdict), "accept", "accept"]))
    decided_at = draw(st.just(at) | MOMENTS) if verdict else None
    return Said(at=at, status=status, done_since=done_since, verdict=verdict, decided_at=decided_at)


FACTS = st.builds(
    Facts,
    task=st.sampled_from(["R1", "R2", "R3", "R4", "gone"]),
    unit=st.sampled_from([*UNITS, "left"]),
    due=MOMENTS,
    known_at=st.just(CUT - timedelta(days=200)) | MOMENTS,
    ended_at=st.none() | st.none() | MOMENTS,
    moves=st.lists(st.tuples(MOMENTS, MOMENTS), max_size=2),
    said=st.lists(said(), max_size=2),
    told=st.lists(st.tuples(MOMENTS, st.sampled_from(["sent", "doubt", "failed", "nobody", "quiet"])), max_size=3),
)

_STATES = {"sent": "sent", "doubt": "in_doubt", "failed": "failed"}


def write(tx: Tx, every: list[Facts]) -> None:
    """Put the facts into the tables as they are, whatever the bot would have made of them; nothing else stays there."""
    for table in (decision, report, due_change, ledger, outbox, occurrence):
        tx.execute(delete(table))
    numbers = count(1)
    for id, facts in enumerate(every, start=1):
        dues = dict.fromkeys(("original_due_at", "plan_due_at", "due_at"), facts.due)
        row = {"id": id, "task": facts.task, "unit": facts.unit, "period": f"p{id}", "known_at": facts.known_at, **dues}
        tx.execute(insert(occurrence).values(**row, ended_at=facts.ended_at))
        for at, due_at in facts.moves:
            tx.execute(insert(due_change).values(occurrence_id=id, at=at, due_at=due_at, cause="extension"))
        for each in facts.said:
            _report(tx, id, next(numbers), each)
        for at, how in facts.told:
            _told(tx, id, next(numbers), at, how)


def _report(tx: Tx, about: int, id: int, each: Said) -> None:
    common = {"occurrence_id": about, "person_id": 1}
    said = {"channel": "fake", "status": each.status, "figures": {}, "note": "", "done_since": each.done_since}
    tx.execute(insert(report).values(id=id, at=each.at, **common, **said))
    if each.verdict:
        decided = {"report_id": id, "verdict": each.verdict, "reason": "", "at": each.decided_at}
        tx.execute(insert(decision).values(**common, **decided))


def _told(tx: Tx, about: int, id: int, at: datetime, how: str) -> None:
    row: dict[str, Any] = {"occurrence_id": about, "step": f"s{id}", "due_at": CUT, "planned_at": at, "at": at}
    if how in _STATES:
        moments = dict.fromkeys(("served_at", "created_at", "not_before", "settled_at"), at)
        letter = {"id": id, "key": f"k{id}", "channel": "fake", "chat_id": "c", "lane": 2, "text": "x", "heading": ""}
        rest = {"buttons": [], "file": {}, "reason": "", "attempts": 1, "epoch": 0, "message_id": ""}
        tx.execute(insert(outbox).values(**letter, **rest, **moments, state=_STATES[how]))
        tx.execute(insert(ledger).values(**row, fate="handed", reason="", person_id=1, outbox_id=id))
    else:
        reason = "no_contact" if how == "nobody" else "paused"
        tx.execute(insert(ledger).values(**row, fate="suppressed", reason=reason, person_id=0))


def plainly(found: UnitFigures) -> dict[str, object]:
    """Return our figures in the words of the reference, less what is nothing."""

    def named() -> Iterator[tuple[str, int]]:
        yield from (("on_time", found.on_time), ("late", found.late), ("waiting", found.waiting))
        yield from (("overdue", found.overdue), ("days", found.days_late), ("unassigned", found.unassigned))
        yield from ((f"apart {why}", number) for why, number in found.apart.items())
        yield from ((f"age {name}", number) for name, number in zip(AGES, found.ages, strict=False))
        if found.original is not None:
            for name in ("on_time", "late", "waiting", "overdue"):
                yield f"first {name}", getattr(found.original, name)

    return {**{name: number for name, number in named() if number}, "risk": found.risk, "points": found.points}


def counted(found: object) -> dict[str, object]:
    return {name: number for name, number in dict(found).items() if number or name in ("risk", "points")}  # type: ignore[call-overload]


def of(store: Store, plan: Plan = PLAN) -> Any:
    return store.read(lambda tx: figure(WEEK, weeks.counted(tx, plan, as_of=CUT), plan=plan, previous=None, in_doubt=0))


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(every=st.lists(FACTS, max_size=12))
def test_our_figures_are_those_of_the_reference(store: Store, every: list[Facts]) -> None:
    for facts in every:
        facts.said.sort(key=lambda each: each.at)
    store.write(lambda tx: write(tx, every))

    found, expected = of(store), reckon(every, RULES, CUT)

    standings = {name.removeprefix("done_"): number for name, number in found.standings.items()}
    assert standings == expected["standings"]
    assert {each.unit_id: plainly(each) for each in found.units} == {
        unit: counted(sheet)
        for unit, sheet in expected["units"].items()  # type: ignore[attr-defined]
    }
    assert {each.unit_id: plainly(each) for each in found.tasks} == {
        task: counted(sheet)
        for task, sheet in expected["tasks"].items()  # type: ignore[attr-defined]
    }
    whole = {name: value for name, value in counted(expected["whole"]).items() if name != "points"}
    assert {name: value for name, value in plainly(found.total).items() if name != "points" and name in whole} == whole
    assert (found.asked_units, found.units_total) == (expected["asked"], expected["askable"])
