"""The deadline phrases of annex tables: read into due rules by a closed grammar, and said back in plain words."""

from collections.abc import Sequence
from dataclasses import replace
from difflib import get_close_matches
from functools import cache

from bot.domain.due import DueRule, Rhythm
from bot.domain.folding import fold, folded_words
from bot.domain.phrase_events import read_event, split_ending, without_demand
from bot.domain.phrase_grammar import read_respelled
from bot.domain.phrase_saying import say_rule
from bot.domain.phrase_spelling import ImpossibleError, refuse_impossible, respelled

__all__ = ["EXAMPLES", "PhraseError", "read_phrase", "say_rule"]


class PhraseError(ValueError):
    """A phrase outside the grammar, or one that names an impossible day; the text is for a person.

    `said` is its first sentence; the forms nearest to the phrase are looked for when the whole text is asked for.
    """

    def __init__(self, said: str, plain: str) -> None:
        super().__init__(said, plain)
        self.said = said
        self._plain = plain

    def __str__(self) -> str:
        return f"{self.said} {_nearest(self._plain)}"


EXAMPLES = (
    "15/12/2022", "ngày 15 tháng 12 năm 2022", "Từ ngày 01/9/2022 đến ngày 15/12/2022", "Tháng 11 - 12/2022",
    "Quý III/2022 - Quý IV/2022", "Năm 2022 - 2023", "6 tháng cuối năm 2022", "Từ tháng 3 đến tháng 11 hằng năm",
    "Từ 01/9/2022", "Trước 15 giờ hằng ngày", "20 ngày kể từ ngày Tỉnh ủy ban hành kế hoạch",
    "05 ngày làm việc kể từ ngày nhận văn bản", "Khi có yêu cầu", "Theo kế hoạch của Bộ Nội vụ",
    "Trước ngày 01/6 và 15/11 hằng năm", "Trước ngày 15/12/2022", "Chậm nhất là ngày 15/12/2022",
    "Trước 17 giờ ngày 15/12/2022", "Trong tháng 9/2022", "Quý IV/2022", "Trong năm 2022", "Hằng tuần",
    "Trước 10 giờ ngày thứ Sáu hằng tuần", "Hằng tháng", "Hằng tháng, trước ngày 25",
    "Hằng tháng, trước ngày 05 của tháng sau kỳ báo cáo", "Hằng tháng, trước ngày làm việc cuối cùng của tháng",
    "Hằng quý", "Hằng quý, trước ngày 25 của tháng cuối quý", "Trước ngày 10 của tháng đầu quý sau", "06 tháng",
    "Định kỳ 06 tháng (trước ngày 05 tháng 6) và hằng năm (trước ngày 05 tháng 12)", "Hằng năm",
    "Hằng năm, trước ngày 15/11", "Thường xuyên", "Thường xuyên, báo cáo hằng quý",
)  # fmt: skip


def read_phrase(text: str) -> DueRule:
    """Return the due rule a phrase stands for; "trước ngày D" includes D. PhraseError where that is not certain.

    Case, diacritics, Unicode form, Roman or Arabic quarters and leading zeros make no difference.
    """
    if len(text) > _LONGEST * _MARKS or len(plain := fold(text)) > _LONGEST:
        raise PhraseError(f'Hạn "{_quoted(text)}" dài quá {_LONGEST} chữ: chỉ ghi hạn.', fold(text[:_LONGEST]))
    try:
        rule = _read(folded_words(text))
    except ImpossibleError as error:
        raise PhraseError(f'Hạn "{_quoted(text)}" không dùng được: {error}.', plain) from None
    if rule is None:
        raise PhraseError(f'Chưa đọc được hạn "{_quoted(text)}".', plain)
    return rule


def _read(words: Sequence[tuple[str, str]]) -> DueRule | None:
    if event := read_event(words):
        return event
    words, ending = split_ending(words)
    plain, on_demand = without_demand(" ".join(folded for _, folded in words).rstrip(" .,;"))
    plain = respelled(plain)
    refuse_impossible(plain)
    rule = read_respelled(plain, on_demand=on_demand)
    if not ending:
        return rule
    # What ends with an event has no due of its own: only what goes on can.
    return replace(rule, until=ending) if isinstance(rule, Rhythm) and rule.continuous else None


_SHOWN = 80  # letters of a phrase that an error repeats
_LONGEST = 600  # letters: five rhythms, all said in full
_MARKS = 3  # characters that one letter takes at most, its marks apart from it


def _quoted(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


@cache
def _folded_examples() -> dict[str, str]:
    return {fold(example): example for example in EXAMPLES}


def _nearest(plain: str) -> str:
    folded = _folded_examples()
    near = [folded[key] for key in get_close_matches(plain[:200], folded, n=3, cutoff=0.0)]
    return "Cách viết gần nhất: " + ", ".join(f'"{example}"' for example in near) + "."
