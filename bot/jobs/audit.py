"""Looks for what should have happened and did not: counts every time, the steps of some occurrences, by night of all."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from bot.catalogue import Catalogue
from bot.domain.calendar import DAY, local_day, local_moment
from bot.domain.steps import Step, next_step_at, steps_of
from bot.store import Tx, audits, notices
from bot.store.audits import Stepped
from bot.store.notices import NoticeKind

GRACE = timedelta(minutes=10)  # of office hours, in which a step that came due must have been handled
CLAIM_GRACE = timedelta(minutes=1)
UPDATE_GRACE = timedelta(minutes=5)
QUARANTINE_LOOK = timedelta(hours=1)
LEDGER_LOOK = timedelta(days=8)  # older steps were looked at on earlier nights
PLANNED_ANEW = timedelta(days=31)  # no run of days off is longer
PREFIX = "audit:"


class Trouble(StrEnum):
    """Everything the auditor can find, each with its sentence in every language (`notice.audit_<trouble>`)."""

    OVERDUE = "overdue"  # a step came due and nothing was done about it
    FATE = "fate"  # a step is behind us and the ledger does not say what became of it
    NEXT = "next"  # the stored moment of the next step is not the rule's
    CLAIMS = "claims"  # a message is on its way for longer than it may
    CHANNEL_UNREACHABLE = "channel_unreachable"
    CHANNEL_UNAUTHORIZED = "channel_unauthorized"
    CHANNEL_CONFLICT = "channel_conflict"
    CHANNEL_SILENT = "channel_silent"  # nobody has asked the network for news for some time
    INBOX = "inbox"  # something heard waits
    QUARANTINED = "quarantined"  # something heard was put aside
    DISK_FULL = "disk_full"
    DISK_UNWRITABLE = "disk_unwritable"
    DATABASE = "database"  # cannot be written to
    DATABASE_GONE = "database_gone"  # its file was taken away or replaced under us
    CLOCK = "clock"  # jumped
    TICK = "tick"  # the tick stands still


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing that is wrong, with the words of its sentence; `where` tells apart what can be wrong in several places."""

    trouble: Trouble
    words: Mapping[str, str] = field(default_factory=dict)
    where: str = ""

    @property
    def key(self) -> str:
        """The key of its notice."""
        return f"{PREFIX}{self.trouble}{':' if self.where else ''}{self.where}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Looked:
    """What a look at some occurrences found. `last` is the id of the last one looked at, 0 at the end of all."""

    number: int
    last: int
    wrong: tuple[tuple[Stepped, datetime | None], ...]  # with the next step it should have
    missing: tuple[tuple[Stepped, Step], ...]  # steps without a fate


def counted(
    tx: Tx, catalogue: Catalogue, *, channels: Collection[str], ticked: bool, now: datetime, speed: float = 1.0
) -> list[Finding]:
    """Return what the database as a whole shows to be late. `ticked`: a tick has ended lately, so no step may lie about.

    A simulated clock of some `speed` gives the bot as much less time, so what is late must be later by that much.
    """
    pace = max(1.0, speed)
    is_open = catalogue.calendar.is_open
    numbers = {
        Trouble.CLAIMS: audits.late_claims(tx, before=now - CLAIM_GRACE * pace),
        Trouble.INBOX: audits.waiting_updates(tx, channels=channels, before=now - UPDATE_GRACE * pace),
        Trouble.QUARANTINED: audits.quarantined(tx, since=now - QUARANTINE_LOOK * pace),
    }
    if ticked and is_open(now) and is_open(now - GRACE * pace):  # what came due by night is first looked at now
        numbers[Trouble.OVERDUE] = audits.overdue_steps(tx, before=now - GRACE * pace)
    return [Finding(trouble=trouble, words={"count": str(number)}) for trouble, number in numbers.items() if number]


class StepAudit:
    """Judges stored next steps and the ledger by the rule itself; what many occurrences share is worked out once."""

    def __init__(self, catalogue: Catalogue, *, now: datetime) -> None:
        self._plan, self._calendar, self._now = catalogue.plan, catalogue.calendar, now
        self._steps: dict[tuple[str, datetime, datetime], tuple[Step, ...]] = {}
        self._next: dict[tuple[str, datetime, datetime, datetime | None], datetime | None] = {}
        tomorrow = self._calendar.working_day_on_or_after(local_day(now) + DAY)
        self._latest_put_off = local_moment(tomorrow + DAY, time.min)

    def look(self, tx: Tx, *, after: int, limit: int) -> Looked:
        """Look at up to `limit` live occurrences with ids above `after`."""
        rows = audits.stepped(tx, after=after, limit=limit)
        known = [each for each in rows if each.task in self._plan.tasks]  # `keep_in_step` archives the others
        wrong = [(each, self._next_of(each)) for each in known if not self._is_right(each)]
        return Looked(
            number=len(rows),
            last=rows[-1].id if len(rows) == limit else 0,
            wrong=tuple(wrong),
            missing=tuple(self._missing(tx, known)),
        )

    def _is_right(self, each: Stepped) -> bool:
        wanted, stored = self._next_of(each), each.next_step_at
        if stored == wanted:
            return True
        # A step that came due may be put off to its hour of today or the next morning: its people had their letter.
        if wanted is None or stored is None or wanted > self._now:
            return False
        return wanted <= stored < self._latest_put_off

    def _missing(self, tx: Tx, rows: Sequence[Stepped]) -> list[tuple[Stepped, Step]]:
        since = max(self._now - LEDGER_LOOK, audits.applied_at(tx) or self._now)  # other rules had other steps
        owed = [(each, step) for each in rows for step in self._handled(each, since)]
        if not owed:
            return []
        # A calendar that changed may have planned anew, for later, what was told by the one before.
        told = audits.recorded(tx, first=rows[0].id, last=rows[-1].id, since=since - PLANNED_ANEW)
        return [(each, step) for each, step in owed if (each.id, step.key, each.due_at) not in told]

    def _handled(self, each: Stepped, since: datetime) -> list[Step]:
        until = each.handled_until
        start = since if each.settled_at is None else max(since, each.settled_at)
        if until is None or until <= start:
            return []
        return [step for step in self._steps_of(each) if start < step.planned_at <= until]

    def _next_of(self, each: Stepped) -> datetime | None:
        alike = (self._policy_of(each), each.due_at, each.known_at, each.handled_until)
        if alike not in self._next:
            self._next[alike] = next_step_at(self._steps_of(each), handled_until=each.handled_until)
        return self._next[alike]

    def _steps_of(self, each: Stepped) -> tuple[Step, ...]:
        policy = self._plan.policy_of(self._plan.tasks[each.task])
        alike = (policy.id, each.due_at, each.known_at)
        if alike not in self._steps:
            self._steps[alike] = steps_of(policy, due_at=each.due_at, known_at=each.known_at, calendar=self._calendar)
        return self._steps[alike]

    def _policy_of(self, each: Stepped) -> str:
        return self._plan.policy_of(self._plan.tasks[each.task]).id


def findings_of(looked: Sequence[Looked]) -> list[Finding]:
    """Return what several looks at occurrences come to, each trouble with its first example."""
    wrong = [each for look in looked for each, _ in look.wrong]
    missing = [each for look in looked for each, _ in look.missing]
    found = []
    for trouble, rows in ((Trouble.NEXT, wrong), (Trouble.FATE, missing)):
        if rows:
            example = {"task": rows[0].task, "unit": rows[0].unit}
            found.append(Finding(trouble=trouble, words={"count": str(len(rows)), **example}))
    return found


def stands(tx: Tx) -> bool:
    """Return whether anything that was ever found lasts, looked for in this round or not; files that fail count."""
    ill = (NoticeKind.AUDIT, NoticeKind.CATALOGUE_REFUSED)
    return any(each.kind in ill for each in notices.standing(tx))


def note(tx: Tx, found: Sequence[Finding], *, lasting: Collection[Trouble], now: datetime) -> tuple[Finding, ...]:
    """Raise a notice for each finding that has none, clear those of what is gone; return the findings that are new.

    `lasting` troubles were not looked for as a whole, so what stands of them goes on standing.
    """
    kept = {each.key for each in found} | {f"{PREFIX}{trouble}" for trouble in lasting}
    notices.clear_except(tx, PREFIX, kept)
    return tuple(
        each
        for each in found
        if notices.raise_notice(
            tx, key=each.key, kind=NoticeKind.AUDIT, words={**each.words, "check": each.trouble}, now=now
        )
    )
