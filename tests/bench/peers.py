"""One job per reminder, as everyone does it; as a program it measures one scheduler and prints a line of JSON a case.

Settings are what their users have by default. Jobs append to a list: less than any real job would do.
"""

import argparse
import asyncio
import json
import logging
import pickle
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any

import psutil
from apscheduler.jobstores.sqlalchemy import SQLAlchemyJobStore
from apscheduler.schedulers.asyncio import AsyncIOScheduler
from telegram.ext import Application

from tests.bench.heartbeat import Heartbeat

PEERS = {
    "memory": "APScheduler, memory store",
    "sqlite": "APScheduler, SQLite store",
    "queue": "python-telegram-bot JobQueue",
}
FAR = timedelta(days=300)
PATIENCE = 2.5  # seconds without a further job; past the due, what has not run by then was dropped as a misfire
QUIET_WAKES = 30

rung: list[float] = []


async def ring(*_: object) -> None:
    """Stand for the sending of a reminder."""
    rung.append(perf_counter())


async def measure(peer: str, folder: Path, stored: int, dues: Sequence[int], repeats: int) -> None:
    """Print the figures of every case of one peer, medians of the repeats."""
    logging.getLogger("apscheduler").setLevel(logging.CRITICAL)  # a line for each misfire would be counted against it
    scheduler, added = await _filled(peer, folder, stored)
    for due in dues:
        runs = [await _case(scheduler, peer, due) for _ in range(repeats)]
        middle = {name: median(run[name] for run in runs) for name in runs[0]}
        resident = psutil.Process().memory_info().rss / 1e6
        print(json.dumps({"peer": peer, "stored": stored, "due": due, **middle, "added": added, "resident": resident}))
    scheduler.shutdown(wait=False)


async def _filled(peer: str, folder: Path, stored: int) -> tuple[AsyncIOScheduler, float]:
    """Return a running scheduler with so many jobs far in the future, and how long adding them took."""
    began = perf_counter()
    moments = [datetime.now(UTC) + FAR + timedelta(seconds=number % 86_400) for number in range(stored)]  # noqa: TID251
    if peer == "queue":
        queue = Application.builder().token("1:A").build().job_queue
        if queue is None:
            raise SystemExit("python-telegram-bot's JobQueue needs APScheduler")
        for moment in moments:
            queue.run_once(ring, moment)
        await queue.start()
        return queue.scheduler, perf_counter() - began
    scheduler = AsyncIOScheduler()
    if peer == "sqlite":
        scheduler.add_jobstore(SQLAlchemyJobStore(url=f"sqlite:///{folder / 'jobs.db'}"))
    else:
        for moment in moments:
            scheduler.add_job(ring, "date", run_date=moment)
    scheduler.start()
    if peer == "sqlite":
        _copy_jobs(scheduler, moments)
    return scheduler, perf_counter() - began


def _copy_jobs(scheduler: AsyncIOScheduler, moments: Sequence[datetime]) -> None:
    """Fill the table in one statement with jobs as the store writes them: a commit each would take minutes."""
    store: Any = scheduler._lookup_jobstore("default")  # there is no public way to its table
    model = scheduler.add_job(ring, "date", run_date=moments[0])
    state = model.__getstate__()
    rows = []
    for number, moment in enumerate(moments[1:]):
        trigger = type(model.trigger)(moment)
        whole = {**state, "id": f"job{number}", "trigger": trigger, "next_run_time": moment}
        stored = pickle.dumps(whole, pickle.HIGHEST_PROTOCOL)
        rows.append({"id": f"job{number}", "next_run_time": moment.timestamp(), "job_state": stored})
    with store.engine.begin() as connection:
        connection.execute(store.jobs_t.insert(), rows)


async def _case(scheduler: AsyncIOScheduler, peer: str, due: int) -> dict[str, float]:
    if not due:
        return {"seconds": await _wake(scheduler), "blocked": 0.0, "fired": 0}
    rung.clear()
    at = await _ordered(scheduler, due)
    async with Heartbeat() as heart:
        last = max(at, perf_counter())
        while len(rung) < due and perf_counter() < last + PATIENCE:
            await asyncio.sleep(0.05)
            last = max([at, *rung[-1:]])
    ended = max(last, heart.worst_until)  # a misfire is dropped without a word; then the loop is free again
    return {"seconds": ended - at, "blocked": heart.worst, "fired": len(rung)}


async def _ordered(scheduler: AsyncIOScheduler, due: int) -> float:
    """Add jobs due at one moment soon; return that moment on the performance counter. Asks again if adding took too long."""
    lead = 0.5 + due * 0.0005
    while True:
        began, moment = perf_counter(), datetime.now(UTC) + timedelta(seconds=lead)  # noqa: TID251
        scheduler.pause()  # or every job added would wake it
        jobs = [scheduler.add_job(ring, "date", run_date=moment) for _ in range(due)]
        if perf_counter() < began + lead - 0.1:
            scheduler.resume()
            return began + lead
        for job in jobs:
            job.remove()
        lead *= 3


async def _wake(scheduler: AsyncIOScheduler) -> float:
    took = []
    for _ in range(QUIET_WAKES):
        began = perf_counter()
        scheduler.wakeup()  # puts its round on the loop
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        took.append(perf_counter() - began)
    return median(took)


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--peer", choices=list(PEERS), required=True)
    asked.add_argument("--stored", type=int, required=True)
    asked.add_argument("--dues", type=lambda text: [int(each) for each in text.split(",")], required=True)
    asked.add_argument("--repeats", type=int, default=3)
    words = asked.parse_args()
    from tests.bench import peers  # the store finds a job's function by the name of its module, which here is __main__

    with TemporaryDirectory() as place:
        asyncio.run(peers.measure(words.peer, Path(place), words.stored, words.dues, words.repeats))
