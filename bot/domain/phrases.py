"""The deadline phrases of annex tables: read into due rules by a closed grammar, and said back in plain words."""

from calendar import monthrange
from datetime import date, time
from difflib import get_close_matches

from bot.domain.due import LAST, LAST_WORKING, DueRule, Every, Once, Rhythm, Several
from bot.domain.folding import fold
from bot.domain.phrase_grammar import MONTHS, read_respelled
from bot.domain.phrase_spelling import ImpossibleError, refuse_impossible, respelled


class PhraseError(ValueError):
    """A phrase outside the grammar, or one that names an impossible day; the text is for a person."""


EXAMPLES = (
    "15/12/2022", "ngày 15 tháng 12 năm 2022", "Trước ngày 15/12/2022", "Chậm nhất là ngày 15/12/2022",
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
    plain = fold(text)
    if len(plain) > _LONGEST:
        raise PhraseError(f'Hạn "{_quoted(text)}" dài quá {_LONGEST} chữ: chỉ ghi hạn. {_nearest(plain)}')
    try:
        plain = respelled(plain)
        refuse_impossible(plain)
        rule = read_respelled(plain)
    except ImpossibleError as error:
        raise PhraseError(f'Hạn "{_quoted(text)}" không dùng được: {error}. {_nearest(plain)}') from None
    if rule is None:
        raise PhraseError(f'Chưa đọc được hạn "{_quoted(text)}". {_nearest(plain)}')
    return rule


def say_rule(rule: DueRule) -> str:
    """Return the rule in plain Vietnamese, such as "mỗi tháng, hết ngày 25"; `read_phrase` reads it back."""
    match rule:
        case Once():
            return _by(f"ngày {_dated(rule.day)}", rule.at)
        case Several():
            return " và ".join(say_rule(part) for part in rule.rules)
        case Rhythm():
            since = f", từ ngày {_dated(rule.starts)}" if rule.starts else ""
            running = "thường xuyên, báo cáo " if rule.continuous else ""
            return f"{running}{_EVERY[rule.every]}, {_by(_due_words(rule), rule.at)}{since}"


_SHOWN = 80  # letters of a phrase that an error repeats
_LONGEST = 600  # letters: five rhythms, all said in full
_EVERY = {
    Every.WEEK: "mỗi tuần", Every.MONTH: "mỗi tháng", Every.QUARTER: "mỗi quý", Every.HALF: "mỗi 6 tháng",
    Every.YEAR: "mỗi năm",
}  # fmt: skip
_SPAN = {Every.QUARTER: "quý", Every.HALF: "kỳ", Every.YEAR: "năm"}
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def _by(words: str, at: time | None) -> str:
    if at is None:
        return f"hết {words}"
    return f"{at.hour} giờ {at:%M} {words}" if at.minute else f"{at.hour} giờ {words}"


def _dated(day: date) -> str:
    return f"{_short(day.day, day.month)}/{day.year:04d}"


def _short(day: int, month: int) -> str:
    # Nghị định 30/2020/NĐ-CP: a zero before days under 10 and before months 1 and 2.
    return f"{day:02d}/{month:02d}" if month in {1, 2} else f"{day:02d}/{month}"


def _due_words(rule: Rhythm) -> str:
    if rule.every is Every.WEEK:
        return _WEEKDAYS[rule.weekday] + (" tuần sau" if rule.following else "")
    day = {LAST: "ngày cuối", LAST_WORKING: "ngày làm việc cuối"}.get(rule.day, f"ngày {rule.day:02d}")
    if rule.every is not Every.MONTH:
        return _words_in_span(rule, day)
    if rule.following:
        return f"{day}{'' if rule.day < 1 else ' của'} tháng sau kỳ báo cáo"
    return f"{day} tháng" if rule.day < 1 else day


def _words_in_span(rule: Rhythm, day: str) -> str:
    after = " sau" if rule.following else ""
    span, months = _SPAN[rule.every], MONTHS[rule.every]
    month = rule.month or (1 if rule.following else months)
    if rule.day < 1 and month == months:
        return f"{day} {span}{after}"
    if rule.every is Every.YEAR:
        if 0 < rule.day <= monthrange(2000, month)[1]:
            return f"ngày {_short(rule.day, month)}{' năm sau' if after else ''}"
        # A day that the month lacks means its last day.
        return f"{'ngày cuối' if rule.day > 0 else day} tháng {month}{' năm sau' if after else ''}"
    place = {1: "đầu", months: "cuối"}.get(month, f"thứ {month} của")
    return f"{day} của tháng {place} {span}{after}"


def _quoted(text: str) -> str:
    shown = " ".join(text.split())
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]}…"


def _nearest(plain: str) -> str:
    folded = {fold(example): example for example in EXAMPLES}
    near = [folded[key] for key in get_close_matches(plain[:200], folded, n=3, cutoff=0.0)]
    return "Cách viết gần nhất: " + ", ".join(f'"{example}"' for example in near) + "."
