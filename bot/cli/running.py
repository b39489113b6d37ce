"""demo and run: the two ways to start the bot."""

import asyncio
import signal
import webbrowser
from datetime import datetime
from functools import partial
from pathlib import Path

import click

from bot.app import demo as demo_stage
from bot.app.clock import Clock, RealClock, SimulatedClock
from bot.app.collector import leave_what_is_there
from bot.app.hearing import MEGABYTE
from bot.app.home import Home
from bot.app.house import House
from bot.app.opening import current_catalogue, is_rehearsal_safe, open_house, open_store, set_up_logging
from bot.cli.common import fail, home_of, home_option, sentences, settings_of
from bot.domain.calendar import LOCAL
from bot.settings import Settings
from bot.web.server import LOOPBACK_NAMES, AddressError, make_app, serve


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
    home = demo_stage.fresh_home(home_of(ctx, own_home))
    settings = settings_of(Home(home.root))
    set_up_logging("warning")
    clock = SimulatedClock(demo_stage.START, speed=speed)
    settings = demo_stage.settings(settings)
    with home.locked(), open_store(home, settings) as store:
        plan = current_catalogue(home, store, now=clock.now()).plan
        chats = demo_stage.seat(store, plan)
        around = partial(demo_stage.live, store, plan)
        house = open_house(home, settings, clock, store, demo_chats=chats, around=around)
        asyncio.run(_serve(house, settings, host=host, port=port, demo=True, opens=opens))


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
            fail("Diễn tập bị từ chối: telegram.api_url không phải máy này, tin sẽ đến người thật.")
        clock = SimulatedClock(_moment(clock_at), speed=speed)
    with home.locked(), open_store(home, settings) as store:
        house = open_house(home, settings, clock, store)
        serving = _serve(house, settings, host=settings.web_host, port=settings.web_port, demo=False, opens=False)
        asyncio.run(serving)


async def _serve(house: House, settings: Settings, *, host: str, port: int, demo: bool, opens: bool) -> None:
    leave_what_is_there()
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(signal_number, stop.set)
    async with house.running():
        names = {*LOOPBACK_NAMES, host, *settings.web_names}
        limit = settings.files_max_mb * MEGABYTE
        app = make_app(house.host, house.local, demo=demo, allowed_hosts=names, max_upload=limit)
        try:
            runner = await serve(app, host, port)
        except AddressError as error:
            fail(str(error))
        except OSError as error:
            fail(f"Không mở được cổng {port} trên {host}: {error.strerror}. Hãy chọn cổng khác.")
        bound = runner.addresses[0][1]
        address = f"http://{host}:{bound}/"
        click.echo(f"Nhắc Việc: {address}")
        if opens:
            await asyncio.to_thread(webbrowser.open, address)
        await stop.wait()
        await runner.cleanup()


def _moment(text: str) -> datetime:
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        fail(f"«{text}» không phải thời điểm; hãy viết như 2022-09-26T07:55.")
    return moment if moment.tzinfo else moment.replace(tzinfo=LOCAL)
