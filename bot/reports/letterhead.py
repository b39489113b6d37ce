"""The letterhead of a plan's reports: its office, the body above it, number, place, who gets it."""

import re

from bot.domain.plan import Plan, ResultKind, Task
from bot.reports.official_words import official_day
from bot.reports.paper import BLANK, Letterhead, TaskWords
from bot.reports.words import one_line

_NAMED_UNITS = 3  # of a task's units; more are counted
_BODY = re.compile(
    r"(?:UBND|Ủy ban nhân dân|Uỷ ban nhân dân) (tỉnh|thành phố|huyện|thị xã|thị trấn|quận|xã|phường) (.+)"
)
_WITH_KIND = re.compile(r"\d|Hồ Chí Minh")  # named by a number or after a person: the kind is part of the name


def letterhead_of(plan: Plan) -> Letterhead:
    """Return the letterhead of the reports that the plan's office writes. What the plan does not tell is left blank."""
    issuer, parent = one_line(plan.unit_name(plan.office)), one_line(plan.issued_by)
    unit = plan.units.get(plan.office)
    above = "" if issuer == parent else parent
    short = "".join(one_line(unit.short).split()) if unit else ""
    return Letterhead(
        parent=above,
        issuer=issuer,
        symbol=f"BC-{short or ('UBND' if issuer.startswith('UBND') else BLANK)}",
        place=_place(parent),
        plan=one_line(f"{plan.name} ngày {official_day(plan.issued_on)} của {parent}"),
        about=_in_a_sentence(one_line(plan.title)),
        recipients=tuple(filter(None, (above and f"{above} (để báo cáo)", "Các đơn vị chủ trì", "Lưu: VT"))),
        tasks={id: _task_words(plan, task) for id, task in plan.tasks.items()},
    )


def _place(body: str) -> str:
    found = _BODY.fullmatch(body)
    if found is None:
        return BLANK
    kind, name = found.groups()
    return f"{kind.capitalize()} {name}" if _WITH_KIND.match(name) else name


def _in_a_sentence(title: str) -> str:
    """Return a title with its first letter small, unless it begins with a name or an abbreviation."""
    first, _, rest = title.partition(" ")
    is_name = not first[1:].islower() or rest[:1].isupper()
    return title if is_name else title[:1].lower() + title[1:]


def _task_words(plan: Plan, task: Task) -> TaskWords:
    return TaskWords(
        basis=one_line(", ".join(task.basis or (plan.number,))),
        owners=_named(plan, task.units),
        partners=_named(plan, task.partners),
        due=one_line(task.due_text),
        result=_result(task),
    )


def _named(plan: Plan, units: tuple[str, ...]) -> str:
    if len(units) > _NAMED_UNITS:
        return f"{len(units)} đơn vị"
    return one_line(", ".join(map(plan.unit_name, units)))


def _result(task: Task) -> str:
    result = task.result
    label = result.label or (f"{result.of}/{result.over}" if result.kind is ResultKind.RATIO else "")
    return one_line(label)
