"""due, event: try a deadline phrase of an annex; say when the event was that a due counts from."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import click

from bot.app.clock import RealClock
from bot.catalogue import load_workdays
from bot.cli.common import fail, home_of, home_option, opened, sentences, show_json
from bot.domain.calendar import LOCAL, local_day
from bot.domain.due import (
    After,
    DueRule,
    Once,
    Period,
    Rhythm,
    Several,
    Undated,
    Unset,
    counted_day,
    periods,
    rolled_day,
)
from bot.domain.phrases import PhraseError, read_phrase, say_rule
from bot.store import events

_YEAR = timedelta(days=365)
_LONGEST = timedelta(days=36_525)  # a century
_WHY = {
    "continuous": "Việc thường xuyên không có hạn riêng; bot hỏi tình hình vào cuối mỗi kỳ.",
    "event": "Hạn tính từ một sự kiện; chờ nhập ngày của sự kiện bằng «nhacviec event NHIỆM_VỤ NGÀY».",
    str(Unset.ON_DEMAND): "Chỉ làm khi có yêu cầu; không có ngày nào để nhắc.",
    str(Unset.UNDETERMINED): "Chưa xác định ngày; hãy ghi ngày khi văn bản được dẫn đã định.",
}


@click.command("due")
@click.argument("phrase")
@click.option("--from", "since", type=click.DateTime(["%Y-%m-%d"]), help="Từ ngày (mặc định: hôm nay).")
@click.option("--to", "until", type=click.DateTime(["%Y-%m-%d"]), help="Đến ngày (mặc định: sau một năm).")
@click.option("--json", "as_json", is_flag=True, help="In kết quả cho chương trình đọc.")
@home_option
@click.pass_context
@sentences
def due_command(
    ctx: click.Context,
    own_home: Path | None,
    phrase: str,
    since: datetime | None,
    until: datetime | None,
    as_json: bool,
) -> None:
    """Đọc thử một cụm từ chỉ thời hạn; ngày nghỉ theo config/calendar.yaml nếu có, chưa tính khóa roll của kế hoạch."""
    first = since.date() if since else local_day(RealClock().now())
    last = until.date() if until else first + _YEAR
    if not timedelta() <= last - first <= _LONGEST:
        fail("--to phải sau --from và không quá 100 năm.")
    try:
        rule = read_phrase(phrase)
    except PhraseError as error:
        fail(str(error))
    found = _found(rule, home_of(ctx, own_home).root, first=first, last=last)
    if as_json:
        show_json(found)
        return
    click.echo(found["reads"])
    if "why" in found:
        click.echo(found["why"])
    moments = [*found["due"], *found.get("asked", ())]
    for moment in moments:
        click.echo(f"  {datetime.fromisoformat(moment):%H:%M %d/%m/%Y}")
    if not moments and "why" not in found:
        click.echo(f"Không có hạn nào từ {first:%d/%m/%Y} đến {last:%d/%m/%Y}.")


@click.command("event")
@click.argument("task_id", metavar="NHIỆM_VỤ")
@click.argument("day", metavar="NGÀY", type=click.DateTime(["%Y-%m-%d", "%d/%m/%Y"]))
@home_option
@click.pass_context
@sentences
def event_command(ctx: click.Context, own_home: Path | None, task_id: str, day: datetime) -> None:
    """Nhập ngày của sự kiện mà hạn của một nhiệm vụ được tính từ đó; bot đang chạy nhận ngay."""
    with opened(home_of(ctx, own_home)) as (_, store, catalogue):
        task = catalogue.plan.tasks.get(task_id)
        if task is None:
            fail(f"Không có nhiệm vụ {task_id} trong kế hoạch; chạy nhacviec check để xem danh sách.")
        if not isinstance(task.due, After):
            fail(f"Hạn của {task_id} không tính từ sự kiện nào: {say_rule(task.due)}.")
        counted_on = counted_day(task.due, day.date(), catalogue.calendar)
        due_on = rolled_day(counted_on, catalogue.plan.roll, catalogue.calendar)
        if not catalogue.plan.starts <= counted_on <= catalogue.plan.ends:
            fail(f"Tính ra hạn {due_on:%d/%m/%Y}, nằm ngoài thời gian của kế hoạch; hãy kiểm tra lại ngày.")
        store.write(lambda tx: events.enter(tx, task=task_id, day=day.date(), now=RealClock().now()))
    click.echo(f"{task_id}: {task.due.event} ngày {day:%d/%m/%Y}; hạn {due_on:%d/%m/%Y}.")


def _found(rule: DueRule, home: Path, *, first: date, last: date) -> dict[str, Any]:
    calendar = load_workdays(home, first_year=first.year, last_year=last.year)
    moments = [_local(each) for each in periods(rule, starts=first, ends=last, calendar=calendar)]
    kind = kind_of(rule)
    reads = say_rule(rule)
    if moments and not isinstance(rule, Once):
        reads += f"; kỳ đầu {datetime.fromisoformat(moments[0]):%d/%m/%Y}"
    shown: dict[str, Any] = {"reads": reads, "kind": kind, "due": moments}
    if kind == "continuous":
        shown |= {"due": [], "asked": moments}
    return shown | ({"why": _WHY[kind]} if kind in _WHY else {})


def kind_of(rule: DueRule) -> str:
    """Return what sort of due a rule is: once, several, continuous, event, on_demand, undetermined, or how often it comes."""
    match rule:
        case Once():
            return "once"
        case Several():
            return "several"
        case After():
            return "event"
        case Undated():
            return str(rule.why)
        case Rhythm():
            return "continuous" if rule.continuous else str(rule.every)


def _local(period: Period) -> str:
    return period.due_at.astimezone(LOCAL).isoformat()
