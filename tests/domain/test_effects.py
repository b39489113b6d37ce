"""Effects as values: kept whole as JSON, bounded however large the plan, braked by share, nothing where nobody notices."""

import json
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import Calendar
from bot.domain.due import Every, Once, Rhythm
from bot.domain.edits import edit_of
from bot.domain.effects import (
    LISTED,
    LOAD_LEAST,
    Brake,
    Dues,
    Effects,
    Group,
    Load,
    Named,
    Rule,
    brakes,
    from_json,
    named,
    to_json,
)
from bot.domain.loads import loads_of
from bot.domain.occurrences import occurrences_of
from bot.domain.owed import Owing
from bot.domain.plan import Pause, Plan, Review
from bot.domain.tally import Case, Tally
from tests.builders import CALENDAR, plan, policy, task, unit

MOMENT = datetime(2022, 9, 30, 10, tzinfo=UTC)

ids = st.text(alphabet="RTđơn0123456789-", min_size=1, max_size=8)
counts = st.integers(0, 3_000_000)
moments = st.none() | st.integers(0, 10**9).map(lambda seconds: MOMENT + timedelta(seconds=seconds))
some = st.builds(Named, count=counts, first=st.lists(ids, max_size=4).map(tuple))
groups = st.builds(
    Group,
    task=ids,
    period=ids,
    units=st.lists(ids, max_size=3).map(tuple),
    count=counts,
    open=counts,
    old=moments,
    new=moments,
)
dues = st.builds(Dues, count=counts, open=counts, groups=counts, first=st.lists(groups, max_size=3).map(tuple))
loads = st.builds(Load, day=st.dates(date(2020, 1, 1), date(2030, 1, 1)), unit=ids, count=counts, one_person=counts)
all_effects = st.builds(
    Effects,
    tasks_gained=some,
    tasks_lost=some,
    tasks_changed=some,
    rules=st.lists(st.sampled_from(list(Rule)), unique=True).map(tuple),
    gained=dues,
    lost=dues,
    moved=dues,
    **dict.fromkeys(("people", "units", "sent", "cancelled", "repeated", "escalations", "messages", "letters"), counts),
    **dict.fromkeys(("load_count", "touched", "occurrences", "linked"), counts),
    people_by_unit=st.lists(st.tuples(ids, counts), max_size=3).map(tuple),
    hour_from=moments,
    hour_until=moments,
    loads=st.lists(loads, max_size=3).map(tuple),
)


@given(effects=all_effects)
def test_effects_come_back_from_json_as_they_were(effects: Effects) -> None:
    assert from_json(json.loads(json.dumps(to_json(effects)))) == effects


def test_an_older_revision_without_effects_has_none() -> None:
    assert from_json({}) == Effects()
    assert from_json({}).is_nothing


def test_what_a_nations_edit_does_is_kept_in_less_than_a_hundred_kilobytes() -> None:
    tally = Tally()
    for number in range(3000):
        cases = (
            Case(
                unit=f"don-vi-dai-ten-{each}",
                period="2022-09",
                old=MOMENT,
                new=MOMENT + timedelta(days=1),
                is_open=True,
            )
            for each in range(300)
        )
        tally.add(f"NHIEM-VU-{number}", cases)
    every = named([f"NHIEM-VU-{number}" for number in range(10_000)])
    moved = tally.dues()

    kept = json.dumps(to_json(Effects(tasks_changed=every, gained=moved, lost=moved, moved=moved)))

    assert (moved.count, moved.groups, len(moved.first)) == (900_000, 3000, LISTED)
    assert (every.count, len(every.first)) == (10_000, LISTED)
    assert len(kept) < 100_000


@pytest.mark.parametrize(
    ("changes", "braked"),
    [
        pytest.param({"touched": 31, "occurrences": 100}, ["occurrences"], id="more than the share"),
        pytest.param({"touched": 30, "occurrences": 100}, [], id="the share itself"),
        pytest.param({"touched": 9, "occurrences": 9}, [], id="all of few"),
        pytest.param({"touched": 10, "occurrences": 10}, ["occurrences"], id="all of ten"),
        pytest.param({"touched": 500, "occurrences": 0}, [], id="nothing was there before"),
        pytest.param({"people": 12, "linked": 20}, ["people"], id="people"),
        pytest.param(
            {"touched": 40, "occurrences": 40, "people": 10, "linked": 11}, ["occurrences", "people"], id="both"
        ),
    ],
)
def test_an_edit_is_braked_above_a_share_of_enough(changes: dict[str, int], braked: list[str]) -> None:
    assert [each.what for each in brakes(Effects(**changes), share=30, least=10)] == braked


def test_a_brake_says_of_how_many_how_many() -> None:
    assert brakes(Effects(touched=12, occurrences=20), share=30, least=10) == (
        Brake(what="occurrences", touched=12, of=20, share=60, limit=30),
    )


MONTHLY = Rhythm(every=Every.MONTH, day=25)
OLD = plan(
    task("R1", units=("snv", "stc"), title="Việc một"),
    task("R2", units=("snv",), due=MONTHLY, due_text="Hằng tháng, trước ngày 25"),
    units=(unit("snv"), unit("stc"), unit("tamky")),
)


def with_task(name: str, **changes: Any) -> Plan:
    return replace(OLD, tasks={**OLD.tasks, name: replace(OLD.tasks[name], **changes)})


@pytest.mark.parametrize(
    "new",
    [
        pytest.param(OLD, id="the same"),
        pytest.param(replace(OLD, tasks=dict(reversed(OLD.tasks.items()))), id="tasks in another order"),
        pytest.param(with_task("R1", units=("stc", "snv"), owners=("stc", "snv")), id="owners in another order"),
        pytest.param(with_task("R1", owners=("so-ban-nganh",)), id="a group for its units"),
        pytest.param(with_task("R1", title="Việc một, tên mới", quote="…", basis=("1/KH",)), id="title and quote"),
        pytest.param(with_task("R2", due_text="hàng tháng, ngày 25"), id="another phrase for the same days"),
        pytest.param(replace(OLD, title="Kế hoạch khác", number="2/KH-UBND"), id="the plan's own words"),
        pytest.param(
            replace(OLD, units={key: replace(each, name=f"{each.name} mới") for key, each in OLD.units.items()}),
            id="names of units",
        ),
        pytest.param(
            replace(
                OLD,
                policies={"default": policy(), "nhanh": policy(id="nhanh")},
                tasks={key: replace(each, policy="nhanh") for key, each in OLD.tasks.items()},
            ),
            id="another name for the same rhythm",
        ),
    ],
)
def test_what_nobody_would_notice_is_wording(new: Plan) -> None:
    assert edit_of(OLD, CALENDAR, new, CALENDAR).is_wording
    assert edit_of(new, CALENDAR, OLD, CALENDAR).is_wording


@pytest.mark.parametrize(
    ("new", "calendar", "where"),
    [
        pytest.param(with_task("R1", due=Once(day=date(2022, 10, 7))), CALENDAR, {"owing": ("R1",)}, id="a due"),
        pytest.param(with_task("R1", units=("snv",)), CALENDAR, {"owing": ("R1",)}, id="units"),
        pytest.param(with_task("R2", review=Review.NONE), CALENDAR, {"asked": ("R2",)}, id="who accepts"),
        pytest.param(
            with_task("R2", pause=Pause(until=date(2022, 10, 1), reason="chờ")),
            CALENDAR,
            {"chased": ("R2",), "paced": ("R2",)},
            id="a pause",
        ),
        pytest.param(
            replace(OLD, policies={"default": policy(remind="-1d")}),
            CALENDAR,
            {"chased": ("R1", "R2"), "paced": ("R1", "R2")},
            id="a policy",
        ),
        pytest.param(
            OLD,
            replace(CALENDAR, days_off=CALENDAR.days_off | {date(2022, 9, 30)}),
            {"owing": ("R1", "R2"), "chased": ("R1", "R2"), "rules": (Rule.DAYS,)},
            id="a day off",
        ),
        pytest.param(
            replace(OLD, ends=date(2024, 12, 31)),
            replace(CALENDAR, days_off=CALENDAR.days_off | {date(2024, 2, 9), date(2025, 1, 1)}),
            {"owing": ("R1", "R2"), "rules": (Rule.SPAN,)},
            id="the end, with the days off of the years it gains",
        ),
        pytest.param(
            replace(OLD, ends=date(2022, 11, 30)),
            CALENDAR,
            {"owing": ("R1", "R2"), "rules": (Rule.SPAN,)},
            id="the end",
        ),
        pytest.param(replace(OLD, office="stc"), CALENDAR, {"rules": (Rule.OFFICE,)}, id="the office"),
        pytest.param(
            replace(OLD, units={**OLD.units, "stc": unit("stc", valid_to=date(2022, 9, 15), merged_into="snv")}),
            CALENDAR,
            {"owing": ("R1", "R2"), "rules": (Rule.UNITS,)},
            id="a merger",
        ),
        pytest.param(
            replace(OLD, tasks={"R1": OLD.tasks["R1"], "R3": task("R3")}),
            CALENDAR,
            {"gained": ("R3",), "lost": ("R2",), "owing": ("R3", "R2")},
            id="tasks",
        ),
    ],
)
def test_an_edit_names_the_tasks_it_can_touch(new: Plan, calendar: Calendar, where: dict[str, Any]) -> None:
    found = edit_of(OLD, CALENDAR, new, calendar)

    names = ("gained", "lost", "owing", "chased", "paced", "asked", "rules")
    assert {name: getattr(found, name) for name in names} == {**dict.fromkeys(names, ()), **where}


lives = st.fixed_dictionaries(
    {
        "valid_from": st.none() | st.dates(date(2022, 8, 1), date(2022, 12, 31)),
        "valid_to": st.none() | st.dates(date(2022, 8, 1), date(2022, 12, 31)),
        "merged_into": st.sampled_from([None, "a", "b", "c"]),
    }
)


@given(
    given_lives=st.lists(lives, min_size=3, max_size=3),
    owners=st.lists(st.sampled_from("abcd"), unique=True, min_size=1),
)
def test_what_is_owed_together_is_what_is_owed_one_by_one(given_lives: list[dict[str, Any]], owners: list[str]) -> None:
    registry = [
        unit(name, **(life if life["valid_to"] else {**life, "merged_into": None}))
        for name, life in zip("abc", given_lives, strict=True)
    ]
    whole = plan(task("R1", units=tuple(owners), due=MONTHLY), units=(*registry, unit("d")))

    found = dict(Owing(whole, CALENDAR, {}).of("R1").pairs())

    one_by_one = occurrences_of(whole, whole.tasks["R1"], until=whole.ends, calendar=CALENDAR)
    assert found == {(each.unit, each.period): each.due_at for each in one_by_one}


def test_a_task_the_plan_does_not_have_owes_nothing() -> None:
    assert not list(Owing(OLD, CALENDAR, {}).of("R99").pairs())


def test_a_day_with_many_dues_of_a_unit_is_heavy_and_its_focal_point_of_two_units_has_both() -> None:
    busy = date(2022, 12, 15)
    tasks = [task(f"R{n}", units=("snv", "stc") if n < 4 else ("snv",), due=Once(day=busy)) for n in range(LOAD_LEAST)]
    owing = Owing(plan(*tasks), CALENDAR, {})

    found = loads_of(owing, {busy: {"snv", "stc"}}, people_of={"snv": (1, 2), "stc": (2,)}.__getitem__)

    assert found == [Load(day=busy, unit="snv", count=LOAD_LEAST, one_person=LOAD_LEAST + 4)]
    assert loads_of(owing, {busy: {"stc"}}, people_of=lambda _: ()) == []
    assert loads_of(owing, {}, people_of=lambda _: ()) == []


def test_a_day_off_years_after_the_plan_is_wording() -> None:
    later = replace(CALENDAR, days_off=CALENDAR.days_off | {date(2026, 9, 1)})

    assert edit_of(OLD, CALENDAR, OLD, later).is_wording
