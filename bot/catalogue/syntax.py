"""Bytes that cannot be text, and text that cannot be YAML, as one sentence with a place."""

import re
from typing import NamedTuple

import yaml

from bot.catalogue.problems import Notes

MAX_BYTES = 5 * 1024 * 1024  # a plan of 10,000 tasks has 4.5 MB

_BREAK = re.compile("\r\n|[\r\n\x85\u2028\u2029]")
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")

_TAB = "thụt đầu dòng bằng phím Tab không được; hãy dùng dấu cách"
_COLON = "dấu hai chấm làm máy hiểu nhầm; hãy đặt cả câu trong dấu nháy kép"
_INDENT = "dòng này thụt vào không khớp với các dòng cùng nhóm, hoặc một dấu nháy ở đây hay phía trên chưa đóng"
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
        notes.add(_place(before), "chữ ở đây không phải mã UTF-8; hãy lưu lại tệp với mã UTF-8")
        return None
    odd = _UNPRINTABLE.search(text)
    if odd:
        notes.add(_place(text[: odd.start()]), f"có ký tự không in được (U+{ord(odd.group()):04X}); hãy xóa nó")
        return None
    return text


def syntax_problem(error: yaml.YAMLError, text: str) -> tuple[int, int, str]:
    """Return line, column and sentence of what the YAML parser could not read."""
    if not isinstance(error, yaml.MarkedYAMLError) or error.problem_mark is None:
        return 1, 1, _OTHER
    mark, said = error.problem_mark, error.problem or ""
    sentence = next((sentence for sign, sentence in _SENTENCES if sign in said), _OTHER)
    if sentence in (_QUOTE, _BRACKET) and error.context_mark is not None:
        mark = error.context_mark
    elif _char_at(text, line=mark.line, column=mark.column) == "\t":
        sentence = _TAB
    return mark.line + 1, mark.column + 1, sentence


def _char_at(text: str, *, line: int, column: int) -> str:
    lines = _BREAK.split(text, maxsplit=line + 1)
    return lines[line][column : column + 1] if line < len(lines) else ""


def _place(before: str) -> _Place:
    breaks = list(_BREAK.finditer(before))
    start = breaks[-1].end() if breaks else 0
    return _Place(len(breaks) + 1, len(before) - start + 1)
