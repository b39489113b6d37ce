"""A province's records as a summary finds them: 100 occurrences a unit with reports, decisions, moved dues and messages."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from random import Random
from typing import Any

from sqlalchemy import Insert, Table, insert

from bot.catalogue import load_catalogue
from bot.domain.calendar import local_moment
from bot.domain.plan import Criterion, Plan, Result, ResultKind, Unit
from bot.store import Store, Tx
from bot.store.tables import decision, due_change, ledger, occurrence, outbox, report
from tests.bench.children import ROOT

TASKS = 25
PERIODS = ("2022-08", "2022-09", "2022-10", "2022-11")
DUES = tuple(local_moment(date(2022, month, 28), time(17, 0)).astimezone(UTC) for month in (8, 9, 10, 11))
AS_OF = local_moment(date(2022, 11, 4), time(10, 0)).astimezone(UTC)  # a Friday: three of the four periods are due
KNOWN = datetime(2022, 8, 1, tzinfo=UTC)
MEASURED = "T1"  # a ratio: letters of apology over late dossiers

_STATUSES = ("done",) * 17 + ("in_progress", "blocked", "extension")
_BATCH = 20_000


def plan_of(units: int) -> Plan:
    """Return the seed's plan with so many communes, 25 monthly tasks and points for two of its criteria."""
    found = load_catalogue(ROOT).plan
    registry = {
        f"u{number:05}": Unit(id=f"u{number:05}", name=f"UBND xã {number}", kind="xa") for number in range(units)
    }
    models = list(found.tasks.values())
    tasks = {
        f"T{number}": replace(
            models[number % len(models)], id=f"T{number}", units=tuple(registry), result=_result(number)
        )
        for number in range(TASKS)
    }
    scored = {
        id: Criterion(id=id, name=each.name, points=points, source="thí điểm")
        for (id, each), points in zip(found.criteria.items(), (8.5, 10.0), strict=False)
    }
    return replace(found, units=registry, tasks=tasks, criteria={**found.criteria, **scored})


def filled(path: Path, *, stored: int) -> Store:
    """Return a new database with so many occurrences, and all that was said of them."""
    store = Store(f"sqlite:///{path}")
    store.migrate()
    for table, rows in (
        (occurrence, _occurrences(stored)),
        (outbox, _letters(stored)),
        (ledger, _fates(stored)),
        (report, _reports(stored)),
        (decision, _decisions(stored)),
        (due_change, _moves(stored)),
    ):
        store.write(lambda tx, table=table, rows=rows: _put(tx, table, rows))
    store.write(lambda tx: tx.exec_driver_sql("ANALYZE"))
    return store


def _result(number: int) -> Result:
    return (
        Result(kind=ResultKind.RATIO, of="thư xin lỗi", over="hồ sơ trễ hẹn", target=100) if number == 1 else Result()
    )


def _put(tx: Tx, table: Table, rows: Iterator[dict[str, Any]]) -> None:
    statement: Insert = insert(table)
    batch = []
    for row in rows:
        batch.append(row)
        if len(batch) == _BATCH:
            tx.execute(statement, batch)
            batch.clear()
    if batch:
        tx.execute(statement, batch)


def _all(stored: int) -> Iterator[tuple[int, int, int, int]]:
    """Yield the id of every occurrence with its unit, its task and its period, as numbers."""
    for number in range(stored):
        unit, rest = divmod(number, TASKS * len(PERIODS))
        period, task = divmod(rest, TASKS)
        yield number + 1, unit, task, period


def _occurrences(stored: int) -> Iterator[dict[str, Any]]:
    for id, unit, task, period in _all(stored):
        due = dict.fromkeys(("original_due_at", "plan_due_at", "due_at"), DUES[period])
        yield {"id": id, "task": f"T{task}", "unit": f"u{unit:05}", "period": PERIODS[period], "known_at": KNOWN, **due}


def _said(id: int) -> tuple[str, datetime, bool] | None:
    """Return what a unit said of a due occurrence, when, and whether it was decided on; None where it is silent."""
    chance = Random(id)
    period = (id - 1) % (TASKS * len(PERIODS)) // TASKS
    if DUES[period] > AS_OF or chance.random() < 0.15:
        return None
    at = min(DUES[period] + timedelta(hours=chance.randrange(-200, 60)), AS_OF)
    return chance.choice(_STATUSES), at, chance.random() < 0.9


def _reports(stored: int) -> Iterator[dict[str, Any]]:
    for id, _, task, _ in _all(stored):
        said = _said(id)
        if said is not None:
            status, at, _ = said
            figures = {"done": id % 7, "total": 7} if f"T{task}" == MEASURED and status == "done" else {}
            done_since = at if status == "done" else None
            yield {
                "id": id,
                "occurrence_id": id,
                "person_id": 1,
                "channel": "local",
                "status": status,
                "figures": figures,
                "note": "chờ hướng dẫn" if status == "blocked" else "",
                "done_since": done_since,
                "at": at,
            }


def _decisions(stored: int) -> Iterator[dict[str, Any]]:
    for id, *_ in _all(stored):
        said = _said(id)
        if said is not None and said[0] == "done" and said[2]:
            yield {"report_id": id, "occurrence_id": id, "person_id": 2, "verdict": "accept", "at": said[1]}


def _moves(stored: int) -> Iterator[dict[str, Any]]:
    for id, _, _, period in _all(stored):
        if id % 100 == 0:
            due_at = DUES[period] + timedelta(days=7)
            yield {"occurrence_id": id, "at": DUES[period] - timedelta(days=3), "due_at": due_at, "cause": "extension"}


def _letters(stored: int) -> Iterator[dict[str, Any]]:
    for id, unit, task, period in _all(stored):
        if task == 0:  # one bundle a unit and period
            at = DUES[period] - timedelta(days=7)
            state = "in_doubt" if unit % 500 == 0 else "failed" if unit % 300 == 0 else "sent"
            moments = dict.fromkeys(("served_at", "created_at", "not_before", "settled_at"), at)
            yield {
                "id": id,
                "key": f"k{id}",
                "channel": "local",
                "chat_id": f"c{unit}",
                "lane": 2,
                "text": "nhắc",
                "buttons": [],
                "file": {},
                "state": state,
                **moments,
            }


def _fates(stored: int) -> Iterator[dict[str, Any]]:
    for id, _, task, period in _all(stored):
        at = DUES[period] - timedelta(days=7)
        if at <= AS_OF:
            yield {
                "occurrence_id": id,
                "step": "-7d",
                "due_at": DUES[period],
                "person_id": 1,
                "planned_at": at,
                "fate": "handed",
                "outbox_id": id - task,
                "at": at,
            }
