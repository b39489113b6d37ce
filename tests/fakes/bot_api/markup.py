"""Text as the server reads it: entities given, or found by a parse mode that must close what it opens."""

import re
from html.parser import HTMLParser
from typing import Any

from tests.fakes.bot_api.refused import bad

_TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "strike",
    "del",
    "span",
    "tg-spoiler",
    "a",
    "code",
    "pre",
    "blockquote",
}
_MARKDOWN = re.compile(r"\\(?P<escaped>[_*\[\]()~`>#+\-=|{}.!\\])|(?P<mark>__|\|\||[*_~`])|(?P<reserved>[>#+\-=|{}.!])")


def units(text: str) -> int:
    """Return the length in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def read(values: dict[str, Any], name: str, entities_name: str, *, limit: int) -> tuple[str, list[dict[str, Any]]]:
    """Return a text and its entities after parsing; refuse what is too long, empty or does not close."""
    text = str(values.get(name, ""))
    entities = list(values.get(entities_name) or [])
    mode = values.get("parse_mode")
    if mode:
        text, entities = _parsed(text, str(mode)), []
    text = text.strip()
    if units(text) > limit:
        raise bad("message is too long" if name == "text" else "message caption is too long")
    if name == "text" and not text:
        raise bad("message text is empty")
    for entity in entities:
        if entity["offset"] < 0 or entity["length"] <= 0 or entity["offset"] + entity["length"] > units(text):
            raise bad("entity is out of the text's range")
    return text, entities


def _parsed(text: str, mode: str) -> str:
    match mode.lower():
        case "html":
            reader = _Html()
            reader.feed(text)
            reader.close()
            if reader.open:
                raise bad(f"can't parse entities: Can't find end tag corresponding to start tag {reader.open[-1]}")
            return "".join(reader.text)
        case "markdownv2":
            return _markdown(text, reserved=True)
        case "markdown":
            return _markdown(text, reserved=False)
    raise bad("unsupported parse_mode")


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.open: list[str] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise bad(f'can\'t parse entities: Unsupported start tag "{tag}"')
        self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open.pop() != tag:
            raise bad(f'can\'t parse entities: Unexpected end tag "{tag}"')

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def _markdown(text: str, *, reserved: bool) -> str:
    opened: list[str] = []
    kept: list[str] = []
    end = 0
    for found in _MARKDOWN.finditer(text):
        kept.append(text[end : found.start()])
        end = found.end()
        if found["escaped"]:
            kept.append(found["escaped"])
        elif found["mark"]:
            opened.pop() if opened and opened[-1] == found["mark"] else opened.append(found["mark"])
        elif reserved:
            raise bad(f"can't parse entities: Character '{found['reserved']}' is reserved and must be escaped")
        else:
            kept.append(found["reserved"])
    if opened:
        raise bad("can't parse entities: Can't find end of the entity")
    return "".join([*kept, text[end:]])
