"""A past week is counted as it stood: whatever happens later changes nothing in it."""

from collections.abc import Callable
from datetime import datetime, timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.domain.figuring import Asking, Counted
from bot.domain.plan import Plan
from bot.domain.standing import Standing, Status, Verdict
from bot.domain.steps import Fate, Reason
from bot.store import Store, Tx, ledger, occurrences, outbox, reports, weeks
from bot.store.ledger import Entry
from bot.store.outbox import State
from tests.store.builders import DAY, HOUR, MINUTE, NOW, SECOND, decided, letter, occurrence, plan_of, reported, task

AS_OF = NOW + 5 * DAY
PLAN = plan_of()


def counted(store: Store, *, plan: Plan = PLAN, as_of: datetime = AS_OF) -> list[Counted]:
    return store.read(lambda tx: list(weeks.counted(tx, plan, as_of=as_of)))


def the(store: Store, as_of: datetime = AS_OF) -> Counted:
    (found,) = counted(store, as_of=as_of)
    return found


def test_an_occurrence_counts_from_the_moment_it_was_known(store: Store) -> None:
    store.write(lambda tx: occurrence(tx, now=AS_OF))

    assert counted(store, as_of=AS_OF - SECOND) == []
    assert len(counted(store)) == 1


def test_what_ended_counts_until_it_ended(store: Store) -> None:
    first = store.write(occurrence)
    store.write(lambda tx: occurrences.archive(tx, [first], now=AS_OF))

    assert len(counted(store, as_of=AS_OF - SECOND)) == 1
    assert counted(store) == []


def test_a_task_the_plan_has_no_more_is_not_counted(store: Store) -> None:
    store.write(lambda tx: occurrence(tx, "R9"))

    assert counted(store) == []


def test_a_report_counts_from_its_moment_with_the_notes_of_that_time(store: Store) -> None:
    first = store.write(lambda tx: occurrence(tx, due_at=AS_OF + DAY))
    report = store.write(lambda tx: reported(tx, first, status=Status.BLOCKED, note="thiếu kinh phí", now=AS_OF))

    def remark(text: str, at: datetime) -> None:
        store.write(lambda tx: reports.add_remark(tx, report_id=report, person_id=1, text=text, now=at))

    remark("đã xin", AS_OF)
    remark("đã có", AS_OF + SECOND)

    before, then, after = the(store, AS_OF - SECOND), the(store), the(store, AS_OF + SECOND)
    assert (before.status, before.note, before.standing) == (None, "", Standing.OPEN)
    assert (then.status, then.note, then.standing) == (Status.BLOCKED, "thiếu kinh phí; đã xin", Standing.WORKING)
    assert after.note == "thiếu kinh phí; đã xin; đã có"


def test_the_report_of_that_time_counts_and_not_the_latest(store: Store) -> None:
    first = store.write(lambda tx: occurrence(tx, due_at=AS_OF - DAY))
    store.write(lambda tx: reported(tx, first, status=Status.IN_PROGRESS, now=AS_OF - DAY))
    done = store.write(lambda tx: reported(tx, first, done_since=AS_OF + HOUR, now=AS_OF + HOUR))
    store.write(lambda tx: decided(tx, done, first, now=AS_OF + 2 * HOUR))

    assert the(store).standing is Standing.OVERDUE
    assert the(store, AS_OF + HOUR).standing is Standing.WAITING
    assert the(store, AS_OF + HOUR).undecided
    assert the(store, AS_OF + 2 * HOUR).standing is Standing.DONE_LATE


def test_the_due_of_that_time_counts(store: Store) -> None:
    first = store.write(lambda tx: occurrence(tx, due_at=AS_OF - DAY))
    for moved_at, due_at in ((AS_OF - HOUR, AS_OF + DAY), (AS_OF + HOUR, AS_OF + 9 * DAY)):
        store.write(
            lambda tx, at=moved_at, due=due_at: occurrences.move_due(
                tx, first, due_at=due, handled_until=None, next_step_at=None, now=at, cause=occurrences.BY_EXTENSION
            )
        )

    assert the(store, AS_OF - HOUR - SECOND).due_at == AS_OF - DAY
    assert the(store, AS_OF - HOUR).due_at == AS_OF + DAY
    assert the(store).due_at == AS_OF + DAY
    assert the(store, AS_OF + HOUR).due_at == AS_OF + 9 * DAY


def asked(tx: Tx, occurrence_id: int, key: str, *, state: State | None, at: datetime, step: str = "0d") -> None:
    """Write a step handed on to a message that ended so (None: it waits)."""
    row = outbox.put(tx, [letter(key)], now=at)[key]
    if state is not None:
        outbox.settle(tx, row, state=state, now=at)
    entry = Entry(
        occurrence_id=occurrence_id, step=step, due_at=NOW, planned_at=at, fate=Fate.HANDED, person_id=1, outbox_id=row
    )
    ledger.add(tx, [entry], now=at)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        pytest.param(State.SENT, Asking.ASKED, id="sent"),
        pytest.param(State.IN_DOUBT, Asking.IN_DOUBT, id="in doubt"),
        pytest.param(State.FAILED, Asking.FAILED, id="failed"),
        pytest.param(State.SUPERSEDED, Asking.FAILED, id="superseded"),
    ],
)
def test_how_far_a_unit_was_asked_by_then(store: Store, state: State, expected: Asking) -> None:
    first = store.write(occurrence)
    store.write(lambda tx: asked(tx, first, "k", state=state, at=AS_OF))

    assert the(store, AS_OF - SECOND).asking is Asking.NOT_YET
    assert the(store).asking is expected


def test_one_proven_message_is_enough_to_have_been_asked(store: Store) -> None:
    first = store.write(occurrence)
    for number, state in enumerate((State.FAILED, State.SENT, State.IN_DOUBT)):
        store.write(lambda tx, n=number, s=state: asked(tx, first, f"k{n}", state=s, at=AS_OF, step=f"{n}d"))

    assert the(store).asking is Asking.ASKED


def test_a_step_with_nobody_to_tell_says_so_and_a_report_shows_that_they_knew(store: Store) -> None:
    first = store.write(occurrence)
    entry = Entry(
        occurrence_id=first, step="0d", due_at=NOW, planned_at=NOW, fate=Fate.SUPPRESSED, reason=Reason.NO_CONTACT
    )
    store.write(lambda tx: ledger.add(tx, [entry], now=NOW))

    assert the(store).asking is Asking.NO_CONTACT
    store.write(lambda tx: reported(tx, first, now=AS_OF))
    assert the(store).asking is Asking.ASKED


def test_messages_in_doubt_are_counted_in_their_span(store: Store) -> None:
    def doubt(tx: Tx, key: str, at: datetime) -> None:
        row = outbox.put(tx, [letter(key)], now=NOW)[key]
        outbox.settle(tx, row, state=State.IN_DOUBT, now=at)

    for key, at in (("at the start", NOW), ("inside", NOW + SECOND), ("at the end", AS_OF), ("after", AS_OF + SECOND)):
        store.write(lambda tx, k=key, a=at: doubt(tx, k, a))

    assert store.read(lambda tx: weeks.in_doubt(tx, since=NOW, as_of=AS_OF)) == 2


def test_a_doubt_that_was_settled_later_was_a_doubt_until_then(store: Store) -> None:
    first = store.write(occurrence)
    store.write(lambda tx: asked(tx, first, "k", state=State.IN_DOUBT, at=NOW + HOUR))
    store.write(lambda tx: outbox.settle_repeated(tx, "k!", now=AS_OF))

    def doubts(as_of: datetime) -> int:
        return store.read(lambda tx: weeks.in_doubt(tx, since=NOW, as_of=as_of))

    assert (the(store, AS_OF - SECOND).asking, doubts(AS_OF - SECOND)) == (Asking.IN_DOUBT, 1)
    assert (the(store).asking, doubts(AS_OF)) == (Asking.ASKED, 0)


Event = tuple[str, int, Status, timedelta]
_NUMBERS = count(1)
EVENTS = st.lists(
    st.tuples(
        st.sampled_from(
            ["report", "decide", "extend", "remark", "ask", "doubt", "arrive", "fail", "nobody", "end", "new"]
        ),
        st.integers(0, 2),
        st.sampled_from(Status),
        st.integers(0, 4 * 24 * 60).map(lambda minutes: minutes * MINUTE),
    ),
    max_size=14,
)


def happen(tx: Tx, task_id: str, event: Event, at: datetime) -> None:
    """Let one thing happen to one unit's occurrence, where it can."""
    kind, which, status, _ = event
    unit, number = ("snv", "stc", "tamky")[which], next(_NUMBERS)
    if kind == "new":
        occurrence(tx, task_id, unit, f"p{number}", due_at=at + DAY, now=at)
        return
    live = occurrences.of_task(tx, task_id, [unit])
    if not live:
        return
    each = live[0]
    doing: dict[str, Callable[[], object]] = {
        "report": lambda: reported(tx, each.id, status=status, note=f"ghi {number}", done_since=at, now=at),
        "decide": lambda: each.report_id and decided(tx, each.report_id, each.id, verdict=Verdict.ACCEPT, now=at),
        "extend": lambda: occurrences.move_due(
            tx,
            each.id,
            due_at=at + 2 * DAY,
            handled_until=None,
            next_step_at=None,
            now=at,
            cause=occurrences.BY_EXTENSION,
        ),
        "remark": lambda: (
            each.report_id
            and reports.add_remark(tx, report_id=each.report_id, person_id=1, text=f"thêm {number}", now=at)
        ),
        "ask": lambda: asked(tx, each.id, f"k{number}", state=State.SENT, at=at, step=f"s{number}"),
        "doubt": lambda: asked(tx, each.id, f"k{number}", state=State.IN_DOUBT, at=at, step=f"s{number}"),
        "arrive": lambda: [outbox.settle_repeated(tx, f"k{older}!", now=at) for older in range(number - 9, number)],
        "fail": lambda: asked(tx, each.id, f"k{number}", state=State.FAILED, at=at, step=f"s{number}"),
        "nobody": lambda: ledger.add(
            tx,
            [
                Entry(
                    occurrence_id=each.id,
                    step=f"s{number}",
                    due_at=NOW,
                    planned_at=at,
                    fate=Fate.SUPPRESSED,
                    reason=Reason.NO_CONTACT,
                )
            ],
            now=at,
        ),
        "end": lambda: occurrences.archive(tx, [each.id], now=at),
    }
    doing[kind]()


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(before=EVENTS, after=EVENTS)
def test_whatever_happens_later_changes_nothing_in_a_week(
    store: Store, before: list[Event], after: list[Event]
) -> None:
    task_id = f"T{next(_NUMBERS)}"
    plan = plan_of(task(task_id))

    def happen_all(tx: Tx, events: list[Event], start: datetime) -> None:
        for event in sorted(events, key=lambda event: event[3]):
            happen(tx, task_id, event, start + event[3])

    def begin(tx: Tx) -> None:
        for unit in ("snv", "stc", "tamky"):
            occurrence(tx, task_id, unit, due_at=NOW + 2 * DAY)
        happen_all(tx, before, NOW)

    store.write(begin)
    then = counted(store, plan=plan)
    store.write(lambda tx: happen_all(tx, after, AS_OF + SECOND))

    assert counted(store, plan=plan) == then
