"""What a button says."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.actions import ANSWERS, Action, Verb, read_action, write_action
from bot.domain.standing import CHOICES

LONGEST = 2**31 - 1  # the largest key of every database
IDS = st.integers(0, LONGEST)
ACTIONS = st.builds(Action, verb=st.sampled_from(Verb), subject=IDS, seen=IDS)


@given(ACTIONS)
@example(Action(verb=Verb.DONE, subject=LONGEST, seen=LONGEST))
def test_a_button_says_what_it_was_given_in_at_most_64_bytes(action: Action) -> None:
    written = write_action(action)

    assert read_action(written) == action
    assert len(written.encode()) <= 64


@given(ACTIONS, ACTIONS)
def test_different_actions_are_written_differently(one: Action, other: Action) -> None:
    assert (write_action(one) == write_action(other)) is (one == other)


def test_an_action_is_short_and_has_its_version() -> None:
    assert write_action(Action(verb=Verb.DONE, subject=87, seen=48)) == "1:s1:2f:1c"
    assert write_action(Action(verb=Verb.MINE)) == "1:l:0:0"


@given(
    st.text()
    | st.from_regex(r"[0-2]?:[a-z0-9]{0,2}:[0-9a-zA-Z]{0,14}:[0-9a-z]{0,14}", fullmatch=True)
    | st.lists(st.sampled_from(["1", "s1", "0", "00", "", ":", "z", "Z", " "]), max_size=9).map(":".join)
)
def test_what_we_never_wrote_is_none(text: str) -> None:
    found = read_action(text)

    assert found is None or write_action(found) == text


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="nothing"),
        pytest.param("2:s1:1:0", id="another version"),
        pytest.param("1:s9:1:0", id="no such verb"),
        pytest.param("1:s1:1", id="a part missing"),
        pytest.param("1:s1:1:0:0", id="a part too many"),
        pytest.param("1:s1::0", id="an empty id"),
        pytest.param("1:s1:01:0", id="a leading zero"),
        pytest.param("1:s1:-1:0", id="a negative id"),
        pytest.param("1:s1:1A:0", id="a capital"),
        pytest.param("1:s1:1_0:0", id="an underscore, which int() would take"),
        pytest.param("1:s1: 1:0", id="a space, which int() would take"),
        pytest.param("1:s1:٣:0", id="an Arabic digit, which int() would take"),
        pytest.param(f"1:s1:{'z' * 6}:0", id="an id past what a database holds"),
        pytest.param(f"1:s1:{'z' * 13}:0", id="an id longer than we read"),
        pytest.param(f"1:s1:{'0' * 100}:0", id="more than 64 bytes"),
        pytest.param(" 1:s1:1:0", id="space before"),
        pytest.param("1:s1:1:0\n", id="line end after"),
    ],
)
def test_garbage_is_none(text: str) -> None:
    assert read_action(text) is None


@pytest.mark.parametrize("number", [-1, 2**31])
def test_no_id_outside_the_databases_is_written(number: int) -> None:
    with pytest.raises(ValueError, match="no id"):
        write_action(Action(verb=Verb.OPEN, subject=number))


def test_the_five_answers_stand_in_the_order_of_their_numbers() -> None:
    assert [verb.name for verb in ANSWERS] == [status.name for status in CHOICES]
    assert [str(verb) for verb in ANSWERS] == ["s1", "s2", "s3", "s4", "s5"]
