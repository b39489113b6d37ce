"""A YAML file as plain nodes with their places: every scalar stays text, nothing is resolved.

Built from the C parser's event stream, because composing PyYAML's own nodes costs fifteen times as much.
"""

from collections.abc import Callable
from sys import intern
from typing import Any, NamedTuple
from unicodedata import normalize

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
)

from bot.catalogue.problems import Notes, shown
from bot.catalogue.syntax import decoded, fault_of, syntax_problem

MAX_DEPTH = 20  # levels; a catalogue needs six
MAX_EVENTS = 1_000_000  # of the parser; a plan of 10,000 tasks has 330,000


class Scalar(NamedTuple):
    """One value as text, composed form (NFC), blanks around it cut; "" where nothing is written."""

    text: str
    line: int
    column: int


class Items(NamedTuple):
    """A list."""

    nodes: "list[Node]"
    line: int
    column: int


class Keys(NamedTuple):
    """A mapping: each key with the line and column where it stands, and its value."""

    entries: "dict[str, Entry]"
    line: int
    column: int


class Broken(NamedTuple):
    """Something already noted as wrong; whoever reads it says nothing more."""

    line: int
    column: int


Node = Scalar | Items | Keys | Broken
Entry = tuple[int, int, Node]


_new = tuple.__new__  # half the time of calling the class, which for 220,000 scalars is 40 ms


def read_nodes(content: bytes, notes: Notes) -> Node:
    """Return the one document of a file as nodes; whatever is wrong goes to `notes`. Any bytes are survived."""
    text = decoded(content, notes)
    if text is None:
        return Broken(1, 1)
    try:
        # The parser's own method, asked until it has no more: `yaml.parse` costs as much again per event.
        root = _document(yaml.CSafeLoader(text).get_event, notes)
    except yaml.YAMLError as error:
        line, column, sentence = syntax_problem(error, text)
        notes.add(Broken(line, column), sentence)
        return Broken(1, 1)
    if root is None or root == Scalar("", root.line, root.column):
        notes.add(Broken(1, 1), "tệp trống")
        return Broken(1, 1)
    return root


def _document(next_event: Callable[[], Any], notes: Notes) -> Node | None:
    """Return the root, None where there is none.

    One loop, the most frequent kind first: with a function that calls itself, building took as long as parsing.
    """
    nodes: list[Node] = []  # of what is being read: the document, a list, or a mapping's keys and values in turn
    outer: list[tuple[list[Node], Any]] = []  # what that stands in, and the mark where it began
    for _ in range(MAX_EVENTS):
        event = next_event()
        kind = type(event)
        if kind is ScalarEvent:
            nodes.append(_scalar(event, notes))
        elif kind is SequenceStartEvent or kind is MappingStartEvent:
            if event.anchor is not None or event.tag is not None:
                _refuse_extras(event, notes)
            outer.append((nodes, event.start_mark))
            nodes = []
            if len(outer) > MAX_DEPTH:
                notes.add(_place(event), f"lồng nhau quá sâu (trên {MAX_DEPTH} cấp)")
                return Broken(1, 1)
        elif kind is SequenceEndEvent:
            inner, (nodes, mark) = nodes, outer.pop()
            nodes.append(_new(Items, (inner, mark.line + 1, mark.column + 1)))
        elif kind is MappingEndEvent:
            inner, (nodes, mark) = nodes, outer.pop()
            nodes.append(_new(Keys, (_entries(inner, notes), mark.line + 1, mark.column + 1)))
        elif kind is AliasEvent:
            place, named = _place(event), shown(f"*{event.anchor}")
            notes.add(place, f"dấu * (tham chiếu {named}) không dùng ở đây; hãy viết lại nội dung")
            nodes.append(place)
        elif kind is DocumentStartEvent and nodes:
            notes.add(_place(event), "một tệp chỉ chứa một tài liệu; hãy bỏ dòng «---» này và phần sau nó")
            return Broken(1, 1)
        elif event is None:
            return nodes[0] if nodes else None
    notes.add(_place(event), "tệp có quá nhiều giá trị; hãy tách kế hoạch thành nhiều tệp")
    return Broken(1, 1)


def _scalar(event: Any, notes: Notes) -> Scalar | Broken:
    if event.anchor is not None or event.tag is not None:
        _refuse_extras(event, notes)
    text, mark = event.value, event.start_mark
    if fault := fault_of(text):
        notes.add(_place(event), fault)
        return _place(event)
    if not text.isascii():
        text = normalize("NFC", text)
    return _new(Scalar, (text.strip(), mark.line + 1, mark.column + 1))


def _entries(nodes: list[Node], notes: Notes) -> dict[str, Entry]:
    entries: dict[str, Entry] = {}
    alternating = iter(nodes)
    for key, value in zip(alternating, alternating, strict=True):
        if not isinstance(key, Scalar):
            notes.add(key, "khóa phải là một từ, không phải danh sách hay nhóm «khóa: giá trị»")
            continue
        text, line, column = key
        if text in entries:
            notes.add(key, f"khóa {shown(text)} viết hai lần; lần đầu ở dòng {entries[text][0]}")
        else:
            entries[intern(text)] = (line, column, value)
    return entries


def _refuse_extras(event: ScalarEvent | SequenceStartEvent | MappingStartEvent, notes: Notes) -> None:
    if event.anchor is not None:
        notes.add(_place(event), f"dấu & (nhãn {shown(f'&{event.anchor}')}) không dùng ở đây; hãy bỏ nhãn")
    if event.tag is not None:
        sentence = f"dấu ! (thẻ {shown(event.tag)}) không dùng ở đây; nếu là chữ, hãy đặt trong dấu nháy"
        notes.add(_place(event), sentence)


def _place(event: Event) -> Broken:
    mark = event.start_mark
    return Broken(mark.line + 1, mark.column + 1) if mark else Broken(1, 1)
