"""Puts a catalogue into force at the machine: what it would do, then the revision and the files on disk to match it."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from bot.app.catalogues import Running, texts_to_store
from bot.app.home import Home
from bot.catalogue import CALENDAR_FILE, PLAN_FILE, UNITS_FILE, Catalogue, CatalogueTexts
from bot.domain.calendar import LOCAL
from bot.domain.effects import Brake, Effects, brakes
from bot.jobs.apply import apply
from bot.jobs.foresee import effects_of
from bot.ports import Caps
from bot.settings import Settings
from bot.store import Store, Tx

REPLACED = "replaced"  # the folder under the data folder


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """A catalogue that passed its check, compared with what runs (`old`, None: nothing ever did)."""

    old: Catalogue | None
    new: Catalogue
    texts: CatalogueTexts
    effects: Effects
    brakes: tuple[Brake, ...]

    @property
    def is_same(self) -> bool:
        """Whether exactly this runs already."""
        return self.old is not None and self.old.digest == self.new.digest


def foresee(
    store: Store, running: Running, new: Catalogue, texts: CatalogueTexts, *, settings: Settings, now: datetime
) -> Change:
    """Return what it would do at `now` to apply `new`, which these texts say."""
    old = None if running.revision is None else running.catalogue
    effects = store.read(lambda tx: effects_of(tx, old=old, new=new, now=now))
    strong = brakes(effects, share=settings.catalogue_brake_share, least=settings.catalogue_brake_least)
    return Change(old=old, new=new, texts=texts, effects=effects, brakes=strong)


def put_into_force(
    home: Home, store: Store, change: Change, *, who: str, cause: str, caps: Mapping[str, Caps], now: datetime
) -> tuple[int, Path | None]:
    """Apply a change, and write its texts where the files on disk say something else.

    Return the revision's number and where the files that were replaced are kept, None where none were. Raises
    OvertakenError, and nothing is done, where something else was applied since the change was foreseen.
    """
    texts = texts_to_store(change.texts)
    ready = _written_beside(home, change.texts)  # before: a full disk must not leave files and revision apart

    def change_all(tx: Tx) -> int:
        number = apply(
            tx,
            old=change.old,
            new=change.new,
            texts=texts,
            who=who,
            cause=cause,
            effects=change.effects,
            caps=caps,
            now=now,
        )
        # Before the commit: cut off in between, the files say what was wished for, and the bot asks for it or does it.
        # The other way round it would take the change for an edit that is to be undone.
        for path, beside in ready.items():
            beside.replace(path)
        return number

    try:
        kept = _kept(home, list(ready), now)
        number = store.write(change_all)
    except BaseException:
        for beside in ready.values():
            beside.unlink(missing_ok=True)
        raise
    return number, kept


def _written_beside(home: Home, texts: CatalogueTexts) -> dict[Path, Path]:
    """Write each text that is not what its file says beside that file; return the files with those."""
    contents = {PLAN_FILE: texts.plan, UNITS_FILE: texts.units, CALENDAR_FILE: texts.calendar}
    ready: dict[Path, Path] = {}
    for name, content in contents.items():
        path = home.root / name
        if path.exists() and path.read_bytes() == content:
            continue
        path.parent.mkdir(parents=True, exist_ok=True)
        beside = path.with_name(f".{path.name}.new")
        with beside.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        ready[path] = beside
    return ready


def _kept(home: Home, paths: list[Path], now: datetime) -> Path | None:
    """Copy files that are about to be replaced under the data folder; return where, None where there are none."""
    there = [path for path in paths if path.exists()]
    if not there:
        return None
    folder = home.data / REPLACED / f"{now.astimezone(LOCAL):%Y-%m-%dT%H%M%S}"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    for path in there:
        (folder / path.name).write_bytes(path.read_bytes())
    return folder
