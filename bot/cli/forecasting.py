"""forecast: what will be said, to whom, when."""

import asyncio
import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta
from pathlib import Path

import click

from bot.app.catalogues import look
from bot.app.clock import RealClock
from bot.app.forecasting import LONGEST, PastError, Rehearsal, copy_of, paces
from bot.app.home import Home
from bot.app.opening import TELEGRAM, ZALO, networks
from bot.app.outlook import Outlook, outlook
from bot.catalogue.scalars import RefusedError, day
from bot.channels.local import CHANNEL as LOCAL_CHANNEL
from bot.channels.local import LocalChannel
from bot.cli.common import fail, home_of, home_option, sentences, settings_of, show_json
from bot.conversation.explaining import find_unit
from bot.domain.calendar import END_OF_DAY, LOCAL, local_day, local_moment
from bot.domain.plan import Plan
from bot.ports import Caps
from bot.reports.tables import Cell, rows_csv, rows_json
from bot.settings import Settings
from bot.store.forecasts import Said
from bot.texts import day as of_day
from bot.texts import minute, period_name, say
from bot.texts.admin import channel_name
from bot.texts.fates import step_words

DAYS = 30  # how far a forecast looks unless told otherwise
SHOWN = 400  # lines printed for people; --csv and --json have all
NAMED = 10  # units in one warning
NOBODY = "chưa có người liên kết"
OTHER = "tin khác"
KINDS = {
    "remind": "nhắc việc",
    "escalate": "báo việc quá hạn",
    "announce": "báo cáo mới",
    "summary": "tổng hợp tuần",
    "notice": "thông báo vận hành",
    "heard": "trả lời, quyết định",
}
FIELDS = ("at", "channel", "name", "role", "unit", "unit_name", "task", "period", "due", "step", "step_words", "kind")


@click.command("forecast")
@click.option("--from", "since", help="Từ ngày (mặc định: từ lúc này), ví dụ 2026-10-01.")
@click.option("--to", "until", help=f"Đến hết ngày (mặc định: {DAYS} ngày).")
@click.option("--unit", help="Chỉ một đơn vị: mã, tên hoặc tên viết tắt.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@click.option("--csv", "as_csv", is_flag=True, help="In CSV.")
@home_option
@click.pass_context
@sentences
def forecast_command(
    ctx: click.Context,
    own_home: Path | None,
    since: str | None,
    until: str | None,
    unit: str | None,
    as_json: bool,
    as_csv: bool,
) -> None:
    """Dự báo bot sẽ nhắn gì, cho ai, lúc nào; tính bằng chính phần gửi, trên một bản sao, không gửi gì."""
    home = home_of(ctx, own_home)
    settings = settings_of(home)
    start, end = _span(since, until)
    plan, said = _rehearsed(home, settings, start, end)
    of = _unit(plan, unit)
    said = tuple(each for each in said if each.at >= start and of in (None, each.unit))
    total = outlook(said, paces(settings))
    rows = [_row(each, plan) for each in said]
    if as_csv:
        click.echo(rows_csv(FIELDS, rows), nl=False)
    elif as_json:
        show_json(_json(start, end, rows, total, list(_warnings(said, total, settings, plan))))
    else:
        for line in _lines(start, end, said, total, settings, plan):
            click.echo(line)


def _span(since: str | None, until: str | None) -> tuple[datetime, datetime]:
    now = RealClock().now()
    first = _day(since)
    start = now if first is None or first == local_day(now) else local_moment(first, time.min)
    last = _day(until)
    end = start + timedelta(days=DAYS) if last is None else local_moment(last, END_OF_DAY)
    if end < start:
        fail(f"Khoảng dự báo kết thúc ({minute(end)}) trước khi bắt đầu ({minute(start)}); hãy sửa --from hoặc --to.")
    if end - start > LONGEST:
        fail(f"Khoảng dự báo dài quá {LONGEST.days} ngày; hãy chọn --from và --to gần nhau hơn.")
    return start, end


def _day(said: str | None) -> date | None:
    if said is None:
        return None
    try:
        return day(said)
    except RefusedError as error:
        fail(f"{error}.")


def _rehearsed(home: Home, settings: Settings, start: datetime, end: datetime) -> tuple[Plan, tuple[Said, ...]]:
    """Return what would be said from now, or from a past moment, up to the end; nothing of the home is changed."""
    begins = min(start, RealClock().now())
    if end - begins > LONGEST:
        fail(f"Dự báo được nhiều nhất {LONGEST.days} ngày kể từ lúc này; hãy chọn --from và --to gần hơn.")
    try:
        with copy_of(home, settings) as store:
            catalogue = look(home, store).catalogue
            rehearsal = Rehearsal(
                store, catalogue=catalogue, settings=settings, caps=_caps(settings), paces=paces(settings), start=begins
            )
            return catalogue.plan, asyncio.run(rehearsal.until(end))
    except PastError as error:
        fail(
            f"Bot đã ghi nhận việc đến {minute(error.last)}, nên không dự báo từ trước lúc đó được; "
            "việc đã qua xem bằng nhacviec explain, hoặc chọn --from muộn hơn."
        )


def _caps(settings: Settings) -> Mapping[str, Caps]:
    """Return what each channel can do that `run` would open; of one that is off, what the page can."""
    found: dict[str, Caps] = defaultdict(lambda: LocalChannel.caps)
    found.update({name: channel.caps for name, channel in networks(settings).items()})
    return found


def _unit(plan: Plan, said: str | None) -> str | None:
    if said is None:
        return None
    found = find_unit(plan, said)
    if found is None:
        fail(say("vi", "explain.no_unit", unit=said))
    return found.id


def _row(each: Said, plan: Plan) -> tuple[Cell, ...]:
    return (
        each.at,
        each.channel,
        each.name or each.group or (NOBODY if each.letter is None else ""),
        str(each.role or ""),
        each.unit,
        plan.unit_name(each.unit) if each.unit else "",
        each.task,
        each.period,
        each.due_at,
        each.step,
        step_words("vi", each.step),
        each.kind,
    )


def _json(
    start: datetime, end: datetime, rows: Sequence[Sequence[Cell]], total: Outlook, warnings: Sequence[str]
) -> dict[str, object]:
    return {
        "from": start.isoformat(),
        "to": end.isoformat(),
        "messages": total.messages,
        "days": [{"day": each.isoformat(), "messages": count} for each, count in total.days],
        "peaks": [
            {
                "channel": peak.channel,
                "at": peak.at.isoformat(),
                "messages": peak.messages,
                "limit": peak.limit,
                "waited_seconds": int(peak.waited.total_seconds()),
            }
            for peak in total.peaks
        ],
        "warnings": list(warnings),
        "rows": json.loads(rows_json(FIELDS, rows)),
    }


def _lines(
    start: datetime, end: datetime, said: Sequence[Said], total: Outlook, settings: Settings, plan: Plan
) -> Iterator[str]:
    yield f"Dự báo từ {minute(start)} đến {minute(end)}: {total.messages} tin."
    for warning in _warnings(said, total, settings, plan):
        yield f"CHÚ Ý  {warning}"
    for peak in total.peaks:
        of = f" (tối đa {peak.limit} tin/phút)" if peak.limit else ""
        yield f"Phút nhiều nhất, kênh {channel_name(peak.channel)}: {peak.messages} tin lúc {minute(peak.at)}{of}."
    if total.days:
        yield "Số tin mỗi ngày: " + "; ".join(f"{each:%d/%m} {count}" for each, count in total.days) + "."
    together = _together(said)
    for those in together[:SHOWN]:
        yield _line(those, plan)
    if len(together) > SHOWN:
        yield f"… và {len(together) - SHOWN} dòng khác; xem đủ bằng --csv hoặc --json."


def _together(said: Sequence[Said]) -> list[list[Said]]:
    """Return what one message says together, or what would be said to nobody of one unit at one moment."""
    found: dict[object, list[Said]] = {}
    for each in said:
        found.setdefault(each.letter or (each.at, each.unit, each.role), []).append(each)
    return list(found.values())


def _line(those: Sequence[Said], plan: Plan) -> str:
    first = those[0]
    when = f"{first.at.astimezone(LOCAL):%d/%m/%Y %H:%M}"
    role = say("vi", f"role.{first.role}") if first.role else "nhóm"
    units = ", ".join(dict.fromkeys(plan.unit_name(each.unit) for each in those if each.unit))
    whom = " ".join(part for part in (first.name or first.group or NOBODY, "–", role, units) if part)
    if not first.task:
        return f"{when}  {whom}: {KINDS.get(first.kind, OTHER)}"
    steps: dict[str, list[str]] = {}
    for each in those:
        named = f" ({name})" if (name := period_name(each.period, "vi")) else ""
        steps.setdefault(step_words("vi", each.step), []).append(f"{each.task}{named}")
    return f"{when}  {whom}: " + "; ".join(f"{step} {', '.join(dict.fromkeys(tasks))}" for step, tasks in steps.items())


def _warnings(said: Sequence[Said], total: Outlook, settings: Settings, plan: Plan) -> Iterator[str]:
    if total.silent:
        names = ", ".join(plan.unit_name(unit) for unit in list(total.silent)[:NAMED])
        more = f" và {len(total.silent) - NAMED} đơn vị khác" if len(total.silent) > NAMED else ""
        steps = sum(total.silent.values())
        yield f"{len(total.silent)} đơn vị chưa có người nhận, {steps} lượt nhắc không ai nghe: {names}{more}."
    for peak in total.peaks:
        if peak.is_slow:
            minutes = int(peak.waited.total_seconds() // 60)
            yield f"Kênh {channel_name(peak.channel)}: có tin phải chờ {minutes} phút mới đến lượt gửi."
    if total.cut:
        yield f"{total.cut} tin dài quá một tin của kênh, phải cắt làm nhiều phần."
    tokens = {TELEGRAM: settings.telegram_token, ZALO: settings.zalo_token}
    working = {name for name, token in tokens.items() if token} or {LOCAL_CHANNEL}
    for channel in sorted({each.channel for each in said if each.letter is not None} - working):
        yield f"Kênh {channel_name(channel)} chưa có mã bot: tin ở kênh này sẽ chờ."
    if settings.catalogue_shadow_until is not None:
        yield f"Đang đặt chạy thử đến hết {of_day(settings.catalogue_shadow_until)}: đến đó tin chỉ gửi cho quản trị."
