"""`nhacviec check` of 10,000 tasks for 300 units, beside the same file read by PyYAML's own C loader."""

import os
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

from tests.bench.big_plan import write_home
from tests.bench.children import ROOT, environment
from tests.bench.table import Kind, Row

PEER = "yaml.load(…, CSafeLoader)"
GOAL_SECONDS = 1.5  # research: the loader alone takes 5
GOAL_MEGABYTES = 250.0
UNITS = 300
_LOAD = "import sys, yaml; yaml.load(open(sys.argv[1], encoding='utf-8'), yaml.CSafeLoader)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    """What one process took, Python's own start included: seconds by the clock and on a core, and the most memory."""

    wall: float
    cpu: float
    megabytes: float


def rows(*, repeats: int, tasks: int) -> list[Row]:
    """Measure and return the rows of this section."""
    with TemporaryDirectory() as folder:
        home = write_home(Path(folder), tasks=tasks, units=UNITS)
        check = [sys.executable, "-m", "bot", "--home", str(home), "check"]
        load = [sys.executable, "-c", _LOAD, str(home / "plan_tasks.yaml")]
        measured(check)  # Python compiles what it has not yet
        ours, theirs = list[Cost](), list[Cost]()
        for _ in range(repeats):  # in turn, so that a slow minute of the machine is everybody's
            ours.append(measured(check))
            theirs.append(measured(load))
    section = f"Catalogue: check of {tasks:,} tasks for {UNITS} units, read back; its peer only reads the plan's file"
    figures = (
        ("from start to end", Kind.SECONDS, "wall", GOAL_SECONDS),
        ("time of a core", Kind.SECONDS, "cpu", GOAL_SECONDS),
        ("peak memory", Kind.MEGABYTES, "megabytes", GOAL_MEGABYTES),
    )
    return [
        Row(
            section=section,
            what=what,
            kind=kind,
            ours=median(getattr(each, name) for each in ours),
            goal=goal,
            peer=PEER,
            theirs=median(getattr(each, name) for each in theirs),
        )
        for what, kind, name, goal in figures
    ]


def measured(command: Sequence[str]) -> Cost:
    """Run a command to its end and return what it took; RuntimeError where it fails."""
    began = perf_counter()
    child = subprocess.Popen(command, cwd=ROOT, env=environment(), stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(child.pid, 0)
    wall = perf_counter() - began
    child.returncode = os.waitstatus_to_exitcode(status)  # asked for above, so that Popen has nothing to wait for
    if child.returncode:
        raise RuntimeError(f"{command} ended with {child.returncode}")
    return Cost(wall=wall, cpu=used.ru_utime + used.ru_stime, megabytes=used.ru_maxrss * 1024 / 1e6)
