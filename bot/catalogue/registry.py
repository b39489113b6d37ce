"""config/units.yaml: who there is, of which kind, and the groups that stand for many."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.catalogue.fields import Fields, as_fields
from bot.catalogue.ids import Ids
from bot.catalogue.nodes import Items, Node, Scalar
from bot.catalogue.problems import Notes, shown
from bot.catalogue.scalars import day, name
from bot.domain.plan import Unit

FILE_KEYS = ("units", "groups")
UNIT_KEYS = ("id", "name", "kind", "short", "aliases", "valid_from", "valid_to", "merged_into")
MOST_GROUPS = 500  # looking for circles among them takes the square


@dataclass(frozen=True, slots=True, kw_only=True)
class Registry:
    """Units by id in the order of the file, the members of each group as written, and the kinds there are."""

    units: Mapping[str, Unit] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    kinds: frozenset[str] = frozenset()

    def knows(self, word: str) -> bool:
        """Return whether a word names a unit, a kind or a group."""
        return word in self.units or word in self.groups or word in self.kinds

    def words(self) -> Iterator[str]:
        """Yield every word that `knows` accepts."""
        yield from self.units
        yield from self.groups
        yield from sorted(self.kinds)

    def expand(self, words: tuple[str, ...], *, on: date) -> tuple[str, ...]:
        """Return the ids of all units meant, in registry order, no doubles.

        A kind or a group means its units valid on the day `on`; a unit named by its own id is meant whenever it lives.
        """
        seen, open_words = set(words), list(words)
        while open_words:
            fresh = [member for member in self.groups.get(open_words.pop(), ()) if member not in seen]
            seen.update(fresh)
            open_words += fresh
        named = set(words)
        return tuple(
            unit.id
            for unit in self.units.values()
            if unit.id in named or ((unit.id in seen or unit.kind in seen) and lives(unit, on, on))
        )


def lives(unit: Unit, first: date, last: date) -> bool:
    """Return whether a unit is valid on any day from `first` to `last`."""
    return (unit.valid_from or date.min) <= last and first <= (unit.valid_to or date.max)


def read_registry(root: Node, notes: Notes) -> Registry:
    """Return the registry of a units file; what is wrong goes to `notes`."""
    top = as_fields(root, notes, where="", known=FILE_KEYS)
    if top is None:
        return Registry()
    units = _units(top)
    kinds = frozenset(unit.kind for unit in units.values())
    groups, places = _groups(top, units, kinds)
    _refuse_unknown_members(top, Registry(units=units, groups=groups, kinds=kinds), places)
    _refuse_cycles(top, groups, places)
    return Registry(units=units, groups=groups, kinds=kinds)


def _units(top: Fields) -> dict[str, Unit]:
    units: dict[str, Unit] = {}
    heirs: list[tuple[Fields, Scalar]] = []
    ids = Ids()
    for fields in top.each("units", UNIT_KEYS, label="đơn vị", required=True):
        unit = _unit(fields, ids)
        if unit is None:
            continue
        units[unit.id] = unit
        heir = fields.scalar("merged_into")
        if heir:
            heirs.append((fields, heir))
    for fields, heir in heirs:
        if heir.text not in units:
            fields.note(heir, f"không có đơn vị {shown(heir.text)}{fields.notes.nearest(heir.text, units)}")
        elif "valid_to" not in fields:
            fields.note(heir, "có «merged_into» thì phải có «valid_to»: ngày cuối cùng của đơn vị này")
    _refuse_circles(units, {fields.text("id"): (fields, heir) for fields, heir in heirs})
    return units


def _refuse_circles(units: Mapping[str, Unit], heirs: Mapping[str, tuple[Fields, Scalar]]) -> None:
    done: set[str] = set()
    for start in heirs:
        path: dict[str, None] = {}
        following = start
        while following in units and following not in done and following not in path:
            path[following] = None
            following = units[following].merged_into or ""
        if following in path:
            circle = [*path][[*path].index(following) :]
            fields, heir = heirs[circle[-1]]
            fields.note(
                heir, f"«merged_into» đi vòng tròn: {' → '.join([*circle, circle[0]])}; phải có một đơn vị ở lại"
            )
        done.update(path)


def _unit(fields: Fields, ids: Ids) -> Unit | None:
    scalar = fields.scalar("id", required=True)
    unit_id = fields.understood(scalar, name, "id") if scalar else None
    title, kind = fields.text("name", required=True), fields.read("kind", name, required=True)
    start, end = fields.read("valid_from", day), fields.read("valid_to", day)
    if start and end and end < start:
        fields.note(fields.key_place("valid_to"), "«valid_to» phải sau «valid_from»")
    if scalar is None or unit_id is None or not ids.admit(fields, scalar) or not kind:
        return None
    return Unit(
        id=unit_id,
        name=title,
        kind=kind,
        short=fields.text("short"),
        aliases=fields.texts("aliases"),
        valid_from=start,
        valid_to=end,
        merged_into=fields.text("merged_into") or None,
    )


Groups = dict[str, tuple[str, ...]]
Places = dict[str, tuple[Scalar, list[Scalar]]]


def _groups(top: Fields, units: Mapping[str, Unit], kinds: frozenset[str]) -> tuple[Groups, Places]:
    groups: Groups = {}
    places: Places = {}
    for key, node in top.named("groups"):
        if len(groups) == MOST_GROUPS:
            top.note(key, f"nhiều hơn {MOST_GROUPS} nhóm; hãy gộp bớt")
            break
        if top.understood(key, name, "groups") is None:
            continue
        if key.text in units or key.text in kinds:
            top.note(key, f"nhóm {shown(key.text)} trùng tên với một đơn vị hoặc một loại đơn vị")
            continue
        members = [item for item in (node.nodes if isinstance(node, Items) else [node]) if isinstance(item, Scalar)]
        if not members or not all(item.text for item in members):
            top.note(key, f"nhóm {shown(key.text)} phải là danh sách đơn vị, loại đơn vị hoặc nhóm")
            continue
        groups[key.text] = tuple(item.text for item in members)
        places[key.text] = (key, members)
    return groups, places


def _refuse_unknown_members(top: Fields, registry: Registry, places: Places) -> None:
    for word in sorted(registry.kinds & set(registry.units)):
        top.note(top.key_place("units"), f"{shown(word)} vừa là mã đơn vị vừa là loại đơn vị; hãy đổi một trong hai")
    for key, members in places.values():
        for member in members:
            if not registry.knows(member.text):
                hint = top.notes.nearest(member.text, registry.words())
                top.note(member, f"nhóm {key.text}: không có đơn vị, loại hay nhóm {shown(member.text)}{hint}")


def _refuse_cycles(top: Fields, groups: Groups, places: Places) -> None:
    inner = {group: groups.keys() & set(members) for group, members in groups.items()}
    for group in groups:
        seen: set[str] = set()
        left = set(inner[group])
        while left:
            word = left.pop()
            seen.add(word)
            left |= inner[word] - seen
        if group in seen:
            top.note(places[group][0], f"nhóm {shown(group)} chứa chính nó, trực tiếp hoặc qua nhóm khác")
