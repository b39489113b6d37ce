"""callsheet: whom to call by telephone, and what to say."""

from pathlib import Path

import click

from bot.app.clock import RealClock
from bot.app.opening import TELEGRAM, ZALO
from bot.channels.local import CHANNEL as LOCAL_CHANNEL
from bot.cli.common import home_of, home_option, opened, sentences
from bot.domain.calendar import LOCAL
from bot.jobs.call_sheet import call_sheet
from bot.reports.tables import rows_csv, rows_json
from bot.settings import Settings
from bot.texts import minute

FIELDS = ("unit", "name", "task", "due", "say")


@click.command("callsheet")
@click.option("--csv", "to", type=click.Path(dir_okay=False, path_type=Path), help="Ghi danh sách ra tệp CSV.")
@click.option("--json", "as_json", is_flag=True, help="In JSON.")
@home_option
@click.pass_context
@sentences
def callsheet_command(ctx: click.Context, own_home: Path | None, to: Path | None, as_json: bool) -> None:
    """Danh sách cần gọi điện: người không kênh nào gửi tới được, đơn vị chưa có ai nhận tin."""
    now = RealClock().now()
    with opened(home_of(ctx, own_home)) as (settings, store, catalogue):
        plan, calendar, channels = catalogue.plan, catalogue.calendar, _channels(settings)
        calls = store.read(lambda tx: call_sheet(tx, plan=plan, calendar=calendar, channels=channels, now=now))
    rows = [(call.unit, call.name, call.task, call.due_at, call.say) for call in calls]
    if to is not None:
        to.write_bytes(rows_csv(FIELDS, rows).encode())
    if as_json:
        click.echo(rows_json(FIELDS, rows), nl=False)
        return
    click.echo(f"Cần gọi điện: {len(calls)} việc (lúc {minute(now.astimezone(LOCAL))}).")
    for call in calls:
        whom = f"{call.unit} – {call.name}" if call.name else call.unit
        click.echo(f"- {whom}: {call.say}")


def _channels(settings: Settings) -> list[str]:
    """Return the channels that `run` would open."""
    networks = {TELEGRAM: settings.telegram_token, ZALO: settings.zalo_token}
    return [name for name, token in networks.items() if token] or [LOCAL_CHANNEL]
