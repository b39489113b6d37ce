"""What is written as YAML reads back as it was."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.catalogue.nodes import read_nodes
from bot.catalogue.problems import Notes
from bot.imports.scalars import comment, folded, scalar, sequence
from bot.imports.tables import clean, one_line
from tests.schema.editor import typed

words = st.text(max_size=300).map(clean)


@given(words)
@example("- a: b # c")
@example("\"trích\" \\ 'dẫn'")
@example("true")
@example("0?")
@example("2022-09-30")
@example("0x10")
@example("[a], {b}")
@example("a" * 200 + " # b: c " + "- d " * 60)
def test_text_reads_back_whole(text: str) -> None:
    line = one_line(text)
    block = "\n".join(folded(text, indent=6))
    quoted = scalar(text)
    flow = f"{{a: {quoted}, b: {sequence((text, text))}}}"
    content = f"- one: {quoted}  # kiểm tra: x\n  flow: {flow}\n  long: {block}\n"

    (found,) = typed(content)
    notes = Notes("x")
    read_nodes(content.encode(), notes)

    assert (found["one"], found["flow"]["a"], found["flow"]["b"]) == (line, line, [line, line])
    assert " ".join(found["long"].split()) == line
    assert notes.found == []


@given(words)
def test_a_comment_is_one_line(text: str) -> None:
    assert typed(f"{comment(text)}\nkey: 1\n") == {"key": 1}
