"""Who a cell of owners means."""

import pytest

from tests.imports.annexes import NAMES


@pytest.mark.parametrize(
    ("cell", "words"),
    [
        ("Sở Nội vụ", ["snv"]),
        ("SO NOI VU", ["snv"]),
        ("Sở Nội vụ, Sở Tài chính", ["snv", "stc"]),
        ("Sở Nội vụ; Sở Tài chính\nSở Y tế", ["snv", "stc", "syt"]),
        ("- Sở Nội vụ\n- Sở Tài chính", ["snv", "stc"]),
        ("Sở Kế hoạch và Đầu tư và Sở Tài chính", ["skhdt", "stc"]),
        ("Sở Văn hóa, Thể thao và Du lịch, Sở Y tế", ["svhttdl", "syt"]),
        ("Sở Lao động - Thương binh và Xã hội", ["sldtbxh"]),
        ("Sở KH&ĐT; Sở TN&MT", ["skhdt", "stnmt"]),
        ("VP UBND tỉnh", ["vpubnd"]),
        ("Văn phòng Ủy ban nhân dân tỉnh", ["vpubnd"]),
        ("Uỷ ban nhân dân TP. Hội An", ["hoian"]),
        ("TX Điện Bàn, H. Tây Giang", ["dienban", "taygiang"]),
        ("Các sở, ban, ngành", ["so-ban-nganh"]),
        ("Các sở, ban, ngành thuộc tỉnh; UBND các huyện, thị xã, thành phố", ["so-ban-nganh", "huyen"]),
        ("các sở, ban, ngành, UBND các huyện, thị xã, thành phố", ["so-ban-nganh", "huyen"]),
        ("Toàn tỉnh", ["toan-tinh"]),
        ("Sở Nội vụ, Sở Nội vụ", ["snv"]),
        ("", []),
    ],
)
def test_known_names_are_found_in_their_order(cell: str, words: list[str]) -> None:
    match = NAMES.match(cell)

    assert (list(match.words), match.doubts) == (words, ())


@pytest.mark.parametrize(
    ("cell", "words", "doubt"),
    [
        ("Giám đốc Sở Nội vụ", [], "chưa nhận ra «Giám đốc Sở Nội vụ»; gần nhất: Sở Nội vụ (snv)"),
        ("Sở Nội vu, Sở Tài chánh", ["snv"], "chưa nhận ra «Sở Tài chánh»; gần nhất: Sở Tài chính (stc)"),
        ("Sở Y tế và Hội Chữ thập đỏ", ["syt"], "chưa nhận ra «Hội Chữ thập đỏ»"),
        ("Các sở, ban, ngành có liên quan", ["so-ban-nganh"], "chỉ những nơi liên quan, hay tất cả?"),
    ],
)
def test_what_is_not_certain_is_asked_about(cell: str, words: list[str], doubt: str) -> None:
    match = NAMES.match(cell)

    assert list(match.words) == words
    assert doubt in match.doubts[0]
    assert len(match.doubts) == 1
