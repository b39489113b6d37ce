"""What an annex says about its plan: the line «Kèm theo Kế hoạch số … ngày … của …», and nothing more."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.imports.tables import one_line

_ISSUED = re.compile(
    r"(?:số|Số)\s*:?\s*(?P<number>\d+\w*(?:/\d{4})?/[\w-]+)"
    r"(?:\s*,?\s*ngày\s+(?P<d>\d{1,2})(?:\s*[/.-]\s*|\s+tháng\s+)(?P<m>\d{1,2})(?:\s*[/.-]\s*|\s+năm\s+)(?P<y>\d{4}))?"
    r"(?:\s+của\s+(?P<by>[^().;]{3,80}))?"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Head:
    """The plan's number, day and issuer as the annex has them; "" where it has not."""

    number: str = ""
    title: str = ""
    issued_by: str = ""
    issued_on: str = ""
    source: str = ""


def read_head(lines: Iterable[str]) -> Head:
    """Return what the text above the table says of the plan that the annex belongs to."""
    for line in map(one_line, lines):
        found = _ISSUED.search(line)
        if found and ("kèm theo" in line.casefold() or "kế hoạch" in line.casefold()):
            issued_on = f"{int(found['d']):02d}/{int(found['m']):02d}/{found['y']}" if found["d"] else ""
            issued_by = (found["by"] or "").strip()
            return Head(number=found["number"], issued_by=issued_by, issued_on=issued_on, source=line)
    return Head()
