"""What a rehearsal left in its copy: everything that was said, to whom, when, and what nobody could be told."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, func, select, update

from bot.domain.plan import Role
from bot.domain.steps import Fate, Reason
from bot.store.engine import Tx
from bot.store.outbox import State
from bot.store.tables import group_chat, inbox, ledger, membership, occurrence, outbox, person, report, revision

REHEARSED = "rehearsed"  # the number that no network gave


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One thing said about one occurrence, or about none; several in one message share its `letter` and `at`.

    `kind` is what its key begins with ("remind", "escalate", "summary"); `letter` is None where nobody could be told.
    """

    at: datetime
    ready_at: datetime
    kind: str
    letter: int | None
    channel: str = ""
    person_id: int | None = None
    name: str = ""
    role: Role | None = None
    unit: str = ""
    group: str = ""
    task: str = ""
    period: str = ""
    due_at: datetime | None = None
    step: str = ""
    parts: int = 1


def last_moment(tx: Tx) -> datetime | None:
    """Return when the bot last did, heard or was told anything that a forecast builds on; None for an empty database."""
    columns = (ledger.c.at, inbox.c.received_at, report.c.at, revision.c.applied_at, membership.c.since)
    found = [tx.execute(select(func.max(column))).scalar() for column in columns]
    return max((each for each in found if each is not None), default=None)


def last_fate(tx: Tx) -> int:
    """Return the number of the last line of the ledger; 0 for none."""
    return int(tx.execute(select(func.coalesce(func.max(ledger.c.id), 0))).scalar_one())


def set_out(tx: Tx, *, now: datetime) -> None:
    """Take what is on its way as arrived, and what waits for another try as ready."""
    flying = update(outbox).where(outbox.c.state == State.CLAIMED)
    tx.execute(flying.values(state=State.SENT, settled_at=outbox.c.created_at))
    tried = update(outbox).where(outbox.c.state == State.WAITING, outbox.c.attempts > 0, outbox.c.not_before > now)
    tx.execute(tried.values(not_before=now))


def said(tx: Tx, *, after: int, until: datetime) -> tuple[Said, ...]:
    """Return all that left in the rehearsal until a moment, and the steps that nobody was told of.

    `after` is the last line that the ledger had before it.
    """
    held = _held(tx)
    rows = [*_letters(tx, held, outbox.c.message_id == REHEARSED, outbox.c.settled_at <= until)]
    rows += _unheard(tx, after=after, until=until)
    return tuple(sorted(rows, key=lambda each: (each.at, each.letter or 0)))


def _letters(tx: Tx, held: dict[int, list[tuple[str, Role]]], *span: ColumnElement[bool]) -> Iterator[Said]:
    groups = {(row.channel, row.chat_id): row.title for row in tx.execute(select(group_chat))}
    parts = _parts(tx, *span)
    chosen = (
        select(
            outbox.c.id,
            outbox.c.key,
            outbox.c.channel,
            outbox.c.chat_id,
            outbox.c.person_id,
            outbox.c.settled_at,
            outbox.c.not_before,
            person.c.name,
            occurrence.c.task,
            occurrence.c.unit,
            occurrence.c.period,
            ledger.c.due_at,
            ledger.c.step,
        )
        .join(person, person.c.id == outbox.c.person_id, isouter=True)
        .join(ledger, ledger.c.outbox_id == outbox.c.id, isouter=True)
        .join(occurrence, occurrence.c.id == ledger.c.occurrence_id, isouter=True)
        .where(outbox.c.state == State.SENT, *span)
        .order_by(outbox.c.id, ledger.c.id)
    )
    for row in tx.execute(chosen).all():
        whole, _, part = row.key.partition("#")
        if part and row.step is None and parts[whole] != row.id:
            continue  # an earlier part of a message: its last one has the ledger's lines
        unit, role = _as_whom(row, held)
        yield Said(
            at=row.settled_at,
            ready_at=row.not_before,
            kind=row.key.partition(":")[0],
            letter=row.id,
            channel=row.channel,
            person_id=row.person_id,
            name=row.name or "",
            role=role,
            unit=unit,
            group=groups.get((row.channel, row.chat_id), "") if row.person_id is None else "",
            task=row.task or "",
            period=row.period or "",
            due_at=row.due_at,
            step=row.step or "",
            parts=int(part.rstrip("!")) if part else 1,
        )


def _parts(tx: Tx, *span: ColumnElement[bool]) -> dict[str, int]:
    """Return the row of the last part of each message that was cut."""
    cut = select(outbox.c.key, outbox.c.id).where(outbox.c.key.contains("#"), *span).order_by(outbox.c.id)
    return {row.key.partition("#")[0]: row.id for row in tx.execute(cut)}


def _unheard(tx: Tx, *, after: int, until: datetime) -> Iterator[Said]:
    chosen = (
        select(
            ledger.c.at,
            ledger.c.planned_at,
            ledger.c.step,
            ledger.c.due_at,
            occurrence.c.task,
            occurrence.c.unit,
            occurrence.c.period,
        )
        .join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
        .where(ledger.c.id > after, ledger.c.at <= until)
        .where(ledger.c.fate == Fate.SUPPRESSED, ledger.c.reason == Reason.NO_CONTACT)
        .order_by(ledger.c.id)
    )
    for row in tx.execute(chosen):
        up = _up(row.step)
        yield Said(
            at=row.at,
            ready_at=row.at,
            kind="escalate" if up else "remind",
            letter=None,
            role=up or Role.FOCAL,
            unit=row.unit,
            task=row.task,
            period=row.period,
            due_at=row.due_at,
            step=row.step,
        )


def _held(tx: Tx) -> dict[int, list[tuple[str, Role]]]:
    found: dict[int, list[tuple[str, Role]]] = {}
    chosen = select(membership.c.person_id, membership.c.unit, membership.c.role)
    for row in tx.execute(chosen.where(membership.c.ended_at.is_(None)).order_by(membership.c.id)):
        found.setdefault(row.person_id, []).append((row.unit, Role(row.role)))
    return found


def _as_whom(row: Any, held: dict[int, list[tuple[str, Role]]]) -> tuple[str, Role | None]:
    """Return the unit a message is about, or else the person's own, and as what the person gets it."""
    theirs = held.get(row.person_id or 0, [])
    up = _up(row.step or "")
    if up is not None:
        return row.unit, up
    if row.unit is not None:
        roles = [role for unit, role in theirs if unit == row.unit]
        return row.unit, Role.FOCAL if Role.FOCAL in roles else next(iter(roles), Role.FOCAL)
    wanted = _ROLES.get(row.key.partition(":")[0])
    return next(((unit, role) for unit, role in theirs if role is wanted), next(iter(theirs), ("", None)))


_ROLES = {"announce": Role.OFFICE, "summary": Role.MANAGER, "notice": Role.ADMIN}


def _up(step: str) -> Role | None:
    return next((role for role in (Role.HEAD, Role.OFFICE) if step.startswith(role)), None)
