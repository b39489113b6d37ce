"""A table shaped like the official list of 16/11/2025: 74 tasks, due dates in clusters, a sixth owned by a group."""

from tests.imports.annexes import Line, Span

SINGLE = [
    "Sở Nội vụ",
    "Sở Tài chính",
    "Sở Y tế",
    "Sở Tư pháp",
    "UBND thành phố Hội An",
    "Thanh tra tỉnh",
    "VP UBND tỉnh",
]
GROUPED = "Các sở, ban, ngành; UBND các huyện, thị xã, thành phố"
DUES = (
    ["trước ngày 30/9/2025"] * 20 + ["Trong tháng 9/2025"] * 6 + ["trong Quý III/2025"] * 5
    + ["31/10/2025"] * 8 + ["trong tháng 10/2025"] * 4 + ["trước ngày 18/10/2025"] * 8 + ["Quý IV/2025"] * 8
    + ["Nhiệm vụ thường xuyên"] * 3 + ["Hằng tháng, trước ngày 25"] * 4 + ["trước 17h00 ngày 26/10/2025"] * 4
    + ["Theo kế hoạch của Bộ Nội vụ"] * 2 + ["20 ngày sau khi Tỉnh ủy ban hành kế hoạch"] * 2
)  # fmt: skip
TASKS = 74
HEADING: list[Line] = [
    [Span("TT", rows=2), Span("NHIỆM VỤ", rows=2), Span("Văn bản giao nhiệm vụ", rows=2),
     Span("Cơ quan thực hiện", columns=2), Span("Thời hạn hoàn thành", rows=2), Span("Kết quả dự kiến", rows=2),
     Span("Nguồn kinh phí", rows=2)],
    ["Chủ trì", "Phối hợp"],
]  # fmt: skip


def official() -> list[Line]:
    """Return the table: titles above, a heading of two rows, three groups, 74 tasks, a total and a note below."""
    lines: list[Line] = [
        [Span("PHỤ LỤC I", columns=8)],
        [Span("(Kèm theo Kế hoạch số 5610/KH-UBND ngày 24/8/2022 của UBND tỉnh Quảng Nam)", columns=8)],
        *HEADING,
        ["(1)", "(2)", "(3)", "(4)", "(5)", "(6)", "(7)", "(8)"],
    ]
    for number in range(1, TASKS + 1):
        if number in {1, 30, 60}:
            lines.append([{1: "I", 30: "II", 60: "III"}[number], Span(f"Nhóm thứ {number}", columns=7)])
        lines.append(_task(number))
    lines.append([Span("Tổng cộng: 74 nhiệm vụ", columns=8)])
    lines.append([None] * 8)
    lines.append([Span("Ghi chú: số liệu tính đến ngày 07/11/2025.", columns=8)])
    return lines


def _task(number: int) -> Line:
    owners = GROUPED if number % 6 == 0 else SINGLE[number % len(SINGLE)]
    if number % 10 == 1:
        owners = "- Sở Kế hoạch và Đầu tư;\n- Sở Văn hóa, Thể thao và Du lịch"
    return [
        f"{number:02d}" if number < 10 else str(number),
        f"Hoàn thành việc thứ {number}: rà soát, báo cáo\nvà gửi kết quả",
        "624/TB-VPCP",
        owners,
        "Các cơ quan có liên quan" if number % 5 == 0 else "Sở Thông tin và Truyền thông",
        DUES[number - 1],
        "Báo cáo của đơn vị" if number % 2 else "Hệ thống vận hành ổn định",
        "Ngân sách" if number == 7 else None,
    ]
