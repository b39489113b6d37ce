"""Whoever is away: nobody is asked while absent, and no unit with somebody who is there is left unasked."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import NamedTuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.plan import Role
from bot.jobs.who_is_asked import WhoIsAsked
from bot.store import Store, Tx, absences, people
from tests.builders import local, plan, task

NOW = local("2022-09-26 08:00")
FIRST = date(2022, 10, 3)  # a Monday
DAYS = [FIRST + timedelta(days=number) for number in range(12)]
UNITS = ("snv", "stc")
PLAN = plan(task(units=UNITS))
PEOPLE = [
    (unit, role, f"{unit}-{role}-{number}") for unit in UNITS for role in (Role.FOCAL, Role.HEAD) for number in range(2)
]


class Gone(NamedTuple):
    """Who is away from which day for how long, and who stands in."""

    who: int
    first: int
    length: int
    deputy: int | None


GONE = st.lists(
    st.builds(
        Gone,
        st.integers(0, len(PEOPLE) - 1),
        st.integers(0, 9),
        st.integers(0, 6),
        st.none() | st.integers(0, len(PEOPLE) - 1),
    ),
    max_size=10,
)


def join_all(tx: Tx, those: list[int]) -> dict[int, int]:
    found = {}
    for each in those:
        unit, role, name = PEOPLE[each]
        joined = people.join(tx, channel="fake", user_id=name, name=name, unit=unit, role=role, now=NOW)
        found[each] = joined.id
    return found


class UndoneError(Exception):
    """Ends a transaction without a trace."""


@pytest.fixture(scope="module")
def empty() -> Iterator[Store]:
    with Store("sqlite:///:memory:") as store:
        store.migrate()
        yield store


@settings(deadline=None)
@given(linked=st.sets(st.integers(0, len(PEOPLE) - 1)), gone=GONE)
def test_nobody_is_asked_while_absent_and_no_unit_with_somebody_there_is_left_unasked(
    empty: Store, linked: set[int], gone: list[Gone]
) -> None:
    def play(tx: Tx) -> None:
        check(tx, sorted(linked), gone)
        raise UndoneError

    with pytest.raises(UndoneError):
        empty.write(play)


def check(tx: Tx, linked: list[int], gone: list[Gone]) -> None:
    ids = join_all(tx, linked)
    stays: dict[int, set[date]] = {each: set(DAYS) for each in linked}
    spans: dict[int, list[tuple[date, date]]] = {each: [] for each in linked}
    for each in gone:
        if each.who in ids:
            first, last = DAYS[each.first], DAYS[each.first] + timedelta(days=each.length)
            deputy = ids.get(each.deputy) if each.deputy is not None else None
            absences.add(tx, person_id=ids[each.who], first=first, last=last, deputy=deputy, now=NOW)
            touched = [span for span in spans[each.who] if span[0] <= last and span[1] >= first]
            spans[each.who] = [span for span in spans[each.who] if span not in touched] + [(first, last)]
    for who, theirs in spans.items():
        stays[who] = {day for day in DAYS if not any(first <= day <= last for first, last in theirs)}
    for day in DAYS:
        asked = WhoIsAsked(tx, plan=PLAN, on=day)
        for unit in UNITS:
            told = {person.person_id for person in asked.of(unit).people}
            heads = {person.person_id for person in asked.heads_of(unit)}
            there = {ids[who] for who in linked if PEOPLE[who][0] == unit and day in stays[who]}
            focals = {ids[who] for who in linked if PEOPLE[who][:2] == (unit, Role.FOCAL) and day in stays[who]}
            assert told | heads <= there
            assert bool(told) is bool(there)
            assert focals <= told
            assert asked.of(unit).is_instead or told
