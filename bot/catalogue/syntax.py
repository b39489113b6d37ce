"""Bytes that cannot be text, and text that cannot be YAML, as one sentence with a place."""

import re
from typing import NamedTuple

import yaml

from bot.catalogue.problems import Notes
from bot.catalogue.slips import slip_in

MAX_BYTES = 16 * 1024 * 1024  # a plan of 10,000 tasks as long as the shipped has 8 MB
MAX_LETTERS = 10_000  # of one value; the longest quote of a plan has some hundreds

_USUAL = 500  # letters of a value that are read without another look
_BREAKS = ("\n", "\r", "\x85", "\u2028", "\u2029")
# Composing a letter takes the square of the marks on it, the parser the square of the directives: hours in 5 MB of them.
_PILED = re.compile(r"[^\x00-\x7f]{100}")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_NO_UTF_8 = "chữ ở đây không phải mã UTF-8; hãy lưu lại tệp với mã UTF-8"
_UTF_16 = "tệp được lưu với mã UTF-16 (có nơi gọi là «Unicode»); hãy lưu lại với mã UTF-8"
_UTF_16_MARKS = (b"\xff\xfe", b"\xfe\xff")
_TAB = "thụt đầu dòng bằng phím Tab không được; hãy dùng dấu cách"
_COLON = "dấu hai chấm làm máy hiểu nhầm; hãy đặt cả câu trong dấu nháy kép"
_INDENT = "dòng này thụt vào không khớp với các dòng cùng nhóm, hoặc một dấu nháy ở đây hay phía trên chưa đóng"
_DEEPER = "dòng này thụt vào sâu hơn các dòng cùng nhóm; hãy cho đầu dòng thẳng hàng với chúng"
_ONLY_KEY = re.compile(r" +[^\W\d][\w.-]*")
_BRACKET = "ngoặc [ hoặc { mở ở đây chưa đóng đúng, hoặc thiếu dấu phẩy giữa các phần"
_QUOTE = "dấu nháy mở ở đây chưa đóng"
_OTHER = "chỗ này không đúng cách viết YAML; hãy xem lại dấu cách đầu dòng, dấu hai chấm và dấu nháy"
_SENTENCES = (
    ("tab character", _TAB),
    ("mapping values are not allowed", _COLON),
    ("block sequence entries are not allowed", "dấu gạch đầu dòng đặt sai chỗ; mỗi gạch phải ở đầu một dòng riêng"),
    ("did not find expected '-' indicator", "dòng này phải bắt đầu bằng dấu gạch «- » như các dòng cùng danh sách"),
    ("did not find expected ','", _BRACKET),
    ("did not find expected key", _INDENT),
    ("could not find expected ':'", "thiếu dấu hai chấm sau khóa, hoặc thiếu dấu cách sau dấu hai chấm"),
    ("cannot start any token", "ký tự này không đứng đầu một giá trị được; hãy đặt giá trị trong dấu nháy kép"),
    ("escape", "dấu \\ trong nháy kép không đúng; hãy dùng nháy đơn hoặc viết \\\\"),
    ("found unexpected document indicator", _QUOTE),
    ("found unexpected end of stream", _QUOTE),
    ("<document start>", "phần này đứng ngoài tài liệu; hãy kiểm tra chỗ thụt đầu dòng phía trên"),
)


class _Place(NamedTuple):
    line: int
    column: int


def decoded(content: bytes, notes: Notes) -> str | None:
    """Return the file's text without a byte order mark, or None after noting why it is not text."""
    if len(content) > MAX_BYTES:
        notes.add(_Place(1, 1), f"tệp lớn hơn {MAX_BYTES // 1024 // 1024} MB; hãy tách kế hoạch thành nhiều tệp")
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        before = content.removeprefix(b"\xef\xbb\xbf")[: error.start].decode("utf-8", "replace")
        notes.add(_place(before), _UTF_16 if content.startswith(_UTF_16_MARKS) else _NO_UTF_8)
        return None
    odd = _UNPRINTABLE.search(text)
    if odd:
        notes.add(_place(text[: odd.start()]), f"có ký tự không in được (U+{ord(odd.group()):04X}); hãy xóa nó")
        return None
    at = text.find("%")
    while at > 0 and text[at - 1] not in _BREAKS:
        at = text.find("%", at + 1)
    if at >= 0:
        notes.add(_place(text[:at]), "dòng không được bắt đầu bằng dấu %; hãy xóa dấu đó hoặc cả dòng")
        return None
    return text


def fault_of(value: str) -> str:
    """Return why a value is too long or too strange to be read, "" where it is not."""
    if len(value) <= _USUAL:
        return ""
    if len(value) > MAX_LETTERS:
        return f"giá trị này dài quá {MAX_LETTERS:,} ký tự".replace(",", ".") + "; có thể một dấu nháy chưa đóng"
    return "giá trị này có một chuỗi ký tự lạ rất dài; hãy xóa đi và gõ lại" if _PILED.search(value) else ""


def syntax_problem(error: yaml.YAMLError, text: str) -> tuple[int, int, str]:
    """Return line, column and sentence of what the YAML parser could not read."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 1, 1, _OTHER
    mark, said = error.problem_mark, error.problem or ""
    sentence = next((sentence for sign, sentence in _SENTENCES if sign in said), _OTHER)
    if sentence in (_QUOTE, _BRACKET) and error.context_mark is not None:
        mark = error.context_mark
    elif text[mark.index : mark.index + 1] == "\t":
        return mark.line + 1, mark.column + 1, _TAB
    # The parser often stumbles a line after the slip: over the key that follows one without its space.
    for number in (mark.line, mark.line - 1):
        if slip := slip_in(_line(text, mark, number)):
            return number + 1, *slip
    # A key whose own colon is in the way was taken as more of the line above: it stands too far to the right.
    before = _line(text, mark, mark.line)[: mark.column]
    if sentence is _COLON and _ONLY_KEY.fullmatch(before):
        return mark.line + 1, len(before) - len(before.lstrip()) + 1, _DEEPER
    return mark.line + 1, mark.column + 1, sentence


def _line(text: str, mark: yaml.Mark, number: int) -> str:
    """Return the mark's own line, or the one before it."""
    start = mark.index - mark.column
    if number < mark.line:
        return text[max(0, start - _USUAL) : start].splitlines()[-1] if start else ""
    return text[start : start + _USUAL].splitlines()[0] if text[start : start + _USUAL] else ""


def _place(before: str) -> _Place:
    # Counted without a list of the breaks: a file may be nothing else.
    lines = sum(map(before.count, _BREAKS)) - before.count("\r\n")
    start = max(before.rfind(each) for each in _BREAKS) + 1
    return _Place(lines + 1, len(before) - start + 1)
