"""A Bot API server on 127.0.0.1 that takes nothing the real one would refuse.

In a test's own loop:

    async with FakeBotApi() as server:
        an = server.user(1001, "An")
        message = an.says("/start K7Q2")                     # an update for the bot
        channel = TelegramChannel(server.token, server.url)
        ...
        await server.until(lambda: an.heard)                 # texts the bot sent An
        an.presses(an.chat.messages[-1]["message_id"], "Đã xong")
        assert server.refusals == []

As a process: `python -m tests.fakes.bot_api --port 8081 --token 1:A`, steered by JSON under /_control/ (control.py).
"""

from tests.fakes.bot_api.faults import Fault
from tests.fakes.bot_api.limits import Limits
from tests.fakes.bot_api.people import Group, User
from tests.fakes.bot_api.server import FakeBotApi
from tests.fakes.bot_api.state import Call, Refusal

__all__ = ["Call", "FakeBotApi", "Fault", "Group", "Limits", "Refusal", "User"]
