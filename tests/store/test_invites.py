"""One-time codes: hashed at rest, expiring at the edge, used once, slow to guess."""

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import select

from bot.domain.plan import Role
from bot.store import Store, Tx, invites
from bot.store.invites import ALPHABET, GUESS_WINDOW, GUESSES_OVERALL, GUESSES_PER_CHAT, Invitation, Refusal
from bot.store.tables import guess, invite
from tests.store.builders import DAY, NOW, SECOND, at_once, joined

CODE = "K7QP-2M9X-RTVB"


def invited(store: Store, code: str = CODE, *, days: int = 7) -> None:
    store.write(
        lambda tx: invites.create(tx, code=code, unit="stc", role=Role.FOCAL, name="Chị Lan", now=NOW, days=days)
    )


def typed(store: Store, code: str, *, chat_id: str = "a", now=NOW) -> Invitation | Refusal:
    return store.write(lambda tx: invites.redeem(tx, code=code, channel="fake", chat_id=chat_id, now=now))


def test_a_code_gives_what_it_was_made_for(store: Store) -> None:
    invited(store)

    found = typed(store, CODE)

    assert isinstance(found, Invitation)
    assert (found.unit, found.role, found.name) == ("stc", Role.FOCAL, "Chị Lan")


def test_a_code_stands_nowhere_in_the_database(store: Store) -> None:
    invited(store)

    rows = store.read(lambda tx: tx.execute(select(invite)).all())

    stored = " ".join(str(value) for row in rows for value in row)
    assert CODE not in stored
    assert CODE.replace("-", "") not in stored


@pytest.mark.parametrize(
    "written",
    [
        pytest.param("k7qp-2m9x-rtvb", id="small letters"),
        pytest.param("K7QP2M9XRTVB", id="no hyphens"),
        pytest.param("  K7QP 2M9X RTVB\n", id="spaces around and between"),
        pytest.param("k 7 q p – 2 m 9 x – r t v b", id="letter by letter, long dashes"),
        pytest.param("K7QP\u00a02M9X\u200bRTVB.", id="hard space, invisible space, full stop"),
    ],
)
def test_a_code_is_taken_however_it_is_written(store: Store, written: str) -> None:
    invited(store)

    assert invites.looks_like_code(written)
    assert isinstance(typed(store, written), Invitation)


@pytest.mark.parametrize(
    ("later", "is_taken"),
    [
        pytest.param(7 * DAY - SECOND, True, id="a second before"),
        pytest.param(7 * DAY, False, id="exactly at the end"),
        pytest.param(7 * DAY + SECOND, False, id="a second after"),
    ],
)
def test_a_code_ends_at_its_moment(store: Store, later, is_taken: bool) -> None:
    invited(store, days=7)

    assert isinstance(typed(store, CODE, now=NOW + later), Invitation) is is_taken


def test_a_code_works_once(store: Store) -> None:
    invited(store)
    typed(store, CODE)

    assert typed(store, CODE, chat_id="b") is Refusal.UNKNOWN


def test_of_two_who_type_a_code_at_once_one_gets_in(store: Store) -> None:
    invited(store)

    def redeem(chat_id: str):
        return lambda tx: invites.redeem(tx, code=CODE, channel="fake", chat_id=chat_id, now=NOW)

    found = at_once(store, *(redeem(chat) for chat in "abcd"))

    assert sum(isinstance(each, Invitation) for each in found) == 1
    assert found.count(Refusal.UNKNOWN) == 3


def test_who_used_a_code_is_remembered(store: Store) -> None:
    invited(store)
    found = typed(store, CODE)
    assert isinstance(found, Invitation)

    def use(tx: Tx) -> int:
        person = joined(tx, "a")
        invites.set_user(tx, invite_id=found.id, person_id=person)
        return person

    person = store.write(use)

    assert store.read(lambda tx: tx.execute(select(invite.c.used_by)).scalar()) == person


def test_after_five_wrong_codes_a_chat_waits_and_others_do_not(store: Store) -> None:
    invited(store)
    wrong = [typed(store, f"WRONG{number}") for number in range(GUESSES_PER_CHAT)]

    assert wrong == [Refusal.UNKNOWN] * GUESSES_PER_CHAT
    assert typed(store, CODE) is Refusal.TOO_MANY
    assert isinstance(typed(store, CODE, chat_id="b"), Invitation)


@pytest.mark.parametrize(
    ("later", "is_taken"),
    [
        pytest.param(GUESS_WINDOW, False, id="exactly at the end of the wait"),
        pytest.param(GUESS_WINDOW + SECOND, True, id="a second after"),
    ],
)
def test_the_wait_ends(store: Store, later, is_taken: bool) -> None:
    invited(store)
    for number in range(GUESSES_PER_CHAT):
        typed(store, f"WRONG{number}")

    assert isinstance(typed(store, CODE, now=NOW + later), Invitation) is is_taken


def test_many_chats_guessing_together_are_slowed_down(store: Store) -> None:
    invited(store)
    rows = [{"channel": "fake", "chat_id": f"g{number}", "at": NOW} for number in range(GUESSES_OVERALL - 1)]
    store.write(lambda tx: tx.execute(guess.insert(), rows))

    assert typed(store, "WRONG", chat_id="last") is Refusal.UNKNOWN
    assert typed(store, CODE, chat_id="new") is Refusal.TOO_MANY


def test_an_alphabet_without_letters_that_are_read_wrong() -> None:
    assert not set("01OIL") & set(ALPHABET)


@given(st.randoms(use_true_random=False), st.text(" -\t.", max_size=3))
def test_whatever_code_is_made_is_known_as_one_in_any_writing(chance, gap: str) -> None:
    code = invites.new_code()
    written = gap.join(letter.lower() if chance.random() < 0.5 else letter for letter in code)

    assert invites.looks_like_code(code)
    assert invites.looks_like_code(written)


@given(st.text(string.ascii_letters + string.digits + " ", max_size=20))
def test_what_has_another_length_or_other_letters_is_no_code(text: str) -> None:
    bare = text.replace(" ", "").upper()
    is_one = len(bare) == 12 and set(bare) <= set(ALPHABET) and bool(set(bare) & set(string.digits))

    assert invites.looks_like_code(text) is is_one


@pytest.mark.parametrize(
    "text", ["em dang xem xet", "Em đang xem xét", "", "xong", "K7QP-2M9X-RTV", "K7QP-2M9X-RTVBB", "O7QP-2M9X-RTVB"]
)
def test_an_answer_is_not_taken_for_a_code(text: str) -> None:
    assert not invites.looks_like_code(text)
