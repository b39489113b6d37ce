"""demo: try it, with nothing to set up."""

import asyncio
from functools import partial
from pathlib import Path

import click

from bot.app import demo as demo_stage
from bot.app.catalogues import start
from bot.app.clock import SimulatedClock
from bot.app.house import House
from bot.app.opening import open_house, open_store, set_up_logging
from bot.cli.common import home_of, home_option, sentences, settings_of
from bot.cli.serving import serve_house
from bot.settings import Settings


@click.command("demo")
@click.option("--port", type=click.IntRange(0, 65535), default=8080, show_default=True, help="Cổng; 0: tự chọn.")
@click.option("--host", default="127.0.0.1", show_default=True, help="Chỉ nhận địa chỉ của chính máy này.")
@click.option(
    "--speed",
    type=click.FloatRange(0.1, 3600),
    default=demo_stage.SPEED,
    show_default=True,
    help="Tốc độ của đồng hồ mô phỏng.",
)
@click.option("--open/--no-open", "opens", default=True, help="Mở trang trong trình duyệt.")
@home_option
@click.pass_context
@sentences
def demo_command(ctx: click.Context, own_home: Path | None, port: int, host: str, speed: float, opens: bool) -> None:
    """Dùng thử: trang trên máy này, đồng hồ mô phỏng, sáu người đã liên kết. Không cần mã bot hay máy chủ."""
    stage = home_of(ctx, own_home)
    home = demo_stage.fresh_home(stage)
    settings = settings_of(stage)
    set_up_logging("warning")
    clock = SimulatedClock(demo_stage.EARLIER, speed=speed)
    settings = demo_stage.settings(settings)
    with home.locked(), open_store(home, settings) as store:
        plan = start(home, store, now=clock.now()).catalogue.plan
        chats = demo_stage.seat(store, plan)
        around = partial(demo_stage.live, store)
        house = open_house(home, settings, clock, store, demo_chats=chats, around=around)
        asyncio.run(_play(house, settings, clock, host=host, port=port, opens=opens))


async def _play(house: House, settings: Settings, clock: SimulatedClock, *, host: str, port: int, opens: bool) -> None:
    await demo_stage.play_last_week(house, clock)
    await serve_house(house, settings, host=host, port=port, demo=True, opens=opens)
