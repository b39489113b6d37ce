"""`nhacviec` as real processes on a home of their own: run to their end, or started, waited for and stopped.

Only the process that was started here is ever signalled, by its own handle.
"""

import asyncio
import json
import os
import signal
import sys
from asyncio.subprocess import PIPE, Process
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from shutil import copy, copytree
from typing import Any, Self

ROOT = Path(__file__).parents[2]
COMMAND_SECONDS = 60.0  # a command takes one or two; a loaded machine may be slow
START_SECONDS = 30.0
STOP_SECONDS = 10.0  # promised: what is in the air has this long to land
_SAYS = "Nhắc Việc: "


@dataclass(frozen=True, slots=True, kw_only=True)
class Ended:
    """How a process ended and all it said."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        """What it printed for programs."""
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """Everything it printed."""
        return self.out + self.err


def new_home(folder: Path) -> Path:
    """Return a home with the shipped plan and configuration."""
    folder.mkdir()
    copytree(ROOT / "config", folder / "config")
    copy(ROOT / "plan_tasks.yaml", folder)
    return folder


async def nhacviec(*words: object, home: Path | None = None, **environment: str) -> Ended:
    """Run one command to its end. Settings are given by their names: `BOT_WEB__PORT="0"`."""
    process = await _spawn(words, home, environment)
    try:
        async with asyncio.timeout(COMMAND_SECONDS):
            out, err = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.communicate()
        raise
    assert process.returncode is not None
    return Ended(code=process.returncode, out=out.decode(), err=err.decode())


class Bot:
    """A bot that runs as a process of its own."""

    def __init__(self, process: Process) -> None:
        self._process = process
        self._out = bytearray()
        self._err = bytearray()
        self._spoke = asyncio.Event()
        assert process.stdout is not None
        assert process.stderr is not None
        self._reading = [
            asyncio.create_task(self._read(process.stdout, self._out)),
            asyncio.create_task(self._read(process.stderr, self._err)),
        ]

    @classmethod
    async def start(cls, *words: object, home: Path, **environment: str) -> Self:
        """Start a bot and wait until it has printed its address."""
        bot = cls(await _spawn(words, home, environment))
        await bot._until_it_serves()
        return bot

    @property
    def pid(self) -> int:
        """The process's own number."""
        return self._process.pid

    @property
    def address(self) -> str:
        """Where its web server answers: "http://127.0.0.1:40123/"."""
        line = next((line for line in self.out.splitlines() if line.startswith(_SAYS)), "")
        return line.removeprefix(_SAYS)

    @property
    def out(self) -> str:
        """All it has printed."""
        return self._out.decode(errors="replace")

    @property
    def err(self) -> str:
        """All it has logged."""
        return self._err.decode(errors="replace")

    async def until_it_logs(self, words: str) -> None:
        """Wait until these words stand in its log; TimeoutError after half a minute."""
        async with asyncio.timeout(START_SECONDS):
            while words not in self.err:
                self._spoke.clear()
                assert not self._reading[1].done(), f"the bot ended without «{words}»"
                await self._spoke.wait()

    async def stop(self) -> int:
        """Ask it to end, as the system does; return its exit code. TimeoutError if it takes longer than promised."""
        self._process.send_signal(signal.SIGTERM)
        async with asyncio.timeout(STOP_SECONDS):
            return await self._ended()

    def suspend(self) -> None:
        """Let it stand still, as a machine that sleeps does."""
        self._process.send_signal(signal.SIGSTOP)

    def resume(self) -> None:
        """Let a suspended one go on."""
        self._process.send_signal(signal.SIGCONT)

    async def kill(self) -> None:
        """End it at once, as a power cut does; nothing where it has ended already."""
        if self._process.returncode is None:
            self._process.kill()
        await self._ended()

    async def _ended(self) -> int:
        code = await self._process.wait()
        await asyncio.gather(*self._reading)
        return code

    async def _until_it_serves(self) -> None:
        try:
            async with asyncio.timeout(START_SECONDS):
                while not self.address:
                    self._spoke.clear()
                    assert not self._reading[0].done(), f"the bot ended:\n{self.out}{self.err}"
                    await self._spoke.wait()
        except BaseException:
            await self.kill()
            raise

    async def _read(self, stream: asyncio.StreamReader, heard: bytearray) -> None:
        while piece := await stream.read(4096):
            heard += piece
            self._spoke.set()
        asyncio.get_running_loop().call_soon(self._spoke.set)  # when this task is done


@asynccontextmanager
async def running(*words: object, home: Path, **environment: str) -> AsyncIterator[Bot]:
    """Run a bot while a block lasts; it is stopped by the block or killed at its end."""
    bot = await Bot.start(*words, home=home, **environment)
    try:
        yield bot
    except BaseException as error:
        error.add_note(f"the bot said:\n{bot.out}{bot.err}")
        raise
    finally:
        await bot.kill()


async def _spawn(words: tuple[object, ...], home: Path | None, environment: dict[str, str]) -> Process:
    own = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    where = [] if home is None else ["--home", str(home)]
    command = [sys.executable, "-m", "bot", *where, *map(str, words)]
    return await asyncio.create_subprocess_exec(
        *command, cwd=ROOT, env=own | environment, stdin=asyncio.subprocess.DEVNULL, stdout=PIPE, stderr=PIPE
    )
