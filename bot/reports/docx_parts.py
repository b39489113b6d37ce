"""Parts of a Word document that python-docx has no word for: faces, borders, page numbers, styles made where missing."""

from docx.document import Document
from docx.enum.style import WD_STYLE_TYPE
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml.ns import qn
from docx.oxml.parser import OxmlElement
from docx.shared import Mm, Pt
from docx.styles.style import ParagraphStyle
from docx.table import Table, _Row
from docx.text.paragraph import Paragraph

from bot.reports.paper import FACE, TABLE, TEXT

HEADING, BODY, ITEM = "Nhắc Việc - Đề mục", "Nhắc Việc - Đoạn", "Nhắc Việc - Gạch đầu dòng"
ANNEX, CELL = "Nhắc Việc - Phụ lục", "Nhắc Việc - Ô bảng"
INDENT = 10.0  # mm, of a paragraph's first line; the decree: 1 cm or 1,27 cm


def add_styles(document: Document) -> None:
    """Add the styles the report is set in, each only where the document has none of that name."""
    _style(document, HEADING, size=TEXT, bold=True, before=6, indent=INDENT).paragraph_format.keep_with_next = True
    for name in (BODY, ITEM):
        style = _style(document, name, size=TEXT, before=6, indent=INDENT)
        style.paragraph_format.alignment = WD_ALIGN_PARAGRAPH.JUSTIFY
    _style(document, ANNEX, size=TEXT).paragraph_format.alignment = WD_ALIGN_PARAGRAPH.CENTER
    _style(document, CELL, size=TABLE)


def _style(
    document: Document, name: str, *, size: float, bold: bool = False, before: float = 0, indent: float = 0
) -> ParagraphStyle:
    if name in document.styles:
        found: ParagraphStyle = document.styles[name]
        return found
    style: ParagraphStyle = document.styles.add_style(name, WD_STYLE_TYPE.PARAGRAPH)
    set_face(style, size=size, bold=bold)
    form = style.paragraph_format
    form.space_before, form.space_after, form.line_spacing = Pt(before), Pt(0), 1.0
    form.first_line_indent = Mm(indent)
    return style


def set_face(style: ParagraphStyle, *, size: float, bold: bool = False) -> None:
    """Set a style's face for every script; a theme's face would win over a plain name."""
    style.font.name, style.font.size, style.font.bold = FACE, Pt(size), bold
    fonts = style.element.get_or_add_rPr().get_or_add_rFonts()
    for theme in ("asciiTheme", "hAnsiTheme", "eastAsiaTheme", "cstheme"):
        fonts.attrib.pop(qn(f"w:{theme}"), None)
    for script in ("ascii", "hAnsi", "eastAsia", "cs"):
        fonts.set(qn(f"w:{script}"), FACE)


def line_below(paragraph: Paragraph, *, left: float, right: float) -> None:
    """Draw a line below a paragraph, so many mm in from both edges."""
    paragraph.paragraph_format.left_indent, paragraph.paragraph_format.right_indent = Mm(left), Mm(right)
    borders = OxmlElement("w:pBdr")
    borders.append(_border("w:bottom", size=6))
    # Where the schema wants it: after keepNext and the like, before shading, spacing and indents.
    paragraph._p.get_or_add_pPr().insert_element_before(
        borders, "w:shd", "w:tabs", "w:spacing", "w:ind", "w:jc", "w:rPr"
    )


def frame(table: Table) -> None:
    """Draw every line of a table, its words 1 mm from them."""
    borders = OxmlElement("w:tblBorders")
    for side in ("top", "left", "bottom", "right", "insideH", "insideV"):
        borders.append(_border(f"w:{side}", size=4))
    table._tbl.tblPr.append(borders)
    margins = OxmlElement("w:tblCellMar")
    for side in ("left", "right"):
        margin = OxmlElement(f"w:{side}")
        margin.set(qn("w:w"), "57")  # twentieths of a point: 1 mm
        margin.set(qn("w:type"), "dxa")
        margins.append(margin)
    table._tbl.tblPr.append(margins)


def _border(tag: str, *, size: int) -> "OxmlElement":  # type: ignore[valid-type]
    border = OxmlElement(tag)
    for name, value in (("val", "single"), ("sz", str(size)), ("space", "1"), ("color", "000000")):
        border.set(qn(f"w:{name}"), value)
    return border


def repeat(row: _Row) -> None:
    """Let a row stand again at the top of every page its table runs on to."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:tblHeader"))


def keep_whole(row: _Row) -> None:
    """Keep a row on one page."""
    row._tr.get_or_add_trPr().append(OxmlElement("w:cantSplit"))


def page_number(paragraph: Paragraph) -> None:
    """Put the number of the page into a paragraph, in the middle."""
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind in ("begin", "", "end"):
        mark = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            mark.set(qn("w:fldCharType"), kind)
        else:
            mark.text = "PAGE"
        run._r.append(mark)
