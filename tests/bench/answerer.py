"""Our hearing, storing and sending against a Bot API server; as a program it answers until it is told to stop.

Everything is the real thing: the database in a file, the Hearer, the Deliverer, the channel. Only the channel's limits
are lifted, as the peers have none.
"""

import argparse
import asyncio
import json
import os
import signal
from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from tempfile import TemporaryDirectory
from time import process_time

from sqlalchemy import func, insert, select

from bot.app.collector import leave_what_is_there, search_seldom
from bot.app.hearing import Hearer
from bot.channels.telegram import Limiter, TelegramChannel
from bot.conversation.turn import Desk
from bot.domain.plan import Result, Role
from bot.jobs.deliver import Deliverer
from bot.ports import Caps
from bot.store import Store, Tx
from bot.store.tables import contact, inbox, membership, occurrence, outbox, person, report
from tests.bench.crowd import FIRST_CHAT, PEOPLE
from tests.bench.stock import NOW, stage

_CHANNEL = "telegram"


async def answer(store: Store, folder: Path, url: str, token: str) -> None:
    """Answer until SIGTERM."""
    given = stage()
    plan = replace(given.plan, tasks={name: replace(task, result=Result()) for name, task in given.plan.tasks.items()})
    limiter = Limiter(per_second=1e9, private_seconds=0.0, most=10**6)
    channel = TelegramChannel(token, url, limiter=limiter)
    caps: Mapping[str, Caps] = {_CHANNEL: channel.caps}
    desk = Desk(plan=plan, calendar=given.calendar, caps=caps)
    channels = {_CHANNEL: channel}
    deliverer = Deliverer(store, channels, lambda: NOW, folder=folder, is_open=given.calendar.is_open)
    hearer = Hearer(store, channels, desk=lambda: desk, now=lambda: NOW, folder=folder, answered=deliverer.wake)
    ended = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, ended.set)
    leave_what_is_there()
    began = process_time()
    work = [deliverer.run(every=1.0), hearer.run(), channel.listen(hearer.sink(_CHANNEL))]
    tasks = [asyncio.create_task(each) for each in work]
    await ended.wait()
    for task in reversed(tasks):
        task.cancel()
        await asyncio.wait([task])
    await channel.close()
    print(json.dumps({**store.read(_counted), "cpu": process_time() - began}), flush=True)


def stocked(path: Path, *, presses: int) -> Store:
    """Return a new database with an occurrence for each press, the presser's own; press n is on occurrence n."""
    store = Store(f"sqlite:///{path}")
    store.migrate()
    store.write(lambda tx: _stock(tx, presses))
    return store


def _stock(tx: Tx, presses: int) -> None:
    people, known, due = range(PEOPLE), NOW - timedelta(days=30), NOW + timedelta(days=7)
    tx.execute(insert(person), [{"name": f"Nguyễn Văn {n}", "language": "vi", "created_at": known} for n in people])
    place = {"channel": _CHANNEL, "gone_why": "", "place": 0}
    tx.execute(insert(contact), [{"person_id": n + 1, "chat_id": str(FIRST_CHAT + n), **place} for n in people])
    rights = [{"person_id": n + 1, "unit": f"u{n:03}", "role": Role.FOCAL, "since": known} for n in people]
    tx.execute(insert(membership), rights)
    names = list(stage().plan.tasks)
    moments = {"original_due_at": due, "plan_due_at": due, "due_at": due, "known_at": known, "next_step_at": due}
    rows = [
        {
            "id": number,
            "task": names[number // PEOPLE % len(names)],
            "unit": f"u{number % PEOPLE:03}",
            "period": f"p{number // PEOPLE // len(names)}" if number // PEOPLE >= len(names) else "",
            **moments,
        }
        for number in range(1, presses + 1)
    ]
    tx.execute(insert(occurrence), rows)


def _counted(tx: Tx) -> dict[str, int]:
    """Return what the database holds in the end: all of it must be there before a figure means anything."""
    handled = select(func.count()).where(inbox.c.state == "done")
    sent = select(func.count()).where(outbox.c.state == "sent")
    stored = select(func.count(report.c.occurrence_id.distinct()))
    found = {"handled": handled, "reports": stored, "sent": sent}
    return {name: tx.execute(statement).scalar_one() for name, statement in found.items()}


if __name__ == "__main__":
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--presses", type=int, required=True)
    words = asked.parse_args()
    search_seldom()  # as `nhacviec run` does
    with TemporaryDirectory() as place, stocked(Path(place) / "bench.db", presses=words.presses) as opened:
        asyncio.run(answer(opened, Path(place), os.environ["BOT_TELEGRAM__API_URL"], os.environ["BOT_TELEGRAM__TOKEN"]))
