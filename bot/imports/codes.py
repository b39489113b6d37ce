"""Short codes of tasks, such as people type in the chat: the annex's own where they serve, a running number otherwise."""

import re
from collections import Counter
from collections.abc import Sequence

from bot.imports.drafts import Draft
from bot.imports.headings import Field

_OWN = re.compile(r"[A-Za-z]{1,3}\d{1,4}")  # what a message is known to begin with
_WHOLE = re.compile(r"0*(\d{1,4})")
PREFIX = "NV"


def codes(drafts: Sequence[Draft]) -> list[str]:
    """Return one code a draft, no two alike; doubled numbers of one group are noted on the drafts."""
    written = [_bare(draft) for draft in drafts]
    _note_doubles(drafts, written)
    if all(_OWN.fullmatch(number) for number in written) and _are_single(written):
        return written
    whole = [_WHOLE.fullmatch(number) for number in written]
    numbers = [found[1] for found in whole if found]
    if len(numbers) == len(drafts) and _are_single(numbers):
        return [f"{PREFIX}{number}" for number in numbers]
    return [f"{PREFIX}{turn}" for turn in range(1, len(drafts) + 1)]


def _are_single(written: Sequence[str]) -> bool:
    return len({each.casefold() for each in written}) == len(written)


def _note_doubles(drafts: Sequence[Draft], written: Sequence[str]) -> None:
    places = [(draft.group, number) for draft, number in zip(drafts, written, strict=True)]
    counted = Counter(places)
    for draft, place in zip(drafts, places, strict=True):
        if place[1] and counted[place] > 1:
            others = [other.places[0] for other, its in zip(drafts, places, strict=True) if its == place]
            draft.doubts.append((Field.NUMBER, f"số thứ tự {place[1]} lặp lại: {', '.join(others)}"))


def _bare(draft: Draft) -> str:
    return draft.text(Field.NUMBER).strip().rstrip(".)/: ")
