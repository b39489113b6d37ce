"""An edit of a nation's catalogue: how long it takes to say what it does, and to do it, beside reading the file at all.

As a program it fills a home, then edits it in a process of its own, so that its memory is that of the edit and of
nothing before it; each prints a line of JSON.
"""

import argparse
import json
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import process_time
from typing import TypeVar

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
from tests.bench.children import measured, peak
from tests.bench.table import Kind, Row

T = TypeVar("T")

GOAL = 10.0  # seconds of one core, for saying and for doing
MEMORY_GOAL = 350.0  # MB; 3 million assignments held would be above 600
PEER = "yaml.load, CSafeLoader"
STARTS = date(2022, 8, 24)
ENDS = date(2023, 8, 31)
BEGAN = local_moment(date(2022, 9, 6), time(9, 0)).astimezone(UTC)
NOW = BEGAN + timedelta(days=1)
DUES = tuple(f"{STARTS + timedelta(days=8 + days):%d/%m/%Y}" for days in range(360))
_GAINED = 5


def rows(*, repeats: int, tasks: int, units: int) -> list[Row]:
    """Measure and return the rows of this section."""
    runs = [measured("changing", tasks=tasks, units=units)[0] for _ in range(repeats)]
    found = {name: median(run[name] for run in runs) for name in runs[0]}
    section = (
        f"Editing {tasks:,} tasks x {units} units, {found['stored']:,.0f} occurrences stored, "
        f"{found['touched']:,.0f} touched (seconds of one core)"
    )

    def row(what: str, name: str, kind: Kind, goal: float) -> Row:
        theirs = found["loaded"] if kind is Kind.SECONDS else found["loaded_peak"]
        return Row(section=section, what=what, kind=kind, ours=found[name], goal=goal, peer=PEER, theirs=theirs)

    return [
        row("the very first application", "started", Kind.SECONDS, GOAL),
        row("what an edit does", "foreseen", Kind.SECONDS, GOAL),
        row("doing it", "applied", Kind.SECONDS, GOAL),
        row("peak memory of both, plans and Python with it", "peak", Kind.MEGABYTES, MEMORY_GOAL),
    ]


def measure(tasks: int, units: int) -> dict[str, float]:
    """Return the figures of one run."""
    with TemporaryDirectory() as folder:
        root = Path(folder)
        before = parse_catalogue(_written(root / "old", tasks=tasks, units=units, edited=False))
        _written(root / "new", tasks=tasks, units=units, edited=True)
        with _store(root) as store:
            store.migrate()
            _, started = _timed(lambda: _apply(store, None, before, Effects(), now=BEGAN))
            _people(store, before)
            for moment in (BEGAN, NOW):
                _tick(store, before, moment)
        return {"started": started, **measured("changing", edits=root)[0], **measured("changing", loads=root)[0]}


def edited(root: Path) -> dict[str, float]:
    """Foresee and apply the edit of a filled home."""
    before, after = (parse_catalogue(read_texts(root / name)) for name in ("old", "new"))
    with _store(root) as store:
        effects, foreseen = _timed(lambda: store.read(lambda tx: effects_of(tx, old=before, new=after, now=NOW)))
        _, applied = _timed(lambda: _apply(store, before, after, effects, now=NOW))
    return {
        "foreseen": foreseen,
        "applied": applied,
        "peak": peak(),
        "stored": effects.occurrences,
        "touched": effects.touched,
    }


def loaded(root: Path) -> dict[str, float]:
    """Read the edited file as a program would that knows no better."""
    content = (root / "new" / "plan_tasks.yaml").read_bytes()
    _, seconds = _timed(lambda: yaml.load(content, yaml.CSafeLoader))
    return {"loaded": seconds, "loaded_peak": peak()}


def _store(root: Path) -> Store:
    return Store(f"sqlite:///{root / 'bench.db'}")


def _timed(work: Callable[[], T]) -> tuple[T, float]:
    """Return what something returned, and the processor time it took."""
    began = process_time()
    return work(), process_time() - began


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
    asked.add_argument("--edits", type=Path, metavar="HOME", help="edit what another run has filled")
    asked.add_argument("--loads", type=Path, metavar="HOME", help="only read the file")
    words = asked.parse_args()
    if words.edits or words.loads:
        found = edited(words.edits) if words.edits else loaded(words.loads)
    else:
        found = measure(words.tasks, words.units)
    print(json.dumps(found))


if __name__ == "__main__":
    main()
