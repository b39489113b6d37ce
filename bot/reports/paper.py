"""An official paper as plain values: what stands in it, in order. Word and PDF are two ways of setting the same values.

Layout: Nghị định 30/2020/NĐ-CP, phụ lục I (page, margins, faces and sizes of each part) and phụ lục III (the model report).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

PAGE = (210.0, 297.0)  # mm, A4
TOP, BOTTOM, LEFT, RIGHT = 20.0, 20.0, 30.0, 20.0  # mm; the decree allows 20-25, 20-25, 30-35, 15-20
INNER = PAGE[0] - LEFT - RIGHT
ISSUER_COLUMN, STATE_COLUMN = 64.0, 96.0  # mm: the two halves of the letterhead
FACE = "Times New Roman"
TEXT, SMALL, TABLE = 14.0, 12.0, 11.0  # points: the text, the letterhead's small lines, the annexes' tables
RECIPIENTS = 11.0

STATE = "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM"
MOTTO = "Độc lập - Tự do - Hạnh phúc"
BLANK = "…………"
SIGNATURE = "…………………………………"


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskWords:
    """What the annexes say of a task beside its figures, in words."""

    basis: str
    owners: str
    partners: str
    due: str
    result: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Letterhead:
    """Who reports, and on what.

    `parent` is the body above the issuer, "" where the issuer answers to nobody; `symbol` follows the number ("BC-SNV");
    `place` is where it is signed; `plan` the document reported on with its day and issuer, `about` its subject.
    """

    parent: str
    issuer: str
    symbol: str
    place: str
    plan: str
    about: str
    recipients: tuple[str, ...]
    tasks: Mapping[str, TaskWords] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Heading:
    """A section's heading: "I. TÌNH HÌNH CHUNG"."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph of running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Item:
    """One line of a list."""

    text: str


Block = Heading | Paragraph | Item


@dataclass(frozen=True, slots=True, kw_only=True)
class Annex:
    """A table on a page of its own. `widths` are parts of the whole; `last` is the row of totals, () for none.

    The columns in `words` are set left, all others in the middle; `note` stands below the title.
    """

    number: str
    title: str
    note: str
    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    widths: tuple[float, ...]
    words: frozenset[int]
    last: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Paper:
    """The whole paper. `kind` is "BÁO CÁO", `about` its trích yếu, `dated` its place and date with the day left blank."""

    head: Letterhead
    kind: str
    about: str
    number: str
    dated: str
    blocks: tuple[Block, ...]
    annexes: tuple[Annex, ...]


def attached(paper: Paper) -> str:
    """Return the line under an annex's title that says which paper it belongs to."""
    return f"(Kèm theo Báo cáo số {BLANK}/{paper.head.symbol} của {paper.head.issuer})"
