"""What counts from an event, comes on request or waits for another plan: forms whose own words are kept."""

import re
from collections.abc import Sequence

from bot.domain.due import After, Undated, Unset
from bot.domain.phrase_spelling import ImpossibleError

_LONGEST = 40  # words of an event: a document's name is long
_COUNTED = re.compile(
    r"(?:(?:cham nhat|khong qua|toi da|trong|thoi han|vong|truoc|sau|hoan thanh) )*"
    r"(?P<days>\d{1,3}) (?P<unit>ngay lam viec|ngay) "
    r"(?P<side>(?:sau|ke tu|tinh tu|tu|truoc)(?: khi| ngay)?) "
)
_AFTER = re.compile(
    r"(?:ngay )?sau khi .+|khi .+ (?:co hieu luc|ban hanh|duoc (?:phe duyet|thong qua|giao|ban hanh)|ket thuc|hoan thanh)"
)
_ON_DEMAND = re.compile(
    r"(?:hoac )?(?:dot xuat|(?:dot xuat,? )?(?:hoac )?(?:khi (?:co|duoc)|theo) (?:yeu cau|de nghi)(?: (?:nhiem vu|cong viec))?"
    r"|khi phat sinh)"
)
_ELSEWHERE = re.compile(
    r"(?:bao dam |dam bao )?theo (?:dung )?(?:ke hoach|tien do|lo trinh|huong dan|quy dinh|thoi gian|chuong trinh|van ban)\b"
)
_ALSO_ON_DEMAND = re.compile(
    r"[,;]?(?: hoac| va)?(?: dot xuat)?(?: hoac)? (?:khi (?:co|duoc)|theo) (?:yeu cau|de nghi)[.;]?$"
)
_DATED = re.compile(r"\d{1,2}[/.-]\d{1,2}[/.-]\d{4}|\bthang \d{1,2} nam \d{4}")


def read_event(words: Sequence[tuple[str, str]]) -> After | Undated | None:
    """Return the rule of words (as written, folded) that count from an event, or name no day; None for others."""
    plain = " ".join(folded for _, folded in words).rstrip(" .,;")
    if found := _COUNTED.match(plain):
        return _counted(found, words, plain)
    if _ON_DEMAND.fullmatch(plain):
        return Undated(why=Unset.ON_DEMAND, words="khi có yêu cầu")
    if _ELSEWHERE.match(plain) or _AFTER.fullmatch(plain):
        if _DATED.search(plain) or len(words) > _LONGEST:
            return None
        return Undated(why=Unset.UNDETERMINED, words=_written(words))
    return None


def without_demand(plain: str) -> tuple[str, bool]:
    """Return a folded phrase without "hoặc khi có yêu cầu" at its end, and whether that stood there."""
    shorter = _ALSO_ON_DEMAND.sub("", plain)
    return (shorter, True) if shorter and shorter != plain else (plain, False)


def split_ending(words: Sequence[tuple[str, str]]) -> tuple[Sequence[tuple[str, str]], str]:
    """Return the words before "đến khi …" and what ends it as written; all of them and "" where nothing does."""
    for index in range(1, len(words) - 2):
        if (words[index][1], words[index + 1][1]) == ("den", "khi"):
            return words[:index], _written(words[index + 2 :])
    return words, ""


def _counted(found: re.Match[str], words: Sequence[tuple[str, str]], plain: str) -> After | None:
    event = words[plain[: found.end()].count(" ") :]
    if len(event) > _LONGEST or plain[found.end() :] in {"khi", "ngay"}:
        return None
    if _DATED.search(plain):
        raise ImpossibleError("đã biết ngày của sự kiện thì hãy ghi thẳng ngày hạn")
    days = int(found["days"])
    is_before = found["side"].startswith("truoc")
    return After(event=_written(event), days=-days if is_before else days, working=found["unit"] != "ngay")


def _written(words: Sequence[tuple[str, str]]) -> str:
    return " ".join(written for written, _ in words).strip(" .,;")
