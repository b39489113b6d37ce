"""Who is meant by a cell of owners: the longest known names, one after another; what is left over is a doubt."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from bot.domain.folding import fold
from bot.domain.plan import Unit
from bot.imports.tables import one_line

_NEAR = 3  # names shown beside one that is unknown
_WORD = re.compile(r"[a-z0-9]+")
_BREAK = re.compile(r"[,;/\n+•|]|(?:^|\n)\s*[-–]|\s[-–]\s")
_SHORT_FORMS = (
    (re.compile(r"\buy ban nhan dan\b"), "ubnd"),
    (re.compile(r"\btp\b"), "thanh pho"),
    (re.compile(r"\btx\b"), "thi xa"),
    (re.compile(r"\bvp\b"), "van phong"),
)
_AND = {"va", "cung"}
_BEFORE = ("", "cac ", "tat ca cac ", "toan bo cac ", "cac co quan ")
_AFTER = (
    "",
    " tinh",
    " thuoc tinh",
    " cua tinh",
    " cap tinh",
    " thuoc ubnd tinh",
    " tren dia ban",
    " tren dia ban tinh",
)
_VAGUE = (" lien quan", " co lien quan")
# How annexes name all units of a kind; a kind that the units file does not have is never meant.
_KINDS = {
    "so-ban-nganh": ("so ban nganh", "so nganh", "so ban nganh tinh"),
    "huyen": (
        "ubnd cac huyen thi xa thanh pho", "ubnd huyen thi xa thanh pho", "huyen thi xa thanh pho", "ubnd cap huyen",
        "ubnd cac huyen thanh pho", "ubnd cac huyen",
    ),
    "xa": ("ubnd cac xa phuong", "ubnd cac xa phuong dac khu", "ubnd cac xa phuong thi tran", "ubnd cap xa", "xa phuong"),
    "bo-nganh": ("bo nganh", "bo co quan ngang bo"),
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Match:
    """The words of our files that a cell means, and what is doubtful in it."""

    words: tuple[str, ...]
    doubts: tuple[str, ...]


class Names:
    """Every name of every unit, kind and group, as a cell may write it."""

    def __init__(self, units: Mapping[str, Unit], groups: Iterable[str]) -> None:
        self._words: dict[tuple[str, ...], set[str]] = {}
        self._shown: dict[str, str] = {}
        kinds = {unit.kind for unit in units.values()}
        for unit in units.values():
            for name in (unit.id, unit.name, unit.short, *unit.aliases):
                self._add(name, unit.id, shown=unit.name)
        for word in sorted({*kinds, *groups}):
            for name in (word.replace("-", " "), *_KINDS.get(word, ())):
                for before in _BEFORE:
                    for after in (*_AFTER, *_VAGUE):
                        self._add(f"{before}{name}{after}", word, shown=word)
        self._longest = max(map(len, self._words), default=0)

    def match(self, text: str) -> Match:
        """Return who a cell means, each once, in its order."""
        words, breaks = _split(text)
        found: list[str] = []
        doubts: list[str] = []
        at = 0
        while at < len(words):
            if words[at] in _AND:
                at += 1
                continue
            length = self._known_from(words, breaks, at)
            if not length:
                # What no name begins may still end in one: "Giám đốc Sở Nội vụ" is asked about, never taken.
                end = next(place for place in range(at + 1, len(words) + 1) if place in breaks)
                plain = " ".join(words[at:end])
                doubts.append(f"chưa nhận ra «{plain}»{self._nearest(plain)}")
                at = end
                continue
            name = " ".join(words[at : at + length])
            meant = sorted(self._words[tuple(words[at : at + length])])
            if len(meant) > 1:
                doubts.append(f"«{name}» là tên của nhiều nơi: {', '.join(meant)}")
            else:
                found += meant
            if name.endswith(_VAGUE):
                doubts.append(f"«{name}»: chỉ những nơi liên quan, hay tất cả?")
            at += length
        return Match(words=tuple(dict.fromkeys(found)), doubts=tuple(_written(doubts, text)))

    def _add(self, name: str, word: str, *, shown: str) -> None:
        key = tuple(_plain(name))
        if key:
            self._words.setdefault(key, set()).add(word)
            self._shown[" ".join(key)] = f"{shown} ({word})" if shown != word else word

    def _known_from(self, words: Sequence[str], breaks: set[int], at: int) -> int:
        for length in range(min(self._longest, len(words) - at), 0, -1):
            ends = at + length in breaks or words[at + length] in _AND
            if ends and tuple(words[at : at + length]) in self._words:
                return length
        return 0

    def _nearest(self, plain: str) -> str:
        inside = [name for name in self._shown if len(name) > 5 and f" {name} " in f" {plain} "]
        near = [
            *sorted(inside, key=len, reverse=True),
            *get_close_matches(plain[:120], self._shown, n=_NEAR, cutoff=0.6),
        ]
        shown = list(dict.fromkeys(self._shown[name] for name in near))[:_NEAR]
        return f"; gần nhất: {', '.join(shown)}" if shown else " trong config/units.yaml"


def _split(text: str) -> tuple[list[str], set[int]]:
    """Return the words of a cell, folded, and before which of them it makes a break; its end is one."""
    words: list[str] = []
    breaks: set[int] = set()
    for part in _BREAK.split(text):
        words += _plain(part)
        breaks.add(len(words))
    return words, breaks


def _plain(text: str) -> list[str]:
    plain = " ".join(_WORD.findall(fold(text.replace("&", " va "))))
    for pattern, one in _SHORT_FORMS:
        plain = pattern.sub(one, plain)
    return plain.split()


def _written(doubts: Iterable[str], text: str) -> Iterable[str]:
    """Give a folded piece back its own letters where it stands in the cell as it is."""
    pieces: dict[str, str] = {}
    for piece in map(one_line, _BREAK.split(text)):
        words = piece.split()
        pieces |= {" ".join(_plain(" ".join(words[at:]))): " ".join(words[at:]) for at in range(len(words))}
    for doubt in doubts:
        plain = doubt.partition("«")[2].partition("»")[0]
        yield doubt.replace(f"«{plain}»", f"«{pieces.get(plain, plain)}»", 1)
