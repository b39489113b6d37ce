"""run: the bot itself."""

import asyncio
from datetime import datetime
from pathlib import Path

import click

from bot.app.clock import Clock, RealClock, SimulatedClock
from bot.app.opening import is_rehearsal_safe, open_house, open_store, set_up_logging
from bot.cli.common import fail, home_of, home_option, sentences, settings_of
from bot.cli.serving import serve_house
from bot.domain.calendar import LOCAL


@click.command("run")
@click.option("--clock", "clock_at", metavar="2022-09-26T07:55", help="Chạy diễn tập theo đồng hồ mô phỏng.")
@click.option("--speed", type=click.FloatRange(0.1, 3600), default=1.0, help="Tốc độ của đồng hồ mô phỏng.")
@home_option
@click.pass_context
@sentences
def run_command(ctx: click.Context, own_home: Path | None, clock_at: str | None, speed: float) -> None:
    """Chạy bot trên mọi kênh đã có mã (không có mã: trang trên máy này)."""
    home = home_of(ctx, own_home)
    settings = settings_of(home)
    set_up_logging(settings.log_level)
    clock: Clock = RealClock()
    if clock_at is not None:
        if not is_rehearsal_safe(settings):
            fail("Diễn tập bị từ chối: telegram.api_url hoặc zalo.api_url không phải máy này, tin sẽ đến người thật.")
        clock = SimulatedClock(_moment(clock_at), speed=speed)
    shared = settings.database_url.startswith("postgresql")
    with home.locked(shared=shared), open_store(home, settings) as store:
        house = open_house(home, settings, clock, store)
        serving = serve_house(house, settings, host=settings.web_host, port=settings.web_port, demo=False, opens=False)
        asyncio.run(serving)


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"«{text}» không phải thời điểm; hãy viết như 2022-09-26T07:55.")
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
