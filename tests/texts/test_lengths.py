"""Long texts are cut so that every part fits and nothing is lost."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.ports import Button, File, Out
from bot.texts.lengths import parts, split_text, text_length

TEXTS = st.text(alphabet=st.sampled_from("aếĐ.\n\t 😀👩\u0301\u200d\u00a0")) | st.text()
LIMITS = st.integers(min_value=2, max_value=40)


def bare(text: str) -> str:
    return "".join(text.split())


@given(text=TEXTS)
def test_a_length_is_counted_as_the_networks_count_it(text: str) -> None:
    assert text_length(text) == len(text.encode("utf-16-le", "surrogatepass")) // 2


@given(text=TEXTS, limit=LIMITS)
def test_every_part_fits(text: str, limit: int) -> None:
    assert all(text_length(part) <= limit for part in split_text(text, limit))


@given(text=TEXTS, limit=LIMITS)
def test_nothing_but_white_space_is_lost(text: str, limit: int) -> None:
    assert bare("".join(split_text(text, limit))) == bare(text)


@given(text=TEXTS, limit=LIMITS)
def test_no_part_is_empty_unless_the_text_is(text: str, limit: int) -> None:
    found = split_text(text, limit)

    assert all(part.strip() for part in found) or len(found) == 1


@given(text=TEXTS, limit=LIMITS)
def test_no_letter_is_cut_in_two(text: str, limit: int) -> None:
    # A half of a pair would be a letter the text does not have.
    assert {letter for part in split_text(text, limit) for letter in part} <= set(text)


@given(text=TEXTS)
def test_a_text_that_fits_is_left_as_it_is(text: str) -> None:
    assert split_text(text, max(text_length(text), 2)) == [text]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        pytest.param("một hai\nba bốn năm", ["một hai", "ba bốn năm"], id="at a line's end"),
        pytest.param("Một hai. Ba bốn.", ["Một hai.", "Ba bốn."], id="else at a sentence's"),
        pytest.param("một hai ba bốn năm", ["một hai ba", "bốn năm"], id="else at a word's"),
        pytest.param("abcdefghijklmnop", ["abcdefghijkl", "mnop"], id="else anywhere"),
        pytest.param("a\nabcdefghi klmnop", ["a\nabcdefghi", "klmnop"], id="a line's end too early is passed over"),
        pytest.param("\n" * 20 + "abc", ["abc"], id="white space before it"),
        pytest.param(" " * 20, [""], id="nothing but white space"),
    ],
)
def test_a_text_is_cut_where_a_reader_pauses(text: str, found: list[str]) -> None:
    assert split_text(text, 12) == found


def test_a_limit_that_no_letter_fits_is_refused() -> None:
    with pytest.raises(ValueError, match="1"):
        split_text("😀", 1)


def test_the_heading_goes_on_the_first_part_and_buttons_and_file_on_the_last() -> None:
    rows = ((Button(text="Hủy", action="1:x:0:0"),),)
    file = File(path="a.png", name="a.png", media="image/png")
    out = Out(heading="Đầu đề", text="một hai\nba bốn năm sáu\nbảy tám", buttons=rows, file=file)

    first, *middle, last = parts(out, 20)

    assert (first.heading, first.buttons, first.file) == ("Đầu đề", (), None)
    assert all((part.heading, part.buttons, part.file) == ("", (), None) for part in middle)
    assert (last.heading, last.buttons, last.file) == ("", rows, file)


@given(heading=TEXTS, text=TEXTS, limit=st.integers(min_value=10, max_value=60))
def test_heading_and_text_of_a_part_fit_together(heading: str, text: str, limit: int) -> None:
    found = parts(Out(heading=heading, text=text), limit)

    assert all(text_length(f"{part.heading}\n{part.text}" if part.heading else part.text) <= limit for part in found)
    assert bare("".join(part.heading + part.text for part in found)) == bare(heading + text)
