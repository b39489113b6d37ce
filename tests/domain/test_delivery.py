"""What follows when a message did not arrive."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import RETRIED, Failure, next_attempt_at
from tests.builders import local

NOW = local("2022-09-26 08:00")
PAUSES = st.timedeltas(timedelta(), timedelta(days=2))


@pytest.mark.parametrize(
    ("attempts", "seconds"),
    [(1, 5), (2, 10), (3, 20), (4, 40), (5, 80), (6, 160), (7, 320), (8, 640), (9, 900), (10, 900), (10**9, 900)],
)
def test_pauses_double_from_five_seconds_to_a_quarter_of_an_hour(attempts: int, seconds: int) -> None:
    assert next_attempt_at(now=NOW, attempts=attempts) == NOW + timedelta(seconds=seconds)


@given(st.integers(1, 10**6), st.none() | PAUSES)
def test_no_failure_shortens_the_pause(attempts: int, retry_after: timedelta | None) -> None:
    one = next_attempt_at(now=NOW, attempts=attempts, retry_after=retry_after)
    more = next_attempt_at(now=NOW, attempts=attempts + 1, retry_after=retry_after)

    assert NOW < one <= more


@given(st.integers(1, 10**6), PAUSES)
def test_nothing_is_tried_before_the_network_allows_it_nor_before_our_own_pause(
    attempts: int, retry_after: timedelta
) -> None:
    own = next_attempt_at(now=NOW, attempts=attempts)

    assert next_attempt_at(now=NOW, attempts=attempts, retry_after=retry_after) == max(own, NOW + retry_after)


@pytest.mark.parametrize("failure", Failure)
def test_only_what_surely_did_not_arrive_and_may_yet_is_tried_again(failure: Failure) -> None:
    assert (failure in RETRIED) is (failure in {"unreachable", "throttled", "unauthorized"})
