"""Result figures: read from what a person types, by kind; said back; kept as JSON. Numbers are Vietnamese: 1.234,5."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

from bot.domain.dates import find_date
from bot.domain.folding import fold
from bot.domain.plan import Result, ResultKind

WHOLE = 100.0  # per cent
_LONGEST_LINK = 500  # characters
_LONGEST = 2000  # characters of any answer; longer ones hold no single figure


class FigureProblem(StrEnum):
    """Why an answer is not the figure that was asked for."""

    NOT_PERCENT = "not_percent"
    OVER_100 = "over_100"
    NOT_RATIO = "not_ratio"
    PART_OVER_WHOLE = "part_over_whole"
    NOT_COUNT = "not_count"
    NO_NUMBER = "no_number"  # a document without its number
    NOT_LINK = "not_link"


@dataclass(frozen=True, slots=True, kw_only=True)
class Figures:
    """What a report measured; only what its kind needs is set. `none` is "không phát sinh", an answer to every kind."""

    percent: float | None = None
    done: int | None = None
    total: int | None = None
    count: int | None = None
    document: str = ""
    document_on: date | None = None
    link: str = ""
    none: bool = False


def read_figures(text: str, kind: ResultKind) -> Figures | FigureProblem:
    """Return the figures in `text` for a result of this kind, or what is wrong with it; nothing is guessed."""
    if is_none(text):
        return Figures(none=True)
    short = text.strip() if len(text) <= _LONGEST else ""
    return _READERS[kind](short)


def is_none(text: str) -> bool:
    """Return whether the whole text says that nothing arose: "không phát sinh", "KPS", "không có hồ sơ trễ"."""
    return len(text) <= _LONGEST and _NONE.fullmatch(fold(text).strip(" .,;!")) is not None


def say_figures(figures: Figures, result: Result) -> str:
    """Return the figures in plain Vietnamese, "" where none are set: "12/18 hồ sơ (66,7%)", "không phát sinh"."""
    if figures.none:
        return "không phát sinh"
    said = []
    if figures.percent is not None:
        said.append(f"{say_number(figures.percent)}%")
    if figures.done is not None and figures.total is not None:
        said.append(_say_ratio(figures.done, figures.total, result))
    if figures.count is not None:
        things = (result.of or result.label).removeprefix("số ").strip()
        said.append(f"{say_number(figures.count)} {things}".strip())
    if figures.document:
        said.append(figures.document + (f" ngày {figures.document_on:%d/%m/%Y}" if figures.document_on else ""))
    if figures.link:
        said.append(figures.link)
    return ", ".join(said)


def say_number(number: float) -> str:
    """Return a number as Vietnamese writes it, with at most one decimal: 1.234 and 12,5."""
    whole = f"{number:,.1f}".removesuffix(".0")
    return whole.translate(str.maketrans(",.", ".,"))


def figures_to_json(figures: Figures) -> dict[str, object]:
    """Return only what is set, days in ISO form, ready for JSON."""
    kept: dict[str, object] = {}
    for name in ("percent", "done", "total", "count"):
        if (value := getattr(figures, name)) is not None:
            kept[name] = value
    for name in ("document", "link", "none"):
        if value := getattr(figures, name):
            kept[name] = value
    if figures.document_on:
        kept["document_on"] = figures.document_on.isoformat()
    return kept


def figures_from_json(kept: Mapping[str, object]) -> Figures:
    """Return the figures that `figures_to_json` kept; a value of another type counts as not set."""
    percent, day = kept.get("percent"), kept.get("document_on")
    return Figures(
        percent=float(percent) if isinstance(percent, int | float) else None,
        done=_whole(kept.get("done")),
        total=_whole(kept.get("total")),
        count=_whole(kept.get("count")),
        document=_text(kept.get("document")),
        document_on=date.fromisoformat(day) if isinstance(day, str) else None,
        link=_text(kept.get("link")),
        none=kept.get("none") is True,
    )


def read_number(digits: str) -> float:
    """Return the value of `NUMBER` text: 1.234 is a thousand and more, 12,5 and 12.5 are twelve and a half."""
    if _GROUPED.fullmatch(digits):
        digits = digits.replace(".", "")
    return float(digits.replace(",", "."))


NUMBER = r"[1-9]\d{0,2}(?:\.\d{3}){1,3}(?:,\d{1,6})?|\d{1,12}(?:[.,]\d{1,6})?"
PERCENT = rf"(?<![\w.,/-])(?P<percent>{NUMBER}) ?(?:%|phan tram\b|percent\b|per cent\b)"
RATIO = (
    rf"(?<![\w.,/-])(?P<done>{NUMBER}) ?(?:/|tren(?: tong so)?|trong(?: tong)?(?: so)?|of|out of) ?"
    rf"(?P<total>{NUMBER})(?![\w/%]|[.,]\d)"
)

_GROUPED = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?")
_PERCENTS = re.compile(PERCENT, re.ASCII)
_RATIOS = re.compile(RATIO, re.ASCII)
_COUNT = re.compile(rf"(?<![\w.,/-])({NUMBER})(?![\w/%]| %| phan tram|[.,]\d)", re.ASCII)
_BARE = re.compile(rf"(?:(?:dat|duoc|khoang|la|ty le|hon) )*({NUMBER})(?: (?:a|roi|nhe))*", re.ASCII)
# Only these may follow: "không phát sinh vướng mắc, đã hoàn thành" is no such answer.
_THINGS = "(?:ho so|truong hop|vu viec|nhiem vu|noi dung|viec|thu tuc|tthc|tre|hen|qua han|xin loi|phai|nao|gi|moi|ca)"
_NONE = re.compile(
    r"(?:(?:da|dang|vang|bao cao|don vi|ben em|em|thang nay|quy nay|ky nay"
    r"|(?:trong )?(?:thang|quy|ky|nam)(?: nay| \d{1,4})?),? )*"
    rf"(?:(?:khong|ko|k|kg|hong|chua) (?:co )?(?:noi dung )?phat sinh(?: {_THINGS})*|kps"
    r"|(?:khong|ko|k|kg) co (?:ho so|truong hop|vu viec|van ban|thu tuc)(?: nao)?"
    rf"(?: (?:{_THINGS}|phat sinh|vi pham))*"
    r"|none(?: this (?:month|quarter|year|period))?|n/a|not applicable|nothing to report|no cases?)"
    r"(?: (?:trong )?(?:thang|quy|ky|nam)(?: (?:nay|\d{1,2}|[iv]+))?(?:/\d{4})?)?(?: a)?",
    re.ASCII,
)
_CODE = re.compile(
    r"(?<![\w/.:])(\d{1,6}[A-Za-zĐđ]?/(?:(?:19|20)\d\d/)?[^\W\d_]{2,}[\w.&]*(?:-[\w&]+)*"
    r"|\d{1,6}-[^\W\d_]{2,}\d?/[^\W\d_]{2,}[\w&]*(?:-[\w&]+)*)"
)
_DOMAIN = re.compile(r"(?:[a-z0-9](?:[a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}(?::\d+)?(?:[/?#]\S*)?", re.IGNORECASE | re.ASCII)
_DAY_ONE = date(1, 1, 1)


def _percent(text: str) -> Figures | FigureProblem:
    folded = fold(text)
    found = {match["percent"] for match in _PERCENTS.finditer(folded)}
    if not found and (bare := _BARE.fullmatch(folded)):
        found = {bare[1]}
    if len(found) != 1:
        return FigureProblem.NOT_PERCENT
    percent = read_number(found.pop())
    return Figures(percent=percent) if percent <= WHOLE else FigureProblem.OVER_100


def _ratio(text: str) -> Figures | FigureProblem:
    bare = re.sub(r"\([^()]*%\)", "", fold(text))  # "12/18 hồ sơ (66,7%)": the per cent follows from the two
    found = list(_RATIOS.finditer(bare))
    if len(found) != 1 or re.search(r"\d", _RATIOS.sub("", bare)):
        return FigureProblem.NOT_RATIO
    done, total = read_number(found[0]["done"]), read_number(found[0]["total"])
    if not (done.is_integer() and total.is_integer()):
        return FigureProblem.NOT_RATIO
    if done > total:
        return FigureProblem.PART_OVER_WHOLE
    return Figures(done=int(done), total=int(total)) if total else Figures(none=True)


def _count(text: str) -> Figures | FigureProblem:
    folded = fold(text)
    found = _COUNT.findall(folded)
    if len(found) != 1 or re.search(r"\d", _COUNT.sub("", folded)):
        return FigureProblem.NOT_COUNT
    count = read_number(found[0])
    return Figures(count=int(count)) if count.is_integer() else FigureProblem.NOT_COUNT


def _nothing(_text: str) -> Figures | FigureProblem:
    return Figures()


def _document(text: str) -> Figures | FigureProblem:
    tidy = re.sub(r"\s*/\s*", "/", " ".join(text.split()))
    tidy = re.sub(r"\s*-\s*(?=[A-ZĐ]{2})", "-", tidy)  # 1234/BC - SNV
    found = _CODE.search(tidy)
    if not found:
        return FigureProblem.NO_NUMBER
    return Figures(document=found[1], document_on=_dated(tidy[: found.start()] + " " + tidy[found.end() :]))


def _dated(rest: str) -> date | None:
    # A day without its year dates no document: it comes out otherwise when asked from another year.
    first, second = (find_date(fold(rest), today=today) for today in (_DAY_ONE, date(2000, 1, 1)))
    if first and second and first.span == second.span and first.span.start == first.span.end:
        return first.span.end
    return None


def _link(text: str) -> Figures | FigureProblem:
    for word in text.split():
        bare = word.strip("<>()[]\"'“”").rstrip(".,;:!")
        if re.match(r"https?://", bare, re.IGNORECASE):
            return Figures(link=bare) if _is_link(bare) else FigureProblem.NOT_LINK
        if _DOMAIN.fullmatch(bare) and _is_link(f"https://{bare}"):
            return Figures(link=f"https://{bare}")
    return FigureProblem.NOT_LINK


def _is_link(url: str) -> bool:
    if len(url) > _LONGEST_LINK or not url.isprintable() or re.search(r'[\\<>"`{}|^]', url):
        return False
    try:
        parts = urlsplit(url)
        named = parts.hostname is not None and "." in parts.hostname.strip(".") and parts.port != 0
    except ValueError:  # a port or an address that is none
        return False
    return named and "@" not in parts.netloc


def _say_ratio(done: int, total: int, result: Result) -> str:
    share = done / total * WHOLE if total else 0.0
    # Rounding must not turn "almost all" into all.
    rate = f"({say_number(min(share, 99.9) if done < total else share)}%)"
    if result.of and result.over and result.of != result.over:
        return f"{say_number(done)} {result.of}/{say_number(total)} {result.over} {rate}"
    things = result.over or result.of or result.label
    return " ".join(filter(None, (f"{say_number(done)}/{say_number(total)}", things, rate)))


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) else None


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


_READERS: dict[ResultKind, Callable[[str], Figures | FigureProblem]] = {
    ResultKind.DONE: _nothing,
    ResultKind.PERCENT: _percent,
    ResultKind.RATIO: _ratio,
    ResultKind.COUNT: _count,
    ResultKind.DOCUMENT: _document,
    ResultKind.LINK: _link,
}
