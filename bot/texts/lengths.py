"""How long a text is to the networks, and cutting long ones where a reader would pause."""

from bot.ports import Out


def text_length(text: str) -> int:
    """Return the length in UTF-16 units, as the networks count: most letters one, an emoji two."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def split_text(text: str, limit: int) -> list[str]:
    """Return the text in parts of at most `limit` UTF-16 units, cut at line ends, else sentences, else words, else anywhere.

    Nothing but white space at a cut or at the ends is lost, and no part is empty; a text of white space is one empty part.
    Raises ValueError for a limit below 2, which an emoji does not fit.
    """
    if limit < 2:  # the units of the longest letter
        raise ValueError(f"no text fits parts of {limit}")
    if text_length(text) <= limit:
        return [text]
    parts = []
    rest = text.strip()
    while text_length(rest) > limit:
        head = _prefix(rest, limit)
        cut = _cut(head)
        parts.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    parts.append(rest)
    return parts


def _prefix(text: str, limit: int) -> str:
    head = text[:limit]
    while (excess := text_length(head) - limit) > 0:
        head = head[: len(head) - (excess + 1) // 2]  # no letter is longer than two units
    return head


def _cut(head: str) -> int:
    # A cut in the first half would leave a stub of a message: then the next finer place is better.
    for mark in ("\n", ". ", " "):
        at = head.rfind(mark)
        if at > len(head) // 2:
            return at + len(mark)
    return len(head)


def parts(out: Out, limit: int, *, end: str = "") -> list[Out]:
    """Return a message in parts a channel takes: the heading on the first, buttons and file on the last.

    `end` are lines that stay whole on the last: what can be chosen stands there together.
    """
    heading_length = text_length(out.heading) + 2 if out.heading else 0  # the heading stands on its own line
    if heading_length > limit // 2:  # no heading any more: it goes the way of the text
        out = Out(text=f"{out.heading}\n{out.text}", buttons=out.buttons, file=out.file)
        heading_length = 0
    texts = split_text(out.text, limit - heading_length)
    if end:
        texts[-1:] = _ended(texts[-1], end, limit - heading_length)
    last = len(texts) - 1
    return [
        Out(
            heading=out.heading if index == 0 else "",
            text=text,
            buttons=out.buttons if index == last else (),
            file=out.file if index == last else None,
        )
        for index, text in enumerate(texts)
    ]


def _ended(text: str, end: str, limit: int) -> list[str]:
    whole = f"{text}\n\n{end}".strip()
    return [whole] if text_length(whole) <= limit else [text, *split_text(end, limit)]
