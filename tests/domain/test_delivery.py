"""What follows when a message did not arrive."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.delivery import LONGEST_PROBE, RETRIED, Failure, is_channel_down, next_attempt_at
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


@given(st.integers(1, 10**6), st.floats(0, 1, exclude_max=True))
def test_pauses_are_spread_by_a_fifth_either_way(attempts: int, chance: float) -> None:
    middle = next_attempt_at(now=NOW, attempts=attempts) - NOW
    found = next_attempt_at(now=NOW, attempts=attempts, chance=chance) - NOW

    assert abs(found - middle * (0.8 + 0.4 * chance)) < timedelta(milliseconds=1)


def test_a_probe_comes_a_minute_after_the_last_at_most() -> None:
    found = [next_attempt_at(now=NOW, attempts=tries, longest=LONGEST_PROBE) - NOW for tries in range(1, 8)]

    assert [pause.total_seconds() for pause in found] == [5, 10, 20, 40, 60, 60, 60]


@pytest.mark.parametrize(
    ("failed_chats", "others_wait", "failure", "expected"),
    [
        pytest.param(5, True, Failure.UNREACHABLE, True, id="five chats"),
        pytest.param(4, True, Failure.UNREACHABLE, False, id="four, and others wait"),
        pytest.param(3, False, Failure.IN_DOUBT, True, id="three, and nobody else waits"),
        pytest.param(2, False, Failure.UNREACHABLE, False, id="two chats may have bad luck"),
        pytest.param(1, True, Failure.UNAUTHORIZED, True, id="our token refused once"),
    ],
)
def test_when_it_is_the_channel_and_not_a_chat(
    failed_chats: int, others_wait: bool, failure: Failure, expected: bool
) -> None:
    assert is_channel_down(failed_chats=failed_chats, others_wait=others_wait, failure=failure) is expected
