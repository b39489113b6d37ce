"""The ledger: one fate a step, an occurrence, a due and a person, and what became of what was handed on."""

import pytest

from bot.domain.steps import Fate, Reason
from bot.store import Store, ledger, outbox
from bot.store.ledger import CHUNK, Entry
from bot.store.outbox import State
from tests.store.builders import DAY, NOW, SECOND, letter, occurrence, posted


def entry(
    occurrence_id: int,
    *,
    step: str = "-3d",
    due_at=NOW + 4 * DAY,
    fate: Fate = Fate.HANDED,
    reason: Reason | None = None,
    person_id: int = 1,
    outbox_id: int | None = None,
) -> Entry:
    return Entry(
        occurrence_id=occurrence_id,
        step=step,
        due_at=due_at,
        planned_at=NOW,
        fate=fate,
        reason=reason,
        person_id=person_id,
        outbox_id=outbox_id,
    )


def write(store: Store, *entries: Entry) -> None:
    store.write(lambda tx: ledger.add(tx, entries, now=NOW))


def test_a_fate_is_written_once_and_stays_as_it_was(store: Store) -> None:
    first = store.write(occurrence)
    write(store, entry(first, fate=Fate.SUPPRESSED, reason=Reason.PAUSED))
    write(store, entry(first, fate=Fate.CANCELLED), entry(first, fate=Fate.CANCELLED))

    (line,) = store.read(ledger.lines)

    assert (line.fate, line.reason, line.step, line.task, line.unit) == ("suppressed", "paused", "-3d", "R1", "stc")


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"step": "0d"}, id="another step"),
        pytest.param({"due_at": NOW + 2 * DAY}, id="the due has moved"),
        pytest.param({"person_id": 2}, id="another person"),
    ],
)
def test_what_differs_has_a_fate_of_its_own(store: Store, other: dict[str, object]) -> None:
    first = store.write(occurrence)

    write(store, entry(first, fate=Fate.SUPERSEDED))
    write(store, entry(first, fate=Fate.SUPERSEDED, **other))  # type: ignore[arg-type]

    assert len(store.read(ledger.lines)) == 2


@pytest.mark.parametrize("state", [State.SENT, State.FAILED, State.IN_DOUBT])
def test_the_fate_of_a_step_that_was_handed_on_is_that_of_its_message(store: Store, state: State) -> None:
    first = store.write(occurrence)
    row = posted(store, letter("k"))["k"]
    write(store, entry(first, outbox_id=row))

    assert store.read(ledger.lines)[0].fate == "waiting"
    store.write(lambda tx: outbox.settle(tx, row, state=state, now=NOW + SECOND, reason="why"))

    (line,) = store.read(ledger.lines)
    assert (line.fate, line.reason, line.channel, line.at) == (state, "why", "fake", NOW + SECOND)
    assert store.read(lambda tx: ledger.told(tx, [first])) == ({first} if state is State.SENT else frozenset())


def test_told_is_only_what_was_proven_sent_about_the_one_asked_for(store: Store) -> None:
    told, not_told, another = (store.write(lambda tx, u=unit: occurrence(tx, unit=u)) for unit in "abc")
    rows = posted(store, letter("k"), letter("l"), letter("m"))
    write(store, entry(told, outbox_id=rows["k"]), entry(not_told, outbox_id=rows["l"]))
    write(store, entry(another, outbox_id=rows["m"]), entry(not_told, step="0d", fate=Fate.SUPPRESSED))
    for key in "km":
        store.write(lambda tx, k=key: outbox.settle(tx, rows[k], state=State.SENT, now=NOW))

    assert store.read(lambda tx: ledger.told(tx, [told, not_told])) == {told}
    assert store.read(lambda tx: ledger.told(tx, [])) == frozenset()
    assert store.read(lambda tx: ledger.told(tx, [*range(10**6, 10**6 + CHUNK), told])) == {told}


def test_the_ledger_is_read_by_task_and_unit(store: Store) -> None:
    for task, unit in (("R1", "a"), ("R2", "a"), ("R1", "b")):
        each = store.write(lambda tx, t=task, u=unit: occurrence(tx, t, u))
        write(store, entry(each, fate=Fate.SUPERSEDED))

    def read(**which: str) -> list[tuple[str, str]]:
        return [(line.task, line.unit) for line in store.read(lambda tx: ledger.lines(tx, **which))]

    assert read() == [("R1", "a"), ("R2", "a"), ("R1", "b")]
    assert read(task="r1") == [("R1", "a"), ("R1", "b")]
    assert read(unit="a") == [("R1", "a"), ("R2", "a")]
    assert read(task="R2", unit="b") == []


@pytest.mark.parametrize(
    "other",
    [
        pytest.param({"step": "head+3wd"}, id="a report to the head"),
        pytest.param({"step": "office+7wd"}, id="a report to the office"),
        pytest.param({"due_at": NOW + DAY}, id="a message about the due before"),
    ],
)
def test_what_went_upward_or_spoke_of_another_due_proves_nothing(store: Store, other: dict[str, object]) -> None:
    first = store.write(occurrence)
    row = posted(store, letter("k"))["k"]
    write(store, entry(first, outbox_id=row, **other))  # type: ignore[arg-type]
    store.write(lambda tx: outbox.settle(tx, row, state=State.SENT, now=NOW))

    assert store.read(lambda tx: ledger.told(tx, [first])) == frozenset()
