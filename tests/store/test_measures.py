"""What reports measured is summed by task, and continuous tasks know when they were last spoken of."""

from dataclasses import replace
from datetime import datetime
from typing import Any

import pytest

from bot.domain.due import Every, Rhythm
from bot.domain.plan import Plan, Result, ResultKind
from bot.domain.standing import Status, Verdict
from bot.domain.tallies import ResultSum
from bot.store import Store, Tx, measures, occurrences, reports
from tests.store.builders import DAY, NOW, SECOND, decided, occurrence, plan_of, reported, task

AS_OF = NOW + 9 * DAY
LETTERS = Result(kind=ResultKind.RATIO, of="thư xin lỗi", over="hồ sơ trễ hẹn", target=100)


def plan_with(result: Result) -> Plan:
    return plan_of(replace(task("R16"), result=result))


def measured(tx: Tx, unit: str, figures: dict[str, Any], *, at: datetime = NOW, status: Status = Status.DONE) -> int:
    about = occurrences.of_task(tx, "R16", [unit])
    each = about[0].id if about else occurrence(tx, "R16", unit)
    new = reports.NewReport(
        occurrence_id=each,
        person_id=1,
        channel="fake",
        status=status,
        figures=figures,
        note="",
        wanted_due_at=None,
        done_since=at,
    )
    return reports.add(tx, new, now=at)


def sums(store: Store, result: Result = LETTERS, as_of: datetime = AS_OF) -> tuple[ResultSum, ...]:
    return store.read(lambda tx: measures.results(tx, plan_with(result), as_of=as_of))


def test_letters_and_late_dossiers_are_summed_over_the_units_and_targets_counted(store: Store) -> None:
    for unit, figures in (
        ("snv", {"done": 62, "total": 79}),
        ("stc", {"done": 3, "total": 3}),
        ("tamky", {"none": True}),
    ):
        store.write(lambda tx, u=unit, f=figures: measured(tx, u, f))

    assert sums(store) == (
        ResultSum(
            task="R16",
            kind="ratio",
            label="thư xin lỗi/hồ sơ trễ hẹn",
            reports=3,
            nothing=1,
            done=65,
            total=82,
            aimed=3,
            met=2,
        ),
    )


@pytest.mark.parametrize(
    ("result", "figures", "expected"),
    [
        pytest.param(Result(kind=ResultKind.PERCENT, target=95), {"percent": 95.0}, (1, 1), id="a percentage reached"),
        pytest.param(Result(kind=ResultKind.PERCENT, target=95), {"percent": 94.9}, (1, 0), id="not reached"),
        pytest.param(Result(kind=ResultKind.COUNT, target=2), {"count": 2}, (1, 1), id="a count reached"),
        pytest.param(Result(kind=ResultKind.COUNT, target=2), {"count": 1}, (1, 0), id="a count not reached"),
        pytest.param(Result(kind=ResultKind.COUNT), {"count": 1}, (0, 0), id="no target"),
        pytest.param(Result(kind=ResultKind.RATIO, target=100), {"done": 6, "total": 7}, (1, 0), id="not all"),
        pytest.param(Result(kind=ResultKind.RATIO, target=100), {}, (1, 0), id="no figures"),
    ],
)
def test_a_target_is_met_or_not(
    store: Store, result: Result, figures: dict[str, Any], expected: tuple[int, int]
) -> None:
    store.write(lambda tx: measured(tx, "snv", figures))

    (found,) = sums(store, result)
    assert (found.aimed, found.met) == expected


def test_only_the_last_done_report_of_the_time_counts_and_none_that_was_returned(store: Store) -> None:
    def happen(tx: Tx) -> None:
        measured(tx, "snv", {"done": 1, "total": 9}, at=NOW)
        measured(tx, "snv", {"done": 2, "total": 9}, at=NOW + DAY)
        measured(tx, "snv", {"done": 3, "total": 9}, at=AS_OF + SECOND)
        back = measured(tx, "stc", {"done": 9, "total": 9})
        decided(tx, back, occurrences.of_task(tx, "R16", ["stc"])[0].id, verdict=Verdict.RETURN, now=AS_OF)
        measured(tx, "tamky", {"done": 9, "total": 9}, status=Status.IN_PROGRESS)

    store.write(happen)

    (found,) = sums(store)
    assert (found.reports, found.done, found.total) == (1, 2, 9)
    assert sums(store, as_of=AS_OF - SECOND)[0].reports == 2  # before it was returned


def test_a_plan_that_measures_nothing_has_no_sums(store: Store) -> None:
    assert store.read(lambda tx: measures.results(tx, plan_of(), as_of=AS_OF)) == ()


def test_a_continuous_task_knows_its_last_word_in_any_period(store: Store) -> None:
    rhythm = Rhythm(every=Every.QUARTER, continuous=True)
    plan = plan_of(replace(task("R5"), due=rhythm), task("R1"))

    def happen(tx: Tx) -> None:
        first = occurrence(tx, "R5", "snv", "2022-Q3")
        occurrence(tx, "R5", "snv", "2022-Q4", now=NOW + DAY)
        occurrence(tx, "R5", "stc", "2022-Q3")
        occurrence(tx, "R1", "stc")
        reported(tx, first, status=Status.IN_PROGRESS, now=NOW + 2 * DAY)
        reported(tx, first, status=Status.IN_PROGRESS, now=AS_OF + SECOND)

    store.write(happen)

    found = store.read(lambda tx: {each.unit: each for each in measures.heard(tx, plan, as_of=AS_OF)})
    assert {unit: (each.task, each.known_at, each.last_at) for unit, each in found.items()} == {
        "snv": ("R5", NOW, NOW + 2 * DAY),
        "stc": ("R5", NOW, None),
    }
