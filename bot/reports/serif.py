"""The serif of the PDF report: Liberation Serif, whose letters are exactly as wide as those of Times New Roman."""

from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont

from bot.reports.fonts import REGULAR, font_file

PLAIN, STRONG, SLANTED, BOTH = (f"NhacViecSerif{look}" for look in ("", "-Bold", "-Italic", "-BoldItalic"))
FILES = {
    PLAIN: REGULAR.with_name("LiberationSerif-Regular.ttf"),
    STRONG: REGULAR.with_name("LiberationSerif-Bold.ttf"),
    SLANTED: REGULAR.with_name("LiberationSerif-Italic.ttf"),
    BOTH: REGULAR.with_name("LiberationSerif-BoldItalic.ttf"),
}


def register() -> None:
    """Make the faces known to the PDF library. Raises ReportError when a file is missing."""
    for name, path in FILES.items():
        pdfmetrics.registerFont(TTFont(name, font_file(path)))


def width(text: str, size: float, *, face: str = PLAIN) -> float:
    """Return how wide a line is in points; the faces are registered."""
    return float(pdfmetrics.stringWidth(text, face, size))
