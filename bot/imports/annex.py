"""One annex from its bytes to a plan file, and an account of every row."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from bot.imports.codes import codes
from bot.imports.drafts import Draft, Sorted, Sorter
from bot.imports.headings import Columns, Field, find_columns
from bot.imports.heads import read_head
from bot.imports.owners import Names
from bot.imports.package import Kind, kind_of
from bot.imports.scalars import DOUBT, comment, doubt
from bot.imports.tables import AnnexError, Table, one_line
from bot.imports.writing import code_of, group_lines, head_lines, task_lines


@dataclass(frozen=True, slots=True, kw_only=True)
class Imported:
    """A plan file as text, and what became of the rows: read, tasks, groups, and each skipped one with its reason."""

    text: str
    tables: tuple[str, ...]
    rows: int
    tasks: int
    groups: int
    continued: int
    skipped: tuple[tuple[str, str], ...]

    @property
    def doubts(self) -> list[tuple[int, str]]:
        """Return each line to look at, from 1, with its doubt."""
        lines = enumerate(self.text.splitlines(), start=1)
        return [(number, line.partition(f"# {DOUBT} ")[2]) for number, line in lines if f"# {DOUBT} " in line]


def import_annex(content: bytes, *, source: str, names: Names, sheet: str | None = None) -> Imported:
    """Return the plan that a workbook or a document holds; AnnexError says where and why it cannot be read.

    `sheet` names a sheet, or a table of a document by its name or number ("Bảng 2", "2").
    """
    kind = kind_of(content)
    tables = _tables(content, kind)
    chosen = _chosen(tables, sheet, kind)
    sorter = Sorter()
    for table, columns, first in chosen:
        sorter.take(table, columns, first=first)
    found = sorter.result
    if not found.drafts:
        raise AnnexError(f"{chosen[0][0].name}: dưới dòng tiêu đề không có nhiệm vụ nào")
    return _imported(found, tables, chosen, names=names, source=source)


Chosen = tuple[Table, Columns, int]


def _tables(content: bytes, kind: Kind) -> list[Table]:
    # Imported here: each costs a start 100 ms and more, and an annex is one or the other.
    try:
        if kind is Kind.WORKBOOK:
            from bot.imports.excel import sheets  # noqa: PLC0415

            return sheets(content)
        from bot.imports.word import tables  # noqa: PLC0415

        return tables(content)
    except AnnexError:
        raise
    except Exception as error:
        # A broken file makes either library raise whatever comes first: keys, types, XML, memory.
        raise AnnexError("tệp đã hỏng hoặc thiếu phần bên trong; hãy mở bằng Office rồi lưu lại") from error


def _chosen(tables: Sequence[Table], sheet: str | None, kind: Kind) -> list[Chosen]:
    if sheet is not None:
        tables = [
            table
            for table in tables
            if sheet.casefold() in {table.name.casefold(), table.name.casefold().removeprefix("bảng ")}
        ]
        if not tables:
            raise AnnexError(f"không có trang hay bảng «{sheet}»")
    visible = [table for table in tables if sheet is not None or not table.is_hidden]
    found = list(_with_columns(visible))
    if not found:
        seen = "; ".join(f"{table.name}: {_opening(table)}" for table in tables[:5]) or "không có bảng nào"
        raise AnnexError(
            "không thấy dòng tiêu đề có cột nhiệm vụ (hoặc nội dung) cùng cột cơ quan chủ trì hoặc thời hạn. "
            f"Các bảng trong tệp: {seen}"
        )
    if kind is Kind.WORKBOOK and len(found) > 1:
        listed = ", ".join(f"«{table.name}»" for table, _, _ in found)
        raise AnnexError(f"có {len(found)} trang đều là bảng nhiệm vụ: {listed}; hãy chọn một bằng --sheet")
    return found


def _with_columns(tables: Sequence[Table]) -> Iterator[Chosen]:
    last: Columns | None = None
    for table in tables:
        columns = find_columns(table.rows)
        if columns:
            last = columns
            yield table, columns, columns.first + columns.height
        elif last and not table.before and _width(table) >= max(last.places.values()) + 1 and _width(table) > 2:
            yield table, last, 0  # the same table, cut by a page


def _imported(
    found: Sorted, tables: Sequence[Table], chosen: Sequence[Chosen], *, names: Names, source: str
) -> Imported:
    lines = list(_lines(found, tables, chosen, names=names, source=source))
    taken = {table.name for table, _, _ in chosen}
    untaken = [
        (table.name, f"không phải bảng nhiệm vụ: {_opening(table)}") for table in tables if table.name not in taken
    ]
    continued = sum(len(draft.places) - 1 for draft in found.drafts)
    return Imported(
        text="\n".join(lines) + "\n",
        tables=tuple(table.name for table, _, _ in chosen),
        rows=found.rows,
        tasks=len(found.drafts),
        groups=len(found.groups),
        continued=continued,
        skipped=tuple(untaken + found.skipped),
    )


def _lines(
    found: Sorted, tables: Sequence[Table], chosen: Sequence[Chosen], *, names: Names, source: str
) -> Iterator[str]:
    yield from head_lines(read_head(_above(tables, chosen)), source)
    named = {
        name: f"N{turn}" for turn, name in enumerate(dict.fromkeys(filter(None, map(_group, found.drafts))), start=1)
    }
    yield from group_lines(found.groups, named)
    titles = {group.path: group.name for group in found.groups}
    for _, columns, _ in chosen:
        yield from map(doubt, columns.doubts)
    yield "tasks:"
    open_group: tuple[str, ...] = ()
    for draft, code in zip(found.drafts, codes(found.drafts), strict=True):
        if draft.group != open_group:
            open_group = draft.group
            yield ""
            yield f"  {comment(f'{code_of(open_group)}. {titles.get(open_group, str())}')}"
        own = [code_of(draft.group)] if draft.group in titles else []
        own += [named[name]] if (name := _group(draft)) else []
        yield from task_lines(draft, code, names, own)
        yield ""
    for place, reason in found.skipped:
        if reason != "dòng trống":
            yield comment(f"bỏ qua {place}: {reason}")


def _group(draft: Draft) -> str:
    return one_line(draft.text(Field.GROUP))


def _above(tables: Sequence[Table], chosen: Sequence[Chosen]) -> Iterator[str]:
    table, columns, _ = chosen[0]
    for row in table.rows[: columns.first]:
        yield from (cell.text for cell in row.cells)
    for other in tables:
        yield from other.before
        if other is table:
            return


def _width(table: Table) -> int:
    return max((len(row.cells) for row in table.rows), default=0)


def _opening(table: Table) -> str:
    texts = [one_line(cell.text) for row in table.rows[:3] for cell in row.cells if cell.text]
    whole = " · ".join(dict.fromkeys(texts))
    return f"«{whole if len(whole) <= 80 else whole[:79] + '…'}»"
