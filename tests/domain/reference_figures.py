"""The figures of a week once more, slowly and plainly, as the glossary has them. Shares no code with the bot.

Words: an occurrence is *due* when its due moment is not after the cut-off. *Hoàn thành đúng hạn*: done by the due, and
accepted where the office must accept. *Hoàn thành quá hạn*: the same, later. *Chờ xác nhận*: reported and not yet decided.
*Quá hạn chưa hoàn thành*: none of these, after the due. *Không thuộc đơn vị*, accepted: owes nothing, counted nowhere.
"""

from collections import Counter
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta


@dataclass
class Said:
    """A report: when, what, since when it is done, what the office decided and when."""

    at: datetime
    status: str
    done_since: datetime | None = None
    verdict: str | None = None
    decided_at: datetime | None = None


@dataclass
class Facts:
    """All that ever happened to one occurrence, also after the cut-off."""

    task: str
    unit: str
    due: datetime
    known_at: datetime
    ended_at: datetime | None = None
    moves: list[tuple[datetime, datetime]] = field(default_factory=list)
    said: list[Said] = field(default_factory=list)
    told: list[tuple[datetime, str]] = field(default_factory=list)  # sent, doubt, failed, nobody, quiet


@dataclass
class Rules:
    """What the plan says of its tasks: who must accept, until when it is paused, which scored criteria it feeds."""

    needs_office: dict[str, bool]
    paused_until: dict[str, date | None]
    points: dict[str, dict[str, float]]


def reckon(every: list[Facts], rules: Rules, cut: datetime) -> dict[str, object]:
    """Return the figures of the whole and of every unit and task, and the standings of all."""
    alive = [f for f in every if f.known_at <= cut and not (f.ended_at is not None and f.ended_at <= cut)]
    alive = [f for f in alive if f.task in rules.needs_office]
    stands = Counter(where(f, due_of(f, cut), rules, cut) for f in alive)
    owed = [f for f in alive if where(f, due_of(f, cut), rules, cut) != "released"]
    return {
        "standings": dict(stands),
        "whole": sheet(owed, rules, cut),
        "units": {unit: sheet([f for f in owed if f.unit == unit], rules, cut) for unit in {f.unit for f in owed}},
        "tasks": {task: sheet([f for f in owed if f.task == task], rules, cut) for task in {f.task for f in owed}},
        "asked": len({f.unit for f in owed if asked(f, cut) == "asked"}),
        "askable": len({f.unit for f in owed if asked(f, cut) != "not_yet"}),
    }


def sheet(owed: list[Facts], rules: Rules, cut: datetime) -> dict[str, object]:
    """Return the counts of some occurrences."""
    found: Counter[str] = Counter()
    risk = 0.0
    lost: dict[str, float] = {}
    for f in owed:
        due = due_of(f, cut)
        is_in, first_in = group(f, due, rules, cut), group(f, f.due, rules, cut)
        if is_in:
            found[is_in] += 1
        if first_in and not first_in.startswith("apart"):
            found["first " + first_in] += 1
        if is_in == "overdue":
            days = (local(cut) - local(due)).days
            found["days"] += days
            found["age " + age(days)] += 1
            criteria = rules.points[f.task]
            if criteria:
                lost |= criteria
                risk += sum(criteria.values()) * days
            else:
                found["unassigned"] += 1
    return {**found, "risk": round(risk, 3), "points": round(sum(lost.values()), 3) if lost else None}


def group(f: Facts, due: datetime, rules: Rules, cut: datetime) -> str:
    """Return the class of an occurrence by a due: "" where it has not come due."""
    if due > cut:
        return ""
    stands = where(f, due, rules, cut)
    if stands in ("on_time", "late", "waiting"):
        return stands
    return "" if cut == due else late(f, rules, cut)


def late(f: Facts, rules: Rules, cut: datetime) -> str:
    """Return whether what is past its due and not done is overdue, or why it stands apart."""
    until = rules.paused_until[f.task]
    if until is not None and local(cut) <= until:
        return "apart paused"
    if asked(f, cut) != "asked":
        return "apart " + asked(f, cut)
    last = last_said(f, cut)
    if last is not None and last.status == "extension" and verdict(last, cut) is None:
        return "apart extension"
    return "overdue"


def where(f: Facts, due: datetime, rules: Rules, cut: datetime) -> str:
    """Return where an occurrence stands by a due."""
    last = last_said(f, cut)
    if last is not None:
        decided = verdict(last, cut)
        office = rules.needs_office[f.task]
        if last.status == "done":
            if decided == "accept" or (decided is None and not office):
                return "on_time" if (last.done_since or last.at) <= due else "late"
            if decided is None:
                return "waiting"
        if last.status == "not_ours":
            if decided == "accept":
                return "released"
            if decided is None:
                return "waiting"
    if due < cut:
        return "overdue"
    return "working" if last is not None else "open"


def asked(f: Facts, cut: datetime) -> str:
    """Return how far the unit was asked."""
    if last_said(f, cut) is not None:
        return "asked"
    told = {how for at, how in f.told if at <= cut}
    for how, name in (("sent", "asked"), ("doubt", "in_doubt"), ("failed", "failed"), ("nobody", "no_contact")):
        if how in told:
            return name
    return "not_yet"


def last_said(f: Facts, cut: datetime) -> Said | None:
    """Return the last report by the cut-off, in the order they were written."""
    found = [each for each in f.said if each.at <= cut]
    return found[-1] if found else None


def verdict(said: Said, cut: datetime) -> str | None:
    """Return what was decided on a report by the cut-off."""
    return said.verdict if said.decided_at is not None and said.decided_at <= cut else None


def due_of(f: Facts, cut: datetime) -> datetime:
    """Return the due that held at the cut-off."""
    due = f.due
    for at, moved_to in f.moves:
        if at <= cut:
            due = moved_to
    return due


def age(days: int) -> str:
    """Return the group of days overdue."""
    if days == 0:
        return "0"
    if days <= 7:
        return "1-7"
    if days <= 30:
        return "8-30"
    return "31-120" if days <= 120 else "121-"


def local(moment: datetime) -> date:
    """Return the day in Vietnam, seven hours ahead of UTC all year."""
    return (moment + timedelta(hours=7)).date()
