"""The next hour played through in mind: which steps a tick would hand on, and in how many messages. Reads only."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime

from bot.domain.calendar import Calendar, local_day
from bot.domain.plan import Plan, Role
from bot.domain.steps import Fate, Step, StepKind
from bot.jobs.remind import waits
from bot.jobs.ruling import Rules
from bot.jobs.who_is_asked import WhoIsAsked
from bot.store import Tx, contacts, outbox
from bot.store.contacts import Addressee
from bot.store.occurrences import Kept

_NEVER = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Handed:
    """A step that was handed on for an occurrence (its id, or a negative number for one that is not stored yet)."""

    id: int
    unit: str
    step: str
    is_escalation: bool


@dataclass(kw_only=True)
class Rehearsal:
    """What a stretch of ticks comes to. A message is named by person, kind and tick: a bundle or a report upward."""

    handed: set[Handed] = field(default_factory=set)
    messages: set[tuple[int, str, datetime]] = field(default_factory=set)

    def messages_beyond(self, other: "Rehearsal") -> int:
        """Return how many messages people get that the other would not bring them, whatever stands in them."""
        ours, theirs = (Counter((person, kind) for person, kind, _ in each.messages) for each in (self, other))
        return (ours - theirs).total()


@dataclass(kw_only=True)
class _Waiting:
    kept: Kept
    at: datetime


class Stage:
    """One catalogue's ticks over stored occurrences, from `now` on."""

    def __init__(self, tx: Tx, plan: Plan, calendar: Calendar, *, now: datetime) -> None:
        self._tx, self._plan, self._calendar, self._now = tx, plan, calendar, now
        self._offices = contacts.addressees(tx, Role.OFFICE)
        self._had: dict[date, set[int]] = {}

    def play(self, looked_at: Iterable[tuple[Kept, datetime]], *, until: datetime) -> Rehearsal:
        """Return what is handed on of these occurrences, each with the moment a tick looks at it, up to `until`."""
        done = Rehearsal()
        line = [_Waiting(kept=kept, at=at) for kept, at in looked_at if at <= until]
        while line:
            moment = self._calendar.next_open(max(self._now, min(each.at for each in line)))
            if moment > until:
                break
            self._tick([each for each in line if each.at <= moment], moment, until, done)
            line = [each for each in line if each.at <= until]
        return done

    def _tick(self, line: Sequence[_Waiting], now: datetime, until: datetime, done: Rehearsal) -> None:
        rules = Rules(plan=self._plan, calendar=self._calendar, now=now)
        hearing = _Hearing(WhoIsAsked(self._tx, plan=self._plan, on=local_day(now)), self._offices, self._plan)
        early = rules.early([each.kept for each in line])
        today = local_day(now)
        had = frozenset(self._told(today))
        for each in line:
            if each.kept.id in early:
                each.at = early[each.kept.id]
                continue
            rulings = rules.fates(each.kept)
            if had and waits(each.kept, rulings, hearing.asked, had=had, today=today):
                each.at = rules.next_morning()
                continue
            for ruling in rulings:
                if ruling.fate is Fate.HANDED:
                    self._hand(each.kept, ruling.step, hearing, now, done)
            each.at = rules.next_step_at(each.kept) or _NEVER
            if each.at <= until:
                each.kept = replace(each.kept, handled_until=now)

    def _hand(self, kept: Kept, step: Step, hearing: "_Hearing", now: datetime, done: Rehearsal) -> None:
        is_escalation = step.kind is StepKind.ESCALATE
        people, kind = hearing.of(kept.unit, step.to if is_escalation else None)
        if people:
            done.messages |= {(person, kind, now) for person in people}
            done.handed.add(Handed(kept.id, kept.unit, step.key, is_escalation))
            if not is_escalation:
                self._told(local_day(now)).update(people)

    def _told(self, day: date) -> set[int]:
        """Return who had a bundle on a day: as the outbox has it, and as was played."""
        if day not in self._had:
            self._had[day] = set(outbox.people_told(self._tx, f"remind:{day}:"))
        return self._had[day]


class _Hearing:
    """Who hears of a unit, by the kind of message; looked up once a unit."""

    def __init__(self, asked: WhoIsAsked, offices: Mapping[str, Sequence[Addressee]], plan: Plan) -> None:
        self.asked = asked
        self._office = offices.get(asked.holder(plan.office), ())
        self._known: dict[tuple[str, Role | None], tuple[tuple[int, ...], str]] = {}

    def of(self, unit: str, upward: Role | None) -> tuple[tuple[int, ...], str]:
        """Return the ids of who hears of a unit's steps, and the kind of message. `upward`: to whom it is reported."""
        if (unit, upward) not in self._known:
            self._known[unit, upward] = self._of(unit, upward)
        return self._known[unit, upward]

    def _of(self, unit: str, upward: Role | None) -> tuple[tuple[int, ...], str]:
        if upward is not None:
            people = self.asked.heads_of(unit) if upward is Role.HEAD else self._office
            return tuple(person.person_id for person in people), str(upward)
        those = self.asked.of(unit)
        return tuple(person.person_id for person in those.people), "instead" if those.is_instead else "bundle"
