"""What a finished task leaves behind, as the plan file says it."""

from bot.catalogue.fields import Fields
from bot.catalogue.scalars import number, truth
from bot.domain.plan import Result, ResultKind

RESULT_KEYS = ("kind", "label", "of", "over", "target", "required")
COUNTED = (ResultKind.PERCENT, ResultKind.RATIO, ResultKind.COUNT)
FULL = 100  # per cent


def read_result(task: Fields, key: str) -> Result:
    """Return the wanted result under a key of a task; a task that names none is simply done or not."""
    fields = task.fields(key, RESULT_KEYS)
    if fields is None:
        return Result()
    kind = fields.choice("kind", ResultKind, required=True)
    target, required = fields.read("target", number), fields.read("required", truth)
    if kind:
        _refuse_foreign_figures(fields, kind, target)
    return Result(
        kind=kind or ResultKind.DONE,
        label=fields.text("label"),
        of=fields.text("of"),
        over=fields.text("over"),
        target=target,
        required=True if required is None else required,
    )


def _refuse_foreign_figures(fields: Fields, kind: ResultKind, target: float | None) -> None:
    for key in ("of", "over"):
        if kind is ResultKind.RATIO:
            fields.text(key, required=True)
        elif key in fields:
            fields.note(fields.key_place(key), f"«{key}» chỉ dùng cho kết quả dạng ratio, không dùng cho {kind}")
    if target is None:
        return
    if kind not in COUNTED:
        fields.note(fields.key_place("target"), f"kết quả dạng {kind} không có con số, nên không có «target»")
    elif kind is not ResultKind.COUNT and target > FULL:
        fields.note(fields.node("target") or fields.place, f"«target» là phần trăm, không quá {FULL}")
