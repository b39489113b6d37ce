"""A frozen week comes back from JSON as it was."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.compliance import Line, Missed, Rates, UnitFigures, WeekFigures, week_from_json, week_to_json
from bot.domain.tallies import Classes, Correction, Corrections, Past, ResultSum, Risk
from bot.texts.week import text

Build = Callable[..., Any]

COUNTS = st.integers(min_value=0, max_value=10**6)
WORDS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
ZONES = st.integers(min_value=-14, max_value=14).map(lambda hours: timezone(timedelta(hours=hours)))
MOMENTS = st.datetimes(min_value=datetime(1990, 1, 1), max_value=datetime(2090, 1, 1), timezones=ZONES)  # noqa: DTZ001 - hypothesis adds the zone
SHARES = st.none() | st.floats(min_value=0, max_value=1)
LINES = st.lists(
    st.builds(Line, task=WORDS, title=WORDS, unit=WORDS, due_at=MOMENTS, note=WORDS, days=st.integers()), max_size=3
).map(tuple)
POINTS = st.floats(min_value=0, max_value=100)
CLASSES = st.builds(Classes, on_time=COUNTS, late=COUNTS, waiting=COUNTS, overdue=COUNTS)
UNITS = st.builds(
    UnitFigures,
    unit_id=WORDS,
    name=WORDS,
    due=COUNTS,
    on_time=COUNTS,
    late=COUNTS,
    waiting=COUNTS,
    overdue=COUNTS,
    not_asked=COUNTS,
    days_late=COUNTS,
    original=st.none() | CLASSES,
    ages=st.just(()) | st.tuples(COUNTS, COUNTS, COUNTS, COUNTS, COUNTS),
    apart=st.dictionaries(WORDS, COUNTS, max_size=2),
    points=st.none() | POINTS,
    risk=POINTS,
    unassigned=COUNTS,
)
WEEKS = st.builds(
    WeekFigures,
    week=WORDS,
    starts=st.dates(),
    ends=st.dates(),
    as_of=MOMENTS,
    plan=WORDS,
    given=COUNTS,
    asked_units=COUNTS,
    units_total=COUNTS,
    in_doubt=COUNTS,
    units=st.lists(UNITS, max_size=4).map(tuple),
    previous=st.none() | st.builds(Rates, done_share=SHARES, on_time_share=SHARES),
    blocked=LINES,
    extensions=LINES,
    overdue=LINES,
    next_week=LINES,
    unanswered=LINES,
    undeliverable=LINES,
    missed=st.none()
    | st.builds(Missed, steps=COUNTS, first_on=st.dates(), last_on=st.dates(), tasks=st.lists(WORDS).map(tuple)),
    skipped=st.lists(WORDS, max_size=2).map(tuple),
    form=st.sampled_from([1, 2]),
    standings=st.dictionaries(WORDS, COUNTS, max_size=2),
    tasks=st.lists(UNITS, max_size=2).map(tuple),
    risks=st.lists(
        st.builds(Risk, id=WORDS, name=WORDS, points=POINTS, source=WORDS, rule=WORDS, overdue=COUNTS, days=COUNTS),
        max_size=2,
    ).map(tuple),
    results=st.lists(
        st.builds(ResultSum, task=WORDS, kind=WORDS, label=WORDS, reports=COUNTS, nothing=COUNTS, done=COUNTS),
        max_size=2,
    ).map(tuple),
    silent=LINES,
    earlier=st.lists(st.builds(Past, why=WORDS, week=WORDS, classes=CLASSES), max_size=3).map(tuple),
    corrections=st.none()
    | st.builds(
        Corrections,
        week=WORDS,
        before=CLASSES,
        after=CLASSES,
        tasks=st.lists(st.builds(Correction, task=WORDS, before=CLASSES, after=CLASSES), max_size=2).map(tuple),
    ),
    beyond=st.dictionaries(WORDS, COUNTS, max_size=2),
    revision=WORDS,
    sha256=st.dictionaries(WORDS, WORDS, max_size=2),
)


@given(week=WEEKS)
def test_a_week_comes_back_from_json_as_it_was(week: WeekFigures) -> None:
    stored = json.dumps(week_to_json(week), ensure_ascii=False)

    assert week_from_json(json.loads(stored)) == week


@given(week=WEEKS)
def test_a_week_that_came_back_is_stored_in_the_same_words(week: WeekFigures) -> None:
    stored = json.dumps(week_to_json(week))

    assert json.dumps(week_to_json(week_from_json(json.loads(stored)))) == stored


def test_a_week_without_an_outage_is_stored_as_before_outages_were_told(make_week: Build) -> None:
    assert not {"missed", "skipped"} & set(week_to_json(make_week()))


OLD = {  # as a summary was frozen before tasks, ages and hashes were: what was published must be read for ever
    "week": "2022-W39",
    "plan": "Kế hoạch số 5610/KH-UBND",
    "given": 6,
    "asked_units": 3,
    "units_total": 4,
    "in_doubt": 0,
    "starts": "2022-09-26",
    "ends": "2022-10-02",
    "as_of": "2022-09-30T03:00:00+00:00",
    "units": [
        {
            "unit_id": "stc",
            "name": "Sở Tài chính",
            "due": 1,
            "on_time": 0,
            "late": 0,
            "waiting": 0,
            "overdue": 1,
            "not_asked": 0,
            "days_late": 2,
        }
    ],
    "previous": {"done_share": 0.5, "on_time_share": None},
    "blocked": [
        {
            "task": "R3",
            "title": "Kế hoạch khắc phục tồn tại",
            "unit": "Sở Tài chính",
            "due_at": "2022-09-28T16:59:59+00:00",
            "note": "chưa có hướng dẫn của Bộ",
            "days": 2,
        }
    ],
    "extensions": [],
    "overdue": [],
    "next_week": [],
    "unanswered": [],
    "undeliverable": [],
    "missed": {"steps": 2, "first_on": "2022-09-27", "last_on": "2022-09-28", "tasks": ["R3"]},
    "skipped": ["2022-W38"],
    "unreachable": ["Sở Xây dựng"],
}
OLD_TEXT = """Số liệu tính đến 10:00 30/09/2022. Kế hoạch số 5610/KH-UBND.
Đã hỏi được 3/4 đơn vị.

1. Tổng quan
Giao 6 · đến hạn 1 · hoàn thành 0 (đúng hạn 0, quá hạn 0) · chờ xác nhận 0 · quá hạn chưa hoàn thành 1.
Do hệ thống dừng, 2 bước nhắc (27/09–28/09/2022) không gửi đúng lúc: R3.
Do hệ thống dừng, không có tổng hợp tuần 38.
Hoàn thành/đến hạn: 0/1 = 0,0% (giảm 50,0 điểm % so với tuần trước).
Đúng hạn/đến hạn: 0/1 = 0,0%.

2. Đơn vị còn nhiệm vụ quá hạn
1. Sở Tài chính: 1 nhiệm vụ quá hạn, tổng 2 ngày; hoàn thành 0/1.

3. Vướng mắc cần lãnh đạo cho ý kiến
- R3 – Sở Tài chính: chưa có hướng dẫn của Bộ.

4. Đề nghị gia hạn chờ quyết định
Không có.

5. Nhiệm vụ đến hạn từ nay đến hết tuần tới
Không có.

6. Đơn vị đã hỏi nhưng chưa cập nhật
Không có.

7. Chưa gửi được
- Sở Xây dựng: hiện không còn ai nhận được tin."""


def test_a_week_of_the_first_form_is_read_and_comes_out_as_it_was_published() -> None:
    week = week_from_json(OLD)

    assert (week.form, week.total.overdue, week.tasks, week.sha256) == (1, 1, (), {})
    assert week_to_json(week) == OLD
    assert text("vi", week) == OLD_TEXT


def test_a_moment_without_a_zone_is_refused(make_week: Build) -> None:
    with pytest.raises(ValueError, match="without a zone"):
        week_to_json(make_week(as_of=datetime(2022, 9, 30, 10)))  # noqa: DTZ001 - the fault under test


@pytest.mark.parametrize(
    "spoil",
    [
        pytest.param(lambda stored: stored.pop("given"), id="a count is missing"),
        pytest.param(lambda stored: stored.update(previous={"share": 1}), id="the rates have another shape"),
        pytest.param(lambda stored: stored.update(units=[{"name": "Sở Nội vụ"}]), id="a unit has no counts"),
        pytest.param(lambda stored: stored.update(as_of="hôm qua"), id="the moment is no moment"),
        pytest.param(lambda stored: stored.update(blocked=None), id="a list is none"),
    ],
)
def test_what_is_no_week_is_refused(make_week: Build, spoil: Build) -> None:
    stored = week_to_json(make_week())
    spoil(stored)

    with pytest.raises(ValueError, match=r"week|isoformat|moment"):
        week_from_json(stored)


def test_the_total_is_the_sum_of_the_units_and_shares_are_over_what_was_due(make_week: Build, make_unit: Build) -> None:
    week = make_week(units=(make_unit("A", 1, 2, 3, 4, not_asked=5, days_late=6), make_unit("B", 10, 0, 0, 0)))

    total = week.total

    assert (total.due, total.on_time, total.late, total.waiting, total.overdue) == (20, 11, 2, 3, 4)
    assert (total.not_asked, total.days_late, total.done) == (5, 6, 13)
    assert (total.done_share, total.on_time_share) == (13 / 20, 11 / 20)


def test_where_nothing_was_due_there_is_no_share(make_week: Build) -> None:
    total = make_week().total

    assert total.done_share is None
    assert total.on_time_share is None


def test_moments_are_stored_in_utc(make_week: Build) -> None:
    local = datetime(2022, 9, 30, 10, 0, tzinfo=timezone(timedelta(hours=7)))

    assert week_to_json(make_week(as_of=local))["as_of"] == datetime(2022, 9, 30, 3, 0, tzinfo=UTC).isoformat()
