"""What the office and the heads are told: reports to decide on, overdue tasks reported upward."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from bot.domain.actions import Action, Verb, write_action
from bot.domain.plan import Role
from bot.domain.standing import Status, Verdict
from bot.ports import Button, Out
from bot.texts import clock, due, in_period, say, sentence, shortened
from bot.texts.tasks import View, days_late, left, status_words

OFTEN = 3  # requests for an extension from which on they are called many
QUEUE_ITEMS = 6  # each with its own row of buttons
ESCALATION_ITEMS = 20
TITLE_LENGTH = 120
NOTE_LENGTH = 120
FILE_LENGTH = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A report that waits for the office, with what it needs to decide."""

    view: View
    wanted_due_at: datetime | None = None
    extensions: int = 0
    requests: int = 0  # for an extension, this one among them
    files: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Late:
    """An overdue occurrence as it is reported upward. `proven`: some reminder about it is known to have been sent."""

    view: View
    proven: bool

    @property
    def is_asked(self) -> bool:
        """Whether the unit knows that it is asked: a message arrived, or it has reported."""
        return self.proven or self.view.said is not None


def queue(
    language: str,
    pending: Sequence[Pending],
    *,
    now: datetime | None = None,
    last: Sequence[str] = (),
    heading: str = "",
) -> Out:
    """Return the list of reports that wait for a decision, each with its buttons; `last` are lines at its end.

    With `now` each says for how many days it has waited.
    """
    heading = heading or say(language, "queue.heading", count=len(pending))
    if not pending:
        return Out(heading=heading, text="\n".join([say(language, "queue.none"), *last]))
    shown = pending[:QUEUE_ITEMS]
    lines = [_pending(language, number, each, now) for number, each in enumerate(shown, start=1)]
    if len(pending) > len(shown):
        lines.append(say(language, "queue.more", count=len(pending) - len(shown)))
    lines += ["", *last] if last else []
    buttons = tuple(_decisions(language, number, each) for number, each in enumerate(shown, start=1))
    return Out(heading=heading, text="\n".join(lines), buttons=buttons)


def escalation(language: str, late: Sequence[Late], *, to: Role, name: str, now: datetime) -> Out:
    """Return the report of overdue tasks to a unit's head or to the office.

    What the unit was not proven to be asked of is no overdue task reported: it stands apart, and is called so.
    """
    shown = sorted(late, key=lambda each: (each.view.due_at, each.view.unit, each.view.id))
    units = tuple(dict.fromkeys(each.view.unit for each in shown))
    named = to is not Role.HEAD or len(units) > 1  # a head of one unit is told which
    asked = [each for each in shown if each.is_asked]
    unasked = [each for each in shown if not each.is_asked]
    lines: list[str] = []
    for which, theirs in ((str(to), asked), (f"unasked_{to}", unasked)):
        if theirs:
            lines += _part(language, theirs, which=which, name="" if lines else name, now=now, named=named)
    return Out(
        heading=say(language, "escalate.heading" if asked else "escalate.heading_unasked"), text="\n".join(lines)
    )


def _part(language: str, late: Sequence[Late], *, which: str, name: str, now: datetime, named: bool) -> Iterator[str]:
    """Yield the lines of a list; `which` names its sentences, and without a `name` it follows another one."""
    units = tuple(dict.fromkeys(each.view.unit for each in late))
    if name:
        yield say(language, f"escalate.{which}", name=name, unit=", ".join(units), units=len(units), count=len(late))
    else:
        yield say(language, "escalate.unasked_too", count=len(late))
    for number, each in enumerate(late[:ESCALATION_ITEMS], start=1):
        yield _late(language, number, each, now=now, named=named)
    if len(late) > ESCALATION_ITEMS:
        yield say(language, "escalate.more", count=len(late) - ESCALATION_ITEMS)
    yield say(language, f"escalate.ask_{which}")


def _late(language: str, number: int, each: Late, *, now: datetime, named: bool) -> str:
    view = each.view
    return say(
        language,
        "escalate.item",
        number=number,
        task=view.task.id,
        period=in_period(view.period, language),
        unit=f" – {view.whose(language)}" if named or view.formerly else "",
        title=shortened(view.task.title, TITLE_LENGTH),
        due=due(view.due_at),
        left=left(language, view.due_at, now),
        said=_said(language, each),
    )


def _said(language: str, each: Late) -> str:
    if not each.is_asked:
        return say(language, "escalate.unproven")
    if each.view.said is None:
        return say(language, "escalate.silent")
    if each.view.said.verdict is Verdict.EXTEND:  # granted and past: nothing was said since
        return say(language, "escalate.silent")
    if each.view.said.status is Status.EXTENSION and each.view.said.verdict is None:
        words = say(language, "escalate.undecided")
    else:
        words = status_words(language, each.view.said, each.view.task.result)
    note = shortened(each.view.said.note, NOTE_LENGTH)
    return say(language, "escalate.said", said=sentence(f"{words} – {note}" if note else words))


def _pending(language: str, number: int, each: Pending, now: datetime | None) -> str:
    view = each.view
    if view.said is None:
        raise ValueError("a pending report is shown with its report")
    lines = [
        say(
            language,
            "queue.item",
            number=number,
            task=view.task.id,
            period=in_period(view.period, language),
            unit=view.whose(language),
            status=status_words(language, view.said, view.task.result),
            person=view.said.person,
            at=clock(view.said.at),
        )
    ]
    waited = 0 if now is None else days_late(view.said.at, now)
    if waited > 0:
        lines[0] = f"{lines[0]} {say(language, 'queue.waits', days=waited)}"
    if each.wanted_due_at is not None:
        lines.append(
            say(
                language,
                "queue.wanted",
                due=due(view.due_at),
                wanted=due(each.wanted_due_at),
                times=each.extensions,
                often=say(language, "queue.often") if each.requests >= OFTEN else "",
            )
        )
    if view.said.note:
        lines.append(say(language, "task.note", note=sentence(view.said.note)))
    if each.files:
        lines.append(say(language, "queue.files", files=", ".join(shortened(name, FILE_LENGTH) for name in each.files)))
    return "\n".join(lines)


def _decisions(language: str, number: int, each: Pending) -> tuple[Button, ...]:
    said = each.view.said
    verbs: tuple[tuple[str, Verb], ...] = (("button.accept", Verb.ACCEPT), ("button.return", Verb.RETURN))
    if said is not None and said.status is Status.EXTENSION:
        verbs = (("button.extend", Verb.EXTEND), ("button.refuse", Verb.REFUSE))
    if said is not None and said.status is Status.NOT_OURS:
        verbs = (("button.release", Verb.ACCEPT), ("button.keep", Verb.RETURN))
    if each.files:
        verbs += (("button.files", Verb.FILES),)
    return tuple(
        Button(
            text=f"{number}. {say(language, key, count=len(each.files))}",
            action=write_action(Action(verb=verb, subject=each.view.seen)),
        )
        for key, verb in verbs
    )
