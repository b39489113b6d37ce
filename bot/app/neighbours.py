"""The demo's other units: they have focal points too, and answer by themselves, so that the week has figures to show.

The same units answer the same way in every demo. Nothing of this is used outside the demo.
"""

from collections.abc import Iterable
from datetime import datetime, time, timedelta
from zlib import crc32

from bot.channels.local import CHANNEL
from bot.domain.calendar import local_day, local_moment
from bot.domain.figures import Figures, figures_to_json
from bot.domain.plan import Plan, ResultKind, Role, Task
from bot.domain.standing import Status, Verdict, done_since
from bot.store import Tx, contacts, occurrences, people, reports
from bot.store.occurrences import Kept
from bot.store.reports import NewReport

COLLEAGUE = "dong-nghiep-theo-doi"  # accepts the other units' reports, so that the player's list holds only their own
AHEAD = timedelta(days=7)
DONE, WORKING, BLOCKED = 70, 80, 86  # of a hundred moods: done below the first, and so on; the rest keep silent
OBSTACLES = ("Chưa có hướng dẫn của Bộ.", "Phần mềm Một cửa lỗi kết xuất số liệu.", "Thiếu biên chế phụ trách.")


def settle_in(tx: Tx, plan: Plan, *, but: Iterable[str], now: datetime) -> None:
    """Give every unit a focal point, except those whose people are played by hand."""
    played = set(but)
    people.join(
        tx, channel=CHANNEL, user_id=COLLEAGUE, name="Đặng Văn Thành", unit=plan.office, role=Role.OFFICE, now=now
    )
    for unit in {owner for task in plan.tasks.values() for owner in task.units} - played:
        name = f"Đầu mối {plan.units[unit].short or plan.units[unit].name}"
        people.join(tx, channel=CHANNEL, user_id=f"don-vi-{unit}", name=name, unit=unit, role=Role.FOCAL, now=now)


def live(tx: Tx, plan: Plan, *, but: Iterable[str], now: datetime) -> int:
    """Let the units that would have answered by now answer, and the office accept it; return how many did."""
    colleague = people.by_chat(tx, channel=CHANNEL, user_id=COLLEAGUE)
    if colleague is None:
        return 0
    units = sorted({owner for task in plan.tasks.values() for owner in task.units} - set(but))
    focals = contacts.addressees(tx, Role.FOCAL)
    answered = 0
    for kept in occurrences.of_units(tx, units, due_until=now + AHEAD):
        mood = crc32(f"{kept.task}/{kept.unit}/{kept.period}".encode()) % 100
        if kept.word is None and mood < BLOCKED and now >= _moment(kept, mood) and kept.unit in focals:
            focal = focals[kept.unit][0]
            _answer(tx, plan.tasks[kept.task], kept, mood, by=focal.person_id, accepted_by=colleague.id, now=now)
            answered += 1
    return answered


def _moment(kept: Kept, mood: int) -> datetime:
    """Return when a unit answers: some days before the due, but never before the morning after it was asked."""
    wished = local_day(kept.due_at) - timedelta(days=mood % 4)
    day = max(wished, local_day(kept.known_at) + timedelta(days=mood % 3))
    return local_moment(day, time(9 + mood % 7, mood % 60))


def _answer(tx: Tx, task: Task, kept: Kept, mood: int, *, by: int, accepted_by: int, now: datetime) -> None:
    status = Status.DONE if mood < DONE else Status.IN_PROGRESS if mood < WORKING else Status.BLOCKED
    report_id = reports.add(
        tx,
        NewReport(
            occurrence_id=kept.id,
            person_id=by,
            channel=CHANNEL,
            status=status,
            figures=figures_to_json(
                _figures(task.result.kind, mood, kept.unit) if status is Status.DONE else Figures()
            ),
            note=OBSTACLES[mood % len(OBSTACLES)] if status is Status.BLOCKED else "",
            wanted_due_at=None,
            done_since=done_since(None, status=status, at=now),
        ),
        now=now,
    )
    if status is Status.DONE:
        reports.decide(
            tx,
            report_id=report_id,
            occurrence_id=kept.id,
            person_id=accepted_by,
            verdict=Verdict.ACCEPT,
            reason="",
            due_at=None,
            now=now,
        )


def _figures(kind: ResultKind, mood: int, unit: str) -> Figures:
    match kind:
        case ResultKind.PERCENT:
            return Figures(percent=float(90 + mood % 11))
        case ResultKind.RATIO:
            return Figures(done=10 + mood, total=10 + mood)
        case ResultKind.COUNT:
            return Figures(count=mood % 9)
        case ResultKind.DOCUMENT:
            return Figures(document=f"{100 + mood}/BC-{unit.upper()}")
        case ResultKind.LINK:
            return Figures(link=f"https://{unit}.quangnam.gov.vn/cong-khai")
        case ResultKind.DONE:
            return Figures()
