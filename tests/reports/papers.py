"""A week with something in every part of it, and the plan it belongs to, for the tests of papers and pictures."""

from dataclasses import replace
from datetime import UTC, date, datetime

from bot.domain.compliance import Line, Rates, UnitFigures, WeekFigures
from bot.domain.plan import Plan, Result, ResultKind
from bot.domain.tallies import Classes, Correction, Corrections, Missed, Past, ResultSum, Risk
from tests.builders import EMPTY_WEEK, plan, task, unit

NAMES = (
    "Sở Giao thông vận tải",
    "UBND thị xã Điện Bàn",
    "Ban Quản lý các Khu kinh tế và Khu công nghiệp",
    "Sở Lao động - Thương binh và Xã hội",
    "UBND huyện Nông Sơn",
    "Sở Nội vụ",
)
_COUNTS = ((4, 2, 1, 5), (3, 3, 0, 4), (6, 1, 2, 2), (9, 1, 0, 1), (7, 0, 1, 0), (12, 0, 0, 0))
AS_OF = datetime(2022, 9, 30, 3, 0, tzinfo=UTC)

PLAN: Plan = plan(
    task(
        "R3",
        title="Ban hành kế hoạch khắc phục các tồn tại, hạn chế trong Chỉ số cải cách hành chính năm 2021",
        due_text="17 giờ ngày 30/9/2022",
        basis=("5610/KH-UBND", "16-NQ/TU"),
        units=("u0", "u1", "u2", "u3"),
        partners=("snv",),
        result=Result(kind=ResultKind.DOCUMENT, label="kế hoạch khắc phục tồn tại"),
    ),
    task(
        "R18",
        title="Công khai tiến độ, kết quả giải quyết hồ sơ thủ tục hành chính <trên> Cổng & Trang",
        due_text="Hằng tháng, trước ngày 25",
        units=("u0", "snv"),
        result=Result(kind=ResultKind.RATIO, of="hồ sơ đúng hạn", over="hồ sơ đã giải quyết", target=95),
    ),
    units=(
        *(unit(f"u{place}", name=name) for place, name in enumerate(NAMES[:-1])),
        unit("snv", name="Sở Nội vụ", short="SNV"),
    ),
    issued_on=date(2022, 8, 24),
    title="Cải thiện và nâng cao Chỉ số cải cách hành chính tỉnh Quảng Nam",
)


def unit_figures(place: int, name: str, counts: tuple[int, ...]) -> UnitFigures:
    """Return a unit's figures: on time, late, waiting, overdue; each overdue one is eleven days late."""
    on_time, late, waiting, overdue = counts
    return UnitFigures(
        unit_id=f"u{place}",
        name=name,
        due=sum(counts),
        on_time=on_time,
        late=late,
        waiting=waiting,
        overdue=overdue,
        not_asked=1 if place == 4 else 0,
        days_late=11 * overdue,
        original=Classes(on_time=on_time, late=late, waiting=waiting, overdue=overdue),
        ages=(0, overdue // 2, overdue - overdue // 2, 0, 0),
        apart={"no_contact": 1} if place == 4 else {},
        unassigned=overdue,
    )


def line(task_id: str, name: str, *, note: str = "", day: int = 19, days: int = 11) -> Line:
    """Return a list's entry of a task of the plan, due on a day of September 2022."""
    due_at = datetime(2022, 9, day, 10, 0, tzinfo=UTC)
    return Line(task=task_id, title=PLAN.tasks[task_id].title, unit=name, due_at=due_at, note=note, days=days)


UNITS = tuple(
    unit_figures(place, name, counts) for place, (name, counts) in enumerate(zip(NAMES, _COUNTS, strict=True))
)
FULL: WeekFigures = replace(
    EMPTY_WEEK,
    as_of=AS_OF,
    given=64,
    asked_units=5,
    units_total=6,
    in_doubt=2,
    units=UNITS,
    previous=Rates(done_share=0.7, on_time_share=0.66),
    blocked=(line("R18", NAMES[0], note="Phần mềm một cửa <lỗi> & chưa có kinh phí\x00"),),
    extensions=(line("R3", NAMES[1], note="→ 15/10/2022; chờ hướng dẫn"),),
    overdue=tuple(
        line("R3" if number % 2 else "R18", name)
        for name, counts in zip(NAMES, _COUNTS, strict=True)
        for number in range(counts[3])
    ),
    next_week=(line("R18", NAMES[5], day=30, days=7), line("R3", NAMES[2], day=30, days=7)),
    unanswered=(line("R3", NAMES[3]),),
    undeliverable=(line("R3", NAMES[4], note="no_contact"),),
    missed=Missed(steps=4, first_on=date(2022, 9, 27), last_on=date(2022, 9, 28), tasks=("R3",)),
    unreachable=(NAMES[4],),
    form=2,
    tasks=(
        replace(unit_figures(0, PLAN.tasks["R3"].title, (30, 5, 3, 6)), unit_id="R3"),
        replace(unit_figures(1, PLAN.tasks["R18"].title, (11, 2, 1, 6)), unit_id="R18"),
    ),
    risks=(Risk(id="1", name="Chỉ đạo, điều hành", points=8.5, source="QĐ 1149", rule="QĐ 1149", overdue=6, days=66),),
    results=(
        ResultSum(
            task="R18", kind="ratio", label="hồ sơ đúng hạn/hồ sơ đã giải quyết", reports=4, nothing=1, done=1206,
            total=1250, aimed=3, met=2,
        ),
    ),
    silent=(line("R18", NAMES[4], days=97),),
    earlier=(Past(why="last", week="2022-W38", classes=Classes(on_time=30, late=5, waiting=3, overdue=12)),),
    corrections=Corrections(
        week="2022-W38",
        before=Classes(on_time=30, late=5, waiting=3, overdue=12),
        after=Classes(on_time=32, late=5, waiting=1, overdue=12),
        tasks=(
            Correction(
                task="R3",
                before=Classes(on_time=30, late=5, waiting=3, overdue=12),
                after=Classes(on_time=32, late=5, waiting=1, overdue=12),
            ),
        ),
    ),
)  # fmt: skip
