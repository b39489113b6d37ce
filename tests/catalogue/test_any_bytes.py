"""Whatever bytes stand in the files, the answer is a catalogue or a list of problems with places."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import CatalogueError, CatalogueTexts, load_catalogue, parse_catalogue, read_texts

HOME = Path(__file__).parent / "small"
SMALL = read_texts(HOME)
PIECES = (
    "- ", ": ", "{", "}", "[", "]", '"', "'", "\n", "\t", "  ", "#", "&a ", "*a", "!!int ", "---\n", "...\n", "|\n",
    ">-\n", "? ", "%", "@", "\\", "\x00", "\ufeff", "\u2028", "é", "due: ", "every: month", "30/02/2022",
    "Quý IV/2022", "id: R1", "~",
)  # fmt: skip
PARTS = st.sampled_from(["plan", "units", "calendar"])


def with_part(part: str, content: bytes) -> CatalogueTexts:
    """Return the small catalogue with one of its three files replaced."""
    match part:
        case "plan":
            return replace(SMALL, plan=content)
        case "units":
            return replace(SMALL, units=content)
        case _:
            return replace(SMALL, calendar=content)


def answered(texts: CatalogueTexts) -> None:
    """Parse and, where that is refused, check that every problem has a place and a sentence."""
    try:
        parse_catalogue(texts)
    except CatalogueError as error:
        found = error.problems
    else:
        return
    assert found
    assert all(problem.line >= 1 and problem.column >= 1 and problem.text for problem in found)
    assert list(found) == sorted(found)


@given(part=PARTS, content=st.binary(max_size=400))
@settings(deadline=None)
def test_any_bytes_are_answered(part: str, content: bytes) -> None:
    answered(with_part(part, content))


@given(part=PARTS, cuts=st.lists(st.tuples(st.floats(0, 1), st.integers(0, 12), st.sampled_from(PIECES)), max_size=4))
@settings(deadline=None, max_examples=400)
def test_a_file_with_pieces_cut_out_and_put_in_is_answered(part: str, cuts: list[tuple[float, int, str]]) -> None:
    text = getattr(SMALL, part).decode()
    for where, length, piece in cuts:
        start = int(where * len(text))
        text = text[:start] + piece + text[start + length :]

    answered(with_part(part, text.encode()))


@given(where=st.integers(0, len(SMALL.plan) - 1), byte=st.integers(0, 255))
@settings(deadline=None)
def test_one_byte_changed_is_answered(where: int, byte: int) -> None:
    answered(replace(SMALL, plan=SMALL.plan[:where] + bytes([byte]) + SMALL.plan[where + 1 :]))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(b"", "1:1: tệp trống", id="nothing"),
        pytest.param(b"# chi co ghi chu\n", "1:1: tệp trống", id="only a comment"),
        pytest.param(b"- a\n", "1:1: chỗ này phải gồm các dòng «khóa: giá trị»", id="a list"),
        pytest.param(
            b"plan:\n  id: \xff\n", "2:7: chữ ở đây không phải mã UTF-8; hãy lưu lại tệp với mã UTF-8", id="not UTF-8"
        ),
        pytest.param(
            b"#" * (16 * 1024 * 1024 + 1), "1:1: tệp lớn hơn 16 MB; hãy tách kế hoạch thành nhiều tệp", id="over 16 MB"
        ),
    ],
)
def test_a_file_that_is_no_catalogue_gets_one_sentence(content: bytes, said: str) -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, plan=content))

    assert str(caught.value) == f"plan_tasks.yaml:{said}"


def test_problems_of_all_files_come_at_once_in_order() -> None:
    spoilt = CatalogueTexts(
        plan=SMALL.plan.replace(b"policy: nhe", b"policy: nang").replace(b"2022-09-30", b"2022-09-31"),
        units=SMALL.units.replace(b"merged_into: tamky", b"merged_into: nao"),
        calendar=SMALL.calendar.replace(b"VN", b"LA"),
    )

    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(spoilt)

    assert [(problem.file, problem.line) for problem in caught.value.problems] == [
        ("config/calendar.yaml", 1), ("config/units.yaml", 5), ("plan_tasks.yaml", 27), ("plan_tasks.yaml", 32),
    ]  # fmt: skip


def test_a_fault_in_the_units_is_not_blamed_on_the_plan() -> None:
    with pytest.raises(CatalogueError) as caught:
        parse_catalogue(replace(SMALL, units=b"units: [\n"))

    assert {problem.file for problem in caught.value.problems} == {"config/units.yaml"}


def test_every_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError) as caught:
        load_catalogue(tmp_path)

    assert [problem.file for problem in caught.value.problems] == [
        "config/calendar.yaml", "config/units.yaml", "plan_tasks.yaml",
    ]  # fmt: skip


def test_another_plan_file_is_called_by_its_own_name(tmp_path: Path) -> None:
    other = tmp_path / "khac.yaml"
    other.write_bytes(SMALL.plan.replace(b"policy: nhe", b"policy: nang"))

    with pytest.raises(CatalogueError, match=r"khac\.yaml:27:13: "):
        load_catalogue(HOME, other)


def test_a_folder_in_place_of_a_file_is_a_problem_and_no_crash(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="không đọc được tệp này"):
        load_catalogue(HOME, tmp_path)
