"""The tables of sentences: the same in every language, whole, used, and in the voice of an office."""

import ast
import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain
from pathlib import Path
from string import Formatter

import pytest

from bot.domain.delivery import Failure
from bot.domain.figures import FigureProblem
from bot.domain.plan import OffsetUnit, ResultKind, Role
from bot.domain.standing import Standing, Status, Verdict
from bot.domain.steps import Fate, Reason
from bot.jobs.audit import Trouble
from bot.store.contacts import Gone
from bot.store.invites import Refusal
from bot.store.notices import NoticeKind
from bot.store.outbox import SETTLED_BY_MORE, State
from bot.store.outbox.shading import NO_ADMIN
from bot.texts import LANGUAGES, say
from bot.texts.people import COMMANDS, EVERYBODY

BOT = Path(__file__).parents[2] / "bot"
TABLES = {BOT / "texts" / f"{language}.py" for language in LANGUAGES}
VIETNAMESE = LANGUAGES["vi"]
KEYS = frozenset(VIETNAMESE)
ROOMS = ("texts", "conversation", "jobs", "app")  # where sentences are asked for

_ESCALATED = (Role.HEAD, Role.OFFICE, f"unasked_{Role.HEAD}", f"unasked_{Role.OFFICE}")
_MEASURED = tuple(kind for kind in ResultKind if kind is not ResultKind.DONE)
_WHY_FATES = [*Reason, *(each for each in Failure if each is not Failure.FENCED), *SETTLED_BY_MORE]
_WHY_FATES += ["expired", "revoked", "process_ended", "newer_bundle", NO_ADMIN]

FAMILIES: dict[str, Iterable[str]] = {
    "answer.{}": Status,
    "standing.{}": Standing,
    "role.{}": Role,
    "result.{}": ResultKind,
    "ask.{}": (*_MEASURED, "note", "evidence", Verdict.RETURN, Verdict.REFUSE),
    "wrong.{}": FigureProblem,
    "verdict.{}": Verdict,
    "escalate.{}": _ESCALATED,
    "escalate.ask_{}": _ESCALATED,
    "join.{}": (*Role, *Refusal),
    "help.{}": [role for role in Role if role is not Role.HEAD],  # a head is helped as a focal point is
    "command.{}": frozenset(chain.from_iterable([*COMMANDS.values(), EVERYBODY])),
    "remind.count_{}": ("overdue", "today", "soon"),
    "notice.{}": [kind for kind in NoticeKind if kind not in (NoticeKind.AUDIT, NoticeKind.CHANNEL_DOWN)],
    "notice.audit_{}": Trouble,
    "gone.{}": Gone,
    "fate.{}": [*State, *(fate for fate in Fate if fate is not Fate.HANDED)],
    "fate_why.{}": _WHY_FATES,
    "told.why_{}": (Reason.REPORTED, Reason.EXTENSION_ASKED, Reason.ACKNOWLEDGED, Reason.PAUSED),
    "step.{}": OffsetUnit,
    "step.{}_one": OffsetUnit,
}


def modules(*rooms: str) -> Iterator[ast.Module]:
    for folder in (BOT / room for room in rooms) if rooms else (BOT,):
        for path in folder.rglob("*.py"):
            if path not in TABLES:
                yield ast.parse(path.read_text(encoding="utf-8"))


def constants(tree: ast.Module) -> Iterator[str]:
    inside = {id(part) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for part in node.values}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in inside:
            yield node.value


def patterns(tree: ast.Module) -> Iterator[str]:
    """Yield the f-strings that are handed to say() or ask(), with {} for what is filled in."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and getattr(node.func, "attr", getattr(node.func, "id", "")) in ("say", "ask"):
            for given in node.args:
                if isinstance(given, ast.JoinedStr):
                    yield "".join(str(part.value) if isinstance(part, ast.Constant) else "{}" for part in given.values)


def expanded(family: str) -> set[str]:
    return {family.replace("{}", str(member)) for member in FAMILIES[family]}


def names(sentence: str) -> set[str]:
    return {name for _, name, _, _ in Formatter().parse(sentence) if name is not None}


def each_sentence() -> pytest.MarkDecorator:
    rows = [
        pytest.param(sentence, id=f"{language} {key}")
        for language, table in LANGUAGES.items()
        for key, sentence in table.items()
    ]
    return pytest.mark.parametrize("sentence", rows)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_language_has_the_same_sentences(language: str) -> None:
    assert frozenset(LANGUAGES[language]) == KEYS


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_sentence_has_the_same_names_in_every_language(language: str) -> None:
    differing = {key for key in KEYS if names(VIETNAMESE[key]) != names(LANGUAGES[language][key])}

    assert differing == set()


def test_names_are_filled_in_plainly_so_that_no_value_is_looked_into() -> None:
    parsed = [
        part for table in LANGUAGES.values() for sentence in table.values() for part in Formatter().parse(sentence)
    ]

    assert {name for _, name, _, _ in parsed if name is not None and not name.isidentifier()} == set()
    assert {conversion for _, _, _, conversion in parsed} == {None}


def test_every_sentence_is_said_somewhere() -> None:
    said = {text for tree in modules() for text in constants(tree)} & KEYS
    said |= {key for family in FAMILIES for key in expanded(family)}

    assert KEYS - said == set()


def test_every_sentence_that_is_asked_for_is_there() -> None:
    rooms = {key.partition(".")[0] for key in KEYS if "." in key}
    like_a_key = re.compile(rf"(?:{'|'.join(rooms)})\.[a-z_]+")
    asked = {text for tree in modules(*ROOMS) for text in constants(tree) if like_a_key.fullmatch(text)}

    assert asked - KEYS == set()


def test_every_family_of_sentences_is_known_and_whole() -> None:
    asked = {pattern for tree in modules(*ROOMS) for pattern in patterns(tree)}

    assert asked == set(FAMILIES)
    assert {key for family in asked for key in expanded(family)} - KEYS == set()


@each_sentence()
def test_a_sentence_has_no_exclamation_emoji_double_stop_or_stray_space(sentence: str) -> None:
    assert "!" not in sentence
    assert ".." not in sentence
    assert "  " not in sentence
    assert sentence.strip() == sentence.removeprefix(" ")  # what goes in brackets after a word brings its space
    assert not {char for char in sentence if unicodedata.category(char) in ("So", "Cs", "Co", "Cn")}
    assert unicodedata.normalize("NFC", sentence) == sentence
    assert re.search(r" [,;:.?…](?!\w)", sentence) is None


@pytest.mark.parametrize("sentence", [pytest.param(text, id=key) for key, text in VIETNAMESE.items()])
def test_a_vietnamese_sentence_puts_the_tone_where_official_papers_do(sentence: str) -> None:
    # "hủy", "hóa", "Ủy ban" as in Decree 30/2020/NĐ-CP and in the plan itself, not "huỷ", "hoá".
    assert re.search(r"[oO][àáảãạè-éẻẽẹ]\b|[uU][ỳýỷỹỵ]\b(?<!qu[ỳýỷỹỵ])(?<!Qu[ỳýỷỹỵ])", sentence) is None


def test_a_language_that_is_lacking_is_answered_in_vietnamese() -> None:
    assert say("fr", "press.ok") == "Đã nhận."


@pytest.mark.parametrize("value", ["{task}", "{0.__class__}", "{{", "}", "%s", "<b>&</b>", "*_`[x](y)", "\u202eabc"])
def test_a_value_is_put_in_as_it_is(value: str) -> None:
    assert say("vi", "decided.returned", task=value, unit=value) == f"Đã trả lại báo cáo {value} của {value}."
