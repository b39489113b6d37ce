"""The days off of 2024 to 2026 as they were announced: a swap moves what lies around it, and nothing else."""

from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from bot.catalogue import load_workdays
from bot.domain.calendar import Calendar, local_day
from bot.domain.due import LAST_WORKING, Every, Once, Rhythm, Roll, periods
from bot.domain.steps import StepKind, steps_of
from tests.builders import days, end_of, local, policy

HOME = Path(__file__).parents[2]


def span(first: date, last: date) -> frozenset[date]:
    """Return the days from one to another that are no weekend."""
    return frozenset(each for each in days(first, (last - first).days + 1) if each.weekday() < 5)


# Bộ luật Lao động 2019, Điều 112, with the days in lieu of those that fell on a weekend; no swap yet.
BY_LAW = {
    2024: frozenset({date(2024, 1, 1), date(2024, 4, 18), date(2024, 4, 30), date(2024, 5, 1)})
    | span(date(2024, 2, 8), date(2024, 2, 14))
    | span(date(2024, 9, 2), date(2024, 9, 3)),
    2025: frozenset({date(2025, 1, 1), date(2025, 4, 7), date(2025, 4, 30), date(2025, 5, 1)})
    | span(date(2025, 1, 27), date(2025, 1, 31))
    | span(date(2025, 9, 1), date(2025, 9, 2)),
    2026: frozenset({date(2026, 1, 1), date(2026, 4, 27), date(2026, 4, 30), date(2026, 5, 1)})
    | span(date(2026, 2, 16), date(2026, 2, 20))
    | span(date(2026, 9, 1), date(2026, 9, 2)),
}


@dataclass(frozen=True, kw_only=True)
class Swap:
    """A working day that becomes a day off, for a Saturday that is worked."""

    source: str
    off: date
    worked: date


SWAPS = [
    Swap(source="29/4/2024, as the library has it", off=date(2024, 4, 29), worked=date(2024, 5, 4)),
    Swap(source="8726/VPCP-KGVX", off=date(2025, 5, 2), worked=date(2025, 4, 26)),
    Swap(source="12729/VPCP-KGVX of 25/12/2025", off=date(2026, 1, 2), worked=date(2026, 1, 10)),
    Swap(source="31/8/2026", off=date(2026, 8, 31), worked=date(2026, 8, 22)),
]
EACH = pytest.mark.parametrize("swap", [pytest.param(swap, id=swap.source) for swap in SWAPS])

BEFORE = Calendar(days_off=frozenset[date]().union(*BY_LAW.values()))
ANNOUNCED = Calendar(
    days_off=BEFORE.days_off | {swap.off for swap in SWAPS}, working_days=frozenset(swap.worked for swap in SWAPS)
)


def after(swap: Swap) -> Calendar:
    """Return the calendar of the law with one announcement laid over it."""
    return replace(BEFORE, days_off=BEFORE.days_off | {swap.off}, working_days=frozenset({swap.worked}))


@pytest.mark.parametrize("year", [2024, 2025, 2026])
def test_the_shipped_calendar_is_the_announced_one(year: int) -> None:
    shipped = load_workdays(HOME, first_year=year, last_year=year)

    for day in days(date(year, 1, 1), 366 if year == 2024 else 365):
        assert shipped.is_working_day(day) is ANNOUNCED.is_working_day(day), day


@pytest.mark.parametrize(
    ("year", "working", "longest"),
    [
        pytest.param(2024, 251, 7, id="2024: 8/2 to 14/2 with the weekend"),
        pytest.param(2025, 250, 9, id="2025: 25/1 to 2/2"),
        pytest.param(2026, 250, 9, id="2026: 14/2 to 22/2"),
    ],
)
def test_a_year_has_as_many_working_days_after_its_swaps_as_before(year: int, working: int, longest: int) -> None:
    whole = days(date(year, 1, 1), 366 if year == 2024 else 365)
    counts = [sum(map(calendar.is_working_day, whole)) for calendar in (BEFORE, ANNOUNCED)]
    runs = "".join("." if ANNOUNCED.is_working_day(day) else "o" for day in whole).split(".")

    assert counts == [working, working]
    assert max(map(len, runs)) == longest


@EACH
def test_a_swap_changes_two_days(swap: Swap) -> None:
    near = days(min(swap.off, swap.worked) - timedelta(days=20), 60)
    changed = [day for day in near if BEFORE.is_working_day(day) is not after(swap).is_working_day(day)]

    assert changed == sorted([swap.off, swap.worked])
    assert swap.worked.weekday() == 5
    assert not after(swap).is_open(local(f"{swap.off} 09:00"))
    assert after(swap).is_open(local(f"{swap.worked} 09:00"))


@pytest.mark.parametrize(
    ("due", "reminded", "chased"),
    [
        pytest.param("2024-04-29", ["22/04", "26/04"], ["02/05", "06/05"], id="on the day off of 2024"),
        pytest.param("2024-05-04", ["26/04", "03/05", "04/05"], ["06/05", "07/05", "13/05"], id="on a worked Saturday"),
        pytest.param("2025-05-02", ["25/04", "29/04"], ["05/05", "09/05"], id="on the day off of 2025"),
        pytest.param(
            "2025-04-27", ["18/04", "24/04", "26/04"], ["28/04", "05/05"], id="the Sunday after a worked Saturday"
        ),
        pytest.param("2026-01-02", ["26/12", "30/12", "31/12"], ["05/01", "09/01"], id="on the day off of 2026"),
        pytest.param(
            "2026-01-11", ["31/12", "08/01", "10/01"], ["12/01", "14/01", "19/01"], id="the Sunday after 10/1"
        ),
        pytest.param("2026-08-31", ["24/08", "28/08"], ["03/09", "07/09"], id="on the bridge to Quốc khánh"),
        pytest.param(
            "2026-08-23", ["14/08", "20/08", "22/08"], ["24/08", "26/08", "03/09"], id="the Sunday after 22/8"
        ),
    ],
)
def test_reminders_stay_before_the_due_and_the_chase_after_it(due: str, reminded: list[str], chased: list[str]) -> None:
    day = date.fromisoformat(due)
    steps = steps_of(policy(), due_at=end_of(day), known_at=local("2024-01-02 08:00"), calendar=ANNOUNCED)
    moments = {kind: [step.planned_at for step in steps if step.kind is kind] for kind in StepKind}

    assert list(dict.fromkeys(f"{local_day(at):%d/%m}" for at in moments[StepKind.REMIND])) == reminded
    first_week = [local_day(at) for at in moments[StepKind.OVERDUE] if local_day(at) <= day + timedelta(days=12)]
    assert list(dict.fromkeys(f"{at:%d/%m}" for at in first_week)) == chased
    assert all(ANNOUNCED.is_open(at) for at in (*moments[StepKind.REMIND], *moments[StepKind.OVERDUE]))


@pytest.mark.parametrize(
    ("nominal", "forward", "back"),
    [
        pytest.param("2024-04-29", "2024-05-02", "2024-04-26", id="29/4/2024"),
        pytest.param("2024-05-04", "2024-05-04", "2024-05-04", id="a Saturday that is worked"),
        pytest.param("2025-05-02", "2025-05-05", "2025-04-29", id="2/5/2025"),
        pytest.param("2025-04-27", "2025-04-28", "2025-04-26", id="a Sunday, back to the worked Saturday"),
        pytest.param("2026-01-02", "2026-01-05", "2025-12-31", id="2/1/2026: back into the other year"),
        pytest.param("2026-01-11", "2026-01-12", "2026-01-10", id="a Sunday, back to 10/1/2026"),
        pytest.param("2026-02-18", "2026-02-23", "2026-02-13", id="in Tết"),
        pytest.param("2026-08-31", "2026-09-03", "2026-08-28", id="31/8/2026"),
    ],
)
def test_a_due_on_a_day_off_goes_where_the_plan_says(nominal: str, forward: str, back: str) -> None:
    day = date.fromisoformat(nominal)
    found = {}
    for roll in Roll:
        (period,) = periods(Once(day=day), starts=day, ends=day, calendar=ANNOUNCED, roll=roll)
        found[roll] = (period.key, period.due_at)

    assert found == {
        Roll.NONE: ("once", end_of(day)),
        Roll.NEXT: ("once", end_of(date.fromisoformat(forward))),
        Roll.PREVIOUS: ("once", end_of(date.fromisoformat(back))),
    }


@EACH
def test_only_what_lies_around_a_swap_is_due_on_another_day(swap: Swap) -> None:
    rule = Rhythm(every=Every.DAY)
    first, last = swap.off - timedelta(days=30), swap.off + timedelta(days=30)
    before, now = ({p.key for p in periods(rule, starts=first, ends=last, calendar=c)} for c in (BEFORE, after(swap)))

    assert before ^ now == {swap.off.isoformat(), swap.worked.isoformat()}


def test_the_last_working_day_of_a_month_follows_the_announcement() -> None:
    rule = Rhythm(every=Every.MONTH, day=LAST_WORKING)
    span = {"starts": date(2026, 8, 1), "ends": date(2026, 8, 31)}

    (before,), (now,) = (periods(rule, **span, calendar=calendar) for calendar in (BEFORE, ANNOUNCED))

    assert (local_day(before.due_at), local_day(now.due_at)) == (date(2026, 8, 31), date(2026, 8, 28))
    assert before.key == now.key
