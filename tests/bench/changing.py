"""An edit of a nation's catalogue: how long it takes to say what it does, and to do it, beside reading the file at all.

As a program it measures in a process of its own and prints a line of JSON.
"""

import argparse
import gc
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from threading import Event, Thread
from time import process_time
from typing import Generic, TypeVar

import psutil
import yaml

from bot.catalogue import Catalogue, CatalogueTexts, parse_catalogue, read_texts
from bot.channels.local import CHANNEL, LocalChannel
from bot.domain.calendar import local_moment
from bot.domain.effects import Effects
from bot.domain.plan import Role
from bot.jobs.apply import apply
from bot.jobs.foresee import effects_of
from bot.jobs.keep import keep_in_step
from bot.jobs.remind import remind
from bot.store import Store, Tx, people
from tests.bench.big_plan import Lines, write_home
from tests.bench.children import ROOT, environment
from tests.bench.table import Kind, Row

T = TypeVar("T")

GOAL = 10.0  # seconds of one core, for saying and for doing
MEMORY_GOAL = 250.0  # MB more than before
PEER = "yaml.load, CSafeLoader"
STARTS = date(2022, 8, 24)
ENDS = date(2023, 8, 31)
BEGAN = local_moment(date(2022, 9, 6), time(9, 0)).astimezone(UTC)
NOW = BEGAN + timedelta(days=1)
DUES = tuple(f"{STARTS + timedelta(days=8 + days):%d/%m/%Y}" for days in range(360))
_GAINED = 5
PAUSE = 0.005  # seconds between looks at the memory


def rows(*, repeats: int, tasks: int, units: int) -> list[Row]:
    """Measure and return the rows of this section."""
    words = ["-m", "tests.bench.changing", "--tasks", str(tasks), "--units", str(units)]
    runs = []
    for _ in range(repeats):
        ran = subprocess.run(
            [sys.executable, *words], cwd=ROOT, env=environment(), stdout=subprocess.PIPE, text=True, check=True
        )
        runs.append(json.loads(ran.stdout.splitlines()[-1]))
    found = {name: median(run[name] for run in runs) for name in runs[0]}
    section = (
        f"Editing {tasks:,} tasks x {units} units, {found['stored']:,.0f} occurrences stored, "
        f"{found['touched']:,.0f} touched (seconds of one core)"
    )

    def row(what: str, name: str, kind: Kind, goal: float) -> Row:
        theirs = found["loaded"] if kind is Kind.SECONDS else found["loaded_memory"]
        return Row(section=section, what=what, kind=kind, ours=found[name], goal=goal, peer=PEER, theirs=theirs)

    return [
        row("what it does", "foreseen", Kind.SECONDS, GOAL),
        row("doing it", "applied", Kind.SECONDS, GOAL),
        row("what it does, memory", "foreseen_memory", Kind.MEGABYTES, MEMORY_GOAL),
        row("doing it, memory", "applied_memory", Kind.MEGABYTES, MEMORY_GOAL),
    ]


def measure(tasks: int, units: int) -> dict[str, float]:
    """Return the figures of one run."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        old = _written(root / "old", tasks=tasks, units=units, edited=False)
        new = _written(root / "new", tasks=tasks, units=units, edited=True)
        before, after = parse_catalogue(old), parse_catalogue(new)
        with Store(f"sqlite:///{root / 'bench.db'}") as store:
            store.migrate()
            started = _timed(lambda: _apply(store, None, before, Effects(), now=BEGAN))
            _people(store, before)
            for moment in (BEGAN, NOW):
                _tick(store, before, moment)
            foreseen = _timed(lambda: store.read(lambda tx: effects_of(tx, old=before, new=after, now=NOW)))
            effects = foreseen.result
            applied = _timed(lambda: _apply(store, before, after, effects, now=NOW))
            back = _timed(lambda: store.read(lambda tx: effects_of(tx, old=after, new=before, now=NOW)))
        loaded = _timed(lambda: yaml.load(new.plan, yaml.CSafeLoader))
        return {
            "started": started.seconds,
            "foreseen": foreseen.seconds,
            "applied": applied.seconds,
            "back": back.seconds,
            "loaded": loaded.seconds,
            "started_memory": started.memory,
            "foreseen_memory": foreseen.memory,
            "applied_memory": applied.memory,
            "loaded_memory": loaded.memory,
            "stored": effects.occurrences,
            "touched": effects.touched,
            "messages": effects.messages,
        }


def _before(turn: int, lines: Lines) -> Lines | None:
    """Leave out one task in a hundred, which the edit brings."""
    return None if turn % 100 == _GAINED else lines


def _edit(turn: int, lines: Lines) -> Lines | None:
    """Drop, move, give to fewer units or chase otherwise one task in ten; say the others in other words."""
    match turn % 100:
        case 10 | 20:
            return None
        case 30 | 40 | 50:
            return {**lines, "due": DUES[(turn * 7) % len(DUES)]}
        case 60:
            return {**lines, "owners": "[xa]"}
        case 70 | 80 | 90 | 0:
            return {**lines, "policy": "often"}
        case _:
            return {**lines, "title": f"{lines['title']} (sửa)"}


def _written(root: Path, *, tasks: int, units: int, edited: bool) -> CatalogueTexts:
    write_home(root, tasks=tasks, units=units, dues=DUES, edit=_edit if edited else _before)
    plan = (root / "plan_tasks.yaml").read_text(encoding="utf-8").replace("ends: 2022-12-31", f"ends: {ENDS}")
    often = '  often:\n    remind: [-10d, -5d, -2d, 0d]\n    overdue: [+2d, every 5d, stop 60d]\n    at: "08:00"\n'
    head, _, rest = plan.partition("policies:\n")
    (root / "plan_tasks.yaml").write_text(f"{head}policies:\n{often}{rest}", encoding="utf-8")
    return read_texts(root)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran(Generic[T]):
    """What something returned, the processor time it took, how much memory it took at its peak beyond what was held."""

    result: T
    seconds: float
    memory: float


def _timed(work: Callable[[], T]) -> Ran[T]:
    """Run something while a thread looks at the memory now and again."""
    process, over = psutil.Process(), Event()
    gc.collect()
    before = process.memory_info().rss
    peaks = [before]

    def watch() -> None:
        while not over.wait(PAUSE):
            peaks.append(process.memory_info().rss)
            peaks[:] = [max(peaks)]

    watcher = Thread(target=watch, daemon=True)
    watcher.start()
    began = process_time()
    result = work()
    seconds = process_time() - began
    over.set()
    watcher.join()
    return Ran(result=result, seconds=seconds, memory=(max(peaks) - before) / 1e6)


def _apply(store: Store, old: Catalogue | None, new: Catalogue, effects: Effects, *, now: datetime) -> int:
    def change(tx: Tx) -> int:
        return apply(
            tx,
            old=old,
            new=new,
            texts={},
            who="",
            cause="command",
            effects=effects,
            caps={CHANNEL: LocalChannel.caps},
            now=now,
        )

    return store.write(change)


def _tick(store: Store, found: Catalogue, now: datetime) -> None:
    """Let everything that came due by a moment have its fate."""

    def tick(tx: Tx) -> int:
        keep_in_step(tx, plan=found.plan, calendar=found.calendar, now=now)
        life, caps = timedelta(days=1), {CHANNEL: LocalChannel.caps}
        done = remind(tx, plan=found.plan, calendar=found.calendar, caps=caps, question_life=life, now=now)
        return done.due

    while store.write(tick):
        pass


def _people(store: Store, found: Catalogue) -> None:
    """Let a focal point of every unit join."""

    def join(tx: Tx) -> None:
        for unit in found.plan.units:
            people.join(tx, channel=CHANNEL, user_id=unit, name=unit, unit=unit, role=Role.FOCAL, now=NOW)

    store.write(join)


def main() -> None:
    """Measure once and print a line of JSON."""
    asked = argparse.ArgumentParser(prog="python -m tests.bench.changing", description=__doc__)
    asked.add_argument("--tasks", type=int, default=10_000)
    asked.add_argument("--units", type=int, default=300)
    words = asked.parse_args()
    print(json.dumps(measure(words.tasks, words.units)))


if __name__ == "__main__":
    main()
