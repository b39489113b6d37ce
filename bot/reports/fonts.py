"""The bundled font (Be Vietnam Pro, SIL Open Font License 1.1): where it lies, and how wide a text is in it."""

import struct
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import NamedTuple

REGULAR = Path(__file__).parent / "fonts" / "BeVietnamPro-Regular.ttf"
BOLD = Path(__file__).parent / "fonts" / "BeVietnamPro-Bold.ttf"
FAMILY = "Be Vietnam Pro"


class ReportError(Exception):
    """A picture or file cannot be made; the text says what to do."""


class Font(NamedTuple):
    """Advance widths of a font in units of the em, by character; `fallback` is the missing glyph's."""

    widths: Mapping[str, float]
    fallback: float


def font_file(path: Path) -> str:
    """Return the font's path as text. Raises ReportError when it is missing: drawing would give a blank picture."""
    if not path.is_file():
        raise ReportError(f"Thiếu tệp phông chữ {path.name}. Đề nghị cài lại nhacviec (tệp thuộc bot/reports/fonts).")
    return str(path)


def text_width(text: str, size: float, *, font: Path = REGULAR) -> float:
    """Return how wide the text (NFC) is, in the unit of `size`. Kerning is left out: a hair's breadth a line."""
    loaded = load_font(font_file(font))
    return size * sum(loaded.widths.get(char, loaded.fallback) for char in text)


def shorten(text: str, width: float, size: float, *, font: Path = REGULAR) -> str:
    """Return the text, cut with "…" where it is wider than `width`."""
    if text_width(text, size, font=font) <= width:
        return text
    kept = text
    while kept and text_width(kept.rstrip() + "…", size, font=font) > width:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def wrap(text: str, width: float, size: float, *, font: Path = REGULAR, lines: int = 3) -> list[str]:
    """Return the text in at most `lines` lines, broken at spaces; what does not fit is cut with "…"."""
    words, broken, current = text.split(), [], ""
    for word in words:
        longer = f"{current} {word}".strip()
        if current and text_width(longer, size, font=font) > width:
            broken.append(current)
            current = word
        else:
            current = longer
    broken.append(current)
    if len(broken) > lines:
        broken[lines - 1 :] = [" ".join(broken[lines - 1 :])]
    return [shorten(line, width, size, font=font) for line in broken]


@cache
def load_font(path: str) -> Font:
    """Return the widths that the TrueType file's cmap (format 4) and hmtx tables give (OpenType specification 1.9)."""
    raw = Path(path).read_bytes()
    tables = _tables(raw)
    em = struct.unpack_from(">H", raw, tables["head"] + 18)[0]
    metrics = struct.unpack_from(">H", raw, tables["hhea"] + 34)[0]

    def advance(glyph: int) -> float:
        # The last metric stands for every glyph after it.
        width = struct.unpack_from(">H", raw, tables["hmtx"] + 4 * min(glyph, metrics - 1))[0]
        return float(width / em)

    glyphs = _glyphs(raw, tables["cmap"])
    return Font(widths={chr(code): advance(glyph) for code, glyph in glyphs.items()}, fallback=advance(0))


def _tables(raw: bytes) -> dict[str, int]:
    count = struct.unpack_from(">H", raw, 4)[0]
    records = (struct.unpack_from(">4sIII", raw, 12 + 16 * index) for index in range(count))
    return {tag.decode("ascii"): offset for tag, _, offset, _ in records}


def _glyphs(raw: bytes, cmap: int) -> dict[int, int]:
    start = _format_4(raw, cmap)
    double = struct.unpack_from(">H", raw, start + 6)[0]  # twice the number of segments
    count = double // 2
    ends, starts, deltas, ranges = (
        struct.unpack_from(f">{count}H", raw, start + 14 + gap + index * double)
        for index, gap in enumerate((0, 2, 2, 2))  # two bytes of padding follow the ends
    )
    glyphs: dict[int, int] = {}
    for index in range(count):
        for code in range(starts[index], min(ends[index], 0xFFFE) + 1):
            glyph = code
            if ranges[index]:
                place = start + 16 + 3 * double + 2 * index + ranges[index] + 2 * (code - starts[index])
                glyph = struct.unpack_from(">H", raw, place)[0]
            if ranges[index] == 0 or glyph:
                glyphs[code] = (glyph + deltas[index]) & 0xFFFF
    return {code: glyph for code, glyph in glyphs.items() if glyph}


def _format_4(raw: bytes, cmap: int) -> int:
    count = struct.unpack_from(">H", raw, cmap + 2)[0]
    for index in range(count):
        offset = struct.unpack_from(">I", raw, cmap + 8 + 8 * index)[0]
        if struct.unpack_from(">H", raw, cmap + offset)[0] == 4:
            return int(cmap + offset)
    raise ReportError("Tệp phông chữ không đọc được: thiếu bảng cmap dạng 4. Đề nghị cài lại nhacviec.")
