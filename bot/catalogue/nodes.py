"""A YAML file as plain nodes with their places: every scalar stays text, nothing is resolved.

Built from the C parser's event stream, because composing PyYAML's own nodes costs fifteen times as much.
"""

from collections.abc import Iterator
from typing import NamedTuple
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
from bot.catalogue.syntax import decoded, syntax_problem

MAX_DEPTH = 20  # levels; a catalogue needs six


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
    """A mapping: each key with its own place and its value."""

    entries: "dict[str, tuple[Scalar, Node]]"
    line: int
    column: int


class Broken(NamedTuple):
    """Something already noted as wrong; whoever reads it says nothing more."""

    line: int
    column: int


Node = Scalar | Items | Keys | Broken


class _Start(NamedTuple):
    line: int = 1
    column: int = 1


def read_nodes(content: bytes, notes: Notes) -> Node:
    """Return the one document of a file as nodes; whatever is wrong goes to `notes`. Any bytes are survived."""
    text = decoded(content, notes)
    if text is None:
        return Broken(1, 1)
    try:
        # The parser's own method, asked until it has no more: `yaml.parse` costs as much again per event.
        return _Builder(iter(yaml.CSafeLoader(text).get_event, None), notes).document()
    except _TooDeepError:
        return Broken(1, 1)
    except yaml.YAMLError as error:
        line, column, sentence = syntax_problem(error, text)
        notes.add(_Start(line, column), sentence)
        return Broken(1, 1)


class _TooDeepError(Exception):
    pass


class _Builder:
    def __init__(self, events: Iterator[Event], notes: Notes) -> None:
        self._events = events
        self._notes = notes

    def document(self) -> Node:
        root: Node | None = None
        for event in self._events:
            if not isinstance(event, DocumentStartEvent):
                continue
            if root is not None:
                self._note(event, "một tệp chỉ chứa một tài liệu; hãy bỏ dòng «---» này và phần sau nó")
                return Broken(1, 1)
            root = self._node(next(self._events), 1)
        if root is None or root == Scalar("", root.line, root.column):
            self._notes.add(_Start(), "tệp trống")
            return Broken(1, 1)
        return root

    def _node(self, event: Event, depth: int) -> Node:
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        start = _start(event)
        if isinstance(event, AliasEvent):
            self._note(event, f"dấu * (tham chiếu {shown(f'*{event.anchor}')}) không dùng ở đây; hãy viết lại nội dung")
            return Broken(*start)
        self._refuse_extras(event)
        if depth > MAX_DEPTH:
            self._note(event, f"lồng nhau quá sâu (trên {MAX_DEPTH} cấp)")
            raise _TooDeepError
        if isinstance(event, SequenceStartEvent):
            return Items(list(self._items(depth)), *start)
        return Keys(self._entries(depth), *start)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        if event.anchor is not None or event.tag is not None:
            self._refuse_extras(event)
        mark = event.start_mark
        text = normalize("NFC", event.value).strip()
        return Scalar(text, mark.line + 1, mark.column + 1) if mark else Scalar(text, *_start(event))

    def _items(self, depth: int) -> Iterator[Node]:
        for event in self._events:
            if isinstance(event, SequenceEndEvent):
                return
            yield self._node(event, depth + 1)

    def _entries(self, depth: int) -> dict[str, tuple[Scalar, Node]]:
        entries: dict[str, tuple[Scalar, Node]] = {}
        for event in self._events:
            if isinstance(event, MappingEndEvent):
                break
            key = self._node(event, depth + 1)
            value = self._node(next(self._events), depth + 1)
            if not isinstance(key, Scalar):
                self._notes.add(key, "khóa phải là một từ, không phải danh sách hay nhóm «khóa: giá trị»")
            elif key.text in entries:
                first = entries[key.text][0].line
                self._notes.add(key, f"khóa {shown(key.text)} viết hai lần; lần đầu ở dòng {first}")
            else:
                entries[key.text] = (key, value)
        return entries

    def _refuse_extras(self, event: Event) -> None:
        if not isinstance(event, ScalarEvent | SequenceStartEvent | MappingStartEvent):
            return
        if event.anchor is not None:
            self._note(event, f"dấu & (nhãn {shown(f'&{event.anchor}')}) không dùng ở đây; hãy bỏ nhãn")
        if event.tag is not None:
            self._note(event, f"dấu ! (thẻ {shown(event.tag)}) không dùng ở đây; nếu là chữ, hãy đặt trong dấu nháy")

    def _note(self, event: Event, text: str) -> None:
        self._notes.add(_start(event), text)


def _start(event: Event) -> _Start:
    mark = event.start_mark
    return _Start(mark.line + 1, mark.column + 1) if mark else _Start()
