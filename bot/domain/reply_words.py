"""The words of a reply as the lexicon knows them: abbreviations written out, slips of the fingers put right."""

import re

Word = tuple[str, str]  # as written, and folded

_EDGES = ".,;:!?()[]\"'…–-~"
_LONGEST = 40  # letters of a word that are looked at; it bounds every search over a reply

# Folded, as whole words. What may mean several things stands in `_context` below, or is left alone.
_SHORT_FORMS = {
    "ko": "khong", "k": "khong", "kg": "khong", "khg": "khong", "hok": "khong", "hem": "khong", "hk": "khong",
    "khongg": "khong", "ch": "chua", "chuaa": "chua", "hthanh": "hoan thanh", "h.thanh": "hoan thanh",
    "hoanthanh": "hoan thanh", "h.t": "hoan thanh", "h/thanh": "hoan thanh", "daxong": "da xong",
    "xongroi": "xong roi", "chuaxong": "chua xong", "koxong": "khong xong", "kxong": "khong xong",
    "dg": "dang", "dag": "dang", "lm": "lam", "man": "lam", "t/h": "thuc hien", "t/hien": "thuc hien",
    "th/hien": "thuc hien", "tk": "trien khai", "t/khai": "trien khai", "dc": "duoc", "dk": "duoc", "r": "roi",
    "rui": "roi", "rau": "roi", "ui": "roi", "oi": "oi", "e": "em", "dv": "don vi", "d/v": "don vi", "bc": "bao cao",
    "b/c": "bao cao", "b.c": "bao cao", "vb": "van ban", "vban": "van ban", "cv": "cong van", "c/v": "cong van",
    "qd": "quyet dinh", "kh": "ke hoach", "nv": "nhiem vu", "nvu": "nhiem vu", "n/v": "nhiem vu", "ld": "lanh dao",
    "l/d": "lanh dao", "gd": "giam doc", "d/c": "dong chi", "kp": "kinh phi", "hd": "huong dan", "ttdt": "trang tin",
    "gh": "gia han", "vuong.mac": "vuong mac", "xg": "xong",
}  # fmt: skip

# A slip is put right only into one of these, the denials first: where two are as near, the denial is meant.
_CLOSED = (
    "khong", "chua", "dang", "vuong", "xong", "hoan", "thanh", "trien", "khai", "thuc", "hien", "trinh", "phat", "sinh",
    "huong", "nhiem", "finished", "completed", "submitted", "progress", "extension",
)  # fmt: skip
# What is a slip only beside certain words: before it, or after it.
_NEAR: tuple[tuple[str, set[str], set[str], str], ...] = (
    ("th", {"dang", "da", "chua", "dg"}, set(), "thuc hien"),
    ("than", {"hoan"}, set(), "thanh"),
    ("vuon", set(), {"mac"}, "vuong"),
    ("hang", {"gia", "ra"}, set(), "han"),
    ("chu", set(), {"xong", "lam", "hoan"}, "chua"),
)
_KEPT = {"thank", "thanks", "then", "than", "complete", "finish", "submit", "sing", "sign", "thing", "thin", "chat"}
_TELEX_TONES = "sfrxj"
_TELEX = {"dda": "da", "ddang": "dang", "laam": "lam", "chuwa": "chua", "roofi": "roi", "vuowng": "vuong"}

# Every syllable Vietnamese can have, folded. A word that is one is never taken for a slip: "thang" is no "thanh".
_INITIAL = "(?:b|ch?|d|gh?|h|kh?|l|m|ngh?|nh?|p|ph|r|s|th?|tr|v|x)?"
_RIME = (
    "a(?:ch|i|m|ng?|nh|o|p|t|u|y|c)?|e(?:c|ch|m|ng?|nh|o|p|t|u)?|i(?:a|c|ch|e[cmnptu]|eng|m|n|nh|p|t|u)?"
    "|o(?:a(?:ch|i|m|ng?|nh|o|p|t|y|c)?|c|e[nmot]?|i|m|ng?|ong|p|t)?"
    "|u(?:a(?:ng?|t|u|y)?|c|e(?:ch|nh)?|i|m|ng?|o(?:c|i|m|ng?|p|t|u)|p|t|u|y(?:a|ch|en|et|nh|n|t|u)?)?"
    "|y(?:em|en|et|eu)?"
)
_SYLLABLE = re.compile(rf"(?:{_INITIAL}(?:{_RIME})|qu?(?:{_RIME})|gi(?:{_RIME}))")


def plain_words(words: list[Word]) -> list[Word]:
    """Return the words with their folded forms as the lexicon spells them; what was written stays beside.

    A word that Vietnamese can have stays what it is. Any other is put right only if one slip (a letter too few, too
    many, wrong, or two in the wrong order) parts it from a closed list of words, and never so that a letter that may
    be a denial is lost: "xongk" may ask "xong không".
    """
    cut = [(written, folded[:_LONGEST]) for written, folded in words]
    return [
        (written, _plain(folded, before=cut[place - 1][1] if place else "", after=_next(cut, place)))
        for place, (written, folded) in enumerate(cut)
    ]


def is_syllable(folded: str) -> bool:
    """Return whether a folded word is built like a Vietnamese syllable."""
    return _SYLLABLE.fullmatch(folded) is not None


def _next(words: list[Word], place: int) -> str:
    return words[place + 1][1].strip(_EDGES) if place + 1 < len(words) else ""


def _plain(folded: str, *, before: str, after: str) -> str:
    core = folded.strip(_EDGES)
    if not core or any(letter.isdigit() for letter in core):
        return folded
    plain = _SHORT_FORMS.get(core) or _context(core, before=before, after=after) or _put_right(core)
    if plain == core:
        return folded
    begins = folded.index(core)
    return folded[:begins] + plain + folded[begins + len(core) :]


def _context(core: str, *, before: str, after: str) -> str:
    if core == "ht":  # hệ thống where something is wrong with it, else hoàn thành
        return "he thong" if after in {"loi", "bi", "dang", "treo", "mang", "hong", "chua"} else "hoan thanh"
    return next(
        (plain for word, befores, afters, plain in _NEAR if word == core and (before in befores or after in afters)), ""
    )


def _put_right(core: str) -> str:
    if core in _TELEX or core.rstrip(_TELEX_TONES) in _TELEX:
        return _TELEX.get(core) or _TELEX[core.rstrip(_TELEX_TONES)]
    if core in {"dax", "ddax"}:
        return "da"
    if len(core) < 3 or not core.isascii() or not core.isalpha() or core in _KEPT or is_syllable(core):
        return core
    return next((word for word in _CLOSED if _is_one_slip(core, word)), core)


def _is_one_slip(typed: str, word: str) -> bool:
    """Return whether one letter too few, too many or wrong, or two swapped, make `typed` of `word`."""
    if typed == word or not -1 <= len(typed) - len(word) <= 1:
        return typed == word
    same = 0
    while same < min(len(typed), len(word)) and typed[same] == word[same]:
        same += 1
    rest, wanted = typed[same:], word[same:]
    if len(typed) < len(word):
        return rest == wanted[1:]
    if len(typed) > len(word):
        # A letter more at the end is a tone typed late, or the last one twice.
        return rest[1:] == wanted and (bool(wanted) or rest in (*_TELEX_TONES, word[-1]))
    return rest[1:] == wanted[1:] or (
        len(rest) > 1 and rest[0] == wanted[1] and rest[1] == wanted[0] and rest[2:] == wanted[2:]
    )
