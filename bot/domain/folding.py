"""Text as it is compared: without case, diacritics or stray spaces. For matching only, never stored or shown."""

import unicodedata

_PLAIN = str.maketrans({"đ": "d", "ð": "d"})  # old Vietnamese fonts typed Ð (eth) for Đ
_DROPPED = {"Mn", "Cf"}  # marks, and what is invisible: zero-width spaces, a byte order mark


def fold(text: str) -> str:
    """Return `text` in lower case without diacritics, its words one space apart. Folding twice changes nothing."""
    return " ".join(folded for _, folded in folded_words(text))


def folded_words(text: str) -> list[tuple[str, str]]:
    """Return each word as written beside its folded form; words of which nothing is left are gone."""
    words = (piece for word in text.split() for piece in _pieces(word))
    return [(written, folded) for written, folded in words if folded]


def _pieces(word: str) -> list[tuple[str, str]]:
    written = unicodedata.normalize("NFC", word)
    folded = _bare(written)
    while (again := _bare(folded)) != folded:  # a few letters of other scripts need a second pass
        folded = again
    return [(written, piece) for piece in folded.split()]


def _bare(text: str) -> str:
    marks = unicodedata.normalize("NFD", text.casefold().translate(_PLAIN))
    kept = "".join(letter for letter in marks if unicodedata.category(letter) not in _DROPPED)
    return unicodedata.normalize("NFC", kept)
