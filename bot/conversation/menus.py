"""A number, or a choice's own words, typed where a channel has no buttons: taken as a press of that choice."""

from collections.abc import Callable, Sequence

from bot.conversation.reporting import REPORTERS
from bot.conversation.turn import Turn
from bot.domain.actions import ANSWERS, Action, Verb, read_action
from bot.domain.chosen import LONGEST, read_number
from bot.domain.folding import fold
from bot.domain.plan import Role
from bot.ports import Button, Out
from bot.store.menus import Menu
from bot.store.questions import Question

Press = Callable[[Turn, Action | None], None]

_SETTLING = frozenset(
    {*ANSWERS, Verb.ACCEPT, Verb.RETURN, Verb.EXTEND, Verb.REFUSE}
    | {Verb.AGREE, Verb.DISAGREE, Verb.EVENT_DAY, Verb.LANGUAGE, Verb.CHANNEL}
)
"""The choices that answer the one question of their message; after them its numbers count no more."""


def take(turn: Turn, asked: Question | None, text: str, press: Press) -> bool:
    """Take a text as a choice of the open menu if it is one; return whether it was dealt with, a number astray too.

    A question that is open for something typed has the text to itself: "12" is a figure.
    """
    if turn.has_buttons or len(text) > LONGEST or (asked is not None and asked.kind not in ("status", "why")):
        return False
    number = read_number(text)
    menu = turn.open_menu()
    if asked is not None and asked.kind == "why" and not _is_beside(asked, menu):
        return False
    offered = menu.choices if menu is not None else ()
    chosen = _worded(offered, text) if number is None else next(iter(offered[max(number - 1, 0) : number]), None)
    if menu is None or chosen is None:
        return number is not None and _astray(turn, asked, menu)
    _choose(turn, menu, read_action(chosen.action), press)
    return True


def _choose(turn: Turn, menu: Menu, action: Action | None, press: Press) -> None:
    press(turn, action)
    if turn.ack and not turn.has_answered and not turn.was_baffled:
        turn.answer(Out(text=turn.ack))  # what a press shows for a moment is all there is to say
    if action is not None and action.verb in _SETTLING and not menu.is_list:
        turn.end_menu(menu)


def _is_beside(asked: Question, menu: Menu | None) -> bool:
    """Return whether the reason that is asked for stands in the menu's own message: a number is no reason."""
    if menu is None:
        return False
    report = Action(verb=Verb.NOTE, subject=int(asked.subject["report"]))
    return any(read_action(button.action) == report for button in menu.choices)


def _worded(offered: Sequence[Button], text: str) -> Button | None:
    """Return the one choice whose words were typed; the five answers are read as any report is."""
    said = fold(text).strip(" .!")
    found = [button for button in offered if said in (fold(button.text), fold(button.text).partition(". ")[2])]
    action = read_action(found[0].action) if said and len(found) == 1 else None
    return found[0] if action is not None and action.verb not in ANSWERS else None


def _astray(turn: Turn, asked: Question | None, menu: Menu | None) -> bool:
    """Answer a number that chooses nothing; return False where it may still be a report."""
    if menu is not None and not menu.choices:
        turn.close_question()  # of a bundle of several tasks it is not known which is meant
        return False
    if asked is not None:
        return False
    if menu is not None:
        turn.answer_baffled(Out(text=turn.say("menu.no_such", most=len(menu.choices))))
    else:
        turn.answer_baffled(Out(text=f"{turn.say('menu.none')} {_how(turn)}"))
    return True


def _how(turn: Turn) -> str:
    """Return how to go on, to whoever typed a number that answers nothing."""
    if turn.person is not None and turn.person.units_as(*REPORTERS):
        return turn.say("unread.how", task=next(iter(turn.desk.plan.tasks)), answers=turn.say("answers.by_number"))
    return turn.say("menu.queue" if turn.person is not None and turn.person.is_a(Role.OFFICE) else "menu.help")
