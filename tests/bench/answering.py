"""Answers a second: our bot with everything on disk beside the bare echoes of others that keep nothing."""

import json
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from threading import Timer

from tests.bench import aiogram_venv
from tests.bench.children import ROOT, environment
from tests.bench.crowd import Act
from tests.bench.start import PEER, TOKEN
from tests.bench.table import Kind, Row

GOAL = 600.0  # presses a second; research: python-telegram-bot's bare echo does as many
AIOGRAM = "aiogram echo"
PATIENCE = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answerer:
    """A program that answers: what everybody does to it, and how it is started."""

    act: Act
    command: tuple[str, ...]


def rows(*, repeats: int, acts: int, install: bool) -> list[Row]:
    """Measure and return the rows of this section; without `install`, aiogram only where it was installed before."""
    here = Path(__file__).parent
    ours = Answerer(
        act=Act.PRESS, command=(sys.executable, "-W", "ignore", "-m", "tests.bench.answerer", "--presses", str(acts))
    )
    peers = {f"{PEER}, echo": Answerer(act=Act.WRITE, command=(sys.executable, str(here / "bare_bot.py")))}
    python = aiogram_venv.python(make=install)
    if python is not None:
        peers[AIOGRAM] = Answerer(act=Act.WRITE, command=(python, str(here / "aiogram_bot.py")))
    named = {"": ours, **peers}
    runs: dict[str, list[float]] = {name: [] for name in named}
    for _ in range(repeats):  # in turn, so that a slow minute of the machine is everybody's
        for name, answerer in named.items():
            runs[name].append(_rate(answerer, acts))
    return [_row(median(runs[""]), name, median(runs[name])) for name in peers]


def _row(ours: float, peer: str, theirs: float) -> Row:
    return Row(
        section="Answering: a press stored, reported, answered twice, on disk; a peer's echo stores nothing",
        what="answered a second",
        kind=Kind.RATE,
        ours=ours,
        goal=GOAL,
        peer=peer,
        theirs=theirs,
    )


def _rate(answerer: Answerer, acts: int) -> float:
    """Return how many updates a second a program answers, from the first it is given to its last answer."""
    words = ["-m", "tests.bench.crowd", "--act", answerer.act, "--acts", str(acts)]
    with subprocess.Popen([sys.executable, *words], cwd=ROOT, stdout=subprocess.PIPE, text=True) as crowd:
        if crowd.stdout is None:
            raise RuntimeError("the crowd's address was asked for")
        given = {"BOT_TELEGRAM__TOKEN": TOKEN, "BOT_TELEGRAM__API_URL": crowd.stdout.readline().strip()}
        bot = subprocess.Popen(
            answerer.command,
            cwd=ROOT,
            env={**environment(), **given},
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        late = Timer(PATIENCE, crowd.kill)  # its output ends, and with it our waiting
        late.start()
        try:
            line = crowd.stdout.readline()
        finally:
            late.cancel()
            crowd.kill()
            bot.send_signal(signal.SIGTERM)
            said, _ = bot.communicate()
        if not line:
            raise RuntimeError(f"not everything was answered in {PATIENCE:.0f} s by {answerer.command}")
    counted = json.loads(line)
    if counted["messages"] != acts:
        raise RuntimeError(f"{acts} were heard and {counted['messages']} answered by {answerer.command}")
    if answerer.act is Act.PRESS:
        _check(said.splitlines(), acts)
    return acts / float(counted["seconds"])


def _check(said: Sequence[bytes], presses: int) -> None:
    """Raise RuntimeError where the database does not hold everything: then the figure would mean nothing."""
    kept = json.loads(said[-1])
    if {kept["handled"], kept["reports"], kept["sent"]} != {presses}:
        raise RuntimeError(f"{presses} presses, and the database holds {kept}")
