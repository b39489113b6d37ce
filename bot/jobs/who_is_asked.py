"""Who is asked about a unit's tasks: its focal points, or its heads while no focal point can be reached."""

from dataclasses import dataclass

from bot.domain.plan import Role
from bot.store import Tx, contacts
from bot.store.contacts import Addressee


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """The people asked for a unit, each in one chat. `is_instead`: heads, because no focal point can be reached."""

    people: tuple[Addressee, ...] = ()
    is_instead: bool = False


class WhoIsAsked:
    """Everybody who may be asked, by unit, as one transaction sees it."""

    def __init__(self, tx: Tx) -> None:
        self._focals = contacts.addressees(tx, Role.FOCAL)
        self._heads = contacts.addressees(tx, Role.HEAD)

    def of(self, unit: str) -> Asked:
        """Return who is asked for a unit; nobody where neither a focal point nor a head can be reached."""
        if unit in self._focals:
            return Asked(people=self._focals[unit])
        return Asked(people=self._heads.get(unit, ()), is_instead=True)
