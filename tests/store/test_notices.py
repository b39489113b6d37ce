"""Notices: a matter is noted once while it lasts, told once, and noted anew when it comes back."""

import pytest

from bot.store import Store, notices
from bot.store.notices import WORDS, NoticeKind
from tests.store.builders import HOUR, NOW, at_once


def noted(store: Store, key: str, *, at=NOW, count: str = "1") -> bool:
    words = {"check": "inbox_waits", "count": count}
    return store.write(lambda tx: notices.raise_notice(tx, key=key, kind=NoticeKind.AUDIT, words=words, now=at))


def keys(store: Store) -> list[str]:
    return [each.key for each in store.read(notices.standing)]


def untold(store: Store) -> list[str]:
    return [each.key for each in store.read(notices.untold)]


def test_a_matter_is_noted_once_and_stays_as_it_was_first_noted(store: Store) -> None:
    assert noted(store, "audit:a", count="3")
    assert not noted(store, "audit:a", at=NOW + HOUR, count="5")

    (found,) = store.read(notices.standing)
    assert found.kind is NoticeKind.AUDIT
    assert (found.since, found.words["count"], found.told_at) == (NOW, "3", None)


def test_two_that_note_the_same_matter_at_once_note_it_once(store: Store) -> None:
    def note(tx):
        words = {"unit": "snv"}
        return notices.raise_notice(tx, key="unit:snv", kind=NoticeKind.UNIT_UNREACHABLE, words=words, now=NOW)

    assert sorted(at_once(store, note, note, note)) == [False, False, True]
    assert keys(store) == ["unit:snv"]


def test_what_was_told_stands_but_is_not_told_again(store: Store) -> None:
    noted(store, "audit:a")
    noted(store, "audit:b")
    store.write(lambda tx: notices.tell(tx, ["audit:a"], now=NOW + HOUR))

    assert untold(store) == ["audit:b"]
    assert keys(store) == ["audit:a", "audit:b"]
    assert not noted(store, "audit:a")
    assert untold(store) == ["audit:b"]
    assert store.read(notices.standing)[0].told_at == NOW + HOUR


def test_what_is_over_is_gone_and_told_anew_when_it_comes_back(store: Store) -> None:
    noted(store, "audit:a")
    store.write(lambda tx: notices.tell(tx, ["audit:a"], now=NOW))

    assert store.write(lambda tx: notices.clear(tx, "audit:a"))
    assert not store.write(lambda tx: notices.clear(tx, "audit:a"))
    assert keys(store) == []
    assert noted(store, "audit:a", at=NOW + HOUR)
    assert untold(store) == ["audit:a"]


@pytest.mark.parametrize(
    ("kept", "stand"),
    [
        pytest.param([], ["other:a", "AUDIT:A", "audit"], id="none of them lasts"),
        pytest.param(["audit:a"], ["audit:a", "other:a", "AUDIT:A", "audit"], id="one lasts"),
        pytest.param(["audit:a", "audit:b", "audit:%"], ["audit:a", "audit:b", "audit:%", "other:a", "AUDIT:A", "audit"],
                     id="all last"),
    ],
)  # fmt: skip
def test_of_a_family_all_but_what_lasts_is_cleared_and_no_other(
    store: Store, kept: list[str], stand: list[str]
) -> None:
    for key in ("audit:a", "audit:b", "audit:%", "other:a", "AUDIT:A", "audit"):
        noted(store, key)

    store.write(lambda tx: notices.clear_except(tx, "audit:", kept))

    assert keys(store) == stand


@pytest.mark.parametrize("kind", NoticeKind)
def test_a_notice_without_a_word_that_its_sentence_needs_is_refused(store: Store, kind: NoticeKind) -> None:
    for missing in WORDS[kind]:
        words = {name: "x" for name in WORDS[kind] if name != missing}
        with pytest.raises(ValueError, match=missing):
            store.write(lambda tx, words=words: notices.raise_notice(tx, key="k", kind=kind, words=words, now=NOW))
    assert keys(store) == []


def test_every_kind_says_which_words_it_needs() -> None:
    assert set(WORDS) == set(NoticeKind)
