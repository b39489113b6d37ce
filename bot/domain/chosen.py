"""A message that is nothing but the number of a choice."""

import re

from bot.domain.folding import fold

LONGEST = 60  # characters of a message that may be one
_NUMBER = re.compile(
    r"(?:(?:em|toi|minh|anh|chi) )?(?:(?:xin )?chon )?(?:(?:so|muc|cau|y) )?([0-9]{1,3})[.)]?(?: (?:a|nhe))?"
)


def read_number(text: str) -> int | None:
    """Return the number a message is, and nothing but: "1", "1.", "số 1", "em chọn số 1 ạ"; None for any other."""
    if len(text) > LONGEST:
        return None
    found = _NUMBER.fullmatch(fold(text).strip(" .!"))
    return int(found[1]) if found else None
