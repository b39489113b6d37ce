"""A large, realistic plan and its stored occurrences: 300 units, 40 monthly tasks, as many months as are asked for."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path

from sqlalchemy import delete, func, insert, select, update

from bot.catalogue import load_catalogue
from bot.channels.local import CHANNEL, LocalChannel
from bot.domain.calendar import Calendar, local_moment
from bot.domain.plan import Plan, Role, Unit
from bot.ports import Caps
from bot.store import Store, Tx
from bot.store.tables import contact, ledger, membership, occurrence, outbox, person, question
from tests.bench.children import ROOT

UNITS = 300
TASKS = 40
DUE_DAY = date(2022, 10, 3)
NOW = local_moment(date(2022, 9, 26), time(8, 0)).astimezone(UTC)  # a Monday; seven days before the due, at the hour
_DUE = local_moment(DUE_DAY, time(17, 0)).astimezone(UTC)
_KNOWN = NOW - timedelta(days=30)
_FIRST = "u000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """What a tick is given beside the database."""

    plan: Plan
    calendar: Calendar
    caps: Mapping[str, Caps]


def stage() -> Stage:
    """Return the seed's plan widened to 300 units and 40 tasks: its titles, its policy, its calendar."""
    found = load_catalogue(ROOT)
    units = {
        f"u{number:03}": Unit(id=f"u{number:03}", name=f"UBND xã số {number}", kind="commune")
        for number in range(UNITS)
    }
    models = list(found.plan.tasks.values())
    tasks = {
        f"T{number}": replace(
            models[number % len(models)], id=f"T{number}", units=tuple(units), policy="default", pause=None
        )
        for number in range(TASKS)
    }
    plan = replace(found.plan, units=units, tasks=tasks)
    return Stage(plan=plan, calendar=found.calendar, caps={CHANNEL: LocalChannel.caps})


def stocked(path: Path, *, stored: int) -> Store:
    """Return a new database with so many occurrences, every step of theirs in the future, a focal point for each unit."""
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.write(_people)
    store.write(lambda tx: _occurrences(tx, stored=stored))
    settle(store)
    return store


def make_due(store: Store, count: int) -> None:
    """Let the first reminder of so many occurrences come due at NOW: task by task, all units of each."""

    def change(tx: Tx) -> None:
        first = select(occurrence.c.id).order_by(occurrence.c.period, occurrence.c.task, occurrence.c.unit).limit(count)
        chosen = occurrence.c.id.in_(tx.execute(first).scalars().all()) if count <= 30_000 else occurrence.c.id > 0
        values = {"due_at": _DUE, "plan_due_at": _DUE, "original_due_at": _DUE, "next_step_at": NOW}
        tx.execute(update(occurrence).where(chosen).values(**values))

    store.write(change)
    settle(store)


def put_back(store: Store) -> None:
    """Undo a tick and `make_due`: nothing told, nothing due."""

    def change(tx: Tx) -> None:
        for told in (ledger, question, outbox):
            tx.execute(delete(told))
        far = _DUE + timedelta(days=3650)
        later = {"due_at": far, "next_step_at": far - timedelta(days=7), "handled_until": None}
        tx.execute(update(occurrence).where(occurrence.c.due_at == _DUE).values(**later))

    store.write(change)


def fates(tx: Tx) -> tuple[int, int]:
    """Return how many occurrences have a fate in the ledger, and how many letters were written."""
    ruled = tx.execute(select(func.count(ledger.c.occurrence_id.distinct()))).scalar_one()
    return ruled, tx.execute(select(func.count()).select_from(outbox)).scalar_one()


def settle(store: Store) -> None:
    """Move what is in the write-ahead log into the file, so that every measurement starts alike."""
    with store._engine.connect() as connection:  # outside any transaction, which the store never is
        connection.connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def _people(tx: Tx) -> None:
    numbers = range(UNITS)
    tx.execute(insert(person), [{"name": f"Nguyễn Văn {n}", "language": "vi", "created_at": _KNOWN} for n in numbers])
    chats = [{"person_id": n + 1, "channel": CHANNEL, "chat_id": f"c{n}", "gone_why": ""} for n in numbers]
    tx.execute(insert(contact), chats)
    rights = [{"person_id": n + 1, "unit": f"u{n:03}", "role": Role.FOCAL, "since": _KNOWN} for n in numbers]
    tx.execute(insert(membership), rights)


def _occurrences(tx: Tx, *, stored: int) -> None:
    months = -(-stored // (TASKS * UNITS))
    patterns = [_pattern(task, month) for month in range(months) for task in range(TASKS)]
    tx.execute(insert(occurrence), patterns)
    columns = ("task", "unit", "period", "original_due_at", "plan_due_at", "due_at", "known_at", "next_step_at")
    of_all_units = (
        select(*(membership.c.unit if name == "unit" else occurrence.c[name] for name in columns))
        .where(occurrence.c.unit == _FIRST, membership.c.unit != _FIRST)
        .order_by(occurrence.c.task, occurrence.c.period, membership.c.unit)  # as `keep_in_step` would: task by task
        .limit(stored - len(patterns))
    )
    tx.execute(insert(occurrence).from_select(columns, of_all_units))


def _pattern(task: int, month: int) -> dict[str, object]:
    due_at = datetime(2022 + (month + 11) // 12, (month + 11) % 12 + 1, 20, 10, tzinfo=UTC)
    due_at = due_at if due_at > _DUE + timedelta(days=31) else due_at + timedelta(days=3650)
    return {
        "task": f"T{task}",
        "unit": _FIRST,
        "period": f"{2022 + (month + 11) // 12}-{(month + 11) % 12 + 1:02}",
        "original_due_at": due_at,
        "plan_due_at": due_at,
        "due_at": due_at,
        "known_at": _KNOWN,
        "next_step_at": due_at - timedelta(days=7, hours=9),
    }
