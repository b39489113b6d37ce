"""The official report says what the figures say, in the order and the words of an office."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pytest

from bot.reports import annexes
from bot.reports.letterhead import letterhead_of
from bot.reports.official import paper_of
from bot.reports.official_words import official_day
from bot.reports.paper import Heading, Item, Letterhead, Paper
from tests.builders import EMPTY_WEEK, plan, task, unit
from tests.reports.papers import FULL, NAMES, PLAN, UNITS, unit_figures

HEAD = letterhead_of(PLAN)


def said(paper: Paper) -> str:
    return "\n".join(block.text for block in paper.blocks)


def whole(texts: Iterator[str], total: str) -> bool:
    return sum(map(int, texts)) == int(total)


@pytest.mark.parametrize(
    ("day", "written"),
    [
        pytest.param(date(2022, 8, 24), "24/8/2022", id="a month after February has no zero"),
        pytest.param(date(2023, 1, 5), "05/01/2023", id="January and a day below ten have one"),
        pytest.param(date(2023, 2, 28), "28/02/2023", id="February"),
        pytest.param(date(2022, 10, 2), "02/10/2022", id="October"),
    ],
)
def test_days_are_written_as_the_decree_wants(day: date, written: str) -> None:
    assert official_day(day) == written


@pytest.mark.parametrize(
    ("issued_by", "place"),
    [
        pytest.param("UBND tỉnh Quảng Nam", "Quảng Nam", id="a province"),
        pytest.param("Ủy ban nhân dân thành phố Đà Nẵng", "Đà Nẵng", id="a city"),
        pytest.param("UBND thành phố Hồ Chí Minh", "Thành phố Hồ Chí Minh", id="named after a person"),
        pytest.param("UBND phường 12", "Phường 12", id="named by a number"),
        pytest.param("Bộ Nội vụ", "…………", id="left open where it is not told"),
    ],
)
def test_the_place_is_that_of_the_body_that_issued_the_plan(issued_by: str, place: str) -> None:
    assert letterhead_of(plan(task(), issued_by=issued_by)).place == place


def test_the_letterhead_names_the_office_and_the_body_above_it() -> None:
    assert (HEAD.parent, HEAD.issuer, HEAD.symbol) == ("UBND tỉnh Quảng Nam", "Sở Nội vụ", "BC-SNV")
    assert HEAD.plan == "Kế hoạch số 5610/KH-UBND ngày 24/8/2022 của UBND tỉnh Quảng Nam"
    assert HEAD.recipients == ("UBND tỉnh Quảng Nam (để báo cáo)", "Các đơn vị chủ trì", "Lưu: VT")


def test_an_office_that_issued_the_plan_itself_reports_to_nobody() -> None:
    own = plan(task(), issued_by="UBND tỉnh Quảng Nam", office="ub", units=(unit("ub", name="UBND tỉnh Quảng Nam"),))

    head = letterhead_of(own)

    assert (head.parent, head.symbol) == ("", "BC-UBND")
    assert said(paper_of(EMPTY_WEEK, head)).endswith("UBND tỉnh Quảng Nam báo cáo./.")


@pytest.mark.parametrize(
    ("title", "about"),
    [
        pytest.param("Cải thiện Chỉ số CCHC", "cải thiện Chỉ số CCHC", id="a small letter within the sentence"),
        pytest.param("Quảng Nam số hóa", "Quảng Nam số hóa", id="a name keeps its own"),
        pytest.param("CCHC năm 2022", "CCHC năm 2022", id="so does an abbreviation"),
        pytest.param("", "", id="no title"),
    ],
)
def test_the_subject_stands_within_the_sentence(title: str, about: str) -> None:
    assert letterhead_of(plan(task(), title=title)).about == about


def test_the_sections_come_in_order_and_are_numbered_without_a_gap() -> None:
    headings = [block.text for block in paper_of(FULL, HEAD).blocks if isinstance(block, Heading)]
    fewer = [block.text for block in paper_of(EMPTY_WEEK, HEAD).blocks if isinstance(block, Heading)]

    assert headings == [
        "I. TÌNH HÌNH CHUNG",
        "II. KẾT QUẢ THEO ĐƠN VỊ",
        "III. KHÓ KHĂN, VƯỚNG MẮC VÀ ĐỀ NGHỊ GIA HẠN",
        "IV. CẬP NHẬT, BÁO CÁO CỦA CÁC ĐƠN VỊ",
        "V. NHIỆM VỤ ĐẾN HẠN ĐẾN HẾT TUẦN TỚI",
        "VI. ĐIỀU CHỈNH SỐ LIỆU KỲ TRƯỚC",
        "VII. ĐỀ XUẤT, KIẾN NGHỊ",
    ]
    assert fewer == headings[:5]


@pytest.mark.parametrize(
    "sentence",
    [
        "Thực hiện Kế hoạch số 5610/KH-UBND ngày 24/8/2022 của UBND tỉnh Quảng Nam về cải thiện và nâng cao Chỉ số cải cách "
        "hành chính tỉnh Quảng Nam, Sở Nội vụ báo cáo tình hình thực hiện tuần 39 (từ ngày 26/9/2022 đến ngày 02/10/2022), "
        "số liệu tính đến 10 giờ 00 ngày 30/9/2022, như sau:",
        "có 64 lượt nhiệm vụ đến hạn, gồm: 41 hoàn thành đúng hạn; 7 hoàn thành quá hạn; 4 đã báo cáo, chờ xác nhận; "
        "12 quá hạn chưa hoàn thành.",
        "đạt 75,0% (48/64), tăng 5,0 điểm % so với tuần trước; tỷ lệ hoàn thành đúng hạn đạt 64,1% (41/64), giảm 1,9 điểm %",
        "Có 12 nhiệm vụ quá hạn chưa hoàn thành, tổng số 132 ngày quá hạn, trong đó quá hạn: 5 từ 1 đến 7 ngày; 7 từ 8 đến 30",
        "Không tính vào nhiệm vụ đến hạn: 1 chưa hỏi được đơn vị (chưa có đầu mối liên kết).",
        "R18: hồ sơ đúng hạn/hồ sơ đã giải quyết 1.206/1.250 = 96,5%, đạt chỉ tiêu 2/3 báo cáo, không phát sinh 1/4 báo cáo.",
        "Tiêu chí 1 (Chỉ đạo, điều hành): 8,5 điểm, theo QĐ 1149; 6 nhiệm vụ quá hạn, tổng số 66 ngày.",
        "Có 12 nhiệm vụ quá hạn thuộc tiêu chí chưa gán điểm.",
        "Có 4/6 đơn vị còn nhiệm vụ quá hạn chưa hoàn thành",
        "R18, Sở Giao thông vận tải: “Phần mềm một cửa <lỗi> & chưa có kinh phí”.",
        "R3, UBND thị xã Điện Bàn: hạn 19/9/2022, đề nghị gia hạn đến 15/10/2022; chờ hướng dẫn.",
        "đúng hạn 30, quá hạn đã xong 5, chờ xác nhận 3, quá hạn chưa xong 12 (đã báo cáo)",
        "Kính đề nghị UBND tỉnh Quảng Nam xem xét, cho ý kiến đối với 1 nội dung vướng mắc và 1 đề nghị gia hạn nêu tại mục III.",
    ],
)
def test_every_figure_stands_in_a_sentence_that_can_be_signed(sentence: str) -> None:
    assert sentence in said(paper_of(FULL, HEAD))


def test_an_empty_week_says_what_there_is_none_of() -> None:
    paper = paper_of(EMPTY_WEEK, HEAD)

    text = said(paper)

    assert "Đến thời điểm chốt số liệu chưa có nhiệm vụ đến hạn." in text
    assert "Không có nhiệm vụ quá hạn chưa hoàn thành." in text
    assert text.count("Không có.") == 2  # what is blocked, which extensions
    assert "0,0%" not in text
    assert [annex.rows for annex in paper.annexes] == [()] * 4


def test_every_list_ends_its_lines_and_the_last_by_a_full_stop() -> None:
    blocks = paper_of(FULL, HEAD).blocks

    for place, block in enumerate(blocks):
        if isinstance(block, Item):
            assert block.text.endswith(";" if isinstance(blocks[place + 1], Item) else ".")


def test_a_long_list_is_cut_and_says_how_many_are_left() -> None:
    many = tuple(unit_figures(number, f"UBND xã {number}", (0, 0, 0, 1)) for number in range(40))

    text = said(paper_of(replace(FULL, units=many), HEAD))

    assert "- " not in text
    assert "và 25 đơn vị khác." in text


def test_the_annexes_have_the_columns_of_the_governments_lists() -> None:
    units, overdue, tasks, coming = paper_of(FULL, HEAD).annexes

    assert overdue.header == (
        "STT", "Nhiệm vụ", "Văn bản giao nhiệm vụ", "Cơ quan chủ trì thực hiện", "Thời hạn hoàn thành",
    )  # fmt: skip
    assert tasks.header == ("STT", "Tên nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Kết quả thực hiện", "Tiến độ")
    assert coming.header[:4] == ("TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp")
    assert units.note == "Dữ liệu tính đến 10 giờ 00 ngày 30/9/2022"
    assert overdue.rows[1] == (
        "2",
        "R3. Ban hành kế hoạch khắc phục các tồn tại, hạn chế trong Chỉ số cải cách hành chính năm 2021",
        "5610/KH-UBND, 16-NQ/TU",
        "Sở Giao thông vận tải",
        "19/9/2022 (quá 11 ngày)",
    )
    assert tasks.rows[0][2:] == (
        "4 đơn vị", "17 giờ ngày 30/9/2022", "Hoàn thành 35/44 lượt đến hạn", "Quá hạn chưa hoàn thành: 6",
    )  # fmt: skip


def test_the_units_annex_sums_to_the_figures() -> None:
    annex = paper_of(FULL, HEAD).annexes[0]

    assert [row[1] for row in annex.rows] == list(NAMES)
    for column in (2, 3, 4, 5, 6, 9):
        assert whole((row[column] for row in annex.rows), annex.last[column])
    total = FULL.total
    assert annex.last[2:7] == tuple(map(str, (total.due, total.on_time, total.late, total.waiting, total.overdue)))
    assert len(paper_of(FULL, HEAD).annexes[1].rows) == total.overdue


def test_units_that_do_not_fit_are_summed_in_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annexes, "MOST", 2)
    idle = replace(UNITS[0], due=0, on_time=0, late=0, waiting=0, overdue=0, days_late=0, not_asked=0)

    annex = paper_of(replace(FULL, units=(UNITS[0], idle, *UNITS[1:])), HEAD).annexes[0]

    assert [row[1] for row in annex.rows] == [*NAMES[:2], "4 đơn vị khác"]
    assert all(whole((row[column] for row in annex.rows), annex.last[column]) for column in (2, 3, 4, 5, 6, 9))


def test_lines_that_do_not_fit_are_counted_in_one_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(annexes, "MOST", 2)

    annex = paper_of(replace(FULL, beyond={"overdue": 7}), HEAD).annexes[1]

    assert annex.rows[-1][1] == "Và 17 nhiệm vụ khác"


def test_a_task_that_left_the_catalogue_still_has_its_row() -> None:
    bare = Letterhead(parent="", issuer="A", symbol="BC-A", place="A", plan="P", about="", recipients=("Lưu: VT",))

    assert paper_of(FULL, bare).annexes[1].rows[0][2] == ""
