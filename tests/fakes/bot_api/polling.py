"""getUpdates, as the real server plays it."""

import asyncio
from typing import Any

from tests.fakes.bot_api.refused import RefusedError, bad
from tests.fakes.bot_api.state import State


class Polling:
    """getUpdates: confirms by offset, waits, and lets only the newest of two pollers live."""

    def __init__(self, state: State) -> None:
        self.state = state
        self._newest: object = None
        self._ended = False

    def end(self) -> None:
        """Let whoever waits go with nothing: the server starts over."""
        self._ended = True
        self.state.notify()

    async def get_updates(self, values: dict[str, Any]) -> list[Any]:
        """Return unconfirmed updates from `offset` on, waiting up to `timeout` seconds for one."""
        if self.state.web_hook.url:
            raise RefusedError(409, "Conflict: can't use getUpdates method while webhook is active")
        limit = values.get("limit", 100)
        if not 1 <= limit <= 100:
            raise bad("limit is out of range")
        me = self._newest = object()
        self.state.notify()  # wakes an older poller, which finds that it is not the newest
        self.state.allowed = values.get("allowed_updates", self.state.allowed)
        self._confirm(values.get("offset", 0))
        try:
            async with asyncio.timeout(values.get("timeout", 0)), self.state.changed:
                await self.state.changed.wait_for(lambda: self.state.updates or self._ended or self._newest is not me)
        except TimeoutError:
            return []
        if self._newest is not me:
            raise RefusedError(409, "Conflict: terminated by other getUpdates request")
        return self.state.updates[:limit]

    def _confirm(self, offset: int) -> None:
        if offset < 0:
            self.state.updates = self.state.updates[offset:]
            return
        # Something without an id goes with the updates before it.
        updates = self.state.updates
        first = next((n for n, update in enumerate(updates) if _id_of(update) >= offset), len(updates))
        if offset:
            self.state.updates = updates[first:]


def _id_of(update: Any) -> int:
    return int(update.get("update_id", -1)) if isinstance(update, dict) else -1
