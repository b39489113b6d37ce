"""The picture of a week: both rates, and one stacked bar a unit, worst first. One SVG serves the page and the PNG."""

from bot.domain.compliance import Rates, UnitFigures, WeekFigures
from bot.reports import words
from bot.reports.bars import CLASSES, bars, legend
from bot.reports.fonts import BOLD, FAMILY, REGULAR, font_file, text_width, wrap
from bot.reports.svg import INNER, MARGIN, QUIET, RULE, WIDTH, box, drawing, text

MOST_UNITS = 20  # a picture with more is no longer read; the workbook has them all
HEADING = 22.0
TILE = 110.0
ZOOM = 1.6  # 1600 pixels across: about 250 an inch in a printed report


def chart_svg(figures: WeekFigures) -> str:
    """Return the week's picture as an SVG document; at most 20 units, the rest counted in one line."""
    shapes, y = _head(figures)
    shown = figures.units[:MOST_UNITS]
    if any(unit.due for unit in shown):
        rows, y = bars(shown, y)
        shapes += rows
    else:
        shapes.append(text("Chưa có nhiệm vụ đến hạn.", MARGIN, y + 24, size=16))
        y += 44
    left = len(figures.units) - len(shown)
    if left:
        shapes.append(text(f"… và {left} đơn vị khác", MARGIN, y + 16, size=15, ink=QUIET))
        y += 30
    told = f"{words.as_of(figures)}. {_sums(figures.total)}"
    fills = tuple(fill for _, fill in CLASSES)
    return drawing(shapes, width=WIDTH, height=y + 24, title=words.heading(figures), told=told, fills=fills)


def chart_png(figures: WeekFigures) -> bytes:
    """Return the picture as a PNG 1600 pixels wide, the same bytes for the same figures.

    Takes up to half a second and holds the interpreter meanwhile. Raises ReportError when a font is missing.
    """
    return svg_png(chart_svg(figures))


def svg_png(svg: str) -> bytes:
    """Return one of our drawings as a PNG 1600 pixels wide. Raises ReportError when a font is missing."""
    import resvg_py  # noqa: PLC0415  (the SVG alone goes without it)

    fonts = [font_file(REGULAR), font_file(BOLD)]
    drawn = resvg_py.svg_to_bytes(
        svg_string=svg,
        skip_system_fonts=True,
        font_files=fonts,
        font_family=FAMILY,
        sans_serif_family=FAMILY,
        zoom=ZOOM,
        background="#ffffff",
    )
    return bytes(drawn)


def _head(figures: WeekFigures) -> tuple[list[str], float]:
    shapes, y = [], 28.0
    for line in wrap(words.heading(figures), INNER, HEADING, font=BOLD):
        y += HEADING + 8
        shapes.append(text(line, MARGIN, y, size=HEADING, bold=True))
    y += 30
    coverage = f"Đã hỏi được {figures.asked_units}/{figures.units_total} đơn vị"
    shapes.append(text(words.as_of(figures), MARGIN, y, size=15, ink=QUIET))
    shapes.append(text(coverage, WIDTH - MARGIN, y, size=15, ink=QUIET, anchor="end"))
    y += 22
    total, before = figures.total, figures.previous or Rates(done_share=None, on_time_share=None)
    shapes += _tile(MARGIN, y, name="Hoàn thành / đến hạn", part=total.done, due=total.due, before=before.done_share)
    shapes += _tile(
        WIDTH / 2 + 10, y, name="Đúng hạn / đến hạn", part=total.on_time, due=total.due, before=before.on_time_share
    )
    y += TILE + 26
    shapes.append(text(f"Đã giao {words.number(figures.given)} nhiệm vụ; {_sums(total)}", MARGIN, y, size=14))
    outside = _outside(figures)
    if outside:
        y += 22
        shapes.append(text(outside, MARGIN, y, size=14, ink=QUIET))
    y += 20
    return shapes + legend(y, total), y + 42


def _tile(x: float, y: float, *, name: str, part: int, due: int, before: float | None) -> list[str]:
    value = part / due if due else None
    big = words.share(value)
    after = x + 20 + text_width(big, 40, font=BOLD) + 14
    changed = words.change(value, before) or "chưa có số liệu tuần trước để so sánh"
    return [
        box(x, y, INNER / 2 - 10, TILE, fill="#F4F6F8", stroke=RULE, radius=8),
        text(name, x + 20, y + 28, size=15, ink=QUIET),
        text(big, x + 20, y + 72, size=40, bold=True),
        text(f"({words.ratio(part, due)})", after, y + 72, size=22),
        text(changed, x + 20, y + 97, size=14, ink=QUIET),
    ]


def _sums(total: UnitFigures) -> str:
    due, done, on_time, late, waiting, overdue = map(
        words.number, (total.due, total.done, total.on_time, total.late, total.waiting, total.overdue)
    )
    return (
        f"đến hạn {due}, hoàn thành {done} (đúng hạn {on_time}, quá hạn {late}), "
        f"chờ xác nhận {waiting}, quá hạn chưa xong {overdue}."
    )


def _outside(figures: WeekFigures) -> str:
    parts = []
    if figures.total.not_asked:
        parts.append(f"Không tính vào tỷ lệ: {figures.total.not_asked} nhiệm vụ chưa hỏi được.")
    if figures.in_doubt:
        parts.append(f"Chưa rõ đã đến nơi: {figures.in_doubt} tin nhắn.")
    return " ".join(parts)
