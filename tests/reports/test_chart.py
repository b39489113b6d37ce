"""The picture says what the figures say, in words and patterns, and is never blank."""

import re
import unicodedata
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PIL import Image

from bot.domain.compliance import Rates
from bot.reports import chart, fonts
from bot.reports.bars import CLASSES
from bot.reports.chart import chart_png, chart_svg

Build = Callable[..., Any]

ALPHABET = "aăâbcdđeêghiklmnoôơpqrstuưvxyàảãáạằẳẵắặầẩẫấậèẻẽéẹềểễếệìỉĩíịòỏõóọồổỗốộờởỡớợùủũúụừửữứựỳỷỹýỵ"


def texts(svg: str) -> list[str]:
    return [node.text or "" for node in ElementTree.fromstring(svg).iter("{http://www.w3.org/2000/svg}text")]


def test_the_head_names_plan_week_moment_coverage_and_both_rates_with_their_parts(
    make_week: Build, make_unit: Build
) -> None:
    week = make_week(units=(make_unit("Sở Nội vụ", 1, 1, 1, 1),), previous=Rates(done_share=0.25, on_time_share=0.5))

    said = texts(chart_svg(week))

    assert "Tình hình thực hiện Kế hoạch số 5610/KH-UBND tuần 39 (26/09–02/10/2022)" in said
    assert {"Số liệu tính đến 10:00 30/09/2022", "Đã hỏi được 41/44 đơn vị"} <= set(said)
    assert {"50,0%", "(2/4)", "tăng 25,0 điểm % so với tuần trước"} <= set(said)
    assert {"25,0%", "(1/4)", "giảm 25,0 điểm % so với tuần trước"} <= set(said)


def test_a_week_across_new_year_shows_both_years(make_week: Build) -> None:
    week = make_week(week="2022-W52", starts=date(2022, 12, 26), ends=date(2023, 1, 1))

    assert "tuần 52 (26/12/2022–01/01/2023)" in " ".join(texts(chart_svg(week)))


def test_every_class_has_its_words_and_a_paint_of_its_own(make_week: Build, make_unit: Build) -> None:
    svg = chart_svg(make_week(units=(make_unit("Sở Nội vụ", 11, 12, 13, 14),)))

    legend = {"Đúng hạn: 11", "Quá hạn đã xong: 12", "Chờ xác nhận: 13", "Quá hạn chưa xong: 14"}
    assert legend | {"11", "12", "13", "14"} <= set(texts(svg))
    assert len({fill.mark for _, fill in CLASSES}) == len(CLASSES)  # told apart without colour
    assert all(svg.count(f'fill="{fill.paint}"') >= 2 for _, fill in CLASSES)


@pytest.mark.parametrize(
    ("units", "line"),
    [
        pytest.param(20, None, id="twenty fit"),
        pytest.param(21, "… và 1 đơn vị khác", id="one too many"),
        pytest.param(280, "… và 260 đơn vị khác", id="a province"),
    ],
)
def test_at_most_twenty_units_are_drawn_and_the_rest_is_counted(
    make_week: Build, make_unit: Build, units: int, line: str | None
) -> None:
    said = texts(chart_svg(make_week(units=tuple(make_unit(f"UBND xã {n}", 1, 0, 0, 1) for n in range(units)))))

    assert len([text for text in said if text.startswith("UBND xã")]) == 20
    assert [text for text in said if text.startswith("… và")] == ([line] if line else [])


def test_where_nothing_is_due_the_picture_says_so_and_shows_a_dash(make_week: Build, make_unit: Build) -> None:
    said = texts(chart_svg(make_week(units=(make_unit("Sở Nội vụ", 0, 0, 0, 0),))))

    assert "Chưa có nhiệm vụ đến hạn." in said
    assert said.count("—") == 2


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])  # the builders keep nothing
@given(name=st.text(min_size=1, max_size=80), plan=st.text(max_size=300))
def test_any_name_makes_a_well_formed_document(make_week: Build, make_unit: Build, name: str, plan: str) -> None:
    svg = chart_svg(make_week(plan=plan, units=(make_unit(name, 1, 1, 1, 1),)))

    assert ElementTree.fromstring(svg).tag.endswith("svg")
    assert "<script" not in svg.lower()


def test_bars_stay_on_the_page_however_uneven_the_units_are(make_week: Build, make_unit: Build) -> None:
    units = (make_unit("Lớn", 1_000_000, 1, 1, 1), make_unit("Nhỏ", 0, 0, 0, 1))

    svg = chart_svg(make_week(units=units))

    boxes = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    assert max(float(x) + float(width) for x, width in boxes[1:]) <= 960.1
    assert "Đoạn quá ngắn được vẽ rộng thêm cho đủ chỗ ghi số." in texts(svg)


def test_names_in_either_unicode_form_give_the_same_bytes(make_week: Build, make_unit: Build) -> None:
    name = "UBND thị xã Điện Bàn"

    composed, parted = (
        chart_png(make_week(units=(make_unit(unicodedata.normalize(form, name), 1, 0, 0, 1),)))
        for form in ("NFC", "NFD")
    )

    assert composed == parted


def test_the_png_is_1600_pixels_wide_and_its_words_are_drawn(make_week: Build, make_unit: Build) -> None:
    long_name = "Ban Quản lý các Khu kinh tế và Khu công nghiệp"
    pictures = [
        Image.open(BytesIO(chart_png(make_week(units=(make_unit(name, 1, 0, 0, 1),))))) for name in (long_name, "-")
    ]

    inks = [sum(picture.convert("L").histogram()[:128]) for picture in pictures]

    assert pictures[0].width == 1600
    assert inks[0] > inks[1] + 2000  # the longer name leaves more ink: letters were really drawn


@pytest.mark.parametrize("lost", ["REGULAR", "BOLD"])
def test_a_missing_font_is_an_error_and_not_a_blank_picture(
    make_week: Build, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, lost: str
) -> None:
    monkeypatch.setattr(chart, lost, tmp_path / "BeVietnamPro.ttf")

    with pytest.raises(fonts.ReportError, match=r"Thiếu tệp phông chữ BeVietnamPro\.ttf"):
        chart_png(make_week())


@pytest.mark.parametrize("font", [fonts.REGULAR, fonts.BOLD], ids=["regular", "bold"])
def test_the_fonts_have_every_vietnamese_letter(font: Path) -> None:
    has = fonts.load_font(fonts.font_file(font)).widths

    assert [letter for letter in ALPHABET + ALPHABET.upper() + "0123456789–…—·%/()" if letter not in has] == []


def test_widths_are_those_a_pdf_library_reads_from_the_same_font() -> None:
    from reportlab.pdfbase.ttfonts import TTFont

    name = "Sở Lao động - Thương binh và Xã hội"

    assert fonts.text_width(name, 12) == pytest.approx(
        TTFont("check", str(fonts.REGULAR)).stringWidth(name, 12), rel=0.01
    )
