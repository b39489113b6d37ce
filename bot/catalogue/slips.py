"""What office keyboards and word processors put where YAML wants something else, each with what to type instead."""

import re

_BLANK = r"\u00a0\u2000-\u200b\u3000"  # looks like a space and is none
_KEY = r"^ *(?:- +)?[^\W\d][\w.-]*"
_CURLED = "“”„‟‘’‚"

# Each finds its slip in one line; the group is the place. First those that hide the others.
_IN_A_LINE = tuple(
    (re.compile(pattern), sentence)
    for pattern, sentence in (
        (r"^ *(\t)", "thụt đầu dòng bằng phím Tab không được; hãy dùng dấu cách"),
        (rf"^ *([{_BLANK}])", "thụt đầu dòng bằng dấu cách lạ (chép từ Word hoặc trang web); hãy xóa và gõ lại bằng phím cách"),
        (r"^ *([–—−•●▪·*])[ \u00a0\t]", "đầu mục phải là dấu gạch nối thường «- »; dấu này do Word tự đổi, hãy gõ lại"),
        (r"^ *-([^\W\d][\w.-]*: )", "thiếu dấu cách sau dấu gạch đầu dòng; hãy viết như «- id: R1»"),
        (rf"{_KEY} ?(：)", "dấu hai chấm gõ kiểu toàn khổ «：»; hãy gõ lại dấu «:» và một dấu cách"),
        (rf"{_KEY}:([{_BLANK}])", "sau dấu hai chấm là dấu cách lạ (chép từ Word, trang web); hãy xóa và gõ lại bằng phím cách"),
        (rf"{_KEY}:([^\s:/])", "thiếu dấu cách sau dấu hai chấm; hãy viết như «title: Báo cáo»"),
        (rf"{_KEY} *(=) ", "sau khóa phải là dấu hai chấm, không phải dấu bằng; hãy viết như «title: Báo cáo»"),
        (rf"{_KEY}: +([{_CURLED}])", 'dấu nháy cong “ ” không phải dấu nháy của YAML; hãy gõ lại dấu nháy thẳng "'),
    )
)  # fmt: skip
_IN_A_VALUE = (
    (re.compile(f"[{_CURLED}]"), 'dấu nháy cong “ ” không phải dấu nháy của YAML; hãy gõ lại dấu nháy thẳng "'),
    (re.compile(r"[，；;]|, "), "nhiều tên thì viết trong ngoặc vuông, cách nhau bằng dấu phẩy: [a, b]"),
    (
        re.compile(f"[{_BLANK}]"),
        "trong đó có dấu cách lạ hoặc ký tự ẩn (chép từ Word hoặc trang web); hãy xóa và gõ lại",
    ),
)


def slip_in(line: str) -> tuple[int, str] | None:
    """Return column (from 1) and sentence of the first slip in a line that YAML could not read; None where none is seen."""
    for pattern, sentence in _IN_A_LINE:
        if found := pattern.search(line):
            return found.start(1) + 1, sentence
    return None


def slip_in_value(text: str) -> str:
    """Return what is likely wrong with a value that means nothing, "" where nothing is seen."""
    return next((sentence for pattern, sentence in _IN_A_VALUE if pattern.search(text)), "")
