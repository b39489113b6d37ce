"""The trend of both rates over the published weeks: two lines told apart by dashes and points, every value written."""

from collections.abc import Sequence

from bot.domain.tallies import Classes
from bot.reports import words
from bot.reports.chart import svg_png
from bot.reports.fonts import BOLD, text_width, wrap
from bot.reports.svg import INK, INNER, MARGIN, QUIET, RULE, WIDTH, box, disc, drawing, line, text

MOST_WEEKS = 12
HEADING = 22.0
TALL = 320.0
LEFT = MARGIN + 50
STEP = 25  # per cent between the lines across
DONE_INK, ON_TIME_INK = INK, "#A3201B"

Rated = tuple[str, Classes]
"""A published week ("2022-W39") and its classes."""


def trend_svg(weeks: Sequence[Rated], *, title: str) -> str:
    """Return the picture as an SVG document: the last twelve of these weeks, oldest first; a week without dues has a gap."""
    shown = sorted(weeks, key=lambda each: each[0])[-MOST_WEEKS:]
    shapes, y = _head(title)
    top = y + 30
    shapes += _frame(shown, top)
    shapes += _curve([each.done_share for _, each in shown], top, above=True)
    shapes += _curve([each.on_time_share for _, each in shown], top, above=False)
    bottom = top + TALL + 34
    for place, (_, each) in enumerate(shown):
        x = _across(place, len(shown))
        shapes.append(text(words.ratio(each.done, each.due), x, bottom + 24, size=13, anchor="middle"))
        shapes.append(
            text(words.ratio(each.on_time, each.due), x, bottom + 44, size=13, ink=ON_TIME_INK, anchor="middle")
        )
    for name, y, ink in (("hoàn thành", bottom + 24, INK), ("đúng hạn", bottom + 44, ON_TIME_INK)):
        shapes.append(text(name, 12, y, size=13, ink=ink))
    if not shown:
        shapes.append(text("Chưa có tuần nào được phát hành.", WIDTH / 2, top + TALL / 2, size=16, anchor="middle"))
    told = "; ".join(
        f"{_week(week)}: hoàn thành {words.share(each.done_share)}, đúng hạn {words.share(each.on_time_share)}"
        for week, each in shown
    )
    return drawing(shapes, width=WIDTH, height=bottom + 70, title=title, told=told, fills=())


def trend_png(weeks: Sequence[Rated], *, title: str) -> bytes:
    """Return the picture as a PNG 1600 pixels wide; the same bytes for the same weeks. Raises ReportError without a font."""
    return svg_png(trend_svg(weeks, title=title))


def _head(title: str) -> tuple[list[str], float]:
    shapes, y = [], 28.0
    for each in wrap(words.one_line(title), INNER, HEADING, font=BOLD):
        y += HEADING + 8
        shapes.append(text(each, MARGIN, y, size=HEADING, bold=True))
    y += 34
    for x, name, dashed, ink, point in (
        (MARGIN, "Hoàn thành / đến hạn", False, DONE_INK, _round),
        (WIDTH / 2, "Đúng hạn / đến hạn", True, ON_TIME_INK, _square),
    ):
        shapes += [line([(x, y - 6), (x + 56, y - 6)], dashed=dashed, ink=ink), point(x + 28, y - 6)]
        shapes.append(text(name, x + 68, y, size=17))
    return shapes, y + 6


def _frame(shown: Sequence[Rated], top: float) -> list[str]:
    shapes = []
    for share in range(0, 101, STEP):
        y = top + TALL * (1 - share / 100)
        shapes.append(box(LEFT, y, WIDTH - MARGIN - LEFT, 1, fill=RULE))
        shapes.append(text(f"{share}%", LEFT - 8, y + 5, size=14, ink=QUIET, anchor="end"))
    for place, (week, _) in enumerate(shown):
        x = _across(place, len(shown))
        shapes.append(text(_week(week), x, top + TALL + 30, size=15, bold=True, anchor="middle"))
    return shapes


def _curve(values: Sequence[float | None], top: float, *, above: bool) -> list[str]:
    ink = DONE_INK if above else ON_TIME_INK
    point = _round if above else _square
    shapes: list[str] = []
    runs: list[list[tuple[float, float]]] = [[]]
    for place, share in enumerate(values):
        if share is None:
            runs.append([])
            continue
        x, y = _across(place, len(values)), top + TALL * (1 - share)
        runs[-1].append((x, y))
        said = y - 14 if above else y + 26
        plate = text_width(words.share(share), 15, font=BOLD)
        shapes.append(box(x - plate / 2, said - 13, plate, 16, fill="#FFFFFF"))  # over the lines, under the words
        shapes += [point(x, y), text(words.share(share), x, said, size=15, bold=True, ink=ink, anchor="middle")]
    return [*(line(run, dashed=not above, ink=ink) for run in runs if len(run) > 1), *shapes]


def _round(x: float, y: float) -> str:
    return disc(x, y, 7, fill=DONE_INK)


def _square(x: float, y: float) -> str:
    return box(x - 6, y - 6, 12, 12, fill="#FFFFFF", stroke=ON_TIME_INK)


def _across(place: int, weeks: int) -> float:
    room = WIDTH - MARGIN - LEFT
    return LEFT + room * (place + 0.5) / weeks


def _week(week: str) -> str:
    _, parted, number = week.partition("-W")
    return f"Tuần {int(number)}" if parted else week
