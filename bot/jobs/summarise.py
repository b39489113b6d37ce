"""Counts a week, freezes it, and puts it into the outbox for managers and registered groups."""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, time, timedelta
from pathlib import Path

from bot.domain.calendar import Calendar, local_day, local_moment
from bot.domain.compliance import WeekFigures, week_to_json
from bot.domain.figuring import week_of
from bot.domain.plan import Plan, Role
from bot.jobs.weekly import figures_of
from bot.ports import Caps, File, Out
from bot.store import Store, Tx, contacts, outbox, people, revisions, summaries
from bot.store.outbox import Lane, Letter, letters
from bot.store.summaries import Published
from bot.texts import say
from bot.texts.week import heading, text

__all__ = [
    "PNG",
    "SUMMARIES",
    "XLSX",
    "Draw",
    "figures_of",
    "freeze",
    "last_moment",
    "sha256_of",
    "summarise",
    "summary_outs",
    "write_files",
]

SUMMARIES = "summaries"  # the folder of published weeks under the home's data
PNG = "image/png"
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

Draw = Callable[[WeekFigures, Path], tuple[File, ...]]
"""Writes a week's files under a folder and returns them, named from there."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Reader:
    """Somebody, or a group, who gets the summary."""

    key: str
    channel: str
    chat_id: str
    language: str
    person_id: int | None = None


def summarise(
    store: Store,
    *,
    plan: Plan,
    calendar: Calendar,
    caps: Mapping[str, Caps],
    folder: Path,
    moment: datetime,
    as_of_time: time,
    language: str,
    now: datetime,
    draw: Draw | None = None,
) -> bool:
    """Publish the summary that was to be published at `moment`, unless it was; return whether it is new.

    Its data are as of `as_of_time` on that local day; groups read it in `language`. Nothing is published of a time before
    the first catalogue. Blocks for the picture and the workbook, which are made outside any transaction: call it in a
    worker thread. `draw` makes them otherwise than `write_files` does.
    """
    day = local_day(moment)
    as_of = local_moment(day, as_of_time)
    week = week_of(day, as_of=as_of).name
    if store.read(lambda tx: summaries.get(tx, week) is not None or not revisions.began_by(tx, as_of)):
        return False
    figures = store.read(lambda tx: figures_of(tx, plan, day=day, as_of=as_of, now=now))
    files = (draw or write_files)(figures, folder)
    figures = replace(figures, sha256=_hashes(files, folder))
    published = freeze(figures, now=now)

    def put(tx: Tx) -> bool:
        if not summaries.publish(tx, published):
            return False
        for reader in _readers(tx, language):
            outs = summary_outs(reader.language, figures, files)
            for number, out in enumerate(outs):
                letter = _letter(reader, f"summary:{week}:{reader.key}:{number}", out, calendar.next_open(now))
                outbox.put(tx, letters(letter, caps=caps[reader.channel]), now=now)
        return True

    return store.write(put)


def sha256_of(path: Path) -> str:
    """Return the SHA-256 of a file's bytes, in hexadecimal."""
    return hashlib.sha256(path.read_bytes()).hexdigest()


def _hashes(files: tuple[File, ...], folder: Path) -> dict[str, str]:
    return {file.media: sha256_of(folder / file.path) for file in files if (folder / file.path).is_file()}


def freeze(figures: WeekFigures, *, now: datetime) -> Published:
    """Return the figures as they are stored for good, with the hash that shows whether anything was changed."""
    stored = week_to_json(figures)
    words = text("vi", figures)
    whole = json.dumps(stored, ensure_ascii=False, sort_keys=True) + words
    return Published(
        week=figures.week,
        as_of=figures.as_of,
        published_at=now,
        figures=stored,
        text=words,
        digest=hashlib.sha256(whole.encode()).hexdigest(),
    )


def write_files(figures: WeekFigures, folder: Path) -> tuple[File, File]:
    """Write the week's picture and workbook under the data `folder` and return them, named from there.

    The same figures give the same bytes.
    """
    from bot.reports.chart import chart_png  # noqa: PLC0415  (heavy, and needed once a week)
    from bot.reports.workbook import week_xlsx  # noqa: PLC0415

    (folder / SUMMARIES).mkdir(parents=True, exist_ok=True)
    picture, workbook = f"{SUMMARIES}/{figures.week}.png", f"{SUMMARIES}/{figures.week}.xlsx"
    (folder / picture).write_bytes(chart_png(figures))
    (folder / workbook).write_bytes(week_xlsx(figures))
    name = f"tong-hop-tuan-{figures.week}"
    return (
        File(path=picture, name=f"{name}.png", media=PNG),
        File(path=workbook, name=f"{name}.xlsx", media=XLSX),
    )


def summary_outs(language: str, figures: WeekFigures, files: tuple[File, ...]) -> Iterator[Out]:
    """Yield the messages of a summary: its page, then its picture and its workbook where they are there."""
    yield Out(heading=heading(language, figures), text=text(language, figures))
    for file in files:
        key = "week.picture" if file.media == PNG else "week.workbook"
        yield Out(text=say(language, key, week=int(figures.week.partition("-W")[2])), file=file)


def last_moment(moments: Iterator[datetime], *, now: datetime) -> datetime | None:
    """Return the last of these ascending moments that is not after `now`, if it lies within the last seven days."""
    found = None
    for moment in moments:
        if moment > now:
            break
        found = moment
    return found if found is not None and now - found < timedelta(days=7) else None


def _readers(tx: Tx, language: str) -> Iterator[Reader]:
    seen: set[int] = set()
    for managers in contacts.addressees(tx, Role.MANAGER).values():
        for person in managers:
            if person.person_id not in seen:  # a manager of two units reads it once
                seen.add(person.person_id)
                yield Reader(
                    key=f"p{person.person_id}",
                    channel=person.channel,
                    chat_id=person.chat_id,
                    language=person.language,
                    person_id=person.person_id,
                )
    for group in people.groups(tx):
        yield Reader(
            key=f"g{group.channel}:{group.chat_id}", channel=group.channel, chat_id=group.chat_id, language=language
        )


def _letter(reader: Reader, key: str, out: Out, not_before: datetime) -> Letter:
    return Letter(
        key=key,
        channel=reader.channel,
        chat_id=reader.chat_id,
        person_id=reader.person_id,
        language=reader.language,
        out=out,
        lane=Lane.SUMMARY,
        not_before=not_before,
    )
