"""`python -m tests.fakes.zalo_api --port 8082 --token 1:A`: serve until killed; says where on its first line."""

import argparse
import asyncio
import contextlib

from tests.fakes.zalo_api.server import TOKEN, FakeZaloApi


async def serve(port: int, token: str) -> None:
    """Serve until cancelled."""
    async with FakeZaloApi(port=port, token=token) as server:
        print(server.url, flush=True)  # the starter reads the port here
        await asyncio.Event().wait()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--port", type=int, default=0, help="0: a free one")
    asked.add_argument("--token", default=TOKEN)
    given = asked.parse_args()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(serve(given.port, given.token))
