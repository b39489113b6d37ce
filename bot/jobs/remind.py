"""Finds the steps that came due, writes down what becomes of each, and puts one bundle a person into the outbox."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from bot.domain.calendar import Calendar, local_day
from bot.domain.plan import Plan
from bot.domain.steps import Fate, Ruling, StepKind
from bot.jobs.ruling import Rules
from bot.jobs.telling import Act, Telling
from bot.jobs.who_is_asked import WhoIsAsked
from bot.ports import Caps
from bot.store import Tx, occurrences, outbox
from bot.store.occurrences import Kept
from bot.store.views import views

ONE_TICK = 20_000  # occurrences; one transaction of about a second on two shared cores


@dataclass(frozen=True, slots=True, kw_only=True)
class Reminded:
    """What a tick did: occurrences that had a step due, letters written."""

    due: int
    letters: int


def remind(
    tx: Tx, *, plan: Plan, calendar: Calendar, caps: Mapping[str, Caps], question_life: timedelta, now: datetime
) -> Reminded:
    """Give every step that came due its fate, in one transaction. Outside office hours all is left for the next opening."""
    if not calendar.is_open(now):
        return Reminded(due=0, letters=0)
    found = occurrences.due_for_a_step(tx, now=now, limit=ONE_TICK)
    if not found:
        return Reminded(due=0, letters=0)
    rules = Rules(plan=plan, calendar=calendar, now=now)
    telling = Telling(plan=plan, caps=caps, question_life=question_life, next_step_at=rules.next_step_at, now=now)
    return _run(tx, found, rules=rules, telling=telling)


def _run(tx: Tx, found: Sequence[Kept], *, rules: Rules, telling: Telling) -> Reminded:
    early = rules.early(found)
    found = [each for each in found if each.id not in early]
    ruled = {each.id: rules.fates(each) for each in found}
    asked = WhoIsAsked(tx, plan=rules.plan, on=local_day(rules.now))
    waits = _had_their_morning(tx, found, ruled, asked, now=rules.now)
    now_due = [each for each in found if each.id not in waits]
    acts = [act for each in now_due for act in _acts(each, ruled[each.id], rules, telling)]
    shown = {view.id: view for view in views(tx, rules.plan, [act.kept for act in acts], now=rules.now)}
    telling.ask(tx, [act for act in acts if act.step.kind is not StepKind.ESCALATE], shown, asked)
    telling.escalate(tx, [act for act in acts if act.step.kind is StepKind.ESCALATE], shown, asked)
    telling.write(tx)
    occurrences.advance(tx, [(each.id, rules.next_step_at(each)) for each in now_due], handled_until=rules.now)
    occurrences.put_off(tx, sorted(waits), until=rules.next_morning())
    for moment in set(early.values()):
        occurrences.put_off(tx, [each for each, at in early.items() if at == moment], until=moment)
    return Reminded(due=len(found), letters=telling.count)


def _acts(each: Kept, rulings: Sequence[Ruling], rules: Rules, telling: Telling) -> list[Act]:
    acts = []
    for ruling in rulings:
        if ruling.fate is Fate.HANDED:
            acts.append(Act(kept=each, step=ruling.step, warns_of=rules.warned_of(each, ruling.step)))
        else:
            telling.enter(each, ruling.step, fate=ruling.fate, reason=ruling.reason)
    return acts


def _had_their_morning(
    tx: Tx, found: Sequence[Kept], ruled: Mapping[int, Sequence[Ruling]], asked: WhoIsAsked, *, now: datetime
) -> frozenset[int]:
    """Return occurrences that wait for tomorrow because their people had today's bundle; never what is due today."""
    today = local_day(now)
    had = outbox.people_told(tx, f"remind:{today}:")
    return frozenset(each.id for each in found if waits(each, ruled[each.id], asked, had=had, today=today))


def waits(each: Kept, rulings: Sequence[Ruling], asked: WhoIsAsked, *, had: Collection[int], today: date) -> bool:
    """Return whether an occurrence waits for tomorrow because somebody asked about it `had` today's bundle."""
    if not had or local_day(each.due_at) == today or not any(map(_is_bundled, rulings)):
        return False
    return any(person.person_id in had for person in asked.of(each.unit).people)


def _is_bundled(ruling: Ruling) -> bool:
    return ruling.fate is Fate.HANDED and ruling.step.kind is not StepKind.ESCALATE
