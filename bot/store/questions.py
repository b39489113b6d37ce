"""The one question that is open in a chat: durable, expiring, never swallowing what does not answer it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, delete, or_, select

from bot.store.engine import Tx, insert_new
from bot.store.tables import question

Chat = tuple[str, str]  # channel, chat id


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What was asked; `subject` says about what (occurrence, report, choice made so far …)."""

    kind: str
    subject: dict[str, Any]
    expires_at: datetime


OVER = "over"  # the kind of what is no question: it names the message whose numbers count no more

_HERE = (question.c.channel == bindparam("channel"), question.c.chat_id == bindparam("chat_id"))
_CLOSE = delete(question).where(*_HERE, question.c.kind != OVER)
_CURRENT = select(question.c.kind, question.c.subject, question.c.expires_at).where(
    *_HERE, question.c.expires_at > bindparam("now"), question.c.kind != OVER
)
_OVER = select(question.c.subject).where(*_HERE, question.c.kind == OVER)


def ask(tx: Tx, *, channel: str, chat_id: str, asked: Question, now: datetime) -> None:
    """Open a question in a chat in place of any other."""
    values = {"kind": asked.kind, "subject": asked.subject, "asked_at": now, "expires_at": asked.expires_at}
    statement = insert_new(tx, "question").values(channel=channel, chat_id=chat_id, **values)
    tx.execute(statement.on_conflict_do_update(index_elements=["channel", "chat_id"], set_=values))


def ask_where_none(tx: Tx, asked: Mapping[Chat, Question], *, now: datetime) -> None:
    """Open a question in each chat in which no other is open: a reminder never takes the floor from a talk."""
    if not asked:
        return
    statement = insert_new(tx, "question")
    named = ("kind", "subject", "asked_at", "expires_at")
    tx.execute(
        statement.on_conflict_do_update(
            index_elements=["channel", "chat_id"],
            set_={name: statement.excluded[name] for name in named},
            where=or_(question.c.expires_at <= now, question.c.kind == OVER),
        ),
        [
            {
                "channel": channel,
                "chat_id": chat_id,
                "kind": each.kind,
                "subject": each.subject,
                "asked_at": now,
                "expires_at": each.expires_at,
            }
            for (channel, chat_id), each in asked.items()
        ],
    )


def current(tx: Tx, *, channel: str, chat_id: str, now: datetime) -> Question | None:
    """Return the question open in a chat, None where there is none or its time is over."""
    row = tx.execute(_CURRENT, {"channel": channel, "chat_id": chat_id, "now": now}).first()
    return None if row is None else Question(kind=row.kind, subject=row.subject, expires_at=row.expires_at)


def close(tx: Tx, *, channel: str, chat_id: str) -> None:
    """Close whatever question is open in a chat."""
    tx.execute(_CLOSE, {"channel": channel, "chat_id": chat_id})


def end_menu(tx: Tx, *, channel: str, chat_id: str, letter_id: int, expires_at: datetime, now: datetime) -> None:
    """Note, where no question is open, that the numbers of a chat's newest menu answer nothing any more."""
    over = Question(kind=OVER, subject={"letter": letter_id}, expires_at=expires_at)
    ask(tx, channel=channel, chat_id=chat_id, asked=over, now=now)


def menu_over(tx: Tx, *, channel: str, chat_id: str) -> int:
    """Return the message of a chat whose numbers count no more; 0 for none."""
    row = tx.execute(_OVER, {"channel": channel, "chat_id": chat_id}).first()
    return 0 if row is None else int(row.subject["letter"])
