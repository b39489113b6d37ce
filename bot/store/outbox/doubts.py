"""Messages that left and were never answered: said once more where nothing else would, settled by what shows they arrived."""

import re
from datetime import datetime

from sqlalchemy import select, update

from bot.store.engine import Tx, insert_new
from bot.store.outbox.letters import AGAIN, REPEATED, Lane, State, reference
from bot.store.tables import outbox

_WORD = re.compile(r"[0-9A-Z]+")


def repeat(tx: Tx, letter_id: int, *, mark: str, now: datetime) -> bool:
    """Put a message in doubt into line once more, headed by `mark`; False where it is not to be, or was before."""
    row = tx.execute(select(outbox).where(outbox.c.id == letter_id)).one()
    if Lane(row.lane) not in REPEATED or row.key.endswith(AGAIN) or row.expires_at <= now:
        return False
    heading = f"{mark} {row.heading}".rstrip()
    values = {name: value for name, value in row._mapping.items() if name != "id"} | {
        "key": row.key + AGAIN,
        "heading": heading,
        "state": State.WAITING,
        "reason": "",
        "attempts": 0,
        "epoch": 0,
        "claimed_until": None,
        "created_at": now,
        "not_before": now,
        "settled_at": None,
    }
    tx.execute(insert_new(tx, "outbox").values(**values).on_conflict_do_nothing(index_elements=["key"]))
    return True


def settle_repeated(tx: Tx, key: str, *, now: datetime) -> None:
    """Settle the doubt about a message whose repeat is known to have arrived: its people were told."""
    if key.endswith(AGAIN):
        first = (outbox.c.key == key.removesuffix(AGAIN), outbox.c.state == State.IN_DOUBT)
        tx.execute(update(outbox).where(*first).values(state=State.SENT, reason="repeated", settled_at=now))


def settle_pressed(tx: Tx, *, channel: str, chat_id: str, action: str, now: datetime) -> None:
    """Settle the doubt about a message in this chat one of whose buttons was pressed: it has arrived."""
    here = (outbox.c.channel == channel, outbox.c.chat_id == chat_id, outbox.c.state == State.IN_DOUBT)
    for row in tx.execute(select(outbox.c.id, outbox.c.buttons).where(*here)).all():
        if any(action == pressed for buttons in row.buttons for _, pressed in buttons):
            _arrived(tx, row.id, "pressed", now)


def settle_named(tx: Tx, *, channel: str, chat_id: str, text: str, now: datetime) -> None:
    """Settle the doubt about every message in this chat whose reference somebody wrote there: it has arrived."""
    words = set(_WORD.findall(text.upper()))
    here = (outbox.c.channel == channel, outbox.c.chat_id == chat_id, outbox.c.state == State.IN_DOUBT)
    for row in tx.execute(select(outbox.c.id, outbox.c.key).where(*here)).all():
        if reference(row.key) in words:
            _arrived(tx, row.id, "named", now)


def _arrived(tx: Tx, letter_id: int, reason: str, now: datetime) -> None:
    tx.execute(update(outbox).where(outbox.c.id == letter_id).values(state=State.SENT, reason=reason, settled_at=now))
