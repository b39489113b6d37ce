"""What stands under `due`: a phrase of the annex, a date, an exact rhythm, or a list of these."""

from datetime import date
from functools import lru_cache

from bot.catalogue.fields import Fields, as_fields, one_line
from bot.catalogue.nodes import Broken, Items, Keys, Node, Scalar
from bot.catalogue.scalars import clock, day, day_of_month, looks_like_day, truth, weekday, whole
from bot.domain.calendar import Calendar
from bot.domain.due import LAST, After, DueRule, Every, Once, Rhythm, Several, Undated, periods, together
from bot.domain.phrases import PhraseError, read_phrase, say_rule

ONCE_KEYS = ("date", "at")
_SHARED_KEYS = ("day", "on", "month", "following", "at", "from")
EVERY_KEYS = ("every", *_SHARED_KEYS)
CONTINUOUS_KEYS = ("continuous", "check", *_SHARED_KEYS)
AFTER_KEYS = ("after", "days", "working_days")
MOST_DAYS = 730
MOST_DUES = 100  # of one task
MONTHS = {Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}
# What a rhythm has no use for, and why.
_ONLY_WEEKS = {"on": "«on» chỉ dùng cho tuần"}
FOREIGN_KEYS = {
    Every.DAY: {key: f"hằng ngày không có «{key}»" for key in ("day", "month", "on", "following")},
    Every.WEEK: {"day": "tuần dùng «on: thứ sáu», không dùng «day»", "month": "tuần không có «month»"},
    Every.MONTH: {**_ONLY_WEEKS, "month": "tháng không có «month»; đó là của quý, nửa năm và năm"},
    Every.QUARTER: _ONLY_WEEKS,
    Every.HALF: _ONLY_WEEKS,
    Every.YEAR: _ONLY_WEEKS,
}
_SHORT_MONTHS = {2: 29, 4: 30, 6: 30, 9: 30, 11: 30}  # February 29 falls on its last day where it is missing
_FRIDAY = 4

# A plan of thousands of tasks has a few dozen wordings of its dues.
_phrase_rule = lru_cache(maxsize=1024)(read_phrase)
_said = lru_cache(maxsize=1024)(say_rule)


def read_rule(task: Fields, key: str) -> DueRule | None:
    """Return the due rule under a key of a task; problems are noted."""
    node = task.node(key, required=True)
    return _rule(node, task) if node else None


def words_of_due(task: Fields, rule: DueRule | None) -> str:
    """Return the words to show for a due: the annex's own phrase, `due_text` beside an exact form, or that form said back."""
    node, words = task.node("due"), task.text("due_text")
    if isinstance(node, Scalar) and not looks_like_day(node.text):
        if words:
            task.note(task.key_place("due_text"), "«due» đã là câu chữ của phụ lục; hãy bỏ «due_text»")
        return one_line(node.text)
    return words or (_said(rule) if rule else "")


def refuse_impossible(rule: DueRule, task: Fields, *, starts: date, ends: date) -> None:
    """Note a due day outside the plan, and a rhythm that never comes due in it."""
    sentence = _impossible(rule, starts, ends)
    if sentence:
        task.note(task.node("due") or task.place, sentence)


@lru_cache(maxsize=4096)
def _impossible(rule: DueRule, starts: date, ends: date) -> str:
    span = f"{starts:%d/%m/%Y} đến {ends:%d/%m/%Y}"
    for part in rule.rules if isinstance(rule, Several) else (rule,):
        if isinstance(part, Once) and not starts <= part.day <= ends:
            return f"hạn {part.day:%d/%m/%Y} nằm ngoài thời gian của kế hoạch ({span})"
        # Which days are off moves a due day by days, never a whole rhythm out of the plan: a bare calendar will do.
        if isinstance(part, Rhythm) and not periods(part, starts=starts, ends=ends, calendar=Calendar()):
            return f"nhịp này không đến hạn lần nào trong thời gian của kế hoạch ({span})"
    return ""


def _rule(node: Node, task: Fields) -> DueRule | None:
    match node:
        case Scalar():
            return _scalar(node, task)
        case Keys():
            return _exact(node, task)
        case Items():
            return _several(node, task)
        case Broken():
            return None


def _several(node: Items, task: Fields) -> DueRule | None:
    if not node.nodes:
        task.note(node, "khóa «due» còn trống")
    if len(node.nodes) > MOST_DUES:
        task.note(node, f"«due» có trên {MOST_DUES} hạn; hãy dùng một nhịp hoặc tách thành nhiều nhiệm vụ")
        return None
    rules: list[Once | Rhythm] = []
    on_demand = False
    for item in node.nodes:
        if isinstance(item, Items):
            task.note(item, "«due» không nhận danh sách trong danh sách")
            continue
        match _rule(item, task):
            case Several(rules=inner) as several:
                rules.extend(inner)
                on_demand |= several.on_demand
            case Once() | Rhythm() as rule:
                rules.append(rule)
            case After() | Undated():
                task.note(item, "hạn theo sự kiện hoặc không có ngày phải đứng một mình; hãy tách thành hai nhiệm vụ")
    return together(rules, on_demand=on_demand) if rules else None


def _scalar(node: Scalar, task: Fields) -> DueRule | None:
    if looks_like_day(node.text):
        when = task.understood(node, day, "due")
        return Once(day=when) if when else None
    try:
        return _phrase_rule(node.text)
    except PhraseError as error:
        task.note(node, f"«due»: {error if task.notes.has_hints else error.said}")
        return None


def _exact(node: Keys, task: Fields) -> DueRule | None:
    known = ("date",), ("every",), ("continuous", "check"), ("after",)
    kinds = [index for index, keys in enumerate(known) if any(key in node.entries for key in keys)]
    if len(kinds) != 1:
        forms = "{date: …}, {every: …}, {continuous: true, check: …} hoặc {after: …, days: …}"
        task.note(node, f"«due» cần đúng một trong bốn dạng: {forms}")
        return None
    keys = (ONCE_KEYS, EVERY_KEYS, CONTINUOUS_KEYS, AFTER_KEYS)[kinds[0]]
    fields = as_fields(node, task.notes, where=task.where, known=keys)
    if fields is None:
        return None
    if kinds[0] == 0:
        when, at = fields.read("date", day, required=True), fields.read("at", clock)
        return Once(day=when, at=at) if when else None
    return _after(fields) if kinds[0] == known.index(("after",)) else _rhythm(fields, continuous="check" in keys)


def _after(fields: Fields) -> After | None:
    event = fields.text("after", required=True)
    days, working = (fields.read(key, whole(-MOST_DAYS, MOST_DAYS)) for key in ("days", "working_days"))
    if (days is None) == (working is None):
        fields.note(fields.place, "«after» cần đúng một trong hai khóa: «days» hoặc «working_days»")
        return None
    counted = days if working is None else working
    return After(event=event, days=counted, working=working is not None) if event and counted is not None else None


def _rhythm(fields: Fields, *, continuous: bool) -> Rhythm | None:
    every = fields.choice("check" if continuous else "every", Every, required=True)
    if continuous and fields.read("continuous", truth, required=True) is False:
        fields.note(fields.key_place("continuous"), "«continuous» chỉ nhận true; nếu không, hãy dùng {every: …}")
    if every is None:
        return None
    _refuse_foreign_keys(fields, every)
    month = fields.read("month", whole(1, MONTHS[every])) if every in MONTHS else None
    on_day = fields.read("day", day_of_month)
    if every is Every.YEAR and month and on_day and on_day > _SHORT_MONTHS.get(month, 31):
        fields.note(fields.node("day") or fields.place, f"ngày {on_day}/{month} không có trong lịch")
        return None
    on = fields.read("on", weekday)
    return Rhythm(
        every=every,
        day=LAST if on_day is None else on_day,
        weekday=_FRIDAY if on is None else on,
        month=month,
        following=fields.read("following", truth) or False,
        at=fields.read("at", clock),
        continuous=continuous,
        starts=fields.read("from", day),
    )


def _refuse_foreign_keys(fields: Fields, every: Every) -> None:
    for key, sentence in FOREIGN_KEYS[every].items():
        if key in fields:
            fields.note(fields.key_place(key), sentence)
