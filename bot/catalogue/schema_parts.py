"""The parts that JSON Schemas of our files are made of; every pattern is the one that the reader itself uses.

An editor sees values as YAML 1.2 types them (100 is a number, true a truth), the reader sees text: what the reader takes
in any of these shapes, a part takes in all of them.
"""

import re
from collections.abc import Collection, Iterable, Mapping
from enum import StrEnum
from functools import cache
from typing import Any
from unicodedata import normalize

from bot.catalogue.scalars import DAYS, NAMES_OF_WEEKDAYS, NO, NUMBER, TIME, YES

Schema = dict[str, Any]

# Draft-07: every release of the YAML language server reads it; the later drafts only those since 2024.
DRAFT = "http://json-schema.org/draft-07/schema#"
NOTHING: Schema = {"type": "null"}  # a key with nothing behind it counts as absent


def document(root: Schema, *, title: str) -> Schema:
    """Return the schema of a whole file."""
    return {"$schema": DRAFT, "title": title, **root}


def text() -> Schema:
    """Return the shape of any words."""
    return {"type": ["string", "number", "boolean"], "pattern": r"\S"}


def written(patterns: Iterable[re.Pattern[str]], wanted: str) -> Schema:
    """Return the shape of text that one of the reader's patterns takes whole; `wanted` is said by editors otherwise."""
    return {"type": "string", "pattern": rf"^\s*(?:{_portable(patterns)})\s*$", "patternErrorMessage": wanted}


def day() -> Schema:
    """Return the shape of a date."""
    return written(DAYS, "viết ngày như 30/09/2022 hoặc 2022-09-30")


def clock() -> Schema:
    """Return the shape of a time of day."""
    return written([TIME], "viết giờ như «17:00»")


def hours() -> Schema:
    """Return the shape of a span of hours."""
    span = re.compile(rf"(?:{TIME.pattern})\s*[-–]\s*(?:{TIME.pattern})")
    return written([span], "viết khoảng giờ như «07:30-11:30»")


def number() -> Schema:
    """Return the shape of a number from 0."""
    return {"anyOf": [{"type": "number", "minimum": 0}, written([re.compile(NUMBER.pattern + r"\s*%?")], "phải là số")]}


def whole(smallest: int, largest: int) -> Schema:
    """Return the shape of a whole number in a range."""
    digits = {"type": "string", "pattern": r"^\s*-?[0-9]+\s*$"}
    return {"anyOf": [{"type": "integer", "minimum": smallest, "maximum": largest}, digits]}


def day_of_month() -> Schema:
    """Return the shape of a day of the month."""
    return {"anyOf": [*whole(1, 31)["anyOf"], {"enum": ["last", "last_working"]}]}


def truth() -> Schema:
    """Return the shape of a yes or no."""
    return {"anyOf": [{"type": "boolean"}, written([_whatever_capitals(YES + NO)], "true hoặc false")]}


def affirmed() -> Schema:
    """Return the shape of a yes."""
    return {"anyOf": [{"const": True}, written([_whatever_capitals(YES)], "chỉ nhận true")]}


def word(*words: str) -> Schema:
    """Return the shape of one of a few words, whatever their capitals."""
    return written([_whatever_capitals(words)], f"phải là một trong: {', '.join(words)}")


def choice(choices: Iterable[str] | type[StrEnum]) -> Schema:
    """Return the shape of one of a closed list of words."""
    return {"enum": [str(each) for each in choices]}


def weekday() -> Schema:
    """Return the shape of a day of the week, with or without accents, whatever its capitals."""
    names = "|".join("".join(map(_accented, name)) for each in NAMES_OF_WEEKDAYS for name in each)
    return written([re.compile(names)], "viết thứ như «thứ sáu» hoặc friday")


def many(one: Schema, *, at_least: int = 0) -> Schema:
    """Return the shape of a list; one value alone is a list of one."""
    items: Schema = {"type": "array", "items": one}
    return {"anyOf": [one, items | ({"minItems": at_least} if at_least else {})]}


def each(one: Schema, *, at_least: int = 0) -> Schema:
    """Return the shape of a list of mappings."""
    return {"type": "array", "items": one} | ({"minItems": at_least} if at_least else {})


def about(sentence: str, shape: Schema, **more: Any) -> Schema:
    """Return a shape with what an editor shows about it."""
    return {"description": sentence, **more, **shape}


def mapping(known: Collection[str], shapes: Mapping[str, Schema], *, required: Iterable[str] = ()) -> Schema:
    """Return the shape of a mapping with exactly the keys that its reader knows; ValueError where the two differ."""
    if set(known) != set(shapes):
        raise ValueError(f"the reader and the schema differ by {sorted(set(known) ^ set(shapes))}")
    needed = list(required)
    return {
        "type": "object",
        "additionalProperties": False,
        "required": needed,
        "properties": {key: shapes[key] if key in needed else _optional(shapes[key]) for key in known},
    }


def _optional(shape: Schema) -> Schema:
    said: Schema = {key: shape[key] for key in ("description", "default", "examples") if key in shape}
    bare = {key: value for key, value in shape.items() if key not in said}
    blank = {"type": "string", "pattern": r"^\s*$"}
    options = bare["anyOf"] if set(bare) == {"anyOf"} else [bare]
    return {**said, "anyOf": [*options, NOTHING, blank]}


def _portable(patterns: Iterable[re.Pattern[str]]) -> str:
    # Editors read the patterns of JavaScript, tests those of Python: groups by number are the same in both.
    parts: list[str] = []
    groups = 0
    for pattern in patterns:
        part = pattern.pattern
        for name, place in pattern.groupindex.items():
            part = part.replace(f"(?P<{name}>", "(").replace(f"(?P={name})", rf"\{groups + place}")
        groups += pattern.groups
        parts.append(part)
    return "|".join(parts)


def _whatever_capitals(words: Iterable[str]) -> re.Pattern[str]:
    return re.compile("|".join("".join(f"[{each.lower()}{each.upper()}]" for each in word) for word in words))


def _accented(letter: str) -> str:
    """Return a class of every Latin letter that is this one under its marks, small or capital."""
    return f"[{_kin()[letter]}]" if letter.isalpha() else r"\s+" if letter == " " else letter


@cache
def _kin() -> dict[str, str]:
    kin: dict[str, str] = {}
    for each in map(chr, range(0x41, 0x1EFA)):  # to the last letter that Vietnamese has
        bare = "".join(part for part in normalize("NFD", each.casefold()) if not "\u0300" <= part <= "\u036f")
        kin[bare] = kin.get(bare, "") + each
    return kin
