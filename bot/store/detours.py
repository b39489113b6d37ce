"""Letters whose channel is down, taken to another chat of the same person: the same row under the same key."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import Row, bindparam, delete, insert, select, update

from bot.ports import Caps, Out
from bot.store import questions
from bot.store.engine import Tx, returned_id
from bot.store.outbox import Lane, State, read_out
from bot.store.questions import Question
from bot.store.tables import contact, ledger, outbox, person, question
from bot.texts.choices import written_out
from bot.texts.lengths import parts

AT_ONCE = 2000  # letters a tick; the next tick takes the next


@dataclass(frozen=True, slots=True, kw_only=True)
class Stranded:
    """A letter that waits for a channel that is down, and the chat of the same person that is to get it."""

    row: Row[Any]
    channel: str
    chat_id: str
    language: str

    @property
    def out(self) -> Out:
        """The message as it waits."""
        return read_out(self.row.heading, self.row.text, self.row.buttons, self.row.file)


def stranded(tx: Tx, *, lost: Collection[str], up: Collection[str]) -> tuple[Stranded, ...]:
    """Return the letters waiting for a `lost` channel whose person has a chat on one that is `up`, oldest first.

    Answers are not among them: they are worth a minute. Those of somebody with several such chats go to the first.
    """
    waits = (outbox.c.state == State.WAITING, outbox.c.lane > Lane.ANSWER, outbox.c.channel.in_(list(lost)))
    works = (contact.c.gone_at.is_(None), contact.c.channel.in_(list(up)))
    rows = tx.execute(
        select(
            outbox,
            contact.c.channel.label("to_channel"),
            contact.c.chat_id.label("to_chat"),
            person.c.language.label("speaks"),
        )
        .join(contact, contact.c.person_id == outbox.c.person_id)
        .join(person, person.c.id == outbox.c.person_id)
        .where(*waits, *works)
        .order_by(outbox.c.id, contact.c.place, contact.c.id)
        .limit(AT_ONCE)
        .with_for_update(skip_locked=True, of=outbox)
    )
    first = {row.id: row for row in reversed(rows.all())}
    return tuple(
        Stranded(row=row, channel=row.to_channel, chat_id=row.to_chat, language=row.speaks)
        for _, row in sorted(first.items())
    )


def take(tx: Tx, found: Sequence[Stranded], *, caps: Mapping[str, Caps], now: datetime) -> int:
    """Let these letters go by their other chat; return how many they are.

    One that is too long there is cut: its row keeps the first part, and what follows it in that chat is put behind the
    last. Where there are no buttons, what they say is written out. A file stays where a channel takes none.
    """
    moving = [each for each in found if not each.row.file or caps[each.channel].upload]
    fitting: list[tuple[Stranded, Out]] = []
    for _, theirs in groupby(sorted(moving, key=_line), key=_line):
        kept = list(theirs)
        cut = [_cut(each, caps[each.channel]) for each in kept]
        whole = next((number for number, outs in enumerate(cut) if len(outs) > 1), len(kept))
        fitting += [(each, out) for each, [out] in zip(kept[:whole], cut[:whole], strict=True)]
        for each, outs in zip(kept[whole:], cut[whole:], strict=True):
            _put_behind(tx, each, outs, is_first=each is kept[whole], now=now)
    _move(tx, fitting, now=now)
    _ask_there(tx, moving, now=now)
    return len(moving)


def _cut(each: Stranded, caps: Caps) -> list[Out]:
    return parts(each.out, caps.max_text, end="" if caps.buttons else written_out(each.language, each.out))


def _line(each: Stranded) -> tuple[str, str, int]:
    return each.channel, each.chat_id, each.row.lane


def _move(tx: Tx, found: Sequence[tuple[Stranded, Out]], *, now: datetime) -> None:
    if not found:
        return
    statement = update(outbox).where(outbox.c.id == bindparam("letter"))
    tx.execute(
        statement.values(
            channel=bindparam("to_channel"),
            chat_id=bindparam("to_chat"),
            not_before=bindparam("at"),
            heading=bindparam("headed"),
            text=bindparam("said"),
            **_FRESH,
        ),
        [
            {
                "letter": each.row.id,
                "to_channel": each.channel,
                "to_chat": each.chat_id,
                "at": _goes_at(each.row, now),
                "headed": out.heading,
                "said": out.text,
            }
            for each, out in found
        ],
    )


def _put_behind(tx: Tx, each: Stranded, outs: Sequence[Out], *, is_first: bool, now: datetime) -> None:
    """Write a letter in parts. In a chat the older row goes first: but for the first, a letter gets new rows at the end."""
    values = {name: value for name, value in each.row._mapping.items() if name in outbox.c and name != "id"}
    values |= {"channel": each.channel, "chat_id": each.chat_id, "not_before": _goes_at(each.row, now), **_FRESH}
    rows = [{**values, "key": key, **_said(out)} for key, out in zip(_keys(each.row.key), outs, strict=False)]
    last = each.row.id
    if is_first:
        tx.execute(update(outbox).where(outbox.c.id == last).values(**rows.pop(0)))
    else:
        tx.execute(delete(outbox).where(outbox.c.id == last))  # its key goes on in the rows that follow
    for row in rows:
        last = returned_id(tx, insert(outbox).values(**row))
    # Told is who got the last part, which has the buttons.
    tx.execute(update(ledger).where(ledger.c.outbox_id == each.row.id).values(outbox_id=last))


def _ask_there(tx: Tx, found: Sequence[Stranded], *, now: datetime) -> None:
    """Open in the other chat what a reminder asked: a bare number is an answer there too."""
    to = {(each.row.channel, each.row.chat_id): (each.channel, each.chat_id) for each in found}
    lost = {channel for channel, _ in to}
    asked = select(question).where(
        question.c.channel.in_(lost), question.c.kind == "status", question.c.expires_at > now
    )
    moved = {
        to[row.channel, row.chat_id]: Question(kind=row.kind, subject=row.subject, expires_at=row.expires_at)
        for row in tx.execute(asked)
        if (row.channel, row.chat_id) in to
    }
    questions.ask_where_none(tx, moved, now=now)


_FRESH = {"attempts": 0, "reason": "", "epoch": 0}


def _goes_at(row: Row[Any], now: datetime) -> datetime:
    moment: datetime = row.not_before
    return now if row.attempts else moment  # after a failure that is the pause of the other channel


def _keys(key: str) -> Iterator[str]:
    """Yield the keys of a letter's parts: its own, then numbered ones that have the same reference."""
    yield key
    bare = key.removesuffix("!")
    mark = key[len(bare) :]
    number = 2
    while True:
        yield f"{bare}#{number}{mark}"
        number += 1


def _said(out: Out) -> dict[str, Any]:
    buttons = [[[button.text, button.action] for button in row] for row in out.buttons]
    file = {"path": out.file.path, "name": out.file.name, "media": out.file.media} if out.file else {}
    return {"heading": out.heading, "text": out.text, "buttons": buttons, "file": file}
