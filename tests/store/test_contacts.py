"""Chats: which one somebody is written to in, what becomes of it when it is gone, and linking another."""

from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.domain.plan import Role
from bot.store import Store, contacts, notices, outbox, people
from bot.store.contacts import Link
from bot.store.notices import NoticeKind
from bot.store.tables import outbox as letters
from tests.store.builders import DAY, NOW, joined, letter, posted


def chats(store: Store, role: Role = Role.FOCAL) -> dict[str, list[str]]:
    found = store.read(lambda tx: contacts.addressees(tx, role))
    return {unit: [f"{each.channel}:{each.chat_id}" for each in people] for unit, people in found.items()}


def link(store: Store, person: int, chat: str, channel: str = "other") -> Link:
    return store.write(lambda tx: contacts.link(tx, person_id=person, channel=channel, chat_id=chat))


def gone(store: Store, chat: str, channel: str = "fake", why: str = "Forbidden: bot was blocked by the user") -> None:
    store.write(lambda tx: contacts.mark_gone(tx, channel=channel, chat_id=chat, why=why, now=NOW))


def back(store: Store, chat: str, channel: str = "fake") -> None:
    store.write(lambda tx: contacts.mark_back(tx, channel=channel, chat_id=chat))


def standing(store: Store) -> dict[str, NoticeKind]:
    return {each.key: each.kind for each in store.read(notices.standing)}


def test_who_has_two_chats_is_written_to_in_the_first_that_works(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))

    assert link(store, person, "z") is Link.LINKED
    assert chats(store) == {"stc": ["fake:a"]}

    gone(store, "a")
    assert chats(store) == {"stc": ["other:z"]}
    back(store, "a")
    assert chats(store) == {"stc": ["fake:a"]}


def test_people_stand_in_the_order_they_joined_whatever_chat_they_are_reached_in(store: Store) -> None:
    first = store.write(lambda tx: joined(tx, "a"))
    store.write(lambda tx: joined(tx, "b"))
    link(store, first, "z")

    gone(store, "a")

    assert chats(store) == {"stc": ["other:z", "fake:b"]}


def test_both_chats_are_the_same_person_and_the_list_of_people_names_both(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    link(store, person, "z")

    found = [
        store.read(lambda tx, at=at: people.by_chat(tx, channel=at[0], user_id=at[1]))
        for at in (("fake", "a"), ("other", "z"))
    ]

    assert [each.id for each in found if each] == [person, person]
    assert [each.channels for each in store.read(people.listed)] == [("fake", "other")]


def test_a_chat_of_somebody_else_is_not_taken_from_them(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    store.write(lambda tx: joined(tx, "z", channel="other", unit="snv"))

    assert link(store, person, "z") is Link.FOREIGN
    assert chats(store) == {"stc": ["fake:a"], "snv": ["other:z"]}


@pytest.mark.parametrize("is_revoked", [True, False], ids=["revoked", "unknown"])
def test_nobody_without_rights_gets_a_further_chat(store: Store, is_revoked: bool) -> None:
    person = store.write(lambda tx: joined(tx, "a")) if is_revoked else 99
    store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW))

    assert link(store, person, "z") is Link.NOBODY
    assert store.read(lambda tx: people.by_chat(tx, channel="other", user_id="z")) is None


def test_a_new_account_on_the_same_channel_takes_the_place_of_the_old_one_with_all_that_waits(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    link(store, person, "z")
    posted(store, replace(letter("mine"), person_id=person), letter("the group's"))

    assert link(store, person, "b", channel="fake") is Link.MOVED

    assert chats(store) == {"stc": ["fake:b"]}
    assert store.read(lambda tx: people.by_chat(tx, channel="fake", user_id="a")) is None
    rows = store.read(lambda tx: tx.execute(select(letters.c.key, letters.c.chat_id)).all())
    assert {row.key: row.chat_id for row in rows} == {"mine": "b", "the group's": "a"}


def test_linking_a_chat_that_is_linked_changes_nothing_but_heals_it(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    link(store, person, "z")
    gone(store, "a")

    assert link(store, person, "a", channel="fake") is Link.LINKED

    assert chats(store) == {"stc": ["fake:a"]}
    assert [chat.chat_id for chat in store.read(lambda tx: contacts.chats_of(tx, person))] == ["a", "z"]


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        pytest.param("Forbidden: bot was blocked by the user", "blocked", id="blocked"),
        pytest.param("Forbidden: user is deactivated", "deactivated", id="deactivated"),
        pytest.param("left", "left", id="left"),
        pytest.param("Bad Request: chat not found", "unreachable", id="anything else"),
        pytest.param("Chị Lan 0905 123 456", "unreachable", id="never the network's own words"),
    ],
)
def test_the_admins_see_whose_chat_is_gone_by_unit_and_role_and_never_by_name(
    store: Store, why: str, reason: str
) -> None:
    store.write(lambda tx: joined(tx, "12345"))

    gone(store, "12345", why=why)

    (notice,) = store.read(notices.standing)
    assert notice.kind is NoticeKind.CONTACT_GONE
    assert notice.words == {
        "unit": "stc",
        "role": "focal",
        "channel": "fake",
        "reason": reason,
    }
    assert notice.since == NOW
    assert "12345" not in notice.key


def test_a_chat_that_is_gone_twice_is_noticed_once_and_keeps_its_first_day(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    gone(store, "a")

    store.write(lambda tx: contacts.mark_gone(tx, channel="fake", chat_id="a", why="left", now=NOW + DAY))

    assert len(standing(store)) == 1
    assert [chat.gone_at for chat in store.read(lambda tx: contacts.chats_of(tx, person))] == [NOW]


def test_a_message_from_the_person_heals_the_chat_and_clears_the_notices(store: Store) -> None:
    store.write(lambda tx: joined(tx, "a"))
    gone(store, "a")
    raise_unreachable(store, "stc")

    back(store, "a")

    assert chats(store) == {"stc": ["fake:a"]}
    assert standing(store) == {}


def raise_unreachable(store: Store, unit: str) -> None:
    key, kind = contacts.unit_notice(unit), NoticeKind.UNIT_UNREACHABLE
    store.write(lambda tx: notices.raise_notice(tx, key=key, kind=kind, words={"unit": unit}, now=NOW))


@pytest.mark.parametrize(
    ("role", "is_cleared"),
    [(Role.FOCAL, True), (Role.HEAD, True), (Role.MANAGER, False), (Role.ADMIN, False)],
)
def test_a_unit_is_reachable_again_when_somebody_joins_who_is_asked_for_it(
    store: Store, role: Role, is_cleared: bool
) -> None:
    raise_unreachable(store, "stc")
    raise_unreachable(store, "snv")

    store.write(lambda tx: joined(tx, "a", role=role))

    assert set(standing(store)) == ({"unreachable:snv"} if is_cleared else {"unreachable:snv", "unreachable:stc"})


def test_a_unit_is_reachable_again_by_a_further_chat(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    gone(store, "a")
    raise_unreachable(store, "stc")

    link(store, person, "z")

    assert set(standing(store).values()) == {NoticeKind.CONTACT_GONE}  # the first chat is still gone


def test_a_chat_of_somebody_without_rights_concerns_nobody(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    gone(store, "a")

    store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW))
    gone(store, "a")
    gone(store, "a stranger's")

    assert standing(store) == {}


def test_a_person_may_have_a_chat_on_each_of_three_channels_in_the_order_they_were_linked(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    for channel in ("second", "third"):
        link(store, person, "x", channel=channel)

    gone(store, "a")
    gone(store, "x", channel="second")

    assert chats(store) == {"stc": ["third:x"]}
    gone(store, "x", channel="third")
    assert chats(store) == {}
    assert [each.reachable for each in store.read(people.listed)] == [False]
    assert store.read(outbox.counts) == {}
