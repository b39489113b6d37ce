"""One short reply about one task, read by the lexicon: denials first, and sure only where no word is left over."""

import re
from dataclasses import replace
from datetime import date

from bot.domain.dates import find_date, is_lunar, read_date, read_length
from bot.domain.figures import WHOLE, is_none, read_number
from bot.domain.reply_amounts import DOCUMENT, PERCENTS, RATIOS, Amounts, amounts, is_named, without_past_days
from bot.domain.reply_body import EDGES, Body, Reading
from bot.domain.reply_fillers import (
    ACK,
    ACK_BESIDE,
    ACK_SIGN,
    FILLER,
    HELD_BY_MARKS,
    HOLDS_BACK,
    NOT_YET_ALONE,
    PROMISE,
    QUESTION,
    REASON,
)
from bot.domain.reply_lexicon import LEXICON, Entry, Intent

# Words. Of 22 long reports of unfinished work 5 say "đã hoàn thành": Thông báo 624/TB-VPCP, 16/11/2025.
SHORT = 12
_CHOICES = (Intent.DONE, Intent.IN_PROGRESS, Intent.BLOCKED, Intent.EXTENSION, Intent.NOT_OURS)
_CHOICE = re.compile(r"(?:(?:so|chon) )?([1-5])[.)]?(?: a)?")
_CHOSEN = re.compile(r"([1-5])(?:[.):,;-]+ ?| )(.+)")
_NUMERIC_DAY = re.compile(r"(?<![\w/.-])\d{1,2}[/.-]\d{1,2}(?![\d/])")
_FROM_A_DAY = re.compile(r"(?<!\w)tu (?:ngay )?\d{1,2}[/.-]\d{1,2}(?:[/.-]\d{2,4})?(?= (?:den|sang|toi))")

_Hit = tuple[Entry, re.Match[str]]


def read_body(body: Body, today: date, *, task: str) -> Reading:
    """Return what a reply without its code says; `task` is that code, "" where none was named."""
    folded = body.folded.strip(EDGES)
    if found := _CHOICE.fullmatch(folded):
        return _chosen(int(found[1]), Reading(), task=task)
    if (found := _CHOSEN.fullmatch(folded)) and (rest := _beside_choice(found[0], found[2], today)):
        return _chosen(int(found[1]), rest, task=task)
    if is_none(folded):
        return Reading(intent=Intent.NOT_APPLICABLE, sure="?" not in folded)
    if _is_ack(folded):
        return Reading(intent=Intent.ACK, sure=True)
    reading = _by_lexicon(body, today)
    if len(body.words) > SHORT or not reading.sure:
        return replace(reading, sure=False, note=reading.note if _is_reason(body, reading) else body.written)
    return reading


def _chosen(choice: int, rest: Reading, *, task: str) -> Reading:
    if not task:
        return replace(rest, choice=choice, intent=Intent.UNKNOWN, sure=False)
    return replace(rest, choice=choice, intent=_CHOICES[choice - 1], sure=True)


def _beside_choice(whole: str, rest: str, today: date) -> Reading | None:
    """Return the figure or day typed after a choice, as in "2 60%" or "4 15/10"; None where the rest is of words."""
    if found := PERCENTS.fullmatch(rest):
        percent = read_number(found["percent"])
        return Reading(percent=percent) if percent < WHOLE and whole.startswith("2") else None
    if whole.startswith("4") and (day := find_date(rest, today=today)) and day.stops - day.begins == len(rest):
        return Reading(until=day.span.end, days=read_length(rest))
    return None


def _by_lexicon(body: Body, today: date) -> Reading:
    folded = body.folded
    hits = _hits(folded)
    if _asks(body):
        # A polite request is a question too: "cho em xin lùi đến 15/10 được không ạ?"
        asked = [hit for hit in hits if hit[0].intent is Intent.EXTENSION]
        return replace(_extension(body, asked, Amounts(), today), sure=False) if asked else Reading()
    found = amounts(folded)
    if not hits:
        return _figures_alone(body, found, today)
    intent = hits[0][0].intent
    if intent is Intent.EXTENSION:
        return _extension(body, hits, found, today)
    if intent is Intent.DONE:
        return _done(body, hits, found, today)
    families = {entry.intent for entry, _ in hits} - {Intent.IN_PROGRESS}
    sure = len(families) <= 1 and Intent.DONE not in families
    shown = _measured(found) if intent is Intent.IN_PROGRESS else Reading()
    return replace(shown, intent=intent, sure=sure, note=_note(body, hits))


def _hits(folded: str) -> list[_Hit]:
    """Return what the lexicon finds, in its order; no word is taken twice, so "chưa xong" holds no "xong"."""
    hits: list[_Hit] = []
    for entry in LEXICON:
        for found in entry.pattern.finditer(folded):
            if all(found.end() <= taken.start() or taken.end() <= found.start() for _, taken in hits):
                hits.append((entry, found))
    return [hit for hit in hits if hit[0].intent is not Intent.UNKNOWN]


def _is_ack(folded: str) -> bool:
    left = ACK_SIGN.sub(" ", ACK.sub(" ", folded))
    return left != folded and re.fullmatch(r"[\s.,;:!~)(-]*", ACK_BESIDE.sub(" ", left)) is not None


def _asks(body: Body) -> bool:
    folded = body.folded
    bare = re.sub(r"(?: (?:a|nhi|vay|em|anh|chi|the))*[ .!]{0,9}$", "", folded)
    ends = bare.endswith((" chua", " khong")) and not NOT_YET_ALONE.fullmatch(bare)
    return ends or body.ends_asking or bool(QUESTION.search(folded))


def _measured(found: Amounts) -> Reading:
    return Reading(percent=found.percent, done=found.done, total=found.total)


def _figures_alone(body: Body, found: Amounts, today: date) -> Reading:
    held = bool(HOLDS_BACK.search(PERCENTS.sub(" ", body.folded)))
    shown = _measured(found)
    if found.percent == WHOLE:
        # "Ok 100%" agrees, and reports nothing.
        whole = (
            not held
            and not _rest(PERCENTS.sub(" ", FILLER.sub(" ", body.folded)))
            and not re.search(r"(?<!\w)ok", body.folded)
        )
        return replace(shown, intent=Intent.IN_PROGRESS if held else Intent.DONE, sure=whole)
    if found.percent is not None:
        plan = re.search(r"(?<!\w)(?:se|du kien|phan dau|mai|will|neu|can|phai)(?!\w)", body.folded)
        return replace(shown, intent=Intent.IN_PROGRESS, sure=plan is None, note=_note(body, []))
    if found.done is None:
        # A day alone answers "until when", if that was asked.
        day = read_date(body.folded, today=today)
        return Reading(intent=Intent.EXTENSION, until=day.end, days=read_length(body.folded)) if day else Reading()
    return replace(shown, intent=Intent.IN_PROGRESS, sure=is_named(body.folded, found) and not held)


def _done(body: Body, hits: list[_Hit], found: Amounts, today: date) -> Reading:
    shown = _measured(found)
    if found.is_part:
        return replace(shown, intent=Intent.IN_PROGRESS, sure=is_named(body.folded, found), note=_note(body, hits))
    left = body.folded
    for begins, stops in sorted((hit.span() for _, hit in hits), reverse=True):
        left = f"{left[:begins]} {left[stops:]}"
    left = re.sub(r"\bsang nay$", " ", left)  # said at its end: "xong sáng nay"
    if HOLDS_BACK.search(left) or PROMISE.search(body.folded) or body.marked & HELD_BY_MARKS or is_lunar(left):
        return replace(shown, intent=Intent.IN_PROGRESS, sure=False)
    # A day before the status is when it will be ("15/10 xong"), one after it when it was.
    begins = hits[0][1].start()
    after = without_past_days(body.folded[begins:], today=today)
    for entry in LEXICON:
        if entry.intent is Intent.DONE:
            after = entry.pattern.sub(" ", after)
    left = DOCUMENT.sub(" ", PERCENTS.sub(" ", f"{body.folded[:begins]} {re.sub(r'sang nay$', '', after)}"))
    return replace(shown, intent=Intent.DONE, sure=not _rest(left), note=_note(body, hits))


def _extension(body: Body, hits: list[_Hit], found: Amounts, today: date) -> Reading:
    begins = hits[0][1].start()
    reason = REASON.search(body.folded)
    stops = reason.start() if reason and reason.start() > begins else len(body.folded)
    asked = _FROM_A_DAY.sub(lambda day: " " * len(day[0]), body.folded[begins:stops])
    several = len(set(_NUMERIC_DAY.findall(asked))) > 1
    day = None if several else find_date(asked, today=today)
    against = any(entry.intent in {Intent.NOT_OURS, Intent.DONE} for entry, _ in hits)
    unread = day is None and (several or is_lunar(asked) or re.search(r"\d", asked) is not None)
    reading = Reading(intent=Intent.EXTENSION, sure=not (against or unread), percent=found.percent)
    if day:
        reading = replace(reading, until=day.span.end, days=read_length(asked[day.begins : day.stops]))
    return replace(reading, note=body.between(reason.end(), len(body.folded)) if reason else "")


def _note(body: Body, hits: list[_Hit]) -> str:
    """Return what is said beside the status: the reason if one is named, else the words that remain after it."""
    if reason := REASON.search(body.folded):
        return body.between(reason.end(), len(body.folded))
    begins = min((found.start() if entry.told else found.end() for entry, found in hits[:1]), default=0)
    for pattern in (PERCENTS, RATIOS):
        if figure := re.compile(rf"[\s,]{{0,9}}{pattern.pattern}", re.ASCII).match(body.folded, begins):
            begins = figure.end()
    rest = body.between(begins, len(body.folded))
    left = RATIOS.sub(" ", PERCENTS.sub(" ", body.folded[begins:]))
    return rest if len(_rest(left).split()) > 1 or DOCUMENT.search(left) else ""


def _rest(folded: str) -> str:
    return re.sub(r"[^\w%/]+", " ", FILLER.sub(" ", folded)).strip()


def _is_reason(body: Body, reading: Reading) -> bool:
    return reading.intent is Intent.EXTENSION and len(body.words) <= SHORT and bool(reading.note)
