"""The sheets of what a week was counted from: units against tasks, every occurrence, report and delivery."""

from bot.domain.grid import Grid, Mark
from bot.reports.behind import DELIVERIES, OCCURRENCES, REPORTS, Records
from bot.reports.heatmap import LOOKS, mark_words
from bot.reports.sheets import Book, Entry, Percent, Sum
from bot.reports.tables import Cell

MOST = 200_000  # rows of a sheet: what a spreadsheet still opens at ease; `nhacviec export` has them all
MOST_TASKS = 1_000  # columns


def record_sheets(book: Book, records: Records, *, note: str) -> None:
    """Add the four sheets; one with more rows than a spreadsheet opens at ease is cut, and says so."""
    _grid_sheet(book, records.grid, note)
    for name, header, rows in (
        ("Từng kỳ", OCCURRENCES, records.occurrences),
        ("Báo cáo", REPORTS, records.reports),
        ("Gửi tin", DELIVERIES, records.deliveries),
    ):
        cut = f" Chỉ ghi {MOST} dòng đầu trong {len(rows)} dòng." if len(rows) > MOST else ""
        book.sheet(name, header, rows[:MOST], note=note + cut, frozen=1)


def _grid_sheet(book: Book, grid: Grid, note: str) -> None:
    tasks = grid.tasks[:MOST_TASKS]
    legend = ", ".join(f"{letter}: {name}" for letter, name, _ in LOOKS.values())
    by_unit = _overdue(grid)
    rows: list[tuple[Cell | Percent, ...]] = [
        (grid.names[unit], *(mark_words(grid.spots.get((unit, task))) for task in tasks), by_unit.get(unit, 0))
        for unit in grid.units[:MOST]
    ]
    last: tuple[Entry, ...] = ("Tổng cộng", *[""] * len(tasks), Sum(sum(by_unit.values())))
    said = f"{note} {legend}; số đi kèm là số kỳ."
    book.sheet("Đơn vị × nhiệm vụ", ("Đơn vị", *tasks, LOOKS[Mark.OVERDUE][1]), rows, note=said, last=last, frozen=1)


def _overdue(grid: Grid) -> dict[str, int]:
    found: dict[str, int] = {}
    for (unit, _), spot in grid.spots.items():
        if spot.mark is Mark.OVERDUE:
            found[unit] = found.get(unit, 0) + spot.count
    return found
