"""Occurrences: stored once, found by what is due and by nothing else, moved without losing where they began."""

import pytest
from sqlalchemy import event, select

from bot.domain.occurrences import Occurrence
from bot.domain.standing import Status, Verdict
from bot.store import Store, Tx, occurrences
from bot.store.occurrences import BY_EXTENSION, BY_PLAN, CHUNK, Kept, New
from bot.store.tables import due_change
from bot.store.tables import occurrence as table
from tests.store.builders import DAY, HOUR, NOW, SECOND, decided, occurrence, reported


def the(store: Store, occurrence_id: int) -> Kept:
    found = store.read(lambda tx: occurrences.get(tx, occurrence_id))
    assert found is not None
    return found


def due(store: Store, *, now=NOW, limit: int = 100) -> list[int]:
    return [each.id for each in store.read(lambda tx: occurrences.due_for_a_step(tx, now=now, limit=limit))]


def test_an_occurrence_is_stored_once_and_stays_as_it_was(store: Store) -> None:
    first = store.write(lambda tx: occurrence(tx, due_at=NOW + DAY, next_step_at=NOW))
    again = store.write(lambda tx: occurrence(tx, due_at=NOW + 9 * DAY, next_step_at=NOW + DAY, now=NOW + HOUR))

    assert again == first
    assert the(store, first).due_at == NOW + DAY
    assert the(store, first).known_at == NOW
    assert due(store) == [first]


def test_only_what_has_a_step_due_is_found(store: Store) -> None:
    before = store.write(lambda tx: occurrence(tx, unit="a", next_step_at=NOW - SECOND))
    exactly = store.write(lambda tx: occurrence(tx, unit="b", next_step_at=NOW))
    store.write(lambda tx: occurrence(tx, unit="c", next_step_at=NOW + SECOND))
    store.write(lambda tx: occurrence(tx, unit="d", next_step_at=None))
    ended = store.write(lambda tx: occurrence(tx, unit="e", next_step_at=NOW))
    store.write(lambda tx: occurrences.archive(tx, [ended], now=NOW))

    assert due(store) == [before, exactly]


def test_what_is_due_comes_unit_by_unit(store: Store) -> None:
    ids = [
        store.write(lambda tx, t=task, u=unit: occurrence(tx, t, u, next_step_at=NOW))
        for task in ("R1", "R2")
        for unit in ("b", "a")
    ]

    assert due(store) == [ids[1], ids[3], ids[0], ids[2]]
    assert due(store, limit=2) == [ids[1], ids[3]]


def plan_of_the_tick(store: Store) -> str:
    """Return how the database would find what is due."""
    said: list[tuple[str, object]] = []

    def look(tx: Tx) -> None:
        def note(_c, _cursor, statement: str, parameters: object, _context, _many) -> None:
            said.append((statement, parameters))

        event.listen(tx, "before_cursor_execute", note)
        occurrences.due_for_a_step(tx, now=NOW, limit=100)

    store.read(look)
    statement, parameters = said[-1]
    explain = "EXPLAIN QUERY PLAN " if store.url.get_backend_name() == "sqlite" else "EXPLAIN "
    return store.read(lambda tx: "\n".join(map(str, tx.exec_driver_sql(explain + statement, parameters).all())))


def test_a_tick_costs_what_is_due_and_not_what_exists(store: Store) -> None:
    rows = [
        New(
            occurrence=Occurrence(task="R1", unit=f"u{number}", period="p", due_at=NOW), next_step_at=NOW + number * DAY
        )
        for number in range(3000)
    ]
    store.write(lambda tx: occurrences.add(tx, rows, now=NOW))
    if store.url.get_backend_name() == "postgresql":  # SQLite has to find its way without knowing the figures
        store.write(lambda tx: tx.exec_driver_sql("ANALYZE"))

    assert "ix_occurrence_next_step_at" in plan_of_the_tick(store)


def test_steps_that_have_their_fate_are_behind(store: Store) -> None:
    ids = [store.write(lambda tx, u=unit: occurrence(tx, unit=u, next_step_at=NOW)) for unit in "abc"]

    following = [(ids[0], NOW + DAY), (ids[1], NOW + DAY), (ids[2], None)]
    store.write(lambda tx: occurrences.advance(tx, following, handled_until=NOW))

    assert due(store) == []
    assert due(store, now=NOW + DAY) == ids[:2]
    assert due(store, now=NOW + 999 * DAY) == ids[:2]
    assert {the(store, each).handled_until for each in ids} == {NOW}


def test_more_occurrences_than_one_statement_takes_move_on_together(store: Store) -> None:
    count = CHUNK + 1
    rows = [
        New(occurrence=Occurrence(task="R1", unit=f"u{number}", period="p", due_at=NOW), next_step_at=NOW)
        for number in range(count)
    ]
    store.write(lambda tx: occurrences.add(tx, rows, now=NOW))
    ids = [each.id for each in store.read(lambda tx: occurrences.dues(tx, "R1")).values()]

    store.write(lambda tx: occurrences.advance(tx, [(each, None) for each in ids], handled_until=NOW))

    assert len(ids) == count
    assert due(store, limit=count) == []


def test_what_is_put_off_comes_later_with_nothing_handled(store: Store) -> None:
    first = store.write(lambda tx: occurrence(tx, next_step_at=NOW))

    store.write(lambda tx: occurrences.put_off(tx, [first], until=NOW + DAY))

    assert due(store) == []
    assert due(store, now=NOW + DAY) == [first]
    assert the(store, first).handled_until is None


@pytest.mark.parametrize("cause", [BY_PLAN, BY_EXTENSION])
def test_a_due_that_moves_keeps_where_it_began(store: Store, cause: str) -> None:
    first = store.write(lambda tx: occurrence(tx, due_at=NOW + DAY))

    def move(tx: Tx) -> None:
        occurrences.move_due(
            tx, first, due_at=NOW + 9 * DAY, handled_until=None, next_step_at=NOW + 2 * DAY, now=NOW, cause=cause
        )

    store.write(move)

    kept = the(store, first)
    plan_due_at = store.read(lambda tx: occurrences.dues(tx, "R1"))["stc", "once"].plan_due_at
    moves = store.read(lambda tx: tx.execute(select(due_change.c.due_at, due_change.c.cause)).all())
    assert (kept.due_at, kept.original_due_at) == (NOW + 9 * DAY, NOW + DAY)
    assert plan_due_at == (NOW + 9 * DAY if cause == BY_PLAN else NOW + DAY)
    assert [tuple(move) for move in moves] == [(NOW + 9 * DAY, cause)]
    assert due(store, now=NOW + 2 * DAY) == [first]


def test_what_was_archived_is_shown_no_more_and_comes_back_when_its_due_moves(store: Store) -> None:
    first = store.write(lambda tx: occurrence(tx, due_at=NOW + DAY, next_step_at=NOW))
    store.write(lambda tx: occurrences.archive(tx, [first], now=NOW))

    assert store.read(lambda tx: occurrences.of_units(tx, ["stc"])) == ()
    assert the(store, first).ended_at == NOW
    known = store.read(lambda tx: occurrences.dues(tx, "R1"))["stc", "once"]
    assert (known.id, known.plan_due_at, known.is_archived) == (first, NOW + DAY, True)

    store.write(
        lambda tx: occurrences.move_due(
            tx, first, due_at=NOW + DAY, handled_until=None, next_step_at=NOW, now=NOW, cause=BY_PLAN
        )
    )
    assert [each.id for each in store.read(lambda tx: occurrences.of_units(tx, ["stc"]))] == [first]
    assert due(store) == [first]


def test_the_occurrences_of_a_unit_come_by_due(store: Store) -> None:
    late = store.write(lambda tx: occurrence(tx, "R1", due_at=NOW + 2 * DAY))
    soon = store.write(lambda tx: occurrence(tx, "R2", due_at=NOW + DAY))
    store.write(lambda tx: occurrence(tx, "R3", "snv", due_at=NOW))

    def of_units(until=None) -> list[int]:
        return [each.id for each in store.read(lambda tx: occurrences.of_units(tx, ["stc"], due_until=until))]

    assert of_units() == [soon, late]
    assert of_units(NOW + 2 * DAY) == [soon, late]
    assert of_units(NOW + 2 * DAY - SECOND) == [soon]


def test_a_task_is_found_by_its_code_in_any_case(store: Store) -> None:
    first = store.write(lambda tx: occurrence(tx, "R12"))
    store.write(lambda tx: occurrence(tx, "R1"))

    found = store.read(lambda tx: occurrences.of_task(tx, "r12", ["stc", "snv"]))

    assert [each.id for each in found] == [first]


def test_the_latest_word_counts_with_its_verdict(store: Store) -> None:
    first = store.write(occurrence)
    store.write(lambda tx: reported(tx, first, status=Status.IN_PROGRESS))
    last = store.write(lambda tx: reported(tx, first, done_since=NOW, now=NOW + HOUR))
    store.write(lambda tx: decided(tx, last, first, verdict=Verdict.RETURN))

    kept = the(store, first)

    assert kept.report_id == last
    assert kept.word is not None
    assert (kept.word.status, kept.word.at, kept.word.done_since) == (Status.DONE, NOW + HOUR, NOW)
    assert kept.word.verdict is Verdict.RETURN


def test_what_waits_for_the_office_comes_by_the_oldest_report(store: Store) -> None:
    ids = [store.write(lambda tx, u=unit: occurrence(tx, unit=u)) for unit in "abcd"]
    store.write(lambda tx: reported(tx, ids[2]))
    store.write(lambda tx: reported(tx, ids[0], status=Status.EXTENSION))
    store.write(lambda tx: reported(tx, ids[1], status=Status.IN_PROGRESS))
    settled = store.write(lambda tx: reported(tx, ids[3]))
    store.write(lambda tx: decided(tx, settled, ids[3]))

    waiting = [each.id for each in store.read(occurrences.awaiting_decision)]

    assert waiting == [ids[2], ids[0]]


def test_the_next_step_of_all_is_known(store: Store) -> None:
    store.write(lambda tx: occurrence(tx, unit="a", next_step_at=NOW))
    store.write(lambda tx: occurrence(tx, unit="b", next_step_at=NOW + DAY))

    assert store.read(lambda tx: occurrences.next_moment(tx, after=NOW - SECOND)) == NOW
    assert store.read(lambda tx: occurrences.next_moment(tx, after=NOW)) == NOW + DAY
    assert store.read(lambda tx: occurrences.next_moment(tx, after=NOW + DAY)) is None


def test_an_occurrence_that_never_was_is_not_found(store: Store) -> None:
    assert store.read(lambda tx: occurrences.get(tx, 404)) is None


def test_there_are_no_two_of_one_task_unit_and_period(store: Store) -> None:
    for _ in range(2):
        store.write(occurrence)

    assert len(store.read(lambda tx: tx.execute(select(table.c.id)).all())) == 1


def test_tasks_that_the_plan_has_no_more_are_archived_whole(store: Store) -> None:
    stays, goes = store.write(lambda tx: occurrence(tx, "R1")), store.write(lambda tx: occurrence(tx, "R2"))

    def archive() -> int:
        return store.write(lambda tx: occurrences.archive_other_tasks(tx, ["R1", "R3"], now=NOW))

    assert archive() == 1
    assert archive() == 0
    assert the(store, stays).ended_at is None
    assert the(store, goes).ended_at == NOW
