"""The bars of a week's picture: one a unit, stacked by class, the unit's name above its bar, a legend in words."""

from collections.abc import Sequence

from bot.domain.compliance import UnitFigures
from bot.reports import words
from bot.reports.fonts import BOLD, shorten, text_width
from bot.reports.svg import INK, INNER, MARGIN, QUIET, RULE, WIDTH, Fill, box, text

ROW = 53.0
BAR = 21.0
FIGURE = 13.0  # size of the counts inside a bar
LONGEST_PIECE = 80.0  # of one occurrence, so that a unit with a single one has no bar across the page

ON_TIME = Fill(id="nv-on-time", ground="#1D6B52", mark="", ink="#FFFFFF")
LATE = Fill(
    id="nv-late",
    ground="#F3D9A4",
    mark='<path d="M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="#A86A00" stroke-width="1.6"/>',
    ink=INK,
)
WAITING = Fill(id="nv-waiting", ground="#E4EDF7", mark='<path d="M3 3h2v2h-2z" fill="#2F5F98"/>', ink=INK)
OVERDUE = Fill(
    id="nv-overdue",
    ground="#A3201B",
    mark='<path d="M0 0L8 8M-2 6L2 10M6 -2L10 2M-2 2L2 -2M0 8L8 0M6 10L10 6" stroke="#FFFFFF" stroke-width="0.9"/>',
    ink="#FFFFFF",
)
CLASSES = ((words.ON_TIME, ON_TIME), (words.LATE, LATE), (words.WAITING, WAITING), (words.OVERDUE, OVERDUE))


def legend(y: float, total: UnitFigures) -> list[str]:
    """Return one line that names each class beside its paint, with its sum."""
    shapes, x = [], MARGIN
    for (name, fill), count in zip(CLASSES, _counts(total), strict=True):
        words_of = f"{name}: {words.number(count)}"
        shapes.append(box(x, y, 30, 18, fill=fill.paint, stroke=INK))
        shapes.append(text(words_of, x + 38, y + 14, size=15))
        x += 38 + text_width(words_of, 15) + 28
    return shapes


def bars(units: Sequence[UnitFigures], y: float) -> tuple[list[str], float]:
    """Return the rows of these units from y down, and where they end. At least one of the units has something due.

    One scale serves all bars; a piece too short for its count is drawn wider, and a note below says so.
    """
    scale = _scale(units)
    shapes: list[str] = []
    for unit in units:
        shapes.append(box(MARGIN, y, INNER, 1, fill=RULE))
        shapes += _row(unit, y, scale)
        y += ROW
    if any(_segment(count, scale) > count * scale for unit in units for count in _counts(unit) if count):
        shapes.append(text("Đoạn quá ngắn được vẽ rộng thêm cho đủ chỗ ghi số.", MARGIN, y + 14, size=12, ink=QUIET))
        y += 22
    return shapes, y


def _row(unit: UnitFigures, y: float, scale: float) -> list[str]:
    said = _said(unit)
    room = INNER - text_width(said, 13) - 24
    name = shorten(words.one_line(unit.name), room, 15, font=BOLD)
    shapes = [
        text(name, MARGIN, y + 18, size=15, bold=True),
        text(said, WIDTH - MARGIN, y + 18, size=13, ink=QUIET, anchor="end"),
    ]
    x = MARGIN
    for (_, fill), count in zip(CLASSES, _counts(unit), strict=True):
        if count:
            width = _segment(count, scale)
            shapes += _counted(x, y + 25, width, fill, count)
            x += width
    return shapes


def _said(unit: UnitFigures) -> str:
    parts = ["chưa có nhiệm vụ đến hạn"]
    if unit.due:
        parts = [
            f"hoàn thành {words.ratio(unit.done, unit.due)}",
            f"đúng hạn {words.ratio(unit.on_time, unit.due)}",
        ]
    if unit.days_late:
        parts.append(f"tổng {words.number(unit.days_late)} ngày quá hạn")
    if unit.not_asked:
        parts.append(f"chưa hỏi được {words.number(unit.not_asked)}")
    return " · ".join(parts)


def _counted(x: float, y: float, width: float, fill: Fill, count: int) -> list[str]:
    figure = words.number(count)
    plate = text_width(figure, FIGURE, font=BOLD) + 8
    middle = x + width / 2
    return [
        box(x, y, width, BAR, fill=fill.paint, stroke="#FFFFFF"),
        box(middle - plate / 2, y + 3, plate, BAR - 6, fill=fill.ground, radius=3),
        text(figure, middle, y + 15.2, size=FIGURE, bold=True, ink=fill.ink, anchor="middle"),
    ]


def _counts(unit: UnitFigures) -> tuple[int, int, int, int]:
    return unit.on_time, unit.late, unit.waiting, unit.overdue


def _segment(count: int, scale: float) -> float:
    # Never narrower than its own figure needs.
    return max(count * scale, text_width(words.number(count), FIGURE, font=BOLD) + 22)


def _scale(units: Sequence[UnitFigures]) -> float:
    """Return pixels an occurrence, as many as let the longest bar fit."""
    low, high = 0.0, min(LONGEST_PIECE, INNER / max(unit.due for unit in units))
    if all(_length(unit, high) <= INNER for unit in units):
        return high
    for _ in range(40):
        middle = (low + high) / 2
        fits = all(_length(unit, middle) <= INNER for unit in units)
        low, high = (middle, high) if fits else (low, middle)
    return low


def _length(unit: UnitFigures, scale: float) -> float:
    return sum(_segment(count, scale) for count in _counts(unit) if count)
