"""Shapes of a drawing as SVG text. Attributes only, no styles: a page under a strict content policy may hold it."""

from collections.abc import Sequence
from dataclasses import dataclass
from xml.sax.saxutils import escape, quoteattr

from bot.reports.fonts import FAMILY
from bot.reports.words import one_line

WIDTH = 1000.0
MARGIN = 40.0
INNER = WIDTH - 2 * MARGIN
INK = "#1B2733"
QUIET = "#55626F"
RULE = "#D5DBE1"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fill:
    """How a class of things is painted: a ground colour, a mark over it ("" for none), and the ink of figures on it.

    The marks tell the classes apart on a black-and-white print, where the colours do not.
    """

    id: str
    ground: str
    mark: str
    ink: str

    @property
    def paint(self) -> str:
        """Return what a shape's `fill` refers to."""
        return f"url(#{self.id})" if self.mark else self.ground

    def definition(self) -> str:
        """Return the pattern's definition, empty for a plain ground."""
        if not self.mark:
            return ""
        inside = f'<rect width="8" height="8" fill="{self.ground}"/>{self.mark}'
        return f'<pattern id="{self.id}" width="8" height="8" patternUnits="userSpaceOnUse">{inside}</pattern>'


def text(
    words: str,
    x: float,
    y: float,
    *,
    size: float = 14,
    bold: bool = False,
    ink: str = INK,
    anchor: str = "start",
    upright: bool = False,
) -> str:
    """Return one line of text with its baseline at y, read from below where `upright`. The words are escaped."""
    weight = ' font-weight="700"' if bold else ""
    turn = f' transform="rotate(-90 {x:.1f} {y:.1f})"' if upright else ""
    return (
        f'<text x="{x:.1f}" y="{y:.1f}" font-size="{size:g}"{weight} fill="{ink}" text-anchor="{anchor}"{turn}>'
        f"{escape(one_line(words))}</text>"
    )


def box(x: float, y: float, width: float, height: float, *, fill: str, stroke: str = "none", radius: float = 0) -> str:
    """Return a rectangle."""
    return (
        f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="{radius:g}" '
        f'fill="{fill}" stroke="{stroke}"/>'
    )


def line(points: Sequence[tuple[float, float]], *, dashed: bool = False, ink: str = INK, width: float = 3) -> str:
    """Return a line from point to point."""
    dashes = ' stroke-dasharray="10 7"' if dashed else ""
    along = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{along}" fill="none" stroke="{ink}" stroke-width="{width:g}"{dashes}/>'


def disc(x: float, y: float, radius: float, *, fill: str) -> str:
    """Return a filled circle."""
    return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{radius:g}" fill="{fill}"/>'


def drawing(shapes: list[str], *, width: float, height: float, title: str, told: str, fills: tuple[Fill, ...]) -> str:
    """Return the whole document on white ground; `title` and `told` are what a screen reader says of it."""
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width:.0f}" height="{height:.0f}" '
        f'viewBox="0 0 {width:.0f} {height:.0f}" role="img" aria-label={quoteattr(one_line(title))} '
        f'font-family="{FAMILY}, sans-serif">'
    )
    says = f"<title>{escape(one_line(title))}</title><desc>{escape(one_line(told))}</desc>"
    patterns = f"<defs>{''.join(fill.definition() for fill in fills)}</defs>"
    ground = box(0, 0, width, height, fill="#FFFFFF")
    return "\n".join([head, says, patterns, ground, *shapes, "</svg>", ""])
