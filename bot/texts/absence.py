"""What is said about who is away, and who stands in."""

from collections.abc import Sequence
from datetime import date

from bot.domain.away import LONGEST
from bot.ports import Out
from bot.texts import days, say

Span = tuple[date, date]
"""First and last day."""


def span(away: Span) -> str:
    """Return the days of an absence in words."""
    first, last = away
    return f"{first:%d/%m/%Y}" if first == last else days(first, last)


def item(language: str, away: Span, deputy: str) -> str:
    """Return an absence as a line."""
    return say(language, "away.item", days=span(away), deputy=who(language, deputy))


def who(language: str, deputy: str) -> str:
    """Return who stands in as a phrase; `deputy` is "" where nobody does."""
    return say(language, "away.deputy", name=deputy) if deputy else say(language, "away.nobody")


def overview(language: str, coming: Sequence[tuple[Span, str]], *, first: str = "") -> Out:
    """Return what is known of somebody's absences, and how to tell of one."""
    lines = [first] if first else []
    lines += [item(language, away, deputy) for away, deputy in coming]
    lines.append(say(language, "away.how"))
    return Out(heading=say(language, "away.heading"), text="\n".join(lines))


def unread(language: str) -> str:
    """Return that no days could be read."""
    return say(language, "away.unread", longest=LONGEST)


def ask_who(language: str, away: Span, names: Sequence[str], *, said: str = "", several: bool = False) -> Out:
    """Return the question who stands in: the names by number, nobody last. `said`: the name that was not found sure."""
    if several:
        first = say(language, "away.who_several")
    elif said:
        first = say(language, "away.who_unknown", name=said)
    else:
        first = say(language, "away.who", days=span(away))
    lines = [say(language, "away.choice", number=number, name=name) for number, name in enumerate(names, start=1)]
    lines.append(say(language, "away.choice_none", number=len(names) + 1))
    return Out(heading=say(language, "away.heading"), text="\n".join([first, *lines, say(language, "ask.cancel")]))


def stored(language: str, away: Span, deputy: str, *, asked: Sequence[str], is_new: bool) -> Out:
    """Return what was stored, and who of the unit will be asked meanwhile (names; none where nobody is left)."""
    lines = [say(language, "away.stored", days=span(away), deputy=who(language, deputy))]
    if not is_new:
        lines.append(say(language, "away.replaced"))
    if asked:
        lines.append(say(language, "away.asked_deputy", names=", ".join(asked)))
    else:
        lines.append(say(language, "away.asked_nobody"))
    return Out(heading=say(language, "away.heading"), text="\n".join(lines))
