"""In a trial run nothing true is ever claimed: it ends in the outbox, and the admins get a copy."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import insert, select, update

from bot.domain.plan import Role
from bot.jobs.shadow import MARK, Shadow, trial_run
from bot.ports import Button, Caps, Out
from bot.store import Store, Tx, notices, outbox, people, summaries
from bot.store.outbox import Lane, Letter, State, letters
from bot.store.outbox.shading import must_stay, too_long
from bot.store.tables import outbox as table
from bot.store.tables import question
from tests.builders import plan, task, unit
from tests.jobs.office import Office
from tests.store.builders import NOW

CAPS = Caps(name="fake", max_text=4096, buttons=True, upload=True, groups=True, menu=True, deep_link=False)
PLAN = plan(task(units=("snv", "tamky")), units=(unit("snv", name="Sở Nội vụ"), unit("tamky", name="UBND Tam Kỳ")))
TODAY = date(2022, 9, 26)


def shadow(until: date | None = TODAY, *, max_text: int = 4096) -> Shadow:
    caps = Caps(name="fake", max_text=max_text, buttons=True, upload=True, groups=True, menu=True, deep_link=False)
    return Shadow(until, plan=lambda: PLAN, caps={"fake": caps, "telegram": caps})


def joins(store: Store, chat: str, *, role: Role, unit: str = "snv", name: str = "", channel: str = "fake") -> int:
    """Return the number of somebody who joined."""
    named = {"name": name or chat, "unit": unit, "role": role, "now": NOW - timedelta(days=1)}
    return store.write(lambda tx: people.join(tx, channel=channel, user_id=chat, **named)).id


def put(
    store: Store, key: str, *, person: int | None, chat: str = "lan", lane: Lane = Lane.REMINDER, **out: Any
) -> None:
    said = Out(**{"heading": "Nhắc việc", "text": "R1 đến hạn", **out})
    letter = Letter(key=key, channel="fake", chat_id=chat, person_id=person, out=said, lane=lane)
    store.write(lambda tx: outbox.put(tx, letters(letter, caps=CAPS), now=NOW))


def rows(store: Store) -> dict[str, tuple[str, str, str]]:
    chosen = select(table.c.key, table.c.state, table.c.reason, table.c.chat_id).order_by(table.c.id)
    return {row.key: (row.state, row.reason, row.chat_id) for row in store.read(lambda tx: tx.execute(chosen).all())}


def claimed(store: Store, *, is_trial: bool) -> list[str]:
    return [
        each.key
        for each in store.write(lambda tx: outbox.claim(tx, now=NOW, limit=99, slowest=Lane.SUMMARY, is_trial=is_trial))
    ]


@pytest.fixture
def lan(store: Store) -> int:
    return joins(store, "lan", role=Role.FOCAL, name="Nguyễn Thị Lan")


def test_the_claim_itself_leaves_out_whatever_is_true(store: Store, lan: int) -> None:
    admin = joins(store, "quan", role=Role.ADMIN)
    for key, person, lane in (
        ("remind:2022-09-26:1:x", lan, Lane.REMINDER),
        ("remind:2022-09-26:9:x", admin, Lane.LAST_CALL),  # an admin who owes something is asked like anybody
        ("escalate:1:x", lan, Lane.ESCALATION),
        ("heard:5:2", lan, Lane.ESCALATION),
        ("notice:1:1", lan, Lane.ESCALATION),  # the call sheet, to the office
        ("summary:2022-W39:g", None, Lane.SUMMARY),
        ("never heard of:1", lan, Lane.ESCALATION),
        ("heard:5:1", lan, Lane.ANSWER),
        ("notice:1:2", admin, Lane.ESCALATION),
        ("proposal:1:ask:2", admin, Lane.ESCALATION),
        ("shadow:remind:2022-09-26:1:x:2", admin, Lane.REMINDER),
    ):
        put(store, key, person=person, chat=key, lane=lane)

    assert sorted(claimed(store, is_trial=True)) == [
        "heard:5:1",
        "notice:1:2",
        "proposal:1:ask:2",
        "shadow:remind:2022-09-26:1:x:2",
    ]
    assert len(claimed(store, is_trial=False)) == 7


async def test_a_reminder_goes_to_the_admins_with_its_true_addressee_and_no_button(store: Store, lan: int) -> None:
    joins(store, "quan", role=Role.ADMIN)
    joins(store, "bình", role=Role.ADMIN, unit="tamky")
    office = trial(store, shadow())
    put(store, "remind:1", person=lan, buttons=((Button(text="Xong", action="1:d:1:0"),),))

    await office.deliver()

    assert sorted(chat for chat, _ in office.channel.sent) == ["bình", "quan"]
    for _, out in office.channel.sent:
        assert out.heading == "Chạy thử. Người nhận thật: Nguyễn Thị Lan, đầu mối Sở Nội vụ, fake"
        assert out.text.startswith("Nhắc việc\nR1 đến hạn")
        assert out.buttons == ()
    assert rows(store)["remind:1"] == (State.SHADOWED, "", "lan")


async def test_an_answer_goes_to_whoever_spoke(store: Store, lan: int) -> None:
    joins(store, "quan", role=Role.ADMIN)
    office = trial(store, shadow())
    put(store, "heard:1:1", person=lan, lane=Lane.ANSWER)

    await office.deliver()

    assert [chat for chat, _ in office.channel.sent] == ["lan"]


async def test_without_an_admin_nobody_gets_it(store: Store, lan: int) -> None:
    office = trial(store, shadow())
    put(store, "remind:1", person=lan)

    await office.deliver()

    assert office.channel.sent == []
    assert rows(store)["remind:1"] == (State.SHADOWED, "no_admin", "lan")


async def test_a_group_is_named_by_its_title(store: Store) -> None:
    admin = joins(store, "quan", role=Role.ADMIN)
    office = trial(store, shadow())
    store.write(
        lambda tx: people.register_group(tx, channel="fake", chat_id="-5", title="Tổ CCHC", person_id=admin, now=NOW)
    )
    put(store, "summary:2022-W39:g", person=None, chat="-5", lane=Lane.SUMMARY)

    await office.deliver()

    [(chat, out)] = office.channel.sent
    assert (chat, out.heading) == ("quan", "Chạy thử. Nơi nhận thật: nhóm Tổ CCHC, fake")


async def test_copies_keep_the_order_of_the_lanes(store: Store, lan: int) -> None:
    joins(store, "quan", role=Role.ADMIN)
    office = trial(store, shadow())
    put(store, "summary:1", person=lan, lane=Lane.SUMMARY, text="s")
    put(store, "remind:1", person=lan, lane=Lane.REMINDER, text="r")
    put(store, "escalate:1", person=lan, lane=Lane.ESCALATION, text="e")

    await office.deliver()

    assert [out.text.split("\n")[1][0] for _, out in office.channel.sent] == ["e", "r", "s"]


async def test_a_message_that_failed_before_the_trial_run_does_not_leave_in_it(store: Store, lan: int) -> None:
    joins(store, "quan", role=Role.ADMIN)
    office = trial(store, shadow())
    put(store, "remind:1", person=lan)
    put(store, "escalate:1", person=lan, lane=Lane.ESCALATION)
    flying = table.c.key == "escalate:1"
    store.write(lambda tx: tx.execute(update(table).where(flying).values(state="claimed")))  # a sender that was killed

    await office.deliver()

    # What left unanswered is repeated in its own lane, and the repeat is as true as the first.
    assert {chat for chat, _ in office.channel.sent} == {"quan"}
    assert {key: state for key, (state, _, _) in rows(store).items() if not key.startswith("shadow:")} == {
        "remind:1": State.SHADOWED,
        "escalate:1": State.IN_DOUBT,
        "escalate:1!": State.SHADOWED,
    }


async def test_what_it_would_have_asked_is_not_asked(store: Store, lan: int) -> None:
    values = {"channel": "fake", "chat_id": "lan", "kind": "status", "subject": {"occurrence": 1}}
    store.write(lambda tx: tx.execute(insert(question).values(**values, asked_at=NOW, expires_at=NOW)))
    office = trial(store, shadow())
    put(store, "remind:1", person=lan)

    await office.deliver()

    assert store.read(lambda tx: tx.execute(select(question)).all()) == []


def looked(store: Store, one: Shadow, after: timedelta = timedelta()) -> str:
    """Let the tick look, and return what the database remembers."""
    store.write(lambda tx: one.look(tx, NOW + after))
    return store.read(lambda tx: summaries.recall(tx, MARK)) or ""


def test_it_lasts_until_the_end_of_its_day_and_then_goes_live(store: Store, lan: int) -> None:
    joins(store, "nga", role=Role.FOCAL, unit="tamky")
    one = shadow()

    assert looked(store, one) == "on 2022-09-26"
    assert looked(store, one) == "on 2022-09-26"
    assert store.read(trial_run) == "2022-09-26"
    put(store, "remind:1", person=lan)
    assert looked(store, one, timedelta(days=1)) == "live 2022-09-26"

    assert store.read(trial_run) == ""
    assert rows(store)["remind:1"][0] == State.SHADOWED  # of the trial run, and never sent
    assert [each.kind for each in store.read(notices.standing)] == ["shadow_live"]
    put(store, "remind:2", person=lan)
    assert store.write(lambda tx: one.holds_back(tx, NOW)) is False
    assert claimed(store, is_trial=False) == ["remind:2"]


def test_once_it_is_told_it_asks_no_more(store: Store, lan: int) -> None:
    joins(store, "nga", role=Role.FOCAL, unit="tamky")
    one = shadow()
    looked(store, one)
    looked(store, one, timedelta(days=1))

    assert store.read(one.is_over) is False
    store.write(lambda tx: notices.tell(tx, ["shadow:live"], now=NOW))
    looked(store, one, timedelta(days=1))

    assert store.read(notices.standing) == ()
    assert store.read(one.is_over) is True
    assert one.asks_no_more


@pytest.mark.parametrize(
    ("make_ill", "count", "long"),
    [
        pytest.param(lambda _store, _lan: None, "1", "0", id="a unit without a focal point"),
        pytest.param(lambda store, lan: cut(store, lan), "1", "1", id="and a message over length"),
    ],
)
def test_it_goes_on_while_not_all_is_well_and_says_why_once(
    store: Store, lan: int, make_ill: Callable[[Store, int], None], count: str, long: str
) -> None:
    one = shadow()
    looked(store, one)
    make_ill(store, lan)
    store.write(lambda tx: one.holds_back(tx, NOW))

    for _ in range(2):
        assert looked(store, one, timedelta(days=1)) == "on 2022-09-26"

    [notice] = store.read(notices.standing)
    assert notice.kind == "shadow_stays"
    assert (notice.words["count"], notice.words["long"]) == (count, long)
    assert notice.words["units"] == "UBND Tam Kỳ"
    assert store.write(lambda tx: one.holds_back(tx, NOW + timedelta(days=1))) is True

    joins(store, "nga", role=Role.FOCAL, unit="tamky")
    assert looked(store, one, timedelta(days=8)) == "live 2022-09-26"
    assert [each.kind for each in store.read(notices.standing)] == ["shadow_live"]


def cut(store: Store, lan: int) -> None:
    put(store, "remind:long", person=lan, text="R1 đến hạn. " * 400)


def test_a_message_over_length_alone_keeps_it_for_a_week(store: Store, lan: int) -> None:
    joins(store, "nga", role=Role.FOCAL, unit="tamky")
    one = shadow()
    looked(store, one)
    cut(store, lan)
    store.write(lambda tx: one.holds_back(tx, NOW))

    assert store.read(lambda tx: too_long(tx, since=timedelta(days=7), now=NOW)) == 1
    assert looked(store, one, timedelta(days=6)) == "on 2022-09-26"
    assert looked(store, one, timedelta(days=8)) == "live 2022-09-26"


async def test_a_setting_that_is_taken_away_leaves_nothing_of_the_trial_run_behind(store: Store, lan: int) -> None:
    looked(store, shadow())
    put(store, "remind:1", person=lan)  # and the process ends before it was shaded
    office = trial(store, shadow(None))

    await office.deliver()
    looked(store, shadow(None))
    put(store, "remind:2", person=lan)
    await office.deliver()

    assert [chat for chat, _ in office.channel.sent] == ["lan"]
    assert rows(store)["remind:1"][0] == State.SHADOWED
    assert rows(store)["remind:2"][0] == State.SENT


async def test_a_bot_that_never_tried_out_sends_as_ever(store: Store, lan: int) -> None:
    office = trial(store, shadow(None))
    put(store, "remind:1", person=lan)

    await office.deliver()

    assert [chat for chat, _ in office.channel.sent] == ["lan"]
    assert store.read(shadow(None).is_over)


async def test_a_long_copy_is_cut_and_loses_nothing(store: Store, lan: int) -> None:
    joins(store, "quan", role=Role.ADMIN)
    office = trial(store, shadow(max_text=400))
    put(store, "remind:1", person=lan, text="\n".join(f"- việc {number}" for number in range(100)))

    await office.deliver()

    said = "\n".join(out.text for _, out in office.channel.sent)
    assert len(office.channel.sent) > 1
    assert all(f"- việc {number}" in said for number in range(100))


def test_what_must_stay_is_found_by_its_key_and_lane_alone(store: Store) -> None:
    def count(tx: Tx) -> int:
        return len(tx.execute(select(table.c.id).where(must_stay())).all())

    put(store, "remind:1", person=None)
    put(store, "shadow:remind:1:1", person=None)

    assert store.read(count) == 1


def trial(store: Store, one: Shadow) -> Office:
    """Return an office whose deliverer holds back what the trial run does."""
    office = Office(store)
    office.deliverer._holds_back = one.holds_back
    return office
