"""Drafts as a plan file: what is sure as data, what is doubtful as a comment at its line."""

import re
from collections.abc import Iterator, Mapping, Sequence

from bot.domain.due import Once, Rhythm, Several
from bot.domain.phrases import PhraseError, read_phrase, say_rule
from bot.imports.drafts import Draft, Group
from bot.imports.headings import Field
from bot.imports.heads import Head
from bot.imports.owners import Names
from bot.imports.results import kind_of
from bot.imports.scalars import comment, doubt, folded, scalar, sequence
from bot.imports.tables import one_line

_LONG_TITLE = 200  # letters; a longer one makes the reminder's list unreadable
_SENTENCE = re.compile(r"(?<=[.;:])\s|\n")
_BASIS = re.compile(r"\d+[\w-]*(?:/\d{4})?/[\w-]+", re.UNICODE)
_ALSO = re.compile(r"\n|;")


def head_lines(head: Head, source: str) -> Iterator[str]:
    """Yield the plan's own part; what the annex does not say is left empty, so that the check names it."""
    yield "# yaml-language-server: $schema=config/schema/plan_tasks.json"
    yield comment(f"Chuyển từ {source}. Tìm các dòng «# kiểm tra:», xem lại, rồi chạy «nhacviec check».")
    yield ""
    yield "plan:"
    yield f"  id: ke-hoach  {doubt('đặt mã ngắn của kế hoạch, không dấu, ví dụ kh5610')}"
    for key, value, wanted in (
        ("number", head.number, "số, ký hiệu văn bản, ví dụ 5610/KH-UBND"),
        ("title", head.title, "trích yếu của kế hoạch"),
        ("issued_by", head.issued_by, "cơ quan ban hành"),
        ("issued_on", head.issued_on, "ngày ban hành, viết như 24/8/2022"),
        ("starts", "", "ngày đầu thực hiện"),
        ("ends", "", "ngày cuối thực hiện"),
        ("office", "", "mã cơ quan theo dõi trong config/units.yaml"),
    ):
        yield f"  {key}: {scalar(value)}  {doubt(f'lấy từ «{head.source}»')}" if value else f"  {key}:  {doubt(wanted)}"
    yield ""


def group_lines(groups: Sequence[Group], named: Mapping[str, str]) -> Iterator[str]:
    """Yield the annex's groups as criteria; `named` are those of a column, by their made-up code."""
    if not groups and not named:
        return
    yield "# Các nhóm nhiệm vụ của phụ lục. Chỉ ghi «points» khi có văn bản làm căn cứ («source»)."
    yield "criteria:"
    yield "  list:"
    for group in groups:
        yield f"    - {{id: {scalar(code_of(group.path))}, name: {_in_flow(group.name)}}}"
    for name, code in named.items():
        yield f"    - {{id: {scalar(code)}, name: {_in_flow(name)}}}"
    yield ""


def code_of(path: Sequence[str]) -> str:
    """Return the code of a group: its number under those above it."""
    return ".".join(path)


def task_lines(draft: Draft, code: str, names: Names, criteria: Sequence[str]) -> Iterator[str]:
    """Yield one task."""
    number = one_line(draft.text(Field.NUMBER))
    yield f"  {comment('; '.join(draft.places) + (f', số thứ tự {number}' if number else ''))}"
    yield from _doubts(draft, Field.NUMBER)
    yield f"  - id: {code}"
    yield from _title(draft)
    yield from _basis(draft)
    yield from _people(draft, Field.OWNERS, "owners", names)
    yield from _people(draft, Field.PARTNERS, "partners", names)
    yield from _due(draft)
    yield from _result(draft)
    yield from _doubts(draft, Field.GROUP)
    if criteria:
        yield f"    criteria: {sequence(tuple(criteria))}"
    for heading, text in draft.extras:
        yield f"    {comment(f'{one_line(heading)}: {text}')}"


def _doubts(draft: Draft, kind: Field) -> Iterator[str]:
    yield from (f"    {doubt(text)}" for field, text in draft.doubts if field is kind)


def _value(key: str, text: str) -> Iterator[str]:
    first, *rest = folded(text, indent=6)
    yield f"    {key}: {first}"
    yield from rest


def _title(draft: Draft) -> Iterator[str]:
    yield from _doubts(draft, Field.TITLE)
    text = draft.text(Field.TITLE)
    if not text:
        yield f"    title:  {doubt('phụ lục không ghi nội dung ở dòng này')}"
        return
    first = one_line(_SENTENCE.split(text.strip(), maxsplit=1)[0]).rstrip(".;: ")
    if len(one_line(text)) <= _LONG_TITLE or not first or len(first) > _LONG_TITLE:
        yield from _value("title", text)
        return
    yield f"    {doubt('tên lấy từ câu đầu; nguyên văn ở «quote»')}"
    yield from _value("title", first)
    yield from _value("quote", text)


def _basis(draft: Draft) -> Iterator[str]:
    yield from _doubts(draft, Field.BASIS)
    text = draft.text(Field.BASIS)
    if not text:
        return
    numbers = tuple(dict.fromkeys(_BASIS.findall(text)))
    if numbers:
        yield f"    basis: {sequence(numbers)}"
    if re.sub(r"[\s,;]+", " ", text).strip() != " ".join(numbers):
        yield f"    {comment(f'văn bản giao: {text}')}"


def _people(draft: Draft, kind: Field, key: str, names: Names) -> Iterator[str]:
    yield from _doubts(draft, kind)
    text = draft.text(kind)
    match = names.match(text)
    doubts = list(match.doubts)
    if not match.words and kind is Field.OWNERS:  # left open at the line that the check will name
        said = doubts.pop() if doubts else "phụ lục không ghi đơn vị chủ trì"
        yield from (f"    {doubt(sentence)}" for sentence in doubts)
        yield f"    {key}:  {doubt(said)}"
        return
    yield from (f"    {doubt(sentence)}" for sentence in doubts)
    if match.words:
        yield f"    {key}: {sequence(match.words)}"


def _due(draft: Draft) -> Iterator[str]:
    yield from _doubts(draft, Field.DUE)
    phrase = one_line(draft.text(Field.DUE))
    if not phrase:
        yield f"    due:  {doubt('phụ lục không ghi thời hạn')}"
        return
    try:
        rule = read_phrase(phrase)
    except PhraseError as error:
        several = _several(draft.text(Field.DUE))
        if several:
            yield f"    due: {sequence(several)}"
            return
        yield f"    {comment(f'thời hạn trong phụ lục: {phrase}')}"
        yield f"    due:  {doubt(str(error))}"
        return
    said = say_rule(rule)
    yield f"    due: {scalar(phrase)}" + ("" if said == phrase else f"  {comment(f'đọc là: {said}')}")


def _several(text: str) -> tuple[str, ...]:
    """Return the lines of a cell that holds one readable due a line; nothing where a line is none."""
    lines = tuple(one_line(line).lstrip("-–+• ") for line in _ALSO.split(text) if one_line(line))
    try:
        rules = [read_phrase(line) for line in lines]
    except PhraseError:
        return ()
    return lines if len(lines) > 1 and all(isinstance(rule, Once | Rhythm | Several) for rule in rules) else ()


def _result(draft: Draft) -> Iterator[str]:
    yield from _doubts(draft, Field.RESULT)
    text = draft.text(Field.RESULT)
    if not text:
        return
    kind = kind_of(text)
    if kind is None:
        yield f"    {doubt(f'chưa rõ loại kết quả của «{text}»: done, percent, ratio, count, document hay link')}"
        return
    yield f"    result: {{kind: {kind}, label: {_in_flow(text)}}}"


def _in_flow(text: str) -> str:
    return scalar(text)
