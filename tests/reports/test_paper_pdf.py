"""The PDF report is A4 in the decree's margins, in embedded letters, and says the same as the Word one."""

import io
import re
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pypdf import PdfReader
from reportlab.pdfbase.ttfonts import TTFont

from bot.domain.compliance import WeekFigures
from bot.reports import fonts, serif
from bot.reports.letterhead import letterhead_of
from bot.reports.official import paper_of
from bot.reports.paper import MOTTO, STATE
from bot.reports.paper_pdf import paper_pdf
from tests.builders import EMPTY_WEEK
from tests.reports.drawn import is_a_page_of_text
from tests.reports.papers import FULL, PLAN, line
from tests.reports.test_chart import ALPHABET

PAPER = paper_of(FULL, letterhead_of(PLAN))


def told(week: WeekFigures = FULL) -> PdfReader:
    return PdfReader(io.BytesIO(paper_pdf(paper_of(week, letterhead_of(PLAN)))))


def words(reader: PdfReader) -> str:
    return " ".join(" ".join(page.extract_text() for page in reader.pages).split())


def test_every_page_is_a4_and_the_words_keep_the_decrees_margins() -> None:
    millimetre = 72 / 25.4
    for page in told().pages:
        assert (round(float(page.mediabox.width)), round(float(page.mediabox.height))) == (595, 842)
        lefts: list[float] = []
        page.extract_text(visitor_text=lambda text, cm, tm, *_: lefts.append(cm[4] + tm[4]) if text.strip() else None)  # noqa: B023
        assert min(lefts) >= 30 * millimetre - 0.5
        assert max(lefts) <= (210 - 15) * millimetre


def test_its_only_letters_are_the_bundled_ones_embedded() -> None:
    names = {
        str(font.get_object()["/BaseFont"]) for page in told().pages for font in page["/Resources"]["/Font"].values()
    }

    assert {re.sub(r"^/[A-Z0-9]{6}\+", "", name) for name in names if "+" in name} == {
        "LiberationSerif", "LiberationSerif-Bold", "LiberationSerif-Italic", "LiberationSerif-BoldItalic",
    }  # fmt: skip
    assert {name for name in names if "+" not in name} <= {"/Helvetica"}  # the library names it and sets nothing in it


def test_the_words_stand_in_the_decrees_order() -> None:
    read = words(told())

    wanted = [
        "UBND TỈNH QUẢNG NAM", "SỞ NỘI VỤ", STATE, MOTTO, "BÁO CÁO", PAPER.about,
        *(block.text for block in PAPER.blocks), "Nơi nhận:", "- Lưu: VT.", "Phụ lục I", "Phụ lục II", "Phụ lục III",
    ]  # fmt: skip
    places, start = [], 0
    for text in wanted:
        start = re.sub(r"\s", "", read).find(re.sub(r"\s", "", text), start)
        places.append(start)
    assert -1 not in places


def test_pages_are_numbered_from_the_second_on() -> None:
    heads = [page.extract_text().split() for page in told().pages]

    assert all(str(number) in head for number, head in enumerate(heads[1:], 2))
    assert told().pages[0].extract_text().find("\n1\n") < 0


def test_the_totals_of_the_units_annex_are_the_figures() -> None:
    total = FULL.total

    assert (
        f"Tổng cộng {total.due} {total.on_time} {total.late} {total.waiting} {total.overdue} 75,0% 64,1% 132"
        in words(told())
    )


def test_the_closing_words_and_the_signature_share_a_page() -> None:
    page = next(page.extract_text() for page in told().pages if "Nơi nhận:" in page.extract_text())

    assert "Trên đây là báo cáo" in page
    assert "Lưu: VT." in page


def test_equal_papers_are_equal_bytes_and_name_their_language() -> None:
    assert paper_pdf(PAPER) == paper_pdf(PAPER)
    reader = told()
    assert reader.root_object["/Lang"] == "vi-VN"
    assert reader.metadata is not None
    assert reader.metadata.title == PAPER.about


@settings(max_examples=25, deadline=None)
@given(typed=st.text(max_size=300))
def test_any_words_make_a_paper(typed: str) -> None:
    week = replace(FULL, blocked=(line("R18", typed, note=typed),), overdue=(line("R18", typed),))
    head = replace(letterhead_of(PLAN), parent=typed, about=typed)

    assert PdfReader(io.BytesIO(paper_pdf(paper_of(week, head)))).pages


@pytest.mark.parametrize(
    "typed",
    ["<b>x</b> & &amp; <img src='a'/>", "W" * 5000, "từ " * 3000],
    ids=["markup", "one endless word", "endless words"],
)
def test_what_was_typed_is_set_as_it_is_however_long(typed: str) -> None:
    read = words(told(replace(FULL, overdue=(line("R18", typed),), next_week=(line("R3", typed),))))

    assert re.sub(r"\s", "", typed)[:20] in re.sub(r"\s", "", read)


def test_its_first_page_is_drawn_as_a_page_of_text() -> None:
    assert is_a_page_of_text(paper_pdf(PAPER))


def test_a_week_of_nothing_makes_a_paper_that_says_so() -> None:
    assert words(told(EMPTY_WEEK)).count("Không có.") == 6  # two in the text, one in each annex


@pytest.mark.parametrize("path", serif.FILES.values(), ids=serif.FILES)
def test_the_serif_has_every_vietnamese_letter_and_is_as_wide_as_the_pdf_library_reads_it(path: Path) -> None:
    has = fonts.load_font(fonts.font_file(path)).widths

    assert [letter for letter in ALPHABET + ALPHABET.upper() + "0123456789–…—·%/()“”" if letter not in has] == []
    wanted = TTFont("check", str(path)).stringWidth(STATE, 12)
    assert fonts.text_width(STATE, 12, font=path) == pytest.approx(wanted, rel=0.01)


def test_a_missing_face_is_an_error_and_not_another_face(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setitem(serif.FILES, serif.STRONG, tmp_path / "LiberationSerif-Bold.ttf")

    with pytest.raises(fonts.ReportError, match=r"Thiếu tệp phông chữ LiberationSerif-Bold\.ttf"):
        paper_pdf(PAPER)
