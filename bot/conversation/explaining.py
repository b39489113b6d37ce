"""Answers /giaithich: why something was sent or was not, to a focal point or head for their own units only."""

from collections.abc import Callable, Sequence
from difflib import get_close_matches

from bot.conversation.fates import explain, sentences
from bot.conversation.turn import Turn
from bot.domain.folding import fold
from bot.domain.plan import Plan, Role, Unit
from bot.ports import Out
from bot.store import fates
from bot.texts import say, shortened

IN_CHAT = 12  # lines of the ledger in one answer
TITLE_LENGTH = 160
NEAR = 3

_OWN = (Role.FOCAL, Role.HEAD)
_ANY = (Role.OFFICE, Role.MANAGER, Role.ADMIN)


def hear_explain(turn: Turn) -> None:
    """Answer "/giaithich R18 tamky": to a focal point or head for their own units, to others for any."""
    asked = turn.inbound.text.split()[1:]
    turn.answer(_answer(turn, asked))


def no_task(language: str, plan: Plan, code: str) -> str:
    """Return the sentence that a task is not there, with the codes most like this one, at most three."""
    folded = {fold(each): each for each in plan.tasks}
    near = [folded[each] for each in get_close_matches(fold(code), folded, n=NEAR, cutoff=0.4)]
    said = say(language, "explain.no_task", task=shortened(code, 40))
    return f"{said} {say(language, 'explain.near', codes=', '.join(near))}" if near else said


def find_task(plan: Plan, code: str) -> str | None:
    """Return the task that is called so, whatever the case of its letters; None where there is none."""
    return next((each for each in plan.tasks if each.lower() == code.lower()), None)


def find_unit(plan: Plan, said: str) -> Unit | None:
    """Return the unit of this id, short name, alias or name, whatever case and diacritics; None where there is none."""
    wanted = fold(said)
    by: Sequence[Callable[[Unit], tuple[str, ...]]] = (
        lambda unit: (unit.id,),
        lambda unit: (unit.short, unit.name),
        lambda unit: unit.aliases,
    )
    for names in by:
        for unit in plan.units.values():
            if wanted and wanted in (fold(name) for name in names(unit)):
                return unit
    return None


def _answer(turn: Turn, asked: Sequence[str]) -> Out:
    plan, language = turn.desk.plan, turn.language
    if not asked:
        return Out(text=turn.say("explain.ask", task=next(iter(plan.tasks))))
    task = find_task(plan, asked[0].rstrip(":.,"))
    if task is None:
        return Out(text=no_task(language, plan, asked[0]))
    units = _units(turn, task, " ".join(asked[1:]))
    if isinstance(units, str):
        return Out(text=units)
    lines: list[str] = []
    for unit in units:
        found = explain(
            turn.tx,
            plan=plan,
            calendar=turn.desk.calendar,
            task=task,
            unit=unit,
            now=turn.now,
            last=max(1, IN_CHAT // len(units)),
        )
        lines += sentences(language, found, plan=plan)
    title = shortened(plan.tasks[task].title, TITLE_LENGTH)
    return Out(heading=turn.say("explain.heading", task=task, title=title), text="\n".join(lines))


def _units(turn: Turn, task: str, said: str) -> list[str | None] | str:
    """Return the units of which the speaker is told, [None] for all; or the sentence that says why of none."""
    plan, person = turn.desk.plan, turn.person
    sees_all = person is not None and any(person.is_a(role) for role in _ANY)
    own = list(turn.units_as(*_OWN))
    if said:
        unit = find_unit(plan, said)
        if unit is None:
            return turn.say("explain.no_unit", unit=shortened(said, 60))
        if not sees_all and unit.id not in own:
            return turn.say("explain.not_yours", units=", ".join(map(plan.unit_name, own)) or "—")
        chosen: list[str | None] = [unit.id]
    else:
        chosen = [None] if sees_all else [*own]
    owing = set(plan.tasks[task].units)
    kept = [each for each in chosen if each is None or each in owing or fates.count(turn.tx, task, unit=each)]
    if not kept:
        names = ", ".join(plan.unit_name(each) for each in chosen if each is not None)
        return turn.say("explain.not_owed", unit=names or "—", task=task)
    return kept
