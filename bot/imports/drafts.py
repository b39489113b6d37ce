"""The rows of a table as drafts of tasks: groups, continued rows, totals and notes told apart; nothing dropped unnamed."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from bot.domain.folding import fold
from bot.imports.headings import Columns, Field, is_heading
from bot.imports.tables import Merged, Row, Table, one_line

_ROMAN = re.compile(r"(?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})")
_LETTER = re.compile(r"[A-ZĐ]")
_LED = re.compile(r"\s*((?=[IVX])X{0,3}(?:IX|IV|V?I{0,3})|[A-ZĐ])\s*[.)/:-]\s*(\S.*)", re.DOTALL)
_COLUMN_NUMBER = re.compile(r"\(?\s*(?:\d{1,2}|[a-zA-Z])\s*\)?")
_TOTAL = re.compile(r"(?:tong (?:cong|so)|cong|tong)\b[^a-z]*(?:\d.*)?|tong (?:cong|so)\b.*")
_NOTE = re.compile(r"(?:ghi chu|luu y|noi nhan|chu thich|nguoi lap)\b|\(?\*")
_DITTO = {"nt", "-nt-", "như trên", "- nt -", '"', "''", "//", "-//-"}
_CUT = re.compile(r"(?:\.\.\.|…|[,;:(-])$")


@dataclass(slots=True, kw_only=True)
class Draft:
    """A task in the making: the text of its cells by kind, and what is doubtful about each kind."""

    places: list[str]
    texts: dict[Field, str]
    group: tuple[str, ...]
    extras: list[tuple[str, str]] = field(default_factory=list)
    doubts: list[tuple[Field, str]] = field(default_factory=list)

    def text(self, kind: Field) -> str:
        """Return the text of a kind, "" where it has none."""
        return self.texts.get(kind, "")


@dataclass(slots=True, kw_only=True)
class Group:
    """A heading within the table: its own number and those above it, and its name."""

    path: tuple[str, ...]
    name: str
    place: str


@dataclass(slots=True, kw_only=True)
class Sorted:
    """All rows of a table by what they are, in the order of the annex."""

    drafts: list[Draft] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    skipped: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0


class Sorter:
    """Takes table after table; a group goes on into the next one."""

    def __init__(self) -> None:
        self.result = Sorted()
        self._path: list[str] = []

    def take(self, table: Table, columns: Columns, *, first: int) -> None:
        """Sort the rows of a table from `first` on."""
        rows = table.rows[first:]
        for turn, row in enumerate(rows):
            self.result.rows += 1
            reason = self._skipped(row, columns)
            if reason:
                self.result.skipped.append((row.place, reason))
            elif group := _group_of(row, columns, rows[turn + 1 : turn + 2]):
                self._open(*group, place=row.place)
            elif not self._goes_on(row, columns):
                self.result.drafts.append(self._draft(row, columns))

    def _skipped(self, row: Row, columns: Columns) -> str:
        own = [one_line(cell.text) for cell in row.cells if cell.text and cell.merged is Merged.NO]
        if not own:
            return "dòng trống"
        if is_heading(row, columns):
            return "dòng tiêu đề lặp lại"
        if len(own) >= 3 and all(_COLUMN_NUMBER.fullmatch(text) for text in own):
            return "dòng đánh số cột"
        is_owned = _text(row, columns, Field.OWNERS) and not _is_across(row)
        return "" if is_owned else _remark(own)

    def _open(self, number: str, name: str, *, place: str) -> None:
        depth = _depth(number, self._path)
        self._path = [*self._path[:depth], number or f"M{len(self.result.groups) + 1}"]
        self.result.groups.append(Group(path=tuple(self._path), name=name, place=place))

    def _goes_on(self, row: Row, columns: Columns) -> bool:
        """Add a row to the task before it where it only carries that one on; say whether it did."""
        if not self.result.drafts or _own(row, columns, Field.NUMBER):
            return False
        title, owners, due = (_own(row, columns, kind) for kind in (Field.TITLE, Field.OWNERS, Field.DUE))
        if title and (_text(row, columns, Field.OWNERS) or _text(row, columns, Field.DUE)):
            return False
        if not title and owners and due:
            return False
        if title and row.cell(columns.of(Field.NUMBER)).merged is Merged.ABOVE:
            return False
        self._append(self.result.drafts[-1], row, columns)
        return True

    def _append(self, draft: Draft, row: Row, columns: Columns) -> None:
        for kind in columns.places:
            text = _own(row, columns, kind)
            if text:
                draft.texts[kind] = f"{draft.text(kind)}\n{text}".strip()
                draft.doubts.append((kind, f"nối với {row.place}, dòng không có số thứ tự"))
        draft.extras += _extras(row, columns, own=True)
        draft.places.append(row.place)

    def _draft(self, row: Row, columns: Columns) -> Draft:
        draft = Draft(places=[row.place], texts={}, group=tuple(self._path), extras=_extras(row, columns, own=False))
        for kind, place in columns.places.items():
            cell, text = row.cell(place), _text(row, columns, kind)
            draft.doubts += [(kind, doubt) for doubt in cell.doubts]
            if text.casefold() in _DITTO:
                text = self.result.drafts[-1].text(kind) if self.result.drafts else ""
                draft.doubts.append((kind, f"phụ lục ghi «{one_line(cell.text)}»; lấy theo dòng trên"))
            draft.texts[kind] = text
        draft.doubts += [(Field.TITLE, doubt) for _, doubt in _stray_doubts(row, columns)]
        if _CUT.search(draft.text(Field.TITLE)):
            draft.doubts.append((Field.TITLE, "câu chưa trọn, có thể đã bị cắt"))
        if columns.of(Field.NUMBER) is not None and row.cell(columns.of(Field.TITLE)).merged is Merged.ABOVE:
            draft.doubts.append((Field.TITLE, "cùng ô nội dung với nhiệm vụ trên"))
        return draft


def _remark(own: list[str]) -> str:
    """Return why a row that nobody owns is no task: it counts the others, or says something about them."""
    said = fold(next((text for text in own if not text.isdecimal()), ""))
    if _TOTAL.fullmatch(said):
        return f"dòng tổng: «{_short(own)}»"
    return f"ghi chú dưới bảng: «{_short(own)}»" if _NOTE.match(said) else ""


def _group_of(row: Row, columns: Columns, later: Sequence[Row]) -> tuple[str, str] | None:
    """Return number and name of a group's row; None for any other."""
    number, title = _text(row, columns, Field.NUMBER), _own(row, columns, Field.TITLE)
    if _is_across(row):
        whole = next(cell.text for cell in row.cells if cell.text)
        led = _LED.fullmatch(whole)
        return (led[1], one_line(led[2])) if led else ("", one_line(whole))
    if _text(row, columns, Field.OWNERS) or _text(row, columns, Field.DUE) or _text(row, columns, Field.RESULT):
        return None
    bare = number.rstrip(".)/: ")
    if title and (_ROMAN.fullmatch(bare) or _LETTER.fullmatch(bare)):
        return bare, one_line(title)
    if number and not title and (led := _LED.fullmatch(number)):
        return led[1], one_line(led[2])
    below = _text(later[0], columns, Field.NUMBER) if later else ""
    if title and bare.isdecimal() and re.match(rf"{bare}\.\d", below):
        return bare, one_line(title)
    return None


def _is_across(row: Row) -> bool:
    """Return whether a row is one cell merged over several columns and nothing else."""
    told = [cell for cell in row.cells if cell.text]
    own = [cell for cell in told if cell.merged is Merged.NO]
    return len(own) == 1 and len(told) >= 3 and all(cell.text == own[0].text for cell in told)


def _depth(number: str, path: list[str]) -> int:
    """Return on which level a group stands: letters over Roman numerals over digits, a sibling where one is open."""
    sort = _sort(number)
    for depth, open_number in enumerate(path):
        if _sort(open_number) == sort:
            return depth
    return len([each for each in path if _sort(each) < sort])


def _sort(number: str) -> int:
    # I, V and X are letters too; an annex that counts by them counts in Roman numerals.
    if _ROMAN.fullmatch(number):
        return 1
    return 0 if _LETTER.fullmatch(number) else 2


def _text(row: Row, columns: Columns, kind: Field) -> str:
    cell = row.cell(columns.of(kind))
    return "" if cell.merged is Merged.LEFT else cell.text


def _own(row: Row, columns: Columns, kind: Field) -> str:
    cell = row.cell(columns.of(kind))
    return cell.text if cell.merged is Merged.NO else ""


def _extras(row: Row, columns: Columns, *, own: bool) -> list[tuple[str, str]]:
    kept = (Merged.NO,) if own else (Merged.NO, Merged.ABOVE)
    cells = ((heading, row.cell(place)) for place, heading in columns.others)
    return [(heading, one_line(cell.text)) for heading, cell in cells if cell.text and cell.merged in kept]


def _stray_doubts(row: Row, columns: Columns) -> Iterator[tuple[int, str]]:
    known = set(columns.places.values())
    for place, cell in enumerate(row.cells):
        if place not in known:
            yield from ((place, doubt) for doubt in cell.doubts)


def _short(texts: list[str]) -> str:
    whole = " · ".join(texts)
    return whole if len(whole) <= 120 else f"{whole[:119]}…"
