"""Keeping in step: the stored occurrences are those of the plan, whatever was edited, and twice changes nothing."""

from datetime import date, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.calendar import Calendar, local_moment
from bot.domain.due import Every, Rhythm
from bot.domain.plan import Escalation, Offset, OffsetUnit, Plan, Policy, Role, Task
from bot.jobs.keep import HORIZON, Kept, keep_in_step
from bot.store import Store, occurrences
from bot.store.tables import due_change, occurrence
from tests.store.builders import DAY, HOUR, MINUTE, NOW, plan_of, reported, task

CALENDAR = Calendar()


def keep(store: Store, plan: Plan, *, now: datetime = NOW) -> tuple[int, int, int]:
    kept: Kept = store.write(lambda tx: keep_in_step(tx, plan=plan, calendar=CALENDAR, now=now))
    return kept.added, kept.moved, kept.archived


def rows(store: Store) -> list[tuple[object, ...]]:
    """Return everything stored of occurrences and the moves of their dues."""
    found = store.read(lambda tx: [*tx.execute(select(occurrence).order_by(occurrence.c.id)).all()])
    moves = store.read(lambda tx: [*tx.execute(select(due_change).order_by(due_change.c.id)).all()])
    return [tuple(row) for row in found + moves]


def live(store: Store) -> dict[tuple[str, str, str], datetime]:
    chosen = select(occurrence).where(occurrence.c.ended_at.is_(None))
    return {(row.task, row.unit, row.period): row.due_at for row in store.read(lambda tx: tx.execute(chosen).all())}


def monthly(name: str = "R5") -> Task:
    base = task(name, units=("stc",))
    rule = Rhythm(every=Every.MONTH, day=25)
    return Task(id=name, title=base.title, due=rule, owners=("stc",), units=("stc",))


def test_what_is_new_comes_in_once(store: Store) -> None:
    plan = plan_of(task("R1"), task("R2", units=("snv",)))

    assert keep(store, plan) == (4, 0, 0)
    before = rows(store)
    assert keep(store, plan) == (0, 0, 0)
    assert keep(store, plan, now=NOW + HOUR) == (0, 0, 0)
    assert rows(store) == before


def test_nothing_further_ahead_than_the_horizon_is_stored(store: Store) -> None:
    plan = plan_of(monthly())

    keep(store, plan)
    first = live(store)
    keep(store, plan, now=NOW + 31 * DAY)

    assert max(first.values()) <= NOW + HORIZON + DAY
    assert set(first) < set(live(store))


def test_a_due_that_was_edited_moves_and_its_reports_stay(store: Store) -> None:
    keep(store, plan_of(task("R1", units=("stc",), due=date(2022, 9, 30))))
    (old,) = store.read(lambda tx: occurrences.of_units(tx, ["stc"]))
    report = store.write(lambda tx: reported(tx, old.id))

    moved = keep(store, plan_of(task("R1", units=("stc",), due=date(2022, 10, 14))), now=NOW + DAY)

    (new,) = store.read(lambda tx: occurrences.of_units(tx, ["stc"]))
    assert moved == (0, 1, 0)
    assert (new.id, new.report_id, new.original_due_at) == (old.id, report, old.due_at)
    assert new.due_at - old.due_at == 14 * DAY


def test_an_extension_that_was_granted_is_kept_by_a_plan_that_did_not_change(store: Store) -> None:
    plan = plan_of(task("R1", units=("stc",)))
    keep(store, plan)
    (old,) = store.read(lambda tx: occurrences.of_units(tx, ["stc"]))
    extended = old.due_at + 10 * DAY
    store.write(
        lambda tx: occurrences.move_due(
            tx, old.id, due_at=extended, handled_until=None, next_step_at=None, now=NOW, cause=occurrences.BY_EXTENSION
        )
    )

    assert keep(store, plan, now=NOW + DAY) == (0, 0, 0)
    assert list(live(store).values()) == [extended]


def test_what_was_dropped_with_an_extension_comes_back_with_it_and_stays_so(store: Store) -> None:
    both, one = plan_of(task("R1"), task("R2", units=("stc",))), plan_of(task("R1"))
    keep(store, both)
    (old,) = store.read(lambda tx: occurrences.of_task(tx, "R2", ["stc"]))
    extended = old.due_at + 10 * DAY
    store.write(
        lambda tx: occurrences.move_due(
            tx, old.id, due_at=extended, handled_until=None, next_step_at=None, now=NOW, cause=occurrences.BY_EXTENSION
        )
    )
    keep(store, one, now=NOW + HOUR)

    keep(store, both, now=NOW + 2 * HOUR)
    again = keep(store, both, now=NOW + 3 * HOUR)

    (new,) = store.read(lambda tx: occurrences.of_task(tx, "R2", ["stc"]))
    assert new.due_at == extended
    assert again == (0, 0, 0)


def test_what_the_plan_dropped_is_archived_and_comes_back_with_it(store: Store) -> None:
    both, one = plan_of(task("R1"), task("R2")), plan_of(task("R1"))
    keep(store, both)
    before = live(store)

    assert keep(store, one, now=NOW + HOUR) == (0, 0, 3)
    assert {name for name, _, _ in live(store)} == {"R1"}
    assert keep(store, one, now=NOW + 2 * HOUR) == (0, 0, 0)
    assert keep(store, both, now=NOW + 3 * HOUR) == (0, 3, 0)
    assert live(store) == before
    assert keep(store, both, now=NOW + 4 * HOUR) == (0, 0, 0)


def test_a_unit_that_owes_no_more_is_archived(store: Store) -> None:
    keep(store, plan_of(task("R1", units=("snv", "stc"))))

    assert keep(store, plan_of(task("R1", units=("snv",))), now=NOW + HOUR) == (0, 0, 1)
    assert {unit for _, unit, _ in live(store)} == {"snv"}


@pytest.mark.parametrize("back", [MINUTE, DAY, 3 * DAY, 40 * DAY], ids=str)
def test_a_clock_that_was_set_back_archives_nothing(store: Store, back: timedelta) -> None:
    plan = plan_of(monthly(), task("R1"))
    keep(store, plan, now=NOW + 45 * DAY)
    before = rows(store)

    assert keep(store, plan, now=NOW + 45 * DAY - back) == (0, 0, 0)
    assert rows(store) == before


def test_a_new_occurrence_is_found_when_its_first_step_comes(store: Store) -> None:
    policy = Policy(id="default", remind=(Offset(amount=-3), Offset(amount=0)))
    keep(store, plan_of(task("R1", units=("stc",), due=date(2022, 9, 30)), policy=policy))

    first = local_moment(date(2022, 9, 27), policy.at)
    assert store.read(lambda tx: occurrences.due_for_a_step(tx, now=first - MINUTE, limit=9)) == ()
    assert len(store.read(lambda tx: occurrences.due_for_a_step(tx, now=first, limit=9))) == 1


def next_step(store: Store) -> datetime | None:
    return store.read(lambda tx: tx.execute(select(occurrence.c.next_step_at)).scalar_one())


def test_an_occurrence_whose_due_comes_nearer_is_looked_at_again_at_once(store: Store) -> None:
    """Its reminders are past already, as those of a new occurrence would be: both are told by the next tick."""
    policy = Policy(id="default", remind=(Offset(amount=-7), Offset(amount=-3)))
    keep(store, plan_of(task("R1", units=("stc",), due=date(2022, 11, 1)), policy=policy))

    now = NOW + HOUR
    keep(store, plan_of(task("R1", units=("stc",), due=date(2022, 9, 28)), policy=policy), now=now)

    following = next_step(store)
    assert following is not None
    assert following <= now


def test_an_escalation_of_a_due_that_was_moved_into_the_past_is_not_lost(store: Store) -> None:
    """Its moment is counted from when the bot first knew; the tick and the keeping must count alike."""
    after = Escalation(after=Offset(amount=1, unit=OffsetUnit.WORKING_DAYS), to=Role.HEAD)
    policy = Policy(id="default", escalate=(after,))
    keep(store, plan_of(task("R1", units=("stc",), due=date(2022, 10, 31)), policy=policy), now=NOW)
    (old,) = store.read(lambda tx: occurrences.of_units(tx, ["stc"]))
    store.write(lambda tx: occurrences.advance(tx, [(old.id, None)], handled_until=NOW + 9 * DAY))

    now = NOW + 10 * DAY
    keep(store, plan_of(task("R1", units=("stc",), due=date(2022, 9, 30)), policy=policy), now=now)

    from bot.domain.steps import ripe, steps_of

    (kept,) = store.read(lambda tx: occurrences.of_units(tx, ["stc"]))
    following = next_step(store)
    assert following is not None
    steps = steps_of(policy, due_at=kept.due_at, known_at=kept.known_at, calendar=CALENDAR)
    assert [step.key for step in ripe(steps, handled_until=kept.handled_until, now=following)] == ["head+1wd"]


NAMES = ("R1", "R2", "R3")
UNITS = ("snv", "stc", "tamky")
PLANS = st.dictionaries(
    st.sampled_from(NAMES),
    st.tuples(
        st.lists(st.sampled_from(UNITS), min_size=1, unique=True),
        st.dates(date(2022, 9, 1), date(2022, 11, 20)),
    ),
    min_size=1,
)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(drawn=st.lists(PLANS, min_size=1, max_size=4))
def test_whatever_was_edited_what_is_live_is_what_the_plan_says(
    sqlite_store: Store, drawn: list[dict[str, tuple[list[str], date]]]
) -> None:
    store = sqlite_store
    for number, each in enumerate(drawn):
        plan = plan_of(*(task(name, units=units, due=due) for name, (units, due) in each.items()))
        now = NOW + number * HOUR
        keep(store, plan, now=now)

        wanted = {(name, unit): due for name, (units, due) in each.items() for unit in units}
        found = {(name, unit): due.astimezone(CALENDAR_ZONE).date() for (name, unit, _), due in live(store).items()}
        assert found == wanted
        before = rows(store)
        assert keep(store, plan, now=now) == (0, 0, 0)
        assert rows(store) == before


CALENDAR_ZONE = local_moment(date(2022, 9, 26), Policy(id="x").at).tzinfo
