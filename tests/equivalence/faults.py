"""What can go wrong between the bot, its database and the network, by a seed that repeats it all."""

import asyncio
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from random import Random
from typing import Any

from sqlalchemy.exc import OperationalError

from bot.domain.delivery import Failure
from bot.ports import Channel, Out, SendError, Sent
from bot.store import Store
from bot.store.outbox import Claimed

IN_A_ROW = 2  # faults of a kind: a network or a database that is never well delivers nothing to compare


class Ill(StrEnum):
    """How one request to the network can end."""

    BAD_GATEWAY = "502"
    THROTTLED = "429"
    CUT = "cut"  # delivered or not, and the line is gone
    KILLED = "killed"  # the process itself, with a request in the air


@dataclass
class Faults:
    """How often what goes wrong, as shares of 1. Without doubts nothing happens that leaves a message in doubt."""

    seed: int
    doubts: bool
    sending: float = 0.15
    writing: float = 0.04
    restart: float = 0.05
    begun: bool = False  # nothing fails before everybody has joined
    doubted: set[tuple[str, str]] = field(default_factory=set)  # chat and text of what a fault left in doubt
    happened: dict[str, int] = field(default_factory=dict)
    killed: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.random = Random(self.seed)
        self._ill: dict[object, int] = {}

    def strikes(self, share: float, *, what: object) -> bool:
        """Return whether it goes wrong this time; never more than twice in a row with the same thing."""
        struck = self.begun and self.random.random() < share and self._ill.get(what, 0) < IN_A_ROW
        self._ill[what] = self._ill.get(what, 0) + 1 if struck else 0
        return struck

    def of_sending(self, chat_id: str, out: Out) -> Ill | None:
        """Return how the sending of a message goes wrong, None for well."""
        if not self.strikes(self.sending, what=(chat_id, out.text)):
            return None
        ill = self.random.choice(list(Ill) if self.doubts else [Ill.BAD_GATEWAY, Ill.THROTTLED])
        if ill in (Ill.CUT, Ill.KILLED):
            self.doubted.add((chat_id, out.text))
        self.count(ill)
        return ill

    def count(self, what: str) -> None:
        """Remember that something happened, so that a test can say that it did."""
        self.happened[what] = self.happened.get(what, 0) + 1


@dataclass
class ShakyChannel:
    """A channel behind a line that fails; `arrived` is what the people truly have, in the order it came."""

    inner: Channel
    faults: Faults | None
    arrived: list[tuple[str, Out]]

    @property
    def caps(self) -> object:
        return self.inner.caps

    def __getattr__(self, name: str) -> Any:
        return getattr(self.inner, name)

    async def send(self, chat_id: str, out: Out, **gate: Any) -> Sent:
        if self.faults is not None:
            await self._suffer(self.faults, chat_id, out)
        sent = await self.inner.send(chat_id, out, **gate)
        self.arrived.append((chat_id, out))
        return sent

    async def _suffer(self, faults: Faults, chat_id: str, out: Out) -> None:
        ill = None if faults.killed.is_set() else faults.of_sending(chat_id, out)
        if ill is Ill.BAD_GATEWAY:
            raise SendError(Failure.UNREACHABLE, "502")
        if ill is Ill.THROTTLED:
            raise SendError(Failure.THROTTLED, "429", retry_after=timedelta(seconds=10))
        if ill is not None and faults.random.random() < 0.5:
            self.arrived.append((chat_id, out))
        if ill is Ill.CUT:
            raise SendError(Failure.IN_DOUBT, "cut")
        if ill is Ill.KILLED:
            faults.killed.set()
        if faults.killed.is_set():  # nothing more leaves this process, nor is anything recorded
            faults.doubted.add((chat_id, out.text))
            await asyncio.Event().wait()


def shake(store: Store, faults: Faults | None) -> None:
    """Run a store's transactions in the loop's own thread, and let some fail.

    They fail before they began or, where doubts are allowed, after their commit. A hop to a worker thread and back would
    cost more than the transactions of ninety days.
    """

    async def aread(work: Any, **_how: Any) -> Any:
        await asyncio.sleep(0)
        return store.read(work)

    async def awrite(work: Any, **_how: Any) -> Any:
        await asyncio.sleep(0)
        return store.write(work) if faults is None else suffer(faults, work)

    def suffer(faults: Faults, work: Any) -> Any:
        late = faults.doubts and faults.random.random() < 0.3
        ill = faults.strikes(faults.writing, what="database")
        if ill and not late:
            faults.count("database")
            raise OperationalError("BEGIN", {}, Exception("database is locked"))
        result = store.write(work)
        if ill:
            faults.count("commit unheard")
            claimed = result if isinstance(result, tuple) else ()
            faults.doubted |= {(each.chat_id, each.out.text) for each in claimed if isinstance(each, Claimed)}
            raise OperationalError("COMMIT", {}, Exception("server closed the connection"))
        return result

    store.aread, store.awrite = aread, awrite  # type: ignore[method-assign]
