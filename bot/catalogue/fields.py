"""The keys of one mapping, each read once by its kind; what is wrong is noted and read as nothing."""

from collections.abc import Callable, Collection, Iterator
from enum import StrEnum
from typing import TypeVar

from bot.catalogue.nodes import Broken, Items, Keys, Node, Scalar
from bot.catalogue.problems import Notes, Place, shown
from bot.catalogue.scalars import RefusedError
from bot.catalogue.slips import slip_in_value

T = TypeVar("T")
E = TypeVar("E", bound=StrEnum)

UNCLASSIFIED = ("none", "không")


class Fields:
    """A mapping whose keys are known. `where` ("nhiệm vụ R18") opens every sentence about it."""

    def __init__(self, keys: Keys, notes: Notes, *, where: str, known: Collection[str]) -> None:
        self.place: Place = keys
        self.notes = notes
        self.where = where
        self._entries = keys.entries
        for key in keys.entries:
            if key not in known:
                self.note(self.key_place(key), f"khóa {shown(key)} không được biết đến{notes.nearest(key, known)}")

    def __contains__(self, key: str) -> bool:
        return key in self._entries

    def note(self, place: Place, text: str) -> None:
        """Note a problem of this mapping."""
        self.notes.add(place, f"{self.where}: {text}" if self.where else text)

    def key_place(self, key: str) -> Place:
        """Return where a key stands, or where the mapping begins when it has no such key."""
        if key not in self._entries:
            return self.place
        line, column, _ = self._entries[key]
        return Broken(line, column)

    def node(self, key: str, *, required: bool = False) -> Node | None:
        """Return what stands under a key; None when nothing usable does. A required key that is missing is noted."""
        entry = self._entries.get(key)
        if entry is None:
            if required:
                self.note(self.place, f"thiếu khóa «{key}»")
            return None
        node = entry[2]
        if isinstance(node, Broken):
            return None
        if isinstance(node, Scalar) and not node.text:
            if required:
                self.note(self.key_place(key), f"khóa «{key}» còn trống")
            return None
        return node

    def scalar(self, key: str, *, required: bool = False) -> Scalar | None:
        """Return a single value."""
        if not required and key not in self._entries:  # as most keys of most mappings
            return None
        node = self.node(key, required=required)
        if node is None or isinstance(node, Scalar):
            return node
        self.note(node, f"«{key}» phải là một giá trị, không phải {_kind(node)}")
        return None

    def text(self, key: str, *, required: bool = False) -> str:
        """Return a value as one line of text, "" when absent."""
        scalar = self.scalar(key, required=required)
        return one_line(scalar.text) if scalar else ""

    def read(self, key: str, reader: Callable[[str], T], *, required: bool = False) -> T | None:
        """Return a value as `reader` understands it; its refusal is noted."""
        scalar = self.scalar(key, required=required)
        return self.understood(scalar, reader, key) if scalar else None

    def understood(self, scalar: Scalar, reader: Callable[[str], T], key: str) -> T | None:
        """Return one value of a key as `reader` understands it; its refusal is noted at the value."""
        try:
            return reader(scalar.text)
        except RefusedError as error:
            slip = slip_in_value(scalar.text)
            self.note(scalar, f"«{key}»: {error}; {slip}" if slip else f"«{key}»: {error}")
            return None

    def choice(self, key: str, choices: type[E], *, required: bool = False) -> E | None:
        """Return one of a closed list of words."""

        def pick(text: str) -> E:
            try:
                return choices(text)
            except ValueError:
                raise RefusedError(f"{shown(text)} phải là một trong: {', '.join(choices)}") from None

        return self.read(key, pick, required=required)

    def scalars(self, key: str, *, required: bool = False) -> list[Scalar]:
        """Return a list of single values; one value alone is a list of one."""
        if not required and key not in self._entries:
            return []
        node = self.node(key, required=required)
        if node is None:
            return []
        if isinstance(node, Keys):
            self.note(node, f"«{key}» phải là danh sách, không phải {_kind(node)}")
            return []
        found = []
        for item in node.nodes if isinstance(node, Items) else [node]:
            if isinstance(item, Scalar) and item.text:
                found.append(item)
            elif not isinstance(item, Broken):
                self.note(item, f"mỗi dòng của «{key}» phải là một giá trị")
        if required and isinstance(node, Items) and not node.nodes:
            self.note(node, f"khóa «{key}» còn trống")
        return found

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of lines of text."""
        return tuple(one_line(item.text) for item in self.scalars(key))

    def fields(self, key: str, known: Collection[str], *, where: str = "", required: bool = False) -> "Fields | None":
        """Return the mapping under a key."""
        node = self.node(key, required=required)
        return as_fields(node, self.notes, where=where or self.where, known=known) if node else None

    def each(self, key: str, known: Collection[str], *, label: str = "", required: bool = False) -> "Iterator[Fields]":
        """Yield every mapping of a list of mappings; `label` and its id name each in sentences ("nhiệm vụ R18")."""
        node = self.node(key, required=required)
        if node is None:
            return
        if not isinstance(node, Items):
            self.note(node, f"«{key}» phải là danh sách, mỗi phần bắt đầu bằng dấu gạch «- »")
            return
        if required and not node.nodes:
            self.note(node, f"khóa «{key}» còn trống")
        for turn, item in enumerate(node.nodes, start=1):
            if self.notes.is_full:
                return
            where = _called(item, label, turn) if label else self.where
            found = as_fields(item, self.notes, where=where, known=known)
            if found:
                yield found

    def named(self, key: str, *, required: bool = False) -> list[tuple[Scalar, Node]]:
        """Return the entries of a mapping whose keys are names that people chose."""
        node = self.node(key, required=required)
        if node is None or isinstance(node, Keys):
            entries = node.entries.items() if node else ()
            return [(Scalar(name, line, column), value) for name, (line, column, value) in entries]
        self.note(node, f"«{key}» phải gồm các dòng «tên: giá trị»")
        return []

    def unclassified(self) -> None:
        """Note a classification other than none."""
        if "classification" not in self:
            return
        scalar = self.scalar("classification")
        if scalar and scalar.text.lower() not in UNCLASSIFIED:
            self.note(scalar, "nội dung mật không được đưa vào hệ thống này; chỉ nhận classification: none")


def one_line(text: str) -> str:
    """Return a text with single spaces between its words."""
    # Most texts have no other: then the string itself is kept, not a second one like it.
    return text if text.isprintable() and "  " not in text else " ".join(text.split())


def as_fields(node: Node, notes: Notes, *, where: str, known: Collection[str]) -> Fields | None:
    """Return a node as a mapping, or None after noting that it is none."""
    if isinstance(node, Keys):
        return Fields(node, notes, where=where, known=known)
    if not isinstance(node, Broken):
        sentence = "chỗ này phải gồm các dòng «khóa: giá trị»"
        notes.add(node, f"{where}: {sentence}" if where else sentence)
    return None


def _called(node: Node, label: str, turn: int) -> str:
    own = node.entries.get("id") if isinstance(node, Keys) else None
    named = own is not None and isinstance(own[2], Scalar) and own[2].text
    return f"{label} {named}" if named and len(named) <= 32 else f"{label} thứ {turn}"


def _kind(node: Node) -> str:
    return "danh sách" if isinstance(node, Items) else "nhóm «khóa: giá trị»"
