"""What the three files say is what comes out: text stays text, and a bare value means one thing."""

from dataclasses import replace
from datetime import date, time
from pathlib import Path
from unicodedata import normalize

import pytest

from bot.catalogue import CatalogueError, CatalogueTexts, load_catalogue, parse_catalogue, read_texts
from bot.domain.due import LAST, LAST_WORKING, After, DueRule, Every, Once, Rhythm, Several, Undated, Unset, together
from bot.domain.phrases import say_rule
from bot.domain.plan import Escalation, Offset, OffsetUnit, Result, ResultKind, Role, Task

HOME = Path(__file__).parent / "small"
SMALL = read_texts(HOME)


def with_plan(old: str, new: str) -> CatalogueTexts:
    text = SMALL.plan.decode()
    assert text.count(old) == 1, "the place to change must be one place"
    return replace(SMALL, plan=text.replace(old, new).encode())


def task_r2(old: str, new: str) -> Task:
    return parse_catalogue(with_plan(old, new)).plan.tasks["R2"]


@pytest.mark.parametrize("written", ["no", "007", "17:00", "1_000", "null", "~", "yes", "2022-09-30", '"no"', "'no'"])
def test_a_scalar_stays_the_text_that_was_written(written: str) -> None:
    assert task_r2("title: Kế hoạch\n", f"title: {written}\n").title == written.strip("\"'")


@pytest.mark.parametrize("written", ["17:00", '"17:00"', "17h", "17h00", "17 giờ"])
def test_an_hour_is_a_time_where_a_time_is_wanted(written: str) -> None:
    assert task_r2("2022-09-30", f"{{date: 2022-09-30, at: {written}}}").due == Once(day=date(2022, 9, 30), at=time(17))


@pytest.mark.parametrize("written", ["2022-09-30", "30/09/2022", "30/9/2022", "30.9.2022", "30-9-2022", '"30/9/2022"'])
def test_a_bare_date_is_owed_by_its_end(written: str) -> None:
    task = task_r2("2022-09-30", written)

    assert task.due == Once(day=date(2022, 9, 30))
    assert task.due_text == say_rule(task.due)


def rhythm(**kept: object) -> Rhythm:
    return replace(Rhythm(every=Every.MONTH), **kept)  # type: ignore[arg-type]  # a table names its own fields


@pytest.mark.parametrize(
    ("written", "rule"),
    [
        ("{every: month}", rhythm(day=LAST)),
        ("{every: month, day: last_working}", rhythm(day=LAST_WORKING)),
        ("{every: month, day: 5, following: true}", rhythm(day=5, following=True)),
        ("{every: month, day: 05, following: có}", rhythm(day=5, following=True)),
        ("{every: week}", rhythm(every=Every.WEEK, weekday=4)),
        ("{every: week, on: thứ tư, at: 10:00}", rhythm(every=Every.WEEK, weekday=2, at=time(10))),
        ("{every: week, on: chu nhat}", rhythm(every=Every.WEEK, weekday=6)),
        ("{every: quarter, month: 3, day: 20}", rhythm(every=Every.QUARTER, month=3, day=20)),
        ("{every: quarter, day: 20, from: 01/07/2022}", rhythm(every=Every.QUARTER, day=20, starts=date(2022, 7, 1))),
        ("{every: year, month: 12, day: 15}", rhythm(every=Every.YEAR, month=12, day=15)),
        ("{continuous: true, check: month, day: last}", rhythm(continuous=True)),
        ("Hằng tháng, trước ngày 25", rhythm(day=25)),
        ("[{every: half}, {every: year}]", Several(rules=(rhythm(every=Every.HALF), rhythm(every=Every.YEAR)))),
        ("[2022-09-30]", Once(day=date(2022, 9, 30))),
        ("[2022-09-30, 2022-10-30]", together([Once(day=date(2022, 9, 30)), Once(day=date(2022, 10, 30))])),
        ("{every: day, at: 15:00}", rhythm(every=Every.DAY, at=time(15))),
        ("{after: Tỉnh ủy ban hành, days: 20}", After(event="Tỉnh ủy ban hành", days=20)),
        ("{after: họp, working_days: -2}", After(event="họp", days=-2, working=True)),
        ("20 ngày sau khi Tỉnh ủy ban hành", After(event="Tỉnh ủy ban hành", days=20)),
        ("Khi có yêu cầu", Undated(why=Unset.ON_DEMAND, words="khi có yêu cầu")),
    ],
)
def test_an_exact_due_form_means_one_rule(written: str, rule: DueRule) -> None:
    assert task_r2("2022-09-30", written).due == rule


def test_the_phrase_of_the_annex_is_kept_to_be_shown() -> None:
    assert task_r2("2022-09-30", "Quý IV/2022").due_text == "Quý IV/2022"
    assert task_r2("due: 2022-09-30", "due: 2022-09-30\n    due_text: Cuối quý III").due_text == "Cuối quý III"


def test_a_phrase_that_cannot_be_read_is_named_with_its_task() -> None:
    with pytest.raises(CatalogueError, match=r"plan_tasks\.yaml:32:10: nhiệm vụ R2: «due»: .*khi nào rảnh"):
        parse_catalogue(with_plan("2022-09-30", "khi nào rảnh"))


def test_the_small_catalogue_says_what_it_says() -> None:
    catalogue = load_catalogue(HOME)
    plan, first, nhe = catalogue.plan, catalogue.plan.tasks["R1"], catalogue.plan.policies["nhe"]

    assert (plan.number, plan.office, plan.criteria_rule) == ("1/KH-UBND", "snv", "QĐ 1149/QĐ-BNV")
    assert first.result == Result(kind=ResultKind.RATIO, of="đã làm", over="phải làm", target=100)
    assert (nhe.remind, nhe.overdue, nhe.every, nhe.stop, nhe.at) == (
        (Offset(amount=-3), Offset(amount=0)), (Offset(amount=1),), 7, 30, time(9, 30),
    )  # fmt: skip
    assert nhe.escalate == (Escalation(after=Offset(amount=3, unit=OffsetUnit.WORKING_DAYS), to=Role.HEAD),)
    assert list(map(str, plan.policies["default"].remind)) == ["-7d", "-3d", "-1d", "0d"]
    assert catalogue.calendar.is_working_day(date(2022, 12, 31))


def test_owners_become_living_units_in_the_order_of_the_registry() -> None:
    first = load_catalogue(HOME).plan.tasks["R1"]
    doubled = task_r2("owners: [snv]", "owners: [tamky, huyen, snv, so]")
    mixed = task_r2("owners: [snv]", "owners: [noi-vu]")

    assert mixed.units == ("snv",), "a unit of the past is not meant by a group"
    assert (first.owners, first.units) == (("toan-tinh",), ("snv", "stc", "tamky"))
    assert doubled.units == ("snv", "stc", "tamky")


def test_accents_written_in_pieces_are_put_together() -> None:
    pieces = replace(SMALL, plan=normalize("NFD", SMALL.plan.decode()).encode())

    assert parse_catalogue(pieces).plan.tasks == parse_catalogue(SMALL).plan.tasks


@pytest.mark.parametrize(
    "content", [b"\xef\xbb\xbf" + SMALL.plan, SMALL.plan.replace(b"\n", b"\r\n")], ids=["BOM", "CRLF"]
)
def test_the_marks_of_an_office_editor_change_nothing(content: bytes) -> None:
    assert parse_catalogue(replace(SMALL, plan=content)).plan == parse_catalogue(SMALL).plan


def test_the_digest_follows_the_texts_and_nothing_else() -> None:
    again = replace(SMALL, plan_file="khac.yaml")

    assert parse_catalogue(again).digest == parse_catalogue(SMALL).digest == SMALL.digest
    assert parse_catalogue(with_plan("Báo cáo", "Báo cáo quý")).digest != SMALL.digest


def test_a_year_that_the_file_leaves_out_is_taken_from_the_library() -> None:
    text = SMALL.calendar.replace(b"  - {date: 2023-01-02, source: \xc4\x90i\xe1\xbb\x81u 112}\n", b"")
    calendar = parse_catalogue(replace(SMALL, calendar=text)).calendar

    assert not calendar.is_working_day(date(2023, 1, 20)), "29 Tết, known to the library"
    assert calendar.is_working_day(date(2022, 4, 11)), "a year that the file lists is the file's alone"
