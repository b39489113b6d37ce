"""Text as it is compared."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import fold, folded_words


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        pytest.param("Đã Hoàn Thành", "da hoan thanh", id="case, diacritics and đ"),
        pytest.param(unicodedata.normalize("NFD", "Quý Bốn"), "quy bon", id="decomposed"),
        pytest.param("huỷ hủy", "huy huy", id="both places of the tone"),
        pytest.param("  một\t\nhai\u00a0ba ", "mot hai ba", id="any white space"),
        pytest.param("\ufeffxong\u200b", "xong", id="invisible letters"),
        pytest.param("Ðã nộp", "da nop", id="eth of old fonts"),
        pytest.param("\u0301", "", id="a mark alone"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_only_bare_letters_and_single_spaces_remain(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text())
def test_folding_twice_changes_nothing(text: str) -> None:
    assert fold(fold(text)) == fold(text)


@given(st.text(alphabet=st.sampled_from("ăâđêôơưàáảãạếềểễệABC xyz")))
def test_composed_and_decomposed_text_fold_alike(text: str) -> None:
    assert fold(unicodedata.normalize("NFD", text)) == fold(text)


def test_words_keep_what_was_written() -> None:
    assert folded_words("Chờ  Ý kiến") == [("Chờ", "cho"), ("Ý", "y"), ("kiến", "kien")]
