"""A bundle that still waits when a newer one says all of it: the older does not go."""

import pytest

from bot.domain.steps import Fate
from bot.store import Store, ledger, outbox
from bot.store.ledger import Entry
from bot.store.outbox import Lane, State
from tests.store.builders import DAY, NOW, letter, occurrence, posted

PERSON = 7
LATER = NOW + DAY


def bundle(store: Store, key: str, *tasks: str, person_id: int = PERSON, lane: Lane = Lane.REMINDER) -> None:
    """Put a bundle that names these tasks, as the morning's tick does; a key with "#" is the last of two parts."""

    def put(tx):
        whole = letter(key, lane=lane, person_id=person_id)
        rows = [letter(key.replace("#2", "#1"), lane=lane, person_id=person_id), whole] if "#" in key else [whole]
        ids = outbox.put(tx, rows, now=NOW)
        entries = [
            Entry(
                occurrence_id=occurrence(tx, task),
                step=key,
                due_at=NOW + 4 * DAY,
                planned_at=NOW,
                fate=Fate.HANDED,
                person_id=person_id,
                outbox_id=ids[key],
            )
            for task in tasks
        ]
        ledger.add(tx, entries, now=NOW)

    store.write(put)


def supersede(store: Store, *keys: str) -> int:
    return store.write(lambda tx: outbox.supersede(tx, person_ids={PERSON}, by_keys=keys, now=LATER))


def state(store: Store, key: str) -> str:
    (found,) = {(line.fate, line.reason) for line in store.read(ledger.lines) if line.step == key}
    return " ".join(found).strip()


@pytest.mark.parametrize("lane", [Lane.REMINDER, Lane.LAST_CALL])
def test_a_waiting_bundle_whose_tasks_a_newer_one_names_is_superseded_and_the_ledger_says_so(
    store: Store, lane: Lane
) -> None:
    bundle(store, "remind:1", "R1", lane=lane)
    bundle(store, "remind:2", "R1", "R2")

    assert supersede(store, "remind:2") == 1

    assert (state(store, "remind:1"), state(store, "remind:2")) == ("superseded newer_bundle", "waiting")
    claimed = store.write(lambda tx: outbox.claim(tx, now=NOW, limit=9, slowest=Lane.SUMMARY))
    assert [each.key for each in claimed] == ["remind:2"]
    assert store.read(outbox.counts)["fake", "superseded"] == 1


def test_a_bundle_with_a_task_that_no_newer_one_names_goes_its_way(store: Store) -> None:
    bundle(store, "remind:1", "R1", "R2")
    bundle(store, "remind:2", "R1")

    assert supersede(store, "remind:2") == 0
    assert state(store, "remind:1") == "waiting"


def test_every_part_of_a_long_bundle_is_superseded_with_it(store: Store) -> None:
    bundle(store, "remind:1#2", "R1")
    bundle(store, "remind:2", "R1")

    assert supersede(store, "remind:2") == 2


@pytest.mark.parametrize(
    ("key", "person_id", "lane"),
    [
        pytest.param("remind:1", 8, Lane.REMINDER, id="somebody else's"),
        pytest.param("escalate:1", PERSON, Lane.ESCALATION, id="an escalation"),
        pytest.param("other:1", PERSON, Lane.REMINDER, id="no bundle"),
    ],
)
def test_nothing_else_is_superseded(store: Store, key: str, person_id: int, lane: Lane) -> None:
    bundle(store, key, "R1", person_id=person_id, lane=lane)
    bundle(store, "remind:2", "R1")

    assert supersede(store, "remind:2") == 0


def test_what_is_on_its_way_and_a_marked_repeat_are_not_superseded(store: Store) -> None:
    bundle(store, "remind:1", "R1", lane=Lane.LAST_CALL)
    store.write(lambda tx: outbox.claim(tx, now=NOW, limit=1, slowest=Lane.SUMMARY))
    bundle(store, "remind:2", "R1")
    assert supersede(store, "remind:2") == 0

    (row,) = store.write(lambda tx: outbox.doubt_stale(tx, now=NOW, epoch=0))
    store.write(lambda tx: outbox.repeat(tx, row, mark="(có thể trùng)", now=NOW))

    assert supersede(store, "remind:2") == 0
    assert store.read(outbox.counts) == {("fake", "in_doubt"): 1, ("fake", "waiting"): 2}


def test_a_superseded_message_does_not_count_as_asked(store: Store) -> None:
    bundle(store, "remind:1", "R1")
    bundle(store, "remind:2", "R1")
    supersede(store, "remind:2")

    assert store.read(lambda tx: ledger.told(tx, [1])) == frozenset()
    ids = posted(store, letter("remind:2"))
    store.write(lambda tx: outbox.settle(tx, ids["remind:2"], state=State.SENT, now=LATER))
    assert store.read(lambda tx: ledger.told(tx, [1])) == {1}
