"""A claim is on disk before its request leaves, and every claim ends in a record."""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import BindParameter, Row, Select, and_, bindparam, case, exists, or_, select, update

from bot.ports import Out
from bot.store.engine import Tx, insert_new
from bot.store.outbox.letters import ANSWERED, Lane, State
from bot.store.outbox.queue import read_out
from bot.store.outbox.shading import must_stay
from bot.store.tables import outbox

CLAIM_LIFE = timedelta(minutes=10)  # no sending lasts longer: pace, connection, an upload of 50 MB, the answer

_OPEN = (State.WAITING, State.CLAIMED, State.IN_DOUBT)  # what a record may still change


@dataclass(frozen=True, slots=True, kw_only=True)
class Claimed:
    """A message that this process and no other is about to send. `reason` is why the last try failed, if one did."""

    id: int
    key: str
    channel: str
    chat_id: str
    person_id: int | None
    out: Out
    lane: Lane
    attempts: int
    reason: str
    expires_at: datetime
    epoch: int


def claim(
    tx: Tx,
    *,
    now: datetime,
    limit: int,
    slowest: Lane,
    epoch: int = 0,
    life: timedelta = CLAIM_LIFE,
    only: str | None = None,
    but: Collection[str] = (),
    is_trial: bool = False,
) -> tuple[Claimed, ...]:
    """Take up to `limit` messages of the lanes up to `slowest` that may go now, for the holder of the lease's `epoch`.

    By lane; answers by age, in the other lanes the chat that was served least recently first. In a chat, nothing
    overtakes an older message of its lane: while one waits or is on its way, the next is not taken. Nothing past its
    time is, and in a trial run nothing true. `only` is the one channel to look at, `but` those to leave out. The claim is
    committed before any request leaves; after `life` it is nobody's any more.
    """
    ready = _ready(is_one=only is not None, are_some_out=bool(but), is_trial=is_trial)
    wanted = {"now": now, "slowest": slowest, "at_most": limit, "only": only, "but": list(but)}
    ids = tx.execute(ready, wanted).scalars().all()
    if not ids:
        return ()
    claimed = {"ids": ids, "under": epoch, "until": now + life}
    rows = {row.id: row for row in tx.execute(_CLAIM, claimed)}
    _serve(tx, rows.values(), now=now)
    return tuple(_claimed(rows[letter_id]) for letter_id in ids)


_SETTLE = (
    update(outbox)
    .where(outbox.c.id == bindparam("letter_id"), outbox.c.state.in_(_OPEN))
    .values(
        state=bindparam("ended"),
        settled_at=bindparam("at"),
        message_id=bindparam("number"),
        reason=case((outbox.c.state == State.IN_DOUBT, bindparam("why_late")), else_=bindparam("why")),
        attempts=outbox.c.attempts + 1,
    )
)


def settle(tx: Tx, letter_id: int, *, state: State, now: datetime, message_id: str = "", reason: str = "") -> None:
    """Record how the sending of a claimed message ended; one in doubt is settled too, any other end stands."""
    late = ANSWERED if state is State.SENT else reason
    end = {"ended": state, "at": now, "number": message_id, "why": reason, "why_late": late}
    tx.execute(_SETTLE, {"letter_id": letter_id, **end})


def postpone(
    tx: Tx, letter_id: int, *, until: datetime, reason: str, chat_id: str | None = None, is_tried: bool = True
) -> None:
    """Put a claimed message back until `until`, to `chat_id` if the chat has moved.

    Without `is_tried` it does not count as a try. One that was declared in doubt meanwhile stays so.
    """
    values: dict[str, object] = {"state": State.WAITING, "not_before": until, "reason": reason, "claimed_until": None}
    if is_tried:
        values["attempts"] = outbox.c.attempts + 1
    if chat_id is not None:
        values["chat_id"] = chat_id
    here = (outbox.c.id == letter_id, outbox.c.state.in_([State.CLAIMED, State.WAITING]))
    tx.execute(update(outbox).where(*here).values(**values))


def expire(tx: Tx, *, now: datetime) -> int:
    """Let every waiting message fail that is past its time; return how many."""
    past = (outbox.c.state == State.WAITING, outbox.c.expires_at < now)
    return tx.execute(update(outbox).where(*past).values(state=State.FAILED, reason="expired", settled_at=now)).rowcount


def doubt_stale(tx: Tx, *, now: datetime, epoch: int, flying: Collection[int] = ()) -> tuple[int, ...]:
    """Declare in doubt what was claimed by a sender that is no more; return the ids.

    That is a claim of an older epoch than ours, or past its time; and with epoch 0 every claim but ours: the lock of the
    home proves that there is no other sender. `flying` is what we ourselves are still sending.
    """
    stale = [outbox.c.state == State.CLAIMED, outbox.c.id.not_in(list(flying))]
    if epoch:
        stale.append(or_(outbox.c.epoch < epoch, outbox.c.claimed_until < now))
    doubted = update(outbox).where(*stale).values(state=State.IN_DOUBT, reason="process_ended", settled_at=now)
    return tuple(tx.execute(doubted.returning(outbox.c.id)).scalars())


_CLAIM = (
    update(outbox)
    .where(outbox.c.id.in_(bindparam("ids", expanding=True)))
    .values(state=State.CLAIMED, epoch=bindparam("under"), claimed_until=bindparam("until"))
    .returning(outbox)
)


@cache
def _ready(*, is_one: bool, are_some_out: bool, is_trial: bool) -> Select[tuple[int]]:
    now: BindParameter[datetime] = bindparam("now")
    older = outbox.alias()
    ahead = exists().where(
        older.c.channel == outbox.c.channel,
        older.c.chat_id == outbox.c.chat_id,
        older.c.state.in_([State.WAITING, State.CLAIMED]),
        older.c.lane == outbox.c.lane,
        older.c.id < outbox.c.id,
        or_(older.c.state == State.CLAIMED, older.c.expires_at >= now),
    )
    where = [
        outbox.c.state == State.WAITING,
        outbox.c.lane <= bindparam("slowest"),
        and_(outbox.c.not_before <= now, outbox.c.expires_at >= now),
        ~ahead,
    ]
    if is_trial:
        where.append(~must_stay())
    if is_one:
        where.append(outbox.c.channel == bindparam("only"))
    if are_some_out:
        where.append(outbox.c.channel.not_in(bindparam("but", expanding=True)))
    return (
        select(outbox.c.id)
        .where(*where)
        .order_by(outbox.c.lane, outbox.c.served_at, outbox.c.id)
        .limit(bindparam("at_most"))
        .with_for_update(skip_locked=True, of=outbox)
    )


def _serve(tx: Tx, rows: Collection[Row[Any]], *, now: datetime) -> None:
    """Send the chats that are written to now to the end of their lanes; answers cost nobody their turn."""
    chats: dict[str, set[str]] = defaultdict(set)
    for row in rows:
        if row.lane > Lane.ANSWER:
            chats[row.channel].add(row.chat_id)
    if not chats:
        return
    turns = insert_new(tx, "served")
    turns = turns.on_conflict_do_update(index_elements=["channel", "chat_id"], set_={"at": turns.excluded.at})
    tx.execute(turns, [{"channel": name, "chat_id": chat, "at": now} for name, ids in chats.items() for chat in ids])
    for channel, theirs in chats.items():  # a channel at a time, or SQLite would look through all that waits
        here = (outbox.c.channel == channel, outbox.c.chat_id.in_(theirs), outbox.c.state == State.WAITING)
        tx.execute(update(outbox).where(*here, outbox.c.lane > Lane.ANSWER).values(served_at=now))


def _claimed(row: Row[Any]) -> Claimed:
    return Claimed(
        id=row.id,
        key=row.key,
        channel=row.channel,
        chat_id=row.chat_id,
        person_id=row.person_id,
        out=read_out(row.heading, row.text, row.buttons, row.file),
        lane=Lane(row.lane),
        attempts=row.attempts,
        reason=row.reason,
        expires_at=row.expires_at,
        epoch=row.epoch,
    )
