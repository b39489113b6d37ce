"""A crowd and the Bot API between it and a bot; as a program it prints its address, and in the end how long it waited.

Lean where tests.fakes.bot_api is strict, so that the bot is measured and not the server: it takes every message and
every press's answer, and counts them. Everybody acts at once, each bot being given a hundred updates a question.
"""

import argparse
import asyncio
import json
import re
from enum import StrEnum
from time import perf_counter
from typing import Any

from bot.domain.actions import Action, Verb, write_action

FIRST_CHAT = 5_610_000
PEOPLE = 300
_LENGTH = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)
_OFFSET = re.compile(r"offset\W+(\d+)")
_PRESS = re.compile(r"callback_query_id\W+(\d+)")  # in a form or in JSON
_WAIT = 0.2  # seconds a question without updates is left open


class Act(StrEnum):
    """What everybody does: press a button of their own occurrence, or write a word."""

    PRESS = "press"
    WRITE = "write"


class Crowd:
    """What is to be heard, and what was answered."""

    def __init__(self, act: Act, acts: int) -> None:
        self._act = act
        self.acts = acts
        self.begun = 0.0
        self.messages = 0
        self.answered: set[str] = set()
        self.done = asyncio.Event()
        self.ended = 0.0

    def updates(self, offset: int) -> list[dict[str, Any]]:
        """Return the next hundred updates; the time runs from the first of them."""
        if not self.begun:
            self.begun = perf_counter()
        make = _press if self._act is Act.PRESS else _write
        return [make(number) for number in range(max(offset, 1), min(max(offset, 1) + 100, self.acts + 1))]

    def play(self, method: str, body: str) -> Any:
        """Return what a method gives, and count it."""
        if method == "getMe":
            return {"id": 5610, "is_bot": True, "first_name": "Nhắc Việc", "username": "NhacViecBot"}
        if method == "sendMessage":
            self.messages += 1
            self._look()
            chat = {"id": FIRST_CHAT, "type": "private", "first_name": "An"}
            return {"message_id": self.messages, "date": 1_664_150_400, "chat": chat, "text": "x"}
        if method == "answerCallbackQuery":
            press = _PRESS.search(body)
            self.answered.add(press[1] if press else "")
            self._look()
        return True

    def _look(self) -> None:
        presses = self.acts if self._act is Act.PRESS else 0
        if self.messages >= self.acts and len(self.answered) >= presses:
            self.ended = perf_counter()
            self.done.set()


class Line(asyncio.Protocol):
    """One connection of a bot: HTTP as far as bots speak it."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._read = b""
        self._transport: asyncio.Transport

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Keep what to write to."""
        assert isinstance(transport, asyncio.Transport)
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._read += data
        while (end := self._read.find(b"\r\n\r\n")) >= 0:
            length = _LENGTH.search(self._read, 0, end)
            whole = end + 4 + (int(length[1]) if length else 0)
            if len(self._read) < whole:
                return
            head, body = self._read[:end].decode(), self._read[end + 4 : whole].decode()
            self._read = self._read[whole:]
            self._answer(head.partition(" HTTP/")[0], body)

    def _answer(self, asked: str, body: str) -> None:
        path, _, query = asked.partition("?")
        method = path.rpartition("/")[2]
        if method != "getUpdates":
            self._write(self._crowd.play(method, body))
            return
        offset = _OFFSET.search(query or body)
        found = self._crowd.updates(int(offset[1]) if offset else 0)
        if found:
            self._write(found)
        else:
            asyncio.get_running_loop().call_later(_WAIT, self._write, [])

    def _write(self, result: Any) -> None:
        content = json.dumps({"ok": True, "result": result}).encode()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(content)}\r\n\r\n"
        self._transport.write(head.encode() + content)


def _sender(number: int) -> dict[str, Any]:
    return {"id": FIRST_CHAT + number % PEOPLE, "is_bot": False, "first_name": "An", "language_code": "vi"}


def _write(number: int) -> dict[str, Any]:
    sender = _sender(number)
    chat = {"id": sender["id"], "type": "private", "first_name": "An"}
    message = {"message_id": number, "date": 1_664_150_400, "chat": chat, "from": sender, "text": "xong"}
    return {"update_id": number, "message": message}


def _press(number: int) -> dict[str, Any]:
    sender = _sender(number)
    chat = {"id": sender["id"], "type": "private", "first_name": "An"}
    me = {"id": 5610, "is_bot": True, "first_name": "Nhắc Việc", "username": "NhacViecBot"}
    under = {"message_id": number, "date": 1_664_150_400, "chat": chat, "from": me, "text": "Nhiệm vụ đến hạn. " * 20}
    action = write_action(Action(verb=Verb.DONE, subject=number, seen=0))
    query = {"id": str(number), "from": sender, "message": under, "chat_instance": "1", "data": action}
    return {"update_id": number, "callback_query": query}


async def serve(act: Act, acts: int) -> None:
    """Serve until everything is answered; then say how long it took."""
    crowd = Crowd(act, acts)
    server = await asyncio.get_running_loop().create_server(lambda: Line(crowd), "127.0.0.1", 0)
    print(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}", flush=True)
    await crowd.done.wait()
    await asyncio.sleep(_WAIT)  # a bot that answers twice would be seen
    seconds = crowd.ended - crowd.begun
    print(json.dumps({"seconds": seconds, "messages": crowd.messages, "presses": len(crowd.answered)}), flush=True)
    await asyncio.Event().wait()


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--act", type=Act, choices=list(Act), required=True)
    asked.add_argument("--acts", type=int, required=True)
    words = asked.parse_args()
    asyncio.run(serve(words.act, words.acts))
