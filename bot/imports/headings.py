"""Which column is which, by its heading: official names in any order, with or without diacritics, over up to three rows."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from bot.domain.folding import fold
from bot.imports.tables import Merged, Row, one_line

_SEARCHED = 60  # rows from the top in which the heading must stand
_TALLEST = 3
_LONGEST = 90  # letters of a heading


class Field(StrEnum):
    """What a column holds."""

    NUMBER = "number"
    TITLE = "title"
    BASIS = "basis"
    OWNERS = "owners"
    PARTNERS = "partners"
    DUE = "due"
    RESULT = "result"
    GROUP = "group"


# Whole headings first: folded, without punctuation. Sources: research/domain.md 1.2 and the plans it names.
_NAMES = {
    Field.NUMBER: ("stt", "tt", "so tt", "so thu tu", "thu tu", "ma", "ma so", "ma nhiem vu", "id", "no"),
    Field.TITLE: (
        "nhiem vu", "ten nhiem vu", "noi dung nhiem vu", "noi dung", "nhiem vu cu the", "noi dung cong viec", "cong viec",
        "ten cong viec", "noi dung thuc hien", "nhiem vu giai phap", "noi dung nhiem vu giai phap", "nhiem vu trong tam",
        "noi dung hoat dong", "hoat dong", "name", "noi dung cac nhiem vu", "ten nhiem vu cong viec", "danh muc nhiem vu",
    ),
    Field.BASIS: ("van ban giao nhiem vu", "van ban giao", "can cu", "co so phap ly", "so ky hieu van ban", "van ban"),
    Field.OWNERS: (
        "co quan chu tri thuc hien", "co quan chu tri", "don vi chu tri", "co quan don vi chu tri", "chu tri",
        "don vi chu tri thuc hien", "don vi thuc hien", "co quan thuc hien", "co quan don vi thuc hien", "chu tri thuc hien",
        "don vi chiu trach nhiem", "owner unit", "owner", "don vi duoc giao", "co quan don vi chu tri thuc hien", "phan cong",
    ),
    Field.PARTNERS: (
        "co quan phoi hop", "don vi phoi hop", "phoi hop", "co quan don vi phoi hop", "partner", "phoi hop thuc hien",
        "co quan phoi hop thuc hien", "don vi phoi hop thuc hien",
    ),
    Field.DUE: (
        "thoi han hoan thanh", "thoi han", "thoi gian du kien hoan thanh", "thoi gian hoan thanh", "thoi gian thuc hien",
        "thoi gian", "han hoan thanh", "deadlinetext", "deadline text", "deadline", "thoi han thuc hien", "tien do hoan thanh",
        "thoi gian trinh", "thoi han bao cao", "tien do thuc hien hoan thanh",
    ),
    Field.RESULT: (
        "ket qua du kien", "san pham", "san pham du kien", "ket qua san pham", "san pham ket qua", "san pham dau ra", "output",
        "ket qua dau ra", "ket qua dat duoc", "du kien san pham", "du kien ket qua", "san pham hoan thanh", "san pham can dat",
        "chi tieu dat duoc", "ket qua can dat",
    ),
    Field.GROUP: ("thuoc nhom nhiem vu", "nhom nhiem vu", "nhom", "group", "linh vuc", "thuoc linh vuc"),
}  # fmt: skip
# Then a sign in a longer one: "Cơ quan, đơn vị chủ trì tham mưu". What says both is for nobody to guess.
_SIGNS = (
    (Field.OWNERS, re.compile(r"\bchu tri\b|\bchiu trach nhiem\b")),
    (Field.PARTNERS, re.compile(r"\bphoi hop\b")),
    (Field.DUE, re.compile(r"^(?:thoi han|thoi gian|han) ")),
    (Field.RESULT, re.compile(r"^(?:du kien )?(?:san pham|ket qua (?:du kien|san pham|dau ra))\b|\bsan pham$")),
    (Field.TITLE, re.compile(r"^(?:noi dung|ten|danh muc)?\s*(?:cac )?(?:nhiem vu|cong viec)\b")),
)
_FOLDED = {name: field for field, names in _NAMES.items() for name in names}


@dataclass(frozen=True, slots=True, kw_only=True)
class Columns:
    """Where each kind stands; columns of no kind with their headings; the rows that the heading takes."""

    first: int
    height: int
    places: Mapping[Field, int]
    others: tuple[tuple[int, str], ...]
    doubts: tuple[str, ...] = ()

    def of(self, field: Field) -> int | None:
        """Return a column's place."""
        return self.places.get(field)


def find_columns(rows: Sequence[Row]) -> Columns | None:
    """Return the columns of the best heading among the first rows; None where no rows are the heading of tasks."""
    found = [
        columns
        for first in range(min(len(rows), _SEARCHED))
        for height in range(1, min(_TALLEST, len(rows) - first) + 1)
        if (columns := _columns(rows[first : first + height], first))
    ]
    # A taller heading only where it tells more: the line above a heading is not its first row.
    best = max(found, key=lambda each: (len(each.places), -each.height, -each.first), default=None)
    return best and _with_its_last_rows(best, rows)


def _with_its_last_rows(columns: Columns, rows: Sequence[Row]) -> Columns:
    height, title = columns.height, columns.of(Field.TITLE)
    while columns.first + height < len(rows) and rows[columns.first + height].cell(title).merged is Merged.ABOVE:
        height += 1
    return replace(columns, height=height)


def is_heading(row: Row, columns: Columns) -> bool:
    """Return whether a row repeats the heading, as on a new page."""
    named = [kind for place in columns.places.values() if (kind := _kind(row.cell(place).text))]
    return len(named) >= 3 or (len(named) == len(columns.places) >= 2)


def _columns(rows: Sequence[Row], first: int) -> Columns | None:
    if any(_is_content(row) for row in rows[1:]):
        return None
    places: dict[Field, int] = {}
    others: list[tuple[int, str]] = []
    doubts: list[str] = []
    for index in range(max(len(row.cells) for row in rows)):
        parts = _parts(rows, index)
        field = next((kind for part in [*reversed(parts), " ".join(parts)] if (kind := _kind(part))), None)
        heading = " / ".join(parts)
        if field is None or field in places:
            if heading:
                others.append((index, heading))
            if field:
                doubts.append(f"có hai cột «{field}»; chỉ lấy cột đầu, cột «{heading}» ghi thành chú thích")
        else:
            places[field] = index
    if Field.TITLE not in places or not {Field.OWNERS, Field.DUE} & set(places):
        return None
    return Columns(first=first, height=len(rows), places=places, others=tuple(others), doubts=tuple(doubts))


def _parts(rows: Sequence[Row], index: int) -> list[str]:
    """Return what stands in one column of the heading, top down, each text once."""
    parts: list[str] = []
    for row in rows:
        text = one_line(row.cell(index).text)
        if text and text not in parts and row.cell(index).merged is not Merged.ABOVE:
            parts.append(text)
    return parts


def _is_content(row: Row) -> bool:
    own = [cell.text for cell in row.cells if cell.text and cell.merged is Merged.NO]
    return not own or any(len(text) > _LONGEST or text[:1].isdigit() or text[:1] == "(" for text in own)


def _kind(heading: str) -> Field | None:
    plain = " ".join(re.sub(r"[^a-z0-9 ]", " ", re.sub(r"\([^)]*\)", " ", fold(heading))).split())
    if not plain or len(plain) > _LONGEST:
        return None
    if plain in _FOLDED:
        return _FOLDED[plain]
    found = {field for field, sign in _SIGNS if sign.search(plain)}
    return next((field for field, _ in _SIGNS if field in found), None)
