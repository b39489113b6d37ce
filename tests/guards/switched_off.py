"""A pytest plugin that switches one guard of the bot off: the one that the variable GUARD names."""

import os
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date, datetime
from itertools import count
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import false

from bot.app import changing, watching
from bot.catalogue.problems import Notes, Place
from bot.channels.limiter import Limiter
from bot.conversation import proposing
from bot.conversation.turn import Turn
from bot.domain.calendar import Calendar
from bot.domain.due import DueRule, Once
from bot.domain.phrases import PhraseError, read_phrase
from bot.domain.steps import Fate, Ruling, Step
from bot.imports import writing
from bot.jobs import apply, deliver, landing, moved, ruling, sending, telling
from bot.jobs.shadow import Shadow
from bot.store import (
    Tx,
    contacts,
    inbox,
    lease,
    occurrences,
    outbox,
    people,
    proposals,
    replanning,
    revisions,
)
from bot.store.outbox import Lane, Letter, claims, doubts, queue
from bot.store.people import Person
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


def _every_press_is_a_persons() -> None:
    whole, pressed = proposals.consent_to, Counter[int]()

    def consent_to(tx: Tx, number: int, *, says_yes: bool, **rest: Any) -> int:
        whole(tx, number, says_yes=says_yes, **rest)
        pressed[number] += says_yes
        return pressed[number]

    proposals.consent_to = consent_to


def _whoever_speaks(turn: Turn) -> Person | None:
    return turn.person


def _nothing_is_wrong(notes: Notes, place: Place, text: str) -> None:
    """Note no problem."""


def _any_day(phrase: str) -> DueRule:
    try:
        return read_phrase(phrase)
    except PhraseError:
        return Once(day=date(2022, 12, 31))


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
    "fates of a due that comes back": _sets(replanning, "fates", _gives(replanning.Fates())),
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
    "brake in the chat": _sets(watching, "brakes", _gives(())),
    "brake at the machine": _sets(changing, "brakes", _gives(())),
    "a second admin is another person": _every_press_is_a_persons,
    "only admins answer": _sets(proposing, "_admin", _whoever_speaks),
    "an edit takes the place of the one before it": _sets(proposals, "supersede", _gives(False)),
    "over what was compared": _sets(apply, "revisions", SimpleNamespace(latest=_gives(None), add=revisions.add)),
    "what fails its check is not applied": _sets(Notes, "add", _nothing_is_wrong),
    "a true message is not claimed in a trial run": _sets(claims, "must_stay", false),
    "a trial run holds back": _sets(Shadow, "holds_back", _gives(False)),
    "moved dues of what is open only": _sets(moved, "CLOSED", frozenset()),
    "moved dues are told": _sets(apply, "tell_moved", _gives(0)),
    "moved dues in office hours": _sets(Calendar, "next_open", lambda _, moment: moment),
    "an extension is not shortened": _sets(replanning, "granted", _gives({})),
    "an import invents no day": _sets(writing, "read_phrase", _any_day),
}


def pytest_configure(config: pytest.Config) -> None:
    assert deliver  # it has bound its names before they are changed, as in a real process
    GUARDS[os.environ["GUARD"]]()
