"""Where an occurrence stands."""

from datetime import datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.plan import Review
from bot.domain.standing import (
    CHOICES,
    CLOSED,
    Standing,
    Status,
    Verdict,
    Word,
    asks_for_decision,
    done_since,
    is_waiting,
    standing,
)
from tests.builders import local, moments, word

DUE = local("2022-09-30 17:00")
SECOND = timedelta(seconds=1)
EARLY, LATE = DUE - timedelta(days=4), DUE + timedelta(days=4)

WORDS = st.none() | st.builds(
    word,
    st.sampled_from(Status),
    moments("2022-09-01", "2022-11-30"),
    verdict=st.none() | st.sampled_from(Verdict),
)
MOMENTS = st.sampled_from([EARLY, DUE - SECOND, DUE, DUE + SECOND, LATE])
REVIEWS = st.sampled_from(Review)


@pytest.mark.parametrize(
    ("said", "before", "after"),
    [
        pytest.param(None, "open", "overdue", id="nothing said"),
        pytest.param(word("in_progress"), "working", "overdue", id="in progress"),
        pytest.param(word("blocked"), "working", "overdue", id="blocked"),
        pytest.param(word("extension"), "working", "overdue", id="extension asked"),
        pytest.param(word("extension", verdict="refuse"), "working", "overdue", id="extension refused"),
        pytest.param(word("extension", verdict="extend"), "working", "overdue", id="extension given and passed"),
        pytest.param(word("done"), "waiting", "waiting", id="done, not reviewed"),
        pytest.param(word("done", verdict="accept"), "done_on_time", "done_on_time", id="done and accepted"),
        pytest.param(word("done", verdict="return"), "working", "overdue", id="returned is not done"),
        pytest.param(word("not_ours"), "waiting", "waiting", id="not ours, not decided"),
        pytest.param(word("not_ours", verdict="accept"), "released", "released", id="not ours, accepted"),
        pytest.param(word("not_ours", verdict="return"), "working", "overdue", id="not ours, returned"),
    ],
)
def test_an_occurrence_under_review_stands_as_people_said(said: Word | None, before: str, after: str) -> None:
    assert standing(said, due_at=DUE, now=DUE - SECOND, review=Review.OFFICE) == before
    assert standing(said, due_at=DUE, now=DUE + SECOND, review=Review.OFFICE) == after


@pytest.mark.parametrize(
    ("said", "stands"),
    [
        pytest.param(word("done"), "done_on_time", id="done needs nobody"),
        pytest.param(word("done", verdict="accept"), "done_on_time", id="accepted all the same"),
        pytest.param(word("done", verdict="return"), "overdue", id="returned all the same"),
        pytest.param(word("not_ours"), "waiting", id="not ours is always decided"),
        pytest.param(word("in_progress"), "overdue", id="in progress"),
    ],
)
def test_without_review_a_done_report_counts_at_once(said: Word, stands: str) -> None:
    assert standing(said, due_at=DUE, now=LATE, review=Review.NONE) == stands


@pytest.mark.parametrize(
    ("now", "stands"), [(DUE - SECOND, "open"), (DUE, "open"), (DUE + SECOND, "overdue")], ids=["before", "at", "after"]
)
def test_an_occurrence_is_overdue_only_after_the_due_moment(now: datetime, stands: str) -> None:
    assert standing(None, due_at=DUE, now=now, review=Review.OFFICE) == stands


@pytest.mark.parametrize(
    ("at", "stands"),
    [(DUE - SECOND, "done_on_time"), (DUE, "done_on_time"), (DUE + SECOND, "done_late")],
    ids=["before", "at", "after"],
)
@pytest.mark.parametrize("review", Review)
def test_a_report_up_to_the_due_moment_is_on_time(at: datetime, stands: str, review: Review) -> None:
    assert standing(word("done", at, verdict="accept"), due_at=DUE, now=LATE, review=review) == stands


def test_a_correction_after_the_due_keeps_a_timely_report_timely() -> None:
    first = word("done", EARLY)
    since = done_since(first, status=Status.DONE, at=LATE)
    corrected = Word(status=Status.DONE, at=LATE, done_since=since, verdict=Verdict.ACCEPT)

    assert standing(corrected, due_at=DUE, now=LATE, review=Review.OFFICE) is Standing.DONE_ON_TIME


@pytest.mark.parametrize(
    ("previous", "since"),
    [
        pytest.param(None, LATE, id="the first report"),
        pytest.param(word("done", EARLY), EARLY, id="a correction"),
        pytest.param(word("done", EARLY, verdict="accept"), EARLY, id="a correction after acceptance"),
        pytest.param(word("done", DUE, since=EARLY), EARLY, id="a second correction"),
        pytest.param(Word(status=Status.DONE, at=EARLY), EARLY, id="a correction of a report that kept no such moment"),
        pytest.param(word("done", EARLY, verdict="return"), LATE, id="done anew after a return"),
        pytest.param(word("in_progress", EARLY), LATE, id="done after in progress"),
        pytest.param(word("not_ours", EARLY, verdict="return"), LATE, id="done after not ours"),
    ],
)
def test_a_run_of_done_reports_begins_with_the_first_that_was_not_returned(
    previous: Word | None, since: datetime
) -> None:
    assert done_since(previous, status=Status.DONE, at=LATE) == since


@given(WORDS, st.sampled_from([status for status in Status if status is not Status.DONE]))
def test_any_other_report_ends_the_run(previous: Word | None, status: Status) -> None:
    assert done_since(previous, status=status, at=LATE) is None


@given(WORDS, MOMENTS, REVIEWS)
def test_only_after_the_due_is_anything_overdue_and_only_what_is_not_done(
    said: Word | None, now: datetime, review: Review
) -> None:
    stands = standing(said, due_at=DUE, now=now, review=review)

    assert stands is not Standing.OVERDUE or now > DUE
    assert now <= DUE or stands in CLOSED | {Standing.OVERDUE, Standing.WAITING}
    assert (stands is Standing.WAITING) is (
        said is not None and is_waiting(said, review=review) and stands not in CLOSED
    )


@given(WORDS, REVIEWS)
def test_time_alone_turns_nothing_that_was_answered(said: Word | None, review: Review) -> None:
    before = standing(said, due_at=DUE, now=EARLY, review=review)
    after = standing(said, due_at=DUE, now=LATE, review=review)

    assert (after is Standing.OVERDUE) is (before in {Standing.OPEN, Standing.WORKING})
    assert after is Standing.OVERDUE or after is before


@given(WORDS.filter(lambda said: said is not None), REVIEWS)
def test_the_office_is_asked_only_for_what_it_has_not_decided(said: Word, review: Review) -> None:
    if said.verdict is not None:
        assert not asks_for_decision(said, review=review)
    elif said.status in {Status.NOT_OURS, Status.EXTENSION}:
        assert asks_for_decision(said, review=review)
    elif said.status is Status.DONE:
        assert asks_for_decision(said, review=review) is (review is Review.OFFICE)
    else:
        assert not asks_for_decision(said, review=review)


def test_an_extension_asked_for_is_decided_but_is_no_waiting_report() -> None:
    assert asks_for_decision(word("extension"), review=Review.OFFICE)
    assert not is_waiting(word("extension"), review=Review.OFFICE)


def test_the_answers_stand_in_the_order_of_their_numbers() -> None:
    assert CHOICES == ("done", "in_progress", "blocked", "extension", "not_ours")
