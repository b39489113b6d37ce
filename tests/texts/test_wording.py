"""Days, dues, periods, counts, shares and what people typed, as they are written."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.domain.calendar import LOCAL, Calendar
from bot.domain.due import Every, Rhythm, periods
from bot.texts import clock, day, days, due, in_period, minute, period_name, sentence, shortened
from bot.texts.numbers import change, number, percent
from bot.texts.tasks import left
from tests.texts.making import NOW


def local(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=LOCAL).astimezone(UTC)


@pytest.mark.parametrize(
    ("period", "vietnamese", "english"),
    [
        pytest.param("once", "", "", id="once"),
        pytest.param("2022", "năm 2022", "2022", id="year"),
        pytest.param("2022-H1", "6 tháng đầu năm 2022", "first half of 2022", id="first half"),
        pytest.param("2022-H2", "6 tháng cuối năm 2022", "second half of 2022", id="second half"),
        pytest.param("2022-Q4", "quý IV/2022", "quarter IV of 2022", id="quarter"),
        pytest.param("2022-09", "tháng 9/2022", "09/2022", id="month"),
        pytest.param("2022-09-05", "ngày 05/09/2022", "05/09/2022", id="day"),
        pytest.param("once.2", "lần 2", "no. 2", id="the second single day"),
        pytest.param("2022.2", "năm 2022, lần 2", "2022, no. 2", id="twice a year"),
        pytest.param("2023-W01", "tuần 1/2023", "week 1 of 2023", id="week"),
    ],
)
def test_a_period_has_a_name(period: str, vietnamese: str, english: str) -> None:
    assert (period_name(period, "vi"), period_name(period, "en")) == (vietnamese, english)
    assert in_period(period, "vi") == (f" ({vietnamese})" if vietnamese else "")


@pytest.mark.parametrize("every", Every)
def test_every_period_that_a_rule_makes_has_a_name_of_its_own(every: Every) -> None:
    made = periods(Rhythm(every=every), starts=date(2022, 1, 1), ends=date(2024, 12, 31), calendar=Calendar())
    found = [period_name(period.key, "vi") for period in made]

    assert all(found)
    assert len(set(found)) == len(found) > 1


@pytest.mark.parametrize(
    ("moment", "said"),
    [
        pytest.param(local(2022, 10, 5, 23, 59, 59), "05/10/2022", id="the end of a day is the day"),
        pytest.param(local(2022, 10, 5, 17, 0), "17:00 05/10/2022", id="an hour"),
        pytest.param(local(2022, 10, 5, 0, 0), "00:00 05/10/2022", id="midnight is an hour"),
        pytest.param(datetime(2022, 12, 31, 18, 0, tzinfo=UTC), "01:00 01/01/2023", id="the local year"),
    ],
)
def test_a_due_is_its_day_and_its_hour_where_it_has_one(moment: datetime, said: str) -> None:
    assert due(moment) == said


def test_moments_are_local() -> None:
    eve = datetime(2022, 12, 31, 17, 30, tzinfo=UTC)

    assert (minute(eve), clock(eve), day(eve)) == ("00:30 01/01/2023", "00:30 01/01", "01/01/2023")


@pytest.mark.parametrize(
    ("starts", "ends", "said"),
    [
        pytest.param(date(2022, 9, 26), date(2022, 10, 2), "26/09–02/10/2022", id="within a year"),
        pytest.param(date(2022, 12, 26), date(2023, 1, 1), "26/12/2022–01/01/2023", id="across New Year"),
    ],
)
def test_a_span_names_each_year_once(starts: date, ends: date, said: str) -> None:
    assert days(starts, ends) == said


@pytest.mark.parametrize(
    ("due_at", "said"),
    [
        pytest.param(NOW - timedelta(days=2), "quá hạn 2 ngày", id="two days past"),
        pytest.param(NOW - timedelta(hours=9), "quá hạn 1 ngày", id="yesterday late at night"),
        pytest.param(NOW - timedelta(minutes=1), "vừa quá hạn", id="earlier today: not a day yet"),
        pytest.param(NOW, "đến hạn hôm nay", id="this very moment is in time"),
        pytest.param(local(2022, 9, 26, 23, 59, 59), "đến hạn hôm nay", id="tonight"),
        pytest.param(local(2022, 9, 27, 0, 0), "đến hạn ngày mai", id="tomorrow from midnight"),
        pytest.param(local(2022, 9, 29, 17, 0), "còn 3 ngày", id="three days"),
    ],
)
def test_how_far_a_due_is_counts_local_days(due_at: datetime, said: str) -> None:
    assert left("vi", due_at, NOW) == said


@pytest.mark.parametrize(
    ("share", "said"),
    [
        pytest.param(None, "—", id="nothing was due"),
        pytest.param(0.0, "0,0%", id="nothing"),
        pytest.param(1.0, "100,0%", id="all"),
        pytest.param(3799 / 3800, "99,9%", id="one missing is not all"),
        pytest.param(1 / 3800, "0,1%", id="one is not nothing"),
        pytest.param(1 / 3, "33,3%", id="down"),
        pytest.param(2 / 3, "66,7%", id="up"),
        pytest.param(1 / 16, "6,3%", id="a half goes up"),
        pytest.param(201 / 400, "50,3%", id="a half that no float holds"),
    ],
)
def test_a_share_has_one_place(share: float | None, said: str) -> None:
    assert percent(share, "vi") == said
    assert percent(share, "en") == said.replace(",", ".")


@given(whole=st.integers(min_value=1, max_value=100_000), part=st.integers(min_value=0, max_value=100_000))
@example(whole=100_000, part=99_999)
def test_only_all_is_shown_as_all_and_only_nothing_as_nothing(whole: int, part: int) -> None:
    part = min(part, whole)
    said = percent(part / whole, "vi")

    assert (said == "100,0%") == (part == whole)
    assert (said == "0,0%") == (part == 0)


@given(whole=st.integers(min_value=1, max_value=100_000), part=st.integers(min_value=0, max_value=100_000))
def test_a_share_is_rounded_as_on_paper(whole: int, part: int) -> None:
    part = min(part, whole)
    tenths = (2000 * part + whole) // (2 * whole)  # in whole numbers: halves up
    if 0 < part < whole:
        tenths = min(max(tenths, 1), 999)

    assert percent(part / whole, "vi") == f"{tenths // 10},{tenths % 10}%"


@pytest.mark.parametrize(
    ("share", "before", "said"),
    [
        pytest.param(0.5, 0.4, "tăng 10,0 điểm % so với tuần trước", id="up"),
        pytest.param(0.4, 0.5, "giảm 10,0 điểm % so với tuần trước", id="down"),
        pytest.param(2 / 3, 1 / 3, "tăng 33,4 điểm % so với tuần trước", id="what the reader finds: 66,7 less 33,3"),
        pytest.param(0.5, 0.50001, "không đổi so với tuần trước", id="the same as shown"),
        pytest.param(0.5, None, "", id="no last week"),
        pytest.param(None, 0.5, "", id="nothing due this week"),
    ],
)
def test_a_change_is_the_difference_of_what_is_shown(share: float | None, before: float | None, said: str) -> None:
    assert change(share, before, "vi") == said


def test_thousands_are_parted_in_the_way_of_the_language() -> None:
    assert (number(1234567, "vi"), number(1234567, "en"), number(598, "vi")) == ("1.234.567", "1,234,567", "598")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("ngắn gọn", "ngắn gọn", id="short enough"),
        pytest.param("một  hai\n ba", "một hai ba", id="flat"),
        pytest.param("một hai ba bốn, năm", "một hai ba…", id="at a word"),
        pytest.param("một hai, ba bốn năm", "một hai, ba…", id="inside keeps its comma"),
        pytest.param("x" * 30, "x" * 11 + "…", id="one long word"),
        pytest.param(" \n ", "", id="nothing"),
    ],
)
def test_a_text_is_shortened_at_a_word(text: str, said: str) -> None:
    assert shortened(text, 12) == said


@given(text=st.text(), length=st.integers(min_value=1, max_value=50))
def test_a_shortened_text_fits_and_is_on_one_line(text: str, length: int) -> None:
    said = shortened(text, length)

    assert len(said) <= length
    assert "\n" not in said


@pytest.mark.parametrize(
    ("text", "said"),
    [
        pytest.param("thiếu danh sách", "thiếu danh sách.", id="gets a stop"),
        pytest.param("thiếu danh sách. ", "thiếu danh sách.", id="has one"),
        pytest.param("vì sao?", "vì sao?", id="a question"),
        pytest.param("còn nữa…", "còn nữa…", id="an ellipsis"),
        pytest.param("dài " * 100, "dài " * 74 + "dài…", id="cut"),
        pytest.param("", "", id="nothing stays nothing"),
    ],
)
def test_what_somebody_typed_ends_in_one_stop(text: str, said: str) -> None:
    assert sentence(text) == said
