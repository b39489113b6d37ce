"""The JSON Schemas of the plan, the units and the calendar, by which editors complete and underline what is typed."""

from bot.catalogue import plans, registry, workdays
from bot.catalogue.fields import UNCLASSIFIED
from bot.catalogue.policies import ESCALATION_KEYS, POLICY_KEYS, SPAN, Up
from bot.catalogue.results import COUNTED, FULL, RESULT_KEYS
from bot.catalogue.scalars import NAME, OFFSET, TASK_ID
from bot.catalogue.schema_dues import definitions, due
from bot.catalogue.schema_parts import (
    NOTHING,
    Schema,
    about,
    choice,
    clock,
    day,
    document,
    each,
    hours,
    many,
    mapping,
    number,
    text,
    truth,
    word,
    written,
)
from bot.catalogue.tasks import PAUSE_KEYS, TASK_KEYS
from bot.domain.due import Roll
from bot.domain.plan import ResultKind, Review

_CODE = "mã không dấu, bắt đầu bằng chữ cái, chỉ gồm chữ, số, dấu chấm, gạch nối, gạch dưới"
_DATE = "viết như 30/09/2022 hoặc 2022-09-30"


def plan_schema() -> Schema:
    """Return the schema of plan_tasks.yaml."""
    shapes = {
        "plan": _head(),
        "criteria": about("tiêu chí chấm điểm mà các nhiệm vụ phục vụ", _criteria()),
        "policies": about("các cách nhắc, mỗi cách một tên; nhiệm vụ không nêu tên thì dùng «default»", _policies()),
        "tasks": about("các nhiệm vụ, theo thứ tự của phụ lục", each(_task(), at_least=1)),
    }
    whole = mapping(plans.FILE_KEYS, shapes, required=("plan", "tasks"))
    return document(whole | {"definitions": definitions()}, title="Kế hoạch và các nhiệm vụ")


def units_schema() -> Schema:
    """Return the schema of config/units.yaml."""
    shapes = {
        "id": about("mã ngắn, không đổi về sau; nhiệm vụ gọi đơn vị bằng mã này", _name()),
        "name": about("tên đầy đủ", text()),
        "kind": about("loại đơn vị; viết loại vào «owners» là giao cho mọi đơn vị thuộc loại đó", _name()),
        "short": about("tên viết tắt trong tin nhắn và bảng", text()),
        "aliases": about("các cách gọi khác", many(text())),
        "valid_from": about(f"ngày đầu còn hiệu lực; {_DATE}", day()),
        "valid_to": about(f"ngày cuối còn hiệu lực; {_DATE}", day()),
        "merged_into": about("mã của đơn vị nhận chuyển tiếp", text()),
    }
    unit = mapping(registry.UNIT_KEYS, shapes, required=("id", "name", "kind"))
    groups = {"type": "object", "propertyNames": _name(), "additionalProperties": many(text(), at_least=1)}
    top = {
        "units": about("các đơn vị có thể được giao nhiệm vụ", each(unit, at_least=1)),
        "groups": about("nhóm: một tên thay cho nhiều loại, nhiều đơn vị hoặc nhiều nhóm", groups),
    }
    return document(mapping(registry.FILE_KEYS, top, required=["units"]), title="Đơn vị và nhóm đơn vị")


def calendar_schema() -> Schema:
    """Return the schema of config/calendar.yaml."""
    one = {
        "date": about(f"ngày; {_DATE}", day()),
        "source": about("văn bản làm căn cứ, để ai cũng kiểm tra được", text()),
        "name": about("tên ngày nghỉ hoặc lý do", text()),
    }
    listed = mapping(workdays.DAY_KEYS, one, required=("date", "source"))
    half = one | {"hours": about("giờ làm việc riêng của ngày ấy, ít hơn ngày thường", many(hours(), at_least=1))}
    halves = each(mapping(workdays.HALF_DAY_KEYS, half, required=("date", "source", "hours")))
    top = {
        "country": about("lịch của nước nào; chỉ có VN", choice(["VN"])),
        "version": about("tên của lịch này, ví dụ 2026-02", text()),
        "source": about("văn bản mà lịch này theo", text()),
        "days_off": about("ngày nghỉ rơi vào ngày thường, kể cả nghỉ bù và nghỉ hoán đổi", each(listed)),
        "working_days": about("ngày thứ Bảy, Chủ nhật đi làm bù", each(listed)),
        "half_days": about("ngày chỉ làm việc một buổi", halves),
        "hours": about("giờ làm việc, theo thứ tự trong ngày; ngoài giờ bot không nhắc", many(hours(), at_least=1)),
    }
    return document(
        mapping(workdays.FILE_KEYS, top, required=["country"]), title="Ngày nghỉ, ngày làm bù, giờ làm việc"
    )


def _name() -> Schema:
    return written([NAME], f"{_CODE}, dài đến 32")


def _classification() -> Schema:
    return about("chỉ nhận none: nội dung mật không được đưa vào hệ thống này", word(*UNCLASSIFIED))


def _head() -> Schema:
    shapes = {
        "id": about("mã ngắn của kế hoạch", _name()),
        "number": about("số, ký hiệu văn bản, ví dụ 5610/KH-UBND", text()),
        "title": about("trích yếu", text()),
        "issued_by": about("cơ quan ban hành", text()),
        "issued_on": about(f"ngày ban hành; {_DATE}", day()),
        "starts": about("ngày đầu thực hiện; các kỳ báo cáo tính từ đây", day()),
        "ends": about("ngày cuối thực hiện", day()),
        "office": about("mã của cơ quan theo dõi: duyệt báo cáo, quyết định gia hạn", text()),
        "roll": about(
            "hạn rơi vào ngày nghỉ: none giữ nguyên; next chuyển sang ngày làm việc kế tiếp; previous về ngày trước đó",
            choice(Roll),
            default="none",
        ),
        "classification": _classification(),
    }
    required = ("id", "number", "title", "issued_by", "issued_on", "starts", "ends", "office")
    return mapping(plans.HEAD_KEYS, shapes, required=required) | {"description": "thông tin chung của kế hoạch"}


def _criteria() -> Schema:
    shapes = {
        "id": about("mã tiêu chí; nhiệm vụ gọi bằng mã này", text()),
        "name": about("tên tiêu chí", text()),
        "points": about("điểm tối đa; chỉ ghi khi có văn bản làm căn cứ", number()),
        "source": about("điểm lấy từ văn bản nào", text()),
    }
    one = mapping(plans.CRITERION_KEYS, shapes, required=("id", "name"))
    one |= {"if": _says("points"), "then": {"required": ["source"], "properties": {"source": text()}}}
    top = {
        "rule": about("quy định chấm điểm", text()),
        "list": about("các tiêu chí", each(one, at_least=1)),
    }
    return mapping(plans.CRITERIA_KEYS, top, required=["list"])


def _policies() -> Schema:
    offset = written([OFFSET], "viết như -7d, 0d, +3d hoặc +3wd")
    later = written([OFFSET, SPAN], "viết như +1d, +3wd, every 7d hoặc stop 60d")
    shapes = {
        "after": about("quá hạn bao lâu; d là ngày, wd là ngày làm việc", offset),
        "to": about("báo cho ai: head là lãnh đạo đơn vị, office là cơ quan theo dõi", choice(Up)),
    }
    step = mapping(ESCALATION_KEYS, shapes, required=ESCALATION_KEYS)
    policy = {
        "remind": about("nhắc trước hạn: -7d là trước 7 ngày, 0d là đúng ngày", many(offset), examples=["-7d", "0d"]),
        "overdue": about("nhắc khi quá hạn; every 7d: cứ 7 ngày một lần, stop 60d: thôi sau 60 ngày", many(later)),
        "escalate": about("quá hạn bao lâu thì báo lên, và báo ai", each(step)),
        "at": about("giờ nhắc, viết trong dấu nháy", clock()),
    }
    return {"type": "object", "propertyNames": _name(), "additionalProperties": mapping(POLICY_KEYS, policy)}


def _task() -> Schema:
    pause = {
        "until": about(f"hết ngày này mới nhắc lại; {_DATE}", day()),
        "reason": about("vì sao tạm dừng", text()),
    }
    shapes = {
        "id": about("mã ngắn, không trùng, không đổi về sau", written([TASK_ID], f"{_CODE}, dài đến 16")),
        "title": about("tên nhiệm vụ", text()),
        "quote": about("nguyên văn trong kế hoạch", text()),
        "basis": about("số, ký hiệu các văn bản giao nhiệm vụ", many(text())),
        "owners": about(
            "đơn vị, loại hoặc nhóm đơn vị chủ trì; mỗi đơn vị nhận một việc riêng", many(text(), at_least=1)
        ),
        "partners": about("đơn vị phối hợp; không bị nhắc", many(text())),
        "due": due(),
        "due_text": about("câu chữ hiện trong tin nhắn khi «due» viết theo dạng chính xác", text()),
        "due_note": about("ghi chú về hạn, ví dụ «đề xuất, chờ xác nhận» khi kế hoạch không ghi ngày", text()),
        "result": _result(),
        "criteria": about("mã các tiêu chí mà nhiệm vụ phục vụ", many(text())),
        "policy": about("tên cách nhắc; không ghi thì là «default»", text()),
        "review": about(
            "office: cơ quan theo dõi duyệt báo cáo; none: không cần duyệt", choice(Review), default="office"
        ),
        "pause": about("tạm dừng nhắc", mapping(PAUSE_KEYS, pause, required=PAUSE_KEYS)),
        "classification": _classification(),
    }
    return mapping(TASK_KEYS, shapes, required=("id", "title", "owners", "due"))


def _result() -> Schema:
    kinds = (
        "done: xong hay chưa; percent: phần trăm; ratio: x trên y; count: số lượng; "
        "document: số, ngày văn bản; link: đường dẫn"
    )
    shapes = {
        "kind": about(kinds, choice(ResultKind)),
        "label": about("kết quả gọi là gì", text()),
        "of": about("tên số thứ nhất của ratio", text()),
        "over": about("tên số thứ hai của ratio", text()),
        "target": about("chỉ tiêu: phần trăm, hoặc số lượng với count", number()),
        "required": about("báo xong có phải kèm kết quả không", truth(), default=True),
    }
    ratio = {"required": ["of", "over"], "properties": {"of": text(), "over": text()}}
    uncounted = [str(kind) for kind in ResultKind if kind not in COUNTED]
    rules = [
        {"if": _is_kind(ResultKind.RATIO), "then": ratio, "else": {"properties": {"of": False, "over": False}}},
        {"if": _is_kind(*uncounted), "then": {"properties": {"target": NOTHING}}},
        {"if": _is_kind("percent", "ratio"), "then": {"properties": {"target": {"maximum": FULL}}}},
    ]
    return mapping(RESULT_KEYS, shapes, required=["kind"]) | {"description": "kết quả phải báo", "allOf": rules}


def _is_kind(*kinds: str) -> Schema:
    return {"required": ["kind"], "properties": {"kind": {"enum": [str(kind) for kind in kinds]}}}


def _says(key: str) -> Schema:
    return {"required": [key], "properties": {key: {"type": ["string", "number"], "pattern": r"\S"}}}
