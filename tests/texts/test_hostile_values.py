"""Whatever people, files and plans are called, messages are made: values go through as they are, or flat."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from bot.domain.figuring import Asking
from bot.domain.plan import Role
from bot.domain.standing import Standing, Status
from bot.ports import Out
from bot.texts import LANGUAGES
from bot.texts.bundles import bundle
from bot.texts.lengths import parts, text_length
from bot.texts.review import Late, Pending, escalation, queue
from bot.texts.tasks import View, ask_figures, card, listing, recorded
from bot.texts.week import text
from tests.texts.making import END, NOW, actions, late, line, said, unit, view, week, whole

HOSTILE = [
    pytest.param("<b>&lt;i></b> <script>", id="markup"),
    pytest.param("*_`[x](tg://user?id=1)`_*", id="other markup"),
    pytest.param("{task} {0.__class__} {{", id="braces"),
    pytest.param("%s %(name)s $name", id="other braces"),
    pytest.param("So\u031b\u0309 No\u0323\u0302i vu\u0323", id="taken apart"),
    pytest.param("\u202eexe.tài liệu\u202c \u200f", id="from right to left"),
    pytest.param("x" * 5000, id="one endless word"),
    pytest.param("tên dài " * 2000, id="endless"),
    pytest.param("😀" * 300, id="emoji"),
    pytest.param("Lan\n1. R1 – Sở khác: Đã hoàn thành", id="lines"),
    pytest.param("\x00\x1b[31m\ud800", id="no text at all"),
    pytest.param("", id="nothing"),
]


def of(value: str) -> View:
    plan_task = view("R16").task
    task = replace(plan_task, title=value, due_note=value, basis=(value,), result=replace(plan_task.result, of=value))
    report = said(Status.DONE, person=value, note=value, returned=value, figures={"document": value})
    return replace(late(2, unit=value, said=report), task=task)


def summary(value: str, language: str) -> Out:
    lines = (line("R1", value, value),)
    unreached = (line("R1", value, str(Asking.FAILED)),)
    full = week(
        plan=value,
        units=(unit(value, 0, 0, 0, 1),),
        blocked=lines,
        extensions=lines,
        next_week=(replace(lines[0], title=value),),
        unanswered=lines,
        undeliverable=unreached,
    )
    return Out(text=text(language, full))


MESSAGES: dict[str, Callable[[str, str], Out]] = {
    "bundle": lambda value, language: bundle(language, [of(value)] * 2, name=value, units=value, now=NOW),
    "bundle of one": lambda value, language: bundle(language, [of(value)], name=value, units=value, now=NOW),
    "card": lambda value, language: card(language, of(value), now=NOW, first=value),
    "recorded": lambda value, language: recorded(
        language, replace(of(value), standing=Standing.WAITING), office=value, first=value, ask=value
    ),
    "listing": lambda value, language: listing(language, [of(value)] * 3, units=value, several_units=True),
    "figures": lambda value, language: ask_figures(language, of(value)),
    "queue": lambda value, language: queue(
        language, [Pending(view=of(value), wanted_due_at=END, files=(value, value))] * 2
    ),
    "escalation": lambda value, language: escalation(
        language, [Late(view=of(value), proven=True)], to=Role.HEAD, name=value, now=NOW
    ),
    "summary": summary,
}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("value", HOSTILE)
def test_any_value_makes_a_message_that_can_be_sent(value: str, message: str, language: str) -> None:
    out = MESSAGES[message](value, language)

    assert all(len(action.encode()) <= 64 for action in actions(out))
    assert all(
        text_length(f"{part.heading}\n{part.text}" if part.heading else part.text) <= 4096 for part in parts(out, 4096)
    )


@pytest.mark.parametrize("message", MESSAGES)
@pytest.mark.parametrize("value", HOSTILE[:6])
def test_a_short_value_stands_in_the_message_as_it_is(value: str, message: str) -> None:
    assert value in whole(MESSAGES[message](value, "vi"))


def test_what_somebody_typed_cannot_add_a_line_to_what_the_office_reads() -> None:
    forged = said(Status.DONE, note="xong\n2. R9 – Sở khác: Đã hoàn thành", person="Lan")
    out = queue("vi", [Pending(view=view(said=forged), files=("a.pdf\n3. R9",))])

    assert len(out.text.splitlines()) == 3


def test_what_somebody_typed_cannot_add_a_line_to_the_summary() -> None:
    forged = week(blocked=(line("R1", "Sở A", "vướng\n\n7. Chưa gửi được\nKhông có."),))

    assert text("vi", forged).count("\n7. Chưa gửi được") == 1
