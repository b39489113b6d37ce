"""A small office whose catalogue is edited: the same world twice, one with the edit and one without it."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import TypeVar

from sqlalchemy import select

from bot.catalogue import Catalogue
from bot.domain.calendar import Calendar
from bot.domain.effects import Effects
from bot.domain.plan import Plan, Role
from bot.jobs.apply import apply
from bot.jobs.audit import StepAudit
from bot.jobs.foresee import effects_of
from bot.jobs.keep import keep_in_step
from bot.jobs.remind import remind
from bot.ports import Caps
from bot.store import Store, Tx
from bot.store.tables import ledger, occurrence, outbox
from tests.store.builders import joined

T = TypeVar("T")

CAPS: Mapping[str, Caps] = {
    "fake": Caps(name="fake", max_text=4096, buttons=True, upload=False, groups=False, menu=False, deep_link=False)
}
TEXTS = {"plan": "", "units": "", "calendar": ""}
MINUTE = timedelta(minutes=1)


def catalogue(plan: Plan, digest: str, calendar: Calendar | None = None) -> Catalogue:
    return Catalogue(plan=plan, calendar=calendar or Calendar(), digest=digest)


@dataclass
class Office:
    """A store in which a catalogue runs."""

    store: Store
    runs: Catalogue
    now: datetime
    people: list[int] = field(default_factory=list)

    def begin(self) -> None:
        """Apply the first catalogue."""
        self.edit(self.runs, before=None)

    def links(self, *units: str, role: Role = Role.FOCAL) -> None:
        """Let somebody of each unit join."""
        for unit in units:
            self.people.append(self.store.write(lambda tx, u=unit: joined(tx, f"{role}-{u}", unit=u, role=role)))

    def foresees(self, new: Catalogue) -> Effects:
        return self.store.read(lambda tx: effects_of(tx, old=self.runs, new=new, now=self.now))

    def edit(self, new: Catalogue, *, before: Catalogue | None, effects: Effects | None = None) -> int:
        def change(tx: Tx) -> int:
            return apply(
                tx,
                old=before,
                new=new,
                texts=TEXTS,
                who="Lan",
                cause="command",
                effects=effects or Effects(),
                caps=CAPS,
                now=self.now,
            )

        number = self.store.write(change)
        self.runs = new
        return number

    def applies(self, new: Catalogue) -> int:
        return self.edit(new, before=self.runs)

    def ticks(self, until: datetime, *, every: timedelta = MINUTE) -> None:
        """Let the tick come again and again up to a moment."""
        plan, calendar = self.runs.plan, self.runs.calendar
        life = timedelta(hours=1)
        while self.now <= until:
            now = self.now
            self.store.write(
                lambda tx, at=now: remind(tx, plan=plan, calendar=calendar, caps=CAPS, question_life=life, now=at)
            )
            self.now += every

    def keeps(self) -> tuple[int, int, int]:
        kept = self.store.write(
            lambda tx: keep_in_step(tx, plan=self.runs.plan, calendar=self.runs.calendar, now=self.now)
        )
        return kept.added, kept.moved, kept.archived

    def live(self) -> dict[tuple[str, str, str], datetime]:
        chosen = select(occurrence).where(occurrence.c.ended_at.is_(None))
        return {(r.task, r.unit, r.period): r.due_at for r in self.store.read(lambda tx: tx.execute(chosen).all())}

    def handed(self) -> set[tuple[str, str, str, str, datetime]]:
        """Return what was handed on: task, unit, period, step, due."""
        chosen = (
            select(occurrence.c.task, occurrence.c.unit, occurrence.c.period, ledger.c.step, ledger.c.due_at)
            .join(occurrence, occurrence.c.id == ledger.c.occurrence_id)
            .where(ledger.c.fate == "handed")
        )
        return {tuple(row) for row in self.store.read(lambda tx: tx.execute(chosen).all())}

    def messages(self) -> Counter[tuple[int, str]]:
        """Return how many messages there are by person and kind."""
        rows = self.store.read(lambda tx: tx.execute(select(outbox.c.key, outbox.c.person_id, outbox.c.text)).all())
        return Counter(
            (row.person_id, row.key.split(":")[0]) for row in rows if not row.key.partition("#")[2] not in ("", "1")
        )

    def wrong_steps(self) -> list[object]:
        """Return what the auditor finds."""
        looked = self.store.read(lambda tx: StepAudit(self.runs, now=self.now).look(tx, after=0, limit=10_000))
        return [*looked.wrong, *looked.missing]
