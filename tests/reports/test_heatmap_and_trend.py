"""The heat map and the trend can be read without colours, and stay on the page."""

import re
from io import BytesIO
from xml.etree import ElementTree

from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.domain.grid import Grid, Mark, Spot
from bot.domain.tallies import Classes
from bot.reports.heatmap import LOOKS, heatmap_png, heatmap_svg, mark_words
from bot.reports.trend import trend_png, trend_svg
from tests.reports.test_chart import texts

UNIT = "Sở Lao động - Thương binh và Xã hội"


def grid(spots: dict[tuple[str, str], Spot]) -> Grid:
    units, tasks = ({pair[place]: None for pair in spots} for place in (0, 1))
    return Grid(units=tuple(units), tasks=tuple(tasks), spots=spots, names={unit: unit for unit in units})


def one(mark: Mark, count: int = 1) -> Grid:
    return grid({(UNIT, "R1"): Spot(mark=mark, count=count)})


def classes(done: int, late: int = 0, overdue: int = 0) -> Classes:
    return Classes(on_time=done, late=late, waiting=0, overdue=overdue)


def told(of: Grid) -> list[str]:
    return texts(heatmap_svg(of, title="Kế hoạch số 5610/KH-UBND", as_of="Số liệu tính đến 10:00 30/09/2022"))


def test_every_mark_has_a_letter_of_its_own_and_stands_in_the_legend() -> None:
    said = told(one(Mark.OVERDUE))

    assert len({letter for letter, _, _ in LOOKS.values()}) == len(Mark)
    assert all(letter in said and name in said for letter, name, _ in LOOKS.values())
    hatched = {fill.mark for _, _, fill in LOOKS.values() if fill.mark}
    assert len(hatched) == 3


def test_a_cell_says_how_many_where_there_are_several() -> None:
    assert mark_words(Spot(mark=Mark.OVERDUE, count=3)) == "Q3"
    assert mark_words(Spot(mark=Mark.OVERDUE, count=1)) == "Q"
    assert mark_words(Spot(mark=Mark.OPEN, count=9)) == "·"
    assert mark_words(None) == ""
    assert "Q12" in told(one(Mark.OVERDUE, 12))


def test_the_tasks_with_the_most_overdue_are_kept_and_the_rest_is_counted() -> None:
    late = Spot(mark=Mark.OVERDUE, count=1)
    fine = Spot(mark=Mark.ON_TIME, count=1)
    every = {(f"xã {unit}", f"R{task}"): late if task > 30 else fine for unit in range(30) for task in range(40)}

    said = told(grid(every))

    assert {f"R{task}" for task in range(31, 40)} <= set(said)
    assert "… và 6 đơn vị khác, 20 nhiệm vụ khác" in said


def test_long_codes_stand_upright_and_nothing_leaves_the_page() -> None:
    spots = {(UNIT, f"NHIEM-VU-2022-{number}"): Spot(mark=Mark.WAITING, count=120) for number in range(20)}

    svg = heatmap_svg(grid(spots), title="x" * 300, as_of="")

    assert "rotate(-90" in svg
    boxes = re.findall(r'<rect x="([\d.]+)" y="[\d.]+" width="([\d.]+)"', svg)
    assert max(float(x) + float(width) for x, width in boxes[1:]) <= 960.1


@given(name=st.text(min_size=1, max_size=60), task=st.text(min_size=1, max_size=40))
def test_any_names_make_a_well_formed_map(name: str, task: str) -> None:
    svg = heatmap_svg(grid({(name, task): Spot(mark=Mark.LATE, count=2)}), title=name, as_of=task)

    assert ElementTree.fromstring(svg).tag.endswith("svg")


def test_an_empty_grid_says_so() -> None:
    assert "Chưa có nhiệm vụ nào." in told(Grid(units=(), tasks=(), spots={}, names={}))


def test_the_trend_writes_every_value_with_its_parts_and_tells_the_lines_apart_by_dashes() -> None:
    svg = trend_svg([("2022-W38", classes(6, 2, 2)), ("2022-W39", classes(7, 2, 1))], title="Tỷ lệ")

    said = texts(svg)
    assert {"Tuần 38", "Tuần 39", "80,0%", "60,0%", "90,0%", "70,0%", "8/10", "6/10", "9/10", "7/10"} <= set(said)
    assert {"Hoàn thành / đến hạn", "Đúng hạn / đến hạn"} <= set(said)
    assert svg.count("<polyline") == 4  # two curves, two in the legend
    assert svg.count("stroke-dasharray") == 2


def test_the_trend_keeps_the_last_twelve_weeks_in_order_whatever_order_they_come_in() -> None:
    weeks = [(f"2022-W{number}", classes(number)) for number in range(10, 40)]

    said = texts(trend_svg(list(reversed(weeks)), title="Tỷ lệ"))

    assert [text for text in said if text.startswith("Tuần")] == [f"Tuần {number}" for number in range(28, 40)]


def test_a_week_without_dues_is_a_gap_and_not_a_zero() -> None:
    svg = trend_svg([("2022-W37", classes(1)), ("2022-W38", classes(0)), ("2022-W39", classes(1))], title="Tỷ lệ")

    assert svg.count("<polyline") == 2  # only the legend's: no line crosses the gap
    assert "0,0%" not in texts(svg)


def test_no_week_at_all_says_so() -> None:
    assert "Chưa có tuần nào được phát hành." in texts(trend_svg([], title="Tỷ lệ"))


def test_equal_values_give_equal_pictures_and_differ_in_grey() -> None:
    late, fine = (heatmap_png(one(mark), title=UNIT, as_of="") for mark in (Mark.OVERDUE, Mark.ON_TIME))
    trend = trend_png([("2022-W39", classes(1))], title=UNIT)

    assert late == heatmap_png(one(Mark.OVERDUE), title=UNIT, as_of="")
    assert trend == trend_png([("2022-W39", classes(1))], title=UNIT)
    assert Image.open(BytesIO(trend)).width == Image.open(BytesIO(late)).width == 1600
    greys = [Image.open(BytesIO(raw)).convert("L").histogram() for raw in (late, fine)]
    assert sum(abs(a - b) for a, b in zip(*greys, strict=True)) > 1000
