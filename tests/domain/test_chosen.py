"""A message that is a number and nothing else, however politely."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.chosen import read_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        pytest.param("1", 1, id="bare"),
        pytest.param(" 2. ", 2, id="with a stop"),
        pytest.param("3)", 3, id="with a bracket"),
        pytest.param("số 1", 1, id="so"),
        pytest.param("SO 12", 12, id="without diacritics"),
        pytest.param("chọn 2", 2, id="chosen"),
        pytest.param("chọn số 2 ạ", 2, id="politely"),
        pytest.param("Em chọn mục 4 nhé!", 4, id="by a younger one"),
        pytest.param("xin chọn ý 1", 1, id="asking for it"),
        pytest.param("R5 1", None, id="a code is a report"),
        pytest.param("1/2", None, id="a ratio"),
        pytest.param("15/10", None, id="a day"),
        pytest.param("60%", None, id="a share"),
        pytest.param("1 2", None, id="two numbers"),
        pytest.param("1 vướng mắc", None, id="with something to say"),
        pytest.param("không 1", None, id="a no"),
        pytest.param("1234", None, id="more than any list is long"),
        pytest.param("-1", None, id="below nothing"),
        pytest.param("²", None, id="a power"),
        pytest.param("١", None, id="digits of another script"),
        pytest.param("", None, id="nothing"),
        pytest.param("9" * 5000, None, id="endless"),
    ],
)
def test_only_a_message_that_is_a_number_is_one(text: str, number: int | None) -> None:
    assert read_number(text) == number


@given(st.text())
def test_any_text_is_answered(text: str) -> None:
    found = read_number(text)

    assert found is None or 0 <= found <= 999
