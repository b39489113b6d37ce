"""Short replies of focal points."""

import unicodedata
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.domain.folding import fold
from bot.domain.replies import Intent, Reading, read_reply

TODAY = date(2022, 9, 23)  # a Friday
CODES = frozenset({"R1", "R7", "R18"})

# Each row is sure unless it stands in one of the unsure tables below.
SURE: dict[Intent, str] = {
    Intent.DONE: (
        "đã xong|xong rồi|xong r|xog|da xong|xong|done|ok xong|đã hoàn thành|hoan thanh|HT|đã HT"
        "|đã báo cáo rồi|đã gửi BC số 12/BC-UBND|đã ban hành|100%|vâng, đã xong ạ|dạ đơn vị đã xong"
        "|đã làm xong|đã hoàn thành nhiệm vụ|ĐÃ HOÀN THÀNH.|đã hoàn thành số 12/BC-SNV ngày 20/9/2022"
        "|hoàn thành 100%|đã nộp rồi|đã gửi rồi ạ|completed|finished|submitted|R18 xong|r18 đã xong|R18: xong"
        "|xong R18|R18 1|R18:1|r18 1.|đã đăng tải|đã công khai|xong hết rồi|em đã báo cáo rồi ạ"
        "|thực hiện xong"
    ),
    Intent.IN_PROGRESS: (
        "chưa xong|chua xong|chưa hoàn thành|ch xong|chx|chưa làm|chua lam|chưa triển khai|chưa thực hiện"
        "|ko xong|k kịp|không kịp|gần xong|sắp xong|xong 1 phần|xong một phần|cơ bản hoàn thành|cơ bản xong"
        "|xong dự thảo|chưa ạ|vẫn chưa|bên em thì chưa|đang làm|dang lam|đang triển khai|đang thực hiện"
        "|đang dự thảo|đang tham mưu|đang lấy ý kiến|đang tổng hợp|đang trình ký|đã trình lãnh đạo|chờ ký"
        "|chờ ý kiến Sở Tài chính|60%|đang làm 60%|60 phần trăm|được 7/10|12/18 xã|hoàn thành 60%"
        "|xong 12/18 xã|0%|chưa xong, mới 60%|đang làm nhưng chưa xong|not yet|not done|in progress"
        "|in progress 60%|working on it|haven't finished|almost done|R18 2|R18 đang làm 60%|R18: đang làm 60%"
        "|R18 2 60%|chưa báo cáo|dạ em đang làm ạ|đang hoàn thành|chưa kịp làm"
    ),
    Intent.BLOCKED: (
        "vướng|vướng mắc|khó khăn|đang vướng|gặp khó khăn|chưa làm được vì phần mềm lỗi|do chưa có hướng dẫn"
        "|chưa có kinh phí|thiếu biên chế|chờ hướng dẫn của Bộ|phần mềm lỗi|phần mềm bị lỗi"
        "|vướng: chưa có hướng dẫn|chưa xong, vướng kinh phí|không làm được|blocked|stuck"
        "|blocked because no budget|R18 3|R18 vướng phần mềm"
    ),
    Intent.EXTENSION: (
        "xin lùi đến 15/10|xin lui 15/10|xin lùi hạn|xin dời sang tuần sau|xin gia hạn 5 ngày|gia hạn"
        "|xin thêm 1 tuần|cho em xin đến cuối tháng|xin tới thứ 6|đề nghị gia hạn đến 31/10|xin hoãn"
        "|xin lùi đến 15/10 lý do chờ ký|chưa xong, xin lùi đến 30/9|extend to 15 Oct|need more time|R18 4"
        "|R18 4 15/10|R18 xin gia hạn đến hết quý|không kịp, xin lùi đến 30/9"
    ),
    Intent.NOT_OURS: (
        "không thuộc thẩm quyền|không thuộc đơn vị em|ko thuộc nhiệm vụ của đơn vị|nhầm đơn vị|gửi nhầm"
        "|của Sở KH&CN|việc này của Sở Tài chính|đề nghị chuyển Sở Tài chính|trả lại|không phải của đơn vị"
        "|wrong unit|not ours|R18 5"
    ),
    Intent.NOT_APPLICABLE: (
        "không phát sinh|khong phat sinh|KPS|không có hồ sơ trễ|R18 không phát sinh|n/a|dạ không phát sinh ạ"
    ),
    Intent.ACK: (
        "dạ|vâng|ok|oke|đã rõ|da ro|nhận được|em nhận rồi|đã nhận|cảm ơn|👍|👍🏻|❤️|vâng ạ|dạ em rõ rồi ạ|noted"
        "|thanks|got it|received|ok em cảm ơn anh"
    ),
}  # fmt: skip
SURE_ROWS = [(text, intent) for intent, texts in SURE.items() for text in texts.split("|")]

UNSURE = (
    ("đã nộp chưa?", Intent.UNKNOWN),
    ("đã nộp chưa", Intent.UNKNOWN),
    ("xong chưa em", Intent.UNKNOWN),
    ("khi nào phải xong", Intent.UNKNOWN),
    ("has it been done?", Intent.UNKNOWN),
    ("cho em xin lùi đến 15/10 được không ạ?", Intent.EXTENSION),
    ("đã hoàn thành nâng cấp Hệ thống", Intent.DONE),
    ("đã hoàn thành báo cáo xin ý kiến Bộ trưởng", Intent.IN_PROGRESS),
    ("sẽ hoàn thành trước 15/10", Intent.IN_PROGRESS),
    ("sẽ hoàn thành trước 7/10", Intent.IN_PROGRESS),
    ("dự kiến xong tuần sau", Intent.IN_PROGRESS),
    ("đã xong nhưng vướng phần mềm", Intent.BLOCKED),
    ("không vướng gì, đã xong", Intent.IN_PROGRESS),
    ("không vướng mắc gì", Intent.UNKNOWN),
    ("đã xong, xin lùi đến 15/10", Intent.EXTENSION),
    ("xin lùi đến 31/9", Intent.EXTENSION),
    ("xin lùi 20/10 âm lịch", Intent.EXTENSION),
    ("hết quý", Intent.EXTENSION),
    ("7/10", Intent.IN_PROGRESS),
    ("xong 7/10", Intent.IN_PROGRESS),
    ("xong 18/18 xã", Intent.DONE),
    ("không có", Intent.UNKNOWN),
    ("ok em làm ngay", Intent.UNKNOWN),
    ("1", Intent.UNKNOWN),
    ("5", Intent.UNKNOWN),
    ("6", Intent.UNKNOWN),
    ("R18 xong, R7 đang làm", Intent.UNKNOWN),
    ("R180 xong", Intent.DONE),
    ("R18", Intent.UNKNOWN),
    ("150%", Intent.UNKNOWN),
    ("mặc dù khó nhưng xong", Intent.IN_PROGRESS),
    ("asdf", Intent.UNKNOWN),
    ("", Intent.UNKNOWN),
    ("?", Intent.UNKNOWN),
)
# After the real ones of Thông báo 624/TB-VPCP: unfinished work told with words of the finished.
LONG_UNFINISHED = (
    "Đã hoàn thành nâng cấp Hệ thống theo yêu cầu. Dự kiến tập huấn cho các địa phương trong tháng 11/2025",
    "Bộ đã hoàn thành báo cáo xin ý kiến Bộ trưởng trước khi trình Chính phủ xem xét quyết định",
    "đã có văn bản gửi các cơ quan liên quan đề nghị cho ý kiến, đã hoàn thành tổng hợp bước một",
    "Sở đã hoàn thành dự thảo Tờ trình và gửi lấy ý kiến các ngành, sau đó tiếp thu để trình UBND tỉnh",
    "Đơn vị đã hoàn thành việc rà soát danh mục tài sản và đã gửi Sở Tài chính thẩm định theo quy định",
    "đã xong phần việc của đơn vị tại các xã phường và đã tổng hợp đầy đủ số liệu gửi về văn phòng",
)


def _read(text: str) -> Reading:
    return read_reply(text, today=TODAY, codes=CODES)


@pytest.mark.parametrize(("text", "intent"), SURE_ROWS, ids=[text for text, _ in SURE_ROWS])
def test_a_short_reply_is_read_for_sure(text: str, intent: Intent) -> None:
    reading = _read(text)

    assert (reading.intent, reading.sure) == (intent, True)


@pytest.mark.parametrize(("text", "intent"), UNSURE, ids=[text or "nothing" for text, _ in UNSURE])
def test_what_may_mean_something_else_is_not_sure(text: str, intent: Intent) -> None:
    reading = _read(text)

    assert (reading.intent, reading.sure) == (intent, False)


@pytest.mark.parametrize("text", LONG_UNFINISHED)
def test_a_long_report_becomes_a_note_and_is_never_surely_done(text: str) -> None:
    reading = _read(text)

    assert not reading.sure
    assert reading.note == text


@pytest.mark.parametrize(("text", "intent"), [*SURE_ROWS, *UNSURE])
def test_diacritics_case_and_unicode_form_change_no_intent(text: str, intent: Intent) -> None:
    spellings = (fold(text), text.upper(), unicodedata.normalize("NFD", text))

    assert {_read(spelling).intent for spelling in spellings} == {intent}


@pytest.mark.parametrize(
    ("text", "note"),
    [
        ("chưa làm được vì phần mềm lỗi", "phần mềm lỗi"),
        ("vướng: chưa có hướng dẫn của Bộ", "chưa có hướng dẫn của Bộ"),
        ("thiếu biên chế", "thiếu biên chế"),
        ("Do chưa có hướng dẫn", "chưa có hướng dẫn"),
        ("xin lùi đến 15/10 lý do chờ ký", "chờ ký"),
        ("xin lùi đến 15/10 vì chờ Sở Tư pháp", "chờ Sở Tư pháp"),
        ("đang làm 60% phần khảo sát", "phần khảo sát"),
        ("đã gửi BC số 12/BC-UBND", "BC số 12/BC-UBND"),
        ("R18 vướng phần mềm của Bộ", "phần mềm của Bộ"),
        ("đơn vị đã xong", ""),
        ("đang làm 60%", ""),
        ("blocked because no budget", "no budget"),
    ],
)
def test_the_note_is_what_is_said_beside_the_status(text: str, note: str) -> None:
    assert _read(text).note == note


@pytest.mark.parametrize(
    ("text", "figures"),
    [
        ("đang làm 60%", (60, None, None)),
        ("60 phần trăm", (60, None, None)),
        ("12,5%", (12.5, None, None)),
        ("được 7/10", (None, 7, 10)),
        ("12/18 xã", (None, 12, 18)),
        ("chưa xong, mới 45%", (45, None, None)),
        ("sẽ hoàn thành trước 7/10", (None, None, None)),
        ("đã gửi 12/BC-UBND", (None, None, None)),
        ("150%", (None, None, None)),
        ("60% 70%", (None, None, None)),
    ],
)
def test_figures_of_progress_are_read(text: str, figures: tuple[float | None, int | None, int | None]) -> None:
    reading = _read(text)

    assert (reading.percent, reading.done, reading.total) == figures


@pytest.mark.parametrize(
    ("text", "until", "days"),
    [
        ("xin lùi đến 15/10", date(2022, 10, 15), None),
        ("xin lui 15.10.22", date(2022, 10, 15), None),
        ("xin gia hạn 5 ngày", date(2022, 9, 28), 5),
        ("xin thêm 1 tuần", date(2022, 9, 30), 7),
        ("cho em xin đến cuối tháng", date(2022, 9, 30), None),
        ("xin dời sang thứ sáu tuần sau", date(2022, 9, 30), None),
        ("xin gia hạn đến hết năm", date(2022, 12, 31), None),
        ("extend to 15 Oct", date(2022, 10, 15), None),
        ("R18 4 15/10", date(2022, 10, 15), None),
        ("xin lùi đến 31/9", None, None),
        ("xin lùi 20/10 AL", None, None),
        ("xin lùi hạn", None, None),
    ],
)
def test_an_extension_says_until_when(text: str, until: date | None, days: int | None) -> None:
    reading = _read(text)

    assert (reading.until, reading.days) == (until, days)


@pytest.mark.parametrize("number", range(1, 6))
def test_a_number_is_a_choice_and_a_status_only_beside_a_code(number: int) -> None:
    alone, beside = _read(f"{number}"), _read(f"r18 {number}")

    assert (alone.choice, alone.intent, alone.task) == (number, Intent.UNKNOWN, "")
    assert (beside.choice, beside.task, beside.sure) == (number, "R18", True)


@pytest.mark.parametrize(
    ("text", "task"),
    [
        ("R18 xong", "R18"), ("r18: xong", "R18"), ("xong (R18)", "R18"), ("[R18] đang làm", "R18"), ("R180 xong", ""),
        ("xong r", ""), ("XR18 xong", ""), ("R18/R7 xong", ""), ("R18 R7 xong", ""), ("R18 R18 xong", "R18"),
    ],
)  # fmt: skip
def test_a_code_counts_only_as_a_whole_word(text: str, task: str) -> None:
    assert _read(text).task == task


def test_no_code_is_known_unless_given() -> None:
    assert read_reply("R18 1", today=TODAY).task == ""


@given(st.text(), st.frozensets(st.text(min_size=1, max_size=5), max_size=3))
def test_no_text_raises(text: str, codes: frozenset[str]) -> None:
    reading = read_reply(text, today=TODAY, codes=codes)

    assert reading.sure <= (reading.intent is not Intent.UNKNOWN)


NEGATIONS = ("chưa", "không", "ko", "k", "chx", "gần", "sắp", "sẽ", "cơ bản", "not", "haven't")
VOCABULARY = (
    "đã xong rồi hoàn thành nhiệm vụ báo cáo gửi số 12/BC-UBND ngày 20/9/2022 100% ạ dạ vâng ok done đơn vị em 18/18 "
    "xã ban hành HT R18 , . nộp finished completed"
)
WORDS = st.sampled_from(VOCABULARY.split())


@given(st.lists(WORDS, max_size=8), st.sampled_from(NEGATIONS), st.lists(WORDS, max_size=8))
def test_nothing_with_a_denial_is_surely_done(before: list[str], denial: str, after: list[str]) -> None:
    reading = _read(" ".join([*before, denial, *after]))

    assert not (reading.intent is Intent.DONE and reading.sure)


@given(st.lists(WORDS, min_size=13))
def test_nothing_long_is_sure(words: list[str]) -> None:
    long = [word for word in words if word not in {"R18", ",", "."}]

    assert len(long) <= 12 or not _read(" ".join(words)).sure or _read(" ".join(words)).intent is Intent.ACK
