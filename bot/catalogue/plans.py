"""plan_tasks.yaml: the head of the plan, the scoring rule, the policies and the tasks."""

from dataclasses import dataclass
from datetime import date

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.ids import Ids
from bot.catalogue.nodes import Node
from bot.catalogue.policies import read_policies
from bot.catalogue.problems import Notes, shown
from bot.catalogue.registry import Registry, lives
from bot.catalogue.scalars import day, name, number
from bot.catalogue.tasks import Ground, TaskReader
from bot.domain.due import Roll
from bot.domain.plan import Criterion, Plan, Task

FILE_KEYS = ("plan", "criteria", "policies", "tasks")
HEAD_KEYS = ("id", "number", "title", "issued_by", "issued_on", "starts", "ends", "office", "roll", "classification")
CRITERIA_KEYS = ("rule", "list")
CRITERION_KEYS = ("id", "name", "points", "source")


@dataclass(frozen=True, slots=True, kw_only=True)
class _Head:
    id: str
    number: str
    title: str
    issued_by: str
    issued_on: date
    office: str
    roll: Roll


def read_plan(root: Node, notes: Notes, registry: Registry, *, whole: bool) -> Plan | None:
    """Return the plan, or None when its head cannot be read; what is wrong goes to `notes`.

    `whole` says that the registry was read without fault, so that an unknown unit is this file's fault.
    """
    top = as_fields(root, notes, where="", known=FILE_KEYS)
    if top is None:
        return None
    fields = top.fields("plan", HEAD_KEYS, where="kế hoạch", required=True)
    days = _days(fields) if fields else None
    head = _head(fields, registry, days, whole=whole) if fields else None
    rule, criteria = _criteria(top)
    policies = read_policies(top)
    ground = Ground(registry=registry, whole=whole, policies=policies, criteria=criteria, days=days)
    tasks = {task.id: task for task in TaskReader(ground).read(top)}
    if head is None or days is None:
        return None
    return _plan(head, ground, days, rule=rule, tasks=tasks)


def _plan(head: _Head, ground: Ground, days: tuple[date, date], *, rule: str, tasks: dict[str, Task]) -> Plan:
    return Plan(
        id=head.id,
        number=head.number,
        title=head.title,
        issued_by=head.issued_by,
        issued_on=head.issued_on,
        starts=days[0],
        ends=days[1],
        office=head.office,
        tasks=tasks,
        units=ground.registry.units,
        policies=ground.policies,
        criteria=ground.criteria,
        criteria_rule=rule,
        roll=head.roll,
    )


def _days(fields: Fields) -> tuple[date, date] | None:
    starts, ends = fields.read("starts", day, required=True), fields.read("ends", day, required=True)
    if starts is None or ends is None:
        return None
    if ends < starts:
        fields.note(fields.node("ends") or fields.place, "«ends» phải sau «starts»")
        return None
    return starts, ends


def _head(fields: Fields, registry: Registry, days: tuple[date, date] | None, *, whole: bool) -> _Head | None:
    fields.unclassified()
    plan_id, issued_on = fields.read("id", name, required=True), fields.read("issued_on", day, required=True)
    texts = [fields.text(key, required=True) for key in ("number", "title", "issued_by")]
    office, roll = fields.scalar("office", required=True), fields.choice("roll", Roll) or Roll.NONE
    if office and whole and office.text not in registry.units:
        hint = fields.notes.nearest(office.text, registry.units)
        fields.note(office, f"«office» phải là một đơn vị; không có đơn vị {shown(office.text)}{hint}")
    elif office and whole and days and not lives(registry.units[office.text], *days):
        fields.note(office, f"đơn vị {shown(office.text)} không còn hiệu lực trong thời gian của kế hoạch")
    if plan_id is None or issued_on is None or office is None:
        return None
    number_text, title, issued_by = texts
    return _Head(
        id=plan_id,
        number=number_text,
        title=title,
        issued_by=issued_by,
        issued_on=issued_on,
        office=office.text,
        roll=roll,
    )


def _criteria(top: Fields) -> tuple[str, dict[str, Criterion]]:
    fields = top.fields("criteria", CRITERIA_KEYS, where="tiêu chí")
    if fields is None:
        return "", {}
    found: dict[str, Criterion] = {}
    ids = Ids()
    for each in fields.each("list", CRITERION_KEYS, label="tiêu chí", required=True):
        scalar, title = each.scalar("id", required=True), each.text("name", required=True)
        points, source = each.read("points", number), each.text("source")
        if points is not None and not source:
            each.note(each.key_place("points"), "có «points» thì phải có «source»: điểm lấy từ văn bản nào")
        if scalar and ids.admit(each, scalar):
            found[scalar.text] = Criterion(id=scalar.text, name=title, points=points, source=source)
    return fields.text("rule"), found
