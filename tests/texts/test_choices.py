"""What buttons say is written out where there are none: each number once, and words for the ways out."""

from dataclasses import replace

import pytest

from bot.domain.actions import Action, Verb, write_action
from bot.domain.due import After
from bot.domain.standing import Standing, Status
from bot.ports import Button, Caps, Out
from bot.store.outbox import Lane, Letter, letters
from bot.texts import LANGUAGES, say
from bot.texts.bundles import bundle
from bot.texts.choices import choices, says_numbers, written_out
from bot.texts.events import Awaited, ask_day, awaited_list
from bot.texts.lengths import text_length
from bot.texts.preferences import ask_channel, ask_language
from bot.texts.review import Pending, queue
from bot.texts.tasks import answer_buttons, ask, ask_figures, card, listing, recorded
from tests.texts.making import NOW, said, view

ZALO = Caps(name="zalo", max_text=2000, buttons=False, upload=False, groups=False, menu=False, deep_link=False)
OPEN = view("R5", id=5)
DONE = view("R10", id=10, standing=Standing.WAITING, said=said(Status.DONE))
EVENT = Awaited(task=OPEN.task, rule=After(event="Tỉnh ủy ban hành", days=20, working=False))


def written(out: Out, language: str = "vi") -> str:
    """Return the text of the last part of a message as Zalo shows it."""
    letter = Letter(key="k", channel="zalo", chat_id="c", out=out, lane=Lane.ANSWER, language=language)
    return letters(letter, caps=ZALO)[-1].out.text


def rows(*verbs: Verb) -> tuple[tuple[Button, ...], ...]:
    return (tuple(Button(text=str(verb), action=write_action(Action(verb=verb, subject=1))) for verb in verbs),)


@pytest.mark.parametrize(
    ("out", "end"),
    [
        pytest.param(card("vi", OPEN, now=NOW), "5 Không thuộc đơn vị.", id="the five answers are in the text"),
        pytest.param(
            Out(text="Chưa đạt.", buttons=answer_buttons("vi", OPEN)),
            "Nhắn số để chọn:\n1. Đã hoàn thành\n2. Đang thực hiện\n3. Vướng mắc\n4. Xin gia hạn\n5. Không thuộc đơn vị",
            id="the five answers are not in the text",
        ),
        pytest.param(
            bundle("vi", [OPEN, view("R10", id=10)], name="Lan", units="Sở", now=NOW),
            "Ví dụ: R5 1",
            id="several tasks are answered by code and number",
        ),
        pytest.param(
            recorded("vi", DONE, office="Sở Nội vụ"),
            "Nhắn số để chọn:\n1. Thêm ghi chú\n2. Gửi minh chứng\n3. Sửa báo cáo",
            id="what may be added",
        ),
        pytest.param(
            queue("vi", [Pending(view=DONE), Pending(view=replace(DONE, id=11), files=("a.pdf",))]),
            "Mục 1: 1 Xác nhận · 2 Trả lại\nMục 2: 3 Xác nhận · 4 Trả lại · 5 Minh chứng (1)",
            id="a queue, by its items",
        ),
        pytest.param(
            listing("vi", [OPEN], units="Sở", several_units=False), "1. R5 · tháng 9/2022", id="a list of tasks"
        ),
        pytest.param(
            ask("vi", "ask.note"), "ghi chú.\n\nNhắn «hủy» để thôi.", id="a question has its way out as a word"
        ),
        pytest.param(ask_day("vi", EVENT), "hôm nay\nNhắn «hủy» để thôi.", id="a way out that is said already"),
        pytest.param(awaited_list("vi", [EVENT], []), "/sukien R5 12/09/2022", id="a list with numbers of its own"),
        pytest.param(ask_language("vi"), "Nhắn số để chọn:\n1. Tiếng Việt\n2. English", id="languages"),
        pytest.param(
            ask_channel("vi", [(1, "Zalo", True), (2, "Telegram", True)]), "1. Telegram nhận trước", id="channels"
        ),
    ],
)
def test_each_message_ends_with_how_it_is_answered(out: Out, end: str) -> None:
    text = written(out)

    assert text.endswith(end)
    assert text.count("Nhắn số để chọn:") == end.count("Nhắn số để chọn:") or "Nhắn số để chọn:" not in end


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_figures_that_may_be_passed_over_name_every_word(language: str) -> None:
    asked = ask_figures(language, view("R5", id=5))
    out = replace(asked, text="?", buttons=rows(Verb.NONE, Verb.SKIP, Verb.CANCEL))

    assert written(out, language).splitlines()[2:] == [
        say(language, f"ask.{key}") for key in ("none_too", "skip", "cancel")
    ]


def test_what_a_number_stands_for_is_the_button_of_its_place() -> None:
    found = choices(queue("vi", [Pending(view=DONE), Pending(view=replace(DONE, id=11))]).buttons)

    assert [button.text for button in found] == ["1. Xác nhận", "1. Trả lại", "2. Xác nhận", "2. Trả lại"]


def test_a_message_of_words_only_shows_no_numbers() -> None:
    assert not says_numbers(ask("vi", "ask.note").buttons)
    assert says_numbers(bundle("vi", [OPEN, view("R10", id=10)], name="Lan", units="Sở", now=NOW).buttons)


def test_what_is_written_out_already_is_not_written_again() -> None:
    out = ask_language("vi")

    assert written_out("vi", replace(out, text=f"{out.text}\n\n{written_out('vi', out)}")) == ""


def test_the_longest_message_keeps_its_choices_together_on_its_last_part() -> None:
    many = [Pending(view=replace(DONE, id=number), files=("tệp " * 20,) * 9) for number in range(1, 7)]
    letter = Letter(key="k", channel="zalo", chat_id="c", out=queue("vi", many), lane=Lane.ESCALATION)

    parts = letters(letter, caps=ZALO)

    assert len(parts) > 1
    assert all(text_length(each.out.heading) + text_length(each.out.text) <= ZALO.max_text for each in parts)
    assert [bool(each.out.buttons) for each in parts] == [False] * (len(parts) - 1) + [True]
    assert "Nhắn số để chọn:\nMục 1: 1 Xác nhận" in parts[-1].out.text
    assert parts[-1].out.text.endswith("Mục 6: 16 Xác nhận · 17 Trả lại · 18 Minh chứng (9)")


def test_where_there_are_buttons_nothing_is_written_out() -> None:
    letter = Letter(key="k", channel="t", chat_id="c", out=ask_language("vi"), lane=Lane.ANSWER)

    assert letters(letter, caps=replace(ZALO, buttons=True)) == [letter]
