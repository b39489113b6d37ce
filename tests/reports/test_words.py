"""Numbers, dates and shares as offices write them."""

from datetime import UTC, datetime

import pytest

from bot.reports import words


@pytest.mark.parametrize(
    ("value", "said"),
    [
        pytest.param(None, "—", id="nothing was due"),
        pytest.param(0.0, "0,0%", id="none"),
        pytest.param(1.0, "100,0%", id="all"),
        pytest.param(0.785, "78,5%", id="a comma, not a point"),
        pytest.param(3799 / 3800, "99,9%", id="one missing is not all"),
        pytest.param(1 / 3800, "0,1%", id="one is not none"),
    ],
)
def test_a_share_is_shown_with_one_place(value: float | None, said: str) -> None:
    assert words.share(value) == said


@pytest.mark.parametrize(
    ("value", "before", "said"),
    [
        pytest.param(0.5, 0.4, "tăng 10,0 điểm % so với tuần trước", id="up"),
        pytest.param(0.4, 0.5, "giảm 10,0 điểm % so với tuần trước", id="down"),
        pytest.param(0.5, 0.50001, "không đổi so với tuần trước", id="the same to one place"),
        pytest.param(0.5, None, "", id="no last week"),
        pytest.param(None, 0.5, "", id="nothing due this week"),
    ],
)
def test_a_change_is_told_in_points(value: float | None, before: float | None, said: str) -> None:
    assert words.change(value, before) == said


def test_moments_are_shown_in_local_time() -> None:
    assert words.moment(datetime(2022, 9, 30, 17, 5, tzinfo=UTC)) == "00:05 01/10/2022"


def test_thousands_are_parted_by_dots() -> None:
    assert words.ratio(1202, 1234567) == "1.202/1.234.567"


def test_plain_text_is_composed_and_has_no_control_characters() -> None:
    assert words.plain("Sơ\u0309 \x00\x1b\ud800Nội\tvụ\n") == "Sở Nội\tvụ\n"
