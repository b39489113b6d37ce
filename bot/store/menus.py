"""What a chat may be answered by number: the newest message sent there that shows numbers, as its stored buttons say."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import and_, bindparam, or_, select

from bot.domain.actions import Verb, read_action
from bot.ports import Button
from bot.store import questions
from bot.store.engine import Tx
from bot.store.outbox import State, read_out
from bot.store.tables import outbox
from bot.texts.choices import choices, says_numbers

LOOK_BACK = 40  # messages to a chat; what lies so far up is not what a number answers
_ONE_OF = (Verb.LANGUAGE, Verb.CHANNEL)  # each thing offered is one answer to the same question


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A message that shows numbers. Without `choices` they go with a task's code, as in a bundle of several tasks."""

    id: int
    choices: tuple[Button, ...]

    @property
    def is_list(self) -> bool:
        """Whether it asks about several things: what is left stays open when one is settled."""
        found = [read_action(button.action) for button in self.choices]
        return len({each.subject for each in found if each is not None and each.verb not in _ONE_OF}) > 1


_SEEN = (  # on its way too: whoever answers has read it, though the network has not yet told us so
    select(outbox.c.id, outbox.c.state, outbox.c.heading, outbox.c.text, outbox.c.buttons, outbox.c.settled_at)
    .where(
        outbox.c.channel == bindparam("channel"),
        outbox.c.chat_id == bindparam("chat_id"),
        or_(
            and_(outbox.c.state.in_([State.SENT, State.IN_DOUBT]), outbox.c.settled_at > bindparam("since")),
            outbox.c.state == State.CLAIMED,
        ),
    )
    .order_by(outbox.c.id.desc())
    .limit(LOOK_BACK)
)


def newest(tx: Tx, *, channel: str, chat_id: str, life: timedelta, now: datetime) -> Menu | None:
    """Return what a number typed in a chat answers; None where it answers nothing.

    A message is a menu for its `life` from when it was sent, until a newer one shows numbers or it is over. One that may
    not have arrived is none, and what is older is none either: nobody knows which of the two was read.
    """
    rows = tx.execute(_SEEN, {"channel": channel, "chat_id": chat_id, "since": now - life}).all()
    for row in sorted(rows, key=lambda row: (row.settled_at or now, row.id), reverse=True):
        buttons = read_out(row.heading, row.text, row.buttons, {}).buttons
        if not says_numbers(buttons):
            continue
        is_over = row.id == questions.menu_over(tx, channel=channel, chat_id=chat_id)
        return None if is_over or row.state == State.IN_DOUBT else Menu(id=row.id, choices=choices(buttons))
    return None
