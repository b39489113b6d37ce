"""The report's own Word template: letterhead, title, signature, with named places that a report fills."""

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Cell
from docx.text.paragraph import Paragraph

from bot.reports.docx_parts import add_styles, line_below, page_number, set_face
from bot.reports.paper import (
    BOTTOM,
    INNER,
    ISSUER_COLUMN,
    LEFT,
    MOTTO,
    PAGE,
    RECIPIENTS,
    RIGHT,
    SIGNATURE,
    SMALL,
    STATE,
    STATE_COLUMN,
    TEXT,
    TOP,
)

PLACES = {
    "co_quan_cap_tren": "cơ quan cấp trên, chữ in hoa",
    "co_quan": "cơ quan báo cáo, chữ in hoa",
    "so_ky_hieu": "dòng số, ký hiệu",
    "dia_danh_ngay": "địa danh, ngày tháng",
    "ten_loai": "tên loại văn bản",
    "trich_yeu": "trích yếu",
    "noi_dung": "các mục của báo cáo; đứng riêng một đoạn",
    "noi_nhan": "nơi nhận, mỗi nơi một dòng; đứng riêng một đoạn",
    "phu_luc": "các phụ lục; đứng riêng một đoạn",
}
"""What may stand between {{ and }} in a template, and what is put there."""


def standard() -> Doc:
    """Return the template used where an office has none of its own."""
    document = Document()
    normal: ParagraphStyle = document.styles["Normal"]
    set_face(normal, size=TEXT)
    normal.paragraph_format.space_after = Pt(0)
    add_styles(document)
    _page(document)
    _letterhead(document)
    title = document.add_paragraph()
    title.paragraph_format.space_before = Pt(12)
    _say(title, "{{ten_loai}}", bold=True)
    _say(document.add_paragraph(), "{{trich_yeu}}", bold=True)
    line_below(_thin(document.add_paragraph()), left=INNER * 0.33, right=INNER * 0.33)
    document.add_paragraph("{{noi_dung}}")
    _signature(document)
    document.add_paragraph("{{phu_luc}}")
    return document


def _page(document: Doc) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(PAGE[0]), Mm(PAGE[1])
    section.top_margin, section.bottom_margin = Mm(TOP), Mm(BOTTOM)
    section.left_margin, section.right_margin = Mm(LEFT), Mm(RIGHT)
    section.header_distance = section.footer_distance = Mm(10)
    section.different_first_page_header_footer = True
    page_number(section.header.paragraphs[0])


def _letterhead(document: Doc) -> None:
    left, right = _halves(document, ISSUER_COLUMN, STATE_COLUMN)
    _say(left.paragraphs[0], "{{co_quan_cap_tren}}", size=SMALL)
    _say(left.add_paragraph(), "{{co_quan}}", size=SMALL, bold=True)
    line_below(_thin(left.add_paragraph()), left=ISSUER_COLUMN * 0.33, right=ISSUER_COLUMN * 0.33)
    _say(left.add_paragraph(), "{{so_ky_hieu}}", size=SMALL + 1).paragraph_format.space_before = Pt(6)
    _say(right.paragraphs[0], STATE, size=SMALL, bold=True)
    _say(right.add_paragraph(), MOTTO, size=SMALL + 1, bold=True)
    line_below(_thin(right.add_paragraph()), left=20, right=20)
    dated = _say(right.add_paragraph(), "{{dia_danh_ngay}}", size=SMALL + 1)
    dated.paragraph_format.space_before, dated.runs[0].italic = Pt(6), True


def _signature(document: Doc) -> None:
    document.add_paragraph().paragraph_format.keep_with_next = True  # no page with a signature alone
    left, right = _halves(document, INNER / 2, INNER / 2)
    head = _say(left.paragraphs[0], "Nơi nhận:", size=SMALL, bold=True)
    head.alignment, head.runs[0].italic = WD_ALIGN_PARAGRAPH.LEFT, True
    _say(left.add_paragraph(), "{{noi_nhan}}", size=RECIPIENTS).alignment = WD_ALIGN_PARAGRAPH.LEFT
    _say(right.paragraphs[0], SIGNATURE, bold=True)
    for _ in range(4):
        right.add_paragraph()
    _say(right.add_paragraph(), SIGNATURE, bold=True)


def _halves(document: Doc, left: float, right: float) -> tuple[_Cell, _Cell]:
    table: Table = document.add_table(rows=1, cols=2)
    table.autofit = False
    cells = table.rows[0].cells
    for column, cell, width in zip(table.columns, cells, (left, right), strict=True):
        column.width = cell.width = Mm(width)
    return cells[0], cells[1]


def _say(paragraph: Paragraph, text: str, *, size: float = TEXT, bold: bool = False) -> Paragraph:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run(text)
    run.font.size, run.bold = Pt(size), bold
    return paragraph


def _thin(paragraph: Paragraph) -> Paragraph:
    paragraph.paragraph_format.line_spacing = Pt(3)
    return paragraph
