"""When the bot stood still, found by the beat that its ticks leave; and the steps that this kept from being told."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import ColumnElement, and_, case, exists, func, or_, select

from bot.domain.calendar import local_day
from bot.domain.compliance import Missed
from bot.domain.plan import Role, code_order
from bot.domain.steps import Fate, Reason
from bot.store.contacts import ASKED
from bot.store.engine import Tx
from bot.store.summaries import recall, remember
from bot.store.tables import due_change, ledger, mark, membership, occurrence

BEAT = "beat"
SILENCE = timedelta(minutes=15)  # between two beats, at most; a restart or an update of the machine takes less
_OUTAGE = "outage:"
_OVERTAKEN = [Reason.NEWER_STEP, Reason.PAST_DUE]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A span in which no tick ran; both ends in UTC."""

    began_at: datetime
    ended_at: datetime

    def hides(self, planned_at: datetime) -> bool:
        """Return whether a step planned then was noticed late for it."""
        return self.began_at < planned_at < self.ended_at - SILENCE


def beat(tx: Tx, *, now: datetime) -> bool:
    """Remember that a tick runs now; return whether none had for longer than `SILENCE`, which is then kept as an outage.

    A clock that was set back begins afresh.
    """
    last = recall(tx, BEAT)
    remember(tx, BEAT, now.astimezone(UTC).isoformat())
    stood_still = last is not None and now - datetime.fromisoformat(last) > SILENCE
    if stood_still:
        remember(tx, f"{_OUTAGE}{last}", now.astimezone(UTC).isoformat())
    return stood_still


def outages(tx: Tx) -> tuple[Outage, ...]:
    """Return every outage known, oldest first."""
    rows = tx.execute(select(mark.c.name, mark.c.word).where(mark.c.name.startswith(_OUTAGE)))
    found = (
        Outage(began_at=datetime.fromisoformat(name.removeprefix(_OUTAGE)), ended_at=datetime.fromisoformat(word))
        for name, word in rows
    )
    return tuple(sorted(found, key=lambda outage: outage.began_at))


def missed(tx: Tx, *, since: datetime | None, until: datetime) -> Missed | None:
    """Return the steps planned in an outage that were overtaken before anybody was told, as found after `since` to `until`.

    Not those of an occurrence, or of a due, that only came to be known after they would have been told, nor those that
    nobody had joined to be told.
    """
    stood_still = outages(tx)
    if not stood_still:
        return None
    found = [row for row in _overtaken(tx, since, until) if any(each.hides(row[1]) for each in stood_still)]
    if not found:
        return None
    days = [local_day(planned_at) for _, planned_at, _ in found]
    return Missed(
        steps=sum(count for _, _, count in found),
        first_on=min(days),
        last_on=max(days),
        tasks=tuple(sorted({task for task, _, _ in found}, key=code_order)),
    )


def _overtaken(tx: Tx, since: datetime | None, until: datetime) -> Sequence[tuple[str, datetime, int]]:
    moved = exists().where(
        due_change.c.occurrence_id == ledger.c.occurrence_id,
        due_change.c.at > ledger.c.planned_at,
        due_change.c.at <= ledger.c.at,
    )
    statement = (
        select(occurrence.c.task, ledger.c.planned_at, func.count())
        .join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
        .where(
            ledger.c.fate == Fate.SUPERSEDED,
            ledger.c.reason.in_(_OVERTAKEN),
            ledger.c.planned_at > occurrence.c.known_at,
            _had_somebody(),
            ledger.c.at <= until,
            ~moved,
        )
        .group_by(occurrence.c.task, ledger.c.planned_at)
    )
    if since is not None:
        statement = statement.where(ledger.c.at > since)
    return [(row[0], row[1], row[2]) for row in tx.execute(statement)]


def _had_somebody() -> ColumnElement[bool]:
    """Return the condition that a step had somebody to go to when it was planned; a unit with nobody missed nothing.

    Steps upward begin with the role they go to ("head+3wd"), the others go to whoever is asked about the unit's tasks.
    """
    to_head, to_office = (ledger.c.step.startswith(f"{role}+") for role in (Role.HEAD, Role.OFFICE))
    of_unit = membership.c.unit == occurrence.c.unit
    fits = case(
        (to_head, and_(membership.c.role == Role.HEAD, of_unit)),
        (to_office, membership.c.role == Role.OFFICE),
        else_=and_(membership.c.role.in_(ASKED), of_unit),
    )
    still = or_(membership.c.ended_at.is_(None), membership.c.ended_at > ledger.c.planned_at)
    return exists().where(fits, membership.c.since <= ledger.c.planned_at, still)
