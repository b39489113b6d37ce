"""Watches the catalogue's files while the bot runs: what is wrong is told, what is edited is proposed, what is agreed to runs."""

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path

from bot.app.catalogues import Catalogues, Running, stored_texts, texts_to_store
from bot.app.on_disk import Files, OnDisk
from bot.catalogue import Catalogue, CatalogueError, Problem, parse_catalogue
from bot.domain.effects import brakes
from bot.jobs import propose
from bot.jobs.apply import OvertakenError
from bot.jobs.foresee import effects_of
from bot.jobs.propose import Edit
from bot.ports import Caps
from bot.settings import Settings
from bot.store import Store, Tx, notices, proposals
from bot.store.notices import NoticeKind
from bot.store.proposals import Proposal, ProposalState

log = logging.getLogger(__name__)

REFUSED = "catalogue:refused"  # the key of the notice
LINES = 5  # problems that are told with their places


class Watcher:
    """Brings what is on disk and what runs together, with the admins' word in between. For the holder of the lease only."""

    def __init__(
        self,
        store: Store,
        catalogues: Catalogues,
        *,
        root: Path,
        settings: Settings,
        caps: Mapping[str, Caps],
        now: Callable[[], datetime],
    ) -> None:
        self._store, self._catalogues, self._caps, self._now = store, catalogues, caps, now
        self._is_auto = settings.catalogue_apply == "auto"
        self._share, self._least = settings.catalogue_brake_share, settings.catalogue_brake_least
        self._files = Files(root)
        self._revision = catalogues.running.revision
        self._done: OnDisk | None = None  # what was dealt with
        self._waits: OnDisk | None = None  # what is to be proposed when the office opens
        self._digest: str | None = None  # of what was dealt with last

    async def look(self) -> bool:
        """Do what the files and the admins ask for; return whether any letter may have been written."""
        if self._catalogues.running.revision != self._revision:
            self._revision = self._catalogues.running.revision
            self._judge_again()
        waiting = await self._store.aread(proposals.waiting)
        wrote = False
        if waiting is not None and waiting.state is ProposalState.AGREED:
            wrote = await self._apply_agreed(waiting)
        elif waiting is not None and self._is_open():
            wrote = await self._ask(waiting, named_by=self._catalogues.current())
        found = await asyncio.to_thread(self._files.look, self._catalogues.current())
        if found is None or found is self._done or (found is self._waits and not self._is_open()):
            return wrote
        if await self._deal_with(found):
            self._done, self._waits = found, None
        else:
            self._waits = found
        return True

    async def _deal_with(self, found: OnDisk) -> bool:
        """Tell of, end, apply or propose what the files say now; return whether that is all there is to do about it."""
        if found.catalogue is None or found.texts is None:
            await self._store.awrite(lambda tx: _refuse(tx, found.problems, self._now()))
            return True
        await self._store.awrite(lambda tx: notices.clear(tx, REFUSED))
        last = await self._store.aread(proposals.newest)  # an older one never waits
        digest = found.catalogue.digest
        if digest == self._catalogues.current().digest:
            await self._end(last)
        elif not self._is_known(last, digest) and not await self._judge(found.catalogue, texts_to_store(found.texts)):
            return False
        self._digest = digest
        return True

    def _is_known(self, last: Proposal | None, digest: str) -> bool:
        """Return whether the admins were asked about just this: it waits, or it was refused and not edited since."""
        if last is None or (last.digest, last.over) != (digest, self._catalogues.running.revision):
            return False
        return last.state in proposals.WAITING or (
            last.state is ProposalState.REFUSED and self._digest in (None, digest)
        )

    async def _judge(self, new: Catalogue, texts: Mapping[str, str]) -> bool:
        """Apply an edit that needs nobody's word, propose another; return False where that is to be tried again."""
        edit = await self._foresee(new, texts)
        needs = self._needs(edit)
        if edit.effects.is_nothing or (self._is_auto and needs == 1):
            try:
                number = await self._store.awrite(
                    lambda tx: propose.apply_at_once(tx, edit, caps=self._caps, now=self._now()), alone=True
                )
            except OvertakenError:  # by a command at the machine: the next look compares with what that applied
                return False
            self._switch(new, number)
            return True
        if not self._is_open():
            return False
        made = await self._store.awrite(lambda tx: propose.put(tx, edit, needs=needs, now=self._now()))
        await self._ask(made, named_by=new)
        log.info("catalogue proposed digest=%s needs=%s", new.digest[:12], needs)
        return True

    async def _ask(self, waiting: Proposal, *, named_by: Catalogue) -> bool:
        if not await self._store.aread(lambda tx: propose.unasked(tx, waiting.id)):
            return False
        name, now = named_by.plan.unit_name, self._now()
        reasons = propose.reasons(waiting, share=self._share, least=self._least)
        await self._store.awrite(
            lambda tx: propose.ask(tx, waiting, brakes=reasons, unit_name=name, caps=self._caps, now=now)
        )
        return True

    async def _apply_agreed(self, agreed: Proposal) -> bool:
        """Apply what the admins agreed to if it would still do what they were told; else let it be proposed afresh."""
        now = self._now()
        try:
            edit = await self._agreed_edit(agreed)
            if edit is not None:
                number = await self._store.awrite(
                    lambda tx: propose.apply_agreed(tx, agreed.id, edit, caps=self._caps, now=now), alone=True
                )
                if number is not None:
                    self._switch(edit.new, number)
                return True
        except (OvertakenError, CatalogueError):
            pass
        log.warning("proposal %s is overtaken", agreed.id)
        await self._store.awrite(lambda tx: proposals.supersede(tx, now=now))
        self._judge_again()
        return True

    async def _agreed_edit(self, agreed: Proposal) -> Edit | None:
        """Return what was agreed to as it would be applied now, None where it is not what was agreed to any more."""
        if agreed.over != self._catalogues.running.revision:
            return None
        texts = await self._store.aread(lambda tx: proposals.texts_of(tx, agreed.id))
        new = await asyncio.to_thread(parse_catalogue, stored_texts(texts))
        edit = await self._foresee(new, texts)
        return edit if self._needs(edit) <= agreed.needs else None

    async def _end(self, last: Proposal | None) -> None:
        if last is None or last.state not in proposals.WAITING:
            return
        running, now = self._catalogues.running, self._now()
        number = running.revision or 0
        await self._store.awrite(
            lambda tx: propose.end_waiting(
                tx, last, running=running.catalogue, revision=number, caps=self._caps, now=now
            )
        )

    async def _foresee(self, new: Catalogue, texts: Mapping[str, str]) -> Edit:
        running, now = self._catalogues.running, self._now()
        old = running.catalogue
        effects = await self._store.aread(lambda tx: effects_of(tx, old=old, new=new, now=now))
        return Edit(old=old, over=running.revision or 0, new=new, texts=texts, effects=effects)

    def _needs(self, edit: Edit) -> int:
        return 2 if brakes(edit.effects, share=self._share, least=self._least) else 1

    def _switch(self, new: Catalogue, number: int) -> None:
        self._catalogues.switch(Running(catalogue=new, revision=number))
        self._revision = number
        self._judge_again()

    def _judge_again(self) -> None:
        self._done = self._waits = None
        self._files.again()

    def _is_open(self) -> bool:
        return self._catalogues.current().calendar.is_open(self._now())


def _refuse(tx: Tx, problems: tuple[Problem, ...], now: datetime) -> None:
    words = {"count": str(len(problems)), "lines": "\n".join(map(str, problems[:LINES]))}
    if not notices.raise_notice(tx, key=REFUSED, kind=NoticeKind.CATALOGUE_REFUSED, words=words, now=now):
        notices.reword(tx, REFUSED, words)
