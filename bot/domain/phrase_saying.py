"""Due rules in plain Vietnamese, in the forms that are read back as the same rule."""

from calendar import monthrange
from datetime import date, time

from bot.domain.due import LAST, LAST_WORKING, After, DueRule, Every, Once, Rhythm, Several, Undated
from bot.domain.phrase_grammar import MONTHS

_EVERY = {
    Every.DAY: "mỗi ngày làm việc",
    Every.WEEK: "mỗi tuần", Every.MONTH: "mỗi tháng", Every.QUARTER: "mỗi quý", Every.HALF: "mỗi 6 tháng",
    Every.YEAR: "mỗi năm",
}  # fmt: skip
_SPAN = {Every.QUARTER: "quý", Every.HALF: "kỳ", Every.YEAR: "năm"}
_WEEKDAYS = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")


def say_rule(rule: DueRule) -> str:
    """Return the rule in plain Vietnamese, such as "mỗi tháng, hết ngày 25"; `read_phrase` reads it back."""
    match rule:
        case Once():
            if rule.opens:
                return f"từ ngày {_dated(rule.opens)} đến hết ngày {_dated(rule.day)}"
            return _by(f"ngày {_dated(rule.day)}", rule.at)
        case Several():
            asked = " hoặc khi có yêu cầu" if rule.on_demand else ""
            return " và ".join(say_rule(part) for part in rule.rules) + asked
        case After():
            side, unit = "trước ngày" if rule.days < 0 else "kể từ ngày", "ngày làm việc" if rule.working else "ngày"
            return f"{abs(rule.days):02d} {unit} {side} {rule.event}"
        case Undated():
            return rule.words
        case Rhythm():
            return _say_rhythm(rule)


def _say_rhythm(rule: Rhythm) -> str:
    since = f", từ ngày {_dated(rule.starts)}" if rule.starts else ""
    until = f" đến khi {rule.until}" if rule.until else ""
    running = "thường xuyên, báo cáo " if rule.continuous else ""
    if rule.opens:
        to = f"từ tháng {rule.opens} đến hết tháng {rule.month or (1 if rule.following else MONTHS[rule.every])}"
        return f"{running}{_EVERY[rule.every]}, {to}{' năm sau' if rule.following else ''}{since}{until}"
    due = _by(_due_words(rule), rule.at).rstrip()
    return f"{running}{_EVERY[rule.every]}, {due}{since}{until}"


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
    if rule.every is Every.DAY:
        return "" if rule.at else "ngày"
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
    if rule.first_half:  # said by its day: that is how it is told from one that comes every half-year
        return f"ngày {_short(rule.day, rule.month or (7 if rule.following else 6))}"
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
