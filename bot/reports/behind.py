"""What a week's figures were counted from, as rows: plain values, so that nothing heavy is loaded to gather them."""

from collections.abc import Sequence
from dataclasses import dataclass

from bot.domain.grid import Grid
from bot.reports.tables import Cell

OCCURRENCES = ("Mã", "Nhiệm vụ", "Đơn vị", "Hạn", "Hạn gốc", "Tình trạng", "Báo cáo gần nhất", "Nội dung")
REPORTS = ("Mã", "Đơn vị", "Kỳ", "Người báo cáo", "Kênh", "Báo cáo", "Kết quả", "Nội dung", "Quyết định", "Lúc")
DELIVERIES = ("Mã", "Đơn vị", "Kỳ", "Bước", "Hạn", "Dự kiến", "Kết quả", "Người nhận", "Kênh", "Lúc")

Rows = Sequence[Sequence[Cell]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Records:
    """What stands behind a week's figures, as of its moment; rows as the three headers name them."""

    grid: Grid
    occurrences: Rows
    reports: Rows
    deliveries: Rows
