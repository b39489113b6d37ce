"""A reminder that still waits while a newer one says the same: the newer goes, the older is superseded."""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Row, select, update

from bot.store.engine import Tx
from bot.store.outbox.letters import Lane, State, logical
from bot.store.outbox.queue import CHUNK
from bot.store.tables import ledger, outbox

REMINDERS = "remind:"  # begins the key of every bundle of reminders


def supersede(tx: Tx, *, person_ids: Collection[int], by_keys: Collection[str], now: datetime) -> int:
    """Supersede the waiting bundles of these people whose every task their new bundles name too; return how many rows.

    `by_keys` are the keys of the new bundles' rows as they were put. To be called in the transaction that puts those,
    after their ledger entries. A bundle of which one task is in no new one goes its way, or that task were lost, and so
    does a marked repeat. With nothing waiting, which is the rule, this costs one look at what waits.
    """
    new = {logical(key) for key in by_keys}
    old: dict[str, list[int]] = defaultdict(list)
    whose: dict[str, int] = {}
    for row in _waiting(tx):
        key = logical(row.key)
        if row.person_id in person_ids and key not in new:
            old[key].append(row.id)
            whose[key] = row.person_id
    if not old:
        return 0
    said = _said(tx, outbox.c.id, [letter_id for ids in old.values() for letter_id in ids])
    newly = _said(tx, outbox.c.key, list(by_keys))
    by_person: dict[int, set[int]] = defaultdict(set)
    for (_, person_id), occurrences in newly.items():
        by_person[person_id] |= occurrences
    covered = [key for key in old if (named := said.get((key, whose[key]))) and named <= by_person[whose[key]]]
    ids = [letter_id for key in covered for letter_id in old[key]]
    for chunk in _chunks(ids):
        here = (outbox.c.id.in_(chunk), outbox.c.state == State.WAITING)
        tx.execute(update(outbox).where(*here).values(state=State.SUPERSEDED, reason="newer_bundle", settled_at=now))
    return len(ids)


def _waiting(tx: Tx) -> Iterable[Row[Any]]:
    keys = (outbox.c.key >= REMINDERS, outbox.c.key < REMINDERS + "\uffff")
    lanes = outbox.c.lane.in_([Lane.LAST_CALL, Lane.REMINDER])
    chosen = select(outbox.c.id, outbox.c.key, outbox.c.person_id)
    return tx.execute(chosen.where(outbox.c.state == State.WAITING, lanes, *keys))


def _said(tx: Tx, column: ColumnElement[Any], values: Sequence[object]) -> dict[tuple[str, int], set[int]]:
    """Return the occurrences that whole messages name, by key and person, from the ledger."""
    found: dict[tuple[str, int], set[int]] = defaultdict(set)
    for chunk in _chunks(values):
        chosen = select(outbox.c.key, outbox.c.person_id, ledger.c.occurrence_id)
        joined = chosen.join(ledger, ledger.c.outbox_id == outbox.c.id).where(column.in_(chunk))
        for row in tx.execute(joined):
            found[logical(row.key), row.person_id].add(row.occurrence_id)
    return found


def _chunks(values: Sequence[Any]) -> Iterator[Sequence[Any]]:
    return (values[start : start + CHUNK] for start in range(0, len(values), CHUNK))
