"""The rows of the workbook that break a week down: by kind, task and criterion, by age and first due, results, corrections."""

from collections.abc import Iterator

from bot.domain.compliance import UnitFigures, WeekFigures
from bot.domain.tallies import Classes
from bot.reports.sheets import Percent
from bot.reports.tables import Cell

BREAKDOWN_HEADER = (
    "Phân theo",
    "Mã",
    "Tên",
    "Đến hạn",
    "Đúng hạn",
    "Quá hạn đã xong",
    "Chờ xác nhận",
    "Quá hạn chưa xong",
    "Tỷ lệ hoàn thành",
    "Tỷ lệ đúng hạn",
    "Quá hạn 1–7 ngày",
    "Quá hạn 8–30 ngày",
    "Quá hạn trên 30 ngày",
    "Trong đó trên 120 ngày",
    "Không tính vào quá hạn",
    "Chưa gán điểm",
    "Ghi chú",
)

Row = tuple[Cell | Percent, ...]

_NO_COUNTS = (None,) * 6


def breakdown(figures: WeekFigures) -> list[Row]:
    """Return every row of the sheet; the same words in every week."""
    return list(_rows(figures))


def _rows(figures: WeekFigures) -> Iterator[Row]:
    total = figures.total
    yield _counts("Toàn bộ", total)
    if total.original is not None:
        yield _classes("Theo hạn gốc", "", "", total.original)
    for name, every in (
        ("Loại đơn vị", figures.kinds),
        ("Nhiệm vụ", figures.tasks),
        ("Tiêu chí", figures.criteria),
    ):
        for each in every:
            yield _counts(name, each)
    for risk in figures.risks:
        said = f"{risk.points:g} điểm ({risk.source}; {risk.rule}); {risk.overdue} nhiệm vụ quá hạn, {risk.days} ngày"
        yield _noted("Điểm có nguy cơ mất", risk.id, risk.name, said)
    for result in figures.results:
        said = f"{result.reports} báo cáo, không phát sinh {result.nothing}, đạt chỉ tiêu {result.met}/{result.aimed}"
        sums = f"; {result.done}/{result.total}" if result.total else f"; {result.count}" if result.count else ""
        yield _noted("Kết quả", result.task, result.label, said + sums)
    for past in figures.earlier:
        yield _classes("Kỳ trước", past.week, "cùng kỳ tháng trước" if past.why == "month" else "", past.classes)
    for line in figures.silent:
        yield _noted("Không báo cáo quá 90 ngày", line.task, line.unit, f"{line.days} ngày")
    if figures.corrections is not None:
        yield _classes("Điều chỉnh: đã phát hành", figures.corrections.week, "", figures.corrections.before)
        yield _classes("Điều chỉnh: tính lại", figures.corrections.week, "", figures.corrections.after)
        for each_task in figures.corrections.tasks:
            yield _classes("Điều chỉnh: đã phát hành", each_task.task, "", each_task.before)
            yield _classes("Điều chỉnh: tính lại", each_task.task, "", each_task.after)


def _counts(by: str, each: UnitFigures) -> Row:
    _, week, month, longer, longest = each.ages or (0, 0, 0, 0, 0)
    ages = (week, month, longer + longest, longest)
    return (*_head(by, each.unit_id, each.name, each.classes), *ages, each.not_asked, each.unassigned, "")


def _classes(by: str, code: str, name: str, each: Classes) -> Row:
    return (*_head(by, code, name, each), *_NO_COUNTS, "")


def _noted(by: str, code: str, name: str, said: str) -> Row:
    return (by, code, name, *[None] * 7, *_NO_COUNTS, said)


def _head(by: str, code: str, name: str, each: Classes) -> Row:
    counts = (each.due, each.on_time, each.late, each.waiting, each.overdue)
    return (by, code, name, *counts, Percent(each.done_share), Percent(each.on_time_share))
