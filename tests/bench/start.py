"""From start to the first getUpdates, and memory at rest: the real bot beside a bare python-telegram-bot Application."""

import asyncio
import shutil
import signal
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from urllib.parse import urlsplit

import psutil

from tests.bench.children import ROOT, environment
from tests.bench.table import Kind, Row
from tests.bench.tap import Tap

TOKEN = "5610:AAFakeTokenForTestsOnly_0123456789abcdef"
PEER = "python-telegram-bot Application"
PATIENCE = 60.0
START_GOAL = 1.0  # seconds
MEMORY_GOAL = 110.0  # MB


@dataclass(kw_only=True)
class Runs:
    """What was measured of one program."""

    seconds: list[float] = field(default_factory=list)
    megabytes: list[float] = field(default_factory=list)


def rows(*, repeats: int, idle: float) -> list[Row]:
    """Return the rows of this section; `idle` is for how long a bot rests before its memory is read."""
    return asyncio.run(_rows(repeats, idle))


async def _rows(repeats: int, idle: float) -> list[Row]:
    bot, bare, first = Runs(), Runs(), Runs()
    with TemporaryDirectory() as folder:
        home = _home(Path(folder))
        ours = ["-m", "bot", "run", "--clock", "2022-09-26T07:00", "--home", str(home)]
        theirs = [str(Path(__file__).with_name("bare_bot.py"))]
        async with _server() as tap:
            await _run(tap, ours, Runs(), idle=0)  # Python compiles what it has not yet
            await _run(tap, theirs, Runs(), idle=0)
            for _ in range(repeats):
                shutil.rmtree(home / "data")
                await _run(tap, ours, first, idle=0)
                await _run(tap, ours, bot, idle=idle)
                await _run(tap, theirs, bare, idle=idle)
    section = "Start and memory (a real process against a Bot API server on loopback)"
    return [
        Row(
            section=section,
            what="start to first getUpdates",
            kind=Kind.SECONDS,
            ours=median(bot.seconds),
            goal=START_GOAL,
            peer=PEER,
            theirs=median(bare.seconds),
        ),
        Row(
            section=section,
            what="the very first start, making the database",
            kind=Kind.SECONDS,
            ours=median(first.seconds),
            peer=PEER,
            theirs=median(bare.seconds),
        ),
        Row(
            section=section,
            what="resident memory, idle",
            kind=Kind.MEGABYTES,
            ours=median(bot.megabytes),
            goal=MEMORY_GOAL,
            peer=PEER,
            theirs=median(bare.megabytes),
        ),
    ]


def _home(folder: Path) -> Path:
    home = folder / "home"
    shutil.copytree(ROOT / "config", home / "config")
    shutil.copy(ROOT / "plan_tasks.yaml", home)
    return home


@asynccontextmanager
async def _server() -> AsyncIterator[Tap]:
    command = [sys.executable, "-m", "tests.fakes.bot_api", "--token", TOKEN]
    server = await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=asyncio.subprocess.PIPE)
    if server.stdout is None:
        raise RuntimeError("the server's first line was asked for")
    try:
        parts = urlsplit((await server.stdout.readline()).decode().strip())
        async with Tap(str(parts.hostname), int(parts.port or 0)) as tap:
            yield tap
    finally:
        server.terminate()
        await server.wait()


async def _run(tap: Tap, arguments: Sequence[str], runs: Runs, *, idle: float) -> None:
    """Start a bot, wait for its first getUpdates, let it rest, read its memory, stop it."""
    given = {"BOT_TELEGRAM__TOKEN": TOKEN, "BOT_TELEGRAM__API_URL": tap.url, "BOT_WEB__PORT": "0"}
    nowhere = asyncio.subprocess.DEVNULL
    began = perf_counter()
    bot = await asyncio.create_subprocess_exec(
        sys.executable, *arguments, cwd=ROOT, env={**environment(), **given}, stdout=nowhere, stderr=nowhere
    )
    try:
        async with asyncio.timeout(PATIENCE):
            runs.seconds.append(await tap.first_poll - began)
        await asyncio.sleep(idle)
        runs.megabytes.append(psutil.Process(bot.pid).memory_info().rss / 1e6)
    finally:
        if bot.returncode is None:
            bot.send_signal(signal.SIGTERM)
        await bot.wait()
        tap.forget()
