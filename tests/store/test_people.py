"""People: joining, several roles, leaving and coming back, who can be written to, groups."""

from dataclasses import replace

import pytest
from sqlalchemy import insert
from sqlalchemy.exc import IntegrityError

from bot.domain.plan import Role
from bot.store import Store, contacts, outbox, people
from bot.store.tables import membership
from tests.store.builders import DAY, NOW, joined, letter, posted


def chats(store: Store, role: Role = Role.FOCAL) -> dict[str, list[str]]:
    return {
        unit: [each.chat_id for each in found]
        for unit, found in store.read(lambda tx: contacts.addressees(tx, role)).items()
    }


def test_who_joins_is_known_by_their_chat(store: Store) -> None:
    joined_as = store.write(lambda tx: joined(tx, "a"))

    found = store.read(lambda tx: people.by_chat(tx, channel="fake", user_id="a"))

    assert found is not None
    assert found.id == joined_as
    assert found.units_as(Role.FOCAL) == ("stc",)
    assert store.read(lambda tx: people.by_chat(tx, channel="other", user_id="a")) is None
    assert store.read(lambda tx: people.by_chat(tx, channel="fake", user_id="b")) is None


def test_a_second_code_on_the_same_chat_adds_a_role_to_the_same_person(store: Store) -> None:
    first = store.write(lambda tx: joined(tx, "a"))
    second = store.write(lambda tx: joined(tx, "a", unit="snv", role=Role.OFFICE))
    store.write(lambda tx: joined(tx, "a"))

    found = store.read(lambda tx: people.by_id(tx, first))

    assert first == second
    assert found is not None
    assert [(held.unit, held.role) for held in found.memberships] == [("stc", Role.FOCAL), ("snv", Role.OFFICE)]
    assert found.is_a(Role.OFFICE)
    assert not found.is_a(Role.ADMIN)


def test_who_was_revoked_is_a_stranger_and_is_written_to_no_more(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))

    assert store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW))

    assert store.read(lambda tx: people.by_chat(tx, channel="fake", user_id="a")) is None
    assert chats(store) == {}
    assert store.read(people.listed) == ()
    assert store.read(people.names) == {person: "Người a"}
    assert not store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW))


def test_who_comes_back_has_only_the_new_role(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a", role=Role.ADMIN))
    store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW))

    again = store.write(lambda tx: joined(tx, "a", unit="tamky"))

    found = store.read(lambda tx: people.by_chat(tx, channel="fake", user_id="a"))
    assert again == person
    assert found is not None
    assert [(held.unit, held.role) for held in found.memberships] == [("tamky", Role.FOCAL)]


def test_a_chat_that_is_gone_is_left_out_until_it_is_back(store: Store) -> None:
    store.write(lambda tx: joined(tx, "a"))
    store.write(lambda tx: joined(tx, "b"))

    store.write(lambda tx: contacts.mark_gone(tx, channel="fake", chat_id="a", why="blocked", now=NOW))
    assert chats(store) == {"stc": ["b"]}
    assert {each.name: each.reachable for each in store.read(people.listed)} == {"Người a": False, "Người b": True}

    store.write(lambda tx: contacts.mark_back(tx, channel="fake", chat_id="a"))
    assert chats(store) == {"stc": ["a", "b"]}


def test_a_chat_is_gone_on_its_own_channel_only(store: Store) -> None:
    store.write(lambda tx: joined(tx, "a"))

    store.write(lambda tx: contacts.mark_gone(tx, channel="other", chat_id="a", why="blocked", now=NOW))

    assert chats(store) == {"stc": ["a"]}


def test_everybody_of_a_role_is_written_to_once_a_unit(store: Store) -> None:
    store.write(lambda tx: joined(tx, "a"))
    store.write(lambda tx: joined(tx, "a", unit="snv"))
    store.write(lambda tx: joined(tx, "b"))
    store.write(lambda tx: joined(tx, "c", role=Role.HEAD))

    assert chats(store) == {"stc": ["a", "b"], "snv": ["a"]}
    assert chats(store, Role.HEAD) == {"stc": ["c"]}


def test_a_person_with_two_chats_is_written_to_in_the_one_joined_first(store: Store) -> None:
    from bot.store.tables import contact

    person = store.write(lambda tx: joined(tx, "a"))
    second = contact.insert().values(person_id=person, channel="other", chat_id="z", gone_why="")
    store.write(lambda tx: tx.execute(second))

    assert chats(store) == {"stc": ["a"]}

    store.write(lambda tx: contacts.mark_gone(tx, channel="fake", chat_id="a", why="blocked", now=NOW))
    assert chats(store) == {"stc": ["z"]}


def test_a_person_keeps_the_language_they_chose(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))

    store.write(lambda tx: people.set_language(tx, person_id=person, language="en"))

    found = store.read(lambda tx: people.by_id(tx, person))
    assert found is not None
    assert found.language == "en"


def register(store: Store, chat_id: str, title: str = "Nhóm") -> None:
    store.write(
        lambda tx: people.register_group(tx, channel="fake", chat_id=chat_id, title=title, person_id=1, now=NOW)
    )


def groups(store: Store) -> list[tuple[str, str]]:
    return [(each.chat_id, each.title) for each in store.read(people.groups)]


def test_a_group_stands_once_on_the_list_under_its_newest_title(store: Store) -> None:
    register(store, "-1", "Cũ")
    register(store, "-2")
    register(store, "-1", "Mới")

    assert groups(store) == [("-1", "Mới"), ("-2", "Nhóm")]


def test_a_group_is_taken_off_the_list_and_put_back(store: Store) -> None:
    register(store, "-1")

    def take_off() -> bool:
        return store.write(lambda tx: people.unregister_group(tx, channel="fake", chat_id="-1", now=NOW + DAY))

    assert take_off()
    assert not take_off()
    assert groups(store) == []
    register(store, "-1")
    assert groups(store) == [("-1", "Nhóm")]


def test_a_group_that_threw_the_bot_out_is_off_the_list(store: Store) -> None:
    register(store, "-1")

    store.write(lambda tx: contacts.mark_gone(tx, channel="fake", chat_id="-1", why="kicked", now=NOW))

    assert groups(store) == []


def move(store: Store, old: str, new: str) -> None:
    store.write(lambda tx: contacts.move_chat(tx, channel="fake", old=old, new=new))


def test_a_group_that_got_another_id_is_written_to_there(store: Store) -> None:
    register(store, "-1")
    register(store, "-2")

    move(store, "-1", "-100")
    move(store, "-1", "-100")

    assert groups(store) == [("-100", "Nhóm"), ("-2", "Nhóm")]


def test_a_group_registered_again_under_its_new_id_stands_on_the_list_once(store: Store) -> None:
    register(store, "-1", "Cũ")
    register(store, "-100", "Mới")

    move(store, "-1", "-100")
    move(store, "-100", "-100")

    assert groups(store) == [("-100", "Mới")]


def test_who_lost_their_rights_is_not_sent_what_still_waited(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    posted(store, replace(letter("mine"), person_id=person), letter("anothers"))

    store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW))

    assert store.read(outbox.counts) == {("fake", "cancelled"): 1, ("fake", "waiting"): 1}


def test_since_when_somebody_has_no_rights_is_known_until_they_join_again(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))

    def since() -> object:
        return store.read(lambda tx: people.revoked_at(tx, channel="fake", user_id="a"))

    assert since() is None
    store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW + DAY))
    assert since() == NOW + DAY
    store.write(lambda tx: joined(tx, "a"))
    assert since() is None


def test_an_error_of_the_database_does_not_repeat_what_was_to_be_stored(store: Store) -> None:
    with pytest.raises(IntegrityError) as error:
        store.write(lambda tx: tx.execute(insert(membership).values(person_id=7, unit="Chị Lan", role=None, since=NOW)))

    assert "[SQL parameters hidden" in str(error.value)
