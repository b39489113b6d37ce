"""What a unit's word holds back of its chase, and the warning before a report upward."""

from collections.abc import Sequence
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import local_day
from bot.domain.holds import held, hold_of, warned_of, why_held
from bot.domain.plan import Policy, Role
from bot.domain.standing import Status, Verdict, Word
from bot.domain.steps import Fate, Reason, Ruling, Step, StepKind, rule, steps_of
from tests.builders import CALENDAR, end_of, local, policy, word
from tests.domain.test_steps import MOMENTS, POLICIES

LONG_KNOWN = local("2022-08-24 08:00")
DUE = date(2022, 10, 31)  # a Monday
MONDAY_STEPS = "-7d 24/10, -3d and -1d 28/10, 0d 31/10, +1d 01/11, +3d and head+3wd 03/11, +7d 07/11, office+7wd 09/11"


def steps(due: date = DUE, of: Policy | None = None) -> tuple[Step, ...]:
    return steps_of(of or policy(), due_at=end_of(due), known_at=LONG_KNOWN, calendar=CALENDAR)


def kept_back(said: Word, found: Sequence[Step] | None = None) -> list[str]:
    found = steps() if found is None else found
    hold = hold_of(said, found, calendar=CALENDAR)
    return [step.key for step in found if step.planned_at > said.at and why_held(step, hold)]


@pytest.mark.parametrize(
    ("at", "keys"),
    [
        pytest.param("2022-10-24 09:00", "", id="a Monday: the next step comes on Friday, four working days later"),
        pytest.param("2022-10-25 08:00", "-3d -1d", id="three working days to the hour"),
        pytest.param("2022-10-25 07:59", "", id="a minute more than three working days"),
        pytest.param("2022-10-22 10:00", "-7d", id="on a Saturday: Monday to Wednesday"),
        pytest.param("2022-10-27 09:00", "-3d -1d", id="before the last call: never past it, and not it"),
        pytest.param("2022-10-31 07:59", "", id="just before the last call"),
        pytest.param("2022-10-31 09:00", "+3d", id="after it: the message of tomorrow warns of the head, and comes"),
        pytest.param("2022-11-01 09:00", "+3d", id="after the warning: the nag is held, the head is told"),
        pytest.param("2022-11-03 09:00", "+7d", id="over a weekend"),
        pytest.param("2022-11-11 09:00", "+14d", id="each time anew"),
    ],
)
def test_in_progress_holds_the_nag_for_three_working_days(at: str, keys: str) -> None:
    assert kept_back(word("in_progress", at)) == keys.split(), MONDAY_STEPS


@pytest.mark.parametrize(
    ("at", "keys"),
    [
        pytest.param("2022-10-20 09:00", "-7d -3d -1d 0d +1d +3d head+3wd", id="long before the due: up to the head"),
        pytest.param("2022-11-02 09:00", "+3d head+3wd", id="the day before the head is told"),
        pytest.param("2022-11-03 09:00", "+7d office+7wd", id="after it: up to the office"),
        pytest.param("2022-11-09 09:00", "+14d", id="after the last report upward: the next message alone"),
        pytest.param("2023-01-09 09:00", "", id="nothing is left"),
    ],
)
def test_an_extension_asked_for_holds_one_step_upward_and_what_comes_before_it(at: str, keys: str) -> None:
    assert kept_back(word("extension", at)) == keys.split(), MONDAY_STEPS


@pytest.mark.parametrize("verdict", Verdict)
@pytest.mark.parametrize("status", [Status.IN_PROGRESS, Status.EXTENSION])
def test_what_was_decided_on_holds_nothing(status: Status, verdict: Verdict) -> None:
    assert kept_back(word(status, "2022-10-20 09:00", verdict=verdict)) == []


@pytest.mark.parametrize("status", [Status.DONE, Status.BLOCKED, Status.NOT_OURS])
def test_other_words_hold_nothing(status: Status) -> None:
    assert hold_of(word(status, "2022-10-20 09:00"), steps(), calendar=CALENDAR) is None
    assert hold_of(None, steps(), calendar=CALENDAR) is None


def test_what_is_held_is_suppressed_for_its_reason_and_other_fates_stay() -> None:
    came_due = tuple(step for step in steps() if local_day(step.planned_at) == date(2022, 11, 3))
    older = tuple(step for step in steps() if step.key == "+1d")
    now = local("2022-11-03 08:00:05")
    rulings = rule(older + came_due, quiet=None, due_at=end_of(DUE), stop=60, now=now)
    hold = hold_of(word("in_progress", "2022-11-02 10:00"), steps(), calendar=CALENDAR)

    assert [(each.step.key, each.fate, each.reason) for each in held(rulings, hold)] == [
        ("+1d", Fate.SUPERSEDED, Reason.NEWER_STEP),
        ("+3d", Fate.SUPPRESSED, Reason.ACKNOWLEDGED),
        ("head+3wd", Fate.HANDED, None),
    ]
    assert held(rulings, None) == rulings


def warnings(found: Sequence[Step], said: Word | None = None) -> list[tuple[str, str]]:
    hold = hold_of(said, found, calendar=CALENDAR)
    pairs = [(step, warned_of(step, found, hold=hold, calendar=CALENDAR)) for step in found]
    return [(step.key, up.key) for step, up in pairs if up is not None]


@pytest.mark.parametrize(
    ("due", "of", "pairs"),
    [
        pytest.param(date(2022, 9, 29), policy(), [("+3d", "head+3wd")], id="the very working day before"),
        pytest.param(DUE, policy(), [("+1d", "head+3wd")], id="two before, where that day has no message"),
        pytest.param(date(2022, 10, 7), policy(), [("+3d", "head+3wd")], id="the last of several on one morning"),
        pytest.param(date(2023, 1, 19), policy(), [("+7d", "head+3wd")], id="over Tết"),
        pytest.param(DUE, policy(overdue="", every=None), [("0d", "head+3wd")], id="the last call, where nothing follows"),
        pytest.param(DUE, policy(escalate="office+1wd"), [("0d", "office+1wd")], id="the office first, the day after"),
        pytest.param(DUE, policy(escalate=""), [], id="nobody is told"),
        pytest.param(DUE, policy(remind="", overdue="+10d"), [], id="nobody is asked before"),
    ],
)  # fmt: skip
def test_the_first_report_upward_is_warned_of_by_the_last_message_a_working_day_before(
    due: date, of: Policy, pairs: list[tuple[str, str]]
) -> None:
    assert warnings(steps(due, of)) == pairs


def test_where_the_first_report_upward_was_held_the_next_one_is_warned_of() -> None:
    assert warnings(steps(), word("extension", "2022-10-20 09:00")) == [("+7d", "office+7wd")]


@given(POLICIES, MOMENTS, MOMENTS)
def test_a_warning_is_never_held_by_an_acknowledgement_and_comes_a_working_day_before(
    of: Policy, due_at: datetime, said_at: datetime
) -> None:
    found = steps_of(of, due_at=due_at, known_at=LONG_KNOWN, calendar=CALENDAR)
    hold = hold_of(word("in_progress", said_at), found, calendar=CALENDAR)
    first = next((step for step in found if step.kind is StepKind.ESCALATE), None)
    warners = [step for step in found if warned_of(step, found, hold=hold, calendar=CALENDAR)]

    assert len(warners) <= 1
    for step in warners:
        assert first is not None
        assert step.to is Role.FOCAL
        assert local_day(step.planned_at) <= CALENDAR.add_working_days(local_day(first.planned_at), -1)
        assert why_held(step, hold) is None


@given(POLICIES, MOMENTS, MOMENTS, st.sampled_from([Status.IN_PROGRESS, Status.EXTENSION]))
def test_whatever_was_said_the_chase_goes_on(of: Policy, due_at: datetime, said_at: datetime, status: Status) -> None:
    found = steps_of(of, due_at=due_at, known_at=LONG_KNOWN, calendar=CALENDAR)
    hold = hold_of(word(status, said_at), found, calendar=CALENDAR)
    back = [step for step in found if step.planned_at > said_at and why_held(step, hold)]
    upward = [step for step in back if step.kind is StepKind.ESCALATE]

    if status is Status.IN_PROGRESS:
        assert not any(step.is_last_call for step in back)
        assert upward == []
        latest = CALENDAR.add_working_days(local_day(said_at), 3)
        assert all(local_day(step.planned_at) <= latest for step in back)
    else:
        assert len({step.planned_at for step in upward}) <= 1
        ahead = [step for step in found if step.planned_at > said_at]
        assert upward or len({step.planned_at for step in back}) <= 1
        assert not upward or back == [step for step in ahead if step.planned_at <= upward[0].planned_at]


@given(POLICIES, MOMENTS, MOMENTS)
def test_a_hold_adds_no_message(of: Policy, due_at: datetime, said_at: datetime) -> None:
    found = steps_of(of, due_at=due_at, known_at=LONG_KNOWN, calendar=CALENDAR)
    now = said_at + timedelta(days=2)
    rulings = rule(found, quiet=None, due_at=due_at, stop=of.stop, now=now)
    hold = hold_of(word("in_progress", said_at), found, calendar=CALENDAR)

    def handed(these: Sequence[Ruling]) -> set[str]:
        return {each.step.key for each in these if each.fate is Fate.HANDED}

    assert handed(held(rulings, hold)) <= handed(rulings)


def test_an_acknowledgement_before_the_last_call_holds_nothing_after_it() -> None:
    of = policy(escalate="")  # or the first message after the due would be the warning, which is never held

    assert kept_back(word("in_progress", "2022-10-27 16:00"), steps(DUE, of)) == ["-3d", "-1d"]
    assert kept_back(word("in_progress", "2022-10-28 09:00"), steps(DUE, of)) == []
    assert kept_back(word("in_progress", "2022-10-31 09:00"), steps(DUE, of)) == ["+1d", "+3d"]
