"""Another rhythm for occurrences that stay as they are: their next steps are found anew, nothing is said twice."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.jobs.chase import Chase, behind
from bot.store import Tx, replanning
from bot.store.replanning import Alike


def chase_anew(tx: Tx, tasks: Sequence[str], *, old: Chase, new: Chase) -> None:
    """Give every open occurrence of these tasks its next step by the new rhythm; what was handed on is not said again."""
    for group in list(replanning.alike(tx, tasks)):
        change = change_of(group, old=old, new=new)
        if change is None:
            continue
        if not change.anew:
            replanning.set_next(tx, group, next_step_at=change.next_at)
            continue
        _pass_over(tx, group, change.anew, new)


def _pass_over(tx: Tx, group: Alike, anew: frozenset[str], new: Chase) -> None:
    marks = {"due_at": group.due_at, "known_at": group.known_at}
    ahead = new.ahead(group.task, **marks, handled_until=group.handled_until)
    ids = replanning.ids_of(tx, group)
    handed = replanning.handed(tx, ids, due_at=group.due_at)
    together: dict[datetime | None, list[int]] = defaultdict(list)
    for each in ids:
        together[behind(ahead, handed.get(each, frozenset()) & anew, handled_until=group.handled_until)].append(each)
    for until, those in together.items():
        next_at = new.next_at(group.task, **marks, handled_until=until)
        replanning.skip_to(tx, those, handled_until=until, next_step_at=next_at)


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What another rhythm makes of occurrences that are alike. `anew`: keys of steps that had their turn and come again."""

    next_at: datetime | None
    anew: frozenset[str]


def change_of(group: Alike, *, old: Chase, new: Chase) -> Change | None:
    """Return what the new rhythm makes of a group; None where the steps that lie ahead of it are the same."""
    marks = {"due_at": group.due_at, "known_at": group.known_at}
    before = old.ahead(group.task, **marks, handled_until=group.handled_until)
    after = new.ahead(group.task, **marks, handled_until=group.handled_until)
    if before == after:
        return None
    had = {step.key for step in old.steps(group.task, **marks)} - {step.key for step in before}
    return Change(
        next_at=after[0].planned_at if after else None,
        anew=frozenset(step.key for step in after if step.key in had),
    )
