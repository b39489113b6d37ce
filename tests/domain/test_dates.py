"""Days as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.dates import find_date, month_end, read_date, read_length
from bot.domain.folding import fold

TODAY = date(2022, 9, 23)  # a Friday


@pytest.mark.parametrize(
    ("text", "end"),
    [
        ("15/10", date(2022, 10, 15)),
        ("15-10", date(2022, 10, 15)),
        ("15.10", date(2022, 10, 15)),
        ("15.10.22", date(2022, 10, 15)),
        ("15/10/2022", date(2022, 10, 15)),
        ("2022-10-15", date(2022, 10, 15)),
        ("ngày 15 tháng 10", date(2022, 10, 15)),
        ("ngày 15 tháng 10 năm 2023", date(2023, 10, 15)),
        ("NGAY 15 THANG 10", date(2022, 10, 15)),
        ("đến ngày 15/10 ạ", date(2022, 10, 15)),
        ("23/9", date(2022, 9, 23)),  # today counts
        ("22/9", date(2023, 9, 22)),  # yesterday is next year's
        ("29/2", date(2024, 2, 29)),
        ("thứ 2", date(2022, 9, 26)),
        ("thứ hai", date(2022, 9, 26)),
        ("thứ 6", date(2022, 9, 30)),  # said on a Friday
        ("thứ 6 này", date(2022, 9, 23)),
        ("t5", date(2022, 9, 29)),
        ("chủ nhật", date(2022, 9, 25)),
        ("thứ sáu tuần sau", date(2022, 9, 30)),
        ("thứ tư tuần tới", date(2022, 9, 28)),
        ("cuối tuần", date(2022, 9, 23)),
        ("tuần sau", date(2022, 9, 30)),
        ("đầu tuần sau", date(2022, 9, 27)),
        ("cuối tháng", date(2022, 9, 30)),
        ("hết tháng này", date(2022, 9, 30)),
        ("cuối tháng sau", date(2022, 10, 31)),
        ("cuối tháng 10", date(2022, 10, 31)),
        ("cuối tháng 2", date(2023, 2, 28)),
        ("giữa tháng 10", date(2022, 10, 20)),
        ("đầu tháng 11", date(2022, 11, 10)),
        ("tháng 10", date(2022, 10, 31)),
        ("tháng 9/2023", date(2023, 9, 30)),
        ("hết quý", date(2022, 9, 30)),
        ("cuối quý sau", date(2022, 12, 31)),
        ("quý IV", date(2022, 12, 31)),
        ("quý 1", date(2023, 3, 31)),
        ("quý 4 năm 2023", date(2023, 12, 31)),
        ("hết năm", date(2022, 12, 31)),
        ("hết năm 2023", date(2023, 12, 31)),
        ("5 ngày", date(2022, 9, 28)),
        ("thêm 5 ngày", date(2022, 9, 28)),
        ("1 tuần", date(2022, 9, 30)),
        ("hai tuần", date(2022, 10, 7)),
        ("3 ngày nữa", date(2022, 9, 26)),
        ("nửa tháng", date(2022, 10, 8)),
        ("2 tháng", date(2022, 11, 23)),
        ("mai", date(2022, 9, 24)),
        ("ngày mai nhé", date(2022, 9, 24)),
        ("ngày kia", date(2022, 9, 25)),
        ("chiều nay", date(2022, 9, 23)),
        ("ngày 5", date(2022, 10, 5)),
        ("ngày 31", date(2022, 10, 31)),
        ("15 Oct", date(2022, 10, 15)),
        ("October 15", date(2022, 10, 15)),
        ("by next friday", date(2022, 9, 30)),
        ("tomorrow", date(2022, 9, 24)),
        ("end of month", date(2022, 9, 30)),
    ],
)
def test_a_day_is_read_as_people_mean_it(text: str, end: date) -> None:
    span = read_date(text, today=TODAY)

    assert span is not None
    assert (span.start <= span.end, span.end) == (True, end)


@pytest.mark.parametrize(
    "text",
    [
        "31/9", "30/2", "ngày 31 tháng 9", "0/1", "15/13", "ngày 32", "tháng 13", "quý 5", "20/10 AL", "15/8 âm lịch",
        "rằm", "", "xong", "15", "15/10.22", "5 ngày làm việc", "thứ 2 này", "thứ 9", "0 ngày", "1/1/0000",
    ],
)  # fmt: skip
def test_what_names_no_certain_day_is_none(text: str) -> None:
    assert read_date(text, today=TODAY) is None


@pytest.mark.parametrize(
    ("text", "days"),
    [("5 ngày", 5), ("thêm một tuần", 7), ("two weeks", 14), ("3 ngày nữa", None), ("15/10", None), ("mấy ngày", None)],
)
def test_a_length_is_told_from_a_day(text: str, days: int | None) -> None:
    assert read_length(text) == days


def test_an_impossible_day_in_a_text_is_not_read_in_part() -> None:
    assert find_date(fold("xin lùi đến ngày 31 tháng 9"), today=TODAY) is None


@given(st.text(max_size=40) | st.from_regex(r"(thứ|ngày|tháng|quý|cuối) ?[0-9]{1,4}([/.-][0-9]{1,5}){0,2}"), st.dates())
def test_no_text_on_any_day_raises(text: str, today: date) -> None:
    span = read_date(text, today=today)

    assert span is None or span.start <= span.end


@given(st.dates(max_value=date(9990, 1, 1)), st.integers(min_value=0, max_value=365))
def test_a_day_without_its_year_is_the_nearest_to_come(today: date, ahead: int) -> None:
    day = today + timedelta(days=ahead)
    span = read_date(f"{day.day}/{day.month}", today=today)

    assert span is not None
    assert today <= span.end <= day


def test_a_month_ends_on_its_last_day() -> None:
    assert [month_end(2024, 2).day, month_end(2023, 2).day, month_end(2022, 9).day] == [29, 28, 30]
