"""The sections of the official report that follow its counts: units, what is asked for, silence, what comes, proposals."""

from collections.abc import Iterator

from bot.domain.calendar import local_day
from bot.domain.compliance import Line, WeekFigures
from bot.domain.tallies import Classes
from bot.reports import words
from bot.reports.official_words import official_day
from bot.reports.paper import Block, Item, Letterhead, Paragraph
from bot.texts import shortened

NOTE = 300  # characters of what a unit wrote
LISTED = 15  # lines of a list in the text; the annexes have more
_UNTIL = "→ "  # so begins the note of an extension asked for


def late_units(figures: WeekFigures) -> Iterator[Block]:
    """Yield which units have overdue tasks, worst first."""
    late = [unit for unit in figures.units if unit.overdue]
    if not late:
        yield Paragraph("Không có đơn vị nào còn nhiệm vụ quá hạn chưa hoàn thành. Số liệu từng đơn vị tại Phụ lục I.")
        return
    yield Paragraph(
        f"Có {words.ratio(len(late), figures.units_total)} đơn vị còn nhiệm vụ quá hạn chưa hoàn thành "
        "(số liệu từng đơn vị tại Phụ lục I, danh mục nhiệm vụ tại Phụ lục II), gồm:"
    )
    yield from _listed(
        [
            f"{words.one_line(unit.name)}: {words.number(unit.overdue)} nhiệm vụ quá hạn, tổng số "
            f"{words.number(unit.days_late)} ngày; đã hoàn thành {words.ratio(unit.done, unit.due)} nhiệm vụ đến hạn"
            for unit in late
        ],
        what="đơn vị",
    )


def asked_for(figures: WeekFigures) -> Iterator[Block]:
    """Yield what is blocked and which extensions wait for a decision, in the units' own words."""
    for number, title, lines, name in (
        (1, "Vướng mắc cần cho ý kiến", [_said(line) for line in figures.blocked], "blocked"),
        (2, "Đề nghị gia hạn chờ quyết định", [_wanted(line) for line in figures.extensions], "extensions"),
    ):
        if not lines:
            yield Paragraph(f"{number}. {title}: {words.NOTHING}")
            continue
        beyond = figures.beyond.get(name, 0)
        yield Paragraph(f"{number}. {title} ({words.number(len(lines) + beyond)} nội dung):")
        yield from _listed(lines, what="nội dung", beyond=beyond)


def _said(line: Line) -> str:
    note = shortened(words.one_line(line.note), NOTE)
    return f"{line.task}, {words.one_line(line.unit)}: {f'“{note}”' if note else words.one_line(line.title)}"


def _wanted(line: Line) -> str:
    wanted = shortened(words.one_line(line.note.removeprefix(_UNTIL)), NOTE)
    return (
        f"{line.task}, {words.one_line(line.unit)}: hạn {official_day(local_day(line.due_at))}, "
        f"đề nghị gia hạn đến {wanted}"
    )


def silence(figures: WeekFigures) -> Iterator[Block]:
    """Yield who has said nothing, and who cannot be reached."""
    count = len(figures.unanswered) + figures.beyond.get("unanswered", 0)
    if count:
        by = len({line.unit for line in figures.unanswered})
        yield Paragraph(
            f"Có {words.number(count)} nhiệm vụ của {words.number(by)} đơn vị đã được nhắc nhưng chưa cập nhật tình hình."
        )
    else:
        yield Paragraph("Các nhiệm vụ đã được nhắc đều có cập nhật tình hình.")
    if figures.silent:
        yield Paragraph("Nhiệm vụ thường xuyên không có báo cáo quá 90 ngày:")
        lines = [f"{line.task}, {words.one_line(line.unit)}: {words.number(line.days)} ngày" for line in figures.silent]
        yield from _listed(lines, what="nhiệm vụ")
    if figures.unreachable:
        yield Paragraph("Đơn vị không còn đầu mối nhận được tin nhắc:")
        yield from _listed([words.one_line(name) for name in figures.unreachable], what="đơn vị")


def coming(figures: WeekFigures) -> Iterator[Block]:
    """Yield how much comes due until the end of next week."""
    count = len(figures.next_week) + figures.beyond.get("next_week", 0)
    if count:
        tasks = len({line.task for line in figures.next_week})
        yield Paragraph(
            f"Có {words.number(count)} lượt thực hiện của {words.number(tasks)} nhiệm vụ đến hạn (danh mục tại Phụ lục IV)."
        )
    else:
        yield Paragraph("Không có nhiệm vụ đến hạn.")


def corrected(figures: WeekFigures) -> Iterator[Block]:
    """Yield what later decisions changed in the last published week; nothing where there is none."""
    found = figures.corrections
    if found is None:
        return
    yield Paragraph(
        f"Số liệu tuần {int(found.week.partition('-W')[2])} tính lại theo các quyết định ban hành sau ngày chốt: "
        f"{_classes(found.before)} (đã báo cáo); {_classes(found.after)} (điều chỉnh)."
    )


def _classes(each: Classes) -> str:
    return (
        f"đúng hạn {words.number(each.on_time)}, quá hạn đã xong {words.number(each.late)}, "
        f"chờ xác nhận {words.number(each.waiting)}, quá hạn chưa xong {words.number(each.overdue)}"
    )


def proposals(figures: WeekFigures, head: Letterhead) -> Iterator[Block]:
    """Yield what follows from the figures for the units and for the body above."""
    if figures.total.overdue:
        yield Paragraph(
            "Đề nghị các đơn vị có nhiệm vụ quá hạn (Phụ lục II) khẩn trương hoàn thành, báo cáo kết quả hoặc nêu rõ lý do "
            "và thời gian hoàn thành dự kiến."
        )
    if figures.unanswered:
        yield Paragraph("Đề nghị các đơn vị chưa cập nhật tình hình thực hiện báo cáo đầy đủ, đúng hạn.")
    blocked = len(figures.blocked) + figures.beyond.get("blocked", 0)
    extensions = len(figures.extensions) + figures.beyond.get("extensions", 0)
    asked = [
        f"{words.number(count)} {what}"
        for count, what in ((blocked, "nội dung vướng mắc"), (extensions, "đề nghị gia hạn"))
        if count
    ]
    if asked:
        to = f"Kính đề nghị {head.parent}" if head.parent else "Kính đề nghị lãnh đạo"
        yield Paragraph(f"{to} xem xét, cho ý kiến đối với {' và '.join(asked)} nêu tại mục III.")


def _listed(lines: list[str], *, what: str, beyond: int = 0) -> Iterator[Block]:
    for line in lines[:LISTED]:
        yield Item(line)
    left = len(lines) - LISTED + beyond if len(lines) > LISTED else beyond
    if left:
        yield Item(f"và {words.number(left)} {what} khác")
