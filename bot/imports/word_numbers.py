"""The automatic numbers of a Word document: what the number column of an annex often holds instead of text."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from docx.oxml.ns import qn

_ROMAN = (("X", 10), ("IX", 9), ("V", 5), ("IV", 4), ("I", 1))


@dataclass(frozen=True, slots=True)
class _Level:
    form: str
    start: int
    text: str


class Numbers:
    """Counts the lists of one document in reading order."""

    def __init__(self, document: Any) -> None:
        self._levels = dict(_levels(document))
        self._counted: dict[tuple[str, int], int] = {}

    def of(self, paragraph: Any) -> str:
        """Return the number that Word shows before a paragraph ("3.", "II", ""), and count it."""
        properties = paragraph.find(f"{qn('w:pPr')}/{qn('w:numPr')}")
        if properties is None:
            return ""
        list_id, depth = (_value(properties.find(qn(tag))) for tag in ("w:numId", "w:ilvl"))
        level = self._levels.get((list_id, int(depth) if depth.isdecimal() else 0))
        if level is None or level.form in {"none", "bullet"}:
            return ""
        at = int(depth) if depth.isdecimal() else 0
        self._counted[list_id, at] = self._counted.get((list_id, at), level.start - 1) + 1
        for other in [place for place in self._counted if place[0] == list_id and place[1] > at]:
            del self._counted[other]
        return self._shown(list_id, level)

    def _shown(self, list_id: str, level: _Level) -> str:
        text = level.text
        for place in range(9):
            if f"%{place + 1}" in text:
                own = self._levels.get((list_id, place), level)
                text = text.replace(f"%{place + 1}", _numeral(self._counted.get((list_id, place), own.start), own.form))
        return text


def _levels(document: Any) -> Iterator[tuple[tuple[str, int], _Level]]:
    # Asked of the parts themselves: python-docx would add a numbering part to a document that has none.
    part = next((each.target_part for each in document.part.rels.values() if each.reltype.endswith("/numbering")), None)
    if part is None:
        return
    root = part.element
    forms = {each.get(qn("w:abstractNumId")): each for each in root.iterchildren(qn("w:abstractNum"))}
    for num in root.iterchildren(qn("w:num")):
        form = forms.get(_value(num.find(qn("w:abstractNumId"))))
        for level in () if form is None else form.iterchildren(qn("w:lvl")):
            depth, start = level.get(qn("w:ilvl"), "0"), _value(level.find(qn("w:start")))
            if depth.isdecimal():
                yield (
                    (num.get(qn("w:numId"), ""), int(depth)),
                    _Level(
                        _value(level.find(qn("w:numFmt"))) or "decimal",
                        int(start) if start.isdecimal() else 1,
                        _value(level.find(qn("w:lvlText"))),
                    ),
                )


def _value(element: Any) -> str:
    return "" if element is None else element.get(qn("w:val"), "")


def _numeral(number: int, form: str) -> str:
    if form in {"upperRoman", "lowerRoman"} and 0 < number < 40:
        roman, left = "", number
        for sign, worth in _ROMAN:
            while left >= worth:
                roman, left = roman + sign, left - worth
        return roman if form == "upperRoman" else roman.lower()
    if form in {"upperLetter", "lowerLetter"} and 0 < number <= 26:
        return chr((64 if form == "upperLetter" else 96) + number)
    return f"{number:02d}" if form == "decimalZero" else str(number)
