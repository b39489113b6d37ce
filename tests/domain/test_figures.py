"""Result figures by kind."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.figures import (
    FigureProblem,
    Figures,
    figures_from_json,
    figures_to_json,
    read_figures,
    say_figures,
    say_number,
)
from bot.domain.plan import Result, ResultKind

NONE = Figures(none=True)


def _document(number: str, on: date | None = None) -> Figures:
    return Figures(document=number, document_on=on)


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("percent", "60%", Figures(percent=60)),
        ("percent", "60", Figures(percent=60)),
        ("percent", "12,5%", Figures(percent=12.5)),
        ("percent", "12.5%", Figures(percent=12.5)),
        ("percent", "60 phần trăm", Figures(percent=60)),
        ("percent", "60 PHAN TRAM a", Figures(percent=60)),
        ("percent", "đạt khoảng 60%", Figures(percent=60)),
        ("percent", "0%", Figures(percent=0)),
        ("percent", "100%", Figures(percent=100)),
        ("percent", "100,1%", FigureProblem.OVER_100),
        ("percent", "1.234%", FigureProblem.OVER_100),
        ("percent", "-5%", FigureProblem.NOT_PERCENT),
        ("percent", "12/18", FigureProblem.NOT_PERCENT),
        ("percent", "60% đến 70%", FigureProblem.NOT_PERCENT),
        ("percent", "nhiều", FigureProblem.NOT_PERCENT),
        ("percent", "", FigureProblem.NOT_PERCENT),
        ("percent", "9" * 5000, FigureProblem.NOT_PERCENT),
        ("ratio", "7/10", Figures(done=7, total=10)),
        ("ratio", "12 trên 18", Figures(done=12, total=18)),
        ("ratio", "12 / 18 xã", Figures(done=12, total=18)),
        ("ratio", "7 trong tổng số 10", Figures(done=7, total=10)),
        ("ratio", "1.234/1.500 hồ sơ", Figures(done=1234, total=1500)),
        ("ratio", "12/18 hồ sơ (66,7%)", Figures(done=12, total=18)),
        ("ratio", "0/12", Figures(done=0, total=12)),
        ("ratio", "12/12", Figures(done=12, total=12)),
        ("ratio", "0/0", NONE),
        ("ratio", "13/12", FigureProblem.PART_OVER_WHOLE),
        ("ratio", "1/0", FigureProblem.PART_OVER_WHOLE),
        ("ratio", "7,5/10", FigureProblem.NOT_RATIO),
        ("ratio", "-7/10", FigureProblem.NOT_RATIO),
        ("ratio", "12/9/2022", FigureProblem.NOT_RATIO),
        ("ratio", "1/2 và 3/4", FigureProblem.NOT_RATIO),
        ("ratio", "7", FigureProblem.NOT_RATIO),
        ("count", "12", Figures(count=12)),
        ("count", "có 12 cuộc", Figures(count=12)),
        ("count", "1.234 hồ sơ", Figures(count=1234)),
        ("count", "0", Figures(count=0)),
        ("count", "-3", FigureProblem.NOT_COUNT),
        ("count", "1,5", FigureProblem.NOT_COUNT),
        ("count", "12%", FigureProblem.NOT_COUNT),
        ("count", "12/18", FigureProblem.NOT_COUNT),
        ("count", "3 cuộc, 120 người", FigureProblem.NOT_COUNT),
        ("count", "mấy cuộc", FigureProblem.NOT_COUNT),
        ("document", "1234/BC-SNV ngày 20/9/2022", _document("1234/BC-SNV", date(2022, 9, 20))),
        ("document", "số 12/KH-UBND", _document("12/KH-UBND")),
        ("document", "Số: 617/QĐ-UBND ngày 29 tháng 3 năm 2023", _document("617/QĐ-UBND", date(2023, 3, 29))),
        ("document", "Nghị quyết số 16-NQ/TU ngày 14.10.2021", _document("16-NQ/TU", date(2021, 10, 14))),
        ("document", "57/2022/NĐ-CP", _document("57/2022/NĐ-CP")),
        ("document", "Tờ trình số 1039/TTr-CP ngày 07/11/2025", _document("1039/TTr-CP", date(2025, 11, 7))),
        ("document", "1234 / BC - SNV", _document("1234/BC-SNV")),
        ("document", "12/BC-UBND ngày 20/9", _document("12/BC-UBND")),
        ("document", "12/BC-UBND ngày 30/2/2022", _document("12/BC-UBND")),
        ("document", "đã gửi báo cáo", FigureProblem.NO_NUMBER),
        ("document", "12/18 xã", FigureProblem.NO_NUMBER),
        ("document", "ngày 20/9/2022", FigureProblem.NO_NUMBER),
        ("link", "https://snv.quangnam.gov.vn/abc?x=1#y", Figures(link="https://snv.quangnam.gov.vn/abc?x=1#y")),
        ("link", "snv.quangnam.gov.vn/abc", Figures(link="https://snv.quangnam.gov.vn/abc")),
        ("link", "Trang: http://tamky.gov.vn/tthc.", Figures(link="http://tamky.gov.vn/tthc")),
        ("link", "https://a.vn/" + "x" * 487, Figures(link="https://a.vn/" + "x" * 487)),
        ("link", "https://a.vn/" + "x" * 488, FigureProblem.NOT_LINK),
        ("link", "https://ten:matkhau@a.vn/", FigureProblem.NOT_LINK),
        ("link", "https://ten@a.vn/", FigureProblem.NOT_LINK),
        ("link", "javascript:alert(1)", FigureProblem.NOT_LINK),
        ("link", "ftp://a.vn/b", FigureProblem.NOT_LINK),
        ("link", "a@b.vn", FigureProblem.NOT_LINK),
        ("link", "https://localhost/", FigureProblem.NOT_LINK),
        ("link", "https://a.vn:99999/", FigureProblem.NOT_LINK),
        ("link", "https://[::1", FigureProblem.NOT_LINK),
        ("link", 'https://a.vn/"><b>', FigureProblem.NOT_LINK),
        ("link", "12.5", FigureProblem.NOT_LINK),
        ("link", "trên trang của Sở", FigureProblem.NOT_LINK),
        ("done", "60%", Figures()),
    ],
)
def test_a_figure_is_read_by_its_kind(kind: str, text: str, read: Figures | FigureProblem) -> None:
    assert read_figures(text, ResultKind(kind)) == read


@pytest.mark.parametrize("kind", ResultKind)
@pytest.mark.parametrize(
    "text",
    [
        "không phát sinh", "khong phat sinh", "KPS", "Không phát sinh.", "chưa phát sinh", "ko phát sinh ạ",
        "không có phát sinh", "dạ không phát sinh hồ sơ trễ hẹn", "không có hồ sơ trễ", "không có hồ sơ nào trễ hẹn",
        "Trong tháng không phát sinh", "không phát sinh trong tháng 9", "không phát sinh trường hợp nào", "n/a",
        "not applicable", "none this month",
    ],
)  # fmt: skip
def test_nothing_arose_is_an_answer_to_every_kind(kind: ResultKind, text: str) -> None:
    assert read_figures(text, kind) == NONE


@pytest.mark.parametrize("text", ["không phát sinh vướng mắc, đã hoàn thành", "có phát sinh", "không có", "0", "không"])
def test_what_only_resembles_it_is_not_taken_for_it(text: str) -> None:
    assert read_figures(text, ResultKind.COUNT) != NONE


@pytest.mark.parametrize(
    ("figures", "result", "said"),
    [
        (NONE, Result(), "không phát sinh"),
        (Figures(), Result(), ""),
        (Figures(percent=12.5), Result(), "12,5%"),
        (Figures(percent=100), Result(), "100%"),
        (Figures(done=12, total=18), Result(over="hồ sơ"), "12/18 hồ sơ (66,7%)"),
        (Figures(done=12, total=18), Result(), "12/18 (66,7%)"),
        (Figures(done=2, total=3), Result(of="thư", over="hồ sơ trễ"), "2 thư/3 hồ sơ trễ (66,7%)"),
        (Figures(done=2999, total=3000), Result(over="hồ sơ"), "2.999/3.000 hồ sơ (99,9%)"),
        (Figures(count=1234), Result(label="số cuộc tuyên truyền"), "1.234 cuộc tuyên truyền"),
        (_document("1234/BC-SNV", date(2022, 9, 20)), Result(), "1234/BC-SNV ngày 20/09/2022"),
        (_document("12/KH-UBND"), Result(), "12/KH-UBND"),
        (Figures(link="https://a.vn/b"), Result(), "https://a.vn/b"),
    ],
)
def test_figures_are_said_as_vietnamese_writes_them(figures: Figures, result: Result, said: str) -> None:
    assert say_figures(figures, result) == said


def test_numbers_have_vietnamese_marks() -> None:
    assert [say_number(number) for number in (0, 12.5, 1234567, 66.66)] == ["0", "12,5", "1.234.567", "66,7"]


FIGURES = st.builds(
    Figures,
    percent=st.none() | st.floats(min_value=0, max_value=100),
    done=st.none() | st.integers(min_value=0),
    total=st.none() | st.integers(min_value=0),
    count=st.none() | st.integers(min_value=0),
    document=st.text(),
    document_on=st.none() | st.dates(),
    link=st.text(),
    none=st.booleans(),
)


@given(FIGURES)
def test_json_keeps_what_is_set_and_nothing_else(figures: Figures) -> None:
    kept = figures_to_json(figures)

    assert figures_from_json(json.loads(json.dumps(kept))) == figures
    assert all(value not in (None, "", False) or value == 0 for value in kept.values())


@given(st.text() | st.from_regex(r"[0-9./,% -]{1,30}"), st.sampled_from(ResultKind))
def test_any_text_is_a_figure_or_a_problem(text: str, kind: ResultKind) -> None:
    assert isinstance(read_figures(text, kind), Figures | FigureProblem)


@given(st.integers(0, 10**9), st.integers(1, 10**9))
def test_a_ratio_that_is_said_is_read_again(done: int, total: int) -> None:
    figures = Figures(done=min(done, total), total=total)

    assert read_figures(say_figures(figures, Result(over="hồ sơ")), ResultKind.RATIO) == figures
