"""Values of the plan with valid defaults: a test names only what it is about."""

from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from hypothesis import strategies as st

from bot.domain.calendar import END_OF_DAY, LOCAL, Calendar
from bot.domain.compliance import WeekFigures
from bot.domain.due import Once
from bot.domain.figuring import Asking, Counted, Said, Situation
from bot.domain.occurrences import Occurrence
from bot.domain.plan import Escalation, Offset, OffsetUnit, Plan, Policy, Role, Task, Unit
from bot.domain.standing import Standing, Status, Verdict, Word

STARTS, ENDS = date(2022, 8, 24), date(2022, 12, 31)

# Bộ luật Lao động 2019, Điều 112, as civil servants had them: Quốc khánh 2022, and the new year and Tết of 2023.
OFF_2022 = frozenset({date(2022, 9, 1), date(2022, 9, 2)})
OFF_2023 = frozenset({date(2023, 1, 2), *(date(2023, 1, day) for day in (20, 23, 24, 25, 26))})
CALENDAR = Calendar(days_off=OFF_2022 | OFF_2023)


def local(moment: str) -> datetime:
    """Return a local wall-clock moment ("2022-09-26 08:00") in UTC, as the rules keep it."""
    return datetime.fromisoformat(moment).replace(tzinfo=LOCAL).astimezone(UTC)


def end_of(day: date) -> datetime:
    """Return the last second of a local day in UTC: when what has no hour is due."""
    return datetime.combine(day, END_OF_DAY, tzinfo=LOCAL).astimezone(UTC)


def offset(text: str) -> Offset:
    """Return the offset that is written so ("-7d", "+3wd")."""
    amount, kind = (text[:-2], OffsetUnit.WORKING_DAYS) if text.endswith("wd") else (text[:-1], OffsetUnit.DAYS)
    return Offset(amount=int(amount), unit=kind)


def policy(
    *,
    remind: str = "-7d -3d -1d 0d",
    overdue: str = "+1d +3d +7d",
    every: int | None = 7,
    stop: int = 60,
    escalate: str = "head+3wd office+7wd",
    at: str = "08:00",
    id: str = "default",
) -> Policy:
    """Return the policy `default` of the design, but for what is named."""
    ups = [(up.partition("+")[0], offset(f"+{up.partition('+')[2]}")) for up in escalate.split()]
    return Policy(
        id=id,
        remind=tuple(map(offset, remind.split())),
        overdue=tuple(map(offset, overdue.split())),
        every=every,
        stop=stop,
        escalate=tuple(Escalation(after=after, to=Role(to)) for to, after in ups),
        at=time.fromisoformat(at),
    )


def unit(id: str = "snv", **named: Any) -> Unit:
    """Return a unit, by default one of the province's departments."""
    return Unit(**{"id": id, "name": f"Đơn vị {id}", "kind": "so-ban-nganh", **named})


def task(id: str = "R1", *, units: tuple[str, ...] = ("snv",), **named: Any) -> Task:
    """Return a task that these units owe by 30/9/2022."""
    given = {"id": id, "title": f"Nhiệm vụ {id}", "due": Once(day=date(2022, 9, 30)), "owners": units, "units": units}
    return Task(**{**given, **named})


def plan(*tasks: Task, units: tuple[Unit, ...] | None = None, **named: Any) -> Plan:
    """Return a plan of the autumn of 2022 with these tasks; its units are those that owe them, if none are given."""
    owing = sorted({each for owed in tasks for each in owed.units})
    registry = units if units is not None else tuple(unit(each) for each in owing)
    given: dict[str, Any] = {
        "id": "kh5610",
        "number": "5610/KH-UBND",
        "title": "Cải thiện và nâng cao Chỉ số CCHC",
        "issued_by": "UBND tỉnh Quảng Nam",
        "issued_on": STARTS,
        "starts": STARTS,
        "ends": ENDS,
        "office": "snv",
        "tasks": {each.id: each for each in tasks},
        "units": {each.id: each for each in registry},
        "policies": {"default": policy()},
    }
    return Plan(**{**given, **named})


def occurrence(**named: Any) -> Occurrence:
    """Return what Sở Nội vụ owes of R1 by the end of 30/9/2022."""
    given = {"task": "R1", "unit": "snv", "period": "once", "due_at": end_of(date(2022, 9, 30))}
    return Occurrence(**{**given, **named})


def word(
    status: Status | str = Status.DONE,
    at: str | datetime = "2022-09-26 09:00",
    *,
    since: str | datetime | None = None,
    verdict: Verdict | str | None = None,
) -> Word:
    """Return a report at a local moment; a done one is done since then unless told otherwise."""
    moment = local(at) if isinstance(at, str) else at
    first = local(since) if isinstance(since, str) else since
    if first is None and Status(status) is Status.DONE:
        first = moment
    return Word(status=Status(status), at=moment, done_since=first, verdict=Verdict(verdict) if verdict else None)


def counted(**named: Any) -> Counted:
    """Return an occurrence of R1 at Sở Nội vụ that is overdue since yesterday's end and was asked about.

    Its first due and its standing by that are the same unless they are named.
    """
    given = {
        "task": "R1",
        "unit": "snv",
        "due_at": local("2022-09-29 23:59:59"),
        "standing": Standing.OVERDUE,
        "status": None,
        "note": "",
        "wanted_due_at": None,
        "undecided": False,
        "paused": False,
        "asking": Asking.ASKED,
        **named,
    }
    said = Said(note=given.pop("note"), wanted_due_at=given.pop("wanted_due_at"))
    unit = given.pop("unit")
    by_original = {"original_due_at": given["due_at"], "by_original": given["standing"]}
    return Counted(unit=unit, what=Situation(**{**by_original, **given}), said=said)


def moments(first: str, last: str, *, zone: tzinfo = UTC) -> st.SearchStrategy[datetime]:
    """Return any moment between two wall-clock ones of a zone."""
    return st.datetimes(datetime.fromisoformat(first), datetime.fromisoformat(last), timezones=st.just(zone))


def days(first: date, count: int) -> list[date]:
    """Return this many days in a row."""
    return [first + timedelta(days=number) for number in range(count)]


EMPTY_WEEK = WeekFigures(
    week="2022-W39",
    starts=date(2022, 9, 26),
    ends=date(2022, 10, 2),
    as_of=datetime(2022, 9, 30, 3, 0, tzinfo=UTC),
    plan="Kế hoạch số 5610/KH-UBND",
    given=598,
    asked_units=36,
    units_total=38,
    in_doubt=0,
    units=(),
    previous=None,
    blocked=(),
    extensions=(),
    overdue=(),
    next_week=(),
    unanswered=(),
    undeliverable=(),
)
