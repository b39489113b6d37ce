"""The auditor's eyes: each thing that can be late is found by itself, and what is right is never found."""

from datetime import datetime
from time import perf_counter

import pytest
from sqlalchemy import delete, insert, select, update

from bot.catalogue import Catalogue
from bot.domain.calendar import Calendar
from bot.domain.steps import next_step_at, steps_of
from bot.jobs import audit
from bot.jobs.audit import GRACE, PREFIX, Finding, StepAudit, Trouble, counted, note
from bot.jobs.remind import remind
from bot.store import Store, Tx, audits, inbox, notices, outbox, revisions, tables
from bot.store.notices import NoticeKind
from bot.texts import LANGUAGES
from bot.texts.admin import Matter, told
from tests.builders import policy
from tests.fakes.channel import CAPS, NAME
from tests.store.builders import DAY, HOUR, MINUTE, NOW, SECOND, joined, letter, occurrence, plan_of, task

CALENDAR = Calendar()
PLAN = plan_of(task("R1"), policy=policy())
RUNS = Catalogue(plan=PLAN, calendar=CALENDAR, digest="d1")
UNITS = ("snv", "stc", "tamky")
DUE = NOW + 3 * DAY
LATE = NOW + 2 * HOUR  # the office is open


def found(store: Store, *, now: datetime = LATE, ticked: bool = True, speed: float = 1.0) -> dict[str, str]:
    everything = store.read(lambda tx: counted(tx, RUNS, channels=[NAME], ticked=ticked, now=now, speed=speed))
    return {each.trouble: each.words["count"] for each in everything}


def owed(store: Store, unit: str = "stc", *, due_at: datetime = DUE, known_at: datetime = NOW) -> int:
    """Store an occurrence whose next step is the rule's."""
    steps = steps_of(PLAN.policies["default"], due_at=due_at, known_at=known_at, calendar=CALENDAR)
    following = next_step_at(steps, handled_until=None)
    return store.write(lambda tx: occurrence(tx, "R1", unit, due_at=due_at, next_step_at=following, now=known_at))


def tick(store: Store, now: datetime) -> None:
    store.write(lambda tx: remind(tx, plan=PLAN, calendar=CALENDAR, caps={NAME: CAPS}, question_life=DAY, now=now))


def look(store: Store, now: datetime = LATE, *, after: int = 0, limit: int = 100) -> audit.Looked:
    return store.read(lambda tx: StepAudit(RUNS, now=now).look(tx, after=after, limit=limit))


def changed(store: Store, **values: object) -> None:
    store.write(lambda tx: tx.execute(update(tables.occurrence).values(**values)))


def test_nothing_is_found_where_all_is_well(store: Store) -> None:
    for unit in UNITS:
        owed(store, unit)
    store.write(lambda tx: joined(tx, "f1", unit="stc"))
    tick(store, NOW)

    assert found(store) == {}
    looked = look(store)
    assert (looked.number, looked.wrong, looked.missing) == (3, (), ())


@pytest.mark.parametrize(
    ("now", "ticked", "speed", "finds"),
    [
        pytest.param(NOW + GRACE - SECOND, True, 1.0, False, id="ten minutes are not over"),
        pytest.param(NOW + GRACE, True, 1.0, True, id="ten minutes are over"),
        pytest.param(NOW + GRACE, False, 1.0, False, id="no tick has run: that is another trouble"),
        pytest.param(NOW + GRACE, True, 60.0, False, id="a clock sixty times as fast"),
        pytest.param(NOW + 12 * HOUR, True, 1.0, False, id="by night"),
        pytest.param(NOW + DAY - 30 * MINUTE + 5 * MINUTE, True, 1.0, False, id="five minutes after the opening"),
        pytest.param(NOW + DAY - 30 * MINUTE + GRACE, True, 1.0, True, id="ten minutes after the opening"),
    ],
)
def test_a_step_that_lies_about_in_office_hours_is_found(
    store: Store, now: datetime, ticked: bool, speed: float, finds: bool
) -> None:
    owed(store)
    changed(store, next_step_at=NOW)

    assert (Trouble.OVERDUE in found(store, now=now, ticked=ticked, speed=speed)) is finds


@pytest.mark.parametrize(
    ("until", "state", "finds"),
    [
        pytest.param(LATE - MINUTE, "claimed", False, id="its time is just over"),
        pytest.param(LATE - MINUTE - SECOND, "claimed", True, id="its time has been over for a while"),
        pytest.param(LATE - HOUR, "sent", False, id="it has landed"),
        pytest.param(LATE + MINUTE, "claimed", False, id="on its way"),
    ],
)
def test_a_claim_past_its_time_is_found(store: Store, until: datetime, state: str, finds: bool) -> None:
    store.write(lambda tx: outbox.put(tx, [letter("k1")], now=NOW))
    store.write(lambda tx: tx.execute(update(tables.outbox).values(state=state, claimed_until=until)))

    assert found(store) == ({Trouble.CLAIMS: "1"} if finds else {})


@pytest.mark.parametrize(
    ("channel", "heard_at", "finds"),
    [
        pytest.param(NAME, LATE - 5 * MINUTE - SECOND, True, id="too long"),
        pytest.param(NAME, LATE - 5 * MINUTE, False, id="not too long yet"),
        pytest.param("other", NOW, False, id="of a channel whose token was taken away: it waits until it is back"),
    ],
)
def test_an_update_that_waits_is_found(store: Store, channel: str, heard_at: datetime, finds: bool) -> None:
    store.write(lambda tx: inbox.put(tx, channel=channel, external_id="1", raw={}, now=heard_at))

    assert found(store) == ({Trouble.INBOX: "1"} if finds else {})


def test_an_update_put_aside_is_found_for_an_hour(store: Store) -> None:
    store.write(lambda tx: inbox.put(tx, channel=NAME, external_id="1", raw={}, now=NOW))
    store.write(lambda tx: inbox.quarantine(tx, 1, reason="unreadable"))

    assert found(store, now=NOW + HOUR) == {Trouble.QUARANTINED: "1"}
    assert found(store, now=NOW + HOUR + SECOND) == {}


def shifted(**values: object):
    def change(store: Store) -> None:
        changed(store, **values)

    return change


@pytest.mark.parametrize(
    "change",
    [
        pytest.param(shifted(next_step_at=None), id="lost: it would never be reminded of"),
        pytest.param(shifted(next_step_at=DUE + 40 * DAY), id="too late"),
        pytest.param(shifted(next_step_at=NOW - DAY), id="too early"),
        pytest.param(shifted(due_at=DUE + 3 * DAY), id="the due moved and nobody counted again"),
        pytest.param(shifted(handled_until=DUE), id="handled further than the step it waits for"),
    ],
)
def test_a_next_step_that_is_not_the_rules_is_found_and_mended(store: Store, change) -> None:
    number = owed(store, due_at=DUE + 7 * DAY)
    change(store)

    looked = look(store)
    assert [each.id for each, _ in looked.wrong] == [number]
    assert store.write(lambda tx: audits.mend(tx, looked.wrong)) == 1
    assert look(store).wrong == ()


def test_what_changed_since_it_was_looked_at_is_not_mended(store: Store) -> None:
    owed(store)
    changed(store, next_step_at=None)
    looked = look(store)

    for change in ({"due_at": DUE + DAY}, {"handled_until": NOW}, {"ended_at": NOW}, {"next_step_at": NOW}):
        changed(store, due_at=DUE, handled_until=None, ended_at=None, next_step_at=None)
        changed(store, **change)
        assert store.write(lambda tx: audits.mend(tx, looked.wrong)) == 0


@pytest.mark.parametrize(
    ("put_off_to", "is_right"),
    [
        pytest.param(NOW + HOUR, True, id="to a later hour of today"),
        pytest.param(NOW + DAY, True, id="to the next morning"),
        pytest.param(NOW + 2 * DAY, False, id="further"),
        pytest.param(None, False, id="for ever"),
    ],
)
def test_a_step_that_is_due_may_be_put_off_until_the_next_morning(
    store: Store, put_off_to: datetime | None, is_right: bool
) -> None:
    owed(store)  # its reminder of -3d is this morning's
    changed(store, next_step_at=put_off_to)

    assert (look(store, NOW + MINUTE).wrong == ()) is is_right


def test_an_occurrence_that_ended_or_whose_task_the_plan_dropped_is_not_judged(store: Store) -> None:
    owed(store)
    store.write(lambda tx: occurrence(tx, "gone", "stc", due_at=DUE, next_step_at=DUE))
    store.write(
        lambda tx: tx.execute(
            update(tables.occurrence).where(tables.occurrence.c.task == "R1").values(ended_at=NOW, next_step_at=None)
        )
    )

    looked = look(store)
    assert (looked.number, looked.wrong, looked.missing) == (1, (), ())


def applied(store: Store, at: datetime) -> None:
    store.write(lambda tx: revisions.add(tx, digest="d1", texts={}, now=at))


def forget(store: Store) -> None:
    store.write(lambda tx: tx.execute(delete(tables.ledger)))


@pytest.mark.parametrize(
    ("applied_at", "moved_at", "finds"),
    [
        pytest.param(NOW - DAY, None, True, id="the ledger lacks it"),
        pytest.param(NOW + MINUTE, None, False, id="another catalogue had other steps"),
        pytest.param(NOW - DAY, NOW + MINUTE, False, id="an extension took it as done with"),
        pytest.param(NOW - DAY, NOW - HOUR, True, id="a move before it changes nothing"),
    ],
)
def test_a_past_step_without_a_fate_is_found(
    store: Store, applied_at: datetime, moved_at: datetime | None, finds: bool
) -> None:
    applied(store, applied_at)
    number = owed(store)
    tick(store, NOW + MINUTE)
    assert look(store).missing == ()

    forget(store)
    if moved_at is not None:
        store.write(
            lambda tx: tx.execute(
                insert(tables.due_change).values(occurrence_id=number, at=moved_at, due_at=DUE, cause="extension")
            )
        )

    assert [(each.id, step.key) for each, step in look(store).missing] == ([(number, "-3d")] if finds else [])


def test_steps_of_more_than_a_week_ago_were_looked_at_then(store: Store) -> None:
    applied(store, NOW - DAY)
    owed(store)
    tick(store, NOW + MINUTE)
    forget(store)

    assert look(store, NOW + 7 * DAY).missing
    assert look(store, NOW + 8 * DAY + HOUR).missing == ()


def test_all_are_looked_at_in_pieces_each_once(store: Store) -> None:
    for number in range(7):
        owed(store, f"u{number}")
    store.write(lambda tx: tx.execute(delete(tables.occurrence).where(tables.occurrence.c.id == 3)))

    seen, after = [], 0
    while True:
        looked = look(store, after=after, limit=3)
        seen.append(looked.number)
        after = looked.last
        if not after:
            break

    assert sum(seen) == 6


def keys(store: Store) -> list[str]:
    return [each.key for each in store.read(notices.standing)]


def noted(store: Store, *found: Finding, lasting: tuple[Trouble, ...] = (), now: datetime = NOW) -> list[str]:
    return [each.key for each in store.write(lambda tx: note(tx, found, lasting=lasting, now=now))]


def test_a_finding_is_news_once_and_is_cleared_when_it_is_gone(store: Store) -> None:
    claims = Finding(trouble=Trouble.CLAIMS, words={"count": "1"})
    ear = Finding(trouble=Trouble.CHANNEL_SILENT, words={"channel": "zalo", "count": "4"}, where="zalo")
    store.write(
        lambda tx: notices.raise_notice(
            tx,
            key="contact:1",
            kind=NoticeKind.CONTACT_GONE,
            words={"unit": "x", "role": "focal", "channel": "zalo", "reason": "left"},
            now=NOW,
        )
    )

    assert noted(store, claims, ear) == ["audit:claims", "audit:channel_silent:zalo"]
    assert noted(store, claims, ear) == []
    assert noted(store, claims) == []
    assert keys(store) == ["contact:1", "audit:claims"]
    assert noted(store, claims, ear) == ["audit:channel_silent:zalo"]


def test_a_finding_that_only_a_look_at_all_can_clear_stands_until_then(store: Store) -> None:
    fate = Finding(trouble=Trouble.FATE, words={"count": "1", "task": "R1", "unit": "x"})
    noted(store, fate)

    noted(store, lasting=(Trouble.FATE,))
    assert keys(store) == [f"{PREFIX}fate"]
    noted(store)
    assert keys(store) == []


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_a_sentence(language: str, trouble: Trouble) -> None:
    words = {
        "check": trouble,
        "count": "3",
        "task": "R1",
        "unit": "Sở Y tế",
        "channel": "zalo",
        "setting": "zalo.token",
    }

    said = told(language, Matter(kind=NoticeKind.AUDIT, words=words, since=NOW))

    assert said.endswith(".")
    assert "{" not in said


def test_the_first_example_stands_for_many(store: Store) -> None:
    for unit in UNITS:
        owed(store, unit)
    changed(store, next_step_at=None)

    (finding,) = audit.findings_of([look(store)])

    assert finding.words == {"count": "3", "task": "R1", "unit": "snv"}


def test_the_probe_writes_and_leaves_nothing(store: Store) -> None:
    store.write(audits.probe)
    store.write(audits.probe)

    assert store.read(lambda tx: tx.execute(select(tables.mark)).all()) == []


def test_many_are_looked_at_within_seconds_and_no_look_lasts(sqlite_store: Store) -> None:
    applied(sqlite_store, NOW - DAY)

    def fill(tx: Tx) -> None:
        steps = steps_of(PLAN.policies["default"], due_at=DUE, known_at=NOW, calendar=CALENDAR)
        row = {
            "task": "R1", "period": "once", "original_due_at": DUE, "plan_due_at": DUE, "due_at": DUE, "known_at": NOW,
            "next_step_at": next_step_at(steps, handled_until=None),
        }  # fmt: skip
        for start in range(0, 20_000, 5000):
            tx.execute(insert(tables.occurrence), [row | {"unit": f"u{n}"} for n in range(start, start + 5000)])

    sqlite_store.write(fill)
    assert sqlite_store.read(lambda tx: tx.execute(select(tables.occurrence.c.id)).all())
    judge, after, longest = StepAudit(RUNS, now=LATE), 0, 0.0
    started = perf_counter()
    while True:
        began = perf_counter()
        looked = sqlite_store.read(lambda tx, a=after: judge.look(tx, after=a, limit=2000))
        longest = max(longest, perf_counter() - began)
        assert looked.wrong == ()
        after = looked.last
        if not after:
            break
    took = perf_counter() - started

    assert took < 4.0  # a fifth of a hundred thousand; 0.3 s on two shared cores
    assert longest < 1.0
