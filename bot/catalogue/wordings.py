"""What was read once is not read again: thousands of tasks share a few lists of owners, dues and results."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

from bot.catalogue.fields import Fields
from bot.catalogue.nodes import Broken, Items, Keys, Node, Scalar

T = TypeVar("T")


class Wordings(Generic[T]):
    """Remembers what one reader made of each wording. What it found fault with is read anew, to be noted at its place."""

    def __init__(self, reader: Callable[[Fields, str], T], key: str) -> None:
        self._reader = reader
        self._key = key
        self._known: dict[Hashable, T] = {}

    def read(self, fields: Fields) -> T:
        """Return what the reader makes of the key in this mapping."""
        node = fields.node(self._key)
        words = wording(node)
        known = self._known.get(words)
        if known is not None:
            return known
        noted = len(fields.notes.found)
        found = self._reader(fields, self._key)
        if node is not None and len(fields.notes.found) == noted:
            self._known[words] = found
        return found


def wording(node: Node | None) -> Hashable:
    """Return what a node says, wherever it stands: the same for two nodes that cannot be told apart but by their places."""
    match node:
        case Scalar():
            return node.text
        case Items():
            return tuple([wording(item) for item in node.nodes])
        case Keys():
            return Keys, tuple([(key, wording(value)) for key, (_, _, value) in node.entries.items()])
        case Broken() | None:
            return None
