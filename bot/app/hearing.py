"""Works through the inbox: in order within a conversation, conversations side by side, nothing lost and nothing twice."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.app.receiving import receive
from bot.conversation.evidence import may_send_files
from bot.conversation.hear import Handled, apologise, hear
from bot.conversation.turn import Desk, Kept
from bot.ports import BatchSink, Channel, Inbound, Raw
from bot.store import Store, Tx, inbox, notices
from bot.store.inbox import Heard
from bot.store.notices import NoticeKind
from bot.texts.people import menu

log = logging.getLogger(__name__)

TRIES = 3
PAUSE = 1.0  # seconds before the inbox is looked at again after the database failed
AT_ONCE = 64
BATCH = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class _Mouth(BatchSink):
    """Where a channel's updates come in, one or many at once."""

    channel: str
    put: Callable[[str, Sequence[tuple[str, Raw]]], Awaitable[None]]

    async def __call__(self, external_id: str, raw: Raw) -> None:
        await self.put(self.channel, [(external_id, raw)])

    async def all(self, updates: Sequence[tuple[str, Raw]]) -> None:
        await self.put(self.channel, updates)


class Hearer:
    """Stores what channels hear and handles it from there."""

    def __init__(
        self,
        store: Store,
        channels: Mapping[str, Channel],
        *,
        desk: Callable[[], Desk],
        now: Callable[[], datetime],
        folder: Path,
        answered: Callable[[], None],
        came_from: Callable[[str], None] = lambda _: None,
        look_seconds: float | None = None,
    ) -> None:
        self._store = store
        self._channels = channels
        self._desk = desk
        self._now = now
        self._folder = folder
        self._answered = answered
        self._came_from = came_from  # told of each channel that brought something
        self._look_seconds = look_seconds  # None: nobody but ourselves puts anything into the inbox
        self._news = asyncio.Event()
        self._seen = 0
        self._begun: set[int] = set()  # being handled, or handled since the inbox was last read
        self._handled: set[int] = set()  # those of them that are
        self._ending = False
        self._room = asyncio.Semaphore(AT_ONCE)
        self._last: dict[tuple[str, str], asyncio.Task[None]] = {}  # the newest task of each conversation
        self._loose: set[asyncio.Task[Any]] = set()

    def sink(self, channel: str) -> BatchSink:
        """Return what puts this channel's updates into the inbox; it returns when they are on disk."""
        return _Mouth(channel=channel, put=self._put)

    async def _put(self, channel: str, updates: Sequence[tuple[str, Raw]]) -> None:
        stored = [(external_id, dict(raw)) for external_id, raw in updates]
        await self._store.awrite(lambda tx: inbox.put_all(tx, stored, channel=channel, now=self._now()))
        self._news.set()

    async def run(self) -> None:
        """Handle the inbox from its beginning and for ever; cancelled, it finishes what is begun. May be run again."""
        self._seen, self._ending = 0, False
        self._begun.clear()
        self._handled.clear()
        try:
            while True:
                self._news.clear()
                try:
                    begun = await self.begin_waiting()
                except Exception:
                    log.exception("inbox not read")  # the loop that must not die; what waits there waits on
                    await asyncio.sleep(PAUSE)
                    continue
                if not begun:
                    await self._rest()
        finally:
            self._ending = True
            await self.finish()

    async def begin_waiting(self) -> int:
        """Begin with what waits in the inbox; return how many updates."""
        seen = self._seen
        handled, self._handled = self._handled, set()  # not among what is read from here on
        found = await self._store.aread(lambda tx: inbox.waiting(tx, after=seen, limit=BATCH))
        for heard in found:
            if heard.id not in self._begun:
                await self._begin(heard)
            self._seen = max(self._seen, heard.id)  # after it: what could not be begun is looked at again
        self._begun -= handled
        return len(found)

    async def _rest(self) -> None:
        try:
            async with asyncio.timeout(self._look_seconds):
                await self._news.wait()
        except TimeoutError:
            # From the beginning: where several store, an earlier id may be committed after a later one was seen.
            self._seen = 0

    async def finish(self) -> None:
        """Wait until everything begun is handled."""
        while tasks := [*self._last.values(), *self._loose]:
            await asyncio.wait(tasks)
            self._last = {key: task for key, task in self._last.items() if not task.done()}

    async def _begin(self, heard: Heard) -> None:
        channel = self._channels.get(heard.channel)
        if channel is None:  # its token was taken away: the update waits until it is back
            return
        self._came_from(heard.channel)
        try:
            inbound = channel.read(heard.raw)
        except Exception as error:  # promised is ValueError, but any other would hold up all behind it
            log.warning("quarantined inbox=%s reason=%s", heard.id, type(error).__name__)
            await self._store.awrite(lambda tx: inbox.quarantine(tx, heard.id, reason="unreadable"))
            return
        if inbound is None:
            await self._store.awrite(lambda tx: inbox.done(tx, heard.id))
            return
        key = (inbound.channel, inbound.chat_id)
        task = asyncio.create_task(self._in_turn(self._last.get(key), heard, inbound, channel))
        self._last[key] = task
        self._begun.add(heard.id)
        task.add_done_callback(lambda done: self._forget(key, heard.id, done))

    def _forget(self, key: tuple[str, str], heard_id: int, done: asyncio.Task[None]) -> None:
        self._handled.add(heard_id)
        if self._last.get(key) is done:
            del self._last[key]

    async def _in_turn(
        self, before: asyncio.Task[None] | None, heard: Heard, inbound: Inbound, channel: Channel
    ) -> None:
        if before is not None:
            await asyncio.wait([before])
        async with self._room:
            await self._handle(heard, inbound, channel)

    async def _handle(self, heard: Heard, inbound: Inbound, channel: Channel) -> None:
        files: tuple[Kept, ...] | None = None
        for tried in range(heard.tries + 1, TRIES + 1):
            try:
                if files is None:  # once: a second try must not keep them under other names
                    files = await self._kept(channel, inbound)
                handled = await self._hear(heard, inbound, files)
            except Exception:
                # The loop that must not die: one message that breaks a handler delays itself and nobody else.
                log.exception("not handled inbox=%s try=%s", heard.id, tried)
                if not await self._surely(lambda tx: inbox.failed_once(tx, heard.id, reason="handler failed")):
                    return
            else:
                self._after(handled, inbound, channel)
                return
        if await self._surely(lambda tx: self._give_up(tx, heard, inbound)):
            self._after(Handled(), inbound, channel)  # a press that broke everything is answered too

    async def _surely(self, work: Callable[[Tx], None]) -> bool:
        """Write, however long the database is away; False where we end before, and the update waits for the next start."""
        while True:
            try:
                await self._store.awrite(work)
            except Exception:
                log.exception("inbox not written")  # or the update would be looked at by nobody until a restart
                if self._ending:
                    return False
                await asyncio.sleep(PAUSE)
            else:
                return True

    async def _hear(self, heard: Heard, inbound: Inbound, files: tuple[Kept, ...]) -> Handled:
        def work(tx: Tx) -> Handled:
            return hear(tx, self._desk(), inbound, heard_id=heard.id, now=self._now(), files=files)

        return await self._store.awrite(work)

    def _give_up(self, tx: Tx, heard: Heard, inbound: Inbound) -> None:
        now, words = self._now(), {"inbox": str(heard.id)}
        inbox.quarantine(tx, heard.id, reason="handler failed")
        notices.raise_notice(tx, key=f"inbox:{heard.id}", kind=NoticeKind.HANDLER_QUARANTINED, words=words, now=now)
        apologise(tx, self._desk(), inbound, heard_id=heard.id, now=now)

    def _after(self, handled: Handled, inbound: Inbound, channel: Channel) -> None:
        self._answered()
        if inbound.ack:
            self._loosely(channel.answer_press(inbound.ack, handled.ack))
        if handled.menu_for is not None:
            person = handled.menu_for
            commands = menu(person.language, [held.role for held in person.memberships])
            self._loosely(channel.set_menu(inbound.chat_id, commands))

    def _loosely(self, work: Awaitable[None]) -> None:
        task = asyncio.ensure_future(work)
        self._loose.add(task)
        task.add_done_callback(self._loose.discard)

    async def _kept(self, channel: Channel, inbound: Inbound) -> tuple[Kept, ...]:
        """Return the files that came, on our disk; of strangers, groups and people who report nothing, none."""
        if not inbound.files or not await self._store.aread(lambda tx: may_send_files(tx, inbound)):
            return ()
        limit = self._desk().file_limit_mb
        return tuple([await receive(channel, each, self._folder, limit_mb=limit) for each in inbound.files])
