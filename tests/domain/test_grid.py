"""The grid shows the worst of each pair, and counts what the figures count."""

from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figuring import figure, week_of
from bot.domain.grid import Mark, Spot, grid_of
from bot.domain.situations import Asking, Counted
from bot.domain.standing import Standing
from tests.builders import counted, local, plan, task

AS_OF = local("2022-10-03 10:00")
PLAN = plan(task("R2", units=("a", "b")), task("R10", units=("a",)))


def seen(unit: str, task_id: str, standing: Standing, *, days: int = 3, asking: Asking = Asking.ASKED) -> Counted:
    return counted(unit=unit, task=task_id, standing=standing, due_at=AS_OF - timedelta(days=days), asking=asking)


def test_a_pair_shows_its_worst_and_how_many_of_that() -> None:
    grid = grid_of(
        [
            seen("a", "R2", Standing.OVERDUE),
            seen("a", "R2", Standing.OVERDUE),
            seen("a", "R2", Standing.DONE_LATE),
            seen("b", "R2", Standing.DONE_ON_TIME),
            seen("a", "R10", Standing.OPEN, days=-5),
        ],
        plan=PLAN,
        as_of=AS_OF,
    )

    assert grid.spots == {
        ("a", "R2"): Spot(mark=Mark.OVERDUE, count=2),
        ("b", "R2"): Spot(mark=Mark.ON_TIME, count=1),
        ("a", "R10"): Spot(mark=Mark.OPEN, count=1),
    }
    assert (grid.units, grid.tasks) == (("a", "b"), ("R2", "R10"))  # worst first; codes as people count
    assert grid.names["a"] == "Đơn vị a"


def test_what_was_not_asked_about_is_not_late_and_what_is_released_is_nowhere() -> None:
    late = seen("a", "R2", Standing.OVERDUE, asking=Asking.NO_CONTACT)

    grid = grid_of([late, seen("b", "R2", Standing.RELEASED)], plan=PLAN, as_of=AS_OF)

    assert grid.spots == {("a", "R2"): Spot(mark=Mark.APART, count=1)}


STATES = st.builds(
    seen,
    st.sampled_from(["a", "b"]),
    st.sampled_from(["R2", "R10"]),
    st.sampled_from(list(Standing)),
    days=st.integers(1, 200),
    asking=st.sampled_from(list(Asking)),
)


@given(every=st.lists(STATES, max_size=30))
def test_the_overdue_of_the_grid_are_those_of_the_figures(every: list[Counted]) -> None:
    grid = grid_of(every, plan=PLAN, as_of=AS_OF)

    figures = figure(week_of(AS_OF.date(), as_of=AS_OF), every, plan=PLAN, previous=None, in_doubt=0)

    assert grid.marked(Mark.OVERDUE) == figures.total.overdue
    assert {unit: grid.marked(Mark.OVERDUE, unit=unit) for unit in grid.units} == {
        unit.unit_id: unit.overdue for unit in figures.units
    }
