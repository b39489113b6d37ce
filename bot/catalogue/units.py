"""The units file on its own, for what needs no plan."""

from pathlib import Path

from bot.catalogue.files import UNITS_FILE
from bot.catalogue.nodes import read_nodes
from bot.catalogue.problems import CatalogueError, Notes, Problem
from bot.catalogue.registry import Registry, read_registry
from bot.catalogue.syntax import MAX_BYTES


def load_registry(home: Path) -> Registry:
    """Return the units and groups of a home; raise CatalogueError with everything that is wrong in their file."""
    try:
        with (home / UNITS_FILE).open("rb") as file:
            content = file.read(MAX_BYTES + 1)
    except OSError:
        sentence = "không đọc được tệp này; cần có các đơn vị để nhận ra ai chủ trì (thư mục khác thì chỉ bằng --home)"
        raise CatalogueError([Problem(file=UNITS_FILE, line=1, column=1, text=sentence)]) from None
    notes = Notes(UNITS_FILE)
    registry = read_registry(read_nodes(content, notes), notes)
    if notes.found:
        raise CatalogueError(notes.found)
    return registry
