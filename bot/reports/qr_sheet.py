"""A printable sheet of invitations: A4, eight cards a page, each with a QR code and the code in large type."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from io import BytesIO
from pathlib import Path

from reportlab.graphics import renderPDF
from reportlab.graphics.barcode.qr import QrCodeWidget
from reportlab.graphics.shapes import Drawing
from reportlab.lib.pagesizes import A4
from reportlab.lib.units import mm
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from bot.reports import words
from bot.reports.fonts import BOLD, REGULAR, font_file, text_width, wrap

COLUMNS, ROWS = 2, 4
PER_PAGE = COLUMNS * ROWS
WIDTH, HEIGHT = A4[0] / COLUMNS, A4[1] / ROWS
PAD = 7 * mm
QR = 36 * mm  # a link of up to 62 bytes is 37 modules across: 1 mm each, which any phone reads
GAP = 4 * mm
LARGEST_CODE = 20.0  # points
_FACES = {REGULAR: "NhacViec", BOLD: "NhacViec-Bold"}


@dataclass(frozen=True, slots=True, kw_only=True)
class QrCard:
    """One invitation. `role` is a role's id or any words; `link` opens the chat by itself, None where there is none.

    `expires` is the last day the code can be used. Code and link are secrets: they stay out of the repr.
    """

    unit: str
    role: str
    code: str = field(repr=False)
    link: str | None = field(repr=False)
    expires: date


def qr_sheet(cards: Sequence[QrCard]) -> bytes:
    """Return the cards as a PDF, in their order; equal cards give equal bytes.

    The QR code holds the link, or the code itself where there is no link. The text can be searched.
    Raises ValueError where there are no cards, ReportError when a font is missing.
    """
    if not cards:
        raise ValueError("no cards to print")
    for path, face in _FACES.items():
        pdfmetrics.registerFont(TTFont(face, font_file(path)))
    written = BytesIO()
    sheet = Canvas(written, pagesize=A4, invariant=True, lang="vi-VN")
    sheet.setTitle("Mã tham gia Nhắc Việc")
    for place, card in enumerate(cards):
        on_page = place % PER_PAGE
        if on_page == 0:
            if place:
                sheet.showPage()
            _cutting_lines(sheet)
        column, row = on_page % COLUMNS, on_page // COLUMNS
        _card(sheet, card, x=column * WIDTH, top=A4[1] - row * HEIGHT)
    sheet.save()
    return written.getvalue()


def _cutting_lines(sheet: Canvas) -> None:
    sheet.saveState()
    sheet.setDash(3, 3)
    sheet.setLineWidth(0.5)
    sheet.setStrokeGray(0.55)
    for column in range(1, COLUMNS):
        sheet.line(column * WIDTH, 0, column * WIDTH, A4[1])
    for row in range(1, ROWS):
        sheet.line(0, row * HEIGHT, A4[0], row * HEIGHT)
    sheet.restoreState()


def _card(sheet: Canvas, card: QrCard, *, x: float, top: float) -> None:
    left, y, inner = x + PAD, top - PAD, WIDTH - 2 * PAD
    size = 12 if text_width(words.one_line(card.unit), 12, font=BOLD) < 1.8 * inner else 9.5
    for line in wrap(words.one_line(card.unit), inner, size, font=BOLD, lines=3):
        y -= size + 2
        _say(sheet, line, left, y, size=size, font=BOLD)
    y -= 14
    _say(sheet, f"Vai trò: {words.ROLES.get(card.role, words.one_line(card.role))}", left, y, size=9.5)
    qr_top = y - 5
    _qr(sheet, card.link or card.code, left, qr_top - QR)
    y, right, room = qr_top - 12, left + QR + GAP, inner - QR - GAP
    for line in wrap(_how(card), room, 9, lines=5):
        _say(sheet, line, right, y, size=9)
        y -= 12
    for line in wrap(f"Mã dùng một lần, hết hạn sau ngày {words.day(card.expires)}.", room, 9, font=BOLD):
        _say(sheet, line, right, y, size=9, font=BOLD)
        y -= 12
    _code(sheet, words.one_line(card.code), left, top - HEIGHT + PAD, inner)


def _how(card: QrCard) -> str:
    if card.link:
        return "Quét mã hoặc gửi mã này cho bot Nhắc Việc để nhận việc của đơn vị. Không chuyển cho người khác."
    return (
        "Gửi mã này cho bot Nhắc Việc để nhận việc của đơn vị (mã QR chứa chính mã này). Không chuyển cho người khác."
    )


def _code(sheet: Canvas, code: str, x: float, y: float, room: float) -> None:
    size = min(LARGEST_CODE, LARGEST_CODE * room / text_width(code, LARGEST_CODE, font=BOLD))
    _say(sheet, code, x, y, size=size, font=BOLD)


def _qr(sheet: Canvas, content: str, x: float, y: float) -> None:
    code = QrCodeWidget(content, barLevel="M", barBorder=2, barWidth=QR, barHeight=QR)
    picture = Drawing(QR, QR)
    picture.add(code)
    renderPDF.draw(picture, sheet, x, y)


def _say(sheet: Canvas, text: str, x: float, y: float, *, size: float, font: Path = REGULAR) -> None:
    sheet.setFont(_FACES[font], size)
    sheet.drawString(x, y, text)
