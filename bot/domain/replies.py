"""A short reply of a focal point, read into what it says; what is not certain is said to be not sure."""

import re
from dataclasses import dataclass, replace
from datetime import date

from bot.domain.dates import find_date, read_date, read_length
from bot.domain.figures import PERCENT, RATIO, WHOLE, is_none, read_number
from bot.domain.folding import folded_words
from bot.domain.reply_lexicon import (
    ACK,
    ACK_BESIDE,
    FILLER,
    HOLDS_BACK,
    LEXICON,
    NOT_YET_ALONE,
    QUESTION,
    REASON,
    Entry,
    Intent,
)

__all__ = ["Intent", "Reading", "read_reply"]

# Words. Of 22 long reports of unfinished work 5 say "đã hoàn thành": Thông báo 624/TB-VPCP, 16/11/2025.
_SHORT = 12
_READ = 60  # words that are looked at; the rest is only kept
_LONGEST = 4096  # characters, as much as a chat carries
_CHOICES = (Intent.DONE, Intent.IN_PROGRESS, Intent.BLOCKED, Intent.EXTENSION, Intent.NOT_OURS)
_CHOICE = re.compile(r"(?:(?:so|chon) )?([1-5])[.)]?(?: a)?")
_CHOSEN = re.compile(r"([1-5])(?:[.):,;-]+ ?| )(.+)")
_PERCENT = re.compile(PERCENT, re.ASCII)
_RATIO = re.compile(RATIO, re.ASCII)
_DOCUMENT = re.compile(r"(?:(?:so|bc|bao cao|van ban|tai) )*\d+[a-z]?/(?:\d{4}/)?[a-z]{2,}[\w.&-]*")
_DAY = re.compile(r"(?:ngay )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?")
_BEFORE_A_DAY = re.compile(r"\b(?:truoc|den|toi|ngay|han|vao|sang|kien|by|on|until|to|before) $")
_BEFORE_A_PART = re.compile(r"\b(?:duoc|dat|moi) $")
_EDGES = " .,;:!()-–—"


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reply says. Only a `sure` one may be recorded without asking back.

    `task` is the code of the catalogue, "" where none was named. `choice` is the number typed (1-5); without a task it
    means something only to the one who knows the open question. `days` is a length ("gia hạn 5 ngày"), to be counted
    from the due day; `until` then counts it from today. `note` holds the reason, or all of a reply that is not sure.
    """

    intent: Intent = Intent.UNKNOWN
    sure: bool = False
    percent: float | None = None
    done: int | None = None
    total: int | None = None
    until: date | None = None
    days: int | None = None
    note: str = ""
    task: str = ""
    choice: int | None = None


def read_reply(text: str, *, today: date, codes: frozenset[str] = frozenset()) -> Reading:
    """Return what a free reply says; never raises, and never reads a denial, a plan or a question as done.

    `codes` are the task codes it may name, in any case but as whole words. A reply that names two is left unread.
    """
    words = folded_words(text[:_LONGEST])
    words, tasks = _without_codes(words, codes)
    body = _Body(words)
    if len(tasks) > 1:
        return Reading(note=body.written)
    reading = _read_body(_Body(words[:_READ]), today, task="".join(tasks))
    note = body.written if len(words) > _READ else reading.note
    return replace(reading, task="".join(tasks), note=note)


class _Body:
    """A reply without its code: folded for matching, and as written for the note."""

    def __init__(self, words: list[tuple[str, str]]) -> None:
        self.words = words
        self.folded = " ".join(folded for _, folded in words)
        self.written = self.between(0, len(self.folded))

    def between(self, begins: int, stops: int) -> str:
        """Return, as written, the words that lie wholly in this stretch of the folded text."""
        kept, place = [], 0
        for written, folded in self.words:
            if begins <= place and place + len(folded) <= stops:
                kept.append(written)
            place += len(folded) + 1
        return " ".join(kept).strip(_EDGES)


def _without_codes(words: list[tuple[str, str]], codes: frozenset[str]) -> tuple[list[tuple[str, str]], set[str]]:
    known = {code.casefold(): code for code in codes}
    kept: list[tuple[str, str]] = []
    tasks = set()
    for written, folded in words:
        head, *after = re.split(r"[:=,]", folded, maxsplit=1)
        code = known.get(head.strip("[].()#;-–\"'"))
        if code is None:
            kept.append((written, folded))
            continue
        tasks.add(code)
        if rest := "".join(after):  # "R18:1"
            kept.append((written[-len(rest) :], rest))
    return kept, tasks


def _read_body(body: _Body, today: date, *, task: str) -> Reading:
    folded = body.folded.strip(_EDGES)
    if found := _CHOICE.fullmatch(folded):
        return _chosen(int(found[1]), Reading(), task=task)
    if (found := _CHOSEN.fullmatch(folded)) and (rest := _beside_choice(found[0], found[2], today)):
        return _chosen(int(found[1]), rest, task=task)
    if is_none(folded):
        return Reading(intent=Intent.NOT_APPLICABLE, sure="?" not in folded)
    if _is_ack(folded):
        return Reading(intent=Intent.ACK, sure=True)
    reading = _by_lexicon(body, today)
    if len(body.words) > _SHORT or not reading.sure:
        return replace(reading, sure=False, note=reading.note if _is_reason(body, reading) else body.written)
    return reading


def _chosen(choice: int, rest: Reading, *, task: str) -> Reading:
    if not task:
        return replace(rest, choice=choice, intent=Intent.UNKNOWN, sure=False)
    return replace(rest, choice=choice, intent=_CHOICES[choice - 1], sure=True)


def _beside_choice(whole: str, rest: str, today: date) -> Reading | None:
    """Return the figure or day typed after a choice, as in "2 60%" or "4 15/10"; None where the rest is of words."""
    if found := _PERCENT.fullmatch(rest):
        percent = read_number(found["percent"])
        return Reading(percent=percent) if percent < WHOLE and whole.startswith("2") else None
    if whole.startswith("4") and (day := find_date(rest, today=today)) and day.stops - day.begins == len(rest):
        return Reading(until=day.span.end, days=read_length(rest))
    return None


def _by_lexicon(body: _Body, today: date) -> Reading:
    folded = body.folded
    hits = _hits(folded)
    if _asks(folded):
        # A polite request is a question too: "cho em xin lùi đến 15/10 được không ạ?"
        asked = [hit for hit in hits if hit[0].intent is Intent.EXTENSION]
        return replace(_extension(body, asked, today), sure=False) if asked else Reading()
    figures = _figures(folded)
    if not hits:
        return _figures_alone(body, figures, today)
    intent = hits[0][0].intent
    if intent is Intent.EXTENSION:
        return _extension(body, hits, today)
    if intent is Intent.DONE:
        return _done(body, hits, figures)
    families = {entry.intent for entry, _ in hits} - {Intent.IN_PROGRESS}
    sure = len(families) <= 1 and Intent.DONE not in families
    shown = figures if intent is Intent.IN_PROGRESS else Reading()
    return replace(shown, intent=intent, sure=sure, note=_note(body, hits))


def _hits(folded: str) -> list[tuple[Entry, re.Match[str]]]:
    """Return what the lexicon finds, in its order; no word is taken twice, so "chưa xong" holds no "xong"."""
    hits: list[tuple[Entry, re.Match[str]]] = []
    for entry in LEXICON:
        for found in entry.pattern.finditer(folded):
            if all(found.end() <= taken.start() or taken.end() <= found.start() for _, taken in hits):
                hits.append((entry, found))
    return [hit for hit in hits if hit[0].intent is not Intent.UNKNOWN]


def _is_ack(folded: str) -> bool:
    words = set(re.findall(r"\w+|[^\w\s.,!;:\U0001f3fb-\U0001f3ff]", folded))  # a hand's colour says nothing
    return bool(words & ACK) and words <= ACK | ACK_BESIDE


def _asks(folded: str) -> bool:
    bare = re.sub(r"(?: (?:a|nhi|vay|em|anh|chi|the))*[\s.!]*$", "", folded)
    return bool(QUESTION.search(folded)) or (bare.endswith(" chua") and not NOT_YET_ALONE.fullmatch(bare))


def _figures(folded: str) -> Reading:
    reading = Reading()
    if len(found := _PERCENT.findall(folded)) == 1 and (percent := read_number(found[0])) <= WHOLE:
        reading = replace(reading, percent=percent)
    if len(pairs := list(_RATIO.finditer(folded))) == 1 and not _BEFORE_A_DAY.search(folded[: pairs[0].start()]):
        done, total = read_number(pairs[0]["done"]), read_number(pairs[0]["total"])
        if done.is_integer() and total.is_integer() and done <= total and total:
            reading = replace(reading, done=int(done), total=int(total))
    return reading


def _figures_alone(body: _Body, figures: Reading, today: date) -> Reading:
    rest = _rest(_PERCENT.sub(" ", body.folded))
    held = bool(HOLDS_BACK.search(body.folded))
    if figures.percent is not None:
        if figures.percent == WHOLE:
            return replace(figures, intent=Intent.IN_PROGRESS if held else Intent.DONE, sure=not held and not rest)
        return replace(figures, intent=Intent.IN_PROGRESS, sure=not held, note=_note(body, []))
    if figures.done is None:
        # A day alone answers "until when", if that was asked.
        day = read_date(body.folded, today=today)
        return Reading(intent=Intent.EXTENSION, until=day.end, days=read_length(body.folded)) if day else Reading()
    return replace(figures, intent=Intent.IN_PROGRESS, sure=_is_named(body.folded, figures) and not held)


def _is_named(folded: str, figures: Reading) -> bool:
    """Return whether a part done is one for sure; "7/10" by itself may be the seventh of October."""
    if figures.percent is not None or not (pair := _RATIO.search(folded)):
        return figures.percent is not None
    named = _BEFORE_A_PART.search(folded[: pair.start()]) or re.match(" [a-z]", folded[pair.end() :])
    return named is not None and figures.done != figures.total


def _done(body: _Body, hits: list[tuple[Entry, re.Match[str]]], figures: Reading) -> Reading:
    part = (figures.percent is not None and figures.percent < WHOLE) or (figures.done or 0) < (figures.total or 0)
    if part:
        return replace(figures, intent=Intent.IN_PROGRESS, sure=_is_named(body.folded, figures), note=_note(body, hits))
    if HOLDS_BACK.search(body.folded):
        return replace(figures, intent=Intent.IN_PROGRESS, sure=False)
    left = _DAY.sub(" ", _DOCUMENT.sub(" ", _RATIO.sub(" ", _PERCENT.sub(" ", body.folded))))
    for entry, _ in hits:
        left = entry.pattern.sub(" ", left)
    return replace(figures, intent=Intent.DONE, sure=not _rest(left), note=_note(body, hits))


def _extension(body: _Body, hits: list[tuple[Entry, re.Match[str]]], today: date) -> Reading:
    begins = hits[0][1].start()
    day = find_date(body.folded[begins:], today=today)
    against = any(entry.intent in {Intent.NOT_OURS, Intent.DONE} for entry, _ in hits)
    unread = day is None and re.search(r"\d", body.folded[begins:]) is not None
    reading = Reading(intent=Intent.EXTENSION, sure=not (against or unread))
    reason = REASON.search(body.folded)
    if day:
        named = body.folded[begins + day.begins : begins + day.stops]
        reading = replace(reading, until=day.span.end, days=read_length(named))
    return replace(reading, note=body.between(reason.end(), len(body.folded)) if reason else "")


def _note(body: _Body, hits: list[tuple[Entry, re.Match[str]]]) -> str:
    """Return what is said beside the status: the reason if one is named, else the words that remain after it."""
    if reason := REASON.search(body.folded):
        return body.between(reason.end(), len(body.folded))
    begins = min((found.start() if entry.told else found.end() for entry, found in hits[:1]), default=0)
    for pattern in (_PERCENT, _RATIO):
        if figure := re.compile(rf"[\s,]*{pattern.pattern}").match(body.folded, begins):
            begins = figure.end()
    rest = body.between(begins, len(body.folded))
    left = _RATIO.sub(" ", _PERCENT.sub(" ", body.folded[begins:]))
    return rest if len(_rest(left).split()) > 1 or _DOCUMENT.search(left) else ""


def _rest(folded: str) -> str:
    return re.sub(r"[^\w%/]+", " ", FILLER.sub(" ", folded)).strip()


def _is_reason(body: _Body, reading: Reading) -> bool:
    return reading.intent is Intent.EXTENSION and len(body.words) <= _SHORT and bool(reading.note)
