"""What must hold however a bot died: each rule is a function that returns every breach as a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from sqlalchemy import func, select, text

from bot.catalogue import Catalogue
from bot.channels.telegram.message import compose
from bot.domain.compliance import week_from_json
from bot.domain.steps import steps_of
from bot.jobs.summarise import freeze
from bot.reports.chart import chart_png
from bot.reports.workbook import week_xlsx
from bot.store import Tx
from bot.store.outbox import read_out
from bot.store.tables import decision, inbox, ledger, occurrence, outbox, report, summary
from bot.texts import say
from tests.kills.halves import half_applied, half_shaded, other_runs

FINAL = {"sent", "failed", "in_doubt", "cancelled", "superseded", "shadowed"}
MARK = say("vi", "letter.repeat")


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivered:
    """One message that the server took: where it went, what it said, how large its files are."""

    chat_id: str
    text: str
    files: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """What the people did, counted."""

    updates: int
    reports: int
    decisions: int


def breaches(
    tx: Tx, *, delivered: Sequence[Delivered], expected: Expected, catalogue: Catalogue, until: datetime, data: Path
) -> list[str]:
    """Return everything that is wrong after a restart has come to rest; `until`: steps due by then must have a fate."""
    return [
        *_database(tx),
        *_fates(tx, catalogue, until),
        *_rest(tx),
        *unwritten(tx, delivered),
        *_said_once(tx, delivered),
        *_heard_once(tx, expected),
        *_weeks(tx, delivered, data),
        *half_applied(tx, now=until),
        *half_shaded(tx),
        *other_runs(tx, catalogue),
    ]


def unwritten(tx: Tx, delivered: Sequence[Delivered]) -> Iterator[str]:
    """Yield messages on the wire that no row precedes, or more of them than there are rows that left."""
    left = Counter(
        (row.chat_id, wording(row)) for row in _rows(tx) if row.state not in ("waiting", "cancelled", "shadowed")
    )
    for message, number in Counter((each.chat_id, each.text) for each in delivered).items():
        if number > left[message]:
            yield f"{number} on the wire and {left[message]} rows that left: {message}"


def _database(tx: Tx) -> Iterator[str]:
    if tx.dialect.name == "sqlite":
        if (found := tx.execute(text("PRAGMA integrity_check")).scalar()) != "ok":
            yield f"integrity_check: {found}"
        yield from (f"foreign key: {row}" for row in tx.execute(text("PRAGMA foreign_key_check")))


def _fates(tx: Tx, catalogue: Catalogue, until: datetime) -> Iterator[str]:
    """Every step that came due has fates: one of nobody's, or one a person told; of which each points at a message."""
    plan = catalogue.plan
    written: dict[tuple[Any, ...], list[Any]] = defaultdict(list)
    for row in tx.execute(select(ledger)):
        written[row.occurrence_id, row.step, row.due_at].append(row)
    for each in tx.execute(select(occurrence).where(occurrence.c.ended_at.is_(None))):
        if each.next_step_at is not None and each.next_step_at <= until:
            yield f"{each.task} {each.unit} has a step due at {each.next_step_at} that nobody looked at"
        policy = plan.policy_of(plan.tasks[each.task])
        steps = steps_of(policy, due_at=each.due_at, known_at=each.known_at, calendar=catalogue.calendar)
        for step in steps:
            came = each.handled_until is not None and step.planned_at <= each.handled_until
            fates = written[each.id, step.key, each.due_at]
            if came != bool(fates):
                yield f"{each.task} {each.unit} {step.key}: due {came}, fates {len(fates)}"
    for key, fates in written.items():
        told = [row.person_id for row in fates]
        if len(set(told)) < len(told) or (0 in told and len(told) > 1):
            yield f"step {key} has {len(fates)} fates"
    messages = set(tx.execute(select(outbox.c.id)).scalars())
    for fates in written.values():
        yield from (f"fate {row.id} without a message" for row in fates if _lacks(row, messages))


def _lacks(row: Any, messages: set[int]) -> bool:
    return (row.fate == "handed") != (row.outbox_id in messages)


def _rest(tx: Tx) -> Iterator[str]:
    for row in _rows(tx):
        if row.state not in FINAL:
            yield f"{row.key} is left {row.state}"
        if row.settled_at is None:
            yield f"{row.key} ended at no time"
    for row in tx.execute(select(inbox).where(inbox.c.state != "done")):
        yield f"update {row.external_id} is left {row.state}"


def _said_once(tx: Tx, delivered: Sequence[Delivered]) -> Iterator[str]:
    """A sent message is on the wire exactly once; one in doubt at most once; a repeat is marked, and its first was in doubt."""
    wire = Counter((each.chat_id, each.text) for each in delivered)
    sure, most = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    rows = {row.key: row for row in _rows(tx)}
    for row in rows.values():
        message = (row.chat_id, wording(row))
        was_in_doubt = row.state == "in_doubt" or row.reason in ("repeated", "pressed")
        sure[message] += row.state == "sent" and not was_in_doubt
        most[message] += row.state == "sent" or was_in_doubt
        if row.key.endswith("!"):
            first = rows.get(row.key.removesuffix("!"))
            if MARK not in wording(row):
                yield f"{row.key} repeats without the mark"
            if first is None or not (first.state == "in_doubt" or first.reason in ("repeated", "pressed")):
                yield f"{row.key} repeats what was not in doubt"
    for message in wire | most:
        if not sure[message] <= wire[message] <= most[message]:
            yield f"on the wire {wire[message]} times, {sure[message]} to {most[message]} by the rows: {message}"


def _heard_once(tx: Tx, expected: Expected) -> Iterator[str]:
    def many(table: Any) -> int:
        return tx.execute(select(func.count()).select_from(table)).scalar_one()

    found = Expected(updates=many(inbox), reports=many(report), decisions=many(decision))
    if found != expected:
        yield f"{found} where the people did {expected}"
    ids = Counter(tx.execute(select(inbox.c.external_id)).scalars())
    yield from (f"update {each} is there {number} times" for each, number in ids.items() if number > 1)
    latest = select(func.max(report.c.id)).group_by(report.c.occurrence_id)
    pointed = select(occurrence.c.last_report_id).where(occurrence.c.last_report_id.is_not(None))
    if set(tx.execute(latest).scalars()) != set(tx.execute(pointed).scalars()):
        yield "an occurrence does not point at its latest report"


def _weeks(tx: Tx, delivered: Sequence[Delivered], data: Path) -> Iterator[str]:
    """A published week is frozen whole: its totals are the sums, its files those of its figures, as they went out."""
    for row in tx.execute(select(summary)):
        figures = week_from_json(row.figures)
        if freeze(figures, now=row.published_at).digest != row.digest:
            yield f"{row.week} is not what was frozen"
        total = figures.total
        if total.due != total.on_time + total.late + total.waiting + total.overdue:
            yield f"{row.week}: the total is not the sum of its classes"
        for ending, content in (("png", chart_png(figures)), ("xlsx", week_xlsx(figures))):
            path = data / "summaries" / f"{row.week}.{ending}"
            if not path.is_file() or path.read_bytes() != content:
                yield f"{path.name} is not what its figures give"
            if not any(each.files == (len(content),) for each in delivered):
                yield f"{path.name} did not go out as it is"
    files = [row for row in _rows(tx) if row.file]
    yield from (f"{row.key} names a file that is not there" for row in files if not (data / row.file["path"]).is_file())


def counts(tx: Tx) -> dict[str, int]:
    """Return how many messages are in each state, and how many of them are repeats."""
    rows = _rows(tx)
    return dict(Counter(row.state for row in rows)) | {"repeats": sum(row.key.endswith("!") for row in rows)}


def _rows(tx: Tx) -> Sequence[Any]:
    return tx.execute(select(outbox).order_by(outbox.c.id)).all()


def wording(row: Any) -> str:
    """Return what a message of the outbox says on the wire."""
    return compose(read_out(row.heading, row.text, row.buttons, row.file)).text
