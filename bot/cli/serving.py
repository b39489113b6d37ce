"""Runs a house with its web server until somebody ends it."""

import asyncio
import signal
import webbrowser

import click

from bot.app.collector import leave_what_is_there
from bot.app.house import House
from bot.app.receiving import MEGABYTE
from bot.cli.common import fail
from bot.settings import Settings
from bot.web.server import LOOPBACK_NAMES, AddressError, make_app, serve


async def serve_house(house: House, settings: Settings, *, host: str, port: int, demo: bool, opens: bool) -> None:
    """Serve until SIGINT or SIGTERM, printing the address; `opens` shows the page in the browser."""
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
