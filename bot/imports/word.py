"""Tables of a Word document: merged cells filled, automatic numbers counted, changes not yet accepted named."""

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import docx
from docx.oxml.ns import qn

from bot.imports.tables import MAX_COLUMNS, MAX_ROWS, AnnexError, Cell, Merged, Row, Table, clean
from bot.imports.word_numbers import Numbers

_BREAKS = {qn("w:br"): "\n", qn("w:cr"): "\n", qn("w:tab"): " ", qn("w:noBreakHyphen"): "-"}
_CHANGES = (qn("w:ins"), qn("w:del"))


def tables(content: bytes) -> list[Table]:
    """Return the tables of a document's body in order, each with the text above it."""
    document = docx.Document(BytesIO(content))
    numbers, found = Numbers(document), list[Table]()
    above: list[str] = []
    for element in _inside(document.element.body, "w:p", "w:tbl"):
        if element.tag == qn("w:p"):
            above += clean(_text(element)).split("\n")
        elif element.tag == qn("w:tbl"):
            name = f"Bảng {len(found) + 1}"
            found.append(Table(name=name, rows=tuple(_rows(element, name, numbers)), before=tuple(filter(None, above))))
            above = []
    return found


def _rows(table: Any, name: str, numbers: Numbers) -> Iterator[Row]:
    upper: dict[int, Cell] = {}
    for turn, row in enumerate(_inside(table, "w:tr"), start=1):
        if turn > MAX_ROWS:
            raise AnnexError(f"{name} có hơn {MAX_ROWS} dòng")
        placed: dict[int, Cell] = {}
        column = _count(row.find(qn("w:trPr")), "w:gridBefore", absent=0)
        for tc in _inside(row, "w:tc"):
            properties = tc.find(qn("w:tcPr"))
            width = max(1, _count(properties, "w:gridSpan", absent=1))
            if column + width > MAX_COLUMNS:
                raise AnnexError(f"{name}, dòng {turn}: có hơn {MAX_COLUMNS} cột")
            goes_on = _goes_on(properties)
            cell = upper.get(column, Cell()) if goes_on else _cell(tc, numbers)
            for step in range(width):
                merged = Merged.LEFT if step else Merged.ABOVE if goes_on else Merged.NO
                placed[column + step] = Cell(
                    text=cell.text, merged=merged, doubts=() if step or goes_on else cell.doubts
                )
            column += width
        upper = placed
        cells = tuple(placed.get(index, Cell()) for index in range(max(placed, default=-1) + 1))
        yield Row(place=f"{name.lower()}, dòng {turn}", cells=cells)


def _inside(parent: Any, *tags: str) -> Iterator[Any]:
    """Yield the children of these kinds in order, those in a form's fields too, none inside one another."""
    wanted = {qn(tag) for tag in tags}
    for child in parent.iterchildren():
        if child.tag in wanted:
            yield child
        elif child.tag in {qn("w:sdt"), qn("w:sdtContent"), qn("w:customXml"), qn("w:smartTag")}:
            yield from _inside(child, *tags)


def _goes_on(properties: Any) -> bool:
    merge = None if properties is None else properties.find(qn("w:vMerge"))
    return merge is not None and merge.get(qn("w:val"), "continue") == "continue"


def _count(properties: Any, tag: str, *, absent: int) -> int:
    found = None if properties is None else properties.find(qn(tag))
    value = "" if found is None else found.get(qn("w:val"), "")
    return int(value) if value.isascii() and value.isdecimal() and len(value) < 4 else absent


def _cell(tc: Any, numbers: Numbers) -> Cell:
    lines, doubts = [], []
    for paragraph in _inside(tc, "w:p"):
        lines.append(f"{numbers.of(paragraph)} {_text(paragraph)}")
    if next(tc.iter(*_CHANGES), None) is not None:
        doubts.append("ô có chỗ sửa chưa được chấp nhận trong Word")
    if next(tc.iter(qn("w:tbl")), None) is not None:
        doubts.append("ô có bảng con chưa được đọc")
    return Cell(text=clean("\n".join(lines)), doubts=tuple(doubts))


def _text(paragraph: Any) -> str:
    """Return the text of a paragraph, links, fields and added words included, deleted ones not."""
    parts = []
    for node in paragraph.iter(qn("w:t"), *_BREAKS):
        if node.tag == qn("w:t"):
            parts.append(node.text or "")
        elif node.getparent().tag == qn("w:r"):  # a tab stop among the properties is no tab
            parts.append(_BREAKS[node.tag])
    return "".join(parts)
