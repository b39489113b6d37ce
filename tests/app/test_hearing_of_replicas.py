"""Hearing where several processes store and one handles: what others stored is found, late or early, once."""

import asyncio
from collections.abc import Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from sqlalchemy import func, select, update

from bot.app.hearing import Hearer
from bot.conversation.turn import Desk
from bot.domain.calendar import Calendar
from bot.store import Store, inbox
from bot.store.tables import inbox as inbox_table
from tests.fakes.channel import CAPS, NAME, FakeChannel
from tests.store.builders import NOW, plan_of

DESK = Desk(plan=plan_of(), calendar=Calendar(), caps={NAME: CAPS}, file_limit_mb=1)


class Replicas:
    """One that handles, and others that only store, on one database."""

    def __init__(self, store: Store, folder: Path) -> None:
        self.store = store
        self.channel = FakeChannel()
        self.hearer = Hearer(
            store,
            {NAME: self.channel},
            desk=lambda: DESK,
            now=lambda: NOW,
            folder=folder,
            answered=lambda: None,
            look_seconds=0.01,
        )

    def stored_elsewhere(self, name: str, **raw: object) -> None:
        """Let another replica store an update."""
        whole = {"chat_id": name, "text": "?", **raw}
        self.store.write(lambda tx: inbox.put(tx, channel=NAME, external_id=name, raw=whole, now=NOW))

    def waiting(self) -> int:
        chosen = select(func.count()).select_from(inbox_table).where(inbox_table.c.state == "new")
        return self.store.read(lambda tx: tx.execute(chosen).scalar_one())

    async def until(self, holds: Callable[[], bool]) -> None:
        async with asyncio.timeout(5):
            while not holds():  # noqa: ASYNC110  # what it waits for is only in the database
                await asyncio.sleep(0.01)

    @asynccontextmanager
    async def handling(self):
        running = asyncio.create_task(self.hearer.run())
        yield
        running.cancel()
        await asyncio.wait([running])


@pytest.fixture
def replicas(store: Store, tmp_path: Path) -> Replicas:
    return Replicas(store, tmp_path)


async def test_what_another_replica_stored_is_handled_without_being_told_of_it(replicas: Replicas) -> None:
    async with replicas.handling():
        for name in ("a", "b"):
            replicas.stored_elsewhere(name)
            await replicas.until(lambda: replicas.waiting() == 0)


async def test_an_earlier_id_that_is_committed_late_is_handled_too(replicas: Replicas) -> None:
    replicas.stored_elsewhere("early")
    hidden = update(inbox_table).where(inbox_table.c.external_id == "early")
    replicas.store.write(lambda tx: tx.execute(hidden.values(state="uncommitted")))
    async with replicas.handling():
        replicas.stored_elsewhere("later")
        await replicas.until(lambda: replicas.waiting() == 0)

        replicas.store.write(lambda tx: tx.execute(hidden.values(state="new")))
        await replicas.until(lambda: replicas.waiting() == 0)


async def test_a_press_is_answered_once_however_often_the_inbox_is_looked_at(replicas: Replicas) -> None:
    async with replicas.handling():
        for number in range(20):
            replicas.stored_elsewhere(f"p{number}", kind="press", action="x", ack=f"ack{number}")
        await replicas.channel.until(lambda: len(replicas.channel.answered) >= 20)
        await replicas.until(lambda: replicas.waiting() == 0)

    assert sorted(ack for ack, _ in replicas.channel.answered) == sorted(f"ack{number}" for number in range(20))


async def test_who_leads_again_begins_at_the_beginning(replicas: Replicas) -> None:
    async with replicas.handling():
        replicas.stored_elsewhere("first")
        await replicas.until(lambda: replicas.waiting() == 0)
    replicas.store.write(lambda tx: tx.execute(update(inbox_table).values(state="new")))  # the other left it undone
    replicas.hearer._look_seconds = None  # and nothing but the beginning of a term makes it look back

    async with replicas.handling():
        await replicas.until(lambda: replicas.waiting() == 0)
