"""Which catalogue runs: the newest one that was applied, by whichever process; the files on disk only say what is wished for."""

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.app.home import Home
from bot.catalogue import Catalogue, CatalogueError, CatalogueTexts, parse_catalogue, read_texts
from bot.store import Store, revisions

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """The catalogue that runs and the number of its revision; None where nothing was ever applied."""

    catalogue: Catalogue
    revision: int | None


def texts_to_store(texts: CatalogueTexts) -> dict[str, str]:
    """Return the texts of a catalogue that passed its check as a revision keeps them."""
    return {name: getattr(texts, name).decode() for name in ("plan", "units", "calendar")}


def stored_texts(texts: Mapping[str, str]) -> CatalogueTexts:
    """Return the texts of a revision or a proposal as they are parsed."""
    return CatalogueTexts(
        plan=texts["plan"].encode(), units=texts["units"].encode(), calendar=texts["calendar"].encode()
    )


def look(home: Home, store: Store) -> Running:
    """Return what runs, or what the first start would apply: the files. Raises CatalogueError where those are wrong too."""
    return _newest(store) or Running(catalogue=parse_catalogue(read_texts(home.root)), revision=None)


def start(home: Home, store: Store, *, now: datetime) -> Running:
    """Return what runs; where nothing was ever applied, or it cannot be read any more, the files are applied at `now`."""
    found = _newest(store)
    if found is not None:
        return found
    texts = read_texts(home.root)
    catalogue = parse_catalogue(texts)
    stored = texts_to_store(texts)
    number = store.write(lambda tx: revisions.add(tx, digest=catalogue.digest, texts=stored, now=now))
    return Running(catalogue=catalogue, revision=number)


def _newest(store: Store) -> Running | None:
    last = store.read(revisions.latest)
    if last is None:
        return None
    try:
        return Running(catalogue=parse_catalogue(stored_texts(last.texts)), revision=last.id)
    except CatalogueError as error:  # a newer version of the bot may refuse what an older one took
        log.warning("revision %s cannot be read problems=%s; the files count", last.id, len(error.problems))
        return None


class Catalogues:
    """Holds the catalogue that runs in this process and follows what others apply."""

    def __init__(self, store: Store, running: Running) -> None:
        self._store = store
        self.running = running
        self._unreadable: int | None = None

    def current(self) -> Catalogue:
        """Return the catalogue that runs."""
        return self.running.catalogue

    def switch(self, running: Running) -> None:
        """Run another catalogue from now on."""
        self.running = running
        log.info("catalogue revision=%s digest=%s", running.revision, running.catalogue.digest[:12])

    async def follow(self) -> bool:
        """Switch to the newest revision if it is not what runs; return whether it was not. One cheap look where it is."""
        number = await self._store.aread(revisions.latest_id)
        if number is None or number in (self.running.revision, self._unreadable):
            return False
        newest = await self._store.aread(revisions.latest)
        if newest is None:
            return False
        catalogue = self.running.catalogue
        if newest.digest != catalogue.digest:
            try:
                catalogue = await asyncio.to_thread(parse_catalogue, stored_texts(newest.texts))
            except CatalogueError as error:  # applied by a newer version of the bot
                log.warning("revision %s cannot be read problems=%s", newest.id, len(error.problems))
                self._unreadable = newest.id
                return False
        self.switch(Running(catalogue=catalogue, revision=newest.id))
        return True
