"""Who is away on which days, who stands in, and so who of a role is there to be written to."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from sqlalchemy import Row, insert, select, update

from bot.domain.plan import Role
from bot.store import contacts
from bot.store.contacts import Addressee
from bot.store.engine import Tx
from bot.store.tables import absence, person


@dataclass(frozen=True, slots=True, kw_only=True)
class Absence:
    """The days on which a person is away, first and last among them. `deputy`: the person who stands in, if any."""

    id: int
    person_id: int
    first: date
    last: date
    deputy: int | None


def add(tx: Tx, *, person_id: int, first: date, last: date, deputy: int | None, now: datetime) -> tuple[Absence, ...]:
    """Store an absence; those of the same person that touch its days end, and are returned."""
    replaced = tuple(each for each in coming(tx, person_id, today=first) if each.first <= last)
    _end(tx, replaced, now)
    days = {"first_day": first, "last_day": last}
    tx.execute(insert(absence).values(person_id=person_id, deputy_person=deputy, at=now, **days))
    return replaced


def coming(tx: Tx, person_id: int, *, today: date) -> tuple[Absence, ...]:
    """Return a person's absences that are not over, the next one first."""
    theirs = (absence.c.person_id == person_id, absence.c.ended_at.is_(None), absence.c.last_day >= today)
    return tuple(map(_read, tx.execute(select(absence).where(*theirs).order_by(absence.c.first_day, absence.c.id))))


def end(tx: Tx, person_id: int, *, today: date, now: datetime) -> tuple[Absence, ...]:
    """End whatever absence of a person is not over, and return it."""
    ended = coming(tx, person_id, today=today)
    _end(tx, ended, now)
    return ended


def on(tx: Tx, day: date) -> dict[int, int | None]:
    """Return who is away on a local day, each with who stands in: the deputy named last, where there are several."""
    these = (absence.c.ended_at.is_(None), absence.c.first_day <= day, absence.c.last_day >= day)
    chosen = select(absence.c.person_id, absence.c.deputy_person).join(person, person.c.id == absence.c.person_id)
    rows = tx.execute(chosen.where(*these).order_by(absence.c.id))
    return {int(row.person_id): row.deputy_person for row in rows}


def there(
    people: Mapping[str, tuple[Addressee, ...]],
    away: Mapping[int, int | None],
    deputies: Mapping[str, tuple[Addressee, ...]],
) -> dict[str, tuple[Addressee, ...]]:
    """Return these people by unit without those who are away, and with who stands in for them.

    A deputy counts who can be written to about the unit (`deputies`), and is not away too.
    """
    found: dict[str, tuple[Addressee, ...]] = {}
    for unit, theirs in people.items():
        named = {away[each.person_id] for each in theirs if each.person_id in away}
        there = [each for each in theirs if each.person_id not in away]
        there += [each for each in deputies.get(unit, ()) if each.person_id in named - set(away)]
        if there:
            found[unit] = tuple({each.person_id: each for each in there}.values())
    return found


def present(tx: Tx, role: Role, *, on_day: date) -> dict[str, tuple[Addressee, ...]]:
    """Return everybody of a role who can be written to and is there on a day, by unit, with who stands in for others."""
    return there(contacts.addressees(tx, role), on(tx, on_day), deputies_of(tx))


def deputies_of(tx: Tx) -> dict[str, tuple[Addressee, ...]]:
    """Return who could stand in, by unit: everybody who can be written to and may report for it."""
    focals, heads = (contacts.addressees(tx, role) for role in contacts.ASKED)
    return {unit: (*focals.get(unit, ()), *heads.get(unit, ())) for unit in {**focals, **heads}}


def _end(tx: Tx, those: tuple[Absence, ...], now: datetime) -> None:
    if those:
        ids = [each.id for each in those]
        tx.execute(update(absence).where(absence.c.id.in_(ids)).values(ended_at=now))


def _read(row: Row[tuple[int, int, date, date, int | None]]) -> Absence:
    return Absence(
        id=row.id,
        person_id=row.person_id,
        first=row.first_day,
        last=row.last_day,
        deputy=row.deputy_person,
    )
