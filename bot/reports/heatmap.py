"""The heat map: units against tasks, a letter and a hatching a pair, so that it reads in black and white."""

from bot.domain.grid import Grid, Mark, Spot
from bot.reports import words
from bot.reports.bars import LATE, ON_TIME, OVERDUE, WAITING
from bot.reports.chart import svg_png
from bot.reports.fonts import BOLD, shorten, text_width, wrap
from bot.reports.svg import INK, INNER, MARGIN, QUIET, RULE, WIDTH, Fill, box, drawing, text

MOST_UNITS, MOST_TASKS = 24, 20  # a phone shows no more of them legibly
NAMES = 270.0
CELL, ROW = 32.0, 30.0
WIDEST = 90.0  # a cell of a map with few tasks
HEADING = 22.0
APART = Fill(id="nv-apart", ground="#F4F6F8", mark="", ink=QUIET)
OPEN = Fill(id="nv-open", ground="#FFFFFF", mark="", ink=QUIET)
LOOKS = {
    Mark.OVERDUE: ("Q", words.OVERDUE, OVERDUE),
    Mark.WAITING: ("C", words.WAITING, WAITING),
    Mark.LATE: ("M", words.LATE, LATE),
    Mark.ON_TIME: ("X", words.ON_TIME, ON_TIME),
    Mark.APART: ("K", "Không tính vào quá hạn", APART),
    Mark.OPEN: ("·", "Chưa đến hạn", OPEN),
}


def heatmap_svg(grid: Grid, *, title: str, as_of: str) -> str:
    """Return the map as an SVG document: at most 24 units, worst first, and 20 tasks, those with the most overdue."""
    units, tasks = grid.units[:MOST_UNITS], _tasks(grid)
    shapes, y = _head(title, as_of)
    cell = min(WIDEST, (INNER - NAMES) / max(len(tasks), 1))
    heads, y = _codes(tasks, cell, y)
    shapes += heads
    for unit in units:
        shapes += _row(grid, unit, tasks, cell, y)
        y += ROW
    if not units:
        shapes.append(text("Chưa có nhiệm vụ nào.", MARGIN, y + 24, size=16))
        y += 44
    left = (len(grid.units) - len(units), len(grid.tasks) - len(tasks))
    rest = [f"{words.number(n)} {what} khác" for n, what in zip(left, ("đơn vị", "nhiệm vụ"), strict=True) if n]
    if rest:
        shapes.append(text(f"… và {', '.join(rest)}", MARGIN, y + 22, size=15, ink=QUIET))
        y += 30
    told = f"{as_of}. Đơn vị theo hàng, nhiệm vụ theo cột; mỗi ô ghi tình trạng xấu nhất."
    fills = tuple(fill for _, _, fill in LOOKS.values())
    return drawing(shapes, width=WIDTH, height=y + 28, title=title, told=told, fills=fills)


def heatmap_png(grid: Grid, *, title: str, as_of: str) -> bytes:
    """Return the map as a PNG 1600 pixels wide; the same bytes for the same grid. Raises ReportError without a font."""
    return svg_png(heatmap_svg(grid, title=title, as_of=as_of))


def mark_words(spot: Spot | None) -> str:
    """Return a spot's letter, with the number where there are several: "Q3"; "" for a task the unit does not have."""
    if spot is None:
        return ""
    letter = LOOKS[spot.mark][0]
    return letter if spot.count == 1 or spot.mark is Mark.OPEN else f"{letter}{spot.count}"


def _tasks(grid: Grid) -> tuple[str, ...]:
    overdue = {task: grid.marked(Mark.OVERDUE, task=task) for task in grid.tasks}
    worst = sorted(grid.tasks, key=lambda task: -overdue[task])[:MOST_TASKS]
    return tuple(task for task in grid.tasks if task in set(worst))


def _head(title: str, as_of: str) -> tuple[list[str], float]:
    shapes, y = [], 28.0
    for line in wrap(words.one_line(title), INNER, HEADING, font=BOLD):
        y += HEADING + 8
        shapes.append(text(line, MARGIN, y, size=HEADING, bold=True))
    y += 26
    shapes.append(text(f"{as_of}. Mỗi ô ghi tình trạng xấu nhất; số đi kèm là số kỳ.", MARGIN, y, size=15, ink=QUIET))
    y += 18
    for place, (letter, name, fill) in enumerate(LOOKS.values()):
        x, top = MARGIN + place % 3 * INNER / 3, y + place // 3 * 32
        shapes += _mark(x, top, width=34, height=24, letter=letter, fill=fill)
        shapes.append(text(name, x + 44, top + 18, size=16))
    return shapes, y + 76


def _codes(tasks: tuple[str, ...], cell: float, y: float) -> tuple[list[str], float]:
    """Return the tasks' codes above the columns, upright where one is wider than its column, and where they end."""
    names = [shorten(words.one_line(task), 110, 14, font=BOLD) for task in tasks]
    longest = max((text_width(name, 14, font=BOLD) for name in names), default=0.0)
    upright = longest > cell - 4
    y += longest + 8 if upright else 18
    across = 5.0 if upright else 0.0
    anchor = "start" if upright else "middle"
    middles = [MARGIN + NAMES + cell * (place + 0.5) + across for place in range(len(names))]
    shapes = [
        text(name, x, y - 4, size=14, bold=True, anchor=anchor, upright=upright)
        for name, x in zip(names, middles, strict=True)
    ]
    return shapes, y + 4


def _row(grid: Grid, unit: str, tasks: tuple[str, ...], cell: float, y: float) -> list[str]:
    name = shorten(words.one_line(grid.names[unit]), NAMES - 12, 15)
    shapes = [box(MARGIN, y, NAMES + cell * len(tasks), 1, fill=RULE), text(name, MARGIN, y + 20, size=15)]
    for place, task in enumerate(tasks):
        spot = grid.spots.get((unit, task))
        if spot is not None:
            x, (_, _, fill) = MARGIN + NAMES + cell * place + 1, LOOKS[spot.mark]
            shapes += _mark(x, y + 2, width=cell - 2, height=ROW - 4, letter=mark_words(spot), fill=fill)
    return shapes


def _mark(x: float, y: float, *, width: float, height: float, letter: str, fill: Fill) -> list[str]:
    middle = x + width / 2
    size = min(15.0, 15.0 * (width - 4) / text_width(letter, 15, font=BOLD))
    plate = min(width - 2, text_width(letter, size, font=BOLD) + 6)
    return [
        box(x, y, width, height, fill=fill.paint, stroke=INK if fill.mark or fill.ink != QUIET else RULE),
        box(middle - plate / 2, y + 3, plate, height - 6, fill=fill.ground, radius=3),
        text(
            letter, middle, y + height / 2 + size * 0.36, size=round(size, 1), bold=True, ink=fill.ink, anchor="middle"
        ),
    ]
