"""Proposed catalogues and the admins' words: one waits, a word a person, the newest revision runs."""

import pytest

from bot.domain.plan import Role
from bot.store import Store, Tx, people, proposals, revisions
from bot.store.proposals import ProposalState
from tests.store.builders import DAY, NOW

TEXTS = {"plan": "a: «ă»\n", "units": "", "calendar": ""}


def put(store: Store, digest: str = "d1", *, needs: int = 1) -> int:
    values = {"digest": digest, "texts": TEXTS, "effects": {"touched": 3}, "over": 1, "needs": needs}
    return store.write(lambda tx: proposals.propose(tx, **values, now=NOW))


def joined(store: Store, *names: str) -> list[int]:
    def join(tx: Tx) -> list[int]:
        role = {"unit": "snv", "role": Role.ADMIN, "now": NOW}
        return [people.join(tx, channel="fake", user_id=name, name=name, **role).id for name in names]

    return store.write(join)


def says(store: Store, number: int, person: int, *, yes: bool = True) -> int:
    return store.write(lambda tx: proposals.consent_to(tx, number, person_id=person, says_yes=yes, now=NOW))


def test_a_proposal_is_kept_whole(store: Store) -> None:
    number = put(store, needs=2)

    for found in (
        store.read(proposals.waiting),
        store.read(proposals.newest),
        store.write(lambda tx: proposals.get(tx, number, lock=True)),
    ):
        assert found is not None
        assert (found.id, found.digest, found.over, found.needs) == (number, "d1", 1, 2)
        assert (found.state, found.effects, found.proposed_at) == (ProposalState.OPEN, {"touched": 3}, NOW)
        assert found.settled_at is None
    assert store.read(lambda tx: proposals.texts_of(tx, number)) == TEXTS


def test_one_waits_and_a_new_one_takes_its_place(store: Store) -> None:
    first = put(store)
    store.write(lambda tx: proposals.settle(tx, first, ProposalState.AGREED, now=NOW))

    second = put(store, "d2")

    waiting, old = store.read(proposals.waiting), store.read(lambda tx: proposals.get(tx, first))
    assert waiting is not None
    assert old is not None
    assert (waiting.id, old.state, old.settled_at) == (second, ProposalState.SUPERSEDED, NOW)


@pytest.mark.parametrize(
    ("state", "waits"),
    [("open", True), ("agreed", True), ("applied", False), ("refused", False), ("superseded", False)],
)
def test_what_is_open_or_agreed_to_waits(store: Store, state: str, waits: bool) -> None:
    number = put(store)

    store.write(lambda tx: proposals.settle(tx, number, ProposalState(state), now=NOW + DAY))

    assert (store.read(proposals.waiting) is not None) is waits
    found = store.read(proposals.newest)
    assert found is not None
    assert found.settled_at == (None if waits else NOW + DAY)
    assert store.write(lambda tx: proposals.supersede(tx, now=NOW)) is waits


def test_each_person_has_one_word_and_the_last_counts(store: Store) -> None:
    number, (son, ha) = put(store, needs=2), joined(store, "Sơn", "Hà")

    assert [says(store, number, son) for _ in range(2)] == [1, 1]
    assert says(store, number, ha) == 2
    assert store.read(lambda tx: proposals.agreed_by(tx, number)) == ("Sơn", "Hà")
    assert says(store, number, son, yes=False) == 1
    assert store.read(lambda tx: proposals.agreed_by(tx, number)) == ("Hà",)


def test_every_revision_is_kept_with_who_and_how(store: Store) -> None:
    assert store.read(revisions.history) == ()
    assert store.read(revisions.latest_about) is None
    assert store.read(revisions.latest_id) is None
    about = {"who": "an", "cause": "command", "effects": {"touched": 1}}
    numbers = [
        store.write(lambda tx: revisions.add(tx, digest="d1", texts=TEXTS, now=NOW)),
        store.write(lambda tx: revisions.add(tx, digest="d2", texts=TEXTS, now=NOW + DAY, **about)),
    ]

    newest, oldest = store.read(revisions.history)
    assert [oldest.id, newest.id] == numbers
    assert (oldest.who, oldest.cause, oldest.effects) == ("", "start", {})
    assert (newest.who, newest.cause, newest.effects, newest.applied_at) == (*about.values(), NOW + DAY)
    assert store.read(revisions.latest_about) == newest
    assert store.read(revisions.latest_id) == newest.id
    whole = store.read(lambda tx: revisions.get(tx, newest.id))
    assert whole == store.read(revisions.latest)
    assert whole is not None
    assert whole.texts == TEXTS
    assert store.read(lambda tx: revisions.get(tx, 99)) is None
