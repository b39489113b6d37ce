"""check, read: try what admins write and people say, without touching anything."""

import json
import sys
from datetime import date, datetime
from pathlib import Path

import click

from bot.app.clock import RealClock
from bot.catalogue import CatalogueError, Problem, load_catalogue
from bot.cli.common import home_of, home_option, show_json
from bot.domain.calendar import local_day
from bot.domain.due import After
from bot.domain.phrases import say_rule
from bot.domain.replies import read_reply
from bot.settings import load_settings


@click.command("check")
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In kết quả cho chương trình đọc.")
@home_option
@click.pass_context
def check_command(ctx: click.Context, own_home: Path | None, plan: Path | None, as_json: bool) -> None:
    """Kiểm tra plan_tasks.yaml và config/: mọi chỗ sai, kèm tệp:dòng:cột."""
    home = home_of(ctx, own_home)
    problems: list[Problem] = []
    found = None
    try:
        found = load_catalogue(home.root, plan)
    except CatalogueError as error:
        problems += error.problems
    try:
        load_settings(home.root, {})
    except CatalogueError as error:
        problems += error.problems
    if as_json:
        rows = [{"file": each.file, "line": each.line, "column": each.column, "text": each.text} for each in problems]
        show_json({"ok": not problems, "problems": rows})
    elif problems:
        for problem in problems:
            click.echo(str(problem))
        click.echo(f"Có {len(problems)} chỗ cần sửa.", err=True)
    elif found is not None:
        assignments = sum(len(task.units) for task in found.plan.tasks.values())
        click.echo(f"Không có lỗi: {len(found.plan.tasks)} nhiệm vụ, {assignments} việc được giao.")
        for task in found.plan.tasks.values():
            note = f" ({task.due_note})" if task.due_note else ""
            waits = "; chờ ngày của sự kiện" if isinstance(task.due, After) else ""
            click.echo(f"  {task.id}: {say_rule(task.due)}{waits}{note}")
    sys.exit(1 if problems else 0)


@click.command("read")
@click.argument("text")
@click.option("--now", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Hiểu như vào ngày này.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả cho chương trình đọc.")
def read_command(text: str, now: datetime | None, as_json: bool) -> None:
    """Đọc thử một tin trả lời."""
    today: date = now.date() if now else local_day(RealClock().now())
    reading = read_reply(text, today=today)
    shown = {
        "intent": str(reading.intent),
        "sure": reading.sure,
        "percent": reading.percent,
        "date": reading.until.isoformat() if reading.until else None,
        "note": reading.note,
        "choice": reading.choice,
    }
    if as_json:
        show_json(shown)
    else:
        click.echo(", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in shown.items()))
