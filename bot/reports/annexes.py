"""The annexes of the official report, in the columns that the Government's own lists have.

Columns of II: Thông báo 624/TB-VPCP (2025), phụ lục I; of III: its phụ lục II; of IV: Quyết định 2820/QĐ-UBND of
Thành phố Hồ Chí Minh (2025), less the source of money, which no plan here tells.
"""

from collections.abc import Mapping, Sequence

from bot.domain.calendar import local_day
from bot.domain.compliance import Line, UnitFigures, WeekFigures
from bot.domain.summing import sum_figures
from bot.reports import words
from bot.reports.official_counts import result_words
from bot.reports.official_words import official_day
from bot.reports.paper import Annex, Letterhead, TaskWords

MOST = 400  # rows of an annex: twenty pages; the workbook has them all
_UNKNOWN = TaskWords(basis="", owners="", partners="", due="", result="")


def annexes_of(figures: WeekFigures, head: Letterhead, *, as_of: str) -> tuple[Annex, ...]:
    """Return the four annexes; an empty one says "Không có."."""
    note = f"Dữ liệu tính đến {as_of}"
    return (
        _units(figures, note),
        _overdue(figures, head, note),
        _tasks(figures, head, note),
        _next(figures, head, note),
    )


def _units(figures: WeekFigures, note: str) -> Annex:
    counted = [unit for unit in figures.units if unit.due or unit.not_asked]
    rows = [_counts(str(place), words.one_line(unit.name), unit) for place, unit in enumerate(counted[:MOST], 1)]
    rest = counted[MOST:]
    if rest:
        rows.append(_counts("", f"{words.number(len(rest))} đơn vị khác", sum_figures(rest)))
    return Annex(
        number="Phụ lục I",
        title="Kết quả thực hiện nhiệm vụ đến hạn theo đơn vị",
        note=note,
        header=(
            "STT",
            "Đơn vị",
            "Đến hạn",
            "Đúng hạn",
            "Quá hạn đã xong",
            "Chờ xác nhận",
            "Quá hạn chưa xong",
            "Tỷ lệ hoàn thành",
            "Tỷ lệ đúng hạn",
            "Số ngày quá hạn",
        ),
        rows=tuple(rows),
        widths=(7, 23, 7, 8, 9, 9, 9, 10, 10, 8),
        words=frozenset({1}),
        last=_counts("", "Tổng cộng", figures.total) if rows else (),
    )


def _counts(place: str, name: str, unit: UnitFigures) -> tuple[str, ...]:
    numbers = (unit.due, unit.on_time, unit.late, unit.waiting, unit.overdue)
    shares = (words.share(unit.done_share), words.share(unit.on_time_share))
    return (place, name, *map(words.number, numbers), *shares, words.number(unit.days_late))


def _overdue(figures: WeekFigures, head: Letterhead, note: str) -> Annex:
    rows: list[tuple[str, ...]] = [
        (
            str(place),
            _titled(line.task, line.title),
            _about(head, line.task).basis,
            words.one_line(line.unit),
            f"{_day(line)} (quá {words.number(line.days)} ngày)",
        )
        for place, line in enumerate(figures.overdue[:MOST], 1)
    ]
    rows += _rest(len(figures.overdue) + figures.beyond.get("overdue", 0) - len(rows), columns=5)
    return Annex(
        number="Phụ lục II",
        title="Danh mục nhiệm vụ quá hạn chưa hoàn thành",
        note=note,
        header=("STT", "Nhiệm vụ", "Văn bản giao nhiệm vụ", "Cơ quan chủ trì thực hiện", "Thời hạn hoàn thành"),
        rows=tuple(rows),
        widths=(7, 37, 20, 20, 16),
        words=frozenset({1, 2, 3}),
    )


def _tasks(figures: WeekFigures, head: Letterhead, note: str) -> Annex:
    results = {each.task: result_words(each) for each in figures.results if each.total or each.count or each.aimed}
    rows = [_task(place, task, head, results) for place, task in enumerate(figures.tasks[:MOST], 1)]
    rows += _rest(len(figures.tasks) - len(rows), columns=6)
    return Annex(
        number="Phụ lục III",
        title="Kết quả thực hiện theo nhiệm vụ",
        note=note,
        header=("STT", "Tên nhiệm vụ", "Đơn vị chủ trì", "Thời hạn", "Kết quả thực hiện", "Tiến độ"),
        rows=tuple(rows),
        widths=(7, 31, 14, 14, 20, 14),
        words=frozenset({1, 2, 3, 4}),
    )


def _task(place: int, task: UnitFigures, head: Letterhead, results: Mapping[str, str]) -> tuple[str, ...]:
    about = _about(head, task.unit_id)
    done = f"Hoàn thành {words.ratio(task.done, task.due)} lượt đến hạn" if task.due else "Chưa có lượt đến hạn"
    result = results.get(task.unit_id, "")
    said = f"{done}; {result}" if result else done
    return str(place), _titled(task.unit_id, task.name), about.owners, about.due, said, _progress(task)


def _progress(task: UnitFigures) -> str:
    if task.overdue:
        return f"Quá hạn chưa hoàn thành: {words.number(task.overdue)}"
    if task.waiting:
        return f"Chờ xác nhận: {words.number(task.waiting)}"
    if not task.due:
        return "Đang thực hiện"
    return "Đã hoàn thành phần đến hạn" if not task.late else f"Đã hoàn thành, quá hạn: {words.number(task.late)}"


def _next(figures: WeekFigures, head: Letterhead, note: str) -> Annex:
    rows: list[tuple[str, ...]] = [
        (
            str(place),
            _titled(line.task, line.title),
            words.one_line(line.unit),
            _about(head, line.task).partners,
            _day(line),
            _about(head, line.task).result,
        )
        for place, line in enumerate(figures.next_week[:MOST], 1)
    ]
    rows += _rest(len(figures.next_week) + figures.beyond.get("next_week", 0) - len(rows), columns=6)
    return Annex(
        number="Phụ lục IV",
        title="Nhiệm vụ đến hạn đến hết tuần tới",
        note=note,
        header=(
            "TT",
            "Nhiệm vụ",
            "Cơ quan chủ trì",
            "Cơ quan phối hợp",
            "Thời gian dự kiến hoàn thành",
            "Kết quả dự kiến",
        ),
        rows=tuple(rows),
        widths=(6, 34, 16, 14, 14, 16),
        words=frozenset({1, 2, 3, 5}),
    )


def _rest(left: int, *, columns: int) -> Sequence[tuple[str, ...]]:
    return [("", f"Và {words.number(left)} nhiệm vụ khác", *[""] * (columns - 2))] if left > 0 else []


def _titled(task: str, title: str) -> str:
    return f"{words.one_line(task)}. {words.one_line(title)}"


def _day(line: Line) -> str:
    return official_day(local_day(line.due_at))


def _about(head: Letterhead, task: str) -> TaskWords:
    return head.tasks.get(task, _UNKNOWN)
