"""The tasks of a plan file."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import TypedDict

from bot.catalogue.dues import read_rule, refuse_impossible, words_of_due
from bot.catalogue.fields import Fields
from bot.catalogue.ids import Ids
from bot.catalogue.nodes import Scalar
from bot.catalogue.policies import DEFAULT
from bot.catalogue.problems import shown
from bot.catalogue.registry import Registry, lives
from bot.catalogue.results import read_result
from bot.catalogue.scalars import day, task_id
from bot.catalogue.wordings import Wordings
from bot.domain.due import DueRule
from bot.domain.plan import Criterion, Pause, Policy, Result, Review, Task

TASK_KEYS = (
    "id", "title", "quote", "basis", "owners", "partners", "due", "due_text", "due_note",
    "result", "criteria", "policy", "review", "pause", "classification",
)  # fmt: skip
PAUSE_KEYS = ("until", "reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What tasks refer to. `days` is None where the plan's own dates cannot be read; then due days are not judged.

    `whole` says that the units file was read without fault, so that a name missing from it is the plan's fault.
    """

    registry: Registry
    whole: bool
    policies: Mapping[str, Policy]
    criteria: Mapping[str, Criterion]
    days: tuple[date, date] | None


class _Parts(TypedDict):
    title: str
    due_note: str
    quote: str
    basis: tuple[str, ...]
    partners: tuple[str, ...]
    result: Result
    criteria: tuple[str, ...]
    review: Review
    pause: Pause | None
    policy: str


class TaskReader:
    """Reads task after task over the same ground; what many tasks say in the same words is read once."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground
        self._ids = Ids()
        self._expanded: dict[tuple[str, ...], tuple[str, ...]] = {}
        self._rules = Wordings(read_rule, "due")
        self._results = Wordings(read_result, "result")
        self._owners, self._partners = Wordings(self._names, "owners"), Wordings(self._names, "partners")
        self._criteria = Wordings(partial(_known, known=ground.criteria, label="tiêu chí"), "criteria")
        self._policies = Wordings(partial(_known, known=ground.policies, label="cách nhắc"), "policy")

    def read(self, top: Fields) -> Iterator[Task]:
        """Yield every task that can be built; what is wrong is noted."""
        for fields in top.each("tasks", TASK_KEYS, label="nhiệm vụ", required=True):
            task = self._task(fields)
            if task:
                yield task

    def _task(self, fields: Fields) -> Task | None:
        fields.unclassified()
        own_id, rule, due_text = self._id(fields), *self._due(fields)
        owners, units = self._owned_by(fields)
        policies = self._policies.read(fields)
        parts: _Parts = {
            "title": fields.text("title", required=True),
            "due_note": fields.text("due_note"),
            "quote": fields.text("quote"),
            "basis": fields.texts("basis"),
            "partners": self._partners.read(fields),
            "result": self._results.read(fields),
            "criteria": self._criteria.read(fields),
            "review": fields.choice("review", Review) or Review.OFFICE,
            "pause": _pause(fields),
            "policy": policies[0] if policies else DEFAULT.id,
        }
        if own_id is None or rule is None:
            return None
        return Task(id=own_id, due=rule, due_text=due_text, owners=owners, units=units, **parts)

    def _id(self, fields: Fields) -> str | None:
        scalar = fields.scalar("id", required=True)
        if scalar is None or fields.understood(scalar, task_id, "id") is None:
            return None
        return scalar.text if self._ids.admit(fields, scalar) else None

    def _due(self, fields: Fields) -> tuple[DueRule | None, str]:
        rule = self._rules.read(fields)
        if rule and self._ground.days:
            starts, ends = self._ground.days
            refuse_impossible(rule, fields, starts=starts, ends=ends)
        return rule, words_of_due(fields, rule)

    def _owned_by(self, fields: Fields) -> tuple[tuple[str, ...], tuple[str, ...]]:
        owners = self._owners.read(fields)
        if not owners or self._ground.days is None:
            return owners, ()
        if owners not in self._expanded:
            self._expanded[owners] = self._ground.registry.expand(owners, on=self._ground.days[0])
        units = self._expanded[owners]
        if not units and self._ground.whole:
            fields.note(fields.key_place("owners"), "«owners» không có đơn vị nào còn hiệu lực khi kế hoạch bắt đầu")
        return owners, units

    def _names(self, fields: Fields, key: str) -> tuple[str, ...]:
        registry, found = self._ground.registry, []
        for scalar in fields.scalars(key, required=key == "owners"):
            unit = registry.units.get(scalar.text)
            if not self._ground.whole or registry.knows(scalar.text):
                found.append(scalar.text)
            else:
                hint = fields.notes.nearest(scalar.text, registry.words())
                fields.note(scalar, f"không có đơn vị, loại hay nhóm {shown(scalar.text)}{hint}")
            if unit and self._ground.days and not lives(unit, *self._ground.days):
                fields.note(scalar, f"đơn vị {shown(scalar.text)} không còn hiệu lực trong thời gian của kế hoạch")
        return tuple(found)


def _known(fields: Fields, key: str, *, known: Mapping[str, object], label: str) -> tuple[str, ...]:
    scalars: list[Scalar] = fields.scalars(key)
    for scalar in scalars:
        if scalar.text not in known:
            fields.note(scalar, f"không có {label} {shown(scalar.text)}{fields.notes.nearest(scalar.text, known)}")
    return tuple(scalar.text for scalar in scalars)


def _pause(task: Fields) -> Pause | None:
    fields = task.fields("pause", PAUSE_KEYS)
    if fields is None:
        return None
    until, reason = fields.read("until", day, required=True), fields.text("reason", required=True)
    return Pause(until=until, reason=reason) if until and reason else None
