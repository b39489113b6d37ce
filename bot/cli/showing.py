"""summary, export, explain: what the records say."""

from collections.abc import Sequence
from datetime import date, datetime, time
from pathlib import Path

import click

from bot.app.clock import RealClock
from bot.catalogue import Catalogue
from bot.cli.common import fail, home_of, home_option, opened, sentences, show_json
from bot.cli.papers import Files, file_options, write_files
from bot.cli.verifying import verify_week
from bot.conversation.explaining import find_task, find_unit, no_task
from bot.conversation.fates import EXPLAINED, explain, explained_rows
from bot.conversation.fates import sentences as explained_lines
from bot.domain.calendar import local_day, local_moment
from bot.domain.compliance import WeekFigures, week_from_json, week_to_json
from bot.domain.plan import Plan
from bot.domain.spans import week_name
from bot.jobs.summarise import figures_of
from bot.reports.tables import Cell, rows_csv, rows_json
from bot.settings import Settings
from bot.store import Store, summaries
from bot.store.exports import EXPORTS
from bot.texts import say
from bot.texts.week import heading, text

LAST = 60  # lines of the ledger that explain prints
FIRST_YEAR, LAST_YEAR = 1900, 2999  # a slip of the pen lies outside, and no date beside a week inside overflows


@click.command("summary")
@click.option("--week", help="Tuần ISO, ví dụ 2022-W39 (mặc định: tuần này).")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@click.option("--verify", "to_verify", is_flag=True, help="Dựng lại bản đã phát hành và so từng byte.")
@file_options
@home_option
@click.pass_context
@sentences
def summary_command(
    ctx: click.Context,
    own_home: Path | None,
    week: str | None,
    as_json: bool,
    to_verify: bool,
    files: Files,
) -> None:
    """In tổng hợp của một tuần: bản đã phát hành, hoặc số liệu đến lúc này nếu chưa phát hành."""
    home = home_of(ctx, own_home)
    with opened(home) as (settings, store, catalogue):
        if to_verify:
            verify_week(store, _week_name(week, settings), home.data, as_json=as_json)
            return
        figures, published_at = _figures(store, settings, catalogue, week)
        write_files(files, figures, store=store, catalogue=catalogue, home=home.root)
    if as_json:
        published = published_at.isoformat() if published_at else None
        show_json({"published_at": published, **week_to_json(figures), **_rates(figures)})
        return
    click.echo(heading("vi", figures))
    if published_at is None:
        click.echo("(chưa phát hành)")
    click.echo(text("vi", figures))


@click.command("export")
@click.argument("what", type=click.Choice(list(EXPORTS)))
@click.option("--format", "form", type=click.Choice(["json", "csv", "xlsx"]), default="json", show_default=True)
@click.option("-o", "--output", type=click.Path(dir_okay=False, path_type=Path), help="Ghi ra tệp (bắt buộc với xlsx).")
@home_option
@click.pass_context
@sentences
def export_command(ctx: click.Context, own_home: Path | None, what: str, form: str, output: Path | None) -> None:
    """Xuất báo cáo, sổ bước hoặc tình trạng ra JSON, CSV hoặc Excel."""
    now = RealClock().now()
    with opened(home_of(ctx, own_home)) as (_, store, catalogue):
        header, rows = store.read(lambda tx: EXPORTS[what](tx, catalogue.plan, now))
    content = _content(what, form, header, rows, now)
    if output is not None:
        output.write_bytes(content)
    elif form == "xlsx":
        fail("Bảng tính phải ghi ra tệp: thêm -o TỆP.xlsx.")
    else:
        click.echo(content.decode(), nl=False)


@click.command("explain")
@click.argument("task")
@click.option("--unit", help="Chỉ một đơn vị: mã, tên hoặc tên viết tắt.")
@click.option("--last", type=click.IntRange(min=1), default=LAST, show_default=True, help="In bao nhiêu dòng gần nhất.")
@click.option("--json", "as_json", is_flag=True, help="In JSON, đủ mọi dòng.")
@home_option
@click.pass_context
@sentences
def explain_command(
    ctx: click.Context, own_home: Path | None, task: str, unit: str | None, last: int, as_json: bool
) -> None:
    """Sổ bước của một nhiệm vụ: đã gửi gì, không gửi gì, vì sao, và sắp tới nhắc khi nào."""
    now = RealClock().now()
    with opened(home_of(ctx, own_home)) as (_, store, catalogue):
        plan, calendar = catalogue.plan, catalogue.calendar
        code, of = _task(plan, task), _unit(plan, unit)
        at_most = None if as_json else last
        found = store.read(
            lambda tx: explain(tx, plan=plan, calendar=calendar, task=code, unit=of, now=now, last=at_most)
        )
    if as_json:
        click.echo(rows_json(EXPLAINED, explained_rows("vi", found)), nl=False)
        return
    click.echo(f"{code}: {plan.tasks[code].title}")
    for line in explained_lines("vi", found, plan=plan):
        click.echo(line)


def _task(plan: Plan, said: str) -> str:
    return find_task(plan, said) or fail(no_task("vi", plan, said))


def _unit(plan: Plan, said: str | None) -> str | None:
    if said is None:
        return None
    found = find_unit(plan, said)
    if found is None:
        fail(say("vi", "explain.no_unit", unit=said))
    return found.id


def _week_name(week: str | None, settings: Settings) -> str:
    return week_name(_day_of(week, settings) if week else local_day(RealClock().now()))


def _figures(
    store: Store, settings: Settings, catalogue: Catalogue, week: str | None
) -> tuple[WeekFigures, datetime | None]:
    now = RealClock().now()
    day = _day_of(week, settings) if week else local_day(now)
    published = store.read(lambda tx: summaries.get(tx, week_name(day)))
    if published is not None:
        return week_from_json(published.figures), published.published_at
    as_of = min(local_moment(day, settings.summary_as_of if week else time.max), now)
    return store.read(lambda tx: figures_of(tx, catalogue.plan, day=day, as_of=as_of)), None


def _day_of(week: str, settings: Settings) -> date:
    year, _, number = week.partition("-W")
    try:
        day = date.fromisocalendar(int(year), int(number), settings.summary_on + 1)
    except ValueError:
        day = date.min
    if not FIRST_YEAR <= day.year <= LAST_YEAR:
        fail(f"«{week}» không phải tuần; hãy viết như 2022-W39.")
    return day


def _rates(figures: WeekFigures) -> dict[str, object]:
    total = figures.total
    counts = {name: getattr(total, name) for name in ("due", "on_time", "late", "waiting", "overdue", "not_asked")}
    return {
        "total": {**counts, "done": total.done, "days_late": total.days_late},
        "done_share": total.done_share,
        "on_time_share": total.on_time_share,
    }


def _content(what: str, form: str, header: Sequence[str], rows: Sequence[Sequence[Cell]], now: datetime) -> bytes:
    if form == "xlsx":
        from bot.reports.workbook import rows_xlsx  # noqa: PLC0415  (heavy)

        return rows_xlsx(what, header, rows, made_at=now)
    return (rows_csv(header, rows) if form == "csv" else rows_json(header, rows) + "\n").encode()
