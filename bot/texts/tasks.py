"""What is said about tasks: the morning's bundle, one task's card, the answer to a report, lists."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actions import ANSWERS, Action, Verb, write_action
from bot.domain.calendar import local_day
from bot.domain.figures import figures_from_json, say_figures, say_number
from bot.domain.plan import Result, ResultKind, Task, code_order
from bot.domain.standing import CLOSED, Standing, Status, Verdict
from bot.ports import Button, Out
from bot.texts import clock, day, due, in_period, period_name, say, sentence, shortened

LIST_TASKS = 30
LIST_BUTTONS = 8
TITLE_LENGTH = 160
UNIT_LENGTH = 40  # of a unit's name on a button

_ASKED_WITH = {ResultKind.PERCENT: "tỷ lệ ", ResultKind.COUNT: "số ", ResultKind.LINK: "đường dẫn "}


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A report as it is shown. `seen` is its id, which every button drawn beside it carries."""

    seen: int
    status: Status
    figures: dict[str, object]
    person: str
    at: datetime
    note: str = ""
    returned: str = ""
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """An occurrence as it is shown to somebody at a moment.

    `unit` is the name of whoever answers for it; `formerly` that of the unit it was given to, where that one has ended.
    """

    id: int
    task: Task
    unit: str
    period: str
    due_at: datetime
    original_due_at: datetime
    standing: Standing
    said: Said | None = None
    short: str = ""  # of the unit it was given to, where a button has no room for more
    formerly: str = ""

    @property
    def seen(self) -> int:
        """The report the reader has before their eyes; 0 for none."""
        return self.said.seen if self.said else 0

    @property
    def order(self) -> tuple[datetime, tuple[tuple[int, str], ...], int]:
        """How tasks are listed: by due, then by code as people count (R3 before R10)."""
        return self.due_at, code_order(self.task.id), self.id

    def whose(self, language: str) -> str:
        """Return the unit in words, with the name it was given under where another unit has taken it over."""
        if not self.formerly:
            return self.unit
        return say(language, "unit.formerly", unit=self.unit, formerly=self.formerly)

    @property
    def is_open(self) -> bool:
        """Whether the unit still owes something."""
        return self.standing not in CLOSED and self.standing is not Standing.WAITING


def days_late(due_at: datetime, now: datetime) -> int:
    """Return the whole local days past due: 1 on the day after, 0 on the due day, negative before it."""
    return (local_day(now) - local_day(due_at)).days


def left(language: str, due_at: datetime, now: datetime) -> str:
    """Return how far the due is in words."""
    late = days_late(due_at, now)
    if late > 0:
        return say(language, "due.overdue", days=late)
    if late == 0:
        return say(language, "due.just_overdue" if now > due_at else "due.today")
    return say(language, "due.tomorrow") if late == -1 else say(language, "due.days_left", days=-late)


def status_words(language: str, said: Said, result: Result) -> str:
    """Return a report in words: "Đã hoàn thành, 12/18 hồ sơ (66,7%)"."""
    figures = say_figures(figures_from_json(said.figures), result)
    words = say(language, f"answer.{said.status}")
    return f"{words}, {figures}" if figures else words


def answer_buttons(language: str, view: View) -> tuple[tuple[Button, ...], ...]:
    """Return the five answers as buttons for one occurrence."""
    words = [say(language, f"answer.{status}") for status in Status]
    buttons = [task_button(text, verb, view) for text, verb in zip(words, ANSWERS, strict=True)]
    return (tuple(buttons[:2]), tuple(buttons[2:4]), (buttons[4],))


def card(language: str, view: View, *, now: datetime, first: str = "") -> Out:
    """Return one task whole, with the five answers while the unit still owes something."""
    lines = [first, ""] if first else []
    lines += [*_card_lines(language, view, now), *_card_said(language, view)]
    if view.is_open:
        lines += ["", say(language, "remind.ask", answers=say(language, "answers.by_number"))]
    return Out(
        heading=say(language, "task.heading", task=view.task.id, title=shortened(view.task.title, TITLE_LENGTH)),
        text="\n".join(lines),
        buttons=answer_buttons(language, view) if view.is_open else report_buttons(language, view),
    )


def recorded(language: str, view: View, *, office: str, first: str = "", ask: str = "") -> Out:
    """Return the answer to a report that was stored: what was understood, and what may be added."""
    if view.said is None:
        raise ValueError("a recorded report is shown with its report")
    lines = [
        say(
            language,
            "recorded.line",
            task=view.task.id,
            period=in_period(view.period, language),
            unit=view.whose(language),
            status=status_words(language, view.said, view.task.result),
        ),
        say(
            language,
            "recorded.at",
            at=clock(view.said.at),
            standing=say(language, f"standing.{view.standing}"),
        ),
    ]
    if view.standing is Standing.WAITING:
        lines.append(say(language, "recorded.reviewer", office=office))
    lines += [line for line in (first, ask) if line]
    return Out(heading=say(language, "recorded.heading"), text="\n".join(lines), buttons=report_buttons(language, view))


def report_buttons(language: str, view: View) -> tuple[tuple[Button, ...], ...]:
    """Return what may be done with the unit's own report while it is not settled."""
    if view.said is None or view.standing in CLOSED:
        return ()
    first = (
        Button(text=say(language, "button.note"), action=_report_action(Verb.NOTE, view)),
        Button(text=say(language, "button.evidence"), action=_report_action(Verb.EVIDENCE, view)),
    )
    return (first, (task_button(say(language, "button.correct"), Verb.CORRECT, view),))


def listing(language: str, views: Sequence[View], *, units: str, several_units: bool, last: Sequence[str] = ()) -> Out:
    """Return somebody's tasks, open ones first, with a button for each of the most pressing; `last` are lines at its end."""
    if not views:
        none = "\n".join([say(language, "mine.none"), *last])
        return Out(heading=say(language, "mine.heading", units=units), text=none)
    opened = [view for view in views if view.is_open]
    closed = [view for view in views if not view.is_open]
    lines: list[str] = []
    for key, group in (("mine.open", opened), ("mine.closed", closed)):
        if group:
            lines += [say(language, key, count=len(group))]
            lines += [_list_item(language, view, several_units) for view in group[:LIST_TASKS]]
        if len(group) > LIST_TASKS:
            lines.append(say(language, "mine.more", count=len(group) - LIST_TASKS))
        if group:
            lines.append("")
    buttons = [task_button(_short(language, view, several_units), Verb.OPEN, view) for view in opened[:LIST_BUTTONS]]
    rows = tuple(tuple(buttons[start : start + 2]) for start in range(0, len(buttons), 2))
    text = "\n".join([*lines, *last]).rstrip()
    return Out(heading=say(language, "mine.heading", units=units), text=text, buttons=rows)


def ask_figures(language: str, view: View) -> Out:
    """Return the question for the figures that the task's result wants."""
    result = view.task.result
    lines = [_figures_question(language, result), say(language, "ask.none_too"), say(language, "ask.cancel")]
    row = [Button(text=say(language, "button.none"), action=write_action(Action(verb=Verb.NONE, subject=view.id)))]
    if not result.required:
        skip = write_action(Action(verb=Verb.SKIP, subject=view.id))
        row.append(Button(text=say(language, "button.skip"), action=skip))
    row.append(Button(text=say(language, "button.cancel"), action=write_action(Action(verb=Verb.CANCEL))))
    heading = say(language, "task.heading", task=view.task.id, title=shortened(view.task.title, TITLE_LENGTH))
    return Out(heading=heading, text="\n".join(lines), buttons=(tuple(row),))


def ask(language: str, key: str, *, view: View | None = None, **values: object) -> Out:
    """Return a question of one sentence with a way out."""
    cancel = Button(text=say(language, "button.cancel"), action=write_action(Action(verb=Verb.CANCEL)))
    heading = f"{view.task.id}{in_period(view.period, language)}" if view else ""
    return Out(heading=heading, text=say(language, key, **values), buttons=((cancel,),))


def result_words(language: str, result: Result) -> str:
    """Return what is wanted, in words."""
    words = result.label or say(language, f"result.{result.kind}", of=result.of, over=result.over)
    if result.target is None:
        return words
    unit = "%" if result.kind in (ResultKind.PERCENT, ResultKind.RATIO) else ""
    return say(language, "result.target", result=words, target=f"{say_number(result.target)}{unit}")


def _figures_question(language: str, result: Result) -> str:
    kind = result.kind
    label = result.label or say(language, f"result.{kind}", of=result.of, over=result.over)
    bare = label.removeprefix(_ASKED_WITH.get(kind, ""))  # the question says that word already
    return say(
        language,
        f"ask.{kind}",
        label=bare,
        named=f" ({bare})" if result.label else "",
        of=result.of,
        over=result.over.removeprefix("tổng số "),
    )


def _card_lines(language: str, view: View, now: datetime) -> list[str]:
    lines = [say(language, "task.unit", unit=view.whose(language))]
    if view.period != "once":
        lines.append(say(language, "task.period", period=period_name(view.period, language)))
    # What is done or waits for the office is not late any more, however long ago it was due.
    far = f", {left(language, view.due_at, now)}" if view.is_open else ""
    note = say(language, "due.note", note=view.task.due_note) if view.task.due_note else ""
    lines.append(say(language, "task.due", due=due(view.due_at), left=far, note=note))
    if view.due_at != view.original_due_at:
        lines.append(say(language, "task.due_moved", due=due(view.original_due_at)))
    lines.append(say(language, "task.result", result=result_words(language, view.task.result)))
    if view.task.basis:
        lines.append(say(language, "task.basis", basis=", ".join(view.task.basis)))
    lines.append(say(language, "task.standing", standing=say(language, f"standing.{view.standing}")))
    pause = view.task.pause
    if pause is not None and view.is_open and local_day(now) <= pause.until:
        lines.append(say(language, "task.paused", until=day(pause.until), reason=sentence(pause.reason)))
    return lines


def _card_said(language: str, view: View) -> list[str]:
    if view.said is None:
        return []
    words = status_words(language, view.said, view.task.result)
    lines = [say(language, "task.last", status=words, at=clock(view.said.at), person=view.said.person)]
    if view.said.note:
        lines.append(say(language, "task.note", note=sentence(view.said.note)))
    if view.said.returned:
        lines.append(say(language, "task.returned", reason=sentence(view.said.returned)))
    return lines


def _list_item(language: str, view: View, several_units: bool) -> str:
    return say(
        language,
        "mine.item_unit" if several_units else "mine.item",
        task=view.task.id,
        period=in_period(view.period, language),
        unit=view.whose(language),
        title=shortened(view.task.title, 90),
        due=due(view.due_at),
        standing=say(language, f"standing.{view.standing}"),
    )


def _short(language: str, view: View, several_units: bool) -> str:
    unit = f" · {shortened(view.formerly or view.unit, UNIT_LENGTH)}" if several_units else ""
    return f"{view.task.id}{unit} · {period_name(view.period, language) or due(view.due_at)}"


def task_button(text: str, verb: Verb, view: View) -> Button:
    """Return a button about one occurrence, carrying the report that is shown beside it."""
    return Button(text=text, action=write_action(Action(verb=verb, subject=view.id, seen=view.seen)))


def _report_action(verb: Verb, view: View) -> str:
    return write_action(Action(verb=verb, subject=view.seen))
