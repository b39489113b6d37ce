"""Puts steps into words: one bundle a person asked, one report a person told of what is overdue, a fate for every step."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from bot.domain.calendar import local_day
from bot.domain.plan import Plan, Role
from bot.domain.steps import Fate, Reason, Step
from bot.jobs.who_is_asked import WhoIsAsked
from bot.ports import Caps, Out
from bot.store import Tx, contacts, ledger, notices, outbox, questions
from bot.store.contacts import Addressee
from bot.store.notices import NoticeKind
from bot.store.occurrences import Kept
from bot.store.outbox import Lane, Letter, letters
from bot.store.questions import Question
from bot.texts.bundles import bundle
from bot.texts.review import Late, escalation
from bot.texts.tasks import View


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    """A step that is to be told about one occurrence; `warns_of` is the report upward that it warns of."""

    kept: Kept
    step: Step
    warns_of: Step | None = None


@dataclass(kw_only=True)
class Telling:
    """One tick's letters and fates; it gathers rows that a few statements at the end write."""

    plan: Plan
    caps: Mapping[str, Caps]
    question_life: timedelta
    next_step_at: Callable[[Kept], datetime | None]
    now: datetime
    _entries: list[ledger.Entry] = field(default_factory=list)
    _letters: list[Letter] = field(default_factory=list)
    _questions: dict[questions.Chat, Question] = field(default_factory=dict)
    _told: list[tuple[str, int, Act]] = field(default_factory=list)  # key of the letter's last part, person, what

    @property
    def count(self) -> int:
        """How many letters there are."""
        return len(self._letters)

    def ask(self, tx: Tx, acts: Sequence[Act], shown: Mapping[int, View], asked: WhoIsAsked) -> None:
        """Write one bundle for each person who is asked; the admins hear of units of which nobody can be any more."""
        # A focal point of two units is one person with one message; who is asked instead of others is told so, apart.
        bundles: dict[tuple[int, bool, bool], tuple[Addressee, list[Act]]] = {}
        silent: dict[str, None] = {}
        reached: dict[str, None] = {}
        for act in acts:
            those = asked.of(act.kept.unit)
            if not those.people:
                silent[asked.holder(act.kept.unit)] = None
                self.enter(act.kept, act.step, fate=Fate.SUPPRESSED, reason=Reason.NO_CONTACT)
            else:
                reached[asked.holder(act.kept.unit)] = None
            for person in those.people:
                of_kind = (person.person_id, those.is_instead, those.is_absence)
                bundles.setdefault(of_kind, (person, []))[1].append(act)
        for (_, is_instead, is_absence), (person, their) in bundles.items():
            seen = [shown[act.kept.id] for act in their]
            self._bundle(person, their, seen, is_instead=is_instead, is_absence=is_absence)
        questions.ask_where_none(tx, self._questions, now=self.now)
        self._say_unreachable(tx, silent, reached)

    def escalate(self, tx: Tx, acts: Sequence[Act], shown: Mapping[int, View], asked: WhoIsAsked) -> None:
        """Write one report of overdue tasks for each head, and each person of the office, who is to hear of them."""
        if not acts:
            return
        proven = ledger.told(tx, [act.kept.id for act in acts])
        office = contacts.addressees(tx, Role.OFFICE).get(asked.holder(self.plan.office), ())
        by_person: dict[tuple[Role, Addressee], list[Act]] = defaultdict(list)
        for act in acts:
            told = asked.heads_of(act.kept.unit) if act.step.to is Role.HEAD else office
            if not told:
                self.enter(act.kept, act.step, fate=Fate.SUPPRESSED, reason=Reason.NO_CONTACT)
            for person in told:
                by_person[act.step.to, person].append(act)
        for (role, person), their in by_person.items():
            late = [Late(view=shown[act.kept.id], proven=act.kept.id in proven) for act in their]
            out = escalation(person.language, late, to=role, name=person.name, now=self.now)
            self._hand(person, f"escalate:{person.person_id}:{_name(their[0])}", out, Lane.ESCALATION, their)

    def enter(
        self,
        each: Kept,
        step: Step,
        *,
        fate: Fate,
        reason: Reason | None = None,
        person_id: int = ledger.NOBODY,
        outbox_id: int | None = None,
    ) -> None:
        """Note the fate of a step."""
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

    def write(self, tx: Tx) -> None:
        """Put every letter into the outbox and every fate into the ledger."""
        ids = outbox.put(tx, self._letters, now=self.now)
        for key, person_id, act in self._told:
            self.enter(act.kept, act.step, fate=Fate.HANDED, person_id=person_id, outbox_id=ids[key])
        ledger.add(tx, self._entries, now=self.now)
        bundled = [row for row in self._letters if row.lane is not Lane.ESCALATION]
        persons = {row.person_id for row in bundled if row.person_id is not None}
        # What still waits of another morning says less than today's bundle.
        outbox.supersede(tx, person_ids=persons, by_keys=[row.key for row in bundled], now=self.now)

    def _bundle(
        self, person: Addressee, acts: Sequence[Act], seen: Sequence[View], *, is_instead: bool, is_absence: bool
    ) -> None:
        units = ", ".join(dict.fromkeys(view.unit for view in seen))
        out = bundle(
            person.language,
            seen,
            name=person.name,
            units=units,
            is_instead=is_instead,
            is_absence=is_absence,
            warnings=self._warnings(acts, is_instead=is_instead),
            now=self.now,
        )
        lane = Lane.LAST_CALL if any(act.step.is_last_call for act in acts) else Lane.REMINDER
        key = f"remind:{local_day(self.now)}:{person.person_id}:{_name(acts[0])}"
        self._hand(person, key, out, lane, acts, expires_at=self._worth_until(acts, lane))
        if len(seen) == 1:  # then a bare number is an answer
            status = Question(
                kind="status", subject={"occurrence": seen[0].id}, expires_at=self.now + self.question_life
            )
            self._questions[person.channel, person.chat_id] = status

    def _warnings(self, acts: Sequence[Act], *, is_instead: bool) -> dict[int, tuple[date, Role]]:
        """Return which reports upward a bundle warns of: those that somebody will read who does not read this."""
        found = {}
        for act in acts:
            up = act.warns_of
            if up is not None and not (is_instead and up.to is Role.HEAD):
                found[act.kept.id] = (local_day(up.planned_at), up.to)
        return found

    def _say_unreachable(self, tx: Tx, units: Iterable[str], reached: Iterable[str]) -> None:
        known = {notice.key for notice in notices.standing(tx)}
        for key in sorted(known & {contacts.unit_notice(unit) for unit in reached}):  # who was away is back
            notices.clear(tx, key)
        if not (silent := set(units)):
            return
        for unit in sorted(
            silent & contacts.ever_asked(tx)
        ):  # who has not joined yet is on the sheet and in the summary
            key = contacts.unit_notice(unit)
            if key not in known:
                notices.raise_notice(tx, key=key, kind=NoticeKind.UNIT_UNREACHABLE, words={"unit": unit}, now=self.now)

    def _worth_until(self, acts: Sequence[Act], lane: Lane) -> datetime:
        """Return until when a bundle is worth sending: until the last of its tasks has its next step, which covers it."""
        return max(self.next_step_at(act.kept) or self.now + outbox.LIFE[lane] for act in acts)

    def _hand(
        self,
        person: Addressee,
        key: str,
        out: Out,
        lane: Lane,
        acts: Sequence[Act],
        *,
        expires_at: datetime | None = None,
    ) -> None:
        letter = Letter(
            key=key,
            channel=person.channel,
            chat_id=person.chat_id,
            person_id=person.person_id,
            language=person.language,
            out=out,
            lane=lane,
            expires_at=expires_at,
        )
        rows = letters(letter, caps=self.caps[person.channel])
        self._letters += rows
        self._told += [(rows[-1].key, person.person_id, act) for act in acts]


def _name(act: Act) -> str:
    return f"{act.kept.id}:{act.step.key}:{act.kept.due_at:%Y%m%d}"
