"""A channel that is down as a whole: who has another chat gets the same letter there, the rest are called."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import select, update

from bot.domain.calendar import Calendar
from bot.domain.delivery import Failure
from bot.domain.plan import Role
from bot.domain.standing import Status
from bot.domain.steps import Fate, Reason
from bot.jobs.call_sheet import CALL_AFTER, Call, call_sheet
from bot.jobs.rescue import DOWN_FOR, is_called_for, rescue
from bot.ports import Button, Caps, File, Out
from bot.store import Store, contacts, ledger, lines, notices, outbox, people, questions
from bot.store.notices import NoticeKind
from bot.store.outbox import Lane, State, reference
from bot.store.questions import Question
from bot.store.tables import ledger as told
from bot.store.tables import outbox as table
from tests.fakes.channel import CAPS
from tests.store.builders import DAY, HOUR, MINUTE, NOW, SECOND, joined, letter, occurrence, plan_of, posted, reported

PLAN = plan_of()
SMALL = Caps(name="other", max_text=60, buttons=False, upload=False, groups=False, menu=False, deep_link=False)
ALL: Mapping[str, Caps] = {"fake": CAPS, "other": replace(CAPS, name="other"), "small": SMALL}
LATER = NOW + DOWN_FOR


def both(store: Store, chat: str = "a", *, other: str = "other", unit: str = "stc", role: Role = Role.FOCAL) -> int:
    """Let somebody join on the first channel and link a chat on another."""
    person = store.write(lambda tx: joined(tx, chat, unit=unit, role=role))
    store.write(lambda tx: contacts.link(tx, person_id=person, channel=other, chat_id=f"{chat}2"))
    return person


def falls(store: Store, channel: str = "fake", *, now: datetime = NOW) -> None:
    store.write(lambda tx: lines.mark_down(tx, channel, reason=Failure.UNREACHABLE, now=now))


def comes_back(store: Store, channel: str = "fake", *, now: datetime = NOW) -> None:
    store.write(lambda tx: lines.mark_up(tx, channel, reasons=[Failure.UNREACHABLE], now=now))


def save(store: Store, *, now: datetime = LATER, channels: Sequence[str] = ("fake", "other", "small")) -> int:
    return store.write(lambda tx: rescue(tx, plan=PLAN, calendar=Calendar(), caps=ALL, channels=channels, now=now))


def where(store: Store) -> dict[str, tuple[str, str, str]]:
    chosen = select(table.c.key, table.c.channel, table.c.chat_id, table.c.state).order_by(table.c.id)
    rows = store.read(lambda tx: tx.execute(chosen).all())
    return {row.key: (row.channel, row.chat_id, row.state) for row in rows}


def sheet(store: Store, *, now: datetime = NOW + HOUR, channels: Sequence[str] = ("fake", "other")) -> list[Call]:
    return list(store.read(lambda tx: call_sheet(tx, plan=PLAN, calendar=Calendar(), channels=channels, now=now)))


def asked(store: Store, person: int, *, unit: str = "stc", task: str = "R1", chat: str = "a", key: str = "") -> int:
    """Put a reminder about a task into the outbox, as the tick does; return the occurrence."""

    def write(tx) -> int:
        about = occurrence(tx, task, unit)
        new = letter(key or f"remind:2022-09-26:{person}:{task}", chat_id=chat, person_id=person)
        (letter_id,) = outbox.put(tx, [new], now=NOW).values()
        entry = ledger.Entry(
            occurrence_id=about,
            step="-3d",
            due_at=NOW + 4 * DAY,
            planned_at=NOW,
            fate=Fate.HANDED,
            person_id=person,
            outbox_id=letter_id,
        )
        ledger.add(tx, [entry], now=NOW)
        return about

    return store.write(write)


def test_a_letter_goes_by_the_persons_other_chat_in_the_same_row_under_the_same_key(store: Store) -> None:
    person = both(store)
    before = posted(store, letter("k", person_id=person))
    falls(store)

    assert save(store) == 1

    rows = store.read(lambda tx: tx.execute(select(table)).all())
    assert [(row.id, row.key, row.channel, row.chat_id, row.state) for row in rows] == [
        (before["k"], "k", "other", "a2", "waiting")
    ]
    assert save(store) == 0


def test_once_moved_nothing_is_sent_by_the_first_channel_when_it_is_back(store: Store) -> None:
    person = both(store)
    posted(store, letter("k", person_id=person))
    falls(store)
    save(store)
    comes_back(store)

    assert save(store) == 0

    assert where(store) == {"k": ("other", "a2", "waiting")}


def test_a_channel_that_only_stumbles_moves_nobody(store: Store) -> None:
    posted(store, letter("k", person_id=both(store)))
    falls(store)

    assert save(store, now=LATER - SECOND) == 0


@pytest.mark.parametrize(
    "state", [State.CLAIMED, State.SENT, State.FAILED, State.IN_DOUBT, State.CANCELLED, State.SUPERSEDED]
)
def test_only_what_waits_is_moved_so_that_nobody_gets_it_twice_unmarked(store: Store, state: State) -> None:
    posted(store, letter("k", person_id=both(store)))
    store.write(lambda tx: tx.execute(update(table).values(state=state)))
    falls(store)

    assert save(store) == 0
    assert where(store) == {"k": ("fake", "a", state)}


def test_the_marked_repeat_of_a_letter_in_doubt_is_moved_and_the_letter_stays(store: Store) -> None:
    person = both(store)
    ids = posted(store, letter("k", person_id=person, lane=Lane.LAST_CALL))
    store.write(lambda tx: tx.execute(update(table).values(state=State.IN_DOUBT)))
    store.write(lambda tx: outbox.repeat(tx, ids["k"], mark="(có thể trùng)", now=NOW))
    falls(store)

    assert save(store) == 1
    assert where(store) == {"k": ("fake", "a", "in_doubt"), "k!": ("other", "a2", "waiting")}


def test_an_answer_is_not_moved(store: Store) -> None:
    posted(store, letter("k", person_id=both(store), lane=Lane.ANSWER))
    falls(store)

    assert save(store) == 0


def test_what_is_for_a_group_or_for_somebody_with_one_chat_waits(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "b"))
    posted(store, letter("group"), letter("only", chat_id="b", person_id=person))
    falls(store)

    assert save(store) == 0


@pytest.mark.parametrize(
    "make_useless",
    [
        pytest.param(lambda store: falls(store, "other", now=LATER), id="down itself, if only just"),
        pytest.param(
            lambda store: store.write(
                lambda tx: contacts.mark_gone(tx, channel="other", chat_id="a2", why="blocked", now=NOW)
            ),
            id="gone",
        ),
    ],
)
def test_nothing_moves_to_a_chat_that_cannot_be_written_to(store: Store, make_useless) -> None:
    posted(store, letter("k", person_id=both(store)))
    falls(store)
    make_useless(store)

    assert save(store) == 0


def test_nothing_moves_to_a_channel_that_this_bot_does_not_run(store: Store) -> None:
    posted(store, letter("k", person_id=both(store)))
    falls(store)

    assert save(store, channels=("fake",)) == 0


def test_of_several_further_chats_the_first_that_works_is_taken(store: Store) -> None:
    person = both(store)
    store.write(lambda tx: contacts.link(tx, person_id=person, channel="small", chat_id="a3"))
    posted(store, letter("k", person_id=person))
    falls(store)
    falls(store, "other")

    assert save(store) == 1
    assert where(store) == {"k": ("small", "a3", "waiting")}


def test_the_pause_after_a_failed_try_is_not_taken_along_but_a_set_hour_is(store: Store) -> None:
    person = both(store)
    ids = posted(store, letter("tried", person_id=person), letter("later", person_id=person, not_before=NOW + DAY))
    store.write(lambda tx: outbox.postpone(tx, ids["tried"], until=NOW + HOUR, reason=Failure.UNREACHABLE))
    falls(store)
    save(store)

    rows = store.read(lambda tx: tx.execute(select(table.c.key, table.c.not_before, table.c.attempts)).all())

    assert {row.key: (row.not_before, row.attempts) for row in rows} == {"tried": (LATER, 0), "later": (NOW + DAY, 0)}


LONG = "Một câu dài vừa đủ bốn mươi chữ cái đây. " * 3


def test_what_is_too_long_for_the_other_channel_is_cut_there_buttons_on_the_last_part(store: Store) -> None:
    person = both(store, other="small")
    button = Button(text="Xong", action="d:1:0")
    about = asked(store, person, key="remind:1")
    store.write(lambda tx: tx.execute(update(table).values(text=LONG, buttons=[[[button.text, button.action]]])))
    falls(store)

    assert save(store) == 1

    rows = store.read(lambda tx: tx.execute(select(table).order_by(table.c.id)).all())
    assert [row.key for row in rows] == ["remind:1", "remind:1#2", "remind:1#3", "remind:1#4"]
    assert {reference(row.key) for row in rows} == {reference("remind:1")}
    assert {(row.channel, row.chat_id, row.state) for row in rows} == {("small", "a2", "waiting")}
    assert " ".join(row.text for row in rows[:-1]) == LONG.strip()
    assert rows[-1].text == "Nhắn số để chọn:\n1. Xong"  # it has no buttons
    assert [bool(row.buttons) for row in rows] == [False, False, False, True]
    pointed = store.read(lambda tx: tx.execute(select(told.c.occurrence_id, told.c.outbox_id)).one())
    assert tuple(pointed) == (about, rows[-1].id)  # told is who got the last part


def test_what_stood_behind_a_letter_that_is_cut_stays_behind_all_its_parts(store: Store) -> None:
    person = both(store, other="small")
    posted(
        store,
        letter("a#1", text=LONG, person_id=person),
        letter("a#2", text="đuôi", person_id=person),
        letter("b", text="thư sau", person_id=person),
    )
    falls(store)
    save(store)

    rows = store.read(lambda tx: tx.execute(select(table.c.key, table.c.text).order_by(table.c.id)).all())

    assert [row.key for row in rows] == ["a#1", "a#1#2", "a#1#3", "a#2", "b"]
    assert rows[-1].text == "thư sau"


def test_the_parts_of_a_repeat_keep_its_mark_and_its_reference(store: Store) -> None:
    person = both(store, other="small")
    posted(store, letter("k!", text=LONG, person_id=person, lane=Lane.ESCALATION))
    falls(store)
    save(store)

    assert list(where(store)) == ["k!", "k#2!", "k#3!"]
    assert {reference(key) for key in where(store)} == {reference("k")}


def test_a_file_stays_where_the_other_channel_takes_none(store: Store) -> None:
    person = both(store, other="small")
    picture = File(path="p.png", name="p.png", media="image/png")
    new = letter("picture", person_id=person, lane=Lane.SUMMARY)
    posted(store, replace(new, out=Out(text="t", file=picture)), letter("page", person_id=person, lane=Lane.SUMMARY))
    falls(store)

    assert save(store) == 1
    assert where(store) == {"picture": ("fake", "a", "waiting"), "page": ("small", "a2", "waiting")}


def test_a_bare_number_is_an_answer_in_the_other_chat_too(store: Store) -> None:
    person = both(store)
    posted(store, letter("k", person_id=person))
    asking = Question(kind="status", subject={"occurrence": 7}, expires_at=NOW + DAY)
    store.write(lambda tx: questions.ask(tx, channel="fake", chat_id="a", asked=asking, now=NOW))
    falls(store)
    save(store)

    found = store.read(lambda tx: questions.current(tx, channel="other", chat_id="a2", now=NOW))

    assert found == asking


def test_with_every_channel_up_nothing_is_looked_at(store: Store) -> None:
    assert not store.read(is_called_for)
    falls(store)
    assert store.read(is_called_for)
    comes_back(store)
    assert not store.read(is_called_for)


# The call sheet.


def test_who_has_no_other_chat_is_on_the_sheet_after_half_an_hour(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    asked(store, person)
    falls(store)

    assert sheet(store, now=NOW + CALL_AFTER - SECOND) == []
    (call,) = sheet(store, now=NOW + CALL_AFTER)

    assert (call.unit, call.name, call.task, call.due_at) == ("Đơn vị stc", "Người a", "R1", NOW + 4 * DAY)
    assert call.say == (
        "Đơn vị stc: nhiệm vụ R1 «Nhiệm vụ R1»; hạn 08:00 30/09/2022, còn 4 ngày. Đề nghị báo cáo tình hình thực hiện."
    )


def test_the_half_hour_is_one_of_office_hours(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    asked(store, person)
    late = NOW + 9 * HOUR - 10 * MINUTE  # ten minutes before the office closes
    store.write(lambda tx: tx.execute(update(table).values(created_at=late)))
    falls(store, now=late)
    opens = NOW + DAY - 30 * MINUTE

    assert sheet(store, now=opens + 19 * MINUTE) == []
    assert len(sheet(store, now=opens + 20 * MINUTE)) == 1


@pytest.mark.parametrize("reason", [Failure.UNREACHABLE, Failure.UNAUTHORIZED, "expired"])
def test_what_was_given_up_since_the_channel_fell_is_on_the_sheet_at_once(store: Store, reason: str) -> None:
    asked(store, store.write(lambda tx: joined(tx, "a")))
    falls(store)
    store.write(lambda tx: tx.execute(update(table).values(state=State.FAILED, reason=reason, settled_at=NOW)))

    assert len(sheet(store, now=NOW + MINUTE)) == 1


@pytest.mark.parametrize(
    ("state", "reason", "settled_at"),
    [
        pytest.param(State.SENT, "", NOW, id="sent"),
        pytest.param(State.IN_DOUBT, "in_doubt", NOW, id="in doubt: it may have arrived"),
        pytest.param(State.FAILED, Failure.REJECTED, NOW, id="our own fault"),
        pytest.param(State.FAILED, Failure.UNREACHABLE, NOW - SECOND, id="before the channel fell"),
    ],
)
def test_what_came_to_another_end_is_not_on_the_sheet(
    store: Store, state: State, reason: str, settled_at: datetime
) -> None:
    asked(store, store.write(lambda tx: joined(tx, "a")))
    falls(store)
    store.write(lambda tx: tx.execute(update(table).values(state=state, reason=reason, settled_at=settled_at)))

    assert sheet(store) == []


def test_who_can_be_reached_another_way_is_not_called(store: Store) -> None:
    asked(store, both(store))
    falls(store)

    assert sheet(store) == []
    assert len(sheet(store, channels=("fake",))) == 1


def test_a_task_that_was_reported_meanwhile_is_not_asked_about_again(store: Store) -> None:
    about = asked(store, store.write(lambda tx: joined(tx, "a")))
    falls(store)
    store.write(lambda tx: reported(tx, about, status=Status.DONE))

    assert sheet(store) == []


def test_a_decision_that_nobody_could_be_told_of_is_on_the_sheet_in_its_own_words(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    out = Out(heading="Kết quả xử lý báo cáo", text="Báo cáo R1 chưa đạt: thiếu số liệu.\n\nMã tin: 1K9F2A.")
    posted(store, replace(letter("heard:7:1", person_id=person, lane=Lane.ESCALATION), out=out))
    falls(store)

    (call,) = sheet(store)

    assert (call.task, call.due_at) == ("", None)
    assert call.say == "Kết quả xử lý báo cáo: Báo cáo R1 chưa đạt: thiếu số liệu."


def test_of_a_person_each_task_is_named_once(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    asked(store, person, task="R2")
    about = asked(store, person)
    again = ledger.Entry(
        occurrence_id=about, step="-1d", due_at=NOW + 4 * DAY, planned_at=NOW, fate=Fate.HANDED, person_id=person
    )
    ids = posted(store, letter("remind:again", person_id=person))
    store.write(lambda tx: ledger.add(tx, [replace(again, outbox_id=ids["remind:again"])], now=NOW))
    falls(store)

    assert [call.task for call in sheet(store)] == ["R1", "R2"]


def unasked(store: Store, *, unit: str = "stc", at: datetime = NOW, step: str = "-3d") -> int:
    def write(tx) -> int:
        about = occurrence(tx, "R1", unit)
        entry = ledger.Entry(
            occurrence_id=about,
            step=step,
            due_at=NOW + 4 * DAY,
            planned_at=NOW,
            fate=Fate.SUPPRESSED,
            reason=Reason.NO_CONTACT,
        )
        ledger.add(tx, [entry], now=at)
        return about

    return store.write(write)


def test_a_unit_of_which_nobody_can_be_asked_is_on_the_sheet_for_a_day(store: Store) -> None:
    unasked(store)

    (call,) = sheet(store)
    assert (call.unit, call.name, call.task) == ("Đơn vị stc", "", "R1")
    assert sheet(store, now=NOW + DAY + SECOND) == []


@pytest.mark.parametrize("step", ["head+3wd", "office+7wd"])
def test_a_report_up_the_line_that_had_nobody_to_go_to_is_no_call_to_the_unit(store: Store, step: str) -> None:
    unasked(store, step=step)

    assert sheet(store) == []


@pytest.mark.parametrize("role", [Role.FOCAL, Role.HEAD])
def test_a_unit_with_somebody_to_ask_again_is_off_the_sheet(store: Store, role: Role) -> None:
    unasked(store)
    store.write(lambda tx: joined(tx, "a", role=role))

    assert sheet(store) == []


def test_the_sheet_stands_by_unit_and_name(store: Store) -> None:
    for chat, unit in (("b", "tamky"), ("c", "stc"), ("a", "stc")):
        person = store.write(lambda tx, c=chat, u=unit: joined(tx, c, unit=u))
        asked(store, person, unit=unit, chat=chat)
    falls(store)

    assert [(call.unit, call.name) for call in sheet(store)] == [
        ("Đơn vị stc", "Người a"),
        ("Đơn vị stc", "Người c"),
        ("Đơn vị tamky", "Người b"),
    ]


def test_who_lost_their_rights_is_not_called(store: Store) -> None:
    person = store.write(lambda tx: joined(tx, "a"))
    asked(store, person)
    falls(store)
    store.write(lambda tx: people.revoke(tx, person_id=person, now=NOW))

    assert sheet(store) == []


# Telling the admins of it.


def sheets_noticed(store: Store) -> list[dict[str, str]]:
    return [dict(each.words) for each in store.read(notices.standing) if each.kind is NoticeKind.CALL_SHEET]


def test_the_admins_are_told_of_the_sheet_once_an_outage(store: Store) -> None:
    asked(store, store.write(lambda tx: joined(tx, "a")))
    falls(store)

    save(store, now=NOW + CALL_AFTER - MINUTE)
    assert sheets_noticed(store) == []
    save(store, now=NOW + CALL_AFTER)
    save(store, now=NOW + CALL_AFTER + HOUR)
    assert sheets_noticed(store) == [{"count": "1", "channel": "fake"}]
    assert all("Người" not in word for words in sheets_noticed(store) for word in words.values())

    comes_back(store)
    save(store, now=NOW + 2 * HOUR)
    assert sheets_noticed(store) == []
    falls(store, now=NOW + 2 * HOUR)
    save(store, now=NOW + 2 * HOUR + CALL_AFTER)
    assert len(sheets_noticed(store)) == 1


def test_nobody_is_told_to_call_by_night_or_where_everybody_was_moved(store: Store) -> None:
    both(store)
    falls(store)
    save(store, now=NOW + HOUR)
    assert sheets_noticed(store) == []

    asked(store, store.write(lambda tx: joined(tx, "b")), chat="b")
    save(store, now=NOW + 12 * HOUR)
    assert sheets_noticed(store) == []


def test_moving_a_whole_wave_is_a_matter_of_a_few_ticks(store: Store) -> None:
    people_there = [both(store, f"c{number}") for number in range(30)]
    posted(store, *(letter(f"k{person}", chat_id=f"c{at}", person_id=person) for at, person in enumerate(people_there)))
    falls(store)

    assert save(store) == 30
    assert {channel for channel, _, _ in where(store).values()} == {"other"}
