"""Days of absence and the name of a deputy, as people type them."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.away import LONGEST, Away, matching, read_away

TODAY = date(2022, 9, 30)  # a Friday
OCTOBER = Away(first=date(2022, 10, 3), last=date(2022, 10, 14))


def away(first: date, last: date, deputy: str = "") -> Away:
    return Away(first=first, last=last, deputy=deputy)


@pytest.mark.parametrize(
    "said",
    ["3/10-14/10", "3/10 - 14/10", "3/10–14/10.", "3-14/10", "03/10/2022 - 14/10/2022", "2022-10-03 - 2022-10-14",
     "từ 3/10 đến 14/10", "từ ngày 3/10 đến hết ngày 14/10", "tu 3/10 toi 14/10", "3.10-14.10", "from 3/10 to 14/10"],
)  # fmt: skip
def test_a_span_is_read_however_it_is_written(said: str) -> None:
    assert read_away(said, today=TODAY) == OCTOBER


@pytest.mark.parametrize(
    ("said", "deputy"),
    [
        pytest.param("3/10-14/10 thay: Trần Văn Minh", "Trần Văn Minh", id="as in the example"),
        pytest.param("3/10-14/10, thay Trần Văn Minh.", "Trần Văn Minh", id="with stops"),
        pytest.param("3/10-14/10 người thay: chị Hoa", "chị Hoa", id="the person who stands in"),
        pytest.param("3/10-14/10 người thay thế: Lê Thị B", "Lê Thị B", id="in more words"),
        pytest.param("3/10-14/10 (thay: Minh)", "Minh", id="in brackets"),
        pytest.param("3/10-14/10 deputy: Minh", "Minh", id="in English"),
        pytest.param("3/10-14/10 thay:", "", id="no name after all"),
    ],
)
def test_the_deputy_is_the_name_after_the_days(said: str, deputy: str) -> None:
    assert read_away(said, today=TODAY) == away(OCTOBER.first, OCTOBER.last, deputy)


@pytest.mark.parametrize(
    ("said", "first", "last"),
    [
        pytest.param("3/10", date(2022, 10, 3), date(2022, 10, 3), id="one day"),
        pytest.param("hôm nay", TODAY, TODAY, id="today"),
        pytest.param("28/9-5/10", date(2022, 9, 28), date(2022, 10, 5), id="begun already"),
        pytest.param("20/12-5/1", date(2022, 12, 20), date(2023, 1, 5), id="over the new year"),
        pytest.param("tuần sau", date(2022, 10, 3), date(2022, 10, 7), id="next week"),
        pytest.param("19/1/2023-27/1/2023", date(2023, 1, 19), date(2023, 1, 27), id="over Tết, by the solar calendar"),
    ],
)
def test_days_are_the_nearest_that_are_not_over(said: str, first: date, last: date) -> None:
    assert read_away(said, today=TODAY) == away(first, last)


@pytest.mark.parametrize(
    "said",
    ["", "thay: Minh", "abc", "28/9", "1/9-20/9", "14/10-3/10/2022", "31/11-5/12", "mùng 1 tết - mùng 5 tết",
     "1/10/2022-1/10/2023", "-", "---", "3/10-"],
)  # fmt: skip
def test_what_names_no_days_to_come_is_asked_back(said: str) -> None:
    assert read_away(said, today=TODAY) is None


@given(st.text(max_size=60), st.dates(date(2020, 1, 1), date(2030, 12, 31)))
def test_whatever_is_typed_the_span_is_to_come_and_bounded(said: str, today: date) -> None:
    found = read_away(said, today=today)

    assert found is None or (found.first <= found.last >= today and found.last - found.first < timedelta(days=LONGEST))


@given(st.dates(date(2022, 1, 1), date(2024, 12, 31)), st.integers(0, 90), st.integers(0, 90))
def test_a_span_with_its_years_is_read_back(today: date, ahead: int, length: int) -> None:
    first = today + timedelta(days=ahead)
    last = first + timedelta(days=length)

    assert read_away(f"{first:%d/%m/%Y}-{last:%d/%m/%Y}", today=today) == away(first, last)


NAMES = ["Trần Văn Minh", "Lê Minh Hoa", "Nguyễn Thị Lan", "Trần Văn Minh Hoa"]


@pytest.mark.parametrize(
    ("said", "places", "is_sure"),
    [
        pytest.param("Trần Văn Minh", (0,), True, id="as written, though another name goes on"),
        pytest.param("tran van minh", (0,), True, id="without diacritics"),
        pytest.param("minh", (0, 1, 3), False, id="one word of several names"),
        pytest.param("anh Lan", (2,), False, id="one word of one name is asked back"),
        pytest.param("Lê Văn Bảy", (), False, id="nobody"),
        pytest.param("", (), False, id="nothing"),
        pytest.param("anh", (), False, id="a title alone"),
    ],
)
def test_a_name_is_sure_only_where_it_is_whole(said: str, places: tuple[int, ...], is_sure: bool) -> None:
    assert matching(said, NAMES) == (places, is_sure)


def test_two_people_of_one_name_are_never_sure() -> None:
    assert matching("Trần Văn Minh", ["Trần Văn Minh", "Trần Văn Minh"]) == ((0, 1), False)
