"""One spelling for the many of deadline phrases, and what no calendar has."""

import re
from calendar import monthrange


class ImpossibleError(ValueError):
    """Why a phrase that could be read names nothing real."""


PART = "(?:ngay|tuan|thang|quy|nua nam|nam)"
# Many spellings become one, in this order; what follows sees only "truoc", "moi", d/m/yyyy, m/yyyy and hh:mm.
_SPELLINGS = tuple(
    (re.compile(pattern, re.ASCII), one)
    for pattern, one in (
        (r"; ky dau [\d/]+$", ""),  # what `nhacviec due` adds to its reading
        (r"\(([^()]*)\)", r", \1"),  # what stands in brackets follows a comma
        (r"[–—]", "-"),
        (r" ?/ ?", "/"),
        (r"[\s,]*,[\s,]*", ", "),
        (r"^[\s.,;]+|[\s.,;]+$", ""),
        (r",? (va|dong thoi) ", " va "),
        (r"\b(\d{4})-(\d{1,2})-(\d{1,2})\b", r"\3/\2/\1"),
        (r"\b(\d{1,2})([.-])(\d{1,2})\2(\d{4})\b", r"\1/\3/\4"),
        (r"\b(\d{1,2}) thang (\d{1,2})(?:, ?| )?nam (\d{4})\b", r"\1/\2/\3"),
        (r"\b(\d{1,2}) thang (\d{1,2}(?:/\d{4})?)\b(?!/)", r"\1/\2"),
        (r"\b(thang|quy) (\w{1,4})(?: nam | ?[-.] ?| )(\d{4})\b", r"\1 \2/\3"),
        (r"\b(\d{1,2}) ?(?:h|g|gio|:) ?(\d{2})(?: ?phut)?\b(?![/.-])", r"\1:\2"),
        (r"\b(\d{1,2}) ?(?:h|g|gio)\b", r"\1:00"),
        (r"\b(?:dinh ky |moi |hang )*(?:0?6 thang|nua nam)\b(?! ?[\d/])(?! (?:dau|cuoi)(?: nam |/)\d)", "moi nua nam"),
        (r"\b(?:bao cao )?(?:tong ket|ca) nam\b(?! \d)", "moi nam"),
        (r"\b(?:dinh ky )?(?:hang|moi)\b", "moi"),
        (r"\b(?:hoan thanh )?(?:cham nhat|muon nhat|truoc|het|den het|den)(?: la| vao)?(?: truoc| het)?"
         r"(?= (?:ngay|thu|chu nhat|\d))", "truoc"),
        (rf"^(moi {PART}) (?=truoc|ngay|thu|\d)", r"\1, "),
        (rf"\b(moi {PART}) (?=truoc |ngay )", r"\1, "),
        (rf"\b(moi {PART})/(?=moi )", r"\1 va "),
        (rf"\b(moi {PART}), (?=moi {PART}, )", r"\1 va "),
        (r"^tu nay,? (?:den )?(?=het |truoc |nam |quy |thang |ngay |\d)", ""),
        (rf"\b(moi {PART}), (truoc ngay [\d/]+),? \1\b", r"\1, \2"),  # "hằng tháng (trước ngày 16 hằng tháng)"
        (rf"(?<=\d),? (moi {PART}), (?=(?:truoc )?ngay )", r" va \1, "),
        (r"\b((?:truoc )?ngay \d{1,2}/\d{1,2}) va (?:(?:truoc )?ngay )?(\d{1,2}/\d{1,2}),? moi nam\b",
         r"moi nam, \1 va moi nam, ngay \2"),
        (r"\b((?:truoc )?ngay \d{1,2}) moi thang, moi quy$", r"moi thang, \1 va moi quy, \1 cua thang dau quy sau"),
    )
)  # fmt: skip
_QUARTERS = {"i": 1, "ii": 2, "iii": 3, "iv": 4}


def respelled(plain: str) -> str:
    """Return a folded phrase in the one spelling that the grammar knows."""
    for pattern, one in _SPELLINGS:
        plain = pattern.sub(one, plain)
    return plain


def refuse_impossible(plain: str) -> None:
    """Raise ImpossibleError for a day, month, quarter or hour that does not exist."""
    for day, month, year in re.findall(r"(?<![\d/])(\d{1,2})/(\d{1,2})(?:/(\d{4}))?(?![\d/])", plain):
        _refuse_month(month)
        days = monthrange(int(year or 2000) or 2000, int(month))[1]
        if not 1 <= int(day) <= days:
            raise ImpossibleError(f"tháng {int(month)}{f'/{year}' if year else ''} chỉ có {days} ngày")
    for month in re.findall(r"\bthang (\d+)", plain):
        _refuse_month(month)
    for quarter in re.findall(r"\bquy (\d+|[ivx]+)\b", plain):
        if quarter_number(quarter) not in range(1, 5):
            raise ImpossibleError("một năm chỉ có bốn quý, từ quý I đến quý IV")
    for hour, minute in re.findall(r"\b(\d{1,2}):(\d{2})\b", plain):
        if int(minute) not in range(60) or int(hour) * 60 + int(minute) > 24 * 60:
            raise ImpossibleError("một ngày chỉ có 24 giờ, một giờ có 60 phút")


def _refuse_month(month: str) -> None:
    if int(month[:3]) not in range(1, 13):
        raise ImpossibleError("một năm chỉ có 12 tháng")


def quarter_number(name: str) -> int:
    """Return 1-4 for a Roman or Arabic quarter, anything else for what is none."""
    return int(name[:3]) if name.isdigit() else _QUARTERS.get(name, 0)
