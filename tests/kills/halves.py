"""What must never be half, at the very moment of a death too: an edit that was applied, a message of a trial run."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from bot.app.catalogues import stored_texts
from bot.catalogue import Catalogue, parse_catalogue
from bot.domain.calendar import local_day
from bot.domain.owed import Owing
from bot.domain.plan import Role
from bot.jobs.keep import HORIZON
from bot.store import Tx, contacts, events, revisions
from bot.store.outbox.shading import COPY
from bot.store.tables import due_change, occurrence, outbox


def half_applied(tx: Tx, *, now: datetime) -> Iterator[str]:
    """The occurrences are those of the revision that runs; each whom it moved a due for has one letter, nobody else has."""
    last = revisions.latest(tx)
    assert last is not None
    running = parse_catalogue(stored_texts(last.texts))
    owing = Owing(running.plan, running.calendar, events.days(tx))
    owed = {
        (task, unit, period, due_at)
        for task in running.plan.tasks
        for (unit, period), due_at in owing.of(task, until=local_day(now + HORIZON)).pairs()
    }
    live = tx.execute(select(occurrence).where(occurrence.c.ended_at.is_(None))).all()
    kept = {(row.task, row.unit, row.period, row.plan_due_at) for row in live}
    yield from (f"{each} is owed by revision {last.id} and not there" for each in owed - kept)
    yield from (f"{each} is there and not of revision {last.id}" for each in kept - owed)
    moved = select(occurrence.c.unit).join(due_change, due_change.c.occurrence_id == occurrence.c.id)
    units = set(tx.execute(moved.where(due_change.c.cause == "plan")).scalars())
    focals = contacts.addressees(tx, Role.FOCAL)
    asked = {person.person_id for unit in units for person in focals.get(unit, ())}
    letters = {key for key in _keys(tx) if key.startswith("moved:")}
    if letters != (wanted := {f"moved:{last.id}:{number}" for number in asked}):
        yield f"letters {letters} where {wanted} should be"


def half_shaded(tx: Tx) -> Iterator[str]:
    """What a trial run kept back has one copy for each admin, and every copy is of what was kept back."""
    kept_back = tx.execute(select(outbox.c.key).where(outbox.c.state == "shadowed")).scalars()
    admins = contacts.admins(tx)
    wanted = Counter(f"{COPY}{key}:{each.person_id}" for key in kept_back for each in admins)
    copies = Counter(key for key in _keys(tx) if key.startswith(COPY))
    if copies != wanted:
        yield f"copies {copies} where {wanted} should be"


def other_runs(tx: Tx, catalogue: Catalogue) -> Iterator[str]:
    """Another catalogue runs than the one that was wished for."""
    if (last := revisions.latest(tx)) is None or last.digest != catalogue.digest:
        yield "what runs is not what was wished for"


def _keys(tx: Tx) -> list[str]:
    """Return the keys of all messages that repeat no other."""
    return [key for key in tx.execute(select(outbox.c.key)).scalars() if not key.endswith("!")]
