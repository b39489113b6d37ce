"""Text as YAML scalars and comments: read back, each gives the same words."""

import re
import textwrap

from bot.imports.tables import one_line

_WIDTH = 110
# A plain scalar may not begin with an indicator, hold ": " or " #", nor look like nothing; in a flow no bracket, comma or
# (as PyYAML reads it) question mark.
_PLAIN = re.compile(r"[^\s\-?:,\[\]{}#&*!|>'\"%@`=<~][^\[\]{},\"#?]*")
_NOT_WORDS = re.compile(r"(?:true|false|yes|no|on|off|null|~)|[-+]?[\d._]+(?:e[-+]?\d+)?|0[xo].*", re.IGNORECASE)


def scalar(text: str) -> str:
    """Return text as one value on one line, in quotes only where it needs them."""
    line = one_line(text)
    is_plain = _PLAIN.fullmatch(line) and ": " not in line and not line.endswith(":") and not _NOT_WORDS.fullmatch(line)
    if is_plain:
        return line
    return '"' + line.replace("\\", "\\\\").replace('"', '\\"') + '"'


def folded(text: str, *, indent: int) -> list[str]:
    """Return text as a value after its key: on one line, or folded over several (">-") where it is long."""
    line = one_line(text)
    if len(line) <= _WIDTH:
        return [scalar(line)]
    wrapped = textwrap.wrap(line, _WIDTH, break_long_words=False, break_on_hyphens=False)
    return [">-", *(" " * indent + part for part in wrapped)]


def sequence(items: tuple[str, ...]) -> str:
    """Return a list on one line."""
    return f"[{', '.join(map(scalar, items))}]"


def comment(text: str) -> str:
    """Return text as a comment."""
    return f"# {one_line(text)}"


def doubt(text: str) -> str:
    """Return a comment that asks a person to look."""
    return comment(f"{DOUBT} {text}")


DOUBT = "kiểm tra:"
