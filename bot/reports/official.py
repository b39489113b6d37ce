"""The official report of a week: from frozen figures and a letterhead to the paper that an office signs."""

from collections.abc import Iterable, Iterator

from bot.domain.calendar import local_day
from bot.domain.compliance import WeekFigures
from bot.reports.annexes import annexes_of
from bot.reports.official_counts import counts
from bot.reports.official_sections import asked_for, coming, corrected, late_units, proposals, silence
from bot.reports.official_words import official_moment, official_month, period
from bot.reports.paper import BLANK, Block, Heading, Item, Letterhead, Paper, Paragraph

ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX")

Section = tuple[str, list[Block]]


def paper_of(figures: WeekFigures, head: Letterhead) -> Paper:
    """Return the report: the same figures and letterhead give the same paper. The date of signing is left open."""
    signed = local_day(figures.as_of)
    return Paper(
        head=head,
        kind="BÁO CÁO",
        about=f"Tình hình thực hiện {head.plan} {period(figures)}",
        number=f"Số: {BLANK}/{head.symbol}",
        dated=f"{head.place}, ngày …… tháng {official_month(signed)} năm {signed.year}",
        blocks=tuple(_blocks(figures, head)),
        annexes=annexes_of(figures, head, as_of=official_moment(figures.as_of)),
    )


def _blocks(figures: WeekFigures, head: Letterhead) -> Iterator[Block]:
    about = f" về {head.about}" if head.about else ""
    yield Paragraph(
        f"Thực hiện {head.plan}{about}, {head.issuer} báo cáo tình hình thực hiện {period(figures)}, "
        f"số liệu tính đến {official_moment(figures.as_of)}, như sau:"
    )
    sections: list[Section] = [
        ("TÌNH HÌNH CHUNG", _numbered(counts(figures))),
        ("KẾT QUẢ THEO ĐƠN VỊ", list(late_units(figures))),
        ("KHÓ KHĂN, VƯỚNG MẮC VÀ ĐỀ NGHỊ GIA HẠN", list(asked_for(figures))),
        ("CẬP NHẬT, BÁO CÁO CỦA CÁC ĐƠN VỊ", list(silence(figures))),
        ("NHIỆM VỤ ĐẾN HẠN ĐẾN HẾT TUẦN TỚI", list(coming(figures))),
        ("ĐIỀU CHỈNH SỐ LIỆU KỲ TRƯỚC", list(corrected(figures))),
        ("ĐỀ XUẤT, KIẾN NGHỊ", list(proposals(figures, head))),
    ]
    for number, (title, blocks) in zip(ROMAN, (each for each in sections if each[1]), strict=False):
        yield Heading(f"{number}. {title}")
        yield from _ended(blocks)
    to = f" kính báo cáo {head.parent} xem xét, chỉ đạo" if head.parent else " báo cáo"
    yield Paragraph(f"Trên đây là báo cáo tình hình thực hiện {period(figures)}; {head.issuer}{to}./.")


def _ended(blocks: list[Block]) -> Iterator[Block]:
    """Yield the blocks with the lines of every list ended, the last by a full stop."""
    for place, block in enumerate(blocks):
        is_last = not isinstance(blocks[place + 1] if place + 1 < len(blocks) else None, Item)
        yield Item(f"{block.text.rstrip('.')}{'.' if is_last else ';'}") if isinstance(block, Item) else block


def _numbered(lines: Iterable[Block]) -> list[Block]:
    numbered: list[Block] = []
    place = 0
    for line in lines:
        place += isinstance(line, Paragraph)
        numbered.append(Paragraph(f"{place}. {line.text}") if isinstance(line, Paragraph) else line)
    return numbered
