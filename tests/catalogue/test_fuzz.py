"""The shipped files, spoilt in every way there is: a valid plan, or problems with a place and a sentence. Nothing else."""

from dataclasses import replace
from pathlib import Path
from unicodedata import normalize

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.catalogue import Catalogue, CatalogueError, CatalogueTexts, Problem, parse_catalogue, read_texts
from bot.settings import SETTINGS_FILE, load_settings

ROOT = Path(__file__).parent.parent.parent
SHIPPED = read_texts(ROOT)
FILES = {name: getattr(SHIPPED, name) for name in ("plan", "units", "calendar")}
SETTINGS_TEXT = (ROOT / SETTINGS_FILE).read_bytes()
# The same examples every time: a suite that fails on some days only is no guard.
examples = settings(deadline=None, derandomize=True, max_examples=60)

HOSTILE = (
    "\t", " ", "- ", ": ", "#", '"', "'", "[", "]", "{", "}", "|", ">-\n", "? ", "%TAG ! a\n", "@", "`", "!!binary ",
    "!!python/object/apply:os.system ['true']", "&a ", "*a", "<<: *a\n", "---\n", "...\n", "\x00", "\x07", "\x1b[2J",
    "\x7f", "\x85", "\ufeff", "\u2028", "\u202e", "\u200f", "😀", "Ạ̶̈́", "ﷺ", "\ud7ff", "\U0010ffff", "9" * 400, "1e999999",
    "0000-00-00", "30/02/2022", "9999-99-99", "2022-13-45T99:99:99Z", "-0", ".inf", ".nan", "0x_", "1:2:3:4", "~",
    "null", "Quý V", "x" * 2_000, "${HOME}", "{{ 7 * 7 }}", "é\r\n", "“Báo cáo”", "：", "　",
)  # fmt: skip


@st.composite
def spoilt(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a file with lines taken out, doubled, moved, indented, and hostile pieces put in."""
    lines = whole.decode().splitlines(keepends=True)
    for _ in range(draw(st.integers(1, 4))):
        at, length = draw(st.integers(0, len(lines) - 1)), draw(st.integers(1, 12))
        match draw(st.sampled_from(["cut", "double", "move", "indent", "put in", "cut short"])):
            case "cut":
                del lines[at : at + length]
            case "double":
                lines[at:at] = lines[at : at + length]
            case "move":
                block = lines[at : at + length]
                del lines[at : at + length]
                lines[len(lines) // 2 : len(lines) // 2] = block
            case "indent":
                lines[at : at + length] = [
                    draw(st.sampled_from([" ", "\t", "  "])) + line for line in lines[at : at + length]
                ]
            case "put in":
                column = draw(st.integers(0, len(lines[at])))
                lines[at] = lines[at][:column] + draw(st.sampled_from(HOSTILE)) + lines[at][column:]
            case _:
                lines = lines[: at + 1]
        lines = lines or ["\n"]
    return "".join(lines).encode()


@st.composite
def flipped(draw: st.DrawFn, whole: bytes) -> bytes:
    """Draw a file with some of its bytes changed."""
    spoilt_bytes = bytearray(whole)
    for at in draw(st.lists(st.integers(0, len(whole) - 1), min_size=1, max_size=8)):
        spoilt_bytes[at] = draw(st.integers(0, 255))
    return bytes(spoilt_bytes)


def judged(texts: CatalogueTexts) -> Catalogue | tuple[Problem, ...]:
    """Return the catalogue or the problems of three texts, having looked at each problem's place and sentence."""
    try:
        return parse_catalogue(texts)
    except CatalogueError as error:
        _look_at(error)
        return error.problems


def _look_at(error: CatalogueError) -> None:
    assert error.problems
    assert all(problem.line >= 1 and problem.column >= 1 and problem.text for problem in error.problems)
    assert all("\n" not in str(problem) for problem in error.problems)


@pytest.mark.parametrize("name", FILES)
@given(draws=st.data())
@examples
def test_lines_cut_doubled_moved_and_hostile_pieces_are_answered(name: str, draws: st.DataObject) -> None:
    judged(replace(SHIPPED, **{name: draws.draw(spoilt(FILES[name]))}))


@pytest.mark.parametrize("name", FILES)
@given(draws=st.data())
@examples
def test_bytes_flipped_are_answered(name: str, draws: st.DataObject) -> None:
    judged(replace(SHIPPED, **{name: draws.draw(flipped(FILES[name]))}))


@given(draws=st.data())
@examples
def test_settings_spoilt_are_answered(tmp_path_factory: pytest.TempPathFactory, draws: st.DataObject) -> None:
    home = tmp_path_factory.getbasetemp() / "spoilt-settings"
    (home / "config").mkdir(parents=True, exist_ok=True)
    (home / SETTINGS_FILE).write_bytes(draws.draw(spoilt(SETTINGS_TEXT) | flipped(SETTINGS_TEXT)))

    try:
        load_settings(home, {})
    except CatalogueError as error:
        _look_at(error)


@pytest.mark.parametrize("piece", HOSTILE, ids=ascii)
def test_a_hostile_piece_in_a_title_is_not_blamed_on_what_stands_before_it(piece: str) -> None:
    line = "    title: Rà soát, đề xuất phương án đơn giản hóa thủ tục hành chính\n"
    plan = SHIPPED.plan.decode()
    assert plan.count(line) == 1
    number = plan[: plan.index(line)].count("\n") + 1

    found = judged(replace(SHIPPED, plan=plan.replace(line, f"    title: {piece}\n").encode()))

    if not isinstance(found, Catalogue):
        assert found[0].file == "plan_tasks.yaml"
        assert found[0].line >= number  # a quote left open goes on to the next one


@pytest.mark.parametrize("form", ["NFD", "NFC", "NFKD"])
def test_any_form_of_the_same_letters_is_the_same_plan(form: str) -> None:
    typed = replace(SHIPPED, plan=normalize(form, SHIPPED.plan.decode()).encode())  # type: ignore[arg-type]

    found = judged(typed)

    assert isinstance(found, Catalogue)
    expected = parse_catalogue(SHIPPED).plan.tasks.values()
    said = [(task.due, task.title) for task in found.plan.tasks.values()]
    assert said == [(task.due, task.title) for task in expected]


@pytest.mark.parametrize(
    ("put", "ends"),
    [
        pytest.param(b"\xef\xbb\xbf%s", "\n", id="byte order mark"),
        pytest.param(b"%s", "\r\n", id="Windows line ends"),
        pytest.param(b"%s", "\r", id="old Macintosh line ends"),
        pytest.param(b"---\n%s", "\n", id="document marker"),
        pytest.param(b"%s...\n", "\n", id="document end"),
    ],
)
def test_what_editors_add_changes_nothing(put: bytes, ends: str) -> None:
    found = judged(replace(SHIPPED, plan=put % SHIPPED.plan.replace(b"\n", ends.encode())))

    assert isinstance(found, Catalogue)
    assert found.plan == parse_catalogue(SHIPPED).plan


@pytest.mark.parametrize(
    ("content", "said"),
    [
        pytest.param(
            SHIPPED.plan.decode().encode("utf-16"),
            "plan_tasks.yaml:1:1: tệp được lưu với mã UTF-16 (có nơi gọi là «Unicode»); hãy lưu lại với mã UTF-8",
            id="UTF-16",
        ),
        pytest.param(
            b"%TAG !a! b\n" + SHIPPED.plan,
            "plan_tasks.yaml:1:1: dòng không được bắt đầu bằng dấu %; hãy xóa dấu đó hoặc cả dòng",
            id="directive",
        ),
        pytest.param(
            b"# x\r\n\r\n%TAG !a! b\r\n",
            "plan_tasks.yaml:3:1: dòng không được bắt đầu bằng dấu %; hãy xóa dấu đó hoặc cả dòng",
            id="directive after Windows line ends",
        ),
        pytest.param(
            b"plan: " + b"x " * 6_000,
            "plan_tasks.yaml:1:7: giá trị này dài quá 10.000 ký tự; có thể một dấu nháy chưa đóng",
            id="value without end",
        ),
        pytest.param(
            ("plan: a" + "\u0315\u0300" * 400).encode(),
            "plan_tasks.yaml:1:7: giá trị này có một chuỗi ký tự lạ rất dài; hãy xóa đi và gõ lại",
            id="letter under 800 marks",
        ),
    ],
)
def test_what_cannot_be_read_at_all_is_one_sentence(content: bytes, said: str) -> None:
    found = judged(replace(SHIPPED, plan=content))

    assert not isinstance(found, Catalogue)
    assert said in map(str, found)


def test_after_a_thousand_problems_the_rest_is_left_unread() -> None:
    head, _, _ = SHIPPED.plan.decode().partition("\ntasks:")
    tasks = "".join(f"  - {{id: R{turn}, title: a, owners: [snv], due: mùa {turn}}}\n" for turn in range(1_500))

    found = judged(replace(SHIPPED, plan=f"{head}\ntasks:\n{tasks}".encode()))

    assert not isinstance(found, Catalogue)
    assert len(found) == 1_000
    assert found[-1].text == "đã có 1000 chỗ sai, phần sau chưa được xem; hãy sửa rồi kiểm tra lại"
    assert sum("Cách viết gần nhất" in problem.text for problem in found) == 100


def test_a_task_without_owners_is_noted_though_another_had_a_broken_list_of_them() -> None:
    head, _, _ = SHIPPED.plan.decode().partition("\ntasks:")
    tasks = "  - {id: R1, title: a, owners: *x, due: Hằng quý}\n  - {id: R2, title: b, due: Hằng quý}\n"

    found = judged(replace(SHIPPED, plan=f"{head}\ntasks:\n{tasks}".encode()))

    assert not isinstance(found, Catalogue)
    assert [problem.text for problem in found] == [
        "dấu * (tham chiếu «*x») không dùng ở đây; hãy viết lại nội dung",
        "nhiệm vụ R2: thiếu khóa «owners»",
    ]


def test_the_same_fault_in_the_same_words_is_noted_at_each_place() -> None:
    wrong = SHIPPED.plan.replace(b"owners: [so-ban-nganh]", b"owners: [so-ban-ngan]")

    found = judged(replace(SHIPPED, plan=wrong))

    assert not isinstance(found, Catalogue)
    assert len(found) == SHIPPED.plan.count(b"owners: [so-ban-nganh]") > 1
    assert len({problem.line for problem in found}) == len(found)
