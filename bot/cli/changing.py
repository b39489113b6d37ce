"""diff, apply, history, show, rollback: what an edited catalogue would do, putting it into force, and back."""

import getpass
import sys
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import click

from bot.app.catalogues import Running, look, stored_texts
from bot.app.changing import Change, foresee, put_into_force
from bot.app.clock import RealClock
from bot.app.home import Home
from bot.app.opening import capabilities, open_store
from bot.catalogue import CatalogueTexts, parse_catalogue, read_texts
from bot.cli.common import fail, home_of, home_option, sentences, settings_of, show_json
from bot.domain.calendar import LOCAL
from bot.domain.effects import from_json, to_json
from bot.jobs.apply import OvertakenError
from bot.settings import Settings
from bot.store import Store, revisions
from bot.store.revisions import Applied, Revision
from bot.texts.changes import brake_lines, effect_lines

CAUSES = {
    "start": "lần chạy đầu",
    "command": "lệnh apply",
    "chat": "quản trị đồng ý qua tin nhắn",
    "auto": "tự áp dụng",
    "rollback": "lệnh rollback",
    "page": "trang dùng thử",
}
_OVERTAKEN = (
    "Trong lúc đó một bản khác vừa được áp dụng, nên chưa làm gì. Hãy chạy lại lệnh để xem thay đổi so với bản đó."
)


@click.command("diff")
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@home_option
@click.pass_context
@sentences
def diff_command(ctx: click.Context, own_home: Path | None, plan: Path | None, as_json: bool) -> None:
    """So tệp trên đĩa với danh mục đang chạy: áp dụng thì có gì thay đổi, ai nhận tin gì."""
    home = home_of(ctx, own_home)
    settings = settings_of(home)
    with open_store(home, settings) as store:
        running, change = _compared(home, store, settings, read_texts(home.root, plan))
    if as_json:
        brakes = [{"what": each.what, "touched": each.touched, "of": each.of} for each in change.brakes]
        shown = {"running": running.revision, "same": change.is_same, "nothing": change.effects.is_nothing}
        show_json({**shown, "needs_force": bool(brakes), "brakes": brakes, "effects": to_json(change.effects)})
        return
    _show(running, change)


@click.command("apply")
@click.argument("plan", required=False, type=click.Path(path_type=Path))
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
@click.option("--force", is_flag=True, help="Áp dụng cả thay đổi lớn.")
@home_option
@click.pass_context
@sentences
def apply_command(ctx: click.Context, own_home: Path | None, plan: Path | None, yes: bool, force: bool) -> None:
    """Áp dụng tệp trên đĩa: in thay đổi, hỏi lại, rồi áp dụng; bot đang chạy theo ngay."""
    home = home_of(ctx, own_home)
    settings = settings_of(home)
    with open_store(home, settings) as store:
        running, change = _compared(home, store, settings, read_texts(home.root, plan))
        _show(running, change)
        if not change.is_same:
            _allowed(change, yes=yes, force=force)
        _put_into_force(home, store, settings, change, cause="command")


@click.command("rollback")
@click.argument("revision", type=click.IntRange(1))
@click.option("--yes", is_flag=True, help="Không hỏi lại.")
@click.option("--force", is_flag=True, help="Áp dụng cả thay đổi lớn.")
@home_option
@click.pass_context
@sentences
def rollback_command(ctx: click.Context, own_home: Path | None, revision: int, yes: bool, force: bool) -> None:
    """Áp dụng lại một bản cũ (số bản: nhacviec history); tệp trên đĩa trở về bản đó, tệp bị thay được giữ lại."""
    home = home_of(ctx, own_home)
    settings = settings_of(home)
    with open_store(home, settings) as store:
        running, change = _compared(home, store, settings, stored_texts(_revision(store, revision).texts))
        _show(running, change)
        if not change.is_same:
            _allowed(change, yes=yes, force=force)
        _put_into_force(home, store, settings, change, cause="rollback")


@click.command("history")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@home_option
@click.pass_context
@sentences
def history_command(ctx: click.Context, own_home: Path | None, as_json: bool) -> None:
    """Mọi bản danh mục đã áp dụng, mới nhất trước: lúc nào, do ai, thay đổi gì."""
    home = home_of(ctx, own_home)
    with open_store(home, settings_of(home)) as store:
        applied = store.read(revisions.history)
    if as_json:
        show_json([_row(each) for each in applied])
        return
    if not applied:
        click.echo("Chưa áp dụng danh mục nào; lần chạy đầu tiên sẽ áp dụng.")
    for each in applied:
        who = f" ({each.who})" if each.who else ""
        click.echo(f"{each.id}  {_minute(each.applied_at)}  {each.digest[:12]}  {CAUSES[each.cause]}{who}")
        if each.effects:
            for line in effect_lines("vi", from_json(each.effects), unit_name=str)[:3]:
                click.echo(f"    {line}")


@click.command("show")
@click.argument("revision", type=click.IntRange(1))
@click.option("--file", "name", type=click.Choice(["plan", "units", "calendar"]), default="plan", show_default=True)
@home_option
@click.pass_context
@sentences
def show_command(ctx: click.Context, own_home: Path | None, revision: int, name: str) -> None:
    """In nguyên văn một tệp của một bản đã áp dụng."""
    home = home_of(ctx, own_home)
    with open_store(home, settings_of(home)) as store:
        click.echo(_revision(store, revision).texts[name], nl=False)


def _compared(home: Home, store: Store, settings: Settings, texts: CatalogueTexts) -> tuple[Running, Change]:
    new = parse_catalogue(texts)
    is_first = store.read(revisions.latest_id) is None
    running = Running(catalogue=new, revision=None) if is_first else look(home, store)
    return running, foresee(store, running, new, texts, settings=settings, now=RealClock().now())


def _show(running: Running, change: Change) -> None:
    if running.revision is None:
        click.echo("Chưa áp dụng danh mục nào.")
    elif change.is_same:
        click.echo(f"Tệp đúng là bản đang chạy (bản số {running.revision}).")
        return
    for line in effect_lines("vi", change.effects, unit_name=change.new.plan.unit_name):
        click.echo(line)
    for line in brake_lines("vi", change.brakes):
        click.echo(line)


def _allowed(change: Change, *, yes: bool, force: bool) -> None:
    """End here unless the change may be applied: above the brake by force, and on somebody's word."""
    if change.brakes and not force:
        fail(
            "Thay đổi lớn chưa được áp dụng. Nếu đúng ý, chạy lại với --force, hoặc để hai quản trị đồng ý trong tin nhắn."
        )
    if yes:
        return
    if not _is_somebody_there():
        click.echo("Không hỏi được vì không có người trước máy; thêm --yes để áp dụng không hỏi.", err=True)
        sys.exit(2)
    if not click.confirm("Áp dụng?"):
        click.echo("Chưa áp dụng gì.")
        sys.exit(0)


def _put_into_force(home: Home, store: Store, settings: Settings, change: Change, *, cause: str) -> None:
    caps = capabilities(home, settings)
    try:
        number, kept = put_into_force(
            home, store, change, who=_account(), cause=cause, caps=caps, now=RealClock().now()
        )
    except OvertakenError:
        fail(_OVERTAKEN)
    if not change.is_same:
        click.echo(f"Đã áp dụng (bản số {number}).")
    if kept is not None:
        click.echo(f"Tệp trên đĩa đã được viết lại theo bản này; tệp bị thay giữ tại {kept}.")


def _revision(store: Store, number: int) -> Revision:
    found = store.read(lambda tx: revisions.get(tx, number))
    if found is None:
        fail(f"Không có bản số {number}; chạy nhacviec history để xem các bản đã áp dụng.")
    return found


def _row(each: Applied) -> Mapping[str, Any]:
    return {
        "revision": each.id,
        "applied_at": each.applied_at.isoformat(),
        "who": each.who,
        "cause": each.cause,
        "digest": each.digest,
        "effects": dict(each.effects),
    }


def _minute(moment: datetime) -> str:
    return f"{moment.astimezone(LOCAL):%H:%M %d/%m/%Y}"


def _is_somebody_there() -> bool:
    return sys.stdin.isatty()


def _account() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError):  # an account without a name, as in a container
        return "máy chủ"
