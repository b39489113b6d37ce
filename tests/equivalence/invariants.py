"""What holds at every moment, whatever happened: each function returns every breach as a sentence."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from sqlalchemy import func, select

from bot.domain.calendar import LOCAL, local_day
from bot.domain.compliance import week_from_json
from bot.domain.standing import CLOSED, Standing, standing
from bot.domain.steps import next_step_at, steps_of
from bot.jobs.summarise import figures_of, freeze
from bot.store import Tx, exports, ledger, occurrences, summaries, weeks
from bot.store.occurrences import Kept
from bot.store.outbox import Lane
from bot.store.tables import due_change, outbox, summary
from bot.store.tables import ledger as ledger_table
from bot.store.tables import occurrence as occurrence_table
from bot.store.tables import report as report_table
from bot.texts import say
from tests.equivalence.office import Office

UNPROVEN = say("vi", "escalate.unproven")


@dataclass(frozen=True, slots=True)
class Before:
    """What stood before something happened: closed or waiting occurrences, those proven told, the last fate written."""

    closed: frozenset[int]
    told: frozenset[int]
    last: int


def before(world: Office) -> Before:
    """Return what stands now."""
    return world.store.read(
        lambda tx: Before(
            closed=_closed(tx, world),
            told=_told(tx) | _reported(tx),
            last=tx.execute(select(func.max(ledger_table.c.id))).scalar() or 0,
        )
    )


def breaches(tx: Tx, world: Office, stood: Before, latest: datetime) -> list[str]:
    """Return everything that is wrong; `latest` is the furthest the clock ever was."""
    return [
        *_one_fate(tx, world),
        *_said_once(tx, world),
        *_in_office_hours(tx, world),
        *_no_chase_after_a_word(tx, world, stood),
        *_upward_only_what_is_known(tx, stood),
        *_weeks(tx, world),
        *_next_steps(tx, world, latest),
        *_explained(tx, world),
    ]


def _one_fate(tx: Tx, world: Office) -> Iterator[str]:
    written: dict[tuple[int, str, datetime], list[int]] = defaultdict(list)
    for row in tx.execute(select(ledger_table)):
        written[row.occurrence_id, row.step, row.due_at].append(row.person_id)
    for key, told in written.items():
        if len(set(told)) < len(told) or (ledger.NOBODY in told and len(told) > 1):
            yield f"{key} has several fates: {told}"
    moved = dict(
        tx.execute(select(due_change.c.occurrence_id, func.max(due_change.c.at)).group_by("occurrence_id")).all()
    )
    for each in _live(tx):
        for step in _steps(each, world):
            came = each.handled_until is not None and step.planned_at <= each.handled_until
            counts = each.id not in moved or step.planned_at > moved[each.id]
            if came and counts and not written[each.id, step.key, each.due_at]:
                yield f"{each.task} {each.unit} {step.key} came due and has no fate"


def _said_once(tx: Tx, world: Office) -> Iterator[str]:
    rows = tx.execute(select(outbox.c.chat_id, outbox.c.heading, outbox.c.text, outbox.c.state)).all()
    there = Counter((row.chat_id, row.heading, row.text) for row in rows if row.state not in ("waiting", "cancelled"))
    waits = Counter((row.chat_id, row.heading, row.text) for row in rows if row.state == "waiting")
    for said, count in Counter((each.chat_id, each.out.heading, each.out.text) for each in world.came).items():
        if count > there[said]:
            yield f"on the wire {count} times, rows that left {there[said]}, that wait {waits[said]}: {said}"


def _in_office_hours(tx: Tx, world: Office) -> Iterator[str]:
    lanes: dict[tuple[str, str], set[int]] = defaultdict(set)
    for row in tx.execute(select(outbox.c.chat_id, outbox.c.text, outbox.c.lane)):
        lanes[row.chat_id, row.text].add(row.lane)
    for each in world.came:
        if Lane.ANSWER not in lanes[each.chat_id, each.out.text] and not _is_open(world, each.at):
            yield f"said to {each.chat_id} at {each.at.astimezone(LOCAL)}: {each.out.heading or each.out.text[:60]}"


def _no_chase_after_a_word(tx: Tx, world: Office, stood: Before) -> Iterator[str]:
    quiet = stood.closed & _closed(tx, world)
    for row in _handed_since(tx, stood.last):
        if row.occurrence_id in quiet:
            yield f"occurrence {row.occurrence_id} was chased with {row.step} after it was reported"


def _upward_only_what_is_known(tx: Tx, stood: Before) -> Iterator[str]:
    letters: dict[int, set[int]] = defaultdict(set)
    texts: dict[int, str] = {}
    for row in _handed_since(tx, stood.last):
        if row.lane == Lane.ESCALATION:
            letters[row.outbox_id].add(row.occurrence_id)
            texts[row.outbox_id] = row.text
    for letter, about in letters.items():
        unproven = about - stood.told
        if texts[letter].count(UNPROVEN) != len(unproven):
            yield f"a letter upward says «{UNPROVEN}» of {texts[letter].count(UNPROVEN)}, and it is so of {len(unproven)}"


def _weeks(tx: Tx, world: Office) -> Iterator[str]:
    now = world.clock.now()
    figures = figures_of(tx, world.house.plan, day=local_day(now), as_of=now)
    due = [
        each
        for each in weeks.counted(tx, world.house.plan, as_of=now)
        if each.due_at <= now and each.standing is not Standing.RELEASED
    ]
    total = figures.total
    classes = total.on_time + total.late + total.waiting + total.overdue
    # What is due at this very second, and not yet late, is in no class and among what comes next.
    just_now = sum(each.standing in (Standing.OPEN, Standing.WORKING) for each in due)
    if classes != total.due or total.due + total.not_asked + just_now != len(due):
        yield f"the week counts {total} of {len(due)}"
    for row in tx.execute(select(summary)):
        published = summaries.get(tx, row.week)
        if published is None or freeze(week_from_json(published.figures), now=published.published_at) != published:
            yield f"the page of {row.week} comes out another one"


def _next_steps(tx: Tx, world: Office, latest: datetime) -> Iterator[str]:
    stored = dict(tx.execute(select(occurrence_table.c.id, occurrence_table.c.next_step_at)).all())
    for each in _live(tx):
        rule = next_step_at(_steps(each, world), handled_until=each.handled_until)
        index = stored[each.id]
        was_put_off = rule is not None and index is not None and rule <= latest and index > rule
        if index != rule and not was_put_off:
            yield f"{each.task} {each.unit}: the index says {index}, the rule {rule}"


def _explained(tx: Tx, world: Office) -> Iterator[str]:
    header, rows = exports.EXPORTS["ledger"](tx, world.house.plan, world.clock.now())
    fate = header.index("fate")
    if len(rows) != tx.execute(select(func.count()).select_from(ledger_table)).scalar_one():
        yield "explain leaves fates out"
    yield from (f"explain cannot say what became of {row}" for row in rows if not row[fate])


def _handed_since(tx: Tx, last: int) -> list[Any]:
    columns = (
        ledger_table.c.occurrence_id,
        ledger_table.c.step,
        ledger_table.c.outbox_id,
        outbox.c.lane,
        outbox.c.text,
    )
    joined = select(*columns).join(outbox, outbox.c.id == ledger_table.c.outbox_id)
    return list(tx.execute(joined.where(ledger_table.c.id > last)).all())


def _live(tx: Tx) -> list[Kept]:
    return [occurrences.read_kept(row) for row in tx.execute(occurrences.kept())]


def _closed(tx: Tx, world: Office) -> frozenset[int]:
    plan, now = world.house.plan, world.clock.now()
    return frozenset(
        each.id
        for each in _live(tx)
        if each.task in plan.tasks
        and standing(each.word, due_at=each.due_at, now=now, review=plan.tasks[each.task].review)
        in CLOSED | {Standing.WAITING}
    )


def _told(tx: Tx) -> frozenset[int]:
    # As the rule has it, in other words: nobody may leave both out at once.
    joined = select(ledger_table.c.occurrence_id).join(outbox, outbox.c.id == ledger_table.c.outbox_id)
    joined = joined.join(occurrence_table, occurrence_table.c.id == ledger_table.c.occurrence_id)
    to_the_unit = (ledger_table.c.step.not_like("head%"), ledger_table.c.step.not_like("office%"))
    of_now = ledger_table.c.due_at == occurrence_table.c.due_at
    return frozenset(tx.execute(joined.where(outbox.c.state == "sent", *to_the_unit, of_now).distinct()).scalars())


def _is_open(world: Office, moment: datetime) -> bool:
    local = moment.astimezone(LOCAL)
    hours = (time(7, 30) <= local.time() < time(11, 30)) or (time(13, 30) <= local.time() < time(17))
    return hours and local.weekday() < 5 and local.date() not in world.calendar.days_off


def _reported(tx: Tx) -> frozenset[int]:
    return frozenset(tx.execute(select(report_table.c.occurrence_id).distinct()).scalars())


def _steps(each: Kept, world: Office) -> Any:
    plan = world.house.plan
    if each.task not in plan.tasks:
        return ()
    policy = plan.policy_of(plan.tasks[each.task])
    return steps_of(policy, due_at=each.due_at, known_at=each.known_at, calendar=world.calendar)
