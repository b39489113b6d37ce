"""A pytest plugin that switches one guard of the bot off: the one that the variable GUARD names."""

import os
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import count
from typing import Any

import pytest

from bot.channels.limiter import Limiter
from bot.domain.calendar import Calendar
from bot.domain.steps import Fate, Ruling, Step
from bot.jobs import deliver, landing, ruling, sending, telling
from bot.store import Tx, contacts, inbox, lease, ledger, occurrences, outbox, people
from bot.store.outbox import Lane, Letter, doubts, queue
from bot.store.tables import due_change

_numbers = count(1)


def _every_key_is_new() -> None:
    whole = queue.put

    def put(tx: Tx, letters: Sequence[Letter], *, now: datetime) -> dict[str, int]:
        given = {letter.key: replace(letter, key=f"{letter.key}~{next(_numbers)}") for letter in letters}
        ids = whole(tx, list(given.values()), now=now)
        return {key: ids[letter.key] for key, letter in given.items()}

    outbox.put = put


def _every_update_is_new() -> None:
    one, many = inbox.put, inbox.put_all

    def put(tx: Tx, *, external_id: str, **rest: Any) -> bool:
        return one(tx, external_id=f"{external_id}~{next(_numbers)}", **rest)

    def put_all(tx: Tx, updates: Sequence[tuple[str, Any]], **rest: Any) -> None:
        many(tx, [(f"{external_id}~{next(_numbers)}", raw) for external_id, raw in updates], **rest)

    inbox.put, inbox.put_all = put, put_all


def _dues_move_unseen() -> None:
    whole = occurrences.move_due

    def move_due(tx: Tx, occurrence_id: int, **rest: Any) -> None:
        whole(tx, occurrence_id, **rest)
        tx.execute(due_change.delete().where(due_change.c.occurrence_id == occurrence_id))

    occurrences.move_due = move_due


def _handled_steps_are_forgotten() -> None:
    whole = occurrences.advance
    occurrences.advance = lambda tx, moved, *, handled_until: whole(
        tx, [(each, handled_until) for each, _ in moved], handled_until=datetime.fromtimestamp(0, handled_until.tzinfo)
    )


def _every_step_is_told(came_due: Sequence[Step], **rest: Any) -> tuple[Ruling, ...]:
    return tuple(Ruling(step=step, fate=Fate.HANDED) for step in came_due)


def _all_were_told(tx: Tx, ids: Sequence[int]) -> frozenset[int]:
    return frozenset(ids)


def _gives(value: object) -> Callable[..., object]:
    def given(*_: object, **__: object) -> object:
        return value

    return given


def _sets(room: object, name: str, value: object) -> Callable[[], None]:
    assert hasattr(room, name), f"there is no {name} to switch off"
    return lambda: setattr(room, name, value)


GUARDS: dict[str, Callable[[], None]] = {
    "office hours": _sets(Calendar, "is_open", _gives(True)),
    "handled_until": _handled_steps_are_forgotten,
    "a key is said once": _every_key_is_new,
    "one bundle a morning": _sets(outbox, "people_told", _gives(frozenset())),
    "newest step only": _sets(ruling, "rule", _every_step_is_told),
    "no chase after a report": _sets(ruling, "why_quiet", _gives(None)),
    "a waiting bundle is superseded": _sets(outbox, "supersede", _gives(0)),
    "proven before upward": _sets(telling.ledger, "told", _all_were_told),
    "fates of a due that comes back": _sets(ledger, "settled_until", _gives(None)),
    "reminders are not repeated": _sets(doubts, "REPEATED", frozenset(Lane)),
    "the last call is repeated": _sets(doubts, "REPEATED", frozenset()),
    "a repeat is marked": _sets(landing, "say", _gives("")),
    "a claim left behind is in doubt": _sets(outbox, "doubt_stale", _gives(())),
    "what is past its time fails": _sets(outbox, "expire", _gives(0)),
    "fence in memory": _sets(sending.Sender, "_gate", _gives(_gives(True))),
    "fence in the database": _sets(lease, "is_current", _gives(True)),
    "limiter": _sets(Limiter, "_free_at", _gives(0.0)),
    "limiter of a chat": _sets(Limiter, "_chat_free_at", _gives(0.0)),
    "an update is stored once": _every_update_is_new,
    "an update is handled once": _sets(inbox, "done", _gives(True)),
    "rights are taken back": _sets(people, "revoke", _gives(True)),
    "a blocked chat is marked": _sets(contacts, "mark_gone", _gives(None)),
    "moves of a due are kept": _dues_move_unseen,
}


def pytest_configure(config: pytest.Config) -> None:
    assert deliver  # it has bound its names before they are changed, as in a real process
    GUARDS[os.environ["GUARD"]]()
