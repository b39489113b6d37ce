"""Applying an edit: one transaction, only what changed, reports kept, people told once; and what was foreseen of each kind."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select

from bot.domain.calendar import Calendar
from bot.domain.due import Once
from bot.domain.effects import Effects, Rule, from_json
from bot.domain.plan import Pause, Plan, Role
from bot.domain.standing import Status, Verdict
from bot.jobs.apply import OvertakenError
from bot.store import Store, occurrences, revisions
from bot.store.tables import due_change, occurrence, outbox
from tests.builders import local, plan, policy, task, unit
from tests.jobs.edits import MINUTE, Office, catalogue
from tests.store.builders import decided, reported

REGISTRY = (unit("snv", name="Sở Nội vụ"), unit("stc", name="Sở Tài chính"))
DUE, LATER, SOONER = date(2022, 9, 30), date(2022, 10, 14), date(2022, 9, 28)
DAY = timedelta(days=1)


def of(*tasks: object, **named: object) -> Plan:
    return plan(*tasks, units=REGISTRY, **named)  # type: ignore[arg-type]


BOTH = of(task("R1", units=("snv", "stc")), task("R2", units=("stc",)))


@pytest.fixture
def office(store: Store) -> Office:
    """An office in which R1 of two units and R2 of one run since Monday 26 September, 08:00; all have a focal point."""
    made = Office(store, catalogue(BOTH, "d1"), local("2022-09-26 08:00"))
    made.begin()
    made.links("snv", "stc")
    made.ticks(made.now)
    return made


def with_r1(**changes: object) -> Plan:
    return replace(BOTH, tasks={**BOTH.tasks, "R1": replace(BOTH.tasks["R1"], **changes)})  # type: ignore[arg-type]


def letters(office: Office, beginning: str) -> list[str]:
    rows = office.store.read(lambda tx: tx.execute(select(outbox).order_by(outbox.c.id)).all())
    return [f"{row.heading}\n{row.text}" for row in rows if row.key.startswith(beginning)]


def id_of(office: Office, name: str, of_unit: str) -> int:
    (found,) = office.store.read(lambda tx: occurrences.of_task(tx, name, [of_unit]))
    return found.id


def says(office: Office, name: str, of_unit: str, status: Status, verdict: Verdict | None = None) -> None:
    number = id_of(office, name, of_unit)
    since = office.now if status is Status.DONE else None

    def say(tx: object) -> None:
        report = reported(tx, number, status=status, done_since=since, now=office.now)  # type: ignore[arg-type]
        if verdict is not None:
            decided(tx, report, number, verdict=verdict, now=office.now)  # type: ignore[arg-type]

    office.store.write(say)


def test_a_revision_tells_who_applied_what_when_why_and_with_which_effects(office: Office) -> None:
    new = catalogue(with_r1(due=Once(day=LATER)), "d2")
    found = office.foresees(new)

    number = office.edit(new, before=office.runs, effects=found)

    kept = office.store.read(revisions.latest)
    assert kept is not None
    assert (kept.id, kept.digest, kept.who, kept.cause) == (number, "d2", "Lan", "command")
    assert kept.applied_at == office.now
    assert from_json(kept.effects) == found


def test_what_runs_already_is_left_alone(office: Office) -> None:
    new = catalogue(with_r1(due=Once(day=LATER)), "d2")
    number = office.applies(new)
    before = office.store.read(lambda tx: [tx.execute(select(each)).all() for each in (occurrence, due_change, outbox)])

    assert office.edit(new, before=catalogue(BOTH, "d1")) == number
    assert office.edit(new, before=new) == number
    after = office.store.read(lambda tx: [tx.execute(select(each)).all() for each in (occurrence, due_change, outbox)])
    assert after == before


def test_what_was_agreed_to_is_not_applied_over_another_catalogue(office: Office) -> None:
    first = office.runs
    office.applies(catalogue(with_r1(due=Once(day=LATER)), "d2"))

    with pytest.raises(OvertakenError):
        office.edit(catalogue(of(task("R2", units=("stc",))), "d3"), before=first)

    assert len(office.live()) == 3


def test_a_moved_deadline_tells_each_person_it_concerns_once_in_office_hours(office: Office) -> None:
    moved = {key: replace(each, due=Once(day=LATER)) for key, each in BOTH.tasks.items()}
    office.now = local("2022-09-26 20:00")
    new = catalogue(replace(BOTH, tasks=moved), "d2")
    found = office.foresees(new)

    office.applies(new)

    told = letters(office, "moved:2:")
    assert (len(told), found.letters, found.moved.count, found.people) == (2, 2, 3, 2)
    assert sum("R2" in each for each in told) == 1
    assert all("Hạn cũ: 30/09/2022; hạn mới: 14/10/2022" in each for each in told)
    rows = office.store.read(lambda tx: tx.execute(select(outbox).where(outbox.c.key.like("moved:%"))).all())
    assert {row.not_before for row in rows} == {local("2022-09-27 07:30")}


def test_a_moved_deadline_of_what_is_finished_or_nobody_is_linked_to_says_nothing(store: Store) -> None:
    office = Office(store, catalogue(BOTH, "d1"), local("2022-09-26 08:00"))
    office.begin()
    office.links("snv")
    says(office, "R1", "snv", Status.DONE, Verdict.ACCEPT)
    new = catalogue(with_r1(due=Once(day=LATER)), "d2")
    found = office.foresees(new)

    office.applies(new)

    assert letters(office, "moved:") == []
    assert (found.moved.count, found.moved.open, found.people, found.letters, found.messages) == (2, 1, 0, 0, 0)


def test_reports_survive_and_what_is_dropped_is_archived_with_them(office: Office) -> None:
    says(office, "R2", "stc", Status.IN_PROGRESS)
    number = id_of(office, "R2", "stc")
    found = office.foresees(catalogue(of(BOTH.tasks["R1"]), "d2"))

    office.applies(catalogue(of(BOTH.tasks["R1"]), "d2"))

    kept = office.store.read(lambda tx: occurrences.get(tx, number))
    assert kept is not None
    assert kept.ended_at == office.now
    assert kept.report_id is not None
    assert (found.tasks_lost.first, found.lost.count, found.lost.open) == (("R2",), 1, 1)
    assert found.cancelled == 3  # −3d, −1d, 0d; −7d was sent
    office.applies(catalogue(BOTH, "d3"))
    again = office.store.read(lambda tx: occurrences.get(tx, number))
    assert again is not None
    assert (again.ended_at, again.report_id) == (None, kept.report_id)


@pytest.mark.parametrize(
    ("to", "due", "letters_told"),
    [
        pytest.param(date(2022, 10, 5), date(2022, 10, 10), 0, id="earlier than the extension"),
        pytest.param(SOONER, date(2022, 10, 10), 0, id="earlier than before"),
        pytest.param(LATER, LATER, 1, id="later than the extension"),
    ],
)
def test_an_extension_that_was_granted_is_never_shortened(
    office: Office, to: date, due: date, letters_told: int
) -> None:
    number = id_of(office, "R2", "stc")
    extended = local("2022-10-10 23:59:59")
    office.store.write(
        lambda tx: occurrences.move_due(
            tx,
            number,
            due_at=extended,
            handled_until=office.now,
            next_step_at=None,
            now=office.now,
            cause=occurrences.BY_EXTENSION,
        )
    )
    new = catalogue(of(BOTH.tasks["R1"], replace(BOTH.tasks["R2"], due=Once(day=to))), "d2")
    found = office.foresees(new)

    office.applies(new)

    assert office.live()["R2", "stc", "once"] == local(f"{due} 23:59:59")
    assert len(letters(office, "moved:")) == found.letters == letters_told
    office.applies(catalogue(BOTH, "d3"))
    assert office.live()["R2", "stc", "once"] == extended


def test_a_step_that_was_sent_is_not_sent_again_by_another_hour_or_calendar(office: Office) -> None:
    later_at = replace(BOTH, policies={"default": policy(at="10:00", remind="-4d -3d")})
    office.applies(catalogue(replace(BOTH, policies={"default": policy(remind="-4d -3d")}), "d2"))
    office.ticks(office.now)
    sent = len(letters(office, "remind:"))

    found = office.foresees(catalogue(later_at, "d3"))
    office.applies(catalogue(later_at, "d3"))
    office.ticks(local("2022-09-26 16:00"), every=30 * MINUTE)

    assert len(letters(office, "remind:")) == sent
    assert (found.messages, found.repeated) == (0, 0)
    assert office.wrong_steps() == []


KINDS = {
    "a task added": (
        of(*BOTH.tasks.values(), task("R3", units=("snv",), due=Once(day=SOONER))),
        {"sent": 0, "messages": 0, "people": 1, "touched": 1},  # whoever had this morning's bundle hears tomorrow
    ),
    "a due brought near": (
        with_r1(due=Once(day=date(2022, 9, 27))),
        {"letters": 2, "people": 2, "touched": 2, "repeated": 0},
    ),
    "a due put off": (
        with_r1(due=Once(day=LATER)),
        {"letters": 2, "messages": 2, "sent": 0, "cancelled": 0, "repeated": 1 * 2, "touched": 2},
    ),
    "a pause": (
        with_r1(pause=Pause(until=date(2022, 9, 30), reason="chờ hướng dẫn")),
        {"cancelled": 3 * 2, "messages": 0, "people": 2, "touched": 2},
    ),
    "another rhythm": (
        replace(BOTH, policies={"default": policy(remind="-2d")}),
        {"cancelled": 3 * 3, "messages": 0, "touched": 3},
    ),
    "another office": (replace(BOTH, office="stc"), {"rules": (Rule.OFFICE,), "touched": 0, "messages": 0}),
}


@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_of_effect_is_foreseen(store: Store, kind: str) -> None:
    new, wanted = KINDS[kind]
    made = Office(store, catalogue(BOTH, "d1"), local("2022-09-22 08:00"))
    made.begin()
    made.links("snv", "stc")
    made.ticks(local("2022-09-23 08:00"), every=DAY)  # the first reminder, seven days ahead
    made.now = local("2022-09-23 09:00")

    found = made.foresees(catalogue(new, "d2"))

    assert {name: getattr(found, name) for name in wanted} == wanted


def test_an_escalation_starts_where_the_new_rhythm_is_already_past(store: Store) -> None:
    quiet = replace(BOTH, policies={"default": policy(escalate="")})
    made = Office(store, catalogue(quiet, "d1"), local("2022-09-26 08:00"))
    made.begin()
    made.links("snv", "stc")
    made.links("snv", role=Role.OFFICE)
    made.ticks(local("2022-10-12 08:00"), every=DAY)
    made.now = local("2022-10-12 09:00")

    found = made.foresees(catalogue(BOTH, "d2"))

    assert (found.escalations, found.messages) == (3, 1)


def test_a_day_off_announced_late_moves_only_what_was_not_sent(office: Office) -> None:
    off = Calendar(days_off=frozenset({date(2022, 9, 27), date(2022, 9, 29)}))
    new = catalogue(BOTH, "d2", off)
    found = office.foresees(new)

    office.applies(new)

    assert (found.rules, found.moved.count, found.repeated, found.cancelled) == ((Rule.DAYS,), 0, 0, 3)
    assert office.wrong_steps() == []
    assert office.keeps() == (0, 0, 0)


def test_other_words_are_no_effects_and_no_messages(office: Office) -> None:
    new = catalogue(with_r1(title="Tên khác", units=("stc", "snv")), "d2")
    before = office.messages()

    found = office.foresees(new)
    office.applies(new)

    assert found == Effects()
    assert office.messages() == before
