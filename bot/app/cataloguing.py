"""The catalogue as the demo's page edits it: checked, foreseen and applied as at the machine."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import datetime
from typing import Protocol

from bot.app.catalogues import Catalogues, Running, stored_texts
from bot.app.changing import Change, foresee, put_into_force
from bot.app.clock import Clock
from bot.app.home import Home
from bot.catalogue import CALENDAR_FILE, PLAN_FILE, UNITS_FILE, CatalogueError, parse_catalogue
from bot.domain.calendar import LOCAL
from bot.jobs.apply import OvertakenError
from bot.jobs.deliver import Deliverer
from bot.ports import Caps
from bot.settings import Settings
from bot.store import Store, Tx, revisions
from bot.store.revisions import Revision
from bot.texts.changes import brake_lines, effect_lines
from bot.web.editor import Applied, Judged, Ruling, Source, Wrong

LANGUAGE = "vi"  # the page's
WHO = ""
CAUSE = "page"
_NAMES = {PLAN_FILE: "plan", UNITS_FILE: "units", CALENDAR_FILE: "calendar"}


class Inside(Protocol):
    """What editing needs of the house."""

    store: Store
    clock: Clock
    catalogues: Catalogues
    caps: Mapping[str, Caps]
    deliverer: Deliverer

    def tick(self) -> Awaitable[None]:
        """Do what is due now."""


class Cataloguing:
    """Judges and applies edited texts, one at a time, in a thread: a check of a large plan takes seconds."""

    def __init__(self, inside: Inside, home: Home, settings: Settings, *, ticking: asyncio.Lock) -> None:
        self._in, self._home, self._settings, self._ticking = inside, home, settings, ticking
        self._store, self._catalogues = inside.store, inside.catalogues
        self._turn = asyncio.Lock()

    async def source(self) -> Source:
        """Return what runs."""
        running = await self._store.aread(_kept(self._catalogues.running))
        return Source(revision=running.id, since=running.applied_at.astimezone(LOCAL), texts=running.texts)

    async def judge(self, texts: Mapping[str, str]) -> Judged:
        """Return what is wrong with edited texts or what they would do; changes nothing."""
        async with self._turn:
            running = self._catalogues.running
            over = running.revision or 0
            try:
                change = await asyncio.to_thread(self._compared, running, texts)
            except CatalogueError as error:
                return Judged(over=over, wrong=_wrong(error))
        effects = effect_lines(LANGUAGE, change.effects, unit_name=change.new.plan.unit_name)
        brakes = brake_lines(LANGUAGE, change.brakes)
        nothing = change.effects.is_nothing
        return Judged(over=over, effects=tuple(effects), brakes=tuple(brakes), is_nothing=nothing)

    async def apply(self, texts: Mapping[str, str], *, over: int, is_sure: bool) -> Applied:
        """Put edited texts into force in place of revision `over`, and let the next tick run by them."""
        # Between two ticks, or one that began by the old plan would end among the new plan's occurrences.
        async with self._turn, self._ticking:
            await self._catalogues.follow()
            done = await self._ruled(texts, over=over, is_sure=is_sure)
            await self._catalogues.follow()
        if done.ruling is Ruling.APPLIED:
            self._in.deliverer.wake()
            await self._in.tick()
        return done

    async def _ruled(self, texts: Mapping[str, str], *, over: int, is_sure: bool) -> Applied:
        running, now = self._catalogues.running, self._in.clock.now()
        if running.revision != over:
            return Applied(ruling=Ruling.OVERTAKEN, revision=running.revision or 0)
        try:
            change = await asyncio.to_thread(self._compared, running, texts)
            if change.brakes and not is_sure:
                return Applied(ruling=Ruling.BRAKED, revision=over)
            number = await asyncio.to_thread(self._put, change, now)
        except CatalogueError:
            return Applied(ruling=Ruling.WRONG, revision=over)
        except OvertakenError:  # by a command at the machine, in this very moment
            return Applied(ruling=Ruling.OVERTAKEN, revision=over)
        calendar = change.new.calendar
        later = None if calendar.is_open(now) else calendar.next_open(now).astimezone(LOCAL)
        return Applied(ruling=Ruling.APPLIED, revision=number, letters=change.effects.letters, letters_from=later)

    def _compared(self, running: Running, texts: Mapping[str, str]) -> Change:
        whole = stored_texts({**self._store.read(_kept(running)).texts, **texts})
        new = parse_catalogue(whole)
        return foresee(self._store, running, new, whole, settings=self._settings, now=self._in.clock.now())

    def _put(self, change: Change, now: datetime) -> int:
        number, _ = put_into_force(self._home, self._store, change, who=WHO, cause=CAUSE, caps=self._in.caps, now=now)
        return number


def _kept(running: Running) -> Callable[[Tx], Revision]:
    def find(tx: Tx) -> Revision:
        found = revisions.get(tx, running.revision) if running.revision else None
        if found is None:
            raise LookupError("what runs was never applied")
        return found

    return find


def _wrong(error: CatalogueError) -> tuple[Wrong, ...]:
    return tuple(
        Wrong(file=_NAMES[each.file], line=each.line, column=each.column, words=each.text) for each in error.problems
    )
