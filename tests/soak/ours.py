"""Our whole bot on a town's home, until its standard input closes; then one line of JSON about its event loop."""

import argparse
import asyncio
import json
import os
import sys
from datetime import datetime
from pathlib import Path

from bot.app.clock import SimulatedClock
from bot.app.collector import leave_what_is_there, search_seldom
from bot.app.home import Home
from bot.app.opening import open_house, open_store, set_up_logging
from bot.channels.telegram.channel import CHANNEL
from bot.domain.calendar import LOCAL
from bot.settings import load_settings
from tests.bench.heartbeat import Heartbeat
from tests.soak.town import START, populate


async def main(root: Path, people: int) -> None:
    """Run as `nhacviec run` does, with a heartbeat beside it."""
    search_seldom()
    settings = load_settings(root, os.environ)
    set_up_logging("warning")
    home = Home(root)
    with home.locked(), open_store(home, settings) as store:
        populate(store, CHANNEL, people=people)
        clock = SimulatedClock(datetime.fromisoformat(START).replace(tzinfo=LOCAL))
        house = open_house(home, settings, clock, store)
        leave_what_is_there()
        async with house.running():
            print("running", flush=True)
            async with Heartbeat() as heart:
                await asyncio.to_thread(sys.stdin.read)
            print(json.dumps({"blocked": heart.worst}), flush=True)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--home", type=Path, required=True)
    asked.add_argument("--people", type=int, required=True)
    given = asked.parse_args()
    asyncio.run(main(given.home, given.people))
