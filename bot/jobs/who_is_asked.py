"""Who is asked about a unit's tasks: its focal points, or its heads while no focal point can be reached.

Of a unit that has ended these are the people of whoever carries on for it.
"""

from dataclasses import dataclass
from datetime import date

from bot.domain.heirs import holder
from bot.domain.plan import Plan, Role
from bot.store import Tx, contacts
from bot.store.contacts import Addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The people asked for a unit, each in one chat. `is_instead`: heads, because no focal point can be reached."""

    people: tuple[Addressee, ...] = ()
    is_instead: bool = False


class WhoIsAsked:
    """Everybody who may be asked on a local day, by unit, as one transaction sees it."""

    def __init__(self, tx: Tx, *, plan: Plan, on: date) -> None:
        self._plan = plan
        self._on = on
        self._focals = contacts.addressees(tx, Role.FOCAL)
        self._heads = contacts.addressees(tx, Role.HEAD)

    def of(self, unit: str) -> Asked:
        """Return who is asked for a unit; nobody where neither a focal point nor a head can be reached."""
        unit = self.holder(unit)
        if unit in self._focals:
            return Asked(people=self._focals[unit])
        return Asked(people=self._heads.get(unit, ()), is_instead=True)

    def heads_of(self, unit: str) -> tuple[Addressee, ...]:
        """Return the heads who hear of what is late in a unit."""
        return self._heads.get(self.holder(unit), ())

    def holder(self, unit: str) -> str:
        """Return the unit that answers for another: itself while it lives."""
        return holder(self._plan, unit, self._on)
