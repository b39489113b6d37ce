"""The JSON Schema of what stands under `due`."""

from bot.catalogue.dues import AFTER_KEYS, CONTINUOUS_KEYS, EVERY_KEYS, FOREIGN_KEYS, MONTHS, MOST_DAYS, ONCE_KEYS
from bot.catalogue.schema_parts import (
    NOTHING,
    Schema,
    about,
    affirmed,
    choice,
    clock,
    day,
    day_of_month,
    mapping,
    text,
    truth,
    weekday,
    whole,
)
from bot.domain.due import Every
from bot.domain.phrases import EXAMPLES

_ABOUT = (
    "hạn: câu chữ của phụ lục (Quý IV/2022 · Trước ngày 30/11/2022 · Hằng tháng, trước ngày 25 · Thường xuyên), một ngày, "
    "hoặc dạng chính xác {every: month, day: 25}, {continuous: true, check: month}, {after: sự kiện, days: 20}, "
    '{date: 2022-09-30, at: "17:00"}; nhiều nhịp thì viết thành danh sách'
)


FORM: Schema = {"$ref": "#/definitions/due"}  # one due; said once, for it is long


def due() -> Schema:
    """Return the shape of a due: one form, or a list of them."""
    return about(_ABOUT, {"anyOf": [FORM, {"type": "array", "minItems": 1, "items": FORM}]}, examples=list(EXAMPLES))


def definitions() -> dict[str, Schema]:
    """Return what FORM refers to: a phrase or a day, or one of the exact forms."""
    return {"due": {"anyOf": [text(), _once(), _rhythm("every"), _rhythm("check"), _after()]}}


def _once() -> Schema:
    shapes = {"date": about("ngày đến hạn", day()), "at": about("giờ, viết trong dấu nháy", clock())}
    return mapping(ONCE_KEYS, shapes, required=["date"])


def _after() -> Schema:
    days = whole(-MOST_DAYS, MOST_DAYS)
    shapes = {
        "after": about("sự kiện; ngày của nó nhập sau bằng «nhacviec event»", text()),
        "days": about("số ngày sau sự kiện; số âm là trước", days),
        "working_days": about("số ngày làm việc sau sự kiện; số âm là trước", days),
    }
    form = mapping(AFTER_KEYS, shapes, required=["after"])
    said: list[Schema] = [
        {"required": [key], "properties": {key: {"type": ["integer", "string"], "pattern": r"\S"}}}
        for key in ("days", "working_days")
    ]
    return form | {"oneOf": said}


def _rhythm(word: str) -> Schema:
    shapes = {
        word: about("nhịp: ngày, tuần, tháng, quý, nửa năm, năm", choice(Every)),
        "day": about("ngày 1 đến 31; last: ngày cuối; last_working: ngày làm việc cuối", day_of_month()),
        "on": about("thứ mấy trong tuần", weekday()),
        "month": about("tháng thứ mấy trong quý, nửa năm hoặc năm", whole(1, max(MONTHS.values()))),
        "following": about("true: hạn nằm ở kỳ sau kỳ báo cáo", truth(), default=False),
        "at": about("giờ, viết trong dấu nháy", clock()),
        "from": about("kỳ đầu tính từ ngày này", day()),
    }
    if word == "check":
        shapes["continuous"] = about(
            "việc thường xuyên, không có hạn riêng; bot hỏi tình hình theo «check»", affirmed()
        )
    known, needed = (EVERY_KEYS, ["every"]) if word == "every" else (CONTINUOUS_KEYS, ["continuous", "check"])
    form = mapping(known, shapes, required=needed)
    return form | {"allOf": [_without_foreign_keys(word, every) for every in Every]}


def _without_foreign_keys(word: str, every: Every) -> Schema:
    refused: dict[str, Schema | bool] = dict.fromkeys(FOREIGN_KEYS[every], False)
    if every in MONTHS:
        refused["month"] = {"anyOf": [{"maximum": MONTHS[every]}, NOTHING]}
    return {"if": {"required": [word], "properties": {word: {"const": str(every)}}}, "then": {"properties": refused}}
