"""The first section of the official report: what was given, due and done, how late the rest is, what stands apart."""

from collections.abc import Iterator

from bot.domain.compliance import WeekFigures
from bot.domain.situations import EXTENSION, PAUSED, Asking
from bot.domain.tallies import ResultSum, Risk, UnitFigures
from bot.reports import words
from bot.reports.official_words import official_day
from bot.reports.paper import Block, Item, Paragraph
from bot.texts import say
from bot.texts.numbers import decimal
from bot.texts.week_overview import WHY

LISTED = 10  # results and criteria named in the text
_AGE_WORDS = ("dưới 1 ngày", "từ 1 đến 7 ngày", "từ 8 đến 30 ngày", "từ 31 đến 120 ngày", "trên 120 ngày")


def counts(figures: WeekFigures) -> Iterator[Block]:
    """Yield the paragraphs of the section in order, each with its numerator and denominator."""
    total = figures.total
    yield Paragraph(_due(figures, total))
    if total.due:
        yield Paragraph(_rates(figures, total))
    if total.original is not None and total.original != total.classes:
        first = total.original
        yield Paragraph(
            f"Tính theo hạn gốc, trước khi gia hạn: tỷ lệ hoàn thành {words.share(first.done_share)} "
            f"({words.ratio(first.done, first.due)}), tỷ lệ đúng hạn {words.share(first.on_time_share)} "
            f"({words.ratio(first.on_time, first.due)})."
        )
    yield Paragraph(_lateness(total))
    yield Paragraph(_coverage(figures, total))
    yield from _results(figures)
    yield from _points(figures, total)
    yield from _outage(figures)


def _due(figures: WeekFigures, total: UnitFigures) -> str:
    given = f"Đã giao {words.number(figures.given)} nhiệm vụ (mỗi đơn vị chủ trì tính một nhiệm vụ)."
    if not total.due:
        return f"{given} Đến thời điểm chốt số liệu chưa có nhiệm vụ đến hạn."
    return (
        f"{given} Đến thời điểm chốt số liệu có {words.number(total.due)} lượt nhiệm vụ đến hạn, gồm: "
        f"{words.number(total.on_time)} hoàn thành đúng hạn; {words.number(total.late)} hoàn thành quá hạn; "
        f"{words.number(total.waiting)} đã báo cáo, chờ xác nhận; {words.number(total.overdue)} quá hạn chưa hoàn thành."
    )


def _rates(figures: WeekFigures, total: UnitFigures) -> str:
    before = figures.previous
    done = words.change(total.done_share, before.done_share if before else None)
    on_time = words.change(total.on_time_share, before.on_time_share if before else None)
    return (
        f"Tỷ lệ hoàn thành nhiệm vụ đến hạn đạt {words.share(total.done_share)} "
        f"({words.ratio(total.done, total.due)}){f', {done}' if done else ''}; tỷ lệ hoàn thành đúng hạn đạt "
        f"{words.share(total.on_time_share)} ({words.ratio(total.on_time, total.due)}){f', {on_time}' if on_time else ''}."
    )


def _lateness(total: UnitFigures) -> str:
    if not total.overdue:
        return "Không có nhiệm vụ quá hạn chưa hoàn thành."
    said = [f"{words.number(n)} {age}" for n, age in zip(total.ages, _AGE_WORDS, strict=False) if n]
    ages = f", trong đó quá hạn: {'; '.join(said)}" if said else ""
    return (
        f"Có {words.number(total.overdue)} nhiệm vụ quá hạn chưa hoàn thành, "
        f"tổng số {words.number(total.days_late)} ngày quá hạn{ages}."
    )


def _coverage(figures: WeekFigures, total: UnitFigures) -> str:
    parts = [f"Số liệu thu được từ {words.ratio(figures.asked_units, figures.units_total)} đơn vị."]
    apart = [
        f"{words.number(total.apart[why])} {said}"
        for why, said in (
            *((each, f"chưa hỏi được đơn vị ({say('vi', WHY[each])})") for each in Asking if each in WHY),
            (EXTENSION, "chờ quyết định gia hạn"),
            (PAUSED, "tạm dừng"),
        )
        if total.apart.get(why)
    ]
    if not total.apart and total.not_asked:
        apart = [f"{words.number(total.not_asked)} chưa hỏi được đơn vị"]
    if apart:
        parts.append(f"Không tính vào nhiệm vụ đến hạn: {'; '.join(apart)}.")
    if figures.in_doubt:
        parts.append(f"Có {words.number(figures.in_doubt)} tin nhắn chưa xác định đã đến hay chưa.")
    return " ".join(parts)


def _results(figures: WeekFigures) -> Iterator[Block]:
    measured = [each for each in figures.results if each.total or each.count or each.aimed]
    if measured:
        yield Paragraph("Kết quả các đơn vị báo cáo:")
        yield from (Item(f"{each.task}: {result_words(each)}") for each in measured[:LISTED])
        if len(measured) > LISTED:
            yield Item(f"và kết quả của {words.number(len(measured) - LISTED)} nhiệm vụ khác tại Phụ lục III")


def result_words(each: ResultSum) -> str:
    """Return what the reports of a task came to: "hồ sơ đúng hạn 120/125 = 96,0%, đạt chỉ tiêu 3/4 báo cáo"."""
    sums = words.number(each.count) if each.count else ""
    if each.total:
        sums = f"{words.ratio(each.done, each.total)} = {words.share(each.done / each.total)}"
    met = f"đạt chỉ tiêu {words.ratio(each.met, each.aimed)} báo cáo" if each.aimed else ""
    nothing = f"không phát sinh {words.ratio(each.nothing, each.reports)} báo cáo" if each.nothing else ""
    label = words.one_line(each.label)
    return ", ".join(filter(None, (" ".join(filter(None, (label, sums))), met, nothing)))


def _points(figures: WeekFigures, total: UnitFigures) -> Iterator[Block]:
    if figures.risks:
        yield Paragraph("Tiêu chí có nguy cơ mất điểm do nhiệm vụ quá hạn:")
        yield from (Item(_risk(each)) for each in figures.risks[:LISTED])
        if len(figures.risks) > LISTED:
            yield Item(f"và {words.number(len(figures.risks) - LISTED)} tiêu chí khác")
    if total.unassigned:
        yield Paragraph(f"Có {words.number(total.unassigned)} nhiệm vụ quá hạn thuộc tiêu chí chưa gán điểm.")


def _risk(each: Risk) -> str:
    source = ", ".join(dict.fromkeys(filter(None, map(words.one_line, (each.source, each.rule)))))
    return (
        f"Tiêu chí {each.id} ({words.one_line(each.name)}): {decimal(each.points, 'vi')} điểm, theo {source}; "
        f"{words.number(each.overdue)} nhiệm vụ quá hạn, tổng số {words.number(each.days)} ngày"
    )


def _outage(figures: WeekFigures) -> Iterator[Block]:
    missed = figures.missed
    if missed is not None:
        days = official_day(missed.first_on)
        if missed.last_on != missed.first_on:
            days += f" đến {official_day(missed.last_on)}"
        yield Paragraph(f"Do hệ thống dừng, có {words.number(missed.steps)} lượt nhắc ({days}) không gửi đúng lúc.")
    if figures.skipped:
        weeks = ", ".join(str(int(week.partition("-W")[2])) for week in figures.skipped)
        yield Paragraph(f"Do hệ thống dừng, không có tổng hợp tuần {weeks}.")
