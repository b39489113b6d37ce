"""The named rhythms of chasing."""

import re
from collections.abc import Callable, Iterator
from datetime import time
from enum import StrEnum

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.ids import Ids
from bot.catalogue.nodes import Node, Scalar
from bot.catalogue.problems import shown
from bot.catalogue.scalars import MAX_DAYS, RefusedError, clock, name, offset
from bot.domain.plan import Escalation, Offset, OffsetUnit, Policy, Role

DEFAULT = Policy(
    id="default",
    remind=tuple(Offset(amount=-days) for days in (7, 3, 1, 0)),
    overdue=tuple(Offset(amount=days) for days in (1, 3, 7)),
    every=7,
    stop=60,
    escalate=(
        Escalation(after=Offset(amount=3, unit=OffsetUnit.WORKING_DAYS), to=Role.HEAD),
        Escalation(after=Offset(amount=7, unit=OffsetUnit.WORKING_DAYS), to=Role.OFFICE),
    ),
    at=time(8, 0),
)

POLICY_KEYS = ("remind", "overdue", "escalate", "at")
ESCALATION_KEYS = ("after", "to")
_SPANS = ("every", "stop")
SPAN = re.compile(r"(?:every|stop) +(\d{1,4})d")


class Up(StrEnum):
    """Whom an escalation may tell."""

    HEAD = "head"
    OFFICE = "office"


def read_policies(top: Fields) -> dict[str, Policy]:
    """Return the policies by name; `default` is always among them."""
    policies = {DEFAULT.id: DEFAULT}
    ids = Ids()
    for key, node in top.named("policies"):
        if top.understood(key, name, "policies") is None or not ids.admit(top, key):
            continue
        policies[key.text] = _policy(key, node, top) or DEFAULT
    return policies


def _policy(key: Scalar, node: Node, top: Fields) -> Policy | None:
    fields = as_fields(node, top.notes, where=f"cách nhắc {key.text}", known=POLICY_KEYS)
    if fields is None:
        return None
    overdue = fields.scalars("overdue")
    spans = {word: _span(fields, overdue, word) for word in _SPANS}
    return Policy(
        id=key.text,
        remind=_offsets(fields, "remind", fields.scalars("remind"), _before),
        overdue=_offsets(fields, "overdue", [item for item in overdue if _first_word(item) not in _SPANS], _after),
        every=spans["every"],
        stop=spans["stop"] or DEFAULT.stop,
        escalate=tuple(_escalations(fields)),
        at=fields.read("at", clock) or DEFAULT.at,
    )


def _first_word(scalar: Scalar) -> str:
    return scalar.text.partition(" ")[0]


def _span(fields: Fields, overdue: list[Scalar], word: str) -> int | None:
    found = [item for item in overdue if _first_word(item) == word]
    for again in found[1:]:
        fields.note(again, f"«overdue»: {shown(word)} viết hai lần")
    return fields.understood(found[0], _days, "overdue") if found else None


def _offsets(fields: Fields, key: str, items: list[Scalar], reader: Callable[[str], Offset]) -> tuple[Offset, ...]:
    offsets: dict[Offset, None] = {}
    for item in items:
        found = fields.understood(item, reader, key)
        if found in offsets:
            fields.note(item, f"«{key}»: {shown(item.text)} viết hai lần")
        elif found:
            offsets[found] = None
    return tuple(offsets)


def _escalations(fields: Fields) -> Iterator[Escalation]:
    for each in fields.each("escalate", ESCALATION_KEYS):
        after = each.read("after", _after, required=True)
        to = each.choice("to", Up, required=True)
        if after and to:
            yield Escalation(after=after, to=Role(to.value))


def _days(text: str) -> int:
    found = SPAN.fullmatch(text)
    if not found or not 1 <= int(found[1]) <= MAX_DAYS:
        raise RefusedError(f"{shown(text)} phải có dạng «every 7d» hoặc «stop 60d», từ 1 đến {MAX_DAYS} ngày")
    return int(found[1])


def _before(text: str) -> Offset:
    found = offset(text)
    if found.amount > 0:
        raise RefusedError(f"{shown(text)} nằm sau hạn; nhắc trước hạn viết như -7d hoặc 0d")
    return found


def _after(text: str) -> Offset:
    found = offset(text)
    if found.amount <= 0:
        raise RefusedError(f"{shown(text)} không nằm sau hạn; hãy viết như +1d hoặc +3wd")
    return found
