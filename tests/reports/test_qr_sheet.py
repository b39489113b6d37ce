"""A sheet of invitations has every unit's card, can be searched, and keeps its secrets out of logs."""

import io
from datetime import date
from pathlib import Path
from typing import Any

import pypdf
import pytest
from reportlab.graphics.barcode.qr import QrCodeWidget

from bot.reports import fonts, qr_sheet
from bot.reports.qr_sheet import QrCard

NAMES = (
    "Ban Quản lý các Khu kinh tế và Khu công nghiệp",
    "UBND thành phố Tam Kỳ",
    "Sở Lao động - Thương binh và Xã hội",
    "Ban Quản lý dự án đầu tư xây dựng các công trình giao thông và nông nghiệp tỉnh Quảng Nam",
    *(f"UBND huyện số {n}" for n in range(13)),
)


def card(unit: str, *, code: str = "7KQF-X3MP", link: str | None = "https://example.org/?start=7KQFX3MP") -> QrCard:
    return QrCard(unit=unit, role="focal", code=code, link=link, expires=date(2022, 10, 7))


def pages(raw: bytes) -> list[str]:
    return [" ".join(page.extract_text().split()) for page in pypdf.PdfReader(io.BytesIO(raw)).pages]


def test_every_unit_can_be_found_on_its_page() -> None:
    found = pages(qr_sheet.qr_sheet([card(name) for name in NAMES]))

    assert [name for place, name in enumerate(NAMES) if name not in found[place // 8]] == []


@pytest.mark.parametrize(
    ("cards", "count"),
    [
        pytest.param(1, 1, id="one card"),
        pytest.param(8, 1, id="exactly a page"),
        pytest.param(9, 2, id="one more"),
        pytest.param(17, 3, id="two pages and one"),
    ],
)
def test_a_page_has_eight_cards(cards: int, count: int) -> None:
    assert len(pages(qr_sheet.qr_sheet([card(name) for name in NAMES[:cards]]))) == count


def test_a_card_says_code_role_how_to_join_and_until_when() -> None:
    (text,) = pages(qr_sheet.qr_sheet([card("Sở Nội vụ")]))

    assert "7KQF-X3MP" in text
    assert "Vai trò: Đầu mối" in text
    assert "Quét mã hoặc gửi mã này cho bot Nhắc Việc" in text
    assert "Mã dùng một lần, hết hạn sau ngày 07/10/2022." in text


@pytest.mark.parametrize(
    ("link", "content"),
    [
        pytest.param("https://example.org/?start=A", "https://example.org/?start=A", id="the link"),
        pytest.param(None, "7KQF-X3MP", id="the code where there is no link"),
    ],
)
def test_the_qr_code_holds(monkeypatch: pytest.MonkeyPatch, link: str | None, content: str) -> None:
    drawn: list[str] = []

    def draw(value: str, **look: Any) -> QrCodeWidget:
        drawn.append(value)
        return QrCodeWidget(value, **look)

    monkeypatch.setattr(qr_sheet, "QrCodeWidget", draw)

    qr_sheet.qr_sheet([card("Sở Nội vụ", link=link)])

    assert drawn == [content]


def test_equal_cards_give_equal_bytes() -> None:
    cards = [card(name) for name in NAMES]

    assert qr_sheet.qr_sheet(cards) == qr_sheet.qr_sheet(cards)


def test_a_sheet_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="no cards"):
        qr_sheet.qr_sheet([])


def test_a_missing_font_is_named(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(qr_sheet, "_FACES", {tmp_path / "BeVietnamPro-Bold.ttf": "NhacViec-Bold"})

    with pytest.raises(fonts.ReportError, match=r"BeVietnamPro-Bold\.ttf"):
        qr_sheet.qr_sheet([card("Sở Nội vụ")])


def test_a_code_never_stands_in_a_repr() -> None:
    assert "7KQF" not in repr(card("Sở Nội vụ"))
