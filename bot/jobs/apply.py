"""Puts an edited catalogue into force, in one transaction: only what it changes is looked at."""

from collections.abc import Mapping
from datetime import datetime

from bot.catalogue import Catalogue
from bot.domain.edits import edit_of
from bot.domain.effects import Effects, to_json
from bot.jobs.chase import Chase
from bot.jobs.keep import Keeping, keep_in_step
from bot.jobs.moved import tell_moved
from bot.jobs.rhythm import chase_anew
from bot.ports import Caps
from bot.store import Tx, revisions


class OvertakenError(Exception):
    """Another catalogue was applied meanwhile: the effects that were agreed to are no more those of this edit."""


def apply(
    tx: Tx,
    *,
    old: Catalogue | None,
    new: Catalogue,
    texts: Mapping[str, str],
    who: str,
    cause: str,
    effects: Effects,
    caps: Mapping[str, Caps],
    now: datetime,
) -> int:
    """Make `new` the catalogue that runs and return the number of its revision; one that runs already is left alone.

    Reports stay, whatever is edited; what is owed no more is archived. Who is asked about open occurrences whose dues
    move is told so in one letter, in office hours. Raise OvertakenError where the catalogue that runs is neither `old`
    nor `new`.
    """
    running = revisions.latest(tx)
    if running is not None and running.digest == new.digest:
        return running.id
    if running is not None and (old is None or running.digest != old.digest):
        raise OvertakenError(running.digest)
    number = revisions.add(tx, digest=new.digest, texts=texts, who=who, cause=cause, effects=to_json(effects), now=now)
    if old is None:
        keep_in_step(tx, plan=new.plan, calendar=new.calendar, now=now)
        return number
    edit = edit_of(old.plan, old.calendar, new.plan, new.calendar)
    keeping = Keeping(tx=tx, plan=new.plan, calendar=new.calendar, now=now)
    keeping.keep(each for each in edit.owing if each in new.plan.tasks)
    if edit.lost:
        keeping.archive_others()
    chase_anew(tx, edit.chased, old=Chase(old.plan, old.calendar), new=keeping.chase)
    tell_moved(tx, keeping.moved, catalogue=new, name=f"moved:{number}", caps=caps, now=now)
    return number
