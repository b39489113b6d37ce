"""Our tick over many stored occurrences; as a program it measures one database and prints a line of JSON a case."""

import argparse
import asyncio
import gc
import json
from collections.abc import Sequence
from datetime import timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter

import psutil

from bot.app.collector import leave_what_is_there, search_seldom
from bot.jobs.remind import Reminded, remind
from bot.store import Store, Tx
from tests.bench.heartbeat import Heartbeat
from tests.bench.stock import NOW, Stage, fates, make_due, put_back, stage, stocked

QUIET_TICKS = 30  # a tick with nothing due is too short to be timed alone


def measure(stored: int, dues: Sequence[int], repeats: int) -> None:
    """Print the figures of every case, medians of the repeats."""
    search_seldom()  # as `nhacviec run` does
    given = stage()
    with TemporaryDirectory() as folder, stocked(Path(folder) / "bench.db", stored=stored) as store:
        leave_what_is_there()
        for due in dues:
            print(json.dumps({"stored": stored, "due": due, **_case(store, given, due, repeats)}), flush=True)


def _case(store: Store, given: Stage, due: int, repeats: int) -> dict[str, float]:
    plain, threaded, blocked = [], [], []
    ruled = letters = 0
    for _ in range(repeats):
        _prepare(store, due)
        plain.append(_plain(store, given, ticks=1 if due else QUIET_TICKS))
        _prepare(store, due)
        wall, worst = asyncio.run(_threaded(store, given))
        threaded.append(wall)
        blocked.append(worst)
        ruled, letters = store.read(fates)
        put_back(store)
    resident = psutil.Process().memory_info().rss / 1e6
    return {
        "seconds": median(plain),
        "threaded": median(threaded),
        "blocked": median(blocked),
        "fired": ruled,
        "letters": letters,
        "resident": resident,
    }


def _prepare(store: Store, due: int) -> None:
    put_back(store)
    if due:
        make_due(store, due)
    gc.collect()


def _plain(store: Store, given: Stage, *, ticks: int) -> float:
    took = []
    for _ in range(ticks):
        began = perf_counter()
        store.write(lambda tx: _tick(tx, given))
        took.append(perf_counter() - began)
    return median(took)


async def _threaded(store: Store, given: Stage) -> tuple[float, float]:
    await store.awrite(lambda tx: tx.exec_driver_sql("SELECT 1").scalar())  # the thread and its connection are there
    async with Heartbeat() as heart:
        began = perf_counter()
        await store.awrite(lambda tx: _tick(tx, given))
        took = perf_counter() - began
    return took, heart.worst


def _tick(tx: Tx, given: Stage) -> Reminded:
    return remind(
        tx, plan=given.plan, calendar=given.calendar, caps=given.caps, question_life=timedelta(hours=24), now=NOW
    )


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--stored", type=int, required=True)
    asked.add_argument("--dues", type=lambda text: [int(each) for each in text.split(",")], required=True)
    asked.add_argument("--repeats", type=int, default=3)
    words = asked.parse_args()
    measure(words.stored, words.dues, words.repeats)
