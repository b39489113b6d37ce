"""How well replies are read, over a set whose held part was kept aside while the rules were written."""

import signal
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from types import FrameType

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import fold
from bot.domain.replies import Intent, Reading, read_replies, read_reply
from bot.domain.reply_words import is_syllable, plain_words
from tests.bench.replies import CLOSING, TODAY, rows, score

ALL = rows()
LONG = [row for row in ALL if row.source == "long"]
DONE = [row for row in ALL if row.sure and row.intent is Intent.DONE]
SPLITS = ("train", "held")


def _closes(reading: Reading) -> bool:
    return reading.sure and reading.intent in CLOSING


@pytest.mark.parametrize("split", SPLITS)
def test_of_what_would_close_a_task_99_of_100_rightly_do(split: str) -> None:
    found = score(rows(split))

    assert found.closed >= 60
    assert found.precision >= 0.99


@pytest.mark.parametrize("split", SPLITS)
def test_of_clear_replies_95_of_100_are_read_without_asking_back(split: str) -> None:
    assert score(rows(split)).recall >= 0.95


@pytest.mark.parametrize("split", SPLITS)
def test_of_doubtful_replies_95_of_100_are_asked_back(split: str) -> None:
    found = score(rows(split))

    assert found.asked_back / found.doubtful >= 0.95


def test_the_set_is_as_large_as_its_figures_claim_and_no_reply_is_in_both_parts() -> None:
    texts = [row.text for row in ALL]

    assert len(ALL) >= 400
    assert len(rows("held")) >= 150
    assert len(set(texts)) == len(texts)
    assert {row.source for row in rows("held")} == {"short", "long", "hostile", "ack", "english"}


@pytest.mark.parametrize("text", [row.text for row in LONG])
def test_no_long_report_closes_a_task(text: str) -> None:
    reading = read_reply(text, today=TODAY)

    assert not _closes(reading)
    assert reading.note


@pytest.mark.parametrize("row", [row for row in ALL if not row.sure], ids=lambda row: row.text)
def test_no_doubtful_reply_closes_a_task(row: object) -> None:
    assert not _closes(read_reply(getattr(row, "text"), today=TODAY))  # noqa: B009


def _spellings(text: str) -> Iterator[str]:
    yield unicodedata.normalize("NFD", text)
    yield unicodedata.normalize("NFC", text)
    yield text.upper()
    yield text.replace(" ", "  ") + "  "
    yield f"{text}."


# "ạ" and "à", "chỉ" and "chị" part ways only in their marks: what is told by them is not the same without.
TOLD_BY_MARKS = {"xong rồi à?", "đã hoàn thành sớm"}


@given(st.sampled_from([row for row in ALL if row.text.isprintable() and not row.text.endswith((".", "?"))]))
def test_spelling_changes_no_reading(row: object) -> None:
    text = getattr(row, "text")  # noqa: B009
    read = read_reply(text, today=TODAY)

    for spelling in _spellings(text):
        again = read_reply(spelling, today=TODAY)
        assert (again.intent, again.sure, again.percent, again.until) == (
            read.intent,
            read.sure,
            read.percent,
            read.until,
        )


@given(st.sampled_from([row for row in ALL if row.sure and row.text not in TOLD_BY_MARKS]))
def test_what_is_clear_with_marks_is_as_clear_without(row: object) -> None:
    text = getattr(row, "text")  # noqa: B009
    read, again = read_reply(text, today=TODAY), read_reply(fold(text), today=TODAY)

    assert (again.intent, again.sure, again.until) == (read.intent, read.sure, read.until)


@pytest.mark.parametrize(("old", "new"), [("hoà", "hòa"), ("huỷ", "hủy"), ("hoàn", "hòan"), ("thuỷ", "thủy")])
def test_both_places_of_the_tone_are_one_word(old: str, new: str) -> None:
    assert read_reply(f"đã {old} thành", today=TODAY).intent is read_reply(f"đã {new} thành", today=TODAY).intent
    assert fold(old) == fold(new)


NEGATIONS = (
    "chưa",
    "không",
    "ko",
    "k",
    "hông",
    "hổng",
    "chưa có",
    "không thể",
    "chua",
    "khong",
    "chẳng",
    "đâu có",
    "not",
    "sắp",
)


@given(st.sampled_from(DONE), st.sampled_from(NEGATIONS), st.data())
def test_a_negation_anywhere_before_the_closing_words_closes_nothing(
    row: object, negation: str, data: st.DataObject
) -> None:
    words = getattr(row, "text").split()  # noqa: B009
    place = data.draw(st.integers(min_value=0, max_value=max(0, len(words) - 1)))

    reading = read_reply(" ".join([*words[:place], negation, *words[place:]]), today=TODAY)

    assert not (reading.sure and reading.intent is Intent.DONE)


def _slips(word: str) -> Iterator[str]:
    letters = "abcdeghiklmnopqrstuvxyw"
    for place in range(len(word)):
        yield word[:place] + word[place + 1 :]
        yield from (word[:place] + letter + word[place + 1 :] for letter in letters)
        yield from (word[:place] + letter + word[place:] for letter in letters)
        if place:
            yield word[: place - 1] + word[place] + word[place - 1] + word[place + 1 :]
    yield from (word + letter for letter in letters)


# Real words one letter away that deny nothing: thưa, của … are what somebody may mean.
HARMLESS = {"thua", "khoang"}


@pytest.mark.parametrize("negation", ["chua", "chưa", "khong", "không"])
@pytest.mark.parametrize("closing", ["xong", "hoàn thành", "làm xong", "gửi xong rồi"])
def test_a_slip_in_a_denial_never_turns_it_off(negation: str, closing: str) -> None:
    wrong = {f"{slip} {closing}" for slip in _slips(negation) if slip.strip() and fold(slip) not in HARMLESS}

    assert {text for text in wrong if _closes(read_reply(text, today=TODAY))} == set()


@pytest.mark.parametrize(
    ("typed", "plain"),
    [
        ("xogn", "xong"), ("xog", "xong"), ("xonng", "xong"), ("thnah", "thanh"), ("thafnh", "thanh"), ("chuwa", "chua"),
        ("hthanh", "hoan thanh"), ("ht", "hoan thanh"), ("đg", "dang"), ("ko", "khong"), ("đc", "duoc"),
        ("song", "song"), ("thang", "thang"), ("chia", "chia"), ("dan", "dan"), ("xongk", "xongk"), ("thank", "thank"),
    ],
)  # fmt: skip
def test_only_what_is_no_vietnamese_word_is_put_right(typed: str, plain: str) -> None:
    assert plain_words([(typed, fold(typed))]) == [(typed, plain)]


@pytest.mark.parametrize(
    "word",
    ["xong", "chua", "khong", "nghieng", "thuyen", "giuong", "oanh", "uyen", "yeu", "gi", "qua", "ngoeo", "khuya"],
)
def test_a_syllable_is_known_by_its_build(word: str) -> None:
    assert is_syllable(word)


CODES = frozenset({"R3", "R7", "R18"})


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("R18 xong, R7 đang làm", [("R18", "done"), ("R7", "in_progress")]),
        ("R18: xong\nR7: 60%\nR3 vướng kinh phí", [("R18", "done"), ("R7", "in_progress"), ("R3", "blocked")]),
        ("r18 1, r7 2", [("R18", "done"), ("R7", "in_progress")]),
        ("R18 và R7 xong", [("R18", "done"), ("R7", "done")]),
        ("R18,R7 chưa xong", [("R18", "in_progress"), ("R7", "in_progress")]),
        ("dạ em báo cáo R18 xong còn R7 thì chưa ạ", [("R18", "done"), ("R7", "in_progress")]),
        ("đã xong R18, đang làm R7", [("R18", "done"), ("R7", "in_progress")]),
        ("chưa xong R18 và R7", [("R18", "in_progress"), ("R7", "in_progress")]),
        ("R18 xong, R7 xin lùi đến 15/10", [("R18", "done"), ("R7", "extension")]),
        ("R3 xong R3 xong R7 chưa làm", [("R3", "done"), ("R7", "in_progress")]),
    ],
)
def test_a_message_about_several_tasks_says_something_of_each(text: str, told: list[tuple[str, str]]) -> None:
    found = read_replies(text, today=TODAY, codes=CODES)

    assert [(reading.task, str(reading.intent)) for reading in found] == told
    assert all(reading.sure for reading in found)


@pytest.mark.parametrize(
    "text",
    ["xong R18 còn R7 chưa", "không phải R18 xong mà R7 xong", "R18 xong, chưa xong R7", "R18 R7", "đã gửi R18 R7 nhé"],
)
def test_where_nobody_can_tell_which_words_are_whose_nothing_is_sure(text: str) -> None:
    found = read_replies(text, today=TODAY, codes=CODES)

    assert {reading.task for reading in found} == {"R18", "R7"}
    assert not any(_closes(reading) for reading in found if reading.task == "R7")


def test_a_task_that_is_told_of_twice_in_two_ways_is_asked_about() -> None:
    found = {
        reading.task: reading.sure for reading in read_replies("R3 xong R7 xong R3 chưa", today=TODAY, codes=CODES)
    }

    assert found == {"R3": False, "R7": True}


@given(st.text(), st.frozensets(st.text(min_size=1, max_size=4), max_size=4), st.dates())
def test_no_text_on_any_day_raises(text: str, codes: frozenset[str], today: date) -> None:
    readings = read_replies(text, today=today, codes=codes)

    assert len(readings) >= 1
    assert len({reading.task for reading in readings}) == len(readings)


HOSTILE = [
    "a" * 10_000, "a " * 5_000, "!" * 10_000, "! " * 5_000, "1/" * 5_000, "1.000." * 1_700, "đã " * 3_400, "xin " * 2_500,
    "cho em " * 1_500, "không " * 1_700, "vâng, " * 1_700, "R18 " * 2_500, "R18,R7:" * 1_400, "(" * 10_000, "\u0301" * 10_000,
    "xong " * 60 + "x" * 9_000, "từ 1/1 " * 1_400, "của ubnd " * 1_100, "60% " * 2_500, "👍" * 10_000, "cảm ơn " * 1_400,
    "đang gấp rút " * 800, "k" * 39 + " " + "ko " * 3_000, "ngày mốt " * 1_100, " .!" * 3_300, "do sở a a a a " * 700,
]  # fmt: skip


@contextmanager
def _within(seconds: float) -> Iterator[None]:
    def stop(_signal: int, _frame: FrameType | None) -> None:
        raise TimeoutError(f"not read within {seconds} s")

    before = signal.signal(signal.SIGALRM, stop)
    signal.setitimer(signal.ITIMER_REAL, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, before)


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_no_text_takes_long_to_read(text: str) -> None:
    with _within(2):
        read_replies(text, today=TODAY, codes=CODES)
