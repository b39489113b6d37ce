"""check, read: try what admins write and people say, without touching anything."""

import json
import re
import sys
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from pathlib import Path

import click

from bot.app.clock import RealClock
from bot.catalogue import CatalogueError, Problem, load_catalogue
from bot.cli.common import home_of, home_option, show_json
from bot.domain.calendar import Calendar, local_day
from bot.domain.due import After, Roll
from bot.domain.phrases import say_rule
from bot.domain.plan import Plan
from bot.settings import load_settings

_MANY = 50  # problems: more are gathered
_LINES = 5  # of those that say the same
# What looks like a task's code; "t6" is a Friday, "q4" a quarter.
_CODE = re.compile(r"(?<![\w/.-])(?!(?:[tT][2-7]|[qQ][1-4])\b)[A-Za-z]{1,3}\d{1,4}(?![\w/])")
_NAMED = re.compile(r"^(?:nhiệm vụ|đơn vị|tiêu chí|cách nhắc) [^:]+: ")
_ROLLS = {
    Roll.NONE: "giữ nguyên, nhắc vào ngày làm việc trước đó",
    Roll.NEXT: "lùi đến hết ngày làm việc tiếp theo (Bộ luật Dân sự 2015, Điều 148, khoản 5)",
    Roll.PREVIOUS: "đưa lên ngày làm việc liền trước",
}


@click.command("check")
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--all", "whole", is_flag=True, help=f"In mọi chỗ sai, kể cả khi có trên {_MANY}.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả cho chương trình đọc.")
@home_option
@click.pass_context
def check_command(ctx: click.Context, own_home: Path | None, plan: Path | None, whole: bool, as_json: bool) -> None:
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
        click.echo("\n".join(map(str, problems) if whole or len(problems) <= _MANY else _gathered(problems)))
        click.echo(f"Có {len(problems)} chỗ cần sửa.", err=True)
    elif found is not None:
        click.echo("\n".join(_read_back(found.plan, found.calendar)))
    sys.exit(1 if problems else 0)


def _read_back(plan: Plan, calendar: Calendar) -> Iterator[str]:
    assignments = sum(len(task.units) for task in plan.tasks.values())
    yield f"Không có lỗi: {len(plan.tasks)} nhiệm vụ, {assignments} việc được giao."
    yield f"Lịch làm việc: {calendar.version or 'không ghi phiên bản (khóa version trong config/calendar.yaml)'}."
    yield f"Hạn rơi vào ngày nghỉ: {_ROLLS[plan.roll]}."
    for task in plan.tasks.values():
        note = f" ({task.due_note})" if task.due_note else ""
        waits = "; chờ ngày của sự kiện" if isinstance(task.due, After) else ""
        yield f"  {task.id}: {say_rule(task.due)}{waits}{note}"


def _gathered(problems: Sequence[Problem]) -> Iterator[str]:
    """Yield the first of many problems, one line for all of a file that say the same of different tasks or units."""
    alike: dict[tuple[str, str], list[Problem]] = {}
    for problem in problems:
        alike.setdefault((problem.file, _NAMED.sub("", problem.text)), []).append(problem)
    shown = list(alike.values())[:_MANY]
    for first, *others in shown:
        lines = ", ".join(str(each.line) for each in others[:_LINES]) + (", …" if len(others) > _LINES else "")
        yield f"{first} (và {len(others)} chỗ nữa: dòng {lines})" if others else str(first)
    left = len(problems) - sum(map(len, shown))
    if left:
        yield f"… và {left} chỗ khác; sửa các chỗ trên rồi kiểm tra lại, hoặc thêm --all để xem hết."


@click.command("read")
@click.argument("text")
@click.option("--now", type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]), help="Hiểu như vào ngày này.")
@click.option("--json", "as_json", is_flag=True, help="In kết quả cho chương trình đọc.")
def read_command(text: str, now: datetime | None, as_json: bool) -> None:
    """Đọc thử một tin trả lời."""
    from bot.domain.replies import read_replies  # noqa: PLC0415  (`check` has no use for the lexicon)

    today: date = now.date() if now else local_day(RealClock().now())
    read = read_replies(text, today=today, codes=frozenset(_CODE.findall(text)))
    rows: list[dict[str, object]] = [
        {
            "intent": str(reading.intent),
            "sure": reading.sure,
            "percent": reading.percent,
            "date": reading.until.isoformat() if reading.until else None,
            "note": reading.note,
            "choice": reading.choice,
            "task": reading.task,
        }
        for reading in read
    ]
    if as_json:
        show_json(rows[0] | ({"reports": rows} if len(rows) > 1 else {}))
    for row in () if as_json else rows:
        click.echo(", ".join(f"{name}={json.dumps(value, ensure_ascii=False)}" for name, value in row.items()))
