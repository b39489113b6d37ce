"""The official report as a Word document, set into the standard template or an office's own."""

import re
import zipfile
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from io import BytesIO

from docx import Document
from docx.document import Document as Doc
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.opc.exceptions import PackageNotFoundError
from docx.oxml.ns import qn
from docx.shared import Mm
from docx.table import _Row
from docx.text.paragraph import Paragraph

from bot.reports.docx_base import PLACES, standard
from bot.reports.docx_parts import ANNEX, BODY, CELL, HEADING, ITEM, add_styles, frame, keep_whole, repeat
from bot.reports.fonts import ReportError
from bot.reports.paper import INNER, Annex, Block, Heading, Item, Paper, attached
from bot.reports.words import NOTHING, one_line

TEMPLATE = "bao-cao.docx"  # under the home's config folder
_PLACE = re.compile(r"\{\{\s*([^{}]*?)\s*\}\}")
_ZIP_EPOCH = (1980, 1, 1, 0, 0, 0)  # the first moment a zip file can name


def paper_docx(paper: Paper, *, made_at: datetime, template: bytes | None = None) -> bytes:
    """Return the paper as a .docx; equal papers and templates give equal bytes.

    A template keeps its page, its styles and everything in it but the places in {{…}}, which are those of `PLACES`. What
    is filled in is text: it makes no field and no further place. Raises ReportError where the template cannot be used.
    """
    document = standard() if template is None else _opened(template)
    add_styles(document)
    _fill(document, paper)
    about = document.core_properties
    about.title, about.author, about.language = one_line(paper.about)[:255], one_line(paper.head.issuer)[:255], "vi-VN"
    about.comments, about.last_modified_by, about.revision = "", "", 1
    about.created = about.modified = made_at.astimezone(UTC).replace(tzinfo=None)
    return _packed(document)


def template_docx() -> bytes:
    """Return the standard template, for an office to change and keep as its own."""
    return _packed(standard())


def _opened(template: bytes) -> Doc:
    try:
        document = Document(BytesIO(template))
    except (PackageNotFoundError, zipfile.BadZipFile, KeyError, ValueError, SyntaxError) as error:
        raise ReportError(f"Mẫu config/{TEMPLATE} không mở được. Hãy lưu lại bằng Word ở dạng .docx.") from error
    found = {name for paragraph in _paragraphs(document) for name in _PLACE.findall(paragraph.text)}
    strange = sorted(found - PLACES.keys())
    if strange:
        raise ReportError(
            f"Mẫu config/{TEMPLATE} có chỗ điền lạ: {{{{{strange[0]}}}}}. Các chỗ điền dùng được: {', '.join(PLACES)}."
        )
    if "noi_dung" not in found:
        raise ReportError(f"Mẫu config/{TEMPLATE} thiếu chỗ điền {{{{noi_dung}}}} trên một đoạn riêng.")
    return document


def _fill(document: Doc, paper: Paper) -> None:
    given = {
        "co_quan_cap_tren": paper.head.parent.upper(),
        "co_quan": paper.head.issuer.upper(),
        "so_ky_hieu": paper.number,
        "dia_danh_ngay": paper.dated,
        "ten_loai": paper.kind,
        "trich_yeu": paper.about,
    }
    for paragraph in list(_paragraphs(document)):
        match _PLACE.findall(paragraph.text):
            case ["noi_dung"]:
                for block in paper.blocks:
                    last = _block(paragraph, block)
                last.paragraph_format.keep_with_next = True
                _drop(paragraph)
            case ["noi_nhan"]:
                _recipients(paragraph, paper.head.recipients)
            case ["phu_luc"]:
                for annex in paper.annexes:
                    _annex(document, paragraph, annex, paper)
                _drop(paragraph)
            case []:
                pass
            case _:
                _replace(paragraph, given)


def _paragraphs(document: Doc) -> Iterator[Paragraph]:
    yield from (Paragraph(each, document._body) for each in document.element.body.iter(qn("w:p")))
    for section in document.sections:
        for edge in (section.header, section.first_page_header, section.footer, section.first_page_footer):
            if not edge.is_linked_to_previous:
                yield from edge.paragraphs


def _replace(paragraph: Paragraph, given: Mapping[str, str]) -> None:
    def words_of(found: re.Match[str]) -> str:
        return one_line(given.get(found[1], ""))

    runs = paragraph.runs
    if all(_PLACE.sub("", run.text).find("{{") < 0 for run in runs):
        for run in runs:
            if "{{" in run.text:
                run.text = _PLACE.sub(words_of, run.text)
        return
    # Word has parted a place into several runs: the first keeps its look for all of them.
    whole = _PLACE.sub(words_of, paragraph.text)
    for run in runs:
        run.text = ""
    runs[0].text = whole


def _block(before: Paragraph, block: Block) -> Paragraph:
    match block:
        case Heading(text=text):
            return before.insert_paragraph_before(one_line(text), style=HEADING)
        case Item(text=text):
            return before.insert_paragraph_before(f"- {one_line(text)}", style=ITEM)
        case _:
            return before.insert_paragraph_before(one_line(block.text), style=BODY)


def _recipients(paragraph: Paragraph, recipients: tuple[str, ...]) -> None:
    run = paragraph.runs[0]
    for other in paragraph.runs[1:]:
        other.text = ""
    ends = [";"] * (len(recipients) - 1) + ["."]
    run.text = "\n".join(f"- {one_line(each)}{end}" for each, end in zip(recipients, ends, strict=True))


def _annex(document: Doc, before: Paragraph, annex: Annex, paper: Paper) -> None:
    number = before.insert_paragraph_before("", style=ANNEX)
    number.paragraph_format.page_break_before = True
    number.add_run(annex.number).bold = True
    before.insert_paragraph_before("", style=ANNEX).add_run(annex.title.upper()).bold = True
    for line in (attached(paper), annex.note):
        before.insert_paragraph_before("", style=ANNEX).add_run(one_line(line)).italic = True
    before.insert_paragraph_before("", style=ANNEX)
    rows = annex.rows or (("", NOTHING, *[""] * (len(annex.header) - 2)),)
    every = [annex.header, *rows, *([annex.last] if annex.last else [])]
    table = document.add_table(rows=len(every), cols=len(annex.header))
    table.autofit = False
    frame(table)
    look = str(document.styles[CELL].style_id)
    widths = [Mm(INNER * part / sum(annex.widths)) for part in annex.widths]
    for column, width in zip(table.columns, widths, strict=True):
        column.width = width
    for place, (row, cells) in enumerate(zip(table.rows, every, strict=True)):
        bold = place == 0 or (bool(annex.last) and place == len(every) - 1)
        _row(row, cells, widths=widths, left=annex.words if place else frozenset(), bold=bold, look=look)
    repeat(table.rows[0])
    before._p.addprevious(table._tbl)


def _row(row: _Row, cells: tuple[str, ...], *, widths: list[Mm], left: frozenset[int], bold: bool, look: str) -> None:
    keep_whole(row)
    for column, (cell, text, width) in enumerate(zip(row.cells, cells, widths, strict=True)):
        cell.width = width
        paragraph = cell.paragraphs[0]
        paragraph._p.get_or_add_pPr().style = look  # by id: looking a name up anew took most of the time
        paragraph.alignment = WD_ALIGN_PARAGRAPH.LEFT if column in left else WD_ALIGN_PARAGRAPH.CENTER
        paragraph.add_run(one_line(text)).bold = bold


def _drop(paragraph: Paragraph) -> None:
    paragraph._p.getparent().remove(paragraph._p)


def _packed(document: Doc) -> bytes:
    """Return the document's file with every part dated alike, so that equal documents are equal bytes."""
    written, packed = BytesIO(), BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as parts, zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as again:
        for part in parts.infolist():
            fixed = zipfile.ZipInfo(part.filename, _ZIP_EPOCH)
            fixed.compress_type = zipfile.ZIP_DEFLATED
            again.writestr(fixed, parts.read(part))
    return packed.getvalue()
