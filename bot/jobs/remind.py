"""Finds the steps that came due, writes down what becomes of each, and puts one bundle a person into the outbox."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from bot.domain.calendar import DAY, Calendar, local_day, local_moment
from bot.domain.plan import Plan, Policy, Role
from bot.domain.steps import Fate, Reason, Ruling, Step, StepKind, next_step_at, ripe, rule, steps_of, why_quiet
from bot.ports import Caps, Out
from bot.store import Tx, ledger, occurrences, outbox, people, questions
from bot.store.occurrences import Kept
from bot.store.outbox import Lane, Letter, letters
from bot.store.people import Addressee
from bot.store.questions import Question
from bot.store.views import views
from bot.texts.bundles import bundle
from bot.texts.review import Late, escalation
from bot.texts.tasks import View

ONE_TICK = 20_000  # occurrences; one transaction of about a second on two shared cores


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a tick did: occurrences that had a step due, letters written."""

    due: int
    letters: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A step that is to be told about one occurrence."""

    kept: Kept
    step: Step


def remind(
    tx: Tx, *, plan: Plan, calendar: Calendar, caps: Mapping[str, Caps], question_life: timedelta, now: datetime
) -> Reminded:
    """Give every step that came due its fate, in one transaction. Outside office hours all is left for the next opening."""
    if not calendar.is_open(now):
        return Reminded(due=0, letters=0)
    found = occurrences.due_for_a_step(tx, now=now, limit=ONE_TICK)
    if not found:
        return Reminded(due=0, letters=0)
    return _Morning(plan=plan, calendar=calendar, caps=caps, question_life=question_life, now=now).run(tx, found)


@dataclass(kw_only=True)
class _Morning:
    """One tick's work; it gathers rows that a few statements at the end write."""

    plan: Plan
    calendar: Calendar
    caps: Mapping[str, Caps]
    question_life: timedelta
    now: datetime
    _steps: dict[tuple[str, datetime, datetime], tuple[Step, ...]] = field(default_factory=dict)
    _ruled: dict[tuple[str, datetime, datetime, datetime | None], tuple[Ruling, ...]] = field(default_factory=dict)
    _following: dict[tuple[str, datetime, datetime], datetime | None] = field(default_factory=dict)
    _entries: list[ledger.Entry] = field(default_factory=list)
    _letters: list[Letter] = field(default_factory=list)
    _asked: dict[questions.Chat, Question] = field(default_factory=dict)
    _told: list[tuple[str, int, Act]] = field(default_factory=list)  # key of the letter's last part, person, what

    def run(self, tx: Tx, found: Sequence[Kept]) -> Reminded:
        early = self._early(found)
        found = [each for each in found if each.id not in early]
        ruled = {each.id: self._rule(each) for each in found}
        waits = self._had_their_morning(tx, found, ruled)
        now_due = [each for each in found if each.id not in waits]
        acts = [act for each in now_due for act in self._acts(each, ruled[each.id])]
        shown = {view.id: view for view in views(tx, self.plan, [act.kept for act in acts], now=self.now)}
        self._bundle(tx, [act for act in acts if act.step.kind is not StepKind.ESCALATE], shown)
        self._escalate(tx, [act for act in acts if act.step.kind is StepKind.ESCALATE], shown)
        self._write(tx, now_due)
        occurrences.put_off(tx, sorted(waits), until=self._next_morning())
        for hour in set(early.values()):
            ids = [occurrence_id for occurrence_id, at in early.items() if at == hour]
            occurrences.put_off(tx, ids, until=local_moment(local_day(self.now), hour).astimezone(self.now.tzinfo))
        return Reminded(due=len(found), letters=len(self._letters))

    def _early(self, found: Sequence[Kept]) -> dict[int, time]:
        """Return occurrences that wait for their policy's hour of today: what was missed joins this morning's bundle."""
        known = [each for each in found if each.task in self.plan.tasks]
        return {each.id: self._policy(each).at for each in known if self._comes_today(self._policy(each).at)}

    def _comes_today(self, hour: time) -> bool:
        """Return whether an hour is still to come today, and leaves something of office hours: else it never came."""
        today = local_day(self.now)
        at = local_moment(today, hour)
        return self.now < at and local_day(self.calendar.next_open(at)) == today

    def _rule(self, each: Kept) -> tuple[Ruling, ...]:
        if each.word is not None:
            return self._ruled_anew(each)
        alike = (each.task, each.due_at, each.known_at, each.handled_until)
        if alike not in self._ruled:  # a task's units mostly stand alike: ten thousand cost a handful
            self._ruled[alike] = self._ruled_anew(each)
        return self._ruled[alike]

    def _ruled_anew(self, each: Kept) -> tuple[Ruling, ...]:
        task = self.plan.tasks.get(each.task)
        if task is None:  # the plan has just dropped it; `keep_in_step` archives it
            return ()
        came_due = ripe(self._steps_of(each), handled_until=each.handled_until, now=self.now)
        quiet = why_quiet(each.word, pause=task.pause, review=task.review, due_at=each.due_at, now=self.now)
        return rule(came_due, quiet=quiet, due_at=each.due_at, stop=self._policy(each).stop, now=self.now)

    def _had_their_morning(
        self, tx: Tx, found: Sequence[Kept], ruled: Mapping[int, tuple[Ruling, ...]]
    ) -> frozenset[int]:
        """Return occurrences that wait for tomorrow because their people had today's bundle; never what is due today."""
        today = local_day(self.now)
        had = outbox.people_told(tx, f"remind:{today}:")
        if not had:
            return frozenset()
        focals = people.addressees(tx, Role.FOCAL)
        return frozenset(
            each.id
            for each in found
            if local_day(each.due_at) != today
            and any(_is_bundled(ruling) for ruling in ruled[each.id])
            and any(person.person_id in had for person in focals.get(each.unit, ()))
        )

    def _acts(self, each: Kept, rulings: Iterable[Ruling]) -> list[Act]:
        acts = []
        for ruling in rulings:
            if ruling.fate is Fate.HANDED:
                acts.append(Act(kept=each, step=ruling.step))
            else:
                self._enter(each, ruling.step, fate=ruling.fate, reason=ruling.reason)
        return acts

    def _bundle(self, tx: Tx, acts: Sequence[Act], shown: Mapping[int, View]) -> None:
        focals = people.addressees(tx, Role.FOCAL) if acts else {}
        by_person: dict[int, tuple[Addressee, list[Act]]] = {}
        for act in acts:
            told = focals.get(act.kept.unit, ())
            if not told:
                self._enter(act.kept, act.step, fate=Fate.SUPPRESSED, reason=Reason.NO_CONTACT)
            for person in told:  # a focal point of two units is one person with one message
                by_person.setdefault(person.person_id, (person, []))[1].append(act)
        for person, their in by_person.values():
            seen = [shown[act.kept.id] for act in their]
            units = ", ".join(dict.fromkeys(view.unit for view in seen))
            out = bundle(person.language, seen, name=person.name, units=units, now=self.now)
            lane = Lane.LAST_CALL if any(act.step.is_last_call for act in their) else Lane.REMINDER
            self._hand(person, f"remind:{local_day(self.now)}:{person.person_id}:{_name(their[0])}", out, lane, their)
            if len(seen) == 1:  # then a bare number is an answer
                self._asked[person.channel, person.chat_id] = self._status_of(seen[0].id)
        questions.ask_where_none(tx, self._asked, now=self.now)

    def _status_of(self, occurrence_id: int) -> Question:
        subject = {"occurrence": occurrence_id}
        return Question(kind="status", subject=subject, expires_at=self.now + self.question_life)

    def _escalate(self, tx: Tx, acts: Sequence[Act], shown: Mapping[int, View]) -> None:
        if not acts:
            return
        proven = ledger.told(tx, [act.kept.id for act in acts])
        heads, offices = people.addressees(tx, Role.HEAD), people.addressees(tx, Role.OFFICE)
        by_person: dict[tuple[Role, Addressee], list[Act]] = defaultdict(list)
        for act in acts:
            told = heads.get(act.kept.unit, ()) if act.step.to is Role.HEAD else offices.get(self.plan.office, ())
            if not told:
                self._enter(act.kept, act.step, fate=Fate.SUPPRESSED, reason=Reason.NO_CONTACT)
            for person in told:
                by_person[act.step.to, person].append(act)
        for (role, person), their in by_person.items():
            late = [Late(view=shown[act.kept.id], proven=act.kept.id in proven) for act in their]
            out = escalation(person.language, late, to=role, name=person.name, now=self.now)
            self._hand(person, f"escalate:{person.person_id}:{_name(their[0])}", out, Lane.ESCALATION, their)

    def _hand(self, person: Addressee, key: str, out: Out, lane: Lane, acts: Sequence[Act]) -> None:
        letter = Letter(
            key=key,
            channel=person.channel,
            chat_id=person.chat_id,
            person_id=person.person_id,
            language=person.language,
            out=out,
            lane=lane,
        )
        rows = letters(letter, max_text=self.caps[person.channel].max_text)
        self._letters += rows
        self._told += [(rows[-1].key, person.person_id, act) for act in acts]

    def _write(self, tx: Tx, handled: Sequence[Kept]) -> None:
        ids = outbox.put(tx, self._letters, now=self.now)
        for key, person_id, act in self._told:
            self._enter(act.kept, act.step, fate=Fate.HANDED, person_id=person_id, outbox_id=ids[key])
        ledger.add(tx, self._entries, now=self.now)
        following = [(each.id, self._next_step_at(each)) for each in handled]
        occurrences.advance(tx, following, handled_until=self.now)

    def _enter(
        self,
        each: Kept,
        step: Step,
        *,
        fate: Fate,
        reason: Reason | None = None,
        person_id: int = ledger.NOBODY,
        outbox_id: int | None = None,
    ) -> None:
        self._entries.append(
            ledger.Entry(
                occurrence_id=each.id,
                step=step.key,
                due_at=each.due_at,
                planned_at=step.planned_at,
                fate=fate,
                reason=reason,
                person_id=person_id,
                outbox_id=outbox_id,
            )
        )

    def _policy(self, each: Kept) -> Policy:
        return self.plan.policy_of(self.plan.tasks[each.task])

    def _steps_of(self, each: Kept) -> tuple[Step, ...]:
        if each.task not in self.plan.tasks:
            return ()
        policy = self._policy(each)
        known = (policy.id, each.due_at, each.known_at)
        if known not in self._steps:  # many occurrences share a policy and a due: ten thousand cost a handful
            self._steps[known] = steps_of(policy, due_at=each.due_at, known_at=each.known_at, calendar=self.calendar)
        return self._steps[known]

    def _next_step_at(self, each: Kept) -> datetime | None:
        alike = (each.task, each.due_at, each.known_at)
        if alike not in self._following:
            self._following[alike] = next_step_at(self._steps_of(each), handled_until=self.now)
        return self._following[alike]

    def _next_morning(self) -> datetime:
        day = self.calendar.working_day_on_or_after(local_day(self.now) + DAY)
        return self.calendar.next_open(local_moment(day, self.plan.policies["default"].at)).astimezone(self.now.tzinfo)


def _is_bundled(ruling: Ruling) -> bool:
    return ruling.fate is Fate.HANDED and ruling.step.kind is not StepKind.ESCALATE


def _name(act: Act) -> str:
    return f"{act.kept.id}:{act.step.key}:{act.kept.due_at:%Y%m%d}"
