"""The Word report keeps the decree's layout, holds the report's words as words, and fits into an office's own template."""

import io
import zipfile
from dataclasses import replace
from pathlib import Path

import pytest
from docx import Document
from docx.document import Document as Doc
from docx.shared import Mm, Pt
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader

from bot.reports.docx_base import PLACES
from bot.reports.fonts import ReportError
from bot.reports.letterhead import letterhead_of
from bot.reports.official import paper_of
from bot.reports.paper import MOTTO, STATE
from bot.reports.paper_docx import paper_docx, template_docx
from tests.imports.office import converted
from tests.reports.drawn import is_a_page_of_text
from tests.reports.papers import AS_OF, FULL, PLAN, line

PAPER = paper_of(FULL, letterhead_of(PLAN))
TOLD = paper_docx(PAPER, made_at=AS_OF)


def opened(raw: bytes) -> Doc:
    return Document(io.BytesIO(raw))


def texts(document: Doc) -> list[str]:
    """Return the text of every paragraph in the order it is read, those of tables too."""
    every = []
    for part in document.iter_inner_content():
        rows = getattr(part, "rows", None)
        cells = [cell for row in rows for cell in row.cells] if rows is not None else [part]
        every += [text for each in cells for text in each.text.split("\n")]
    return [text for text in every if text]


def own_template(*paragraphs: str) -> bytes:
    document = Document()
    for text in paragraphs:
        document.add_paragraph(text)
    written = io.BytesIO()
    document.save(written)
    return written.getvalue()


def test_the_page_is_a4_with_the_decrees_margins_and_a_number_from_the_second_page_on() -> None:
    section = opened(TOLD).sections[0]

    sizes = (section.page_width, section.page_height, section.top_margin, section.bottom_margin)
    assert [round(size.mm, 1) for size in (*sizes, section.left_margin, section.right_margin)] == [
        210,
        297,
        20,
        20,
        30,
        20,
    ]
    assert section.different_first_page_header_footer
    assert "PAGE" in section.header.paragraphs[0]._p.xml


def test_every_style_is_times_new_roman_of_the_decrees_size() -> None:
    document = opened(TOLD)

    ours = [style for style in document.styles if style.name.startswith("Nhắc Việc") or style.name == "Normal"]

    assert {style.font.name for style in ours} == {"Times New Roman"}
    assert {style.font.size for style in ours if "Ô bảng" not in style.name} == {Pt(14)}
    assert "Theme=" not in document.styles["Normal"].element.rPr.xml.partition("<w:rFonts")[2].partition("/>")[0]


def test_the_words_stand_in_the_decrees_order() -> None:
    read = texts(opened(TOLD))

    wanted = [
        "UBND TỈNH QUẢNG NAM", "SỞ NỘI VỤ", "Số: …………/BC-SNV", STATE, MOTTO, "Quảng Nam, ngày …… tháng 9 năm 2022",
        "BÁO CÁO", PAPER.about, *(f"- {b.text}" if f"- {b.text}" in read else b.text for b in PAPER.blocks),
        "Nơi nhận:", "- UBND tỉnh Quảng Nam (để báo cáo);", "- Các đơn vị chủ trì;", "- Lưu: VT.",
        "Phụ lục I", "Phụ lục II", "Phụ lục III", "Phụ lục IV",
    ]  # fmt: skip
    places = [read.index(text) for text in wanted]
    assert places == sorted(places)
    assert not any("{{" in text for text in read)


def test_the_tables_hold_the_annexes_cell_by_cell() -> None:
    tables = opened(TOLD).tables[2:]  # the letterhead and the signature are tables without lines

    for table, annex in zip(tables, PAPER.annexes, strict=True):
        cells = [tuple(cell.text for cell in row.cells) for row in table.rows]
        assert cells == [annex.header, *annex.rows, *([annex.last] if annex.last else [])]
        assert "w:tblHeader" in table.rows[0]._tr.xml


def test_the_signature_is_left_blank() -> None:
    right = opened(TOLD).tables[1].rows[0].cells[1].text

    assert set(right) <= {"…", "\n"}


def test_what_a_unit_wrote_is_text_and_nothing_else() -> None:
    note = 'x {{noi_dung}} { DATE } <w:fldSimple w:instr="DATE"/> =1+1 \x01\x0b\ud800'
    week = replace(FULL, blocked=(line("R18", "Sở & <b>A</b>", note=note),))

    raw = paper_docx(paper_of(week, letterhead_of(PLAN)), made_at=AS_OF)

    body = zipfile.ZipFile(io.BytesIO(raw)).read("word/document.xml").decode()
    assert "Sở & <b>A</b>: “x {{noi_dung}} { DATE }" in "\n".join(texts(opened(raw)))
    assert "<w:fldSimple" not in body
    assert "<w:instrText" not in body  # the only field is the page's number, in the header
    assert sum(text == "I. TÌNH HÌNH CHUNG" for text in texts(opened(raw))) == 1


@settings(max_examples=25, deadline=None)
@given(words=st.text(max_size=200))
def test_any_words_make_a_document_that_opens(words: str) -> None:
    week = replace(FULL, plan=words, blocked=(line("R18", words, note=words),))
    head = replace(letterhead_of(PLAN), parent=words, about=words)

    assert opened(paper_docx(paper_of(week, head), made_at=AS_OF)).paragraphs


def test_equal_papers_are_equal_bytes() -> None:
    assert paper_docx(PAPER, made_at=AS_OF) == TOLD
    assert {part.date_time[0] for part in zipfile.ZipFile(io.BytesIO(TOLD)).infolist()} == {1980}


def test_the_shipped_template_is_what_a_report_without_one_is_set_in() -> None:
    assert texts(opened(paper_docx(PAPER, made_at=AS_OF, template=template_docx()))) == texts(opened(TOLD))
    assert all(f"{{{{{name}}}}}" in "\n".join(texts(opened(template_docx()))) for name in PLACES)


def test_an_offices_own_template_keeps_its_words_and_its_page() -> None:
    document = Document()
    document.sections[0].left_margin = Mm(35)
    parted = document.add_paragraph()
    for piece in ("VĂN PHÒNG: ", "{{co_", "quan}}", " (mẫu riêng)"):  # as Word parts it after a correction
        parted.add_run(piece)
    document.add_paragraph("{{ noi_dung }}")
    written = io.BytesIO()
    document.save(written)

    made = opened(paper_docx(PAPER, made_at=AS_OF, template=written.getvalue()))

    assert texts(made)[0] == "VĂN PHÒNG: SỞ NỘI VỤ (mẫu riêng)"
    assert round(made.sections[0].left_margin.mm) == 35
    assert "I. TÌNH HÌNH CHUNG" in texts(made)
    assert not made.tables  # it has no place for annexes


@pytest.mark.parametrize(
    ("template", "why"),
    [
        pytest.param(own_template("{{trich_yeu}}"), r"thiếu chỗ điền \{\{noi_dung\}\}", id="nowhere to put the report"),
        pytest.param(own_template("{{noi_dung}}", "{{ky_ten}}"), r"chỗ điền lạ: \{\{ky_ten\}\}", id="a strange place"),
        pytest.param(b"not a zip", "không mở được", id="no document at all"),
        pytest.param(b"", "không mở được", id="empty"),
    ],
)
def test_a_template_that_cannot_be_used_is_refused_with_what_to_do(template: bytes, why: str) -> None:
    with pytest.raises(ReportError, match=why):
        paper_docx(PAPER, made_at=AS_OF, template=template)


def test_an_office_program_opens_it_and_sets_it_on_a4(tmp_path: Path) -> None:
    raw = converted(TOLD, "docx", "pdf", folder=tmp_path)

    pages = PdfReader(io.BytesIO(raw)).pages
    size = pages[0].mediabox
    assert (round(float(size.width)), round(float(size.height))) == (595, 842)
    assert "Phụ lục IV" in "".join(page.extract_text() for page in pages)
    assert is_a_page_of_text(raw)
