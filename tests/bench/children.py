"""Running a measurement in a process of its own, so that each begins with clean memory."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent


def environment() -> dict[str, str]:
    """Return this process's environment without what would change the bot, or keep Python from keeping its bytecode."""
    ours = {name: value for name, value in os.environ.items() if not name.startswith("BOT_")}
    ours.pop("PYTHONDONTWRITEBYTECODE", None)
    return ours


def peak() -> float:
    """Return the most memory this process has held, in MB.

    Not by getrusage: a process that another one started counts that one's memory as its own.
    """
    said = Path("/proc/self/status").read_text(encoding="ascii")
    return int(said.partition("VmHWM:")[2].split()[0]) / 1000


def measured(module: str, **options: object) -> list[dict[str, Any]]:
    """Run a module of this package; return the JSON objects it printed, one a line."""
    words = [word for name, value in options.items() for word in (f"--{name.replace('_', '-')}", str(value))]
    command = [sys.executable, "-W", "ignore", "-m", f"tests.bench.{module}", *words]
    done = subprocess.run(command, cwd=ROOT, env=environment(), stdout=subprocess.PIPE, check=True, text=True)
    return [json.loads(line) for line in done.stdout.splitlines()]
