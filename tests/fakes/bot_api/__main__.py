"""`python -m tests.fakes.bot_api --port 8081 --token 1:A`: serve until killed; says where on its first line."""

import argparse
import asyncio
import contextlib

from tests.fakes.bot_api.limits import Limits
from tests.fakes.bot_api.server import TOKEN, Distance, FakeBotApi


async def serve(server: FakeBotApi) -> None:
    """Serve until cancelled."""
    async with server:
        print(server.url, flush=True)  # the starter reads the port here
        await asyncio.Event().wait()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--port", type=int, default=0, help="0: a free one")
    asked.add_argument("--token", default=TOKEN)
    asked.add_argument("--username", default="NhacViecBot")
    asked.add_argument("--away", type=float, default=0.0, help="seconds there and back")
    asked.add_argument("--jitter", type=float, default=0.0, help="so many of them more or less, call by call")
    asked.add_argument("--bucket", action="store_true", help="count by a token bucket besides the sliding window")
    asked.add_argument("--no-limits", action="store_true", help="take everything at any pace")
    given = asked.parse_args()
    limits = Limits.none() if given.no_limits else Limits(bucket=given.bucket)
    distance = Distance(seconds=given.away, jitter=given.jitter)
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(
            serve(
                FakeBotApi(
                    port=given.port, token=given.token, username=given.username, limits=limits, distance=distance
                )
            )
        )
