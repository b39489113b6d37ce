"""What people type about tasks: whose code it names, and what it says of each; what is not certain is not sure."""

import re
from dataclasses import replace
from datetime import date

from bot.domain.folding import folded_words
from bot.domain.reply_body import Body, Reading
from bot.domain.reply_fillers import GREETING
from bot.domain.reply_lexicon import Intent
from bot.domain.reply_reading import read_body
from bot.domain.reply_words import Word

__all__ = ["Intent", "Reading", "read_replies", "read_reply"]

_READ = 60  # words that are looked at; the rest is only kept
_LONGEST = 4096  # characters, as much as a chat carries
_BETWEEN = frozenset({"va", "con", "voi", "cung", "thi", "&", "+", "and", "ca", "deu", "nhu", "sau", "-", "–", "/"})


def read_reply(text: str, *, today: date, codes: frozenset[str] = frozenset()) -> Reading:
    """Return what a free reply says; never raises, and never reads a denial, a plan or a question as done.

    `codes` are the task codes it may name, in any case but as whole words. A reply that names two is left unread.
    """
    words, named = _parted(text, codes)
    tasks = set(named.values())
    if len(tasks) > 1:
        return Reading(note=Body(words).written)
    return _read(words, today, task="".join(tasks))


def read_replies(text: str, *, today: date, codes: frozenset[str] = frozenset()) -> tuple[Reading, ...]:
    """Return what a message says of each task it names, in its order; one reading where it names none or one.

    "R18 xong, R7 60%" and "xong R18, đang làm R7" are told apart by which end has a code; "R3 và R7 xong" says the
    same of both. Where words stand at both ends nobody can tell whose they are: then no reading is sure.
    """
    words, named = _parted(text, codes)
    if len(set(named.values())) < 2:
        return (read_reply(text, today=today, codes=codes),)
    pieces = _shared(words, named)
    found: dict[str, Reading] = {}
    for code, piece in pieces:
        reading = _read(piece, today, task=code) if piece else Reading(task=code, note=Body(words).written)
        # Named twice with two meanings: asked back.
        again = code in found and found[code] != reading
        found[code] = Reading(task=code, note=Body(words).written) if again else reading
    return tuple(found.values())


def _read(words: list[Word], today: date, *, task: str) -> Reading:
    reading = read_body(Body(words[:_READ]), today, task=task)
    note = Body(words).written if len(words) > _READ else reading.note
    return replace(reading, task=task, note=note)


def _parted(text: str, codes: frozenset[str]) -> tuple[list[Word], dict[int, str]]:
    """Return the words without the codes, and each code at the place of the word it stands before (its last at most).

    Two codes in a row stand before an empty word, so that no place holds two.
    """
    known = {code.casefold(): code for code in codes}
    kept: list[Word] = []
    named: dict[int, str] = {}
    for written, folded in folded_words(text[:_LONGEST]):
        rest = folded
        while (found := _code(rest, known)) is not None:
            code, rest = found
            if len(kept) in named:
                kept.append(("", ""))
            named[len(kept)] = code
        if rest:
            kept.append((written[-len(rest) :] if rest != folded else written, rest))
    return [word for word in kept if word[1]] if len(set(named.values())) < 2 else kept, named


def _code(folded: str, known: dict[str, str]) -> tuple[str, str] | None:
    """Return the code at the head of a word, and what follows it ("R18:1"); None where there is none."""
    head, *after = re.split(r"[:=,;]", folded, maxsplit=1)
    code = known.get(head.strip("[].()#-–\"'"))
    return None if code is None else (code, "".join(after))


def _shared(words: list[Word], named: dict[int, str]) -> list[tuple[str, list[Word]]]:
    """Return each code with the words meant for it, none where that cannot be told."""
    places = sorted(named)
    pieces = [_trimmed(words[begins:stops]) for begins, stops in zip(places, [*places[1:], len(words)], strict=True)]
    lead = _trimmed(words[: places[0]])
    order = [named[place] for place in places]
    if not _says(lead):
        return _spread(list(zip(order, pieces, strict=True))[::-1])[::-1]
    if not _says(pieces[-1]):
        return _spread(list(zip(order, [lead, *pieces[:-1]], strict=True)))
    return [(code, []) for code in order]


def _spread(pieces: list[tuple[str, list[Word]]]) -> list[tuple[str, list[Word]]]:
    """Give a code without words those of its neighbour; none get any where the first has none."""
    if not _says(pieces[0][1]):
        return [(code, []) for code, _ in pieces]
    shared: list[tuple[str, list[Word]]] = []
    for code, piece in pieces:
        shared.append((code, piece if _says(piece) else shared[-1][1]))
    return shared


def _trimmed(words: list[Word]) -> list[Word]:
    words = [word for word in words if word[1]]
    while words and words[-1][1].strip(".,;:") in _BETWEEN | {""}:
        words = words[:-1]
    while words and words[0][1].strip(".,;:") in _BETWEEN | {""} - {"con"}:
        words = words[1:]
    return words


def _says(words: list[Word]) -> bool:
    """Return whether the words say more than a greeting: "dạ", "kính gửi anh", "báo cáo"."""
    return re.search(r"\w", GREETING.sub(" ", Body(words).folded)) is not None
