"""A Zalo Bot server on 127.0.0.1 that takes nothing the real one is known to refuse, and forgets what it hands over.

In a test's own loop:

    async with FakeZaloApi() as server:
        lan = server.user("a1b2c3d4e5f60718293a", "Lan")
        lan.says("K7QP-2M9X-RTVB")                            # an event for the bot
        channel = ZaloChannel(server.token, server.url, limiter=Limiter())
        ...
        await server.until(lambda: lan.heard)                 # texts the bot sent Lan
        assert server.refusals == []
        assert server.lost == []                              # events handed to a line that nobody read any more

As a process: `python -m tests.fakes.zalo_api --port 8082 --token 1:A`, steered by JSON under /_control/ (control.py).

What Zalo does not publish is chosen here: the words of refusals, whether errors come over HTTP 200 (`with_status` False,
the default) or over their own code, whether web hooks bring events bare (`wrapped` False) or under `result`.
"""

from tests.fakes.zalo_api.faults import Fault
from tests.fakes.zalo_api.people import User
from tests.fakes.zalo_api.server import FakeZaloApi
from tests.fakes.zalo_api.state import Call, Refusal

__all__ = ["Call", "FakeZaloApi", "Fault", "Refusal", "User"]
