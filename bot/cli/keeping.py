"""doctor, migrate, backup, restore: keeping a home in order."""

import sys
from pathlib import Path

import click

from bot.app.backup import back_up, restore
from bot.app.clock import RealClock
from bot.app.home import Home, HomeError
from bot.app.opening import open_store
from bot.catalogue import CatalogueError, load_catalogue
from bot.cli.common import home_of, home_option, opened, sentences, settings_of, show_json
from bot.domain.calendar import local_day
from bot.domain.due import After
from bot.domain.heirs import owing
from bot.domain.plan import Role
from bot.jobs.notify import matter_of
from bot.store import Store, events, notices, outbox, people, schema
from bot.texts.admin import told


@click.command("doctor")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@home_option
@click.pass_context
def doctor_command(ctx: click.Context, own_home: Path | None, as_json: bool) -> None:
    """Khám một thư mục kế hoạch: tệp, cơ sở dữ liệu, người, hộp gửi; mỗi dòng một kết luận."""
    findings = list(_findings(home_of(ctx, own_home)))
    if as_json:
        show_json([{"ok": is_ok, "text": text} for is_ok, text in findings])
    else:
        for is_ok, text in findings:
            click.echo(f"{'ĐẠT ' if is_ok else 'CẦN SỬA'}  {text}")
    sys.exit(0 if all(is_ok for is_ok, _ in findings) else 1)


@click.command("migrate")
@home_option
@click.pass_context
@sentences
def migrate_command(ctx: click.Context, own_home: Path | None) -> None:
    """Đưa cơ sở dữ liệu lên phiên bản mới nhất (lệnh run cũng tự làm)."""
    home = home_of(ctx, own_home)
    with open_store(home, settings_of(home)) as store:
        click.echo(f"Cơ sở dữ liệu ở phiên bản {store.schema_version()}.")
        kept = schema.copy_before(store.url)
        if kept is not None and kept.exists():
            click.echo(f"Bản sao trước khi nâng cấp: {kept}.")


@click.command("backup")
@click.argument("target", type=click.Path(file_okay=False, path_type=Path))
@home_option
@click.pass_context
@sentences
def backup_command(ctx: click.Context, own_home: Path | None, target: Path) -> None:
    """Sao lưu toàn bộ vào một thư mục mới, kể cả khi bot đang chạy; bản sao được mở ra kiểm tra."""
    home = home_of(ctx, own_home)
    home.expect()
    # Not `open_store`, which migrates: a backup changes nothing.
    with Store(home.database_url(settings_of(home).database_url)) as store:
        back_up(home, store, target)
    click.echo(f"Đã sao lưu vào {target}.")


@click.command("restore")
@click.argument("source", type=click.Path(exists=True, file_okay=False, path_type=Path))
@home_option
@click.pass_context
@sentences
def restore_command(ctx: click.Context, own_home: Path | None, source: Path) -> None:
    """Khôi phục một bản sao lưu vào thư mục trống."""
    home = home_of(ctx, own_home)
    restore(home, source)
    click.echo(f"Đã khôi phục vào {home.root}.")


def _findings(home: Home) -> list[tuple[bool, str]]:
    found: list[tuple[bool, str]] = []
    try:
        plan = load_catalogue(home.root).plan
        found.append((True, f"Danh mục: {len(plan.tasks)} nhiệm vụ."))
    except CatalogueError as error:
        found.append((False, f"Danh mục có {len(error.problems)} chỗ sai; chạy nhacviec check để xem."))
    try:
        settings = settings_of(home)
    except CatalogueError as error:
        return [*found, *((False, str(problem)) for problem in error.problems)]
    for network, token in (("Telegram", settings.telegram_token), ("Zalo", settings.zalo_token)):
        found.append((True, f"{network}: {'có mã bot' if token else 'không dùng'}."))
    if not settings.telegram_token and not settings.zalo_token:
        found.append((True, "Không có mã bot nào: chạy trang trên máy này."))
    return [*found, *_database_findings(home)]


def _database_findings(home: Home) -> list[tuple[bool, str]]:
    try:
        with opened(home) as (_, store, catalogue):
            version = store.schema_version()
            listed = store.read(people.listed)
            states = store.read(outbox.counts)
            matters = store.read(notices.standing)
            dated = store.read(events.days)
    except (HomeError, CatalogueError) as error:
        return [(False, str(error).splitlines()[0])]
    owed_by = owing(catalogue.plan, local_day(RealClock().now()))
    asked = {each.unit for each in listed if each.role is Role.FOCAL and each.reachable}
    failed = sum(number for (_, state), number in states.items() if state in ("failed", "in_doubt"))
    managers = sum(each.role is Role.MANAGER for each in listed)
    return [
        (version == schema.HEAD, f"Cơ sở dữ liệu ở phiên bản {version}."),
        (owed_by <= asked, f"Đầu mối nhận được tin: {len(owed_by & asked)}/{len(owed_by)} đơn vị."),
        (managers > 0, f"Lãnh đạo nhận tổng hợp tuần: {managers} người."),
        (failed == 0, f"Tin không gửi được hoặc chưa xác định: {failed}."),
        *(
            (False, f"{task.id} chờ ngày của sự kiện «{task.due.event}»: nhập bằng nhacviec event {task.id} NGÀY.")
            for task in catalogue.plan.tasks.values()
            if isinstance(task.due, After) and task.id not in dated
        ),
        *((False, told("vi", matter_of(each, catalogue.plan.unit_name))) for each in matters),
    ]
