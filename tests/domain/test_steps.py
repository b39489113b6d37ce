"""The planned acts of the bot, and what becomes of those that came due."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.calendar import LOCAL, Calendar, local_day
from bot.domain.plan import Escalation, Offset, OffsetUnit, Pause, Policy, Review, Role
from bot.domain.standing import Standing, Word, standing
from bot.domain.steps import Fate, Reason, Ruling, Step, StepKind, next_step_at, ripe, rule, steps_of, why_quiet
from tests.builders import CALENDAR, end_of, local, moments, policy, word

SECOND = timedelta(seconds=1)
LONG_KNOWN = local("2022-08-24 08:00")
DUE = end_of(date(2022, 10, 31))  # a Monday


def steps(
    due: date | datetime, of: Policy | None = None, *, known: datetime = LONG_KNOWN, calendar: Calendar = CALENDAR
) -> tuple[Step, ...]:
    due_at = due if isinstance(due, datetime) else end_of(due)
    return steps_of(of or policy(), due_at=due_at, known_at=known, calendar=calendar)


def planned(found: Sequence[Step]) -> dict[str, str]:
    """Return the local day of each step by key; every one of these leaves at eight."""
    assert {step.planned_at.astimezone(LOCAL).strftime("%H:%M") for step in found} == {"08:00"}
    return {step.key: f"{local_day(step.planned_at):%d/%m/%Y}" for step in found}


def fates(rulings: Sequence[Ruling]) -> list[str]:
    return [f"{each.step.key} {each.fate}{f' {each.reason}' if each.reason else ''}" for each in rulings]


def judged(
    came_due: Sequence[Step], now: datetime, *, quiet: Reason | None = None, due_at: datetime = DUE
) -> list[str]:
    return fates(rule(came_due, quiet=quiet, due_at=due_at, stop=60, now=now))


GOLDEN = {
    "-7d": "24/10/2022", "-3d": "28/10/2022", "-1d": "28/10/2022", "0d": "31/10/2022", "+1d": "01/11/2022",
    "+3d": "03/11/2022", "head+3wd": "03/11/2022", "+7d": "07/11/2022", "office+7wd": "09/11/2022",
    "+14d": "14/11/2022", "+21d": "21/11/2022", "+28d": "28/11/2022", "+35d": "05/12/2022", "+42d": "12/12/2022",
    "+49d": "19/12/2022", "+56d": "26/12/2022",
}  # fmt: skip


def test_the_default_policy_plans_a_whole_occurrence() -> None:
    found = steps(DUE)

    assert list(planned(found).items()) == list(GOLDEN.items())
    assert [step.key for step in found if step.is_last_call] == ["0d"]
    kinds = {kind: [step.key for step in found if step.kind is kind] for kind in StepKind}
    assert kinds[StepKind.REMIND] == ["-7d", "-3d", "-1d", "0d"]
    assert kinds[StepKind.ESCALATE] == ["head+3wd", "office+7wd"]
    assert {step.key: step.to for step in found if step.to is not Role.FOCAL} == {
        "head+3wd": Role.HEAD,
        "office+7wd": Role.OFFICE,
    }


@pytest.mark.parametrize(
    ("due", "reminders", "after", "up"),
    [
        pytest.param(
            date(2022, 9, 25),
            "16/09/2022 22/09/2022 23/09/2022 23/09/2022",
            "26/09/2022 28/09/2022 03/10/2022 10/10/2022",
            "28/09/2022 04/10/2022",
            id="Sunday 25/9/2022",
        ),
        pytest.param(
            date(2022, 12, 25),
            "16/12/2022 22/12/2022 23/12/2022 23/12/2022",
            "26/12/2022 28/12/2022 03/01/2023 09/01/2023",
            "28/12/2022 04/01/2023",
            id="Sunday 25/12/2022, then the new year",
        ),
        pytest.param(
            date(2022, 12, 31),
            "23/12/2022 28/12/2022 30/12/2022 30/12/2022",
            "03/01/2023 03/01/2023 09/01/2023 16/01/2023",
            "05/01/2023 11/01/2023",
            id="Saturday 31/12/2022: the next working day is of another year",
        ),
        pytest.param(
            date(2022, 9, 2),
            "26/08/2022 30/08/2022 31/08/2022 31/08/2022",
            "05/09/2022 05/09/2022 09/09/2022 16/09/2022",
            "07/09/2022 13/09/2022",
            id="Quốc khánh 2/9/2022",
        ),
        pytest.param(
            date(2022, 9, 1),
            "25/08/2022 29/08/2022 31/08/2022 31/08/2022",
            "05/09/2022 05/09/2022 08/09/2022 15/09/2022",
            "07/09/2022 13/09/2022",
            id="Quốc khánh 1/9/2022",
        ),
        pytest.param(
            date(2023, 1, 25),
            "18/01/2023 19/01/2023 19/01/2023 19/01/2023",
            "27/01/2023 30/01/2023 01/02/2023 08/02/2023",
            "31/01/2023 06/02/2023",
            id="Tết 2023",
        ),
    ],
)
def test_days_off_bring_reminders_forward_and_put_the_rest_off(due: date, reminders: str, after: str, up: str) -> None:
    when = planned(steps(due))

    assert [when[key] for key in ("-7d", "-3d", "-1d", "0d")] == reminders.split()
    assert [when[key] for key in ("+1d", "+3d", "+7d", "+14d")] == after.split()
    assert [when["head+3wd"], when["office+7wd"]] == up.split()


@pytest.mark.parametrize(
    ("due_at", "last"),
    [
        pytest.param("2022-10-31 17:00", "31/10/2022", id="an hour after the morning's reminder"),
        pytest.param("2022-10-31 08:00:01", "31/10/2022", id="just after it"),
        pytest.param("2022-10-31 08:00", "28/10/2022", id="exactly with it"),
        pytest.param("2022-10-31 07:30", "28/10/2022", id="before it"),
        pytest.param("2022-10-30 17:00", "28/10/2022", id="an hour of a Sunday"),
        pytest.param("2022-11-01 07:30", "31/10/2022", id="before it, the day before works"),
    ],
)
def test_the_last_reminder_leaves_before_the_due_hour(due_at: str, last: str) -> None:
    found = steps(local(due_at))

    assert planned(found)["0d"] == last
    assert all(step.planned_at < local(due_at) for step in found if step.kind is StepKind.REMIND)
    assert [step.key for step in found if step.is_last_call][-1] == "0d"


def test_a_policy_hour_in_the_lunch_break_reminds_before_a_due_in_it() -> None:
    noon = policy(at="12:00")

    assert local_day(steps(local("2022-10-31 13:00"), noon)[-1].planned_at) > date(2022, 10, 31)
    reminders = {step.key: step for step in steps(local("2022-10-31 13:00"), noon)}
    assert reminders["0d"].planned_at == local("2022-10-28 12:00")  # at noon of the 31st nobody can be written to
    assert steps(local("2022-10-31 14:00"), noon)[3].planned_at == local("2022-10-31 12:00")


def test_the_last_reminder_is_the_last_call_though_it_comes_days_before_the_due() -> None:
    assert [step.key for step in steps(DUE, policy(remind="-7d -3d")) if step.is_last_call] == ["-3d"]


def test_working_days_before_the_due_are_counted_over_days_off() -> None:
    of = policy(remind="-3wd -1wd 0wd", overdue="+2wd", every=None, escalate="")

    assert planned(steps(date(2022, 9, 6), of)) == {
        "-3wd": "30/08/2022", "-1wd": "05/09/2022", "0wd": "06/09/2022", "+2wd": "08/09/2022",
    }  # fmt: skip
    assert planned(steps(date(2022, 9, 25), of)) == {
        "-3wd": "21/09/2022", "-1wd": "23/09/2022", "0wd": "23/09/2022", "+2wd": "27/09/2022",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("overdue", "every", "stop", "keys"),
    [
        pytest.param("+1d +3d +7d", 7, 28, "+1d +3d +7d +14d +21d +28d", id="up to stop, inclusive"),
        pytest.param("+1d +3d +7d", 7, 27, "+1d +3d +7d +14d +21d", id="not past stop"),
        pytest.param("+1d +3d +7d", None, 60, "+1d +3d +7d", id="no repeating"),
        pytest.param("", 10, 30, "+10d +20d +30d", id="only repeating"),
        pytest.param("+10wd", 7, 30, "+10wd +21d +28d", id="after the last, ten working days being two weeks"),
        pytest.param("+7d +1d", 7, 14, "+1d +7d +14d", id="named in any order"),
    ],
)
def test_overdue_notices_repeat_after_the_last_named_one_up_to_stop(
    overdue: str, every: int | None, stop: int, keys: str
) -> None:
    found = steps(DUE, policy(remind="", overdue=overdue, every=every, stop=stop, escalate=""))

    assert [step.key for step in found] == keys.split()


@pytest.mark.parametrize(
    ("known", "head", "office"),
    [
        pytest.param("2022-08-24 08:00", "03/11/2022", "09/11/2022", id="long before the due"),
        pytest.param("2022-10-31 23:59", "03/11/2022", "09/11/2022", id="on the due day"),
        pytest.param(
            "2022-11-01 00:00", "04/11/2022", "10/11/2022", id="the local day after, still the due day in UTC"
        ),
        pytest.param("2022-11-12 09:00", "16/11/2022", "22/11/2022", id="on a Saturday after"),
    ],
)
def test_nobody_is_reported_upward_for_days_on_which_nobody_had_asked(known: str, head: str, office: str) -> None:
    when = planned(steps(DUE, known=local(known)))

    assert (when["head+3wd"], when["office+7wd"]) == (head, office)
    assert {key: day for key, day in when.items() if "w" not in key} == {
        key: day for key, day in GOLDEN.items() if "w" not in key
    }


def test_an_escalation_named_twice_is_one_step() -> None:
    found = steps(DUE, policy(escalate="head+3wd head+3wd head+5wd"))

    assert [step.key for step in found if step.kind is StepKind.ESCALATE] == ["head+3wd", "head+5wd"]


OFFSETS = st.builds(Offset, amount=st.integers(0, 40), unit=st.sampled_from(OffsetUnit))


def _negative(of: Offset) -> Offset:
    return replace(of, amount=-of.amount)


POLICIES = st.builds(
    Policy,
    id=st.just("default"),
    remind=st.lists(OFFSETS.map(_negative), max_size=5, unique=True).map(tuple),
    overdue=st.lists(OFFSETS.filter(lambda of: of.amount > 0), max_size=5, unique=True).map(tuple),
    every=st.none() | st.integers(1, 30),
    stop=st.integers(1, 90),
    escalate=st.lists(
        st.builds(
            Escalation,
            after=OFFSETS.filter(lambda of: of.amount > 0),
            to=st.sampled_from([Role.HEAD, Role.OFFICE]),
        ),
        max_size=4,
    ).map(tuple),
    at=st.times(),
)
MOMENTS = moments("2022-07-01", "2023-06-30")
TICKS = st.lists(MOMENTS, min_size=1, max_size=12)
STEPS = st.builds(
    lambda of, due_at, known: steps(due_at, of, known=known), POLICIES, MOMENTS, MOMENTS
)  # of any policy, due and time of becoming known


@given(POLICIES, MOMENTS, MOMENTS)
def test_every_step_is_planned_on_a_working_day_at_the_policys_hour_under_its_own_key(
    of: Policy, due_at: datetime, known: datetime
) -> None:
    found = steps(due_at, of, known=known)

    assert all(CALENDAR.is_working_day(local_day(step.planned_at)) for step in found)
    assert all(step.planned_at.astimezone(LOCAL).time() == of.at for step in found)
    assert all(step.planned_at.tzinfo is UTC for step in found)
    assert len({step.key for step in found}) == len(found)
    assert [step.planned_at for step in found] == sorted(step.planned_at for step in found)


@given(POLICIES, MOMENTS, MOMENTS)
def test_reminders_leave_before_the_due_and_everything_else_on_a_later_day(
    of: Policy, due_at: datetime, known: datetime
) -> None:
    for step in steps(due_at, of, known=known):
        if step.kind is StepKind.REMIND:
            assert step.planned_at < due_at
        else:
            assert local_day(step.planned_at) > local_day(due_at)
        if step.kind is StepKind.ESCALATE:
            assert local_day(step.planned_at) > local_day(known)


@given(POLICIES.filter(lambda of: bool(of.remind)), MOMENTS)
def test_the_last_call_is_the_last_reminder(of: Policy, due_at: datetime) -> None:
    reminders = [step for step in steps(due_at, of) if step.kind is StepKind.REMIND]
    last = max(step.planned_at for step in reminders)

    assert [step.is_last_call for step in reminders] == [step.planned_at == last for step in reminders]


@pytest.mark.parametrize(
    ("due", "now", "newest"),
    [
        pytest.param(date(2022, 9, 25), "2022-09-23 09:00", "0d", id="reminders before a Sunday"),
        pytest.param(date(2022, 12, 31), "2023-01-03 09:00", "+3d", id="notices after the new year"),
    ],
)
def test_of_steps_on_one_morning_the_last_by_its_offset_is_the_newest(due: date, now: str, newest: str) -> None:
    backwards = policy(remind="0d -1d -3d", overdue="+7d +3d +1d", escalate="")
    rulings = rule(
        ripe(steps(due, backwards), handled_until=None, now=local(now)),
        quiet=None, due_at=end_of(due), stop=60, now=local(now),
    )  # fmt: skip

    assert [each.step.key for each in rulings if each.fate is Fate.HANDED] == [newest]


# --- which steps are ripe -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("now", "keys"),
    [
        pytest.param("2022-10-24 07:59:59", "", id="just before"),
        pytest.param("2022-10-24 08:00", "-7d", id="exactly at"),
        pytest.param("2022-10-24 08:00:01", "-7d", id="just after"),
        pytest.param("2022-10-28 08:00", "-7d -3d -1d", id="two on one morning"),
    ],
)
def test_a_step_is_ripe_from_its_very_moment(now: str, keys: str) -> None:
    assert [step.key for step in ripe(steps(DUE), handled_until=None, now=local(now))] == keys.split()


def test_a_step_is_not_ripe_again_at_the_moment_it_was_handled() -> None:
    at = local("2022-10-24 08:00")

    assert ripe(steps(DUE), handled_until=at, now=at) == ()
    assert [step.key for step in ripe(steps(DUE), handled_until=at - SECOND, now=at)] == ["-7d"]


@given(STEPS, TICKS)
def test_however_ticks_fall_each_step_that_came_due_is_ripe_once(
    found: tuple[Step, ...], ticks: list[datetime]
) -> None:
    handled: list[Step] = []
    until = None
    for now in sorted(ticks):
        handled += ripe(found, handled_until=until, now=now)
        until = now

    assert handled == [step for step in found if step.planned_at <= max(ticks)]


@given(STEPS, TICKS)
def test_a_clock_that_jumps_about_repeats_and_loses_nothing(found: tuple[Step, ...], ticks: list[datetime]) -> None:
    handled: list[str] = []
    until: datetime | None = None
    for now in ticks:
        came_due = ripe(found, handled_until=until, now=now)
        if until is not None and now <= until:
            assert came_due == ()
        if came_due:  # as the tick does: only an occurrence that had a step due is moved on
            until = now
        handled += [step.key for step in came_due]

    assert Counter(handled) == Counter(step.key for step in found if step.planned_at <= max(ticks))


@given(STEPS, TICKS)
def test_a_tick_that_wakes_at_the_next_step_misses_none(found: tuple[Step, ...], ticks: list[datetime]) -> None:
    for earlier, later in pairwise(sorted(ticks)):
        at = next_step_at(found, handled_until=earlier)
        came_due = ripe(found, handled_until=earlier, now=later)
        assert bool(came_due) is (at is not None and at <= later)
        assert not came_due or at == came_due[0].planned_at


def test_after_the_last_step_there_is_no_next() -> None:
    found = steps(DUE)

    assert next_step_at(found, handled_until=None) == local("2022-10-24 08:00")
    assert next_step_at(found, handled_until=local("2022-10-24 08:00")) == local("2022-10-28 08:00")
    assert next_step_at(found, handled_until=local("2022-12-26 07:59")) == local("2022-12-26 08:00")
    assert next_step_at(found, handled_until=local("2022-12-26 08:00")) is None
    assert next_step_at((), handled_until=None) is None


# --- what becomes of ripe steps -------------------------------------------------------------------------------------


def test_a_task_that_nobody_answers_is_chased_as_the_golden_table_says() -> None:
    found = steps(DUE)
    until = None
    said = []
    for day in sorted({local_day(step.planned_at) for step in found}):
        now = local(f"{day} 08:00:05")
        said += [f"{day:%d/%m} {each}" for each in judged(ripe(found, handled_until=until, now=now), now)]
        until = now

    assert said == [
        "24/10 -7d handed", "28/10 -3d superseded newer_step", "28/10 -1d handed", "31/10 0d handed",
        "01/11 +1d handed", "03/11 +3d handed", "03/11 head+3wd handed", "07/11 +7d handed", "09/11 office+7wd handed",
        "14/11 +14d handed", "21/11 +21d handed", "28/11 +28d handed", "05/12 +35d handed", "12/12 +42d handed",
        "19/12 +49d handed", "26/12 +56d handed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("now", "expected"),
    [
        pytest.param(
            "2022-10-31 09:00",
            ["-7d superseded newer_step", "-3d superseded newer_step", "-1d superseded newer_step", "0d handed"],
            id="before the due: the newest reminder",
        ),
        pytest.param(
            "2022-10-31 23:59:59",
            ["-7d superseded newer_step", "-3d superseded newer_step", "-1d superseded newer_step", "0d handed"],
            id="exactly at the due",
        ),
        pytest.param(
            "2022-11-01 00:00",
            ["-7d superseded newer_step", "-3d superseded newer_step", "-1d superseded newer_step",
             "0d superseded past_due"],
            id="just after the due: a reminder comes too late",
        ),
        pytest.param(
            "2022-11-03 09:00",
            ["-7d superseded newer_step", "-3d superseded newer_step", "-1d superseded newer_step",
             "0d superseded newer_step", "+1d superseded newer_step", "+3d handed", "head+3wd handed"],
            id="days after: the newest notice, and the head",
        ),
    ],
)  # fmt: skip
def test_after_an_outage_the_newest_step_covers_those_before(now: str, expected: list[str]) -> None:
    assert judged(ripe(steps(DUE), handled_until=None, now=local(now)), local(now)) == expected


@pytest.mark.parametrize("quiet", [Reason.REPORTED, Reason.EXTENSION_ASKED, Reason.PAUSED])
@pytest.mark.parametrize("now", ["2022-10-28 09:00", "2022-11-09 09:00", "2023-06-01 09:00"])
def test_what_is_not_to_be_chased_is_suppressed_with_its_reason(quiet: Reason, now: str) -> None:
    came_due = ripe(steps(DUE), handled_until=None, now=local(now))

    assert judged(came_due, local(now), quiet=quiet) == [f"{step.key} suppressed {quiet}" for step in came_due]


@pytest.mark.parametrize(
    ("now", "last"),
    [
        pytest.param("2022-12-30 23:59:59", "+56d handed", id="the sixtieth day"),
        pytest.param("2022-12-31 00:00", "+56d suppressed stopped", id="the sixty-first"),
    ],
)
def test_nothing_is_sent_further_past_due_than_the_policy_chases(now: str, last: str) -> None:
    came_due = ripe(steps(DUE), handled_until=local("2022-12-19 08:00"), now=local(now))

    assert judged(came_due, local(now)) == [last]


@given(
    of=POLICIES,
    due_at=MOMENTS,
    known=MOMENTS,
    until=st.none() | MOMENTS,
    now=MOMENTS,
    quiet=st.none() | st.sampled_from(Reason),
)
def test_every_ripe_step_gets_one_fate_and_each_role_hears_at_most_one(
    *, of: Policy, due_at: datetime, known: datetime, until: datetime | None, now: datetime, quiet: Reason | None
) -> None:
    came_due = ripe(steps(due_at, of, known=known), handled_until=until, now=now)
    rulings = rule(came_due, quiet=quiet, due_at=due_at, stop=of.stop, now=now)
    handed = [each.step for each in rulings if each.fate is Fate.HANDED]

    assert [each.step for each in rulings] == list(came_due)
    assert all((each.reason is None) is (each.fate is Fate.HANDED) for each in rulings)
    assert max(Counter(step.to for step in handed).values(), default=0) <= 1
    assert all(not any(later.to is step.to for later in came_due[came_due.index(step) + 1 :]) for step in handed)
    if quiet is not None:
        assert {(each.fate, each.reason) for each in rulings} <= {(Fate.SUPPRESSED, quiet)}
    elif local_day(now) > local_day(due_at) + timedelta(days=of.stop):
        assert {(each.fate, each.reason) for each in rulings} <= {(Fate.SUPPRESSED, Reason.STOPPED)}
    else:
        silent = {step.to for step in came_due} - {step.to for step in handed}
        assert silent <= {Role.FOCAL}
        assert not silent or (now > due_at and {step.kind for step in came_due if step.to is Role.FOCAL} == {"remind"})
    assert not any(step.kind is StepKind.REMIND and now > due_at for step in handed)


# --- when an occurrence is left in peace ----------------------------------------------------------------------------


def quiet(
    said: Word | None, now: str = "2022-10-28 08:00", *, pause: Pause | None = None, review: Review = Review.OFFICE
) -> str | None:
    return why_quiet(said, pause=pause, review=review, due_at=DUE, now=local(now))


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        pytest.param(None, None, id="nothing said"),
        pytest.param(word("in_progress"), None, id="in progress is chased on"),
        pytest.param(word("blocked"), None, id="blocked is chased on"),
        pytest.param(word("done"), "reported", id="done, waiting"),
        pytest.param(word("done", verdict="accept"), "reported", id="done, accepted"),
        pytest.param(word("done", verdict="return"), None, id="returned is chased again"),
        pytest.param(word("not_ours"), "reported", id="not ours, waiting"),
        pytest.param(word("not_ours", verdict="accept"), "reported", id="released"),
        pytest.param(word("not_ours", verdict="return"), None, id="theirs after all"),
        pytest.param(word("extension"), None, id="extension asked: what it holds is in test_holds"),
        pytest.param(word("extension", verdict="refuse"), None, id="extension refused"),
        pytest.param(word("extension", verdict="extend"), None, id="extension given, chased by the new due"),
    ],
)
@pytest.mark.parametrize("now", ["2022-10-28 08:00", "2022-11-03 08:00"], ids=["before the due", "after it"])
def test_an_answer_leaves_the_unit_in_peace_until_it_is_not_enough(
    said: Word | None, reason: str | None, now: str
) -> None:
    assert quiet(said, now) == reason


@pytest.mark.parametrize(
    ("now", "reason"),
    [
        pytest.param("2022-10-28 08:00", "paused", id="within the pause"),
        pytest.param("2022-11-03 23:59:59", "paused", id="on its last day"),
        pytest.param("2022-11-04 00:00", None, id="after it, of itself"),
    ],
)
def test_a_pause_ends_by_itself_after_its_last_local_day(now: str, reason: str | None) -> None:
    pause = Pause(until=date(2022, 11, 3), reason="chờ Bộ hướng dẫn")

    assert quiet(None, now, pause=pause) == reason
    assert quiet(word("in_progress"), now, pause=pause) == reason


def test_without_review_a_done_report_is_enough() -> None:
    assert quiet(word("done"), review=Review.NONE) == "reported"
    assert quiet(word("done", verdict="return"), review=Review.NONE) is None


@given(
    st.builds(
        word,
        st.sampled_from(["done", "in_progress", "blocked", "extension", "not_ours"]),
        verdict=st.none() | st.sampled_from(["accept", "return", "extend", "refuse"]),
    ),
    MOMENTS,
    st.sampled_from(Review),
)
def test_what_is_closed_or_waits_for_others_is_never_chased(said: Word, now: datetime, review: Review) -> None:
    stands = standing(said, due_at=DUE, now=now, review=review)
    reason = why_quiet(said, pause=None, review=review, due_at=DUE, now=now)

    assert (reason is Reason.REPORTED) is (stands not in {Standing.OPEN, Standing.WORKING, Standing.OVERDUE})
