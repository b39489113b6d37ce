"""The one message of a morning: everything one person is reminded of."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from itertools import groupby

from bot.domain.actions import Action, Verb, write_action
from bot.domain.calendar import local_day
from bot.domain.plan import Role
from bot.domain.standing import Status, Verdict
from bot.ports import Button, Out
from bot.texts import day, due, in_period, period_name, say, shortened
from bot.texts.tasks import View, answer_buttons, left, status_words, task_button

Warnings = Mapping[int, tuple[date, Role]]
"""By occurrence: on which day whom the bot will tell that it is late."""

BUTTON_TASKS = 8  # with buttons; more would be a wall nobody reads
LISTED_TASKS = 30
FEW = 3  # up to so many titles stand whole
TITLE_LENGTH = 160
SHORT_TITLE_LENGTH = 90


def bundle(
    language: str,
    views: Sequence[View],
    *,
    name: str,
    units: str,
    now: datetime,
    is_instead: bool = False,
    is_absence: bool = False,
    warnings: Warnings | None = None,
) -> Out:
    """Return the message, most pressing first, grouped by due; the five answers where it is about one task only.

    `is_instead`: it goes to a head whose unit's focal points cannot be reached, or are all away (`is_absence`), and says
    so. `warnings`: what will be reported upward, and when.
    """
    shown = sorted(views, key=lambda view: view.order)
    lines = [say(language, "remind.greeting_head" if is_instead else "remind.greeting", name=name, units=units)]
    if is_instead:
        lines.append(say(language, "remind.instead_away" if is_absence else "remind.instead"))
    lines.append(say(language, "remind.counts", parts=_counts(language, shown, now)))
    lines += _grouped(language, shown[:LISTED_TASKS], now)
    if len(shown) > LISTED_TASKS:
        lines.append(say(language, "remind.more", count=len(shown) - LISTED_TASKS))
    lines.append("")
    if any(now > view.due_at for view in shown):
        lines.append(say(language, "remind.urge"))
    lines += _warned(language, shown, warnings or {})
    lines.append(say(language, "remind.ask", answers=say(language, "answers.by_number")))
    only_one = len(shown) == 1
    lines.append(say(language, "remind.how_one" if only_one else "remind.how", task=shown[0].task.id))
    buttons = answer_buttons(language, shown[0]) if only_one else _buttons(language, shown)
    return Out(heading=say(language, "remind.heading", day=day(now)), text="\n".join(lines), buttons=buttons)


def _counts(language: str, views: Sequence[View], now: datetime) -> str:
    late = sum(now > view.due_at for view in views)
    today = sum(now <= view.due_at and local_day(view.due_at) == local_day(now) for view in views)
    numbers = {"overdue": late, "today": today, "soon": len(views) - late - today}
    return ", ".join(say(language, f"remind.count_{key}", count=count) for key, count in numbers.items() if count)


def _grouped(language: str, views: Sequence[View], now: datetime) -> Iterator[str]:
    length = TITLE_LENGTH if len(views) <= FEW else SHORT_TITLE_LENGTH
    several_units = len({view.unit for view in views}) > 1 or any(view.formerly for view in views)
    for due_at, group in groupby(views, key=lambda view: view.due_at):
        yield ""
        yield say(language, "remind.group", due=due(due_at), left=left(language, due_at, now))
        for view in group:
            yield _item(language, view, length, several_units=several_units)


def _warned(language: str, views: Sequence[View], warnings: Warnings) -> Iterator[str]:
    groups: dict[tuple[date, Role, bool], list[View]] = {}
    for view in views:
        if view.id in warnings:
            groups.setdefault((*warnings[view.id], _is_silent(view)), []).append(view)
    for (on, to, is_silent), theirs in sorted(groups.items()):
        codes = ", ".join(dict.fromkeys(view.task.id for view in theirs)) if len(theirs) < len(views) else ""
        key = "remind.warned" if is_silent else "remind.warned_unfinished"
        yield say(
            language, key, tasks=f" ({codes})" if codes else "", day=f"{on:%d/%m}", role=say(language, f"role.{to}")
        )


def _is_silent(view: View) -> bool:
    return view.said is None or view.said.verdict is not None


def _item(language: str, view: View, length: int, *, several_units: bool) -> str:
    unit = f" – {view.whose(language)}" if several_units else ""
    # An extension that was granted has done its work: the new due says it.
    is_news = view.said is not None and view.said.verdict is not Verdict.EXTEND
    said = f" ({_said(language, view)})" if is_news else ""
    return f"- {view.task.id}{in_period(view.period, language)}{unit}: {shortened(view.task.title, length)}{said}"


def _said(language: str, view: View) -> str:
    if view.said is None:
        raise ValueError("only what was said can be put into words")
    if view.said.status is Status.EXTENSION and view.said.verdict is None:
        return say(language, "remind.undecided")
    return status_words(language, view.said, view.task.result)


def _buttons(language: str, views: Sequence[View]) -> tuple[tuple[Button, ...], ...]:
    rows: list[tuple[Button, ...]] = [
        (
            task_button(f"{_called(language, view, views)} {say(language, 'button.done')}", Verb.DONE, view),
            task_button(say(language, "button.in_progress"), Verb.IN_PROGRESS, view),
            task_button(say(language, "button.more"), Verb.OPEN, view),
        )
        for view in views[:BUTTON_TASKS]
    ]
    if len(views) > BUTTON_TASKS:
        rows.append((Button(text=say(language, "button.mine"), action=write_action(Action(verb=Verb.MINE))),))
    return tuple(rows)


def _called(language: str, view: View, views: Sequence[View]) -> str:
    """Return a task's code, with its unit or its period where another in the list has the same code."""
    twins = [other for other in views if other.task.id == view.task.id and other.id != view.id]
    parts = [view.task.id]
    if any((other.unit, other.formerly) != (view.unit, view.formerly) for other in twins):
        parts.append(view.short or view.formerly or view.unit)
    if any(other.period != view.period for other in twins):
        parts.append(period_name(view.period, language))
    return " · ".join(parts)
