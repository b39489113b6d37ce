"""A small plan in an office where anything may happen next, its people, and a line that fails as it is told to."""

from collections import deque
from collections.abc import Awaitable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from bot.domain.calendar import Calendar
from bot.domain.delivery import Failure
from bot.domain.plan import Role
from bot.ports import Out, SendError, Sent
from bot.store import Tx, invites
from tests.equivalence.faults import ShakyChannel
from tests.equivalence.shaky import ShakyWorld
from tests.world import SMALL_PLAN

FOCALS = {"lan": "snv", "thu": "stc", "minh": "tamky"}  # of Hội An nobody has joined
OTHERS = (
    ("hai", "stc", "head"),
    ("ha", "snv", "office"),
    ("bao", "vpubnd", "office"),
    ("phuc", "vpubnd", "manager"),
)
DUES = ("30/09/2022", "07/10/2022", "21/10/2022")
ONCE = """
  - id: R3
    title: Kế hoạch khắc phục tồn tại
    owners: [snv, stc, tamky, hoian]
    due: {due}
"""
WEEKLY = """
  - id: B1
    title: Giao ban tiến độ hằng tuần
    owners: [snv, stc]
    due: {every: week, on: thứ sáu}
    review: none
"""


def plan(*, due: str, weekly: bool) -> str:
    """Return the plan with its one-off task due on a day, and with or without its weekly one."""
    return SMALL_PLAN + ONCE.replace("{due}", due) + (WEEKLY if weekly else "")


@dataclass(frozen=True, slots=True)
class Arrival:
    """A message that somebody has, and when it came."""

    chat_id: str
    out: Out
    at: datetime


@dataclass
class Line(ShakyChannel):
    """Ends each sending as the script says, then well; `delivers` is whether what is cut was there already."""

    script: deque[tuple[Failure, bool]] = field(default_factory=deque)
    came: list[Arrival] = field(default_factory=list)
    world: Any = None

    async def send(self, chat_id: str, out: Out, **gate: Any) -> Sent:
        failure, delivers = self.script.popleft() if self.script else (None, True)
        if delivers:
            self.came.append(Arrival(chat_id, out, self.world.clock.now()))
        if failure is not None:
            raise SendError(failure, "as the script says")
        return await self.inner.send(chat_id, out, **gate)


@dataclass
class Office(ShakyWorld):
    """A world on such a line."""

    script: deque[tuple[Failure, bool]] = field(default_factory=deque)
    came: list[Arrival] = field(default_factory=list)

    def line(self) -> ShakyChannel:
        return Line(self.house.local, None, self.arrived, self.script, self.came, self)

    async def opens(self) -> None:
        """Let everybody join and the first tick run."""
        for who, unit in FOCALS.items():
            await self.joins(who, unit=unit, role="focal")
        for who, unit, role in OTHERS:
            await self.joins(who, unit=unit, role=role)
        await self.works()

    @property
    def calendar(self) -> Calendar:
        """Return the working days and hours that count."""
        return self.house.calendar

    async def joins_once_more(self, who: str, *, unit: str, role: str) -> None:
        """Let somebody in who was in before, whatever still waits for them to hear."""
        code = invites.new_code()

        def invite(tx: Tx) -> None:
            invites.create(tx, code=code, unit=unit, role=Role(role), name=who, now=self.clock.now(), days=7)

        self.store.write(invite)
        await self.says(who, code)

    def deliver(self) -> Awaitable[None]:
        """Send what waits."""
        return self._settle()
