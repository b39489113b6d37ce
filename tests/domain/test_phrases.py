"""The deadline phrases of annex tables, both ways."""

import unicodedata
from dataclasses import replace
from datetime import date, time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.domain.calendar import Calendar, local_day
from bot.domain.due import (
    LAST,
    LAST_WORKING,
    After,
    DueRule,
    Every,
    Once,
    Rhythm,
    Several,
    Undated,
    Unset,
    periods,
    together,
)  # fmt: skip
from bot.domain.folding import fold
from bot.domain.phrases import EXAMPLES, PhraseError, read_phrase, say_rule

CONTINUOUS = Rhythm(every=Every.MONTH, continuous=True)
HALF_AND_YEAR = Several(rules=(Rhythm(every=Every.HALF, day=5, first_half=True), Rhythm(every=Every.YEAR, day=5)))


def twice_a_year(one: tuple[int, int], two: tuple[int, int]) -> Several:
    first, second = (Rhythm(every=Every.YEAR, day=day, month=month) for day, month in (one, two))
    return Several(rules=(first, replace(second, turn=2)))


def span(opens: date, day: date) -> Once:
    return Once(day=day, opens=opens)


def going_on(starts: date) -> Rhythm:
    return Rhythm(every=Every.MONTH, continuous=True, starts=starts)


PHRASES: tuple[tuple[str, DueRule], ...] = (
    ("15/12/2022", Once(day=date(2022, 12, 15))),
    ("24.8.2022", Once(day=date(2022, 8, 24))),
    ("24-8-2022", Once(day=date(2022, 8, 24))),
    ("2022-08-24", Once(day=date(2022, 8, 24))),
    ("02/02/2022", Once(day=date(2022, 2, 2))),
    ("2/2/2022", Once(day=date(2022, 2, 2))),
    ("ngày 24 tháng 8 năm 2022", Once(day=date(2022, 8, 24))),
    ("ngày 24 tháng 8/2022", Once(day=date(2022, 8, 24))),
    ("Trước ngày 15/12/2022.", Once(day=date(2022, 12, 15))),
    ("chậm nhất là ngày 20/10/2025", Once(day=date(2025, 10, 20))),
    ("chậm nhất trước ngày 31/12/2025", Once(day=date(2025, 12, 31))),
    ("chậm nhất ngày 31/12/2025", Once(day=date(2025, 12, 31))),
    ("hết ngày 31/12/2022", Once(day=date(2022, 12, 31))),
    ("trước 17h00 ngày 26/10/2025", Once(day=date(2025, 10, 26), at=time(17))),
    ("17 giờ ngày 30/9/2022", Once(day=date(2022, 9, 30), at=time(17))),
    ("trước 16h30 ngày 30/9/2022", Once(day=date(2022, 9, 30), at=time(16, 30))),
    ("17 giờ 30/9/2022", Once(day=date(2022, 9, 30), at=time(17))),
    ("trước 12 giờ ngày 27 tháng 11 năm 2025", Once(day=date(2025, 11, 27), at=time(12))),
    ("trước 24 giờ ngày 31/12/2022", Once(day=date(2022, 12, 31))),
    ("Trong tháng 9/2022", Once(day=date(2022, 9, 30))),
    ("Tháng 02/2024", Once(day=date(2024, 2, 29))),
    ("tháng 9 năm 2022", Once(day=date(2022, 9, 30))),
    ("Quý IV/2022", Once(day=date(2022, 12, 31))),
    ("quý 4 năm 2022", Once(day=date(2022, 12, 31))),
    ("Quý III Năm 2026", Once(day=date(2026, 9, 30))),
    ("(trong) năm 2022", Once(day=date(2022, 12, 31))),
    ("Hoàn thành trong năm 2025", Once(day=date(2025, 12, 31))),
    ("chậm nhất trong năm 2026", Once(day=date(2026, 12, 31))),
    ("hằng tuần", Rhythm(every=Every.WEEK)),
    ("trước 10h00 ngày thứ Sáu hằng tuần", Rhythm(every=Every.WEEK, at=time(10))),
    ("trước 16h00 thứ Sáu hàng tuần", Rhythm(every=Every.WEEK, at=time(16))),
    ("trước 15 giờ ngày thứ 4 hằng tuần", Rhythm(every=Every.WEEK, weekday=2, at=time(15))),
    ("mỗi tuần, hết thứ Hai tuần sau", Rhythm(every=Every.WEEK, weekday=0, following=True)),
    ("hằng tháng", Rhythm(every=Every.MONTH)),
    ("Hằng tháng, trước ngày 25", Rhythm(every=Every.MONTH, day=25)),
    ("hàng tháng trước ngày 05", Rhythm(every=Every.MONTH, day=5)),
    ("mỗi tháng, hết ngày 05; kỳ đầu 05/9/2022", Rhythm(every=Every.MONTH, day=5)),
    ("mỗi tháng (trước ngày 5)", Rhythm(every=Every.MONTH, day=5)),
    ("trước ngày 25 hằng tháng", Rhythm(every=Every.MONTH, day=25)),
    ("hằng tháng, trước ngày 05 của tháng sau kỳ báo cáo", Rhythm(every=Every.MONTH, day=5, following=True)),
    ("Hằng tháng, trước ngày 05 của tháng đầu tiên sau kỳ báo cáo", Rhythm(every=Every.MONTH, day=5, following=True)),
    ("hằng tháng, trước ngày làm việc cuối cùng của tháng", Rhythm(every=Every.MONTH, day=LAST_WORKING)),
    ("hằng quý", Rhythm(every=Every.QUARTER)),
    ("hằng quý, trước ngày 25 của tháng cuối quý", Rhythm(every=Every.QUARTER, day=25)),
    ("trước ngày 25 của tháng cuối quý", Rhythm(every=Every.QUARTER, day=25)),
    ("trước ngày 10 của tháng đầu quý sau", Rhythm(every=Every.QUARTER, day=10, following=True)),
    ("chậm nhất vào ngày 30 của tháng đầu tiên của quý tiếp theo", Rhythm(every=Every.QUARTER, day=30, following=True)),
    ("mỗi quý, hết ngày 15 của tháng thứ hai của quý", Rhythm(every=Every.QUARTER, day=15, month=2)),
    ("06 tháng", Rhythm(every=Every.HALF)),
    ("nửa năm", Rhythm(every=Every.HALF)),
    ("định kỳ 6 tháng", Rhythm(every=Every.HALF)),
    ("06 tháng, trước ngày 05/7", Rhythm(every=Every.HALF, day=5, following=True)),
    ("hằng năm", Rhythm(every=Every.YEAR)),
    ("trước ngày 15 tháng 11 hằng năm", Rhythm(every=Every.YEAR, day=15, month=11)),
    ("hằng năm, trước ngày 31/3", Rhythm(every=Every.YEAR, day=31, month=3)),
    ("trước ngày 15 tháng 11 (hằng năm)", Rhythm(every=Every.YEAR, day=15, month=11)),
    ("Thường xuyên", CONTINUOUS),
    ("Thường xuyên, liên tục", CONTINUOUS),
    ("Nhiệm vụ thường xuyên", CONTINUOUS),
    ("Thường xuyên, báo cáo hằng tháng", CONTINUOUS),
    ("Thường xuyên, định kỳ báo cáo hằng quý", Rhythm(every=Every.QUARTER, continuous=True)),
    ("Thường xuyên, hằng năm", Rhythm(every=Every.YEAR, continuous=True)),
    ("Định kỳ 06 tháng (trước ngày 05 tháng 6) và hằng năm (trước ngày 05 tháng 12)", HALF_AND_YEAR),
    ("Tháng 11 - 12/2025", span(date(2025, 11, 1), date(2025, 12, 31))),
    ("từ tháng 11/2025 đến hết tháng 02/2026", span(date(2025, 11, 1), date(2026, 2, 28))),
    ("Quý IV/2025- Quý II/2026", span(date(2025, 10, 1), date(2026, 6, 30))),
    ("từ quý IV/2022 đến quý II/2028", span(date(2022, 10, 1), date(2028, 6, 30))),
    ("Quý 3 - 4/2022", span(date(2022, 7, 1), date(2022, 12, 31))),
    ("Năm 2025 - 2026", span(date(2025, 1, 1), date(2026, 12, 31))),
    ("2026-2027.", span(date(2026, 1, 1), date(2027, 12, 31))),
    ("Giai đoạn 2026 - 2030", span(date(2026, 1, 1), date(2030, 12, 31))),
    ("6 tháng đầu năm 2023", span(date(2023, 1, 1), date(2023, 6, 30))),
    ("6 tháng cuối năm 2022", span(date(2022, 7, 1), date(2022, 12, 31))),
    ("Từ ngày 19/11/2025 đến ngày 24/12/2025", span(date(2025, 11, 19), date(2025, 12, 24))),
    ("Từ nay đến hết năm 2025", Once(day=date(2025, 12, 31))),
    ("từ nay đến ngày 15/12/2025", Once(day=date(2025, 12, 15))),
    ("Từ 01/7/2025.", going_on(date(2025, 7, 1))),
    ("Quý IV năm 2025 và các năm tiếp theo", going_on(date(2025, 10, 1))),
    ("Năm 2025 và những năm tiếp theo", going_on(date(2025, 1, 1))),
    ("Từ tháng 3 đến tháng 11 hằng năm", Rhythm(every=Every.YEAR, month=11, opens=3)),
    ("từ tháng 11 đến tháng 02 hằng năm", Rhythm(every=Every.YEAR, month=2, opens=11, following=True)),
    ("Thường xuyên, theo yêu cầu nhiệm vụ", CONTINUOUS),
    ("Thường xuyên, định kỳ hằng quý báo cáo về Sở Tài chính", Rhythm(every=Every.QUARTER, continuous=True)),
    ("Hàng tuần / Hàng tháng", Several(rules=(Rhythm(every=Every.WEEK), Rhythm(every=Every.MONTH)))),
    ("trước 15 giờ hằng ngày", Rhythm(every=Every.DAY, at=time(15))),
    ("Hằng ngày", Rhythm(every=Every.DAY)),
    (
        "trước ngày 03 hằng tháng, hằng quý",
        Several(rules=(Rhythm(every=Every.MONTH, day=3), Rhythm(every=Every.QUARTER, day=3, following=True))),
    ),
    ("trước ngày 05 của tháng đầu tiên sau kỳ báo cáo", Rhythm(every=Every.MONTH, day=5, following=True)),
    ("chậm nhất vào ngày 20 của tháng cuối thuộc kỳ báo cáo", Rhythm(every=Every.MONTH, day=20)),
    ("trước ngày làm việc cuối cùng của tháng", Rhythm(every=Every.MONTH, day=LAST_WORKING)),
    ("trước ngày 01/6 và 15/11 hằng năm", twice_a_year((1, 6), (15, 11))),
    ("trước ngày 15 tháng 6 và trước ngày 15 tháng 11 hằng năm", twice_a_year((15, 6), (15, 11))),
    ("15/6/2022 và 15/11/2022", Several(rules=(Once(day=date(2022, 6, 15)), Once(day=date(2022, 11, 15), turn=2)))),
    (
        "Định kỳ hàng tháng (trước ngày 16 hàng tháng), 6 tháng (trước ngày 16/6), tổng kết năm "
        "(trước ngày 20/11 hàng năm) hoặc khi có yêu cầu",
        Several(
            rules=(
                Rhythm(every=Every.MONTH, day=16),
                Rhythm(every=Every.HALF, day=16, first_half=True),
                Rhythm(every=Every.YEAR, day=20, month=11),
            ),
            on_demand=True,
        ),
    ),
    (
        "(trước ngày 18 hàng tháng), 6 tháng (trước ngày 18/5), tổng kết năm (trước ngày 30/11)",
        Several(
            rules=(
                Rhythm(every=Every.MONTH, day=18),
                Rhythm(every=Every.HALF, day=18, month=5, first_half=True),
                Rhythm(every=Every.YEAR, day=30, month=11),
            )
        ),
    ),
    ("hoặc đột xuất khi có yêu cầu", Undated(why=Unset.ON_DEMAND, words="khi có yêu cầu")),
    ("theo đề nghị", Undated(why=Unset.ON_DEMAND, words="khi có yêu cầu")),
)

# These keep the words of an event or a document as they were written: no other spelling of them is the same rule.
IN_WORDS: tuple[tuple[str, DueRule], ...] = (
    ("20 ngày sau khi Tỉnh uỷ ban hành", After(event="Tỉnh uỷ ban hành", days=20)),
    (
        "không quá 30 ngày kể từ ngày kế hoạch của Tỉnh ủy được ban hành",
        After(event="kế hoạch của Tỉnh ủy được ban hành", days=30),
    ),
    (
        "trong thời hạn 05 ngày làm việc kể từ ngày nhận được văn bản.",
        After(event="nhận được văn bản", days=5, working=True),
    ),
    ("chậm nhất 01 ngày trước ngày hết hạn xử lý", After(event="hết hạn xử lý", days=-1)),
    (
        "Sau khi Nghị quyết của HĐND có hiệu lực",
        Undated(why=Unset.UNDETERMINED, words="Sau khi Nghị quyết của HĐND có hiệu lực"),
    ),
    ("Theo kế hoạch", Undated(why=Unset.UNDETERMINED, words="Theo kế hoạch")),
    (
        "Theo Kế hoạch bồi dưỡng công chức, viên chức hàng năm",
        Undated(why=Unset.UNDETERMINED, words="Theo Kế hoạch bồi dưỡng công chức, viên chức hàng năm"),
    ),
    (
        "đảm bảo theo lộ trình, hướng dẫn của Bộ, ngành",
        Undated(why=Unset.UNDETERMINED, words="đảm bảo theo lộ trình, hướng dẫn của Bộ, ngành"),
    ),
    (
        "Từ tháng 11/2025 đến khi kết thúc Tổng kiểm kê",
        replace(going_on(date(2025, 11, 1)), until="kết thúc Tổng kiểm kê"),
    ),
)


@pytest.mark.parametrize(("phrase", "rule"), IN_WORDS, ids=[phrase for phrase, _ in IN_WORDS])
def test_a_phrase_that_waits_for_something_keeps_its_words(phrase: str, rule: DueRule) -> None:
    assert read_phrase(phrase) == read_phrase(unicodedata.normalize("NFD", phrase)) == rule
    assert read_phrase(say_rule(rule)) == rule


@pytest.mark.parametrize(("phrase", "rule"), PHRASES, ids=[phrase for phrase, _ in PHRASES])
def test_what_an_annex_says_is_said_back_as_the_same_rule(phrase: str, rule: DueRule) -> None:
    assert read_phrase(say_rule(rule)) == rule


@pytest.mark.parametrize(("phrase", "rule"), PHRASES, ids=[phrase for phrase, _ in PHRASES])
def test_a_phrase_of_the_annexes_is_one_rule_in_any_spelling(phrase: str, rule: DueRule) -> None:
    spellings = [phrase, fold(phrase), phrase.upper(), unicodedata.normalize("NFD", phrase), f"  {phrase} ;"]

    assert [read_phrase(spelling) for spelling in spellings] == [rule] * len(spellings)


@pytest.mark.parametrize(
    ("phrase", "day"),
    [
        # How the government's own tables write the day: Thông báo 624/TB-VPCP, 16/11/2025, Phụ lục I.
        ("trước ngày 18/10/2025", date(2025, 10, 18)),
        ("trước ngày 01/10/2025", date(2025, 10, 1)),
        ("trước ngày 15/9/2025", date(2025, 9, 15)),
        ("trong tháng 9/2025", date(2025, 9, 30)),
        ("trong tháng 10/2025", date(2025, 10, 31)),
        ("trong Quý III/2025", date(2025, 9, 30)),
    ],
)
def test_a_phrase_means_the_day_that_official_tables_give_it(phrase: str, day: date) -> None:
    found = periods(read_phrase(phrase), starts=date(2025, 1, 1), ends=date(2025, 12, 31), calendar=Calendar())

    assert [local_day(period.due_at) for period in found] == [day]


@pytest.mark.parametrize(
    ("phrase", "why"),
    [
        ("31/9", "tháng 9 chỉ có 30 ngày"),
        ("31/9/2022", "tháng 9/2022 chỉ có 30 ngày"),
        ("trước ngày 30/2/2022", "tháng 2/2022 chỉ có 28 ngày"),
        ("ngày 30 tháng 2 hằng năm", "tháng 2 chỉ có 29 ngày"),
        ("0/1/2022", "tháng 1/2022 chỉ có 31 ngày"),
        ("Quý V/2022", "chỉ có bốn quý"),
        ("quý 5 năm 2022", "chỉ có bốn quý"),
        ("quý 0/2022", "chỉ có bốn quý"),
        ("tháng 13/2022", "chỉ có 12 tháng"),
        ("15/13/2022", "chỉ có 12 tháng"),
        ("25 giờ ngày 1/1/2022", "chỉ có 24 giờ"),
        ("24h30 ngày 1/1/2022", "chỉ có 24 giờ"),
        ("hằng tháng, trước ngày 32", "không có ngày 32"),
        ("hằng tuần, thứ 9", "từ thứ Hai đến Chủ nhật"),
        ("mỗi quý, hết ngày 5 của tháng thứ 4 của quý", "chỉ có 3 tháng"),
        ("06 tháng (trước ngày 05 tháng 12)", "chỉ có 6 tháng"),
        ("Tháng 12 - 9/2022", "kết thúc trước khi bắt đầu"),
        ("05 ngày làm việc kể từ ngày 15/12/2022", "hãy ghi thẳng ngày hạn"),
        ("Quý IV/2025 - Quý V/2026", "chỉ có bốn quý"),
    ],
)
def test_an_impossible_day_is_refused_with_what_is_impossible(phrase: str, why: str) -> None:
    with pytest.raises(PhraseError) as refused:
        read_phrase(phrase)

    assert f'"{phrase}"' in str(refused.value)
    assert why in str(refused.value)


@pytest.mark.parametrize(
    "phrase",
    [
        "", "15/12", "15/12/22", "tháng 9", "quý IV", "trước tháng 9/2022", "hằng quý, trước ngày 25", "cuối tháng",
        "hằng năm, trước ngày 25", "sau ngày 15/12/2022", "đầu tháng 10/2022", "giữa tháng 10/2022",
        "trước ngày 15 tháng 6 và 15 tháng 12", "Từ tháng 3 đến tháng 11", "20 ngày", "20 ngày sau khi", "từ nay",
        "theo kế hoạch, trước ngày 15/12/2022", "24/8.2022", "Hằng quý đến khi xong", "hoặc", "x" * 5000,
    ],
)  # fmt: skip
def test_what_is_not_certain_is_refused_with_the_nearest_forms(phrase: str) -> None:
    with pytest.raises(PhraseError) as refused:
        read_phrase(phrase)

    assert sum(f'"{example}"' in str(refused.value) for example in EXAMPLES) in {2, 3}
    assert len(str(refused.value)) < 500


@pytest.mark.parametrize("phrase", EXAMPLES)
def test_every_form_offered_can_be_read(phrase: str) -> None:
    assert read_phrase(phrase)


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        (Once(day=date(2022, 12, 31)), "hết ngày 31/12/2022"),
        (Once(day=date(2022, 9, 30), at=time(17)), "17 giờ ngày 30/9/2022"),
        (Once(day=date(2022, 2, 5), at=time(16, 30)), "16 giờ 30 ngày 05/02/2022"),
        (Rhythm(every=Every.WEEK, at=time(10)), "mỗi tuần, 10 giờ thứ Sáu"),
        (Rhythm(every=Every.MONTH, day=25), "mỗi tháng, hết ngày 25"),
        (Rhythm(every=Every.MONTH, day=LAST_WORKING), "mỗi tháng, hết ngày làm việc cuối tháng"),
        (Rhythm(every=Every.MONTH, day=5, following=True), "mỗi tháng, hết ngày 05 của tháng sau kỳ báo cáo"),
        (Rhythm(every=Every.QUARTER), "mỗi quý, hết ngày cuối quý"),
        (Rhythm(every=Every.QUARTER, day=10, following=True), "mỗi quý, hết ngày 10 của tháng đầu quý sau"),
        (CONTINUOUS, "thường xuyên, báo cáo mỗi tháng, hết ngày cuối tháng"),
        (Rhythm(every=Every.YEAR, day=15, month=11), "mỗi năm, hết ngày 15/11"),
        (Rhythm(every=Every.YEAR, day=31, month=11), "mỗi năm, hết ngày cuối tháng 11"),
        (Rhythm(every=Every.MONTH, starts=date(2022, 10, 1)), "mỗi tháng, hết ngày cuối tháng, từ ngày 01/10/2022"),
        (HALF_AND_YEAR, "mỗi 6 tháng, hết ngày 05/6 và mỗi năm, hết ngày 05/12"),
        (Rhythm(every=Every.DAY, at=time(15)), "mỗi ngày làm việc, 15 giờ"),
        (Rhythm(every=Every.YEAR, month=11, opens=3), "mỗi năm, từ tháng 3 đến hết tháng 11"),
        (span(date(2025, 11, 1), date(2025, 12, 31)), "từ ngày 01/11/2025 đến hết ngày 31/12/2025"),
        (After(event="nhận văn bản", days=5, working=True), "05 ngày làm việc kể từ ngày nhận văn bản"),
    ],
)
def test_a_rule_is_said_in_one_plain_phrase(rule: DueRule, said: str) -> None:
    assert say_rule(rule) == said


CLOCKS = st.none() | st.times().map(lambda at: at.replace(second=0, microsecond=0))
DAYS = st.dates(min_value=date(1000, 1, 1), max_value=date(2999, 12, 31))
STARTS = st.none() | DAYS
_MONTHS = {Every.MONTH: 1, Every.QUARTER: 3, Every.HALF: 6, Every.YEAR: 12}


@st.composite
def rhythms(draw: st.DrawFn) -> Rhythm:
    """Draw a rhythm in the form in which it is read: an own month only where it is not the usual one."""
    every, following = draw(st.sampled_from(Every)), draw(st.booleans())
    at, continuous, starts = draw(CLOCKS), draw(st.booleans()), draw(STARTS)
    if every is Every.DAY:
        return Rhythm(every=every, at=at, continuous=continuous, starts=starts)
    if every is Every.WEEK:
        return Rhythm(
            every=every, weekday=draw(st.integers(0, 6)), following=following, at=at, continuous=continuous,
            starts=starts,
        )  # fmt: skip
    month = draw(st.none() | st.integers(1, _MONTHS[every]))
    usual = 1 if following else _MONTHS[every]
    day = draw(st.sampled_from((LAST, LAST_WORKING)) | st.integers(1, 28 if every is Every.YEAR else 31))
    return Rhythm(
        every=every, day=day, month=None if month == usual else month, following=following, at=at,
        continuous=continuous, starts=starts,
    )  # fmt: skip


@settings(max_examples=500)
@given(st.builds(Once, day=DAYS, at=CLOCKS) | rhythms())
def test_what_is_said_is_read_as_the_same_rule(rule: Once | Rhythm) -> None:
    assert read_phrase(say_rule(rule)) == rule


@given(st.lists(rhythms(), min_size=2, max_size=4), st.booleans())
def test_several_rhythms_are_read_back_together(rules: list[Rhythm], on_demand: bool) -> None:
    rule = together(rules, on_demand=on_demand)

    assert read_phrase(say_rule(rule)) == rule


VOCABULARY = (
    "trước ngày 31 31/9/2022 30/4/2022 tháng quý IV/2022 năm 2022 hằng mỗi tuần thứ Sáu và , ( ) 17h00 của cuối đầu "
    "sau kỳ thường xuyên báo cáo định 06 / 0 99/99/9999 từ 00/00/0000 giờ"
)
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.text() | st.lists(WORDS, max_size=12).map(" ".join))
def test_any_text_is_a_rule_or_a_phrase_error(text: str) -> None:
    try:
        rule = read_phrase(text)
    except PhraseError as error:
        assert "Cách viết gần nhất" in str(error)  # noqa: PT017
    else:
        assert read_phrase(say_rule(rule)) == rule
