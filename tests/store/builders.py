"""Small worlds inside a database: people, occurrences, reports, letters, with every word that a test does not care about."""

import threading
from collections.abc import Callable, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar

from bot.domain.due import Once
from bot.domain.occurrences import Occurrence
from bot.domain.plan import Offset, Plan, Policy, Review, Role, Task, Unit
from bot.domain.standing import Status, Verdict
from bot.ports import Out
from bot.store import Store, Tx, occurrences, outbox, people, reports
from bot.store.outbox import Lane, Letter

T = TypeVar("T")

NOW = datetime(2022, 9, 26, 1, tzinfo=UTC)  # a Monday, 08:00 in Quảng Nam
SECOND, MINUTE, HOUR, DAY = timedelta(seconds=1), timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def plan_of(*tasks: Task, policy: Policy | None = None, units: Sequence[str] = ("snv", "stc", "tamky")) -> Plan:
    """Return a small plan; without tasks it has R1 and R2, owed by all units."""
    tasks = tasks or (task("R1"), task("R2"))
    return Plan(
        id="kh",
        number="1/KH-UBND",
        title="Kế hoạch thử",
        issued_by="UBND tỉnh",
        issued_on=date(2022, 8, 24),
        starts=date(2022, 8, 24),
        ends=date(2022, 12, 31),
        office="snv",
        tasks={each.id: each for each in tasks},
        units={unit: Unit(id=unit, name=f"Đơn vị {unit}", kind="so") for unit in units},
        policies={"default": policy or Policy(id="default", remind=(Offset(amount=-3), Offset(amount=0)))},
    )


def task(
    name: str,
    *,
    due: date = date(2022, 9, 30),
    units: Sequence[str] = ("snv", "stc", "tamky"),
    review: Review = Review.OFFICE,
) -> Task:
    """Return a task due at 17:00 on a day."""
    rule = Once(day=due, at=time(17, 0))
    return Task(id=name, title=f"Nhiệm vụ {name}", due=rule, owners=tuple(units), units=tuple(units), review=review)


def occurrence(
    tx: Tx,
    task_id: str = "R1",
    unit: str = "stc",
    period: str = "once",
    *,
    due_at: datetime = NOW + 4 * DAY,
    next_step_at: datetime | None = None,
    now: datetime = NOW,
) -> int:
    """Store an occurrence and return its id."""
    new = Occurrence(task=task_id, unit=unit, period=period, due_at=due_at)
    occurrences.add(tx, [occurrences.New(occurrence=new, next_step_at=next_step_at)], now=now)
    return occurrences.dues(tx, task_id)[unit, period].id


def joined(
    tx: Tx,
    chat_id: str,
    *,
    unit: str = "stc",
    role: Role = Role.FOCAL,
    channel: str = "fake",
    now: datetime = NOW,
) -> int:
    """Let somebody join and return their id."""
    return people.join(tx, channel=channel, user_id=chat_id, name=f"Người {chat_id}", unit=unit, role=role, now=now).id


def reported(
    tx: Tx,
    occurrence_id: int,
    *,
    person_id: int = 1,
    status: Status = Status.DONE,
    note: str = "",
    done_since: datetime | None = None,
    wanted_due_at: datetime | None = None,
    now: datetime = NOW,
) -> int:
    """Store a report and return its id."""
    new = reports.NewReport(
        occurrence_id=occurrence_id,
        person_id=person_id,
        channel="fake",
        status=status,
        figures={},
        note=note,
        wanted_due_at=wanted_due_at,
        done_since=done_since,
    )
    return reports.add(tx, new, now=now)


def decided(
    tx: Tx,
    report_id: int,
    occurrence_id: int,
    *,
    verdict: Verdict = Verdict.ACCEPT,
    person_id: int = 1,
    now: datetime = NOW,
) -> bool:
    """Store a decision; return whether it was the first."""
    return reports.decide(
        tx,
        report_id=report_id,
        occurrence_id=occurrence_id,
        person_id=person_id,
        verdict=verdict,
        reason="",
        due_at=None,
        now=now,
    )


def letter(
    key: str,
    *,
    chat_id: str = "a",
    text: str = "",
    lane: Lane = Lane.REMINDER,
    person_id: int | None = None,
    not_before: datetime | None = None,
    channel: str = "fake",
) -> Letter:
    """Return a letter whose text is its key."""
    return Letter(
        key=key,
        channel=channel,
        chat_id=chat_id,
        out=Out(text=text or key),
        lane=lane,
        person_id=person_id,
        not_before=not_before,
    )


def posted(store: Store, *letters: Letter, now: datetime = NOW) -> dict[str, int]:
    """Put letters into the outbox; return their ids by key."""
    return store.write(lambda tx: outbox.put(tx, letters, now=now))


def at_once(store: Store, *works: Callable[[Tx], T]) -> list[T]:
    """Run transactions side by side, each in a thread and on a connection of its own, begun at the same moment."""
    line = threading.Barrier(len(works))
    found: dict[int, T] = {}
    broken: list[BaseException] = []

    def run(number: int, work: Callable[[Tx], T]) -> None:
        try:
            line.wait(timeout=10)
            found[number] = store.write(work)
        except BaseException as error:  # a thread's end must be seen by the test
            broken.append(error)

    threads = [threading.Thread(target=run, args=(number, work)) for number, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    if broken:
        raise broken[0]
    return [found[number] for number in range(len(works))]
